"""Script in what a submission shows: it would run as the instructor, in formgrader."""

from __future__ import annotations

from typing import Any

from .attack import Attack, Off

NEUTRAL = "the preprocessor: what is not known to be harmless is not shown"


def shown(name: str, mechanism: str, word: str, **more: Any) -> Attack:
    return Attack(
        id=name,
        mechanism=mechanism,
        tries="to call the server as the instructor who looks at it",
        defence=NEUTRAL,
        off=Off(neutral=False),
        succeeded=lambda outcome, scene: scene.fill(word) in outcome.page,
        page=True,
        **more,
    )


def _answered_with(text: str) -> Any:
    def edit(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("written-"):
                cell["source"] = text

    return edit


_SCRIPT = "<script>window.owned = 1</script>"

SHOWN = [
    shown(
        "script-in-an-output",
        "an HTML output with a script",
        _SCRIPT,
        cells=(f"from IPython.display import HTML, display\ndisplay(HTML('{_SCRIPT}'))",),
    ),
    shown(
        "script-in-an-answer",
        "a Markdown answer with an image whose error runs a script",
        'onerror="window.owned',
        edit=_answered_with('The best one is <img src="x" onerror="window.owned = 1">.'),
    ),
    shown(
        "frame-in-an-output",
        "a Markdown output with a frame, whose document is an attribute",
        '<iframe srcdoc="',
        cells=(
            """
from IPython.display import Markdown, display
display(Markdown('<iframe srcdoc' + '="&lt;script&gt;parent.owned = 1&lt;/script&gt;"></iframe>'))
""",
        ),
    ),
    shown(
        "script-as-a-type",
        "an output of the type of JavaScript",
        "window.owned = 1",
        cells=("from IPython.display import Javascript\nJavascript('window.owned' + ' = 1')",),
    ),
]
