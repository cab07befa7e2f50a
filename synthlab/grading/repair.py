"""The name by which a classroom's ``nbgrader_config.py`` of earlier releases knows a step."""

from synthlab.grading.gradebook.steps import RestoreCells

__all__ = ["RestoreCells"]
