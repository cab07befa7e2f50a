"""All attacks, by id."""

from __future__ import annotations

from .attack import Attack
from .escape import ESCAPES
from .exhaustion import EXHAUSTION
from .forged import FORGED
from .late import LATE
from .lying import LYING
from .network import NETWORKS
from .patched import PATCHED
from .reading import READING
from .shown import SHOWN
from .tampering import TAMPERING
from .writing import WRITING

FAMILIES: dict[str, list[Attack]] = {
    "forged verdicts": FORGED,
    "lying objects": LYING,
    "patched and shadowed modules": PATCHED,
    "reading": READING,
    "writing outside": WRITING,
    "network": NETWORKS,
    "escape": ESCAPES,
    "exhaustion": EXHAUSTION,
    "tampering": TAMPERING,
    "shown to the instructor": SHOWN,
    "late threads and signals": LATE,
}

ATTACKS: dict[str, Attack] = {
    attack.id: attack for family in FAMILIES.values() for attack in family
}
