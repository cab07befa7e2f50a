"""``course/published.toml``: what learners and gradebooks out there already rely on.

An id that was published once must stay, because gradebooks refer to it. A translation that was
complete once must stay complete, because its readers do.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

from synthlab.authoring.project import Project
from synthlab.errors import SynthlabError

_HEADER = """\
# Written by `synthlab build`. It only ever grows: an id in it has been published, and gradebooks
# refer to it; a catalogue in it has been complete in that language, and must stay so.
"""


@dataclass(frozen=True)
class Published:
    """Ids in the order of their publication; per language, the complete domains, sorted."""

    units: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    complete: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def dumps(self) -> str:
        """The text of the file."""
        lines = [_HEADER, _array("units", self.units), _array("questions", self.questions)]
        lines += ["", "[complete]"]
        lines += [_array(code, self.complete[code]) for code in sorted(self.complete)]
        return "\n".join(lines) + "\n"


def _array(name: str, values: tuple[str, ...]) -> str:
    if not values:
        return f"{name} = []"
    inner = "".join(f'  "{value}",\n' for value in values)
    return f"{name} = [\n{inner}]"


def read_published(project: Project) -> Published:
    """What the file says; nothing when there is none yet."""
    try:
        data = tomllib.loads(project.published.read_text(encoding="utf-8"))
        complete = {code: tuple(names) for code, names in data.get("complete", {}).items()}
        return Published(tuple(data["units"]), tuple(data["questions"]), complete)
    except FileNotFoundError:
        return Published()
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise SynthlabError(
            "{file} is damaged ({reason}); restore it from version control.",
            file=project.display(project.published),
            reason=error,
        ) from None


def with_present(
    before: Published, project: Project, complete: Mapping[str, set[str]]
) -> Published:
    """What the file must say now: all that it said, and what the course has come to hold."""
    units = [u.id for u in project.course.units]
    questions = [q.id for u in project.course.units for q in u.questions]
    codes = sorted({*before.complete, *complete})
    return Published(
        units=_union(before.units, units),
        questions=_union(before.questions, questions),
        complete={
            code: tuple(sorted({*before.complete.get(code, ()), *complete.get(code, ())}))
            for code in codes
        },
    )


def _union(old: tuple[str, ...], new: list[str]) -> tuple[str, ...]:
    return (*old, *(name for name in new if name not in old))
