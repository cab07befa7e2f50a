"""Routes: what they answer, and whom and what they refuse."""

from __future__ import annotations

import json

import nbformat
import pytest
import requests

from synthlab import manifest
from synthlab.server.base import BODY_LIMIT
from tests.server.conftest import EXERCISE, LESSON

#: Every route with every verb that it has, and what an ordinary request brings.
VERBS = [
    ("GET", "course", {"path": LESSON}, None),
    ("PUT", "place", {}, {"path": LESSON}),
    ("GET", "check", {"path": EXERCISE}, None),
    ("POST", "check", {}, {"path": EXERCISE}),
    ("DELETE", "check", {"path": EXERCISE}, None),
    ("POST", "hint", {}, {"path": EXERCISE, "question": "gan.ring"}),
    ("POST", "reset", {}, {"path": EXERCISE}),
    ("POST", "language", {}, {"path": EXERCISE, "language": "ar"}),
    ("GET", "glossary", {}, None),
    ("GET", "progress", {"path": LESSON}, None),
    ("DELETE", "progress", {"path": LESSON}, None),
    ("GET", "exchange", {"path": LESSON}, None),
    ("POST", "exchange", {}, {"path": LESSON, "action": "fetch", "course": "c", "assignment": "a"}),
]
IDS = [f"{verb} {route}" for verb, route, _, _ in VERBS]
every_route = pytest.mark.parametrize(("verb", "route", "query", "body"), VERBS, ids=IDS)


@pytest.fixture(autouse=True)
def untouched(server):
    """What is refused changes nothing."""
    before = {p: p.read_bytes() for p in server.workspace.rglob("*.ipynb")}
    yield
    if before.keys() <= set(server.workspace.rglob("*.ipynb")):
        for path, data in before.items():
            path.write_bytes(data)


def test_the_list_above_is_every_route_and_verb():
    from synthlab.server.routes import ROUTES

    own = {
        (verb.upper(), name)
        for name, route in ROUTES.items()
        for verb in ("get", "post", "put", "delete", "patch", "head")
        if verb in vars(route)
    }
    assert own == {(verb, route) for verb, route, _, _ in VERBS}


@every_route
def test_a_stranger_is_refused(server, verb, route, query, body):
    found = requests.request(
        verb, server.url(f"synthlab/{route}"), params=query, json=body, timeout=30,
        allow_redirects=False,
    )  # fmt: skip
    assert found.status_code == 403
    wrong = requests.request(
        verb, server.url(f"synthlab/{route}"), params=query, json=body, timeout=30,
        headers={"Authorization": "token wrong"}, allow_redirects=False,
    )  # fmt: skip
    assert wrong.status_code == 403


@every_route
def test_another_site_is_refused_even_with_the_cookie(server, verb, route, query, body):
    found = server.ask(
        verb, route, params=query, json=body, headers={"Origin": "https://elsewhere.example"}
    )
    assert found.status_code in (403, 404)
    assert "units" not in found.text


@every_route
def test_what_changes_something_needs_the_xsrf_token(server, verb, route, query, body):
    found = server.ask(verb, route, params=query, json=body, headers={"X-XSRFToken": "wrong"})
    if verb != "GET":  # a page of another site can ask but not read
        assert found.status_code == 403


@every_route
def test_a_large_body_is_refused(server, verb, route, query, body):
    large = json.dumps({**(body or {}), "more": "x" * BODY_LIMIT})
    try:
        found = server.ask(
            verb, route, params=query, data=large, headers={"Content-Type": "application/json"}
        )
    except requests.ConnectionError:  # the server hung up while the body was on its way
        return
    assert found.status_code == 413


