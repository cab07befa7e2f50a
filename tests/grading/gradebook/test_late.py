"""Late work: what it costs, that a regrade works it out again, and that the student is told."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from traitlets import TraitError
from traitlets.config import Config

from synthlab.grading.gradebook.configuration import CONFIG
from synthlab.grading.gradebook.course import Course
from synthlab.grading.gradebook.late import LatePolicy, days_begun
from synthlab.grading.results.report import report_html

DAY = 86_400


def _policy(**values: object) -> LatePolicy:
    return LatePolicy(config=Config(LatePolicy=values))


@pytest.mark.parametrize(
    ("values", "seconds", "penalty"),
    [
        ({}, DAY, None),
        ({"penalty_method": "none"}, 9 * DAY, None),
        ({"penalty_method": "zero"}, 1, 8.0),
        ({"penalty_method": "zero"}, 0, None),
        ({"penalty_method": "percent"}, 0, None),
        ({"penalty_method": "percent"}, 1, 0.8),
        ({"penalty_method": "percent"}, DAY, 0.8),
        ({"penalty_method": "percent"}, DAY + 1, 1.6),
        ({"penalty_method": "percent", "percent_per_day": 25}, 2 * DAY, 4.0),
        ({"penalty_method": "percent", "cap_percent": 15}, 30 * DAY, 1.2),
        ({"penalty_method": "percent"}, 30 * DAY, 8.0),
    ],
)
def test_what_eight_points_lose(values, seconds, penalty):
    assert _policy(**values).late_submission_penalty("amal", 8.0, seconds) == pytest.approx(penalty)


@given(
    st.sampled_from(["none", "zero", "percent"]),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(-10, 1e6),
    st.floats(0, 1e9),
)
def test_never_more_than_the_points(method, percent, cap, score, seconds):
    policy = _policy(penalty_method=method, percent_per_day=percent, cap_percent=cap)
    penalty = policy.late_submission_penalty("amal", score, seconds)
    assert penalty is None or 0 <= penalty <= max(score, 0)


def test_a_late_second_begins_a_day():
    assert [days_begun(s) for s in (1, DAY, DAY + 1, 2 * DAY)] == [1, 1, 2, 2]


@pytest.mark.parametrize("values", [{"penalty_method": "half"}, {"percent_per_day": 101}])
def test_a_policy_that_makes_no_sense_is_refused(values):
    with pytest.raises(TraitError):
        _policy(**values)


def test_nbgraders_own_setting_still_works():
    config = Config(LateSubmissionPlugin={"penalty_method": "zero"})
    assert LatePolicy(config=config).late_submission_penalty("amal", 8.0, 5) == 8.0


# -- in a class

TWO_DAYS_LATE = "2026-03-03 00:00:01 UTC"
#: What a classroom of an earlier release calls its steps.
EARLIER = {
    "gradebook.steps.RestoreCells": "repair.RestoreCells",
    "gradebook.steps.JudgeNotebook": "judge.Judge",
    "gradebook.steps.Neutral": "neutral.preprocessors.Neutral",
    "gradebook.late.Late": "late.Late",
}


@pytest.fixture(params=["ar", pytest.param("en", marks=pytest.mark.full)])
def late_room(request, handed_in, new_class, tiny, tmp_path) -> SimpleNamespace:
    """A class with a deadline, a policy and one submission two days and a second late."""
    room = Path(shutil.copytree(new_class, tmp_path / "class"))
    shutil.copytree(handed_in / "submitted" / "good", room / "submitted" / "good")
    config = (room / CONFIG).read_text(encoding="utf-8")
    for now, earlier in EARLIER.items():
        assert f"synthlab.grading.{now}" in config
        config = config.replace(f"synthlab.grading.{now}", f"synthlab.grading.{earlier}")
    (room / CONFIG).unlink()
    (room / CONFIG).write_text(config, encoding="utf-8")
    settings = room / "synthlab.toml"
    settings.write_text(f'language = "{request.param}"\n', encoding="utf-8")
    (room / "submitted" / "good" / "tiny" / "timestamp.txt").write_text(TWO_DAYS_LATE)
    with Course(room).gradebook() as gradebook:
        gradebook.update_or_create_assignment("tiny", duedate="2026-03-01 00:00:00 UTC")
    _set(room, 'penalty_method = "percent"', "percent_per_day = 10")
    return SimpleNamespace(root=room, language=request.param)


def _set(room: Path, *lines: str) -> None:
    path = room / CONFIG
    path.chmod(0o644)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"\nc.LatePolicy.{line}" for line in lines)


def _penalty(room: Path) -> float:
    with Course(room).gradebook() as gradebook:
        return float(gradebook.find_submission("tiny", "good").late_submission_penalty)


SENTENCE = {
    "en": "Days begun since then: 3. Each costs 10 % of the points, and all of them 100 % at most. "
    "Points off: 1.5.",
    "ar": "1.5",
}


def test_told_in_the_report_and_worked_out_again(late_room, grade_tiny, nbgrader_command):
    room = late_room.root
    result = grade_tiny(room)
    (good,) = result.submissions
    assert (good.penalty, good.points) == (1.5, 3.5)  # three days begun, of 5 points
    assert SENTENCE[late_room.language] in good.late
    assert SENTENCE[late_room.language] in report_html(result)
    assert ("Handed in" in good.late) == (late_room.language == "en")

    # A person gives points: the feedback takes its share of them, too, and says so.
    with Course(room).gradebook() as gradebook:
        gradebook.find_grade("written-tiny-why", "tiny", "tiny", "good").manual_score = 4
        gradebook.db.commit()
    made = nbgrader_command(room, "generate_feedback", "tiny")
    assert made.returncode == 0, made.stderr
    page = (room / "feedback" / "good" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert _penalty(room) == pytest.approx(2.7)
    assert "(Score: 6.3 / 9.0)" in page
    assert SENTENCE[late_room.language].replace("1.5", "2.7") in page
    assert good.late.split(".")[0] in page

    # Another policy, and none at all: a regrade forgets what was before (nbgrader's issue 723).
    _set(room, "cap_percent = 20")
    assert grade_tiny(room).submissions[0].penalty == pytest.approx(1.8)
    _set(room, 'penalty_method = "none"')
    (again,) = grade_tiny(room).submissions
    assert (again.penalty, again.late, again.points) == (0, "", 9)
    _set(room, 'penalty_method = "zero"')
    (nothing,) = grade_tiny(room).submissions
    assert (nothing.penalty, nothing.points) == (9, 0)
