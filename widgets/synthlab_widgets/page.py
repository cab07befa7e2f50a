"""Widgets on a page, in the reader's language, with the built files and words of their folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from synthlab.words import check_language, direction
from synthlab.words import language as reader_language
from synthlab_widgets.words import words

STATIC = Path(__file__).resolve().parent / "static"


def asset(name: str) -> Path | str:
    """A built file of the front end; where none was built, a module that says so on screen."""
    path = STATIC / name
    if path.is_file():
        return path
    if name.endswith(".css"):
        return ""
    return (
        "// the front end is not built\n"
        "export default { render({ el }) { el.textContent = 'The front end of synthlab is not "
        "built. Run: npm --prefix widgets install && npm --prefix widgets run build'; } };\n"
    )


def chosen(language: str | None) -> str:
    """The language asked for, or the reader's; raises SynthlabError when there is no such one."""
    return check_language(language) if language is not None else reader_language()


class PageWidget(anywidget.AnyWidget):
    """A widget of the course. A class in ``synthlab_widgets.NAME.widget`` is the widget ``NAME``.

    Args:
        language: Code of a language of the course; None for the reader's.
        folder: The widget whose words it speaks, where it is not the one of its class.
        traits: What else the browser gets.

    Raises:
        SynthlabError: When there is no such language.
    """

    #: The widget's name, which its folders bear in Python and in TypeScript.
    _folder: str

    words = traitlets.Dict().tag(sync=True)
    language = traitlets.Unicode().tag(sync=True)
    direction = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        package, name, *rest = [*cls.__module__.split("."), ""]
        known = getattr(cls, "_folder", None)  # traitlets makes subclasses of a class that has one
        if package == "synthlab_widgets" and rest[:1] == ["widget"] and name != known:
            cls._folder, cls._esm, cls._css = name, asset(f"{name}.js"), asset(f"{name}.css")
        super().__init_subclass__(**options)

    def __init__(self, language: str | None, folder: str | None = None, **traits: Any) -> None:
        code = chosen(language)
        super().__init__(
            words=words(folder or self._folder, code),
            language=code,
            direction=direction(code),
            **traits,
        )
