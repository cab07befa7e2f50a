"""Mutants that leave a function as it is and change what happens around it.

What a learner's function does to its arguments, to the global generator, between two calls and to
its result: each is the right function, called from another of its name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from synthlab.authoring.probe.inside import Arguments
from synthlab.authoring.probe.mutant import Mutant, normal

#: What is done to an argument of a kind behind the caller's back; ``{0}`` is its name.
_IN_PLACE = {
    "tensor": ("{0}.data.mul_(2)", "{0}.data.copy_({0}.data.flip(0))", "{0}.requires_grad_()"),
    "whole": ("{0}.data.copy_({0}.data.flip(0))",),
    "module": (
        "{0}.requires_grad_(False)",
        "{0}.train(not {0}.training)",
        "[p.data.add_(0.01) for p in {0}.parameters()]",
        "[setattr(p, 'grad', torch.ones_like(p)) for p in {0}.parameters()]",
    ),
    "optimizer": (
        "[group.update(lr=group['lr'] / 2) for group in {0}.param_groups]",
        "{0}.state.clear()",
        "{0}.step()",
    ),
    "generator": ("{0}.manual_seed(0)",),
}

#: What becomes of a result of a kind; ``{0}`` is the result.
_RESULTS = {
    "tensor": (
        ("constant", "0 * {0}"),
        ("constant", "0 * {0} + 1"),
        ("constant", "torch.zeros_like({0})"),
        ("returned", "None"),
        ("returned", "({0},)"),
        ("returned", "{0}[None]"),
        ("returned", "{0}.detach()"),
        ("returned", "{0}.detach().clone().requires_grad_()"),
        ("returned", "{0}.half()"),
        ("returned", "float({0}.sum())"),
        ("operator", "2 * {0}"),
        ("operator", "-{0}"),
    ),
    "number": (
        ("constant", "0 * {0}"),
        ("constant", "0 * {0} + 1"),
        ("returned", "None"),
        ("returned", "({0},)"),
        ("returned", "str({0})"),
        ("returned", "torch.tensor({0}).requires_grad_()"),
        ("operator", "2 * {0}"),
        ("operator", "-{0}"),
    ),
    "several": (
        ("constant", "tuple(0 * part for part in {0})"),
        ("returned", "None"),
        ("returned", "{0}[0]"),
        ("returned", "{0}[::-1]"),
        ("returned", "(*{0}, {0}[-1])"),
        ("returned", "sum({0})"),
    ),
    "nothing": (("returned", "0.0"),),
}


def around(answer: str, arguments: Arguments) -> Iterator[Mutant]:
    """Every function of the answer in each of its wrappers."""
    for definition in ast.parse(answer).body:
        if isinstance(definition, ast.FunctionDef) and definition.name in arguments:
            yield from _wrapped(normal(answer), definition, dict(arguments[definition.name]))


def _wrapped(answer: str, definition: ast.FunctionDef, kinds: dict[str, str]) -> Iterator[Mutant]:
    where, head = definition.name, ast.unparse(definition.args)
    names = ", ".join(a.arg for a in definition.args.posonlyargs + definition.args.args)
    result = kinds.pop("return")

    def mutant(kind: str, what: str, *lines: str) -> Mutant:
        body = "\n    ".join(lines)
        code = f"{answer}\n\n_right = {where}\n\ndef {where}({head}):\n    {body}"
        return Mutant(kind, where, normal(code), what)

    call = f"_right({names})"
    for name, kind in kinds.items():
        for change in _IN_PLACE.get(kind, ()):
            what = change.format(name)
            yield mutant("in place", what, f"result = {call}", what, "return result")
    for kind, text in _RESULTS.get(result, ()):
        what = f"return {text.format('result')}"
        yield mutant(kind, what, f"result = {call}", what)
    kept = "kept = globals().setdefault('_kept', {})"
    for which, key in (
        ("", f"'{where}'"),
        (" for these shapes", f"str([getattr(v, 'shape', v) for v in ({names},)])"),
    ):
        lines = (kept, f"key = {key}", "if key not in kept:", f"    kept[key] = {call}")
        yield mutant("cached", f"return the first result{which} again", *lines, "return kept[key]")
    if "generator" in kinds.values() or "seed" in kinds:
        for what in ("torch.manual_seed(0)", "torch.rand(1)"):
            yield mutant("generator", what, what, f"return {call}")
