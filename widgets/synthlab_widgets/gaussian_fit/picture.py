"""The chart of the losses, and the picture in words."""

from synthlab_widgets.picture import draw, summary

__all__ = ["draw", "summary"]
