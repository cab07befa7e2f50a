from __future__ import annotations

import json
from pathlib import Path

import pytest

from synthlab import locate, words
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


def test_fuzzy_and_empty_entries_fall_back_to_english(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "course" / "locale" / "ar"
    folder.mkdir(parents=True)
    (folder / "demo.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "loss"\nmsgstr "خسارة"\n\n'
        '#, fuzzy\nmsgid "mode"\nmsgstr "شيء قديم"\n\n'
        'msgid "step"\nmsgstr ""\n\n'
        'msgctxt "lesson/a"\nmsgid "loss"\nmsgstr "الخسارة"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(locate, "course", lambda: tmp_path / "course")
    words.catalogue.cache_clear()
    try:
        assert words.translate("demo", "loss", "ar") == "خسارة"
        assert words.translate("demo", "mode", "ar") == "mode"
        assert words.translate("demo", "step", "ar") == "step"
        assert words.translate("demo", "loss", "ar", context="lesson/a") == "الخسارة"
        assert words.translate("demo", "", "ar") == ""
        inner = words.Text("loss", domain="demo")
        text = words.Text("{what}: {value:.1f}", {"what": inner, "value": 2}, domain="demo")
        assert text.render("ar") == "خسارة: 2.0"
        assert text.render("en") == "loss: 2.0"
    finally:
        words.catalogue.cache_clear()
