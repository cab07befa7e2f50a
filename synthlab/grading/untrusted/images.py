"""Pictures as data: which ones are shown, and how large they may be."""

from __future__ import annotations

import base64
import binascii
import re
import struct

#: Characters of the largest picture (base64); a figure of matplotlib has some 50,000.
MAX_PICTURE = 4_000_000
#: Pixels of the largest picture, so that a small file cannot unpack into a full memory.
MAX_PIXELS = 40_000_000

#: What the bytes of each kind begin with.
_BEGINS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}
_ADDRESS = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)


def picture(kind: str, data: object) -> str | None:
    """The base64 of a picture, on one line; None where it is none.

    Args:
        kind: ``"image/png"`` or ``"image/jpeg"``.
        data: What stands for it in a notebook.
    """
    if not isinstance(data, str) or len(data) > MAX_PICTURE:
        return None
    text = "".join(data.split())
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw.startswith(_BEGINS[kind]) or (kind == "image/png" and not _small(raw)):
        return None
    return text


def image_address(address: str) -> str | None:
    """A ``data:`` address of a picture, written anew; None for every other address."""
    found = _ADDRESS.fullmatch(address.strip()) if len(address) <= MAX_PICTURE else None
    if found is None:
        return None
    kind = found[1].lower()
    data = picture(kind, found[2])
    return None if data is None else f"data:{kind};base64,{data}"


def _small(png: bytes) -> bool:
    """Whether a PNG's header, its first chunk, names a bearable size."""
    if len(png) < 24 or png[12:16] != b"IHDR":
        return False
    width, height = struct.unpack(">II", png[16:24])
    return bool(0 < width * height <= MAX_PIXELS)
