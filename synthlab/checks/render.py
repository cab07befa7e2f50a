"""A verdict as HTML, in the reader's language; as plain text it is `Verdict.text`.

Every status is told by a word, a symbol and a colour, never by colour alone. Numbers and names
from code read left to right inside right-to-left text. The colours are mid-tones with a
contrast of at least 3:1 on white and on JupyterLab's dark background; words have the theme's
own text colour.
"""

from __future__ import annotations

from html import escape

from synthlab.checks.verdict import PASSED, STATUS, PropertyVerdict, Status, Verdict, say
from synthlab.sentence import LRI, PDI
from synthlab.sentence import html as markup
from synthlab.words import N_, Text, direction
from synthlab.words import language as readers_language


def html(verdict: Verdict, language: str | None = None, note: Text | None = None) -> str:
    """The verdict as an accessible HTML section, in a language or the reader's.

    Args:
        verdict: What a check found.
        language: The language of the words.
        note: A sentence above the verdict, e.g. that nobody should trust it.
    """
    code = language or readers_language()
    symbol, word = STATUS[verdict.status]
    title, status = verdict.title(code), say(word, code)
    body = [
        f'<p class="head"><span class="symbol" aria-hidden="true">{symbol}</span> '
        f"<strong>{escape(status)}</strong> "
        f'<span class="quiet">· {markup(title)} · {markup(verdict.share(code))}</span></p>'
    ]
    if verdict.summary:
        body.append(paragraph(verdict.summary, code))
    if verdict.error and verdict.error.source:
        body.append(f'<pre dir="ltr"><code>{escape(verdict.error.source)}</code></pre>')
    items = "".join(_item(found, verdict.status, code) for found in verdict.properties)
    body.append(f'<ul role="list">{items}</ul>')
    if verdict.printed.strip():
        summary = escape(say(N_("What your code printed"), code))
        printed = f'<pre dir="ltr"><code>{escape(verdict.printed)}</code></pre>'
        body.append(f"<details><summary>{summary}</summary>{printed}</details>")
    return section("".join(body), f"{title}: {status}", str(verdict.status), code, note)


def section(body: str, label: str, kind: str, code: str, note: Text | None = None) -> str:
    """An HTML section with our style around a body.

    Args:
        body: HTML.
        label: What the section is, in words, for those who do not see it.
        kind: A status, or "message".
        code: The language of the words.
        note: A sentence above the body.
    """
    above = paragraph(note, code, "note") if note else ""
    return (
        f'<section class="synthlab-verdict {kind}" lang="{code}" dir="{direction(code)}" '
        f'aria-label="{escape(_bare(label))}"><style>{_STYLE}</style>{above}{body}</section>'
    )


def paragraph(sentence: Text, code: str, kind: str = "") -> str:
    """One sentence as an HTML paragraph, of a class where one is given."""
    attribute = f' class="{kind}"' if kind else ""
    return f"<p{attribute}>{_sentence(sentence, code)}</p>"


def _item(found: PropertyVerdict, status: Status, code: str) -> str:
    symbol, word, kind = PASSED[found.passed]
    # Where nothing was attempted, the list says what there is to do, not what came of it.
    told = "" if status is Status.NOT_ATTEMPTED else f"{escape(say(word, code))}."
    parts = [
        f'<li class="{kind}"><span class="symbol" aria-hidden="true">{symbol}</span><div>'
        f'<span class="word">{told}</span> {_sentence(found.goal, code)}'
    ]
    if found.detail:
        parts.append(paragraph(found.detail, code, "detail"))
    if found.passed is False:
        nudge, method = (paragraph(hint, code) for hint in found.hints)
        parts.append(
            f"<details><summary>{escape(say(N_('A hint'), code))}</summary>{nudge}"
            f"<details><summary>{escape(say(N_('The method'), code))}</summary>{method}"
            "</details></details>"
        )
    return "".join(parts) + "</div></li>"


def _sentence(sentence: Text, code: str) -> str:
    """A sentence as HTML, isolated, so that one not yet translated still reads its own way."""
    found = markup(sentence.render(code))
    return f"<bdi>{found}</bdi>" if direction(code) == "rtl" else found


def _bare(words: str) -> str:
    return words.replace(LRI, "").replace(PDI, "").replace("`", "")


_STYLE = """
.synthlab-verdict{--tone:#757575;border-inline-start:4px solid var(--tone);
padding-inline-start:14px;margin-block:6px;max-width:46rem;line-height:1.5;
font-family:var(--jp-content-font-family,system-ui,sans-serif);
font-size:var(--jp-content-font-size1,14px);color:var(--jp-content-font-color1,inherit)}
.synthlab-verdict.correct,.synthlab-verdict .holds{--tone:#2e7d32}
.synthlab-verdict.partial,.synthlab-verdict.timeout{--tone:#b26a00}
.synthlab-verdict.incorrect,.synthlab-verdict.error,.synthlab-verdict .fails{--tone:#c62828}
.synthlab-verdict .open{--tone:#757575}
.synthlab-verdict p{margin:2px 0;text-align:start}
.synthlab-verdict .head{font-size:1.1em;margin-block-end:6px}
.synthlab-verdict .symbol{color:var(--tone);font-weight:700;display:inline-block;
min-width:1.3em;text-align:center}
.synthlab-verdict .quiet,.synthlab-verdict .detail{color:var(--jp-content-font-color2,inherit)}
.synthlab-verdict .word{font-weight:600}
.synthlab-verdict ul[role=list]{list-style:none;margin:6px 0;padding:0}
.synthlab-verdict li{display:flex;gap:6px;margin:0 0 8px;padding:0}
.synthlab-verdict li>div{flex:1;min-width:0}
.synthlab-verdict .detail{font-variant-numeric:tabular-nums}
.synthlab-verdict summary{display:list-item;cursor:pointer;width:fit-content;padding-block:2px}
.synthlab-verdict details details{margin-inline-start:14px}
.synthlab-verdict details>p{margin-inline-start:14px}
.synthlab-verdict pre{overflow-x:auto;margin:4px 0;padding:6px 10px;max-height:16em;
background:var(--jp-layout-color2,rgba(128,128,128,.15));color:inherit;
font-family:var(--jp-code-font-family,monospace);font-size:.92em}
.synthlab-verdict code{font-family:var(--jp-code-font-family,monospace);background:none;
color:inherit;font-size:.95em}
.synthlab-verdict :not(pre)>code{display:inline-block;max-width:100%;line-height:1.3}
.synthlab-verdict .note{border:1px solid var(--jp-border-color1,#767676);padding:2px 8px;
margin-block-end:6px;width:fit-content}
""".replace("\n", "")
