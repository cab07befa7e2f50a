"""Late work: what it costs, as an nbgrader plug-in, and the sentence that says so.

The classroom's ``nbgrader_config.py`` names `LatePolicy` and configures it. nbgrader works the
penalty out when a submission is graded, from the points of that moment. A person who gives
points later would leave it as it was, so the classroom works it out again for the feedback.
"""

from __future__ import annotations

import math
from html import escape
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor
from traitlets import Enum, Float

from synthlab.grading.gradebook.grades import Grades, number
from synthlab.grading.untrusted.markup import box
from synthlab.words import N_, Text, language

_DAY = 86_400


class LatePolicy(LateSubmissionPlugin):  # type: ignore[misc]
    """None, everything, or a share of the points for every day begun."""

    penalty_method = Enum(
        ("none", "zero", "percent"),
        default_value="none",
        help="What late work costs: nothing, all points, or a share of them for every day begun.",
    ).tag(config=True)
    percent_per_day = Float(
        10.0, min=0.0, max=100.0, help="Percent of the points for every day begun."
    ).tag(config=True)
    cap_percent = Float(
        100.0, min=0.0, max=100.0, help="Percent of the points that are taken at most."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """The points to take off, in [0, ``score``]; None for none.

        Args:
            student_id: The student, who makes no difference.
            score: The points of the notebook so far.
            total_seconds_late: Seconds after the deadline and its extensions.
        """
        if self.penalty_method == "none" or total_seconds_late <= 0:
            return None
        points = max(0.0, float(score))
        if self.penalty_method == "zero":
            return points
        return points * self.percent(total_seconds_late) / 100

    def percent(self, seconds: float) -> float:
        """The share of the points that is taken, in percent."""
        return min(self.percent_per_day * days_begun(seconds), self.cap_percent)

    def told(self, seconds: float, penalty: float) -> Text:
        """The rule and what it cost, in a sentence.

        Args:
            seconds: How late the work came.
            penalty: The points that were taken off.
        """
        params = {"points": number(penalty)}
        if self.penalty_method != "percent":
            return Text(
                N_("Handed in after the deadline, which costs all points. Points off: {points}."),
                params,
                domain="cli",
            )
        params["days"] = str(days_begun(seconds))
        params["percent"] = number(self.percent_per_day)
        params["cap"] = number(self.cap_percent)
        return Text(
            N_(
                "Handed in after the deadline. Days begun since then: {days}. Each costs "
                "{percent} % of the points, and all of them {cap} % at most. Points off: {points}."
            ),
            params,
            domain="cli",
        )


def days_begun(seconds: float) -> int:
    """Days that have begun: one second late is one day, 24 h and a second are two.

    >>> days_begun(1), days_begun(86_400), days_begun(86_401)
    (1, 1, 2)
    """
    return math.ceil(seconds / _DAY)


class Late:
    """What a classroom's configuration says of late work.

    Args:
        config: The configuration that nbgrader would load there.
    """

    def __init__(self, config: Any) -> None:
        step = AssignLatePenalties(config=config)
        step.init_plugin()
        self._policy = step.plugin_inst

    def changed(self, student: str, grades: Grades) -> bool:
        """Whether the gradebook takes off something else than the policy would now.

        The policy, the deadline or the points may have changed since.
        """
        now = 0.0
        if grades.seconds_late > 0:
            found = self._policy.late_submission_penalty(student, grades.score, grades.seconds_late)
            now = min(max(0.0, float(found or 0.0)), grades.score)
        return abs(now - grades.penalty) > 1e-6

    def told(self, seconds: float, penalty: float, code: str) -> str:
        """What late work cost, in a language; a plug-in of the instructor's tells points alone.

        Args:
            seconds: How late the work came.
            penalty: The points that were taken off; without any, nothing is told.
            code: The language.
        """
        if penalty <= 0:
            return ""
        if isinstance(self._policy, LatePolicy):
            return self._policy.told(seconds, penalty).render(code)
        off = N_("Late: {n} point off.", "Late: {n} points off.")
        return Text(off, {"n": number(penalty)}, domain="cli").render(code)


class LateNotice(NbGraderPreprocessor):  # type: ignore[misc]
    """Say at the top of the feedback what late work cost; behind ``GetGrades``."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Put a cell before the others where points were taken off."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            submission = gradebook.find_submission(about["assignment"], about["student"])
            late = float(submission.total_seconds_late)
        told = Late(self.config).told(late, float(about["late_penalty"]), language())
        if told:
            make: Any = new_markdown_cell  # untyped
            sentence = box(f"<p><strong>{escape(told)}</strong></p>")
            nb.cells.insert(0, make(sentence, id="late-work"))
        return nb, resources
