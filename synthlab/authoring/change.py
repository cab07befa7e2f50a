"""Change of an answer: a known mistake, or another right answer, as the lines that differ.

A cell of a source that holds comments alone is a change, written like a unified diff. A line
``# - `` leaves the answer, a line ``# + `` enters it, and a line ``#   `` says where. What a blank
line parts are hunks for different places, applied from top to bottom::

    # %% tags=["mistake:gan.generator_loss:minimax-sign"] fails="saturating"
    #   if saturating:
    # -     return -F.softplus(fake_logits).mean()
    # +     return F.softplus(fake_logits).mean()

Lines are whole lines of the answer, moved left as far as one likes. What a hunk looks for stands in
the answer exactly once; a hunk that begins with the line ``# every`` is for all places.

Where whole functions differ, a cell that begins with the line ``# ...`` runs after the answer and
defines them anew::

    # %% tags=["mistake:start.log_sum_exp:largest-of-all"] fails="stable"
    # ...
    def log_sum_exp(a):
        return a.max() + (a - a.max()).exp().sum(dim=1).log()
"""

from __future__ import annotations

import ast
import re
import textwrap

_SIGNS = ("# - ", "# + ", "#   ")
_AFTER = "# ...\n"
_EVERY = "# every"


def is_change(code: str) -> bool:
    """Whether a cell holds comments alone, or begins with ``# ...``."""
    lines = [line for line in code.splitlines() if line.strip()]
    return code.startswith(_AFTER) or (bool(lines) and all(line.startswith("#") for line in lines))


def apply(change: str, answer: str) -> str:
    """The answer, changed.

    Raises:
        ValueError: The end of a sentence that begins with the cell: what a hunk lacks.
    """
    if change.startswith(_AFTER):
        return f"{answer}\n\n\n{change.removeprefix(_AFTER)}"
    for hunk in re.split(r"\n\s*\n", change.strip("\n")):
        answer = _apply(hunk.splitlines(), answer)
    try:
        ast.parse(answer)
    except SyntaxError as error:
        raise ValueError(
            f"the changed answer is not valid Python: {error.msg} in its line {error.lineno}."
        ) from None
    return answer


def _apply(hunk: list[str], answer: str) -> str:
    every = hunk[0].rstrip() == _EVERY
    hunk = hunk[every:]
    for line in hunk:
        if not line.startswith(_SIGNS) and line.rstrip() not in ("# -", "# +", "#"):
            raise ValueError(
                f"the line {line!r} of a change begins with none of '# - ' (leaves), "
                "'# + ' (enters) and '#   ' (stays)."
            )
    if not any(line[2:3] in ("-", "+") for line in hunk):
        raise ValueError("a hunk has no line '# - ' or '# + ', so it changes nothing.")
    old, new = _side(hunk, "-"), _side(hunk, "+")
    if not any(line.strip() for line in old):
        raise ValueError("a hunk says not where: begin it with a line of the answer, '#   …'.")
    old, new = _dedent(old, new)
    lines = answer.splitlines()
    places = [at for at in range(len(lines)) if _indent(lines, at, old) is not None]
    if not places or (len(places) > 1 and not every):
        times = f"stands {len(places)} times" if places else "does not stand"
        more = f"; add a line around it, '#   …', or begin with {_EVERY!r}" if places else ""
        text = "\n".join(old)
        raise ValueError(f"{text!r} {times} in the answer{more}.")
    for at in reversed(places):
        indent = _indent(lines, at, old) or ""
        lines[at : at + len(old)] = [indent + line if line else line for line in new]
    return "\n".join(lines)


def _side(hunk: list[str], sign: str) -> list[str]:
    """The lines of one side, with those that stay."""
    return [line[4:] for line in hunk if line[2:3] in (sign, " ", "")]


def _dedent(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Both sides moved left by what all their lines share."""
    lines = textwrap.dedent("\n".join([*old, *new])).split("\n")
    return lines[: len(old)], lines[len(old) :]


def _indent(lines: list[str], at: int, old: list[str]) -> str | None:
    """What stands before each line of a hunk when it begins there; None when it does not."""
    first = next(n for n, line in enumerate(old) if line)
    if at + len(old) > len(lines):
        return None
    indent = lines[at + first].removesuffix(old[first])
    wanted = [indent + line if line else line for line in old]
    return indent if not indent.strip() and lines[at : at + len(old)] == wanted else None
