"""An interrupted run goes on where it was: nothing is judged twice, nothing is lost."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from synthlab.errors import SynthlabError
from synthlab.grading import autograde
from synthlab.grading.autograde import grade_class
from synthlab.grading.gradebook.course import Course, one_transaction
from synthlab.grading.gradebook.ledger import FOLDER
from synthlab.grading.judging import pool

SCRIPT = Path(__file__).with_name("grade_tiny_course.py")
CLASS = ("good", "released", "wrong", "raises", "warns", "edited")


@pytest.fixture
def new_room(handed_in, new_class, tmp_path):
    """Makes a class of six that nobody has graded yet."""

    def make(name: str) -> Path:
        room = Path(shutil.copytree(new_class, tmp_path / name))
        for student in CLASS:
            shutil.copytree(handed_in / "submitted" / student, room / "submitted" / student)
        return room

    return make


@pytest.fixture
def room(new_room):
    """A class of six that nobody has graded yet."""
    return new_room("class")


@pytest.fixture(scope="module")
def expected(handed_in, new_class, tiny_files, tmp_path_factory):
    """The gradebook of an uninterrupted run."""
    room = Path(shutil.copytree(new_class, tmp_path_factory.mktemp("whole") / "class"))
    for student in CLASS:
        shutil.copytree(handed_in / "submitted" / student, room / "submitted" / student)
    grade_all(tiny_files, room)
    return book(room)


def grade_all(files: Path, room: Path) -> list[str]:
    """Grade in a process of its own, to the end."""
    command = [sys.executable, str(SCRIPT), str(files), str(room)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def book(room: Path) -> list[tuple[object, ...]]:
    """All that a gradebook says, without its own random ids."""
    with sqlite3.connect(room / "gradebook.db") as db:
        grades = """
            SELECT a.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade
            FROM grade g JOIN submitted_notebook n ON g.notebook_id = n.id
            JOIN submitted_assignment a ON n.assignment_id = a.id
            JOIN base_cell c ON g.cell_id = c.id"""
        comments = """
            SELECT a.student_id, c.name, m.auto_comment, m.manual_comment, 'comment'
            FROM comment m JOIN submitted_notebook n ON m.notebook_id = n.id
            JOIN submitted_assignment a ON n.assignment_id = a.id
            JOIN base_cell c ON m.cell_id = c.id"""
        rows = [*db.execute(grades), *db.execute(comments)]
    return sorted(rows, key=repr)


def check_that_nobody_is_half_written(room: Path, expected: list[tuple[object, ...]]) -> None:
    """Everybody has what an uninterrupted run gives them, or nothing at all."""
    found = book(room)
    for student in {row[0] for row in found}:
        assert [r for r in found if r[0] == student] == [r for r in expected if r[0] == student]


@pytest.mark.parametrize("kills", [4, pytest.param(20, marks=pytest.mark.full)])
def test_killed_at_random_moments_it_ends_with_the_same_gradebook(
    new_room, tiny_files, expected, kills
):
    """A class that is graded in spite of the kills is followed by a new one."""
    chance = random.Random(0)
    room, number, judged = new_room("class-0"), 0, {}
    for _ in range(kills):
        if len(ledger_of(room)) == len(CLASS):
            check_that_the_end_is_the_same(room, tiny_files, expected)
            number += 1
            room, judged = new_room(f"class-{number}"), {}
        run = subprocess.Popen(
            [sys.executable, SCRIPT, tiny_files, room],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if chance.random() < 0.5:
            run.stdout.readline()  # the first result
            time.sleep(chance.uniform(0, 1.0))
        else:
            time.sleep(chance.uniform(0, 3.0))
        assert run.poll() is None or not run.returncode, "it fell without a kill"
        run.send_signal(signal.SIGKILL)
        run.communicate()
        check_that_nobody_is_half_written(room, expected)
        for path in ledger_of(room):
            seconds = json.loads(path.read_text())["entry"]["judged"]["seconds"]
            assert judged.setdefault(path.name, seconds) == seconds, "judged twice"
    check_that_the_end_is_the_same(room, tiny_files, expected)


def ledger_of(room: Path) -> list[Path]:
    """The records of what was judged."""
    return list((room / FOLDER / "tiny").glob("*.json"))


def check_that_the_end_is_the_same(
    room: Path, files: Path, expected: list[tuple[object, ...]]
) -> None:
    """One run without a kill, and the gradebook is that of an uninterrupted run."""
    assert sorted(grade_all(files, room)) == sorted(CLASS)
    assert book(room) == expected


class PowerCut(BaseException):
    """The end, between two operations."""


def test_a_power_cut_between_any_two_writes_loses_nothing(room, grade_tiny, expected, monkeypatch):
    """Every run is cut one write later than the one before, until one comes through."""
    from synthlab.grading.gradebook import course, ledger

    write, begin = ledger.write_atomically, course.one_transaction
    left = [0]

    def spend() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise PowerCut

    def cut_write(path: Path, text: str) -> None:
        spend()
        write(path, text)
        spend()

    def cut_transaction(url: str):
        from contextlib import contextmanager

        @contextmanager
        def cut():
            with begin(url):
                yield
                spend()  # everything is written, nothing is committed

        return cut()

    monkeypatch.setattr(ledger, "write_atomically", cut_write)
    monkeypatch.setattr(course, "one_transaction", cut_transaction)
    cuts = 0
    while True:
        left[0] = cuts % 6
        try:
            grade_tiny(room)
            break
        except PowerCut:
            cuts += 1
            check_that_nobody_is_half_written(room, expected)
    assert cuts >= len(CLASS)
    assert book(room) == expected


def test_a_transaction_is_all_or_nothing(room):
    from nbgrader.api import Gradebook

    url = Course.open(room)._coursedir().db_url

    def add_zoe_and_fail() -> None:
        with one_transaction(url):
            with Gradebook(url) as gradebook:
                gradebook.update_or_create_student("zoe")  # commits
            raise PowerCut

    with pytest.raises(PowerCut):
        add_zoe_and_fail()
    with Gradebook(url) as gradebook:
        assert "zoe" not in [s.id for s in gradebook.students]
    with one_transaction(url), Gradebook(url) as gradebook:
        gradebook.update_or_create_student("zoe")
    with Gradebook(url) as gradebook:
        assert "zoe" in [s.id for s in gradebook.students]


def test_unchanged_is_not_judged_again_but_changed_and_forced_is(room, grade_tiny):
    seen: list[str] = []
    make = pool.here

    def counting(unit: str, sandboxed: bool, jobs: int):
        inner = make(unit, sandboxed, jobs)
        submit = inner.submit
        inner.submit = lambda fn, job: (seen.append(job["notebook"]), submit(fn, job))[1]
        return inner

    first = grade_class(room, "tiny", executor=counting)
    assert len(seen) == len(CLASS)
    again = grade_class(room, "tiny", executor=counting)
    assert len(seen) == len(CLASS)
    assert again == first
    path = room / "submitted" / "good" / "tiny" / "tiny.ipynb"
    path.write_text(path.read_text().replace("x / 2", "0.5 * x"))
    third = grade_class(room, "tiny", executor=counting)
    assert len(seen) == len(CLASS) + 1
    assert [s.points for s in third.submissions] == [s.points for s in first.submissions]
    grade_class(room, "tiny", ["good"], executor=counting, force=True)
    assert len(seen) == len(CLASS) + 2


def test_what_is_known_by_its_key_is_not_looked_at_again(room, grade_tiny, monkeypatch):
    first = grade_tiny(room)

    def take_in(folder: Path, *about: object) -> None:
        raise AssertionError(f"{folder} was looked at again")

    monkeypatch.setattr(autograde, "take_in", take_in)
    assert grade_tiny(room) == first
    path = room / "submitted" / "good" / "tiny" / "tiny.ipynb"
    path.write_text(path.read_text().replace("x / 2", "0.5 * x"))
    with pytest.raises(AssertionError, match="was looked at again"):
        grade_tiny(room)


def test_a_broken_entry_of_the_ledger_is_judged_again(room, grade_tiny):
    first = grade_tiny(room, ["good"])
    (room / FOLDER / "tiny" / "good.json").write_text('{"version": 1, "ent')
    again = grade_tiny(room, ["good"])
    assert again.submissions[0].points == first.submissions[0].points == 5


class Dies(pool.futures.Executor):
    """A pool whose worker ends with every job of certain students."""

    def __init__(self, victims: dict[str, int]) -> None:
        self.victims = victims

    def submit(self, fn, job):
        from concurrent.futures.process import BrokenProcessPool

        future: pool.futures.Future = pool.futures.Future()
        student = Path(job["submission"]).parent.name
        if self.victims.get(student, 0) > 0:
            self.victims[student] -= 1
            future.set_exception(BrokenProcessPool("a worker ended"))
        else:
            future.set_result(fn(job))
        return future


@pytest.mark.parametrize(("ends", "graded"), [(1, True), (2, False)])
def test_a_worker_that_ends_costs_nobody_else_anything(room, tiny, ends, graded):
    victims = {"wrong": ends}
    result = grade_class(room, "tiny", executor=lambda *_: Dies(victims))
    by_name = {s.student: s for s in result.submissions}
    assert by_name["good"].points == 5
    assert by_name["wrong"].graded is graded
    if not graded:
        assert "could not be judged: its judge ended twice" in by_name["wrong"].problem


def test_a_job_that_cannot_be_made_stops_nobody():
    def job(sentence: str):
        def make():
            raise SynthlabError(sentence)

        return make

    todo = [("a", job("one")), ("b", job("two"))]
    done = dict(pool.judge_all(todo, "gan", executor=pool.here))
    assert {name: str(error) for name, error in done.items()} == {"a": "one", "b": "two"}
