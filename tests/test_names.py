"""Names of modules: the first line of each begins with the thing that it is about."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("synthlab", "widgets/synthlab_widgets", "widgets/js/src", "widgets/labext/src")
INDIRECT = re.compile(r'(?:"""|/\*\*\s*(?:\n \* )?)(What|Whether|How)\b')


def test_a_modules_first_line_begins_with_the_thing() -> None:
    files = [
        path
        for folder in (*FOLDERS, "benchmarks", "tests")
        for suffix in ("py", "ts", "tsx")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
    ]
    assert len(files) > 400
    indirect = [path for path in files if INDIRECT.match(path.read_text(encoding="utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in indirect] == []
