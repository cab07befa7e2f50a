"""Catalogues: what is extracted, what merging keeps, what readers see of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from synthlab.authoring.exercise import exercise_notebook
from synthlab.authoring.lesson import lesson_notebook
from synthlab.authoring.project import Project
from synthlab.authoring.prose import ALIGNED, UNTRANSLATED_CLOSE, UNTRANSLATED_OPEN, directed
from synthlab.authoring.show import merge_and_show
from synthlab.authoring.translate import code_messages, coverage, merged, template
from synthlab.authoring.wording import read_catalogue
from synthlab.errors import SynthlabError

Edit = Callable[[Path, str, str], None]

PROSE = [
    ("lesson/twice", "# Twice"),
    ("lesson/twice", "Two sentences about doubling. They end here."),
    ("lesson/look", "## Look"),
    ("lesson/look", "What is $2x$ when $x$ is three?"),
    ("exercise/title", "# Twice: exercises"),
    ("exercise/title", "Double a number."),
    ("exercise/why", "## Why"),
    ("exercise/why", "Explain why doubling is linear."),
]


def merge(project: Project, domain: str = "tiny") -> Path:
    """Merge the Arabic catalogue on disk."""
    path = project.catalogue(domain, "ar")
    text = merged(project, domain, "ar")
    assert text is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def translate_all(path: Path) -> None:
    """Translate every empty message, as ``ar: English``."""
    lines = path.read_text("utf-8").split("\n")
    for n, line in enumerate(lines):
        if line == 'msgstr ""' and lines[n - 1] != 'msgid ""':
            lines[n] = lines[n - 1].replace('msgid "', 'msgstr "ar: ', 1)
    path.write_text("\n".join(lines), encoding="utf-8")


def entry(path: Path, context: str, message: str) -> Message:
    found = read_catalogue(path, "ar").get(message, context)
    assert found is not None
    return found


def test_prose_of_lesson_and_exercise_in_reading_order(tiny: Project) -> None:
    found = [(m.context, m.id) for m in template(tiny, "tiny") if m.context]
    assert found == PROSE


def test_titles_of_the_manifest(tiny: Project) -> None:
    assert [m.id for m in template(tiny, "course") if m.id] == ["A tiny course"]
    found = [m.id for m in template(tiny, "tiny") if m.id and not m.context]
    assert found == ["Twice", "Guess", "Double", "Why"]


def write(project: Project, files: dict[str, str]) -> None:
    for name, code in files.items():
        path = project.course_dir.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")


def test_messages_of_the_code_by_domain(tiny: Project) -> None:
    files = {
        "synthlab/checks/core.py": 'goal = N_("Checked {x}.")\nText("")\nText("Shown.")',
        "synthlab/plots/common.py": 'title = words.N_(\n  "Real and "\n  "fake"\n)',
        "synthlab/authoring/lab.py": 'translate("cli", "Opened.")\ntranslate("cli", text)',
        "synthlab/metrics.py": 'N_("nobody reads this")',
        "widgets/synthlab_widgets/arena.py": 'N_("Run")',
    }
    write(tiny, files)
    found = {
        domain: [m.id for m in template(tiny, domain) if m.id]
        for domain in ("checks", "figures", "cli", "widgets")
    }
    assert found == {
        "checks": ["Checked {x}.", "Shown."],
        "figures": ["Real and fake"],
        "cli": ["Opened."],
        "widgets": ["Run"],
    }


#: What two units, a widget of each and shared code say.
TWO_UNITS = {
    "synthlab/checks/core.py": 'N_("Shared.")',
    "synthlab/checks/tiny/sum.py": 'N_("Tiny alone.")\nN_("Both.")\nN_("Shared.")',
    "synthlab/checks/more_yet/sum.py": 'N_("More alone.")\nN_("Both.")',
    "synthlab/models/tiny_lab/net.py": 'N_("A model is nobody\'s.")',
    "widgets/synthlab_widgets/tiny_lab/words.py": 'N_("Turn")\nN_("Run")',
    "widgets/synthlab_widgets/labels.py": 'N_("Run")',
}


@pytest.fixture
def two(tiny: Project, edit: Edit) -> Project:
    """The tiny course with a second unit, and a widget of the first."""
    more = """
