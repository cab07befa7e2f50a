"""Judging: a repaired notebook in, what its questions are worth out; needs no gradebook."""
