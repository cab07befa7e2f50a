"""HTML and pictures of unknown intent, reduced to what can only be looked at.

An allowlist decides, through nh3 (the Rust library ammonia, which parses as a browser does).
What stays: text, tables, lists, figures as data, emphasis, links that name another host and
open in a tab of their own. What does not: scripts, forms, frames, style sheets, ids, classes
other than those of highlighted code and of tables, and every address that is fetched by itself.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from html import escape

import nh3
from pygments.token import STANDARD_TYPES

#: Characters of the largest picture (base64); a figure of matplotlib has some 50,000.
MAX_PICTURE = 4_000_000
#: Pixels of the largest picture, so that a small file cannot unpack into a full memory.
MAX_PIXELS = 40_000_000

#: The pictures that are shown, and what the bytes of each kind begin with.
PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_ADDRESS = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=\s]*)", re.IGNORECASE)
#: Characters of the longest HTML that is parsed; a table of a thousand rows has a third of it.
MAX_HTML = 1_000_000
#: Tags of the busiest HTML that is parsed: nh3's time grows with their square (20,000 nested
#: ones took 1.4 s).
MAX_TAGS = 20_000
#: Levels of nesting that are kept; tables in lists in quotes have some ten.
MAX_DEPTH = 100

_TAGS = {
    *("a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col"),
    *("colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p"),
    *("pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub"),
    *("summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul"),
    "var",
}
# Dropped with what is in them: it is no text for a reader.
_DROPPED = {
    *("script", "style", "iframe", "object", "embed", "noscript", "template", "textarea"),
    *("select", "title", "head", "svg", "math", "audio", "video", "noembed", "noframes", "xmp"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "style"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "table": {"border"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
_NUMBERS = {"span", "start", "width", "height", "border", "colspan", "rowspan"}
# None of them can move a thing out of its place, cover another, or fetch.
_STYLES = {"text-align", "vertical-align", "font-weight", "font-style", "text-decoration"}
_CODE = {name for name in STANDARD_TYPES.values() if name}

#: What every piece of a student's markup stands in: nothing is painted outside it, whatever
#: mathematics or a style may try.
_OPEN = '<div dir="auto" style="contain:paint;overflow-x:auto">'
_CLOSE = "</div>"

# TeX commands with which MathJax makes links, classes, ids, styles and further HTML, or loads
# something. An invisible word joiner behind the backslash makes them no commands any more.
_COMMANDS = re.compile(
    r"\\(?=(?:href|url|class|cssId|style|unicode|require|bbox|mmlToken|HTML|data|tooltip|texttip"
    r"|includegraphics|csname|begingroup|enclose|action)(?![a-zA-Z]))"
)
_JOINER = "\\\u2060"

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)")
_VOID = {"br", "col", "hr", "img"}

# Every character at which str.splitlines or a Markdown parser begins a new line.
_BREAKS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def harmless_html(html: str) -> str:
    """HTML that does nothing, as one line, in a box of its own.

    Applying it again changes nothing. What is too long, too busy or too deep to be parsed is
    shown as text.
    """
    if is_box(html):
        html = html[len(_OPEN) : -len(_CLOSE)]
    if len(html) > MAX_HTML or html.count("<") > MAX_TAGS:
        return box(as_text(html))
    found = _CLEANER.clean(html)
    return box(as_text(html) if _depth(found) > MAX_DEPTH else found)


def is_box(html: str) -> bool:
    """Whether this has the shape of what `box` makes."""
    return html.startswith(_OPEN) and html.endswith(_CLOSE) and not _BREAKS.search(html)


def as_text(text: str, limit: int = 20_000) -> str:
    """Text as preformatted HTML, cut after ``limit`` characters."""
    shown = text if len(text) <= limit else f"{text[:limit]}…"
    return f"<pre>{escape(shown, quote=False)}</pre>"


def box(html: str) -> str:
    """Clean HTML as one line inside the box; its TeX has no commands that make HTML."""
    # A line break is kept as a reference: a blank line would end an HTML block in Markdown. So
    # is "[": nbconvert looks for links in what is HTML already, in time that grows with the
    # square of their number (60,000 kept formgrader busy for 21 s).
    line = _BREAKS.sub("&#10;", _COMMANDS.sub(lambda _: _JOINER, html)).replace("[", "&#91;")
    return f"{_OPEN}{line}{_CLOSE}"


def picture(kind: str, data: str) -> str | None:
    """The base64 of a picture of a kind of `PICTURES`, on one line; None where it is none."""
    if len(data) > MAX_PICTURE:
        return None
    text = "".join(data.split())
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    if not raw.startswith(PICTURES[kind]) or (kind == "image/png" and not _small(raw)):
        return None
    return text


def _image_address(address: str) -> str | None:
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


def _attribute(tag: str, name: str, value: str) -> str | None:
    if tag == "img" and name == "src":
        return _image_address(value)
    if name in _NUMBERS:
        return value if value.isascii() and value.isdigit() and len(value) <= 4 else None
    if name == "dir":
        return value if value in ("ltr", "rtl", "auto") else None
    if name == "href":
        return value if len(value) <= 2_000 else None
    return value[:500]


_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags=_DROPPED,
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    allowed_classes={"span": _CODE, "div": {"highlight"}, "table": {"dataframe"}},
    filter_style_properties=_STYLES,
    url_schemes={"http", "https", "mailto", "data"},
    url_relative="deny",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
)


def _depth(html: str) -> int:
    """The deepest level of the cleaned HTML, in which every tag is closed."""
    deepest = level = 0
    for closes, name in _TAG.findall(html):
        if name not in _VOID:
            level += -1 if closes else 1
            deepest = max(deepest, level)
    return deepest
