"""Recorded runs: keyframes one after the other, which play without a kernel.

All numbers are little-endian::

    4 bytes   b"SLR1"
    uint32    H, the length of the header
    H bytes   the header: JSON in UTF-8, padded with spaces to a multiple of 8
    ...       the keyframes (`synthlab_widgets.frames`), each padded to a multiple of 8 bytes

The header is ``{"widget", "info", "steps": [...], "lengths": [...], "status": [...]}``:
per frame its step, its length without padding and what the views were told beside it.
``js/src/core/replay.ts`` reads it.
"""

from __future__ import annotations

import base64
import html
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from synthlab.errors import SynthlabError

MAGIC = b"SLR1"
_ALIGN = 8


@dataclass(frozen=True)
class Recording:
    """A run that was recorded.

    Attributes:
        widget: The widget's module, such as ``"gan_arena"``.
        info: What the browser is told once.
        frames: The keyframes, packed.
        steps: The step that each shows.
        status: What each was told beside the picture.
    """

    widget: str
    info: Mapping[str, Any]
    frames: tuple[bytes, ...]
    steps: tuple[int, ...]
    status: tuple[Mapping[str, Any], ...]

    def pack(self) -> bytes:
        """The recording as one block of bytes."""
        header = {
            "widget": self.widget,
            "info": self.info,
            "steps": self.steps,
            "lengths": [len(frame) for frame in self.frames],
            "status": self.status,
        }
        text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
        text += b" " * (-len(text) % _ALIGN)
        padded = (frame + bytes(-len(frame) % _ALIGN) for frame in self.frames)
        return b"".join([MAGIC, struct.pack("<I", len(text)), text, *padded])

    @classmethod
    def unpack(cls, data: bytes) -> Self:
        """The recording that `pack` made a block of.

        Raises:
            SynthlabError: When it is not a recording, or not a whole one.
        """
        try:
            if data[:4] != MAGIC:
                raise ValueError
            (length,) = struct.unpack_from("<I", data, 4)
            header = json.loads(data[8 : 8 + length])
            at, frames = 8 + length, []
            for size in header["lengths"]:
                frames.append(data[at : at + size])
                at += size + -size % _ALIGN
            if not frames or at != len(data):
                raise ValueError
            return cls(
                header["widget"],
                header["info"],
                tuple(frames),
                tuple(header["steps"]),
                tuple(header["status"]),
            )
        except (ValueError, KeyError, TypeError, struct.error):
            raise SynthlabError(
                "This is not a recorded run, or not a whole one: record it again."
            ) from None

    def save(self, path: str | Path) -> None:
        """Write the recording to a file, whole or not at all.

        Raises:
            SynthlabError: When the file cannot be written.
        """
        _write(Path(path), self.pack())

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Read a recording from a file.

        Raises:
            SynthlabError: When there is no such file, or it is not a recording.
        """
        try:
            return cls.unpack(Path(path).read_bytes())
        except OSError as error:
            raise SynthlabError(
                "{file} cannot be read: {reason}.", file=path, reason=error.strerror
            ) from None

    def page(self, title: str, traits: Mapping[str, Any], module: str, style: str) -> str:
        """A page that plays the recording in any browser, without Jupyter and without a network.

        Args:
            title: The page's title.
            traits: ``words``, ``language`` and ``direction``.
            module: The widget's module, as text.
            style: Its style sheet.
        """
        traits = {**traits, "info": self.info}
        return _PAGE.format(
            language=traits["language"],
            direction=traits["direction"],
            title=html.escape(title),
            style=style,
            traits=_in_script(json.dumps(traits)),
            module=_in_script(json.dumps(module)),
            keyframe=base64.b64encode(self.frames[0]).decode(),
            recording=base64.b64encode(self.pack()).decode(),
        )


def save_page(path: str | Path, page: str) -> None:
    """Write a page to a file, whole or not at all."""
    _write(Path(path), page.encode())


def _write(path: Path, data: bytes) -> None:
    unfinished = path.with_name(path.name + ".part")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError as error:
        raise SynthlabError(
            "{file} cannot be written: {reason}.", file=path, reason=error.strerror
        ) from None


def _in_script(text: str) -> str:
    """JSON that cannot end the script element that it stands in."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")


_PAGE = """\
<!doctype html>
<html lang="{language}" dir="{direction}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 1rem auto; max-inline-size: 62rem; padding-inline: 0.5rem; }}
{style}</style>
<h1 hidden>{title}</h1>
<main></main>
<script type="module">
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const traits = {traits};
traits.keyframe = bytes("{keyframe}");
traits.recording = bytes("{recording}");
const model = {{ get: (name) => traits[name], send() {{}}, on() {{}}, off() {{}} }};
const url = URL.createObjectURL(new Blob([{module}], {{ type: "text/javascript" }}));
const {{ default: widget }} = await import(url);
widget.render({{ model, el: document.querySelector("main") }});
</script>
</html>
"""
