"""Probe of a check: wrong answers derived from the right one, and those that pass."""
