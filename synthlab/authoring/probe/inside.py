"""Mutants that change one place of an answer's syntax tree."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from synthlab.authoring.probe.mutant import Mutant

#: The kind of each argument of each function, such as ``"tensor"``: see `calls.kinds`.
Arguments = Mapping[str, Mapping[str, str]]

#: A place in a tree: the fields and indices that lead to it.
Path = tuple[tuple[str, int | None], ...]

_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
#: What is called instead, by the name of a function or method.
_REDUCTIONS = {
    "sum": "mean",
    "mean": "sum",
    "max": "min",
    "min": "max",
    "std": "var",
    "norm": "sum",
    "any": "all",
    "all": "any",
    "logsumexp": "sum",
}
_CALLS = {
    "square": "abs",
    "cos": "sin",
    "sin": "cos",
    "exp": "log",
    "log": "log1p",
    "softplus": "relu",
    "sigmoid": "tanh",
    "randn": "rand",
    "zeros": "ones",
    "cat": "stack",
    "multinomial": "argmax",
}
_GRAPH = {"detach", "clone", "item", "requires_grad_", "zero_grad", "no_grad", "eval", "train"}
_AXES = {"dim", "axis", "keepdim", "correction", "unbiased", "minlength"}
_MODULES = {"torch", "F", "nn", "math", "np"}
_NO_TENSOR = {"len", "range", "int", "float", "list", "dict", "zip", "parameters", "Generator"}


def inside(answer: str, arguments: Arguments) -> Iterator[Mutant]:
    """Every change of one place; the same one may come twice."""
    tree = ast.parse(answer)
    for number, statement in enumerate(tree.body):
        where = name_of(statement)
        known = arguments.get(where, {})
        for path, node in _places(statement, (("body", number),)):
            for kind, new in _changes(node, known):
                yield Mutant(kind, where, ast.unparse(_with(tree, path, new)))


def name_of(statement: ast.stmt) -> str:
    """What a statement at the top of an answer defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return statement.name
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0])
    return ast.unparse(statement)


def _places(node: ast.AST, path: Path) -> Iterator[tuple[Path, ast.AST]]:
    yield path, node
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "annotation", "returns", "ctx"):
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            # the text of a message is the author's own
            if isinstance(child, ast.AST) and not isinstance(child, ast.JoinedStr):
                yield from _places(child, (*path, (field, index)))


def _with(tree: ast.Module, path: Path, new: ast.AST) -> ast.Module:
    """The tree with another node at one place."""
    changed = copy.deepcopy(tree)
    node: ast.AST = changed
    for field, index in path[:-1]:
        child = getattr(node, field)
        node = child if index is None else child[index]
    field, index = path[-1]
    if index is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[index] = new
    return ast.fix_missing_locations(changed)


def _changes(node: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[str, ast.AST]]:
    """What may stand in a node's place, each with its kind."""
    if isinstance(node, ast.BinOp | ast.AugAssign):
        yield from _operators(node)
    elif isinstance(node, ast.UnaryOp):
        yield "operator", node.operand
    elif isinstance(node, ast.Compare):
        for other in _COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", _set(node, ops=[other(), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        yield "boolean", _set(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        yield from (("boolean", value) for value in node.values)
    elif isinstance(node, ast.Constant):
        yield from (("constant", ast.Constant(value)) for value in _constants(node.value))
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.Tuple) and isinstance(node.ctx, ast.Load):
        for k in range(len(node.elts) - 1):
            yield "swapped", _set(node, elts=_swapped(node.elts, k))
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        for name in known:
            if name not in (node.id, "return") and known[name] == known.get(node.id):
                yield "name", ast.Name(name, ast.Load())
    elif isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        yield "index", node.value
    if isinstance(node, ast.If | ast.IfExp):
        yield "branch", _set(node, test=ast.UnaryOp(ast.Not(), node.test))
        yield "branch", _set(node, test=ast.Constant(True))
        yield "branch", _set(node, test=ast.Constant(False))
    if isinstance(node, ast.Assign | ast.Return) and node.value is not None:
        yield from _values(node)
    if isinstance(getattr(node, "body", None), list):
        yield from _statements(node)


def _operators(node: ast.BinOp | ast.AugAssign) -> Iterator[tuple[str, ast.AST]]:
    other = _OPERATORS.get(type(node.op))
    if other is not None:
        yield "operator", _set(node, op=other())
    if isinstance(node, ast.BinOp):
        yield from (("operator", side) for side in (node.left, node.right))
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow):
            yield "swapped", _set(node, left=node.right, right=node.left)


def _constants(value: object) -> Iterator[float]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (v for v in (value + 1, value - 1, 0, 2 * value, -value) if v != value)
    elif isinstance(value, float):
        yield from (v for v in (value + 1, value - 1, 0.0, 2 * value, -value) if v != value)


