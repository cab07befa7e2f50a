"""Predictions and quiz questions: data in a lesson's text, and what an answer is worth.

They stand in ``lesson.md`` as fenced blocks of TOML, which the notebook does not show; a code cell
names one: ``Quiz("gan.logits")``, ``Predict("gan.modes", result)``::

    ```quiz
    id = "gan.logits"
    kind = "single"                      # or "multiple": any number of options is right
    ask = "Why do losses take logits?"
    options = [
      { text = "…", right = true, why = "…" },
      { text = "…", why = "…" },
    ]
    ```

``kind = "ordering"`` lists its options in the right order. ``kind = "numeric"`` has an ``answer``,
a ``tolerance``, ``why`` for a right answer, ``otherwise`` for a wrong one, and perhaps ``known``
wrong ones, each ``{ answer, tolerance, why }``.

A block ``predict`` has the kind ``number`` (``low``, ``high``, ``step``), ``choice`` (``options``
with a ``text``), ``curve`` or ``density`` (``x``, ``y``: labels; ``low``, ``high`` of x; ``top``
and, for a curve, ``bottom`` of y). No prediction is wrong.

Their words are in the unit's catalogue, with the context ``quiz/<id>``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthlab import manifest
from synthlab.blocks import read
from synthlab.errors import SynthlabError, unknown
from synthlab.words import translate

#: Where the messages stand in the unit's catalogue.
PART = "quiz"

QUIZ = ("single", "multiple", "numeric", "ordering")
PREDICT = ("number", "choice", "curve", "density")
#: Points of a sketched curve.
POINTS = 33

_NEEDS: Mapping[str, tuple[str, ...]] = {
    "single": ("options",),
    "multiple": ("options",),
    "ordering": ("options",),
    "choice": ("options",),
    "numeric": ("answer", "tolerance", "why", "otherwise"),
    "number": ("low", "high", "step"),
    "curve": ("x", "y", "low", "high", "bottom", "top"),
    "density": ("x", "y", "low", "high", "top"),
}
_MAY = {"numeric": ("known",)}


@dataclass(frozen=True)
class Item:
    """One prediction or quiz question.

    Attributes:
        id: ``<unit>.<name>``; never changes once published.
        kind: One of `QUIZ` or `PREDICT`.
        data: The block.
    """

    id: str
    kind: str
    data: Mapping[str, Any]

    @property
    def options(self) -> Sequence[Mapping[str, Any]]:
        """What there is to choose from or to order."""
        options: Sequence[Mapping[str, Any]] = self.data.get("options", ())
        return options


@dataclass(frozen=True)
class Feedback:
    """What is said of an answer.

    Attributes:
        right: Whether it is; None for a prediction.
        notes: English sentences; with options, one an option: its explanation, or "" where
            nothing is said of it.
    """

    right: bool | None
    notes: tuple[str, ...]


def blocks(text: str, name: str) -> Iterator[Item]:
    """The blocks of a lesson; ``name`` is what messages call the file.

    Raises:
        SynthlabError: Says what is wrong in which block.
    """
    for fence, data in read(text, name, ("quiz", "predict"), ("id", "kind", "ask")):
        yield _item(fence, data, name)


def _item(fence: str, data: dict[str, Any], name: str) -> Item:
    where = f"{name}, {data['id']!r}"
    kinds = QUIZ if fence == "quiz" else PREDICT
    if data["kind"] not in kinds:
        raise unknown(
            "There is no kind of {fence} called {name} ({where}).",
            data["kind"],
            kinds,
            fence=fence,
            where=where,
        )
    needs = ("id", "kind", "ask", *_NEEDS[data["kind"]])
    for key in needs:
        if key not in data:
            raise SynthlabError("{where} needs the entry {key!r}.", where=where, key=key)
    for key in data:
        if key not in (*needs, *_MAY.get(data["kind"], ())):
            raise unknown("There is no entry called {name} ({where}).", key, needs, where=where)
    item = Item(data["id"], data["kind"], data)
    if "options" in data:
        _check_options(item, where)
    return item


def _check_options(item: Item, where: str) -> None:
    if len(item.options) < 2:
        raise SynthlabError("{where} needs at least two options.", where=where)
    for option in item.options:
        if not isinstance(option.get("text"), str):
            raise SynthlabError("{where}: every option needs a 'text'.", where=where)
        if item.kind in QUIZ and not isinstance(option.get("why"), str):
            raise SynthlabError(
                "{where}: every option needs a 'why', its explanation.", where=where
            )
    right = sum(bool(option.get("right")) for option in item.options)
    if item.kind == "single" and right != 1:
        raise SynthlabError(
            "{where}: exactly one option is 'right = true', not {right}.", where=where, right=right
        )


def of_unit(unit: str) -> dict[str, Item]:
    """The predictions and quiz questions of a unit's lesson, by id."""
    path = manifest.load().unit(unit).lesson
    found = blocks(path.read_text(encoding="utf-8"), path.name)
    return {item.id: item for item in found}


