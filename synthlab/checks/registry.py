"""Checks by their ids: those that the units' modules hold, and those of predictions."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil

from synthlab import manifest
from synthlab.checks import declaration
from synthlab.checks.parts import prediction
from synthlab.errors import SynthlabError, unknown


def find(check_id: str) -> declaration.Check:
    """The check with this id, importing its unit's modules on first use.

    Raises:
        SynthlabError: When there is none; the sentence names the nearest ids.
    """
    if not isinstance(check_id, str):
        raise SynthlabError(
            "A check's id is text such as 'gan.ring', not {type}.", type=type(check_id).__name__
        )
    if check_id not in declaration.registered:
        load_unit(check_id.split(".", 1)[0])
    if check_id in declaration.registered:
        return declaration.registered[check_id]
    questions = [q for unit in manifest.load().units for q in unit.questions]
    if any(q.id == check_id and not q.automatic for q in questions):
        raise SynthlabError(
            "{check!r} is answered in words; a person grades it, not a check.", check=check_id
        )
    known = {q.id for q in questions if q.automatic} | set(declaration.registered)
    raise unknown("There is no check called {name}.", check_id, known)


def load_unit(unit: str) -> None:
    """Register all checks of a unit of the manifest; other names register nothing.

    Imports every module in the unit's folder of checks, but for the harness.
    """
    found = next((u for u in manifest.load().units if u.id == unit), None)
    if found is None:
        return
    for question in found.questions:
        if question.prediction is not None:
            prediction.register(question.id, question.prediction)
    name = f"synthlab.checks.{found.module}"
    if importlib.util.find_spec(name) is None:
        return
    for module in pkgutil.iter_modules(importlib.import_module(name).__path__):
        if module.name != "harness":
            importlib.import_module(f"{name}.{module.name}")
