"""The course as the sidebar shows it: units, questions, how far they are, and all words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthlab import manifest, quiz
from synthlab.errors import SynthlabError
from synthlab.manifest import Question, Unit
from synthlab.progress import Progress, Record, earned, next_step, standing
from synthlab.progress.hints import ladder
from synthlab.server.labels import labels
from synthlab.words import LANGUAGES, direction, translate


def overview(root: Path, kept: Progress | None, language: str) -> dict[str, Any]:
    """Everything that the sidebar needs, in one answer.

    Args:
        root: The server's folder, to which paths are relative.
        kept: The workspace's progress; None where there is no workspace.
        language: The language of the words.
    """
    course = manifest.load()
    record = kept.read() if kept else Record()
    base = kept.workspace.relative_to(root.resolve()).as_posix() if kept else ""
    prefix = "" if base in ("", ".") else f"{base}/"
    step = next_step(course, record)
    return {
        "title": translate("course", course.title, language),
        "language": language,
        "direction": direction(language),
        "languages": {code: LANGUAGES[code] for code in course.languages},
        "workspace": base if kept else None,
        "units": [_unit(unit, record, language, prefix) for unit in course.units],
        "next": step
        and {
            "notebook": prefix + step.notebook,
            "question": step.question and step.question.id,
            "title": translate("course", (step.question or step.unit).title, language),
        },
        "words": labels(language),
    }


def _unit(unit: Unit, record: Record, language: str, prefix: str) -> dict[str, Any]:
    return {
        "id": unit.id,
        "title": translate("course", unit.title, language),
        "minutes": unit.minutes,
        "standing": str(standing(unit, record)),
        "lesson": prefix + unit.lesson_file,
        "exercise": prefix + unit.exercise_file,
        "points": unit.points,
        "earned": round(sum(earned(question, record) for question in unit.questions), 2),
        "questions": [_question(question, record, language) for question in unit.questions],
    }


def _question(question: Question, record: Record, language: str) -> dict[str, Any]:
    tried = record.tried(question.id)
    return {
        "id": question.id,
        "title": translate("course", question.title, language),
        "points": question.points,
        "earned": earned(question, record),
        "automatic": question.automatic,
        "extra": question.extra,
        "status": tried.status or None,
        "solved": tried.solved,
        "checks": tried.checks,
        "hints": tried.hints,
        "predicted": _predicted(question, record),
        "ladder": ladder(record, question.id, language).to_dict(),
    }


def _predicted(question: Question, record: Record) -> float | None:
    """What was answered in the lesson to a prediction that the exercise asks for, too."""
    answer = record.answers.get(question.predict or "")
    if question.predict is None or answer is None:
        return None
    try:
        value: float = quiz.check_answer(quiz.find(question.predict), answer.value)
    except (ValueError, SynthlabError):
        return None  # the question was another one when this was answered
    return value
