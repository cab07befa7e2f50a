"""Output of a check cell: our own rendering of the verdict's data, never what came with it.

Who wrote the outputs decides what they are worth. Where the judge did (`mark_judged`), they are
a verdict. Where the student's kernel did, they are a claim: its sentences are formatted only where
that does no harm, and our words above it say that nobody should rely on it. Outputs of any other
cell never look like a verdict, whatever they hold.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from nbformat.notebooknode import NotebookNode

from synthlab.checks import render
from synthlab.checks.notebook import UNTRUSTED
from synthlab.checks.verdict import MIMETYPE, Verdict
from synthlab.errors import SynthlabError
from synthlab.grading.untrusted.notebook import cleaned, id_of, joined, mapping, node
from synthlab.grading.untrusted.outputs import SHOWN, count, rebuilt
from synthlab.grading.untrusted.text import one_line, plain_text, terminal_text
from synthlab.sentence import Counted
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

# A format field of a verdict's sentence: a name, and no width that could fill the memory.
_FIELD = re.compile(r"[a-z_][a-z0-9_]*")
_SPEC = re.compile(r"(\.\d)?[a-z%]?")


def verdict_data(output: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The data of the verdict in an output, if it is a result that holds some."""
    found = mapping(output.get("data")).get(MIMETYPE)
    known = output.get("output_type") == "execute_result" and isinstance(found, Mapping)
    return found if known else None


def read_verdict(outputs: Sequence[Mapping[str, Any]]) -> Verdict | None:
    """The first verdict among the outputs, if it is one."""
    found = next((data for data in map(verdict_data, outputs) if data is not None), None)
    return None if found is None else _read(found)


def _read(data: Mapping[str, Any]) -> Verdict | None:
    try:
        if len(json.dumps(data)) > MAX_VERDICT:
            return None
        verdict = Verdict.from_dict(data)
    except (SynthlabError, ValueError, TypeError, RecursionError):
        return None
    whole = 0 <= verdict.score <= 1 and all(isinstance(p.name, str) for p in verdict.properties)
    return verdict if whole else None


def mark_judged(notebook: NotebookNode, resources: MutableMapping[str, Any]) -> None:
    """Note which cells the judge decided; it calls this when it has written their outputs.

    It keeps no verdict that a kernel sent (`outputs.kept`), so those in the notebook are its own.

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
    others = list(outputs) if judged else rebuilt(outputs, SHOWN, language)
    at = next((i for i, output in enumerate(outputs) if verdict_data(output) is not None), None)
    if at is None or at >= len(others):
        return others
    given = outputs[at]
    data = given["data"][MIMETYPE]
    verdict = _read(data if judged else cleaned(data, 12, partial(plain_text, limit=5_000)))
    html = None if verdict is None else _html(given, verdict, language, judged=judged)
    if verdict is None or html is None:
        return others
    plain = joined(given["data"].get("text/plain"))
    shown = {
        "text/plain": plain if judged else terminal_text(plain),
        "text/html": html,
        MIMETYPE: verdict.to_dict(),
    }
    others[at] = node(
        {
            "output_type": "execute_result",
            "execution_count": count(given.get("execution_count")),
            "data": shown,
            "metadata": {MIMETYPE: {_MARK: judged}},
        }
    )
    return others


def _html(
    output: Mapping[str, Any], verdict: Verdict, language: str, *, judged: bool
) -> str | None:
    """The verdict as HTML, with the note that the judge wrote, or ours above a claim."""
    if judged:
        ways = [render.html(verdict, language, note) for note in _NOTES]
        return next((html for html in ways if html == output["data"].get("text/html")), ways[0])
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
            detail=found.detail and tame(found.detail, language),
            nudge=tame(found.nudge, language),
            method=tame(found.method, language),
        )
        for found in verdict.properties
    )
    summary = verdict.summary and tame(verdict.summary, language)
    return replace(verdict, properties=properties, summary=summary)


def sentence(text: Text, language: str) -> str:
    """A sentence of a verdict on one line, formatted where that is safe."""
    return one_line(tame(text, language).render(language))


def tame(text: Text, language: str) -> Text:
    """The sentence itself where it can be rendered without harm, else one that shows its words."""
    try:
        if _safe(text):
            text.render(language)
            return text
    except (KeyError, IndexError, ValueError, TypeError, AttributeError):
        pass
    return Text("{sentence}", {"sentence": one_line(text.msgid)})


def _safe(text: Text) -> bool:
    """Whether formatting can neither reach into an object nor make a huge string."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", text.domain):
        return False
    plural = text.msgid.plural if isinstance(text.msgid, Counted) else ""
    for message in (text.msgid, plural):
        for _, field, spec, _ in string.Formatter().parse(message):
            if field is not None and not (_FIELD.fullmatch(field) and _SPEC.fullmatch(spec or "")):
                return False
    return all(_safe(value) for value in text.params.values() if isinstance(value, Text))
