"""Predict and Quiz: questions in a lesson whose answers are kept in the learner's progress.

What is right, and what came out, stays in the kernel until the learner has answered.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import anywidget
import numpy as np
import traitlets

from synthlab import quiz
from synthlab.errors import SynthlabError, unknown
from synthlab.progress import allowed, of_folder
from synthlab.words import check_language, direction
from synthlab.words import language as reader_language
from synthlab_widgets.labels import PREDICT, QUIZ, words
from synthlab_widgets.live_widget import asset


class Asked(anywidget.AnyWidget):
    """A question of a lesson on the page.

    Args:
        name: The id of its block in the lesson.
        kinds: The kinds that this widget shows.
        table: The widget's words.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such block, or it is of another kind.
    """

    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    direction = traitlets.Unicode().tag(sync=True)
    item = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(
        self, name: str, kinds: Sequence[str], table: Mapping[str, str], language: str | None
    ) -> None:
        self._item = quiz.find(name)
        if self._item.kind not in kinds:
            raise unknown(
                "This widget asks nothing of the kind {name} ({item}).",
                self._item.kind,
                kinds,
                item=name,
            )
        code = check_language(language) if language is not None else reader_language()
        self._answer: Any = None
        kept = of_folder()
        if kept is not None:
            before = kept.read().answers.get(name)
            self._restore(before.value if before else None)
        given: dict[str, Any] = {
            "words": words(table, code),
            "language": code,
            "direction": direction(code),
            "item": self._shown(code),
        }
        super().__init__(**given)
        self._tell()
        self.on_msg(self._hear)

    @property
    def answer(self) -> Any:
        """What was answered; None before that."""
        return self._answer

    def commit(self, value: Any) -> None:
        """Answer, as the button on the page does.

        Raises:
            SynthlabError: When this is no answer to the question.
        """
        try:
            self._answer = quiz.check_answer(self._item, value)
        except ValueError:
            raise SynthlabError(
                f"{value!r} is no answer to {self._item.id!r} ({self._item.kind})."
            ) from None
        kept = of_folder() if allowed() else None
        problem = None
        if kept is not None:
            right = quiz.judge(self._item, self._answer).right
            try:
                kept.answered(self._item.id, self._answer, right)
            except SynthlabError as error:  # the answer counts on the page all the same
                problem = str(error)
        self._tell(problem)

    def _restore(self, value: Any) -> None:
        try:
            self._answer = None if value is None else quiz.check_answer(self._item, value)
        except ValueError:
            self._answer = None  # the question was another one when this was answered

    def _hear(self, _: Any, content: Any, __: Any) -> None:
        if isinstance(content, Mapping) and "commit" in content:
            try:
                self.commit(content["commit"])
            except SynthlabError as error:
                self._tell(str(error))

    def _tell(self, problem: str | None = None) -> None:
        self.state = {"answer": self._answer, "problem": problem, **self._verdict()}

    def _verdict(self) -> dict[str, Any]:
        raise NotImplementedError

    def _shown(self, code: str) -> dict[str, Any]:
        """What the page gets of the block: nothing that gives the answer away."""
        item = self._item
        shown = {
            k: item.data[k] for k in ("low", "high", "step", "bottom", "top") if k in item.data
        }
        for key in ("ask", "x", "y"):
            if key in item.data:
                shown[key] = quiz.say(item, item.data[key], code)
        shown["options"] = [quiz.say(item, option["text"], code) for option in item.options]
        return {"id": item.id, "kind": item.kind, "points": quiz.POINTS, **shown}


class Quiz(Asked):
    """A quiz question of the lesson: one or several choices, a number, or an order.

    Args:
        name: The id of its block in the lesson, e.g. ``"gan.logits"``.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such question.
    """

    _esm, _css = asset("quiz.js"), asset("quiz.css")

    def __init__(self, name: str, language: str | None = None) -> None:
        super().__init__(name, quiz.QUIZ, QUIZ, language)

    def _verdict(self) -> dict[str, Any]:
        if self._answer is None:
            return {"right": None, "notes": []}
        found = quiz.judge(self._item, self._answer)
        notes = [quiz.say(self._item, note, self.language) for note in found.notes]
        return {"right": found.right, "notes": notes}

    def _shown(self, code: str) -> dict[str, Any]:
        shown = super()._shown(code)
        if self._item.kind == "ordering":
            shown["start"] = _mixed(self._item.id, len(self._item.options))
        return shown


class Predict(Asked):
    """A prediction: committed before the result is shown, then both are laid over each other.

    Args:
        name: The id of its block in the lesson, e.g. ``"gan.modes"``.
        result: What came out: a number, the index of an option, or for a curve or a density its
            values, or a function of x; None while it is not known yet.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such prediction, or the result has another shape.
    """

    _esm, _css = asset("predict.js"), asset("predict.css")

    def __init__(
        self,
        name: str,
        result: float | Sequence[float] | Callable[[Any], Any] | None = None,
        language: str | None = None,
    ) -> None:
        self._result: Any = None
        self._given = result
        super().__init__(name, quiz.PREDICT, PREDICT, language)

    def reveal(self, result: float | Sequence[float] | Callable[[Any], Any]) -> None:
        """Say what came out; it is shown once a prediction was made."""
        self._result = _plain(self._item, result)
        self._tell()

    def _verdict(self) -> dict[str, Any]:
        if self._given is not None:
            self._result, self._given = _plain(self._item, self._given), None
        return {"result": None if self._answer is None else self._result}


def _plain(item: quiz.Item, result: Any) -> Any:
    """The result as plain numbers."""
    if item.kind in ("curve", "density"):
        if callable(result):
            result = result(np.linspace(item.data["low"], item.data["high"], quiz.POINTS))
        values = np.asarray(result, dtype=float)
        if values.shape != (quiz.POINTS,) or not np.isfinite(values).all():
            raise SynthlabError(
                f"The result of {item.id!r} must be {quiz.POINTS} finite values, from x = "
                f"{item.data['low']} to {item.data['high']}, or a function of x."
            )
        return values.tolist()
    value = float(result)
    if item.kind == "choice" and value not in range(len(item.options)):
        raise SynthlabError(f"The result of {item.id!r} must be the index of one of its options.")
    return int(value) if value.is_integer() else value


def _mixed(name: str, count: int) -> list[int]:
    """An order to start from that is not the right one, always the same for a question."""
    order = sorted(range(count), key=lambda n: hashlib.sha256(f"{name}{n}".encode()).digest())
    return order if order != sorted(order) else order[1:] + order[:1]
