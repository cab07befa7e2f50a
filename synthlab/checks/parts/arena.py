"""Two networks on the learner's side that a check plays the game with.

Used by every check of a step of the game: each judges a step by what it did to the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthlab.checks.parts.game import State
from synthlab.checks.parts.steps import PLAIN, Player, Rule

#: "generator" and "discriminator" on the learner's side.
Arena = Mapping[str, Player]


def arena(student: Any, state: State, rule: Rule = PLAIN) -> Arena:
    """Both networks in a state, each with an optimizer of its own."""
    of_generator, of_discriminator = state.kinds
    return {
        "generator": Player(student, state.generator, of_generator, rule),
        "discriminator": Player(student, state.discriminator, of_discriminator, rule, critic=True),
    }


def nets(players: Arena) -> tuple[Any, Any]:
    """Generator and discriminator, as a step takes them."""
    return players["generator"].module, players["discriminator"].module


def state(players: Arena) -> State:
    """Both networks' parameters now; see `Look.at`."""
    G, D = players["generator"], players["discriminator"]
    return State(G.look().parameters, D.look().parameters, (G.kind, D.kind))
