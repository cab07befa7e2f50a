"""Sentences: what is isolated in text that reads from the right, and what counts choose."""

from __future__ import annotations

import json

import pytest

from synthlab import words
from synthlab.errors import SynthlabError
from synthlab.sentence import LRI, PDI, Counted, Text, html, isolate


@pytest.mark.parametrize(
    ("sentence", "isolated"),
    [
        ("من -2000 إلى 3.", "من <-2000> إلى 3."),
        ("الشكل (3, 4)، أو (n,).", "الشكل <(3, 4)>، أو <(n,)>."),
        ("أي (1/8)^2 = 1/64.", "أي <(1/8)^2 = 1/64>."),
        (
            "تبدأ بـ ```claim وتنتهي بـ ```، لا `()`",
            "تبدأ بـ <```claim> وتنتهي بـ <```>، لا <`()`>",
        ),
        ("قيمة V(D*) هي *x*", "قيمة <V(D*)> هي *x*"),
        ("نادِ `loss.backward()` ثم `x`.", "نادِ <`loss.backward()`> ثم `x`."),
        ("نحو 3 ms، أي 50 %", "نحو <3 ms>، أي <50 %>"),
        ("(انظر GAN)، و**-3** و[رابط](#a-b)", "(انظر GAN)، و**<-3>** و[رابط](#a-b)"),
        ("- بند: $-2$ و1.5 و20% و2,000", "- بند: $-2$ و1.5 و20% و2,000"),
        ("| -3 | بين ({low}, {high}) |", "| <-3> | بين <({low}, {high})> |"),
        ("من \ue000 إلى \ue001 `x`، -3", "من \ue000 إلى <\ue001 `x`>، <-3>"),  # private characters
        ("Expected (3, 4).", "<Expected (3, 4).>"),  # not translated: it reads from the left
        ("Wasserstein GAN", "Wasserstein GAN"),
    ],
)
def test_what_could_be_turned_round_is_isolated_once(sentence, isolated) -> None:
    expected = isolated.replace("<", LRI).replace(">", PDI)
    assert isolate(sentence) == expected
    assert isolate(expected) == expected


def test_isolates_become_elements() -> None:
    assert (
        html(isolate("من -2، ثم `f(x)` أو <"))
        == 'من <bdi dir="ltr">-2</bdi>، ثم <code dir="ltr">f(x)</code> أو &lt;'
    )


ARABIC = {
    "{name} must be {value:.1f}.": "يجب أن يكون {name} هو {value:.1f}.",
    "{n} bin": ["لا فئات", "فئة", "فئتان", "{n} فئات", "{n} فئةً", "{n} فئة"],
}


class Catalogue:
    """Arabic for the messages of this file."""

    def gettext(self, msgid):
        return ARABIC.get(msgid, msgid)

    def ngettext(self, msgid, plural, n):
        few, many = 3 <= n % 100 <= 10, n % 100 >= 11
        return ARABIC[msgid][n if n < 3 else 3 if few else 4 if many else 5]


@pytest.fixture
def arabic(monkeypatch):
    real = words.catalogue
    monkeypatch.setattr(
        words, "catalogue", lambda d, code: Catalogue() if code == "ar" else real(d, code)
    )


def test_a_value_cannot_break_out_of_its_isolate(arabic) -> None:
    text = Text("{name} must be {value:.1f}.", {"name": f"-x{PDI}\u202e", "value": -2})
    assert text.render("ar") == f"يجب أن يكون {LRI}-x{PDI} هو {LRI}-2.0{PDI}."
    assert text.render("en") == "-x must be -2.0."


def test_an_error_reads_in_the_readers_language(arabic, monkeypatch) -> None:
    error = SynthlabError("{name} must be {value:.1f}.", name="lr", value=-2)
    assert str(error) == "lr must be -2.0."
    monkeypatch.setenv("SYNTHLAB_LANGUAGE", "ar")
    assert str(error) == f"يجب أن يكون lr هو {LRI}-2.0{PDI}."


def test_a_count_chooses_the_plural(arabic) -> None:
    bins = words.N_("{n} bin", "{n} bins")
    assert isinstance(bins, Counted)
    said = {n: Text(bins, {"n": n}).render("ar") for n in (0, 1, 2, 3, 11, 100, "0.5", "nan")}
    assert said == {
        **{0: "لا فئات", 1: "فئة", 2: "فئتان", 3: "3 فئات", 11: "11 فئةً", 100: "100 فئة"},
        **{"0.5": "0.5 فئة", "nan": "nan فئة"},
    }
    assert [Text(bins, {"n": n}).render("en") for n in (1, 2)] == ["1 bin", "2 bins"]


def test_a_plural_survives_the_wire(arabic) -> None:
    bins = Text(words.N_("{n} bin", "{n} bins"), {"n": 2})
    whole = Text("{name} must be {value}.", {"name": "k", "value": bins})
    read = Text.from_dict(json.loads(json.dumps(whole.to_dict())))
    assert read.render("en") == "k must be 2 bins."
    assert read.params["value"].render("ar") == "فئتان"
    assert "plural" not in whole.to_dict()  # as verdicts were written before there were plurals


def test_the_browser_gets_all_forms(arabic) -> None:
    table = {"bins": words.N_("{n} bin", "{n} bins"), "run": "Run"}
    assert words.phrases("checks", table, "en") == {
        **{"lang": "en", "run": "Run", "bins.one": "{n} bin", "bins.other": "{n} bins"},
    }
    categories = ("zero", "one", "two", "few", "many", "other")
    forms = {f"bins.{c}": form for c, form in zip(categories, ARABIC["{n} bin"], strict=True)}
    assert words.phrases("checks", table, "ar") == {"lang": "ar", "run": "Run", **forms}
    assert words.counted({"lang": "ar", **forms}, "bins", 2) == "فئتان"
