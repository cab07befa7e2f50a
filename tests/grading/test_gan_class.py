"""The demonstration class of the GAN unit: the whole road, with the course's own checks."""

from __future__ import annotations

import copy
import json
import shutil

import pytest
from typer.testing import CliRunner

from synthlab import manifest
from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.source import read_source
from synthlab.checks.verdict import MIMETYPE
from synthlab.errors import SynthlabError
from synthlab.grading.demo import STUDENTS, UNIT, fill, run_demo
from synthlab.grading.gradebook.course import Course
from synthlab.grading.results.report import report_html

#: Students whose notebooks nbgrader's own command grades too: right, wrong, empty.
HONEST = ("amal", "elena", "hugo")


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """The class, but for the two who only cost time here: their answers are others' too."""
    students = [s for s in STUDENTS if s.id not in ("bilal", "chen")]
    return run_demo(tmp_path_factory.mktemp("demo") / "class", students=students)


@pytest.fixture(scope="session")
def students(demo):
    return {s.student: s for s in demo.result.submissions}


@pytest.fixture(scope="session")
def automatic():
    return {q.id: q.points for q in manifest.load().unit("gan").questions if q.automatic}


def _status(submission):
    return {q.question: q.status for q in submission.questions}


def test_right_answers_get_every_automatic_point(students, automatic):
    assert students["amal"].points == sum(automatic.values())
    assert {_status(students["amal"])[q] for q in automatic} == {"correct"}
    assert students["amal"].needs_person


def test_the_released_notebook_gets_nothing_and_attempted_nothing(students, automatic):
    assert students["hugo"].points == 0
    assert {_status(students["hugo"])[q] for q in automatic} == {"not-attempted"}
    assert not students["hugo"].needs_person


@pytest.mark.parametrize(
    ("student", "question", "failed"),
    [
        ("dalia", "gan.discriminator_loss", "value"),
        ("dalia", "gan.generator_loss", "non-saturating"),
        ("elena", "gan.discriminator_loss", "stable"),
        ("elena", "gan.optimal_discriminator", "stable-ratio"),
        ("farid", "gan.training_step", "stays-trainable"),
        ("farid", "gan.ring", "every-mode"),
        ("farid", "gan.diagnosis", "line"),
        ("grace", "gan.training_step", "discriminator-left-alone"),
        ("grace", "gan.ring", "high-quality"),
        ("grace", "gan.diagnosis", "measured"),
    ],
)
def test_a_known_mistake_loses_points_for_its_own_reason(
    students, automatic, student, question, failed
):
    found = next(q for q in students[student].questions if q.question == question)
    assert found.points < automatic[question]
    assert found.failed == failed
    assert found.reason


def test_what_never_ran_says_why(students):
    loss = next(q for q in students["mona"].questions if q.question == "gan.discriminator_loss")
    assert loss.status == "not-attempted"
    assert loss.reason.startswith("The answer cell stopped with ModuleNotFoundError")


def test_noise_on_stderr_costs_no_point(students, automatic):
    expected = ("gan.prediction", "gan.discriminator_loss", "gan.generator_loss")
    assert students["lena"].points == sum(automatic[q] for q in expected)


def test_broken_submissions_are_told_and_stop_nobody(students):
    assert "damaged" in students["iman"].problem
    assert "not a notebook of this course" in students["jonas"].problem
    assert "check-gan-generator_loss" in students["kira"].notes[0]
    assert _status(students["kira"])["gan.generator_loss"] == "correct"
    assert len(students) == len(STUDENTS) - 2
    assert students["mona"].graded


def test_the_demo_names_only_answers_that_the_exercise_has():
    source = read_source(UNIT)
    release = exercise_notebook(UNIT)
    for student in STUDENTS:
        filled = fill(copy.deepcopy(release), student, source)
        changed = sum(
            a.source != b.source for a, b in zip(filled.cells, release.cells, strict=True)
        )
        assert changed == len(student.answers)
    assert len(STUDENTS) >= 12


def test_the_report_stands_in_the_classroom(demo):
    assert demo.report.read_text(encoding="utf-8") == report_html(demo.result)


@pytest.mark.full  # of a tiny course in test_class.py
def test_stock_autograde_gives_the_same_scores(demo, students, nbgrader_command, tmp_path):
    ignored = shutil.ignore_patterns("autograded", "submitted", "gradebook.db")
    room = shutil.copytree(demo.report.parent, tmp_path / "stock", ignore=ignored)
    for student in HONEST:
        shutil.copytree(demo.report.parent / "submitted" / student, room / "submitted" / student)
    for command in (["generate_assignment", "gan", "--force"], ["autograde", "gan"]):
        done = nbgrader_command(room, *command)
        assert done.returncode == 0, done.stderr
    with Course.open(room).gradebook() as gradebook:
        stock = {s.student.id: s.score for s in gradebook.assignment_submissions("gan")}
    assert stock == {student: pytest.approx(students[student].points) for student in HONEST}


def test_autograded_verdicts_are_the_judges_and_keep_the_seed_to_themselves(demo):
    path = Course.open(demo.report.parent).folder("autograded", "amal", "gan") / "gan.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    shown = [
        "".join(output["data"]["text/html"])
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]
    assert len(shown) == 7  # one a check
    assert not any("Do not rely on this verdict" in html for html in shown)
    kept = [
        output["data"][MIMETYPE]
        for cell in cells
        for output in cell.get("outputs", [])
        if MIMETYPE in output.get("data", {})
    ]
    assert [verdict["seed"] for verdict in kept] == [0] * 7


def test_hostile_students_get_what_they_deserve(demo):
    hostile = [(student, result) for student, result in demo.hostile()]
    assert len(hostile) == 6
    for student, result in hostile:
        assert result.points == student.deserves, student.id
    reasons = {s.id: {q.reason for q in r.questions} for s, r in hostile}
    assert any("more memory" in reason for reason in reasons["sami"])
    assert any("The kernel ended" in reason for reason in reasons["rosa"])


def test_a_demo_never_mixes_with_a_real_class(demo, tmp_path):
    room = shutil.copytree(demo.report.parent, tmp_path / "class")
    (room / "submitted" / "somebody" / "gan").mkdir(parents=True)
    with pytest.raises(SynthlabError, match="the work of other students"):
        run_demo(room)


@pytest.mark.full  # the same class in another language
def test_arabic_class(tmp_path):
    made = run_demo(tmp_path / "class", "ar", students=[s for s in STUDENTS if s.id == "dalia"])
    (dalia,) = made.result.submissions
    loss = next(q for q in dalia.questions if q.question == "gan.discriminator_loss")
    assert loss.failed == "value"
    assert any("\u0600" <= letter <= "\u06ff" for letter in loss.reason)
    assert 'lang="ar" dir="rtl"' in made.report.read_text(encoding="utf-8")


def test_command_line(demo, tmp_path):
    import typer

    from synthlab.grading.commands import register

    app = typer.Typer()
    register(app)
    run = CliRunner().invoke
    options = ["--student", "hugo", "--json", str(tmp_path / "r.json")]
    done = run(app, ["grade", str(demo.report.parent), "gan", *options])
    assert done.exit_code == 0, done.output
    assert "0 / 20" in done.output
    (row,) = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["submissions"]
    assert (row["student"], row["points"]) == ("hugo", 0)
    done = run(app, ["classroom", str(demo.report.parent)])
    assert "already" in done.output
