"""TruthExplorer: a density, a model of it, and the entropy floor between them."""

from synthlab_widgets.truth_explorer.explorer import TruthExplorer

__all__ = ["TruthExplorer"]