[[unit]]
id = "more-yet"
folder = "02-more-yet"
title = "More"
minutes = 5
question = []
"""
    toml = tiny.course_dir / "course.toml"
    edit(toml, "minutes = 5\n", 'minutes = 5\nwidgets = ["TinyLab"]\n')
    toml.write_text(toml.read_text("utf-8") + more, encoding="utf-8")
    cell = '# %% [markdown] key="title"\n# # More\n'
    write(tiny, {"course/02-more-yet/lesson.md": "# More\n", "solutions/more-yet.py": cell})
    write(tiny, TWO_UNITS)
    return Project.at(tiny.course_dir.parent)


def test_a_unit_holds_what_its_own_checks_and_widgets_alone_say(two: Project) -> None:
    found = {
        domain: [m.id for m in template(two, domain) if m.id and not m.context]
        for domain in ("tiny", "more-yet", "checks", "widgets")
    }
    assert found == {
        "tiny": ["Tiny alone.", "Twice", "Guess", "Double", "Why", "Turn"],
        "more-yet": ["More alone.", "More"],
        "checks": ["Shared.", "Both."],
        "widgets": ["Run", "A model is nobody's."],
    }


BEFORE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Shared."
msgstr "مشترك."

msgid "Both."
msgstr "كلاهما."

# The sum, not the product.
msgid "Tiny alone."
msgstr "الصغيرة وحدها."

# English was: More.
#, fuzzy
msgid "More alone."
msgstr "المزيد."

#~ msgid "Said long ago."
#~ msgstr "قيل قديمًا."
"""


def test_a_catalogue_from_before_the_move_loses_no_translation(two: Project) -> None:
    """Every sentence stood in ``checks.po``; now each stands where its code is, as it was."""
    write(two, {"course/locale/ar/checks.po": BEFORE})
    merge_and_show(two)
    after = {name: two.catalogue(name, "ar").read_text("utf-8") for name in ("tiny", "more-yet")}
    checks = two.catalogue("checks", "ar").read_text("utf-8")
    moved = (
        "# The sum, not the product.\n#: synthlab/checks/tiny/sum.py\n"
        'msgid "Tiny alone."\nmsgstr "الصغيرة وحدها."\n'
    )
    assert moved in after["tiny"]
    assert '#, fuzzy\nmsgid "More alone."\nmsgstr "المزيد."' in after["more-yet"]
    assert "# English was: More.\n" in after["more-yet"]
    assert 'msgid "Shared."\nmsgstr "مشترك."' in checks
    assert 'msgid "Both."\nmsgstr "كلاهما."' in checks
    assert '#~ msgstr "قيل قديمًا."' in checks
    assert "alone" not in checks
    merge_and_show(two)  # a second time changes nothing
    assert {name: two.catalogue(name, "ar").read_text("utf-8") for name in after} == after


def test_a_sentence_that_a_second_unit_comes_to_say_takes_its_translation_back(
    two: Project,
) -> None:
    write(two, {"course/locale/ar/checks.po": BEFORE})
    merge_and_show(two)
    write(two, {"synthlab/checks/more_yet/other.py": 'N_("Tiny alone.")'})
    merge_and_show(two)
    assert 'msgstr "الصغيرة وحدها."' in two.catalogue("checks", "ar").read_text("utf-8")
    assert "Tiny alone." not in two.catalogue("tiny", "ar").read_text("utf-8")


def test_messages_are_found_in_reading_order() -> None:
    code = 'f(N_("a"), N_("b"))\ndef g():\n    N_("c")\nN_("d")'
    assert code_messages(code) == ("a", "b", "c", "d")


def test_merging_twice_changes_nothing(tiny: Project) -> None:
    path = merge(tiny)
    translate_all(path)
    once = merge(tiny).read_bytes()
    assert merge(tiny).read_bytes() == once
    assert b"POT-Creation-Date" not in once
    assert coverage(tiny, "tiny", "ar").complete


