"""Mutant of an answer: the answer with one place changed."""

from __future__ import annotations

import ast
import difflib
import random
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Mutant:
    """One derived answer.

    Attributes:
        kind: What was changed, such as ``"axis"``.
        where: The function or name of the answer that it changes.
        code: The whole answer, changed.
        around: What happens around a function that itself stays as it is.
        name: The kind with a number, once it stands in a list.
    """

    kind: str
    where: str
    code: str
    around: str = ""
    name: str = ""

    def diff(self, answer: str) -> list[str]:
        """The lines that differ from the answer: ``- old`` and ``+ new``, without comments.

        One line, ``* function: what happens``, where that is around a function.
        """
        if self.around:
            return [f"* {self.where}: {self.around}"]
        lines = difflib.ndiff(normal(answer).splitlines(), self.code.splitlines())
        return [line for line in lines if line.startswith(("- ", "+ ")) and line[2:].strip()]


def normal(code: str) -> str:
    """Code as `ast.unparse` writes it, so that a difference is one of meaning."""
    return ast.unparse(ast.parse(code))


def numbered(mutants: list[Mutant], answer: str) -> list[Mutant]:
    """Each mutant once, without those that compile to what the answer does, with their names."""
    seen = {_compiled(answer)}
    kept: list[Mutant] = []
    for mutant in mutants:
        compiled = _compiled(mutant.code)
        if compiled is None or compiled in seen:
            continue
        seen.add(compiled)
        same = sum(m.kind == mutant.kind for m in kept)
        kept.append(replace(mutant, name=f"{mutant.kind}-{same + 1}"))
    return kept


def sample(mutants: list[Mutant], most: int) -> list[Mutant]:
    """At most so many, of every kind in turn, always the same ones, in their order."""
    rng = random.Random(0)  # noqa: S311 - a sample, no secret
    order = {m.name: rng.random() for m in mutants}
    ranks = {
        m.name: sum(o.kind == m.kind and order[o.name] < order[m.name] for o in mutants)
        for m in mutants
    }
    kept = sorted(mutants, key=lambda m: (ranks[m.name], order[m.name]))[:most]
    return [m for m in mutants if m in kept]


def _compiled(code: str) -> str | None:
    """The syntax tree after constant folding; None when the code is no Python."""
    try:
        compile(code, "<mutant>", "exec", dont_inherit=True)
        return ast.dump(ast.parse(code))
    except (SyntaxError, ValueError):
        return None
