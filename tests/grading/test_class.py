"""A class of every kind of submission, graded by us and by nbgrader's own commands."""

from __future__ import annotations

import csv
import json
import os
import re
from pathlib import Path

import pytest

from synthlab.errors import SynthlabError
from synthlab.grading.autograde import grade_class
from synthlab.grading.gradebook.course import Course

FULL = (
    *("good", "arabic", "copied", "no-check", "stray", "warns", "reordered", "retyped", "format-3"),
    *("format-4-2", "sage", "absurd", "misnamed", "one-below", "no-time"),
)
REFUSED = {
    "damaged": "not valid JSON",
    "deep": "not valid JSON",
    "not-a-notebook": "not a Jupyter notebook",
    "foreign": "not a notebook of this course",
    "two-names": "it holds tiny (1).ipynb, tiny (2).ipynb instead",
    "nothing": "holds no notebook",
    "a[1]*?": "for a pattern",
}


@pytest.mark.parametrize("student", FULL)
def test_all_automatic_points(tiny_class, student):
    result = tiny_class[student]
    assert result.graded
    assert result.points == 2 + 3  # the written answer waits for a person
    assert tiny_class.status(student) == {
        "tiny.double": "correct",
        "tiny.half": "correct",
        "tiny.why": "needs-person",
    }


def test_released_notebook_scores_nothing_and_attempted_nothing(tiny_class):
    assert tiny_class["released"].points == 0
    assert tiny_class.status("released") == {
        "tiny.double": "not-attempted",
        "tiny.half": "not-attempted",
        "tiny.why": "no-response",
    }


def test_reason_names_the_property_with_measured_and_expected(tiny_class):
    half = tiny_class["wrong"].questions[1]
    assert (half.points, half.status, half.failed) == (0, "incorrect", "value")
    assert re.fullmatch(r"The value is right\. Measured \S+, expected \S+ .*", half.reason)


def test_an_answer_cell_that_stopped_is_the_reason(tiny_class):
    half = tiny_class["raises"].questions[1]
    assert (half.points, half.status) == (0, "not-attempted")
    assert half.reason.startswith("The answer cell stopped with ModuleNotFoundError")
    assert tiny_class["raises"].points == 2


def test_a_kernel_that_ends_costs_its_question_and_says_so(tiny_class):
    half = tiny_class["leaves"].questions[1]
    assert (half.points, half.status) == (0, "not-attempted")
    assert half.reason.startswith("The kernel ended while this ran")
    assert tiny_class["leaves"].points == 2


@pytest.mark.parametrize(("student", "sentence"), REFUSED.items())
def test_refused_with_the_reason(tiny_class, student, sentence):
    result = tiny_class[student]
    assert not result.graded
    assert sentence in result.problem
    assert result.problem.count("\n") == 0


@pytest.mark.parametrize(
    ("student", "note"),
    [
        ("copied", "more than once, and the last copy counts: answer-tiny-double, check-tiny-d"),
        ("no-check", "A check cell was missing and was put back: check-tiny-double."),
        ("no-pair", "put back as it was released: answer-tiny-double."),
        ("edited", "A check cell was changed and its own text was put back: check-tiny-half."),
        ("reordered", "stood elsewhere and was put back in its order: "),
        ("retyped", "another type and was given its own back: answer-tiny-double, check-tiny-half"),
        ("format-3", "had the old format 3.0 and was converted."),
        ("format-4-2", "had the old format 4.2 and was converted."),
        ("sage", "named the kernel sagemath; it was graded with Python."),
        ("absurd", "Metadata that no notebook may hold was left out."),
        ("pasted", "was known by what it holds: answer-tiny-double, check-tiny-double, "),
        ("misnamed", "was called tiny (1).ipynb; it was graded as tiny.ipynb."),
        ("one-below", "was called work/tiny-amal.ipynb; it was graded as tiny.ipynb."),
        ("no-time", "timestamp.txt holds no time, so the submission counts as handed in on time."),
    ],
)
def test_what_was_put_right_is_told(tiny_class, student, note):
    assert any(note in told for told in tiny_class[student].notes)


def test_pasted_code_counts_and_the_written_answer_is_missed(tiny_class):
    assert tiny_class["pasted"].points == 5
    assert tiny_class.status("pasted")["tiny.why"] == "no-response"


