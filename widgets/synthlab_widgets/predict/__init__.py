"""Predict: a prediction that is committed before its result is shown."""

from synthlab_widgets.predict.widget import Predict

__all__ = ["Predict"]
