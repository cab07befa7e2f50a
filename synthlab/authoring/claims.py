"""Claims: what a lesson's prose states of a result, as expressions over its cells' names.

They stand in ``lesson.md`` as a fenced block right after the paragraph that states the result;
the notebook does not show it. Each line is one Python expression that is true or false::

    The generator reaches seven of the eight modes or more.

    ```claim
    modes >= 7                  # a comment may follow
    0.30 < report.kl.value < 0.45
    ```

``synthlab verify`` runs the lesson and, after the code cell before the block, evaluates each line
in the lesson's kernel. ``python -m benchmarks lessons`` does so on five seeds: a lesson that draws
random numbers has the line ``seed = 0`` in one of its code cells, and every draw rests on it.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import symtable
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from synthlab.errors import SynthlabError

#: Outputs of this type carry the outcomes of claims, as `Outcome` fields.
MIMETYPE = "application/vnd.synthlab.claims+json"

_OPEN = re.compile(r"^```claim\b.*$", re.MULTILINE)
_BLOCK = re.compile(r"^```claim[ \t]*\n(.*?)^```[ \t]*$\n?", re.MULTILINE | re.DOTALL)
# What `reseed` replaces.
_SEED = re.compile(r"^seed = 0$", re.MULTILINE)


@dataclass(frozen=True)
class LessonCell:
    """A cell of a lesson, in the source language; `claims` hold once a code cell has run."""

    key: str
    text: str
    markdown: bool
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """One evaluated claim: ``measured`` are the values it rests on, ``error`` why it has none."""

    claim: str
    holds: bool
    measured: str = ""
    error: str = ""

    @property
    def complaint(self) -> str:
        """The end of a sentence that begins with the claim."""
        why = f"cannot be evaluated: {self.error}" if self.error else "does not hold"
        return f"{why}; measured: {self.measured}." if self.measured else f"{why}."


def extract(markdown: str, where: str) -> tuple[str, tuple[str, ...]]:
    """The text of a prose cell without its blocks, and their claims.

    Raises:
        SynthlabError: On a block that is not closed, is empty, or has a line that is no
            expression; ``where`` begins the sentence.
    """
    claims: list[str] = []
    blocks = list(_BLOCK.finditer(markdown))
    if len(blocks) != len(_OPEN.findall(markdown)):
        raise SynthlabError(
            "{where}: a block 'claim' begins with ```claim and ends with ```.", where=where
        )
    for block in blocks:
        lines = [line.strip() for line in block[1].splitlines() if line.strip()]
        if not lines:
            raise SynthlabError("{where}: a block 'claim' has no line.", where=where)
        claims += [_expression(line, where) for line in lines]
    text = re.sub(r"\n{3,}", "\n\n", _BLOCK.sub("", markdown)) if blocks else markdown
    return text, tuple(claims)


def _expression(line: str, where: str) -> str:
    try:
        body = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise SynthlabError(
            "{where}: the claim {line!r} is not one Python expression: {reason}.",
            where=where,
            line=line,
            reason=error.msg,
        ) from None
    return ast.get_source_segment(line, body) or line


def lint(cells: Sequence[LessonCell]) -> Iterator[tuple[str, str]]:
    """What is wrong with a lesson's claims without running it: a cell's key and a sentence."""
    if not any(cell.claims for cell in cells):
        return
    known = set(dir(builtins))
    seeds = 0
    for cell in cells:
        if cell.markdown:
            continue
        known |= _bound(cell.text)
        seeds += len(_SEED.findall(cell.text))
        for claim in cell.claims:
            for name in sorted(_free(claim) - known):
                yield cell.key, f"the claim {claim!r} names {name!r}, which no cell before it has."
        for call in _literal_seeds(cell.text):
            yield (
                cell.key,
                f"{call!r} has a seed of its own; use 'seed' (or 'seed + 1' …), so that "
                "the claims are shown on other seeds, too.",
            )
    if seeds > 1:
        yield cells[0].key, f"the line 'seed = 0' stands {seeds} times; once is enough."


def _bound(code: str) -> set[str]:
    """The names that a code cell gives a value to."""
    symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported()}


def _free(expression: str) -> set[str]:
    """The names that an expression takes from the cells."""

    def walk(table: symtable.SymbolTable) -> Iterator[str]:
        for symbol in table.get_symbols():
            if symbol.is_global() or (table.get_type() == "module" and symbol.is_referenced()):
                yield symbol.get_name()
        for child in table.get_children():
            yield from walk(child)

    return set(walk(symtable.symtable(expression, "claim", "eval")))


def _literal_seeds(code: str) -> Iterator[str]:
    """Calls with a number as their seed."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call):
            seeds = [k.value for k in node.keywords if k.arg == "seed"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "manual_seed":
                seeds += node.args
            if any(isinstance(seed, ast.Constant) for seed in seeds):
                yield ast.unparse(node)


def probe(claims: Sequence[str]) -> str:
    """Code for a lesson's kernel: it evaluates claims and binds no name.

    Its output has the type `MIMETYPE`.
    """
    module = f"__import__({__name__!r}, fromlist=['show'])"
    return f"{module}.show({list(claims)!r}, globals())"


def show(claims: Sequence[str], names: Mapping[str, Any]) -> None:
    """Display the outcomes of claims as data."""
    display: Any = importlib.import_module("IPython.display").display  # untyped
    display({MIMETYPE: [asdict(evaluate(claim, names)) for claim in claims]}, raw=True)


def evaluate(claim: str, names: Mapping[str, Any]) -> Outcome:
    """Evaluate a claim over names; one that raises or is no truth value does not hold.

    Every part is evaluated once, as the claim itself would: a generator or a graph that it uses up
    is used up once, and what stands behind a false ``and`` is not measured.
    """
    tree = ast.parse(claim, mode="eval")
    compared: dict[str, str] = {}

    def note(side: str, value: object) -> object:
        compared[side] = _short(value)
        return value

    tree.body = _noting(tree.body)
    code = compile(ast.fix_missing_locations(tree), "<claim>", "eval")
    value, error = None, ""
    try:
        value = eval(code, {**names, _NOTE: note})  # noqa: S307 - the course's own text
        truth = value.item() if hasattr(value, "item") else value
        if not isinstance(truth, bool):
            error = f"it is {_short(value)}, neither true nor false"
    except Exception as raised:
        truth, error = False, f"{type(raised).__name__}: {raised}"
    if not compared:
        compared = {name: _short(names[name]) for name in sorted(_free(claim) & names.keys())}
    measured = ", ".join(f"{side}={shown}" for side, shown in compared.items())
    return Outcome(claim, truth and not error, measured, error)


# The name under which a claim that is evaluated finds what notes the sides of its comparisons.
_NOTE = "__note__"


def _noting(node: ast.expr) -> ast.expr:
    """The expression with the sides of all its comparisons noted, constants aside."""
    if isinstance(node, ast.BoolOp):
        node.values = [_noting(value) for value in node.values]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        node.operand = _noting(node.operand)
    elif isinstance(node, ast.Compare):
        node.left, *node.comparators = map(_noted, (node.left, *node.comparators))
    return node


def _noted(side: ast.expr) -> ast.expr:
    if not any(isinstance(part, ast.Name) for part in ast.walk(side)):
        return side
    return ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(ast.unparse(side)), side], [])


def _short(value: object) -> str:
    """A value in at most a line."""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else f"{text[:119]}…"


def reseed(code: str, seed: int) -> str:
    """A code cell with another seed in its line ``seed = 0``, if it has one."""
    return _SEED.sub(f"seed = {seed}", code)


def by_cell(cells: Sequence[LessonCell]) -> Mapping[str, tuple[str, ...]]:
    """The claims of a lesson under the keys of the code cells after which they hold."""
    return {cell.key: cell.claims for cell in cells if cell.claims}