def test_what_was_handed_in_stays_as_it_was(tiny_class):
    folder = tiny_class.root / "submitted" / "misnamed" / "tiny"
    assert [p.name for p in folder.iterdir()] == ["tiny (1).ipynb"]
    left = [p.name for p in (tiny_class.root / ".grading").iterdir()]
    assert not [name for name in left if name.startswith("prepared-")]
    graded = tiny_class.root / "autograded" / "one-below" / "tiny"
    assert [p.name for p in graded.iterdir()] == ["tiny.ipynb"]


def test_a_missing_pair_costs_that_question_alone(tiny_class):
    assert tiny_class["no-pair"].points == 3
    assert tiny_class.status("no-pair")["tiny.double"] == "not-attempted"


def test_changed_points_and_source_of_a_check_gain_nothing(tiny_class):
    assert tiny_class["edited"].points == 0
    assert [q.maximum for q in tiny_class["edited"].questions] == [2, 3, 4]


def test_a_notebook_without_its_cells_is_restored_by_its_unit(tiny_class):
    assert tiny_class["no-cells"].points == 0
    assert set(tiny_class.status("no-cells").values()) == {"not-attempted", "no-response"}


def test_students_are_in_order(tiny_class):
    students = [s.student for s in tiny_class.result.submissions]
    assert students == sorted(students)


def test_stock_autograde_gives_the_same_scores(tiny_class, stock_class):
    ours, stock = _scores(tiny_class.root), _scores(stock_class)
    assert stock == {student: ours[student] for student in stock}
    assert len(stock) == 6
    assert stock["good"] == 5


def test_stock_feedback_and_export_work(stock_class, nbgrader_command):
    made = nbgrader_command(stock_class, "generate_feedback", "tiny", "--student", "wrong")
    assert made.returncode == 0, made.stderr
    page = (stock_class / "feedback" / "wrong" / "tiny" / "tiny.html").read_text(encoding="utf-8")
    assert "(Score: 0.0 / 3.0)" in page
    made = nbgrader_command(stock_class, "export")
    assert made.returncode == 0, made.stderr
    with (stock_class / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows["good"]["score"]) == 5
    assert float(rows["good"]["max_score"]) == 9


def test_stock_db_knows_the_assignment_and_the_students(stock_class, nbgrader_command):
    assert "tiny" in nbgrader_command(stock_class, "db", "assignment", "list").stdout
    assert "good" in nbgrader_command(stock_class, "db", "student", "list").stdout


def test_grading_leaves_environment_and_folder_alone(tiny_class, grade_tiny):
    environment, folder = dict(os.environ), Path.cwd()
    grade_tiny(tiny_class.root, ["leaves"], force=True)
    assert dict(os.environ) == environment  # nbgrader leaves NBGRADER_EXECUTION behind
    assert Path.cwd() == folder


def test_a_persons_points_count(tiny_class, grade_tiny):
    course = Course.open(tiny_class.root)
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("written-tiny-why", "tiny", "tiny", "arabic")
        grade.manual_score = 3.5
        gradebook.db.commit()
    (again,) = grade_tiny(tiny_class.root, ["arabic"]).submissions
    assert again.points == 5 + 3.5
    assert again.questions[2].status == "graded"


def test_results_are_plain_data(tiny_class):
    data = json.loads(json.dumps(tiny_class.result.to_dict()))
    assert data["maximum"] == 9
    assert data["sandboxed"] is True
    rows = {row["student"]: row for row in data["submissions"]}
    assert rows["damaged"]["points"] is None
    assert rows["good"]["points"] == 5


@pytest.mark.parametrize(
    ("assignment", "students", "sentence"),
    [
        ("tinny", None, "Did you mean 'tiny'"),
        ("tiny", ["goood"], "Did you mean 'good'"),
    ],
)
def test_unknown_names_get_the_nearest(tiny_class, tiny, assignment, students, sentence):
    with pytest.raises(SynthlabError, match=sentence):
        grade_class(tiny_class.root, assignment, students)


def test_no_classroom_and_no_submissions(tmp_path, tiny):
    from synthlab.grading.gradebook.classroom import make_classroom

    with pytest.raises(SynthlabError, match="not a classroom"):
        grade_class(tmp_path, "tiny")
    make_classroom(tmp_path / "empty")
    with pytest.raises(SynthlabError, match="Nobody has handed in 'tiny'"):
        grade_class(tmp_path / "empty", "tiny")


def _scores(room: Path) -> dict[str, float]:
    with Course.open(room).gradebook() as gradebook:
        return {s.student.id: float(s.score) for s in gradebook.assignment_submissions("tiny")}