def find(name: str) -> Item:
    """The prediction or quiz question with this id; an unknown one raises with the nearest."""
    items = of_unit(name.split(".", 1)[0])
    if name not in items:
        raise unknown("There is no prediction or quiz question called {name}.", name, items)
    return items[name]


def messages(item: Item) -> Iterator[str]:
    """What there is to translate in a block, in reading order."""
    yield item.data["ask"]
    for option in item.options:
        yield option["text"]
        if "why" in option:
            yield option["why"]
    for key in ("x", "y", "why", "otherwise"):
        if isinstance(item.data.get(key), str):
            yield item.data[key]
    for known in item.data.get("known", ()):
        yield known["why"]


def say(item: Item, message: str, language: str) -> str:
    """One of a block's messages, in a language."""
    return translate(item.id.split(".", 1)[0], message, language, f"{PART}/{item.id}")


def check_answer(item: Item, value: Any) -> Any:
    """The answer as plain data of the right shape.

    Raises:
        ValueError: When it is no answer to this question.
    """
    count = len(item.options)
    if item.kind in ("single", "choice"):
        if type(value) is int and 0 <= value < count:
            return value
    elif item.kind == "multiple":
        if _distinct(value, count):
            return sorted(value)
    elif item.kind == "ordering":
        if _distinct(value, count) and len(value) == count:
            return list(value)
    elif item.kind in ("numeric", "number"):
        if _number(value) and _within(item, value):
            return value
    elif isinstance(value, list) and len(value) == POINTS and all(map(_number, value)):
        low = 0.0 if item.kind == "density" else item.data["bottom"]
        return [min(max(float(v), low), item.data["top"]) for v in value]
    raise ValueError(f"no answer to {item.id}")


def judge(item: Item, value: Any) -> Feedback:
    """What is said of an answer that `check_answer` let through."""
    if item.kind in PREDICT:
        return Feedback(None, ())
    if item.kind == "numeric":
        if abs(value - item.data["answer"]) <= item.data["tolerance"]:
            return Feedback(True, (item.data["why"],))
        for known in item.data.get("known", ()):
            if abs(value - known["answer"]) <= known["tolerance"]:
                return Feedback(False, (known["why"],))
        return Feedback(False, (item.data["otherwise"],))
    whys = [option["why"] for option in item.options]
    if item.kind == "ordering":
        right = value == sorted(value)
        # Explaining every place would give the order away; what is in its place is explained.
        notes = [whys[n] if value[n] == n else "" for n in range(len(whys))]
        return Feedback(right, tuple(notes))
    chosen = [value] if item.kind == "single" else value
    truth = [n for n, option in enumerate(item.options) if option.get("right")]
    return Feedback(chosen == truth, tuple(w if n in chosen else "" for n, w in enumerate(whys)))


def _number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _within(item: Item, value: float) -> bool:
    return item.kind == "numeric" or item.data["low"] <= value <= item.data["high"]


def _distinct(value: Any, count: int) -> bool:
    return (
        isinstance(value, list)
        and all(type(n) is int and 0 <= n < count for n in value)
        and len(set(value)) == len(value)
    )
