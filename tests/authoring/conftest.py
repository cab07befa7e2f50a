"""A whole course in miniature, in a temporary folder, and a judge that knows its answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from synthlab.authoring.build import build
from synthlab.authoring.project import Project
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.words import Text

MANIFEST = """\
title = "A tiny course"
languages = ["en", "ar"]

[[unit]]
id = "tiny"
folder = "01-tiny"
title = "Twice"
minutes = 5
question = [
  { id = "tiny.guess", kind = "prediction", points = 1, target = "guess", title = "Guess" },
  { id = "tiny.double", kind = "formula", points = 15, title = "Double" },
  { id = "tiny.why", kind = "written", points = 4, title = "Why" },
]
"""

LESSON = """\
# Twice

Two sentences about doubling. They end here.

```python
x = 2
```


## Look

What is $2x$ when $x$ is three?

```python
{"doubled": 2 * x}
```
"""

SOLUTION = '''\
# %% [markdown] key="title"
# # Twice: exercises
#
# Double a number.

# %% key="setup"
import math

# %% tags=["answer:tiny.guess"]
guess = 12345678901234567

# %% tags=["check:tiny.guess"]
check("tiny.guess")

# %% tags=["answer:tiny.double"]
def double(x):
    """Return twice x."""
    total = x + x
    return total


# %% tags=["check:tiny.double"]
check("tiny.double")


# %% tags=["alternative:tiny.double:product"]
def double(x):
    product = 2 * x
    return product


# %% tags=["alternative:tiny.double:sum"]
def double(x):
    pair = [x, x]
    return sum(pair)


# %% tags=["mistake:tiny.double:square"] fails="value"
def double(x):
    return x * x


# %% tags=["mistake:tiny.double:positive"] fails="negative"
def double(x):
    return 2 * abs(x)


# %% tags=["mistake:tiny.double:raises"] fails="error"
def double(x):
    raise ValueError("no")


# %% [markdown] key="why"
# ## Why
#
# Explain why doubling is linear.

# %% [markdown] tags=["written:tiny.why"]
# Doubling is linear because it commutes with sums and with multiples of its argument.
'''


CATALOGUE = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'


def tiny_judge(check: str, namespace: Mapping[str, object], seed: int | None = None) -> Verdict:
    """Judge the tiny course: `value` looks at 3, `negative` at -3."""
    if check != "tiny.double":
        made = namespace.get("guess") is not None
        return _verdict(check, {"made": made or None}, None if made else Status.NOT_ATTEMPTED)
    double = namespace["double"]
    assert callable(double)
    try:
        return _verdict(check, {"value": double(3) == 6, "negative": double(-3) == -6})
    except NotImplementedError:
        return _verdict(check, {"value": None, "negative": None}, Status.NOT_ATTEMPTED)
    except Exception:
        return _verdict(check, {"value": None, "negative": None}, Status.ERROR)


def _verdict(check: str, passed: dict[str, bool | None], status: Status | None = None) -> Verdict:
    score = sum(p is True for p in passed.values()) / len(passed)
    if status is None:
        status = {0: Status.INCORRECT, 1: Status.CORRECT}.get(score, Status.PARTIAL)
    text = Text("text")
    properties = tuple(
        PropertyVerdict(name, state, 1.0, text, None, text, text) for name, state in passed.items()
    )
    return Verdict(check, status, score, properties)


@pytest.fixture
def tiny(tmp_path: Path) -> Project:
    """The tiny course, built."""
    project = Project.at(tmp_path / "tiny")
    files = {
        project.course_dir / "course.toml": MANIFEST,
        project.course_dir / "01-tiny" / "lesson.md": LESSON,
        tmp_path / "tiny" / "solutions" / "tiny.py": SOLUTION,
        tmp_path / "tiny" / "synthlab" / "checks" / "tiny" / "__init__.py": "",
        project.catalogue("tiny", "ar"): CATALOGUE,
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build(project)
    return project


@pytest.fixture
def judge() -> Callable[..., Verdict]:
    """What judges the tiny course."""
    return tiny_judge


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    """Replace one text in a file; the text must be there."""

    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace
