"""From a right answer to what the learner starts with.

A stub keeps what is a contract (names, signatures with their comments, docstrings, imports)
and drops what is an answer (bodies, values, private helpers, every other comment).
"""

from __future__ import annotations

import ast
import io
import textwrap
import tokenize

from synthlab.errors import SynthlabError

#: What stands in place of a body. Its presence at run time means *not attempted*.
PLACEHOLDER = "raise NotImplementedError"

#: What the learner finds in place of a written answer: the same in every language, so that an
#: untouched answer is recognised in every language.
WRITTEN_STUB = "…"

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def make_stub(answer: str) -> str:
    r"""The code that the learner starts with, derived from the answer.

    Functions and methods keep decorators, signature (with the comments inside it) and
    docstring; their bodies become ``raise NotImplementedError``. ``name = value`` becomes
    ``name = None``. Imports stay. Definitions whose name starts with one underscore go.

    Raises:
        SynthlabError: On a syntax error, on a statement that has no stub (a loop, a call), or
            when nothing would be left to answer.

    >>> print(make_stub("def double(x):  # (B,)\n    '''Twice x.'''\n    return 2 * x"))
    def double(x):  # (B,)
        '''Twice x.'''
        raise NotImplementedError
    """
    try:
        tree = ast.parse(answer)
    except SyntaxError as error:
        raise SynthlabError("the answer is not valid Python: {reason}", reason=error.msg) from None
    blocks = _blocks(tree.body, answer.splitlines())
    if not any(kind != "import" for kind, _ in blocks):
        raise SynthlabError(
            "the answer defines no public function, class or variable, "
            "so nothing would be left for the learner to write"
        )
    return _layout(blocks)


def _blocks(body: list[ast.stmt], lines: list[str]) -> list[tuple[str, str]]:
    blocks = []
    for node in body:
        block = _block(node, lines)
        if block is not None:
            blocks.append(block)
    return blocks


def _block(node: ast.stmt, lines: list[str]) -> tuple[str, str] | None:
    """The kind and the stub of one statement; None when it is dropped."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return "import", _text(node, lines)
    if isinstance(node, _Function):
        return None if _private(node.name) else ("def", _function(node, lines))
    if isinstance(node, ast.ClassDef):
        return None if _private(node.name) else ("class", _class(node, lines))
    if isinstance(node, ast.Assign):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if len(names) == len(node.targets):
            public = [name for name in names if not _private(name)]
            return ("assign", " = ".join([*public, "None"])) if public else None
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        if _private(node.target.id):
            return None
        value = "" if node.value is None else " = None"
        return "assign", f"{node.target.id}: {ast.unparse(node.annotation)}{value}"
    raise SynthlabError(
        "the answer's line {line} ({statement!r}) has no stub; an answer holds imports, "
        "functions, classes and 'name = value' only",
        line=node.lineno,
        statement=ast.unparse(node).splitlines()[0],
    )


def _private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def _text(node: ast.stmt, lines: list[str]) -> str:
    """The statement's own source lines, without what surrounds it on them."""
    source = "\n".join(lines)
    return textwrap.dedent(" " * node.col_offset + (ast.get_source_segment(source, node) or ""))


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> str:
    return _header(node, lines) + "\n" + textwrap.indent(PLACEHOLDER, "    ")


def _class(node: ast.ClassDef, lines: list[str]) -> str:
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    members = _layout(_blocks([n for n in body if not isinstance(n, ast.Pass)], lines), gap=1)
    if not members:
        raise SynthlabError(
            "the answer's class {name!r} has no public member to write", name=node.name
        )
    return f"{_header(node, lines)}\n\n{textwrap.indent(members, '    ')}"


def _header(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]) -> str:
    """Decorators, signature and docstring as the author laid them out, dedented."""
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    end_line, end_column = _signature_end(node, lines)
    header = [*lines[first - 1 : end_line - 1], lines[end_line - 1][:end_column]]
    text = textwrap.dedent("\n".join(header))
    if ast.get_docstring(node) is not None:
        docstring = node.body[0]
        segment = ast.get_source_segment("\n".join(lines), docstring) or ""
        indented = " " * docstring.col_offset + segment
        # A one-line definition has its docstring at the signature's column; all others share
        # the body's indentation, which becomes four spaces whatever it was.
        text += "\n" + textwrap.indent(textwrap.dedent(indented), "    ")
    return text


def _signature_end(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, lines: list[str]
) -> tuple[int, int]:
    """Line (from 1) and column just after the signature's colon, or after its comment."""
    source = "\n".join(lines[node.lineno - 1 :]) + "\n"
    depth = 0
    colon: tuple[int, int] | None = None
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line = node.lineno - 1 + token.end[0]
        if colon is not None:
            if token.type == tokenize.COMMENT:
                return line, token.end[1]
            return colon
        if token.string in "([{" and token.type == tokenize.OP:
            depth += 1
        elif token.string in ")]}" and token.type == tokenize.OP:
            depth -= 1
        elif token.string == ":" and depth == 0:
            colon = (line, token.end[1])
    raise AssertionError("a parsed definition has a colon")


def _layout(blocks: list[tuple[str, str]], gap: int = 2) -> str:
    """Blocks in order: blank lines around definitions, none between like-minded lines."""
    text = ""
    previous = ""
    for kind, block in blocks:
        if text:
            wide = kind in ("def", "class") or previous in ("def", "class")
            blank = gap if wide else (0 if kind == previous else 1)
            text += "\n" * (blank + 1)
        text += block
        previous = kind
    return text
