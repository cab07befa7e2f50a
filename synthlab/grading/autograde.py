"""``synthlab grade DIR ASSIGNMENT``: grade a class.

Workers judge (`pool`), several submissions at once; this process alone writes the gradebook, by
nbgrader's own steps (`Course.record`), from the repaired notebook. What was judged is kept in the
ledger, so that an interrupted run goes on where it was, and an unchanged submission is not judged
again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path

from synthlab import manifest
from synthlab.errors import SynthlabError, unknown
from synthlab.grading.gradebook.course import Course, NbgraderError
from synthlab.grading.gradebook.grades import grades_of
from synthlab.grading.gradebook.late import Late
from synthlab.grading.gradebook.ledger import FOLDER, Entry, Ledger, key_of, seed_for
from synthlab.grading.intake.recognition import ReleasedCell
from synthlab.grading.intake.submissions import Submission, copied, say, take_in
from synthlab.grading.judging import pool
from synthlab.grading.judging.job import Job, Judged
from synthlab.grading.results.collecting import collect
from synthlab.grading.results.records import ClassResult, SubmissionResult
from synthlab.grading.sandbox.bubblewrap import require
from synthlab.grading.sandbox.limits import Limits
from synthlab.manifest import Unit
from synthlab.words import N_, Text

#: Hears of each result, and of how many there will be.
OnResult = Callable[[SubmissionResult, int], None]


def grade_class(
    directory: Path | str,
    assignment: str,
    students: Sequence[str] | None = None,
    on_result: OnResult | None = None,
    *,
    jobs: int | None = None,
    force: bool = False,
    sandboxed: bool = True,
    limits: Limits | None = None,
    executor: Callable[[str, bool, int], Executor] = pool.processes,
) -> ClassResult:
    """Grade the submissions of one assignment; those that did not change are not judged again.

    A submission that cannot be graded is reported with the reason; the others are graded.

    Args:
        directory: The classroom.
        assignment: The assignment's id, which is a unit's.
        students: Ids of the students to grade; all who handed something in by default.
        on_result: Called after each submission with its result and the number of all.
        jobs: How many are judged at once; as many as there are processors by default.
        force: Judge again what did not change.
        sandboxed: Judge in a sandbox. Without one, the students' code runs as you.
        limits: What a submission may use.
        executor: Where the judging happens.

    Raises:
        SynthlabError: When there is no such classroom, assignment or student, when nobody
            handed anything in, or when no sandbox can be built here and one was asked for.
    """
    course = Course.open(directory)
    unit = manifest.load().unit(assignment)
    if unit.id not in course.assignments():
        raise SynthlabError(
            "{directory} has no assignment {unit!r} yet; run 'synthlab classroom' on it "
            "again to add new assignments.",
            directory=directory,
            unit=unit.id,
        )
    everybody = course.students(unit.id)
    chosen = everybody if students is None else list(dict.fromkeys(students))
    for student in chosen:
        if student not in everybody:
            raise unknown(
                "Nobody called {name} has handed in {unit!r}.", student, everybody, unit=unit.id
            )
    if not chosen:
        folder = course.folder("submitted", "STUDENT", unit.id)
        raise SynthlabError(
            "Nobody has handed in {unit!r}: there is no folder {folder}.",
            unit=unit.id,
            folder=folder,
        )
    if sandboxed:
        require()
    run = _Run(course, unit, limits or Limits(), sandboxed)
    results = {}
    for result in run.results(chosen, force, jobs, executor):
        results[result.student] = result
        if on_result is not None:
            on_result(result, len(chosen))
    ordered = tuple(results[student] for student in sorted(results))
    return ClassResult(unit, course.language, ordered, sandboxed)


@dataclass(frozen=True)
class _Case:
    """One submission on its way.

    Attributes:
        student: nbgrader's id of the student.
        folder: What the student handed in.
        unit: The id of the unit.
        cells: The cells that were released.
        key: What the ledger knows it by: all that its judgement depends on.
        started: When it was its turn.
    """

    student: str
    folder: Path
    unit: str
    cells: tuple[ReleasedCell, ...]
    key: str
    started: float

    @cached_property
    def submission(self) -> Submission:
        """What was taken in, once it is asked for: where the key is known, nobody need look."""
        return take_in(self.folder, self.unit, self.cells)


class _Run:
    """One call of `grade_class`."""

    def __init__(self, course: Course, unit: Unit, limits: Limits, sandboxed: bool) -> None:
        self.course, self.unit = course, unit
        self.limits, self.sandboxed = asdict(limits), sandboxed
        self.language = course.language
        self.cells = course.released_cells(unit.id, unit.id)
        self.ledger = Ledger(course.root, unit.id)
        self.late = Late(course.config)

    def results(
        self,
        students: Sequence[str],
        force: bool,
        jobs: int | None,
        executor: Callable[[str, bool, int], Executor],
    ) -> Iterator[SubmissionResult]:
        """Every result, as soon as it is there: first those that need no judge."""
        cases: dict[str, _Case] = {}
        known: list[tuple[_Case, Entry]] = []
        for student in students:
            case = self.case(student)
            entry = None if force else self.ledger.find(student, case.key)
            if entry is not None:
                known.append((case, entry))
            elif case.submission.problem is not None:
                yield self.failed(case, case.submission.problem)
            else:
                cases[student] = case
        yield from self.known(known)
        todo = [(student, partial(self.job, case)) for student, case in cases.items()]
        for student, judged in pool.judge_all(
            todo, self.unit.id, jobs=jobs, sandboxed=self.sandboxed, executor=executor
        ):
            case = cases[student]
            if isinstance(judged, Judged):
                entry = self.ledger.judged(student, case.key, judged)
                yield self.record(case, entry)
            else:
                yield self.failed(case, _given_up(judged))

    def case(self, student: str) -> _Case:
        """What a student handed in; a change from here on gives it another key."""
        folder = self.course.folder("submitted", student, self.unit.id)
        settings = {"limits": self.limits, "sandboxed": self.sandboxed}
        key = key_of(folder, self.cells, settings, self.language)
        return _Case(student, folder, self.unit.id, self.cells, key, time.perf_counter())

    def job(self, case: _Case) -> Job:
        """The job of a submission, made when its turn has come."""
        return Job(
            notebook=case.submission.notebook,
            unit=self.unit.id,
            language=self.language,
            seed=seed_for(self.course.root, self.unit.id, case.student),
            submission=str(case.folder),
            limits=self.limits,
            sandboxed=self.sandboxed,
        )

    def known(self, known: Sequence[tuple[_Case, Entry]]) -> Iterator[SubmissionResult]:
        """The results of what was judged earlier; those that the gradebook lacks go into it."""
        done = [case.student for case, entry in known if entry.recorded]
        found = grades_of(self.course, self.unit, done) if done else {}
        for case, entry in known:
            grades = found.get(case.student)
            if (
                not entry.recorded
                or entry.result is None
                or grades is None
                or self.late.changed(case.student, grades)
            ):
                yield self.record(case, entry)
                continue
            result = SubmissionResult.from_dict(entry.result)
            yield result if result.agrees(grades) else self.read(case, entry)

    def record(self, case: _Case, entry: Entry) -> SubmissionResult:
        """Write what the judge found into the gradebook, and read the result from there."""
        file, home = self.ledger.file(case.student), self.course.root / FOLDER
        try:
            with copied(home, case.submission, self.unit.id, case.student) as folder:
                self.course.record(self.unit.id, case.student, file, folder)
        except NbgraderError as error:
            return self.failed(case, _failure(error))
        return self.read(case, entry)

    def read(self, case: _Case, entry: Entry) -> SubmissionResult:
        """Read a result from the gradebook, and keep it."""
        questions, penalty, late = collect(self.course, self.unit, case.student)
        result = SubmissionResult(
            case.student,
            notes=tuple(note.render(self.language) for note in case.submission.notes),
            questions=questions,
            penalty=penalty,
            late=late,
            seconds=float(entry.judged["seconds"]),
        )
        self.ledger.recorded(case.student, entry, result.to_dict())
        return result

    def failed(self, case: _Case, problem: Text) -> SubmissionResult:
        """The result of a submission that could not be graded."""
        return SubmissionResult(
            case.student,
            problem=problem.render(self.language),
            seconds=time.perf_counter() - case.started,
        )


def _given_up(error: Exception) -> Text:
    return say(N_("The notebook could not be judged: {error}."), error=str(error)[:300].rstrip("."))


def _failure(error: NbgraderError) -> Text:
    """One sentence from the log of a converter that failed."""
    traces = [entry for entry in error.log if entry.startswith("Traceback")]
    last = (traces[-1] if traces else "\n".join(error.log)).strip().splitlines()[-1]
    return say(N_("nbgrader could not grade the notebook: {error}"), error=last[:300])