def test_a_changed_paragraph_turns_fuzzy_and_the_rest_stays(tiny: Project, edit: Edit) -> None:
    path = merge(tiny)
    translate_all(path)
    edit(tiny.lesson(tiny.course.unit("tiny")), "Two sentences", "Three sentences")
    merge(tiny)
    changed = entry(path, "lesson/twice", "Three sentences about doubling. They end here.")
    assert changed.fuzzy
    assert changed.string == "ar: Two sentences about doubling. They end here."
    assert "# English was: Two sentences about doubling. They end here." in path.read_text("utf-8")
    assert not entry(path, "lesson/look", "## Look").fuzzy
    found = coverage(tiny, "tiny", "ar")
    # eight messages of prose and four titles, one of them changed
    assert (found.total, found.translated, found.fuzzy, found.missing) == (12, 11, 1, 1)
    once = path.read_bytes()
    assert merge(tiny).read_bytes() == once
    edit(path, "#, fuzzy\n", "")  # the translator has looked at it
    assert "English was" not in merge(tiny).read_text("utf-8")


def test_a_paragraph_that_moves_to_another_cell_stays_translated(tiny: Project, edit: Edit) -> None:
    path = merge(tiny)
    translate_all(path)
    edit(tiny.lesson(tiny.course.unit("tiny")), "## Look", "## Look closer")
    merge(tiny)
    moved = entry(path, "lesson/look-closer", "What is $2x$ when $x$ is three?")
    assert not moved.fuzzy
    assert moved.string == "ar: What is $2x$ when $x$ is three?"


@pytest.mark.parametrize("translated", [True, False])
def test_of_what_vanishes_the_translation_is_kept(
    tiny: Project, edit: Edit, translated: bool
) -> None:
    path = merge(tiny)
    if translated:
        translate_all(path)
    edit(tiny.solution(tiny.course.unit("tiny")), "# Explain why doubling is linear.\n", "#\n")
    merge(tiny)
    obsolete = [line for line in path.read_text("utf-8").splitlines() if line.startswith("#~ msgs")]
    assert obsolete == ['#~ msgstr "ar: Explain why doubling is linear."'] * translated


def test_readers_see_translations_and_a_badge_for_the_rest(tiny: Project, edit: Edit) -> None:
    path = merge(tiny)
    translate_all(path)
    edit(path, 'msgstr "ar: Double a number."', 'msgstr ""')
    edit(path, 'msgstr "ar: # Twice: exercises"', 'msgstr "# ضعفان: تمارين"')
    edit(path, 'msgstr "ar: ## Look"', 'msgstr "## انظر"')
    edit(path, 'msgctxt "lesson/look"\nmsgid "What', '#, fuzzy\nmsgctxt "lesson/look"\nmsgid "What')
    exercise = exercise_notebook("tiny", "ar", project=tiny)
    badge = f"{UNTRANSLATED_OPEN}Double a number.{UNTRANSLATED_CLOSE}"
    said = directed(f"# ضعفان: تمارين\n\n{badge}", "ar")
    assert exercise.cells[0].source == ALIGNED + said
    lesson = lesson_notebook("tiny", "ar", project=tiny)
    stale = f"{UNTRANSLATED_OPEN}What is $2x$ when $x$ is three?{UNTRANSLATED_CLOSE}"
    assert lesson.cells[2].source == directed(f"## انظر\n\n{stale}", "ar")


def test_a_translation_with_other_fields_is_broken(tiny: Project) -> None:
    code = 'N_("{measured} is not {expected}.")\nN_("Fine {x:.2f}.")'
    write(tiny, {"synthlab/checks/tiny/sum.py": code})
    catalogue = merge(tiny)
    text = catalogue.read_text("utf-8")
    text = text.replace('{expected}."\nmsgstr ""', '{expected}."\nmsgstr "{measured} {expectd}"')
    text = text.replace('{x:.2f}."\nmsgstr ""', '{x:.2f}."\nmsgstr "{x} ok"')
    catalogue.write_text(text, encoding="utf-8")
    found = coverage(tiny, "tiny", "ar")
    assert found.broken == ("{measured} is not {expected}.",)
    assert not found.complete


def test_a_damaged_catalogue_is_told_in_a_sentence(tiny: Project) -> None:
    path = tiny.catalogue("tiny", "ar")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("This is no catalogue.")
    with pytest.raises(SynthlabError, match=r"tiny\.po is not a valid PO file"):
        merged(tiny, "tiny", "ar")
