"""Helper code that runs beside the learner's: torch, numpy and the standard library alone.

A harness builds what a check needs on the learner's side (a network, an optimizer). Its source
is sent there, into a sandbox too, so it never imports synthlab, which holds the answers. It is
trusted for convenience, never for a verdict.
"""
