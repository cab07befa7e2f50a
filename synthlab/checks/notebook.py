"""The learner's ``check`` and ``hint``, for the last line of a notebook cell.

nbgrader reads the text/plain of a cell's result as the points of that cell, and takes anything
that is not a plain number for full marks. So a result's text/plain is a decimal in
[0, points], whatever happens, and the verdict stands beside it as HTML.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from synthlab import manifest, progress
from synthlab.checks import render
from synthlab.checks.registry import find
from synthlab.checks.run import evaluate
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.errors import SynthlabError
from synthlab.words import N_, Text, language

#: What stands above a verdict that the process it judges has made.
UNTRUSTED = N_("Computed in the student's own kernel. Do not rely on this verdict.")

#: The grader's seed where nbgrader runs the notebook: other inputs than a learner's own check.
_AUTOGRADE_SEED = 1

# What this kernel has shown: the last verdict of each check, and how far its hints went.
_verdicts: dict[str, Verdict] = {}
_hinted: dict[str, tuple[str, int]] = {}


class CheckResult:
    """What ``check(...)`` shows.

    Attributes:
        points: The points earned, in [0, the question's points].
        verdict: What was found, or None when there was nothing to check.
    """

    def __init__(
        self,
        points: float,
        verdict: Verdict | None,
        problem: Text | None = None,
        note: Text | None = None,
    ) -> None:
        self.points = float(points)
        self.verdict = verdict
        self._problem = problem
        self._note = note

    def __repr__(self) -> str:
        return repr(self.points)

    def __str__(self) -> str:
        if self.verdict is not None:
            return self.verdict.text()
        return self._problem.render() if self._problem else ""

    def __float__(self) -> float:
        return self.points

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {"text/plain": repr(self), "text/html": self._html()}
        if self.verdict is not None:
            bundle[MIMETYPE] = self.verdict.to_dict()
        return bundle

    def _html(self) -> str:
        note = Text(UNTRUSTED) if _autograding() else self._note
        if self.verdict is not None:
            return render.html(self.verdict, note=note)
        return _message(self._problem or Text(""), note)


class Hint:
    """What ``hint(...)`` shows: one or two sentences."""

    def __init__(self, *sentences: Text) -> None:
        self.sentences = sentences

    def __repr__(self) -> str:
        return "\n".join(s.render() for s in self.sentences)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": _message(*self.sentences)}


def check(check_id: str) -> CheckResult:
    """Check your answer to a question, e.g. ``check("gan.discriminator_loss")``.

    Returns:
        A result that shows what is right, what is not, and why.
    """
    try:
        counted = manifest.load().question(find(check_id).id).counted
        seed = _AUTOGRADE_SEED if _autograding() else None
        verdict = evaluate(check_id, _namespace(), seed)
    except SynthlabError as error:
        return CheckResult(0.0, None, error.text)
    _verdicts[check_id] = verdict
    note = _keep(lambda kept: kept.checked(**verdict.kept()))
    return CheckResult(verdict.points(counted), verdict, note=note)


def hint(check_id: str) -> Hint:
    """Get a hint for the first thing that is not right yet; call again for a stronger one."""
    try:
        if check_id not in _verdicts:
            verdict = evaluate(find(check_id).id, _namespace())
            _verdicts[check_id] = verdict
            _keep(lambda kept: kept.checked(**verdict.kept()))
    except SynthlabError as error:
        return Hint(error.text)
    found = _verdicts[check_id].first_open
    if found is None:
        _hinted.pop(check_id, None)
        return Hint(Text(N_("Everything here is right. You need no hint.")))
    name, level = _hinted.get(check_id, ("", -1))
    level = min(level + 1, 1) if name == found.name else 0
    _hinted[check_id] = (found.name, level)
    _keep(lambda kept: kept.hinted(check_id, level + 1))
    if level == 0:
        again = Text(N_("Still stuck? Call `hint` once more for the method."))
        return Hint(found.goal, found.nudge, again)
    return Hint(found.goal, found.method)


def _autograding() -> bool:
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


def _keep(what: Callable[[progress.Progress], object]) -> Text | None:
    """Write into the workspace's progress; returns the sentence on why that was not possible."""
    kept = progress.of_folder() if progress.allowed() else None
    if kept is None:
        return None
    try:
        what(kept)
    except SynthlabError as error:  # a check is worth its verdict without it
        return error.text
    return None


def _message(*sentences: Text | None) -> str:
    code = language()
    body = "".join(render.paragraph(s, code) for s in sentences if s is not None)
    return render.section(body, "synthlab", "message", code)


def _namespace() -> Mapping[str, object]:
    """The names of the notebook, or of the script that runs."""
    if "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
        if shell is not None:
            found: Mapping[str, object] = shell.user_ns
            return found
    return vars(sys.modules["__main__"])
