"""The chart of the losses, and the picture in words."""

from synthlab_widgets.picture import describe, draw

__all__ = ["describe", "draw"]
