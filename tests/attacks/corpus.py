"""All attacks, by id."""

from __future__ import annotations

from .attack import Attack
from .forged import FORGED

FAMILIES: dict[str, list[Attack]] = {
    "forged": FORGED,
}

ATTACKS: dict[str, Attack] = {
    attack.id: attack for family in FAMILIES.values() for attack in family
}
