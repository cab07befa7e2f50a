"""Outputs of a kernel that nobody trusts: kept when they are of a known shape, within bounds.

What a kernel sends becomes part of a notebook that nbformat validates and exporters render. So
an output is rebuilt here from the parts that are what they should be; the rest is left away.
Whether what it shows *does* something is the business of those who show it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from synthlab.checks.verdict import MIMETYPE
from synthlab.grading.untrusted.outputs import PICTURES, about_picture

#: How many outputs a cell keeps.
MOST = 200
_NAME = 100


def tidy(outputs: Iterable[Any], size: int) -> list[dict[str, Any]]:
    """The outputs of one cell as valid nbformat, at most ``size`` characters in all."""
    kept: list[dict[str, Any]] = []
    for output in outputs:
        found = _output(output) if isinstance(output, Mapping) else None
        if found is None:
            continue
        size -= len(json.dumps(found))
        if size < 0 or len(kept) >= MOST:
            break
        kept.append(found)
    return kept


def _output(output: Mapping[str, Any]) -> dict[str, Any] | None:
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return {"output_type": "stream", "name": output["name"], "text": _text(output.get("text"))}
    if kind == "error":
        lines = output.get("traceback")
        lines = lines if isinstance(lines, list) else []
        return {
            "output_type": "error",
            "ename": _text(output.get("ename"))[:_NAME],
            "evalue": _text(output.get("evalue"))[:10_000],
            "traceback": [_text(line) for line in lines[:200]],
        }
    if kind in ("display_data", "execute_result"):
        data = output.get("data")
        data = data if isinstance(data, Mapping) else {}
        found: dict[str, Any] = {
            "output_type": kind,
            "data": {k: v for k, v in map(_entry, data.items()) if v is not None},
            "metadata": {k: v for k in PICTURES if (v := about_picture(output.get("metadata"), k))},
        }
        if kind == "execute_result":
            found["execution_count"] = number(output.get("execution_count"))
        return found
    return None


def number(count: Any) -> int | None:
    """A cell's number as nbformat allows it."""
    return count if type(count) is int and 0 <= count < 2**31 else None


def _entry(pair: tuple[Any, Any]) -> tuple[str, Any]:
    name, value = _text(pair[0])[:_NAME], pair[1]
    if name == MIMETYPE or "/" not in name:  # a verdict comes from the judge alone
        return name, None
    if name.endswith("json"):
        return name, value if _plain(value) else None
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        value = "".join(value)
    return name, _text(value) if isinstance(value, str) else None


def _plain(value: Any, depth: int = 20) -> bool:
    """Whether JSON can hold it, and nothing in it is nested without end."""
    if depth < 0:
        return False
    if isinstance(value, str):
        return value == _text(value)
    if isinstance(value, Mapping):
        return all(_plain(k) and _plain(v, depth - 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_plain(v, depth - 1) for v in value)
    return (
        value is None
        or isinstance(value, (bool, int))
        or (isinstance(value, float) and math.isfinite(value))
    )


def _text(value: Any) -> str:
    """Text that every encoder can write."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else ""
