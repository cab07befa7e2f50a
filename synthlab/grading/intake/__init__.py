"""Intake: what a student handed in is found, read within bounds, and repaired once."""