@every_route
def test_a_large_body_in_pieces_is_refused_too(server, verb, route, query, body):
    def pieces():
        for _ in range(8):
            yield b"x" * (BODY_LIMIT // 4)

    try:
        found = server.ask(verb, route, params=query, data=pieces())
    except requests.ConnectionError:
        return
    assert found.status_code == 413


OUTSIDE = ["../outside.ipynb", "my-course/../../outside.ipynb", "link/outside.ipynb"]


@pytest.mark.parametrize("path", OUTSIDE)
@pytest.mark.parametrize(
    ("verb", "route", "query", "body"),
    [row for row in VERBS if row[1] != "glossary"],  # it takes no path
    ids=[name for name in IDS if "glossary" not in name],
)
def test_a_path_outside_is_refused(server, verb, route, query, body, path):
    (server.root.parent / "outside.ipynb").write_text("{}")
    link = server.root / "link"
    if not link.exists():
        link.symlink_to(server.root.parent)
    query = {**query, "path": path} if "path" in query else query
    body = {**body, "path": path} if body else body
    found = server.ask(verb, route, params=query, json=body)
    assert found.status_code == 403, found.text
    assert "message" in found.json()
    assert (server.root.parent / "outside.ipynb").read_text() == "{}"


@pytest.mark.parametrize(
    ("route", "body", "status"),
    [
        ("check", {"path": "a\0b.ipynb"}, 403),
        ("check", {"path": "x" * 5000 + ".ipynb"}, 403),
        ("check", {}, 400),
        ("check", {"path": 3}, 400),
        ("check", {"path": "my-course/gone.ipynb"}, 404),
        ("check", {"path": "my-course/synthlab.toml"}, 404),
        ("check", {"path": LESSON}, 400),
        ("hint", {"path": EXERCISE, "question": "gan.rong"}, 400),
        ("language", {"path": EXERCISE, "language": "fr"}, 400),
        ("reset", {"path": EXERCISE, "question": "vae.elbo"}, 400),
    ],
)
def test_what_makes_no_sense_is_told_in_one_sentence(server, route, body, status):
    found = server.ask("POST", route, json=body)
    assert found.status_code == status
    assert found.json()["message"]


@pytest.mark.parametrize("text", ["[]", "{", "[" * 20_000])
def test_a_body_that_is_no_object_is_refused(server, text):
    found = server.ask("POST", "check", data=text)
    assert found.status_code == 400
    assert "JSON object" in found.json()["message"]


def unit_of(course: dict, name: str) -> dict:
    return next(unit for unit in course["units"] if unit["id"] == name)


def test_the_course_tells_units_questions_words_and_what_is_next(server):
    server.ask("DELETE", "progress", params={"path": LESSON})
    found = server.get("course", path=LESSON)
    assert found["workspace"] == "my-course"
    assert (found["language"], found["direction"]) == ("en", "ltr")
    assert [u["id"] for u in found["units"]] == [u.id for u in manifest.load().units]
    gan = unit_of(found, "gan")
    assert (gan["standing"], gan["lesson"], gan["exercise"]) == ("not-begun", LESSON, EXERCISE)
    expected = next(u for u in manifest.load().units if u.id == "gan").questions
    assert [q["id"] for q in gan["questions"]] == [q.id for q in expected]
    assert found["next"]["notebook"] == found["units"][0]["lesson"]  # nothing was begun
    assert found["words"]["check"] == "Check my work"
    # without a path the first workspace below the server's folder is meant
    assert server.get("course")["workspace"] == "my-course"


def test_what_was_predicted_in_the_lesson_is_told_to_the_exercise(server):
    def predicted():
        questions = unit_of(server.get("course", path=LESSON), "gan")["questions"]
        return {q["id"]: q["predicted"] for q in questions}

    server.ask("DELETE", "progress", params={"path": LESSON})
    assert set(predicted().values()) == {None}
    server.kept.answered("gan.modes", 6)
    assert predicted() == {**dict.fromkeys(predicted()), "gan.prediction": 6}
    server.kept.answered("gan.modes", "six")  # no answer to this question
    assert set(predicted().values()) == {None}


def test_a_place_is_kept_and_the_unit_has_begun(server):
    server.ask("DELETE", "progress", params={"path": LESSON})
    assert server.ask("PUT", "place", json={"path": LESSON, "cell": "c"}).status_code == 200
    assert unit_of(server.get("course", path=LESSON), "gan")["standing"] == "begun"
    place = server.kept.read().place
    assert place is not None
    assert (place.notebook, place.cell) == ("lessons/02-gan.ipynb", "c")


def test_what_is_stored_is_shown_whole_and_deleted(server):
    server.kept.answered("gan.x", 3)
    found = server.get("progress", path=LESSON)
    assert found["file"] == str(server.kept.file)
    assert found["stored"] == json.loads(server.kept.file.read_text())
    assert server.ask("DELETE", "progress", params={"path": LESSON}).json() == {"deleted": True}
    assert server.get("progress", path=LESSON)["stored"] is None
    assert not server.kept.file.exists()


def test_hints_come_in_two_steps_are_counted_and_end(server):
    server.ask("DELETE", "progress", params={"path": LESSON})
    nothing = server.post("hint", path=EXERCISE, question="gan.ring")
    assert nothing == {"goal": None, "shown": [], "left": 0}
    sentence = {"params": {}, "domain": "checks"}
    server.kept.checked(
        "gan.ring", "incorrect", 0.0,
        {"name": "p", **{k: {"msgid": f"{k}.", **sentence} for k in ("goal", "nudge", "method")}},
    )  # fmt: skip
    steps = [server.post("hint", path=EXERCISE, question="gan.ring") for _ in range(3)]
    both = ["nudge.", "method."]
    assert [s["shown"] for s in steps] == [["nudge."], both, both]
    assert [s["left"] for s in steps] == [1, 0, 0]
    assert server.kept.read().tried("gan.ring").hints == 2
    assert server.kept.read().tried("gan.ring").best == 0.0


def test_reset_keeps_the_old_work_in_a_dated_copy(server):
    path = server.root / EXERCISE
    released = path.read_text()
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = "predicted_modes = 7"
    notebook.cells[7].source = "mine = 1"
    nbformat.write(notebook, path)
    mine = path.read_text()
    one = server.post("reset", path=EXERCISE, question="gan.prediction")
    after = nbformat.read(path, as_version=4)
    assert after.cells[4].source == "predicted_modes = None"
    assert after.cells[7].source == "mine = 1"
    assert (path.parent / one["copy"]).read_text() == mine
    whole = server.post("reset", path=EXERCISE)
    assert path.read_text() == released
    assert whole["copy"] != one["copy"]
    # nbgrader looks for notebooks beside the assignment, not in folders below it
    assert list(path.parent.glob("gan*.ipynb")) == [path]


def test_one_notebook_changes_its_language_and_keeps_the_answers(server):
    path = server.root / EXERCISE
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = "predicted_modes = 7"
    nbformat.write(notebook, path)
    found = server.post("language", path=EXERCISE, language="ar")
    assert found["swapped"] > 5
    after = nbformat.read(path, as_version=4)
    assert after.metadata.synthlab.language == "ar"
    assert after.cells[4].source == "predicted_modes = 7"
    assert server.get("course", path=EXERCISE)["language"] == "en"


def test_the_workspace_changes_its_language_with_all_its_notebooks(server):
    path = server.root / EXERCISE
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[4].source = "predicted_modes = 7"
    nbformat.write(notebook, path)
    try:
        server.post("language", path=LESSON, language="ar", all=True)
        for name in (LESSON, EXERCISE):
            found = nbformat.read(server.root / name, as_version=4)
            assert found.metadata.synthlab.language == "ar"
        assert "predicted_modes = 7" in path.read_text()
        course = server.get("course", path=LESSON)
        assert (course["language"], course["direction"]) == ("ar", "rtl")
        assert course["words"]["check"] == "تحقَّق من عملي"
    finally:
        server.post("language", path=LESSON, language="en", all=True)


def test_the_glossary_has_every_term_in_both_languages(server):
    terms = server.get("glossary")["terms"]
    assert {"en", "ar"} <= set.intersection(*(set(term) for term in terms))
    assert "mode collapse" in [term["en"] for term in terms]


def test_answers_are_not_kept_by_the_browser(server):
    assert server.ask("GET", "course").headers["Cache-Control"] == "no-store"
