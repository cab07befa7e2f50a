"""Extra points: on top of an assignment's, in the report and in nbgrader's gradebook."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from synthlab import manifest
from synthlab.authoring.exercise import exercise_notebook, grade_id
from synthlab.authoring.notebooks import dumps
from synthlab.authoring.source import read_source
from synthlab.grading.autograde import grade_class
from synthlab.grading.demo import Student, fill
from synthlab.grading.gradebook.classroom import make_classroom
from synthlab.grading.gradebook.course import Course
from synthlab.grading.gradebook.steps import extra_points
from synthlab.grading.judging import pool
from synthlab.grading.results.report import report_html

UNIT = manifest.load().unit("mode-collapse")
EXTRA = [q for q in UNIT.questions if q.extra]
PACKING, NORM = "mode-collapse.packing", "mode-collapse.spectral_norm"
STUDENTS = (
    Student("amal", {PACKING: "answer", **{q.id: "answer" for q in EXTRA}}),
    Student("bilal", {PACKING: "answer", NORM: "constant-sigma"}),
    Student("chen", {PACKING: "answer"}),
)


def hand_in(room):
    source = read_source(UNIT.id)
    for student in STUDENTS:
        folder = room / "submitted" / student.id / UNIT.id
        folder.mkdir(parents=True)
        notebook = fill(exercise_notebook(UNIT.id), student, source)
        (folder / f"{UNIT.id}.ipynb").write_text(dumps(notebook), encoding="utf-8")


def book(room):
    """Each student's score, the assignment's maximum, and the extra credit by cell."""
    with Course.open(room).gradebook() as gradebook:
        found = gradebook.assignment_submissions(UNIT.id)
        return {
            s.student.id: (
                s.score,
                s.max_score,
                {g.name: g.extra_credit for n in s.notebooks for g in n.grades if g.extra_credit},
            )
            for s in found
        }


@pytest.fixture(scope="module")
def room(tmp_path_factory):
    room = make_classroom(tmp_path_factory.mktemp("extra") / "class", units=[UNIT.id]).root
    hand_in(room)
    return room


@pytest.fixture(scope="module")
def result(room):
    return grade_class(room, UNIT.id, executor=pool.here)


@pytest.fixture(scope="module")
def students(result):
    return {s.student: s for s in result.submissions}


def test_extra_points_come_on_top(result, students):
    packing = manifest.load().question(PACKING).points
    assert result.maximum == UNIT.points == 20
    assert students["chen"].points == packing
    assert students["amal"].points == packing + sum(q.points for q in EXTRA)
    part = students["bilal"].points - packing
    assert 0 < part < manifest.load().question(NORM).points


def test_the_gradebook_holds_them_as_extra_credit(room, students):
    found = book(room)
    assert {s: row[:2] for s, row in found.items()} == {
        s: (pytest.approx(students[s].points), 20) for s in students
    }
    assert found["amal"][2] == {grade_id("check", q.id): float(q.points) for q in EXTRA}
    assert list(found["bilal"][2]) == [grade_id("check", NORM)]
    assert found["chen"][2] == {}


def test_a_wrong_one_is_explained_and_one_left_out_is_not_mentioned(students):
    assert NORM in {q.question for q in students["bilal"].lost}
    lost = next(q for q in students["bilal"].lost if q.question == NORM)
    assert (lost.failed, lost.maximum, lost.extra) == ("gradient", 2.0, True)
    for name in ("amal", "chen"):
        told = {q.question for q in students[name].lost}
        told |= {q.question for found in students[name].quiet.values() for q in found}
        assert not told & {q.id for q in EXTRA}


def test_the_report_calls_them_extra(result):
    assert "Spectral normalisation (extra points)" in report_html(result)


def test_nothing_is_graded_anew_when_nothing_changed(room, result):
    assert grade_class(room, UNIT.id, executor=pool.here) == result


@pytest.mark.full  # without extra points in test_class.py
def test_stock_autograde_gives_the_same(room, students, nbgrader_command, tmp_path):
    ignored = shutil.ignore_patterns("autograded", "gradebook.db")
    stock = shutil.copytree(room, tmp_path / "stock", ignore=ignored)
    for command in (["generate_assignment", UNIT.id, "--force"], ["autograde", UNIT.id]):
        done = nbgrader_command(stock, *command)
        assert done.returncode == 0, done.stderr
    assert book(stock) == book(room)


def test_points_of_an_earlier_submission_do_not_stay(room, students, tmp_path):
    later = Path(shutil.copytree(room, tmp_path / "class"))
    file = later / "submitted" / "amal" / UNIT.id / f"{UNIT.id}.ipynb"
    file.write_text(dumps(exercise_notebook(UNIT.id)), encoding="utf-8")
    assert grade_class(later, UNIT.id, ["amal"], executor=pool.here).submissions[0].points == 0
    found = book(later)
    assert (found["amal"][2], found["bilal"]) == ({}, book(room)["bilal"])


def test_a_check_that_was_not_judged_is_worth_nothing():
    nothing = {grade_id("check", q.id): 0.0 for q in EXTRA}
    assert extra_points(exercise_notebook(UNIT.id), {}) == nothing
