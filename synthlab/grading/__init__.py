"""Grading of a class: a normal nbgrader course, its results and its report.

nbgrader stays the gradebook. Everything here works on a folder that nbgrader's own commands,
formgrader and exporters understand; what is added is inspection before grading, repair of
damaged cells through nbgrader's own plug-in point, and reasons that a person can read.
"""