def _calls(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    method = node.func if isinstance(node.func, ast.Attribute) else None
    name = method.attr if method else node.func.id if isinstance(node.func, ast.Name) else ""
    of_module = method is None or (
        isinstance(method.value, ast.Name) and method.value.id in _MODULES
    )
    for kind, others in (("reduction", _REDUCTIONS), ("call", _CALLS)):
        if name in others:
            yield kind, _set(node, func=_renamed(node.func, others[name]))
    dropped = "graph" if name in _GRAPH else "reduction" if name in _REDUCTIONS else "call"
    if method and not of_module:
        yield dropped, method.value
    elif node.args and not isinstance(node.args[0], ast.Starred):
        yield dropped, node.args[0]
    for k, word in enumerate(node.keywords):
        rest = [*node.keywords[:k], *node.keywords[k + 1 :]]
        generator = word.arg == "generator"
        kind = "generator" if generator else "axis" if word.arg in _AXES else "argument"
        yield kind, _set(node, keywords=rest)
        if generator:
            for text in ("torch.default_generator", "torch.Generator().manual_seed(0)"):
                own = ast.keyword("generator", ast.parse(text, mode="eval").body)
                yield kind, _set(node, keywords=[*rest, own])
    for k in range(len(node.args)):
        integer = isinstance(node.args[k], ast.Constant) and name in _REDUCTIONS
        if len(node.args) > 1 or integer:
            kind = "axis" if integer else "argument"
            yield kind, _set(node, args=[*node.args[:k], *node.args[k + 1 :]])
        if k:
            yield "swapped", _set(node, args=_swapped(node.args, k - 1))
    if name == "manual_seed" and not isinstance(node.args[0], ast.Constant):
        yield "generator", _set(node, args=[ast.Constant(0)])
    if name not in _GRAPH | _NO_TENSOR | {"append", "backward", "step"} and not (
        method and of_module and ast.unparse(method.value) in ("nn", "math")
    ):
        yield "graph", _method(node, "detach")


def _values(node: ast.Assign | ast.Return) -> Iterator[tuple[str, ast.AST]]:
    """A value that is kept from the first call on, or lost to the graph."""
    value = node.value
    assert value is not None
    if not isinstance(value, ast.Constant | ast.Name | ast.Lambda):
        kept = ast.parse("globals().setdefault('_kept', {}).setdefault(0, 0)", mode="eval").body
        assert isinstance(kept, ast.Call)
        kept.args = [ast.Constant(f"{node.lineno}"), value]
        yield "cached", _set(node, value=kept)
    if isinstance(value, ast.BinOp | ast.Name):
        yield "graph", _set(node, value=_method(value, "detach"))
    if isinstance(node, ast.Return) and isinstance(value, ast.Tuple):
        for k, element in enumerate(value.elts):
            elements = [*value.elts[:k], _method(element, "detach"), *value.elts[k + 1 :]]
            yield "graph", _set(node, value=_set(value, elts=elements))


def _statements(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Statements removed, in another order, and blocks without what stands around them."""
    for field in ("body", "orelse"):
        body: list[ast.stmt] = getattr(node, field, [])
        for k, statement in enumerate(body):
            rest = [*body[:k], *body[k + 1 :]]
            document = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not document and not isinstance(statement, ast.FunctionDef | ast.Import):
                yield "removed", _set(node, **{field: rest or [ast.Pass()]})
            if isinstance(statement, ast.With | ast.For | ast.While):
                inner = [*body[:k], *statement.body, *body[k + 1 :]]
                if isinstance(statement, ast.With):
                    yield "graph", _set(node, **{field: inner})
                else:
                    once = _set(statement, body=[*statement.body, ast.Break()])
                    yield "loop", _set(node, **{field: [*body[:k], once, *body[k + 1 :]]})
        for k, (first, second) in enumerate(pairwise(body)):
            moved = [*body[:k], second, first, *body[k + 2 :]]
            if not isinstance(second, ast.Return):
                yield "order", _set(node, **{field: moved})
    if isinstance(node, ast.FunctionDef):
        block = ast.With(
            [ast.withitem(ast.parse("torch.no_grad()", mode="eval").body)], node.body, None
        )
        yield "graph", _set(node, body=[block])


def _set(node: ast.AST, **fields: object) -> ast.AST:
    """The node with other fields."""
    changed = copy.copy(node)
    for field, value in fields.items():
        setattr(changed, field, value)
    return changed


def _renamed(function: ast.expr, name: str) -> ast.AST:
    field = "attr" if isinstance(function, ast.Attribute) else "id"
    return _set(function, **{field: name})


def _method(value: ast.expr, name: str) -> ast.Call:
    return ast.Call(ast.Attribute(value, name, ast.Load()), [], [])


def _swapped(items: Sequence[ast.expr], k: int) -> list[ast.expr]:
    """The items with number k and the next one in each other's place."""
    return [*items[:k], items[k + 1], items[k], *items[k + 2 :]]
