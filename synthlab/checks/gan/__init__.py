"""The checks of unit ``gan``: "Two networks, one game".

Importing this package registers them; each module holds the questions of one subject.
"""

from synthlab.checks.gan import density, diagnosis, losses, prediction, ring, steps

__all__ = ["density", "diagnosis", "losses", "prediction", "ring", "steps"]
