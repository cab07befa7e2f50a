"""What holds for every test."""

from __future__ import annotations

import os

# Nets this small are fastest on one thread, and "same seed, same numbers" includes the number of
# threads. Set before torch is imported; kernels and commands that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")
