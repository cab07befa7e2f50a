"""GaussianFit: the smallest live widget, and the example of how one is made (docs/widgets.md)."""

from synthlab_widgets.gaussian_fit.widget import GaussianFit

__all__ = ["GaussianFit"]
