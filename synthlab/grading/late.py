"""The name by which a classroom's ``nbgrader_config.py`` of earlier releases knows a step."""

from synthlab.grading.gradebook.late import LateNotice, LatePolicy

__all__ = ["LateNotice", "LatePolicy"]
