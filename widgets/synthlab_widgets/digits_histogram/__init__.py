"""DigitsHistogram: a histogram for each pixel learns digits, and the example of images."""

from synthlab_widgets.digits_histogram.widget import DigitsHistogram

__all__ = ["DigitsHistogram"]
