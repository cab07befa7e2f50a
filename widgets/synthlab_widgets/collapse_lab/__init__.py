"""CollapseLab: mode collapse caused, measured, and cured, on one seed side by side."""

from synthlab_widgets.collapse_lab.widget import CollapseLab

__all__ = ["CollapseLab"]
