"""The file of a learner's progress, also a damaged or newer one."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from synthlab.errors import SynthlabError
from synthlab.progress import FOLDER, Progress, Record, allowed, of_folder

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def kept(tmp_path):
    (tmp_path / FOLDER).mkdir()
    return Progress(tmp_path, now=lambda: NOON)


OPEN = {
    "name": "value",
    "goal": {"msgid": "Goal.", "params": {}, "domain": "checks"},
    "nudge": {"msgid": "Nudge.", "params": {}, "domain": "checks"},
    "method": {"msgid": "Method.", "params": {}, "domain": "checks"},
}


def test_nothing_is_kept_before_something_happens(kept):
    assert kept.read() == Record()
    assert not kept.file.exists()


def test_a_verdict_is_kept_with_its_time_and_the_best_stays(kept):
    kept.checked("gan.ring", "partial", 0.5, OPEN)
    record = kept.checked("gan.ring", "incorrect", 0.25, OPEN)
    tried = record.tried("gan.ring")
    assert (tried.status, tried.score, tried.best, tried.checks) == ("incorrect", 0.25, 0.5, 2)
    assert tried.at == "2026-05-01T12:00:00+00:00"
    assert not tried.solved
    assert kept.checked("gan.ring", "correct", 1.0).tried("gan.ring").solved
    assert kept.read().tried("gan.ring").open is None


def test_the_ladder_goes_on_while_the_same_property_is_open_and_starts_anew_with_another(kept):
    kept.checked("gan.ring", "incorrect", 0, OPEN)
    kept.hinted("gan.ring", 1)
    assert kept.checked("gan.ring", "incorrect", 0, OPEN).tried("gan.ring").hinted == 1
    other = {**OPEN, "name": "finite"}
    tried = kept.checked("gan.ring", "incorrect", 0, other).tried("gan.ring")
    assert (tried.hinted, tried.hints) == (0, 1)


def test_answers_and_places_are_kept(kept):
    kept.answered("gan.modes", [1, 2], right=None)
    kept.answered("gan.modes", 3, right=False)
    kept.visited("lessons/02-gan.ipynb", "lesson-start")
    record = kept.visited("exercises/gan.ipynb")
    assert record.answers["gan.modes"].value == 3
    assert record.answers["gan.modes"].tries == 2
    assert set(record.opened) == {"lessons/02-gan.ipynb", "exercises/gan.ipynb"}
    assert record.place is not None
    assert record.place.notebook == "exercises/gan.ipynb"
    assert kept.read() == record


def test_the_file_is_plain_json_with_a_version(kept):
    kept.checked("gan.ring", "correct", 1.0)
    data = json.loads(kept.file.read_text(encoding="utf-8"))
    assert data["version"] == 1
    assert data["questions"]["gan.ring"]["best"] == 1.0


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", '{"version": "1"}', '{"version": 1, "questions": 3}',
     '{"version": 1, "questions": {"gan.ring": {"colour": 1}}}', "\x00" * 40, "[" * 100_000],
)  # fmt: skip
def test_a_damaged_file_is_moved_aside_and_not_lost(kept, text):
    kept.file.write_text(text)
    assert kept.read() == Record()
    kept.checked("gan.ring", "correct", 1.0)
    assert kept.read().tried("gan.ring").solved
    aside = kept.file.with_name("progress.damaged-20260501T120000.json")
    assert aside.read_text() == text


def test_a_newer_file_is_neither_read_nor_changed(kept):
    kept.file.write_text('{"version": 2}')
    with pytest.raises(SynthlabError, match="newer synthlab"):
        kept.read()
    with pytest.raises(SynthlabError, match="newer synthlab"):
        kept.checked("gan.ring", "correct", 1.0)
    assert kept.file.read_text() == '{"version": 2}'


def test_delete_forgets_everything_and_says_whether_there_was_something(kept):
    kept.visited("lessons/02-gan.ipynb")
    assert kept.delete()
    assert not kept.delete()
    assert kept.read() == Record()


def test_a_workspace_is_found_from_any_folder_inside_it_and_nowhere_else(tmp_path):
    (tmp_path / "my" / FOLDER).mkdir(parents=True)
    inside = tmp_path / "my" / "exercises"
    inside.mkdir()
    found = of_folder(inside)
    assert found is not None
    assert found.workspace == (tmp_path / "my").resolve()
    assert of_folder(tmp_path) is None


@pytest.mark.parametrize("name", ["NBGRADER_EXECUTION", "SYNTHLAB_NO_PROGRESS"])
def test_a_kernel_that_grades_may_not_write(monkeypatch, name):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv("SYNTHLAB_NO_PROGRESS", raising=False)
    assert allowed()
    monkeypatch.setenv(name, "autograde")
    assert not allowed()
