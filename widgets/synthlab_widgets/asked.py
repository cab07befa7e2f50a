"""Questions in a lesson whose answers are kept in the learner's progress: what both kinds share.

What is right, and what came out, stays in the kernel until the learner has answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import traitlets

from synthlab import quiz
from synthlab.errors import SynthlabError, unknown
from synthlab.progress import allowed, of_folder
from synthlab_widgets.page import PageWidget, chosen


class Asked(PageWidget):
    """A question of a lesson on the page.

    Args:
        name: The id of its block in the lesson.
        kinds: The kinds that this widget shows.
        language: ``"en"`` or ``"ar"``; None for the reader's language.

    Raises:
        SynthlabError: When there is no such block, or it is of another kind.
    """

    item = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, name: str, kinds: Sequence[str], language: str | None) -> None:
        self._item = quiz.find(name)
        if self._item.kind not in kinds:
            raise unknown(
                "This widget asks nothing of the kind {name} ({item}).",
                self._item.kind,
                kinds,
                item=name,
            )
        self._answer: Any = None
        kept = of_folder()
        if kept is not None:
            before = kept.read().answers.get(name)
            self._restore(before.value if before else None)
        code = chosen(language)
        super().__init__(code, item=self._visible(code))
        self._publish()
        self.on_msg(self._hear)

    def __repr__(self) -> str:
        """The question, for a page that cannot show the widget, such as an exported one."""
        return str(self.item["ask"])

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
                "{value!r} is no answer to {item!r} ({kind}).",
                value=value,
                item=self._item.id,
                kind=self._item.kind,
            ) from None
        kept = of_folder() if allowed() else None
        problem = None
        if kept is not None:
            right = quiz.judge(self._item, self._answer).right
            try:
                kept.answered(self._item.id, self._answer, right)
            except SynthlabError as error:  # the answer counts on the page all the same
                problem = str(error)
        self._publish(problem)

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
                self._publish(str(error))

    def _publish(self, problem: str | None = None) -> None:
        self.state = {"answer": self._answer, "problem": problem, **self._verdict()}

    def _verdict(self) -> dict[str, Any]:
        raise NotImplementedError

    def _visible(self, code: str) -> dict[str, Any]:
        """What the page gets of the block: nothing that gives the answer away."""
        item = self._item
        visible = {
            k: item.data[k] for k in ("low", "high", "step", "bottom", "top") if k in item.data
        }
        for key in ("ask", "x", "y"):
            if key in item.data:
                visible[key] = quiz.say(item, item.data[key], code)
        visible["options"] = [quiz.say(item, option["text"], code) for option in item.options]
        return {"id": item.id, "kind": item.kind, "points": quiz.POINTS, **visible}
