from __future__ import annotations

import json
from pathlib import Path

import pytest

from synthlab import locate, manifest, words
from synthlab.errors import SynthlabError


@pytest.fixture(autouse=True)
def _nobody_has_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv("SYNTHLAB_LANGUAGE", raising=False)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    words.set_language(None)
    yield
    words.set_language(None)


def notebook(path: Path, language: str) -> Path:
    path.write_text(json.dumps({"metadata": {"synthlab": {"language": language}}}))
    return path


def test_english_is_the_language_of_those_who_say_nothing() -> None:
    assert words.language() == "en"


def test_a_folder_above_gives_its_language(tmp_path, monkeypatch) -> None:
    (tmp_path / words.SETTINGS).write_text('language = "ar"\n')
    below = tmp_path / "autograded" / "layla" / "gan"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert words.language() == "ar"


def test_the_open_notebook_outranks_its_folder(tmp_path, monkeypatch) -> None:
    (tmp_path / words.SETTINGS).write_text('language = "ar"\n')
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(tmp_path / "gan.ipynb", "en")))
    assert words.language() == "en"


def test_a_notebook_name_relative_to_the_server_is_found_beside_the_kernel(
    tmp_path, monkeypatch
) -> None:
    notebook(tmp_path / "gan.ipynb", "ar")
    monkeypatch.setenv("JPY_SESSION_NAME", "exercises/gan.ipynb")
    assert words.language() == "ar"


def test_the_variable_outranks_the_notebook_and_the_choice_outranks_all(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", str(notebook(tmp_path / "gan.ipynb", "ar")))
    monkeypatch.setenv("SYNTHLAB_LANGUAGE", "en")
    assert words.language() == "en"
    words.set_language("ar")
    assert words.language() == "ar"


@pytest.mark.parametrize("damage", ["", "not toml", "language = 7", 'language = "tlh"'])
def test_damaged_settings_mean_english(damage, tmp_path) -> None:
    (tmp_path / words.SETTINGS).write_text(damage)
    assert words.language() == "en"


def test_an_unknown_language_is_refused_with_those_that_exist() -> None:
    with pytest.raises(SynthlabError, match="'ar'"):
        words.set_language("arr")


def test_only_arabic_reads_from_the_right() -> None:
    assert (words.direction("en"), words.direction("ar")) == ("ltr", "rtl")


HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
MANIFEST = """
title = "Two units"
languages = ["en", "ar"]
unit = [
  { id = "first", folder = "00-first", title = "First", minutes = 5, question = [] },
  { id = "second", folder = "01-second", title = "Second", minutes = 5, question = [] },
]
"""


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Write the course's catalogues: ``course(demo='msgid …')``."""
    folder = tmp_path / "course" / "locale" / "ar"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "course.toml").write_text(MANIFEST, encoding="utf-8")
    monkeypatch.setattr(locate, "course", lambda: tmp_path / "course")
    cached = (words.catalogue, manifest.load)
    for one in cached:
        one.cache_clear()

    def write(**texts: str) -> None:
        for name, text in texts.items():
            (folder / f"{name}.po").write_text(HEAD + text, encoding="utf-8")

    yield write
    for one in cached:
        one.cache_clear()


def test_fuzzy_and_empty_entries_fall_back_to_english(course) -> None:
    course(
        demo='msgid "loss"\nmsgstr "خسارة"\n\n'
        '#, fuzzy\nmsgid "mode"\nmsgstr "شيء قديم"\n\n'
        'msgid "step"\nmsgstr ""\n\n'
        'msgctxt "lesson/a"\nmsgid "loss"\nmsgstr "الخسارة"\n'
    )
    assert words.translate("demo", "loss", "ar") == "خسارة"
    assert words.translate("demo", "mode", "ar") == "mode"
    assert words.translate("demo", "step", "ar") == "step"
    assert words.translate("demo", "loss", "ar", context="lesson/a") == "الخسارة"
    assert words.translate("demo", "", "ar") == ""
    inner = words.Text("loss", domain="demo")
    text = words.Text("{what}: {value:.1f}", {"what": inner, "value": 2}, domain="demo")
    assert text.render("ar") == "خسارة: 2.0"
    assert text.render("en") == "loss: 2.0"


def test_a_sentence_of_one_unit_is_found_in_the_catalogue_of_that_unit(course) -> None:
    course(
        checks='msgid "shared"\nmsgstr "مشترك"\n',
        first='msgctxt "quiz/a"\nmsgid "wrapped twice"\nmsgstr "سؤال"\n',
        second='msgid ""\n"wrapped "\n"twice"\nmsgstr "ملفوف"\n\n'
        'msgid "a \\"quoted\\" word"\nmsgstr "كلمة"\n\n'
        'msgid "one"\nmsgid_plural "many"\n' + "".join(f'msgstr[{n}] "{n}"\n' for n in range(6)),
    )
    for domain in ("checks", "widgets"):
        assert words.translate(domain, "wrapped twice", "ar") == "ملفوف"
        assert words.translate(domain, 'a "quoted" word', "ar") == "كلمة"
        assert words.translate(domain, "wrapped twice", "en") == "wrapped twice"
        assert words.translate(domain, "wrapped", "ar") == "wrapped"
        # the first forms of Arabic: 0, 1, 2, few (3 to 10)
        numbers = [words.catalogue(domain, "ar").ngettext("one", "many", n) for n in (0, 2, 3)]
        assert numbers == ["0", "2", "3"]
    assert words.translate("figures", "wrapped twice", "ar") == "wrapped twice"


def test_only_a_unit_that_says_the_sentence_is_read(course) -> None:
    course(first="this is no catalogue", second='msgid "loss"\nmsgstr "خسارة"\n')
    assert words.translate("checks", "loss", "ar") == "خسارة"
