"""``python -m tests.attacks ID…``: judge attacks both ways and print what came of them."""

from __future__ import annotations

import sys

from .corpus import ATTACKS
from .runner import attempt

for name in sys.argv[1:] or ATTACKS:
    for defended in (True, False):
        found = attempt(name, defended)
        shown = found.pop("shown")
        what = "defended" if defended else "undefended"
        sys.stdout.write(f"{name} {what}: {found}\n{shown[:2000]}\n")
