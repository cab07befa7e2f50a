"""TruthExplorer: a density, a model of it, and the entropy floor between them."""

from synthlab_widgets.truth_explorer.widget import TruthExplorer

__all__ = ["TruthExplorer"]
