"""Capture of what observed code prints, away from the notebook.

nbgrader gives 0 points to a check cell with anything on stderr, a harmless warning included.
So while learner code runs, ``sys.stdout`` and ``sys.stderr``, the stream objects that stood
there before (a logging handler may hold one), Python's warnings and the file descriptors 1 and
2 (torch's C++ warnings) all end in one bounded buffer.

Runs on the learner's side; imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any, TextIO

#: How many characters of the learner's output a verdict keeps.
LIMIT = 4_000


class _Bounded(io.TextIOBase):
    """A text stream that keeps the first `limit` characters."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.parts: list[str] = []
        self.kept = 0
        self.dropped = False

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        room = self.limit - self.kept
        piece = text[:room]
        if piece:
            self.parts.append(piece)
            self.kept += len(piece)
        self.dropped = self.dropped or len(text) > room
        return len(text)

    def show_warning(
        self,
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        self.write(warnings.formatwarning(message, category, filename, lineno, line))

    def text(self) -> str:
        return "".join(self.parts) + ("…" if self.dropped else "")


class Printed:
    """What was printed inside `captured`; complete once the block has ended."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stream = _Bounded(limit)
        self._descriptors = ""

    def text(self) -> str:
        """Everything printed, at most the limit and an ellipsis."""
        found = self._stream.text() + self._descriptors
        return found if len(found) <= self._limit + 1 else found[: self._limit] + "…"


@contextlib.contextmanager
def captured(limit: int = LIMIT) -> Iterator[Printed]:
    """Collect everything printed in the block; restore streams, warnings and descriptors."""
    printed = Printed(limit)
    stream = printed._stream
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("default")
        warnings.showwarning = stream.show_warning
        stack.enter_context(_descriptors(printed))
        for name in ("stdout", "stderr"):
            old = getattr(sys, name)
            stack.callback(setattr, sys, name, old)
            stack.enter_context(_diverted(old, stream))
            setattr(sys, name, stream)
        yield printed


@contextlib.contextmanager
def _diverted(old: Any, stream: _Bounded) -> Iterator[None]:
    """Send writes to a stream object that others may hold into `stream`."""
    had = "write" in getattr(old, "__dict__", {})
    try:
        before = old.write
        old.write = stream.write
    except AttributeError:  # no stream there (pythonw), or one that cannot be changed
        yield
        return
    try:
        yield
    finally:
        if had:
            old.write = before
        else:
            del old.write


@contextlib.contextmanager
def _descriptors(printed: Printed) -> Iterator[None]:
    """Send file descriptors 1 and 2 into a temporary file, and read it at the end."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        saved: list[tuple[int, int]] = []
        _flush()
        for number in (1, 2):
            try:
                copy = os.dup(number)
            except OSError:  # closed: nothing can reach it
                continue
            os.dup2(file.fileno(), number)
            saved.append((number, copy))
        try:
            yield
        finally:
            _flush()
            for number, copy in saved:
                os.dup2(copy, number)
                os.close(copy)
            file.seek(0)
            raw = file.read(4 * printed._limit)
            printed._descriptors = raw.decode("utf-8", "replace")


def _flush() -> None:
    for stream in (sys.__stdout__, sys.__stderr__):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()  # type: ignore[union-attr]
