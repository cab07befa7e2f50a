"""Progress in words, for ``synthlab progress`` and ``synthlab next``."""

from __future__ import annotations

from collections.abc import Iterator

from synthlab.manifest import Course
from synthlab.progress.record import Record
from synthlab.progress.standing import Standing, Step, earned, next_step, standing
from synthlab.words import N_, Text, translate

#: How far a unit is: its shape and its words.
STANDINGS = {
    Standing.NOT_BEGUN: ("○", N_("not begun")),
    Standing.BEGUN: ("◐", N_("begun")),
    Standing.DONE: ("●", N_("done")),
}


def overview(course: Course, record: Record, language: str) -> Iterator[str]:
    """One line a unit and one a question."""

    def say(msgid: str, **values: object) -> str:
        return Text(msgid, values, domain="cli").render(language)

    def title(text: str) -> str:
        return translate("course", text, language)

    for unit in course.units:
        shape, word = STANDINGS[standing(unit, record)]
        yield f"{shape} {title(unit.title)} · {say(word)}"
        for question in unit.questions:
            if not question.automatic:
                yield f"    {title(question.title)} · " + say(N_("a person reads your answer"))
                continue
            tried = record.tried(question.id)
            shape = "●" if tried.solved else "◐" if tried.checks else "○"
            yield f"  {shape} {title(question.title)} · " + say(
                N_("{points} of {maximum} extra points; checks: {checks}; hints: {hints}")
                if question.extra
                else N_("{points} of {maximum} points; checks: {checks}; hints: {hints}"),
                points=f"{earned(question, record):g}",
                maximum=question.points,
                checks=tried.checks,
                hints=tried.hints,
            )


def what_next(course: Course, record: Record, language: str) -> str:
    """One sentence that says what to do next."""
    step = next_step(course, record)
    return _all_done(language) if step is None else _sentence(step, language)


def _all_done(language: str) -> str:
    return translate("cli", "Everything that a check can judge is done.", language)


def _sentence(step: Step, language: str) -> str:
    unit = translate("course", step.unit.title, language)
    if step.question is None:
        return translate(
            "cli", "Next: read “{unit}” in {notebook}.", language, unit=unit, notebook=step.notebook
        )
    return translate(
        "cli",
        N_(
            "Next: “{question}” ({n} point) of “{unit}” in {notebook}.",
            "Next: “{question}” ({n} points) of “{unit}” in {notebook}.",
        ),
        language,
        question=translate("course", step.question.title, language),
        n=step.question.points,
        unit=unit,
        notebook=step.notebook,
    )
