"""Standing in the course: how far a unit is, what comes next, where a learner resumes."""

from __future__ import annotations

import pytest

from synthlab import cli, manifest
from synthlab.progress import (
    FOLDER,
    Progress,
    Record,
    Standing,
    earned,
    next_step,
    resume,
    standing,
)
from synthlab.progress.show import overview, what_next

COURSE = manifest.load()
UNIT = COURSE.units[0]
AUTOMATIC = [q for q in UNIT.questions if q.automatic]


def solved(*questions):
    record = Record()
    for question in questions:
        record = record.with_question(question.id, best=1.0, checks=1)
    return record


def test_a_unit_is_not_begun_then_begun_then_done():
    assert standing(UNIT, Record()) is Standing.NOT_BEGUN
    assert standing(UNIT, Record(opened={UNIT.lesson_file: "now"})) is Standing.BEGUN
    assert standing(UNIT, solved(AUTOMATIC[0])) is Standing.BEGUN
    # a written answer is a person's to judge: it keeps nobody from being done
    assert standing(UNIT, solved(*AUTOMATIC)) is Standing.DONE


def test_extra_questions_are_nobodys_duty():
    unit = COURSE.unit("mode-collapse")
    needed = [q for q in unit.questions if q.automatic and not q.extra]
    others = [q for u in COURSE.units if u is not unit for q in u.questions]
    assert len(needed) < len([q for q in unit.questions if q.automatic])
    assert standing(unit, solved(*needed)) is Standing.DONE
    assert next_step(COURSE, solved(*needed, *others)) is None


def test_first_the_lesson_then_each_question_in_order():
    first = next_step(COURSE, Record())
    assert first is not None
    assert (first.question, first.notebook) == (None, UNIT.lesson_file)
    record = solved(AUTOMATIC[0], AUTOMATIC[2])
    then = next_step(COURSE, record)
    assert then is not None
    assert (then.question, then.notebook) == (AUTOMATIC[1], UNIT.exercise_file)
    assert next_step(COURSE, solved(*(q for u in COURSE.units for q in u.questions))) is None


def test_points_are_rounded_down_as_a_verdict_rounds_them():
    question = next(q for q in AUTOMATIC if q.points == 3)
    record = Record().with_question(question.id, best=2 / 3 - 1e-6)
    assert earned(question, record) == 1.99
    assert earned(question, solved(question)) == 3.0


@pytest.fixture
def kept(tmp_path):
    (tmp_path / FOLDER).mkdir()
    for name in (UNIT.lesson_file, UNIT.exercise_file):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    return Progress(tmp_path)


def test_a_learner_resumes_where_they_stopped(kept):
    assert resume(COURSE, kept.read(), kept.workspace) == UNIT.lesson_file
    kept.visited(UNIT.exercise_file)
    assert resume(COURSE, kept.read(), kept.workspace) == UNIT.exercise_file


@pytest.mark.parametrize("place", ["exercises/gone.ipynb", "../outside.ipynb"])
def test_a_place_that_is_gone_or_outside_is_not_opened(kept, place):
    (kept.workspace.parent / "outside.ipynb").write_text("{}")
    kept.visited(place)
    assert resume(COURSE, kept.read(), kept.workspace) == UNIT.lesson_file


def test_the_overview_tells_shape_words_and_points():
    record = solved(AUTOMATIC[0]).with_question(AUTOMATIC[1].id, best=0.5, checks=3, hints=2)
    lines = list(overview(COURSE, record, "en"))
    second = AUTOMATIC[1]
    half = f"{second.points / 2:g} of {second.points} points"
    assert lines[0] == f"◐ {UNIT.title} · begun"
    assert lines[1].startswith("  ● ")
    assert lines[2] == f"  ◐ {second.title} · {half}; checks: 3; hints: 2"
    assert what_next(COURSE, record, "en") == (
        f"Next: “{second.title}” ({second.points} points) of “{UNIT.title}” "
        f"in exercises/{UNIT.id}.ipynb."
    )
    assert next(overview(COURSE, record, "ar")).endswith("· بدأ")


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["synthlab", *map(str, arguments)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return end.value.code


def test_the_command_line_shows_and_deletes(kept, monkeypatch, capsys):
    kept.checked(AUTOMATIC[0].id, "correct", 1.0)
    assert run(monkeypatch, "progress", kept.workspace) == 0
    assert f"● {AUTOMATIC[0].title}" in capsys.readouterr().out
    (kept.workspace / "synthlab.toml").write_text('language = "ar"\n')
    monkeypatch.chdir(kept.workspace / "exercises")
    assert run(monkeypatch, "next") == 0
    assert capsys.readouterr().out.startswith("التالي: «")
    assert run(monkeypatch, "progress", "--delete") == 0
    assert not kept.file.exists()
    capsys.readouterr()
    assert run(monkeypatch, "progress", "--json") == 0
    assert '"version": 1' in capsys.readouterr().out


def test_a_folder_that_is_no_workspace_is_told_in_one_sentence(tmp_path, monkeypatch, capsys):
    assert run(monkeypatch, "next", tmp_path) == 1
    assert "is not in a workspace; 'synthlab lab DIRECTORY' makes one." in capsys.readouterr().err
