"""Checks of what a right answer satisfies, over black-box observations of the learner's code.

Start with `synthlab.checks.core`, whose docstring shows how a check is written.
"""
