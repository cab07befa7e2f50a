"""An attack: a notebook, what it deserves, the defence that it meets, how it succeeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .runner import Outcome
    from .scene import Scene

#: The question that every honest part answers, and its points.
HONEST = {"gan.discriminator_loss": 2.0}
#: The question that most attacks forge, and its points.
TARGET, PRIZE = "gan.generator_loss", 3.0


@dataclass(frozen=True)
class Off:
    """A defence, and how it is switched off.

    Attributes:
        walls: Walls that are left out.
        shown: What the sandbox then shows of this machine, read-only; see `Scene.words`.
        writable: The same, writable.
        limits: Limits that are raised, a little.
        patches: Bounds of the judge's by dotted name, each with a value for one run.
        in_kernel: Check cells run in the kernel, as in stock nbgrader.
        stock: The check cell of a question as an instructor writes it for stock nbgrader.
        repaired: Whether the notebook is put right before it is judged.
        neutral: Whether the notebook is made harmless before it is shown.
        seed: A seed that the attack knows.
    """

    walls: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    patches: Mapping[str, Any] = field(default_factory=dict)
    in_kernel: bool = False
    stock: Mapping[str, str] = field(default_factory=dict)
    repaired: bool = True
    neutral: bool = True
    seed: int | None = None


@dataclass(frozen=True)
class Attack:
    """One hostile notebook.

    Code may hold words in the form ``@NAME@``, which stand for what the scene made.

    Attributes:
        id: Its name.
        mechanism: How it works, in one line.
        tries: What it is after.
        defence: What keeps it from that.
        off: How the defence is switched off.
        succeeded: Whether it got what it is after, seen from outside.
        cells: Code cells behind the exercise's first code cell.
        answers: Answers by question, beside the honest ones; a function makes one late.
        files: Files beside the notebook; a value ``"-> path"`` is a symbolic link.
        edit: Changes the notebook as its student would, with an editor.
        made: What the scene must make for it, by the names of its methods.
        limits: Limits in both runs; lower ones keep an attack small.
        patches: Bounds of the judge's in both runs, as in `Off`.
        deserves: Points by question; the others deserve none.
        page: Whether the attack is in the page that an instructor sees.
        root_only: Where the grader is not root, the system itself refuses it.
    """

    id: str
    mechanism: str
    tries: str
    defence: str
    off: Off
    succeeded: Callable[[Outcome, Scene], bool]
    cells: tuple[str, ...] = ()
    answers: Mapping[str, str | Callable[[], str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    edit: Callable[[dict[str, Any]], None] | None = None
    made: tuple[str, ...] = ()
    limits: Mapping[str, float] = field(default_factory=dict)
    patches: Mapping[str, Any] = field(default_factory=dict)
    deserves: Mapping[str, float] = field(default_factory=lambda: HONEST)
    page: bool = False
    root_only: bool = False


def prize(outcome: Outcome, scene: Scene) -> bool:
    """It got points for the question that it did not answer."""
    return (outcome.points.get(TARGET) or 0.0) > 0.0


def canary(outcome: Outcome, scene: Scene) -> bool:
    """It read the secret that only the scene knows."""
    return scene.canary in outcome.shown


def written(outcome: Outcome, scene: Scene) -> bool:
    """Something outside is not as it was."""
    return bool(outcome.changed)


def accepted(outcome: Outcome, scene: Scene) -> bool:
    """A listener of the scene heard from it."""
    return outcome.heard


def says(word: str) -> Callable[[Outcome, Scene], bool]:
    """It could print what it prints only when nothing stopped it."""
    return lambda outcome, scene: word in outcome.printed
