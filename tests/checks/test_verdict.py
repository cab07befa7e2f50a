"""A verdict is a value: it travels as JSON, gives points, and reads well in either language."""

from __future__ import annotations

import html.parser
import json
from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthlab import words
from synthlab.checks import render
from synthlab.checks.faults import ErrorReport
from synthlab.checks.verdict import PropertyVerdict, Status, Verdict
from synthlab.errors import SynthlabError
from synthlab.words import Text


def make(status=Status.PARTIAL, score=0.5, check="gan.discriminator_loss", **fields):
    detail = Text("Measured {measured}, expected {expected}.", {"measured": "-1", "expected": "2"})
    properties = (
        PropertyVerdict(
            *("value", True, 1.0, Text("The value is right."), detail),
            *(Text("Look at {x}.", {"x": "`a < b`"}), Text("Use softplus.")),
        ),
        PropertyVerdict("sign", False, 1.0, Text("`f` < 0."), detail, Text("n"), Text("m")),
        PropertyVerdict("finite", None, 1.0, Text("It is finite."), None, Text("n"), Text("m")),
    )
    return Verdict(check, status, score, properties, seed=5, **fields)


ERROR = ErrorReport("ValueError", "x < y & {brace}", "step", 3, "return '</code>' < 1")
VERDICTS = [
    make(Status.CORRECT, 1.0),
    make(),
    make(Status.INCORRECT, 0.0),
    make(Status.NOT_ATTEMPTED, 0.0, summary=Text("{name} is still None.", {"name": "f"})),
    make(
        *(Status.ERROR, 0.25),
        summary=Text("raised {type}: {m}", {"type": "ValueError", "m": ERROR.message}),
        error=ERROR,
        printed="<script>alert(1)</script>",
    ),
    make(Status.TIMEOUT, 0.0),
]
each_status = pytest.mark.parametrize("verdict", VERDICTS, ids=lambda v: str(v.status))


@each_status
def test_it_travels_as_json(verdict):
    data = json.loads(json.dumps(verdict.to_dict(), allow_nan=False))
    assert Verdict.from_dict(data) == verdict
    assert render.html(Verdict.from_dict(data), "en") == render.html(verdict, "en")


def test_it_is_frozen():
    with pytest.raises(FrozenInstanceError):
        make().score = 1.0


@pytest.mark.parametrize(
    "damage",
    [
        {},
        {"check": "x"},
        {**make().to_dict(), "status": "great"},
        {**make().to_dict(), "score": []},
    ],
)
def test_what_is_no_verdict_is_refused(damage):
    with pytest.raises(SynthlabError, match="not a verdict"):
        Verdict.from_dict(damage)


@given(st.floats(0, 1), st.integers(0, 20))
def test_points_are_a_plain_decimal_within_bounds(score, maximum):
    points = make(Status.PARTIAL, score).points(maximum)
    assert 0 <= points <= score * maximum + 1e-9
    assert points == pytest.approx(score * maximum, abs=0.01)
    assert repr(points).replace(".", "").isdigit()  # no sign, no exponent, no nan


def test_points_round_down():
    assert make(Status.PARTIAL, 0.9999).points(2) == 1.99
    assert make(Status.PARTIAL, 2 / 3).points(3) == 2.0
    assert make(Status.CORRECT, 1.0).points(3) == 3.0
    assert make(Status.PARTIAL, 1 / 3).points(1) == 0.33


def test_plain_text():
    lines = make().text("en").splitlines()
    assert lines[0] == "◐ Partly correct · The discriminator's loss · 1 of 2 points"
    assert lines[1:3] == ["  ✓ Holds: The value is right.", "      Measured -1, expected 2."]
    assert lines[3] == "  ✗ Does not hold: `f` < 0."
    assert lines[5] == "  ○ Not reached: It is finite."
    assert "3 line" not in make().text("en")
    assert "return '</code>' < 1" in VERDICTS[4].text("en")
    assert "50 %" in make(check="test.unknown").text("en")


class Page(html.parser.HTMLParser):
    """Reads HTML strictly enough to see what a browser would be told."""

    def __init__(self, source):
        super().__init__()
        self.open, self.tags, self.text = [], [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


@each_status
@pytest.mark.parametrize("language", ["en", "ar"])
def test_html_is_well_formed_and_tells_status_by_word(verdict, language):
    page = Page(render.html(verdict, language))
    assert page.open == []
    tag, attributes = page.tags[0]
    assert tag == "section"
    assert attributes["lang"] == language
    assert attributes["dir"] == {"en": "ltr", "ar": "rtl"}[language]
    assert verdict.status in attributes["class"].split()
    assert attributes["aria-label"]
    assert "script" not in {tag for tag, _ in page.tags}
    symbols = [a for t, a in page.tags if t == "span" and a.get("class") == "symbol"]
    assert len(symbols) == 1 + len(verdict.properties)
    assert all(a["aria-hidden"] == "true" for a in symbols)


def test_html_in_english_says_each_thing_once():
    text = " ".join("".join(Page(render.html(make(), "en")).text).split())
    for words_ in ("Partly correct", "Holds.", "Does not hold.", "Not reached.", "A hint"):
        assert text.count(words_) == 1
    assert "1 of 2 points" in text
    assert "`" not in text


def test_html_escapes_everything_foreign():
    source = render.html(VERDICTS[4], "en")
    assert "&lt;script&gt;" in source
    assert "x &lt; y &amp; {brace}" in source
    assert "return &#x27;&lt;/code&gt;&#x27; &lt; 1" in source


def test_hints_stand_behind_two_steps_and_only_where_something_fails():
    tags = Page(render.html(make(), "en")).tags
    assert [t for t, _ in tags].count("details") == 2  # one failed property: a hint, its method


def test_numbers_are_isolated_in_right_to_left_text():
    source = render.html(make(), "ar")
    assert '<bdi dir="ltr">-1</bdi>' in source
    assert "\u2066" not in source
    plain = make().text("ar")
    assert "\u2066-1\u2069" in plain
    assert "\u2066" not in make().text("en")


def test_code_in_backticks_becomes_code():
    assert '<code dir="ltr">f</code> &lt; 0.' in render.html(make(), "en")


def test_a_note_stands_above():
    text = "".join(Page(render.html(make(), "en", note=Text("Not to be relied on."))).text)
    assert text.startswith("Not to be relied on.")


def test_words_are_chosen_when_shown(monkeypatch):
    """The same verdict, read by someone else: nothing was translated when it was made."""
    arabic = {
        "Partly correct": "صحيح جزئيًّا",
        "Measured {measured}, expected {expected}.": "{measured}؟",
    }

    class Catalogue:
        def gettext(self, msgid):
            return arabic.get(msgid, msgid)

    real = words.catalogue
    monkeypatch.setattr(
        words, "catalogue", lambda d, code: Catalogue() if code == "ar" else real(d, code)
    )
    verdict = Verdict.from_dict(make().to_dict())
    assert "صحيح جزئيًّا" in render.html(verdict, "ar")
    assert '<bdi dir="ltr">-1</bdi>؟' in render.html(verdict, "ar")
    assert "Partly correct" in render.html(verdict, "en")
