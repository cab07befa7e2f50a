"""Output of a check cell: our own rendering of the verdict's data, never what came with it.

Who wrote the outputs decides what they are worth. Where the judge did (`mark_judged`), they are
a verdict. Where the student's kernel did, they are a claim: its sentences are formatted where that
does no harm (`sentences`), and our words above it say that nobody should rely on it.
Outputs of any other cell never look like a verdict, whatever they hold.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.checks import render
from synthlab.checks.notebook import UNTRUSTED
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.errors import SynthlabError
from synthlab.grading.untrusted.notebook import id_of, node
from synthlab.grading.untrusted.outputs import count, harmless_outputs
from synthlab.grading.untrusted.sentences import tame
from synthlab.grading.untrusted.terminal import plain_text, terminal_text
from synthlab.words import N_, Text

#: Characters of the largest verdict that is read; an honest one has some thousands.
MAX_VERDICT = 200_000

#: What a report says of the way in which it came about: in a sandbox or not.
TRUST = {
    True: N_(
        "The students' code ran in a sandbox without a network, and the verdicts were made "
        "outside of it."
    ),
    False: N_(
        "Graded without a sandbox: the students' code ran as the grader, with the grader's files "
        "and network. The verdicts were made in another process."
    ),
}
#: What the judge may have written above its verdicts.
_NOTES = (None, Text(TRUST[False], domain="cli"))

_RESOURCE = "synthlab_judged"
_MARK = "judged"


def verdict_data(output: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The data of the verdict in an output, if it is a result that holds some."""
    data = output.get("data")
    found = data.get(MIMETYPE) if isinstance(data, Mapping) else None
    if output.get("output_type") != "execute_result" or not isinstance(found, Mapping):
        return None
    return found


def read_verdict(outputs: Sequence[Mapping[str, Any]]) -> Verdict | None:
    """The first verdict among the outputs, if it is one."""
    found = next((data for data in map(verdict_data, outputs) if data is not None), None)
    if found is None:
        return None
    try:
        if len(json.dumps(found)) > MAX_VERDICT:
            return None
        verdict = Verdict.from_dict(found)
    except (SynthlabError, ValueError, TypeError, RecursionError):
        return None
    whole = 0 <= verdict.score <= 1 and all(isinstance(p.name, str) for p in verdict.properties)
    return verdict if whole else None


def mark_judged(notebook: NotebookNode, resources: MutableMapping[str, Any]) -> None:
    """Note which cells the judge decided; it calls this when it has written their outputs.

    It keeps no verdict that a kernel sent (`kernel.tidy`), so those in the notebook are its own.

    Args:
        notebook: What it has run and judged.
        resources: What nbconvert hands from one preprocessor to the next; no submission ever
            touches it.
    """
    resources[_RESOURCE] = {
        id_of(cell)
        for cell in notebook.cells
        if any(verdict_data(output) is not None for output in cell.get("outputs", []))
    }


def is_judged(resources: Mapping[str, Any], name: str) -> bool:
    """Whether the judge wrote the outputs of this cell, in this run of nbgrader's converter."""
    return name in resources.get(_RESOURCE, ())


def was_judged(outputs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether outputs of an autograded notebook carry the mark that `shown_verdict` left."""
    return any(
        output.get("metadata", {}).get(MIMETYPE, {}).get(_MARK) is True for output in outputs
    )


def shown_verdict(
    outputs: Sequence[NotebookNode], language: str, *, judged: bool
) -> list[NotebookNode]:
    """The outputs of a check cell, with the verdict rendered anew.

    Args:
        outputs: What stands in the executed cell.
        language: The classroom's language.
        judged: Whether the judge wrote them.
    """
    others = list(outputs) if judged else harmless_outputs(outputs, language)
    at = next((i for i, output in enumerate(outputs) if verdict_data(output) is not None), None)
    if at is None or at >= len(others):
        return others
    verdict = read_verdict([outputs[at]] if judged else [_cleaned(outputs[at])])
    if verdict is None:
        return others
    if judged:
        html: str | None = _judged(outputs[at], verdict, language)
    else:
        html = _claimed(verdict, language)
    if html is not None:
        others[at] = _output(outputs[at], verdict, html, judged=judged)
    return others


def _judged(output: Mapping[str, Any], verdict: Verdict, language: str) -> str:
    """The verdict as HTML, with the judge's own note where it had written one."""
    ways = [render.html(verdict, language, note) for note in _NOTES]
    return next((html for html in ways if html == output["data"].get("text/html")), ways[0])


def _claimed(verdict: Verdict, language: str) -> str | None:
    """The verdict of a kernel as HTML; None where it cannot be rendered."""
    try:
        return render.html(_tame(verdict, language), language, Text(UNTRUSTED))
    except (SynthlabError, LookupError, TypeError, ValueError, AttributeError, RecursionError):
        return None


def _tame(verdict: Verdict, language: str) -> Verdict:
    """The verdict with sentences whose formatting can do no harm."""
    properties = tuple(
        replace(
            found,
            goal=tame(found.goal, language),
            detail=None if found.detail is None else tame(found.detail, language),
            nudge=tame(found.nudge, language),
            method=tame(found.method, language),
        )
        for found in verdict.properties
    )
    summary = None if verdict.summary is None else tame(verdict.summary, language)
    return replace(verdict, properties=properties, summary=summary)


def _output(given: Mapping[str, Any], verdict: Verdict, html: str, *, judged: bool) -> NotebookNode:
    plain = given["data"].get("text/plain")
    text = "".join(plain) if isinstance(plain, list) else str(plain)
    return node(
        {
            "output_type": "execute_result",
            "execution_count": count(given.get("execution_count")),
            "data": {
                "text/plain": text if judged else terminal_text(text),
                "text/html": html,
                MIMETYPE: verdict.to_dict(),
            },
            "metadata": {MIMETYPE: {_MARK: judged}},
        }
    )


def _cleaned(output: Mapping[str, Any]) -> dict[str, Any]:
    """The output with the claim's texts free of what acts in a terminal or a page."""
    return {**output, "data": {MIMETYPE: _clean(verdict_data(output))}}


def _clean(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return plain_text(value, 5_000)
    if depth > 12:
        return None
    if isinstance(value, Mapping):
        return {str(key): _clean(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item, depth + 1) for item in value]
    return value
