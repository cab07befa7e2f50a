"""The routes below ``<base_url>/synthlab/``. Each answers JSON to an authenticated page.

| route | verbs | what |
|---|---|---|
| course | GET | units, questions, how far they are, all words |
| place | PUT | where the learner is |
| check | GET, POST, DELETE | a notebook's check: its news, start it, stop it |
| hint | POST | the next hint of a question |
| reset | POST | a notebook or an answer as released; the old work is kept |
| language | POST | another language for one notebook or the whole workspace |
| glossary | GET | the terms in all languages |
| progress | GET, DELETE | what is stored, as it is stored; forget it |
| exchange | GET, POST | a class's assignments; fetch one, hand it in, fetch its feedback |
"""

from __future__ import annotations

import asyncio
from typing import Any

import tornado.web
from jupyter_server.utils import url_path_join

from synthlab import manifest
from synthlab.errors import SynthlabError
from synthlab.glossary import terms
from synthlab.progress.hints import ladder
from synthlab.server.base import CourseHandler
from synthlab.server.exchange import Exchange
from synthlab.server.jobs import Job, Jobs
from synthlab.server.overview import overview
from synthlab.server.places import confined, relative, workspace
from synthlab.words import check_language

#: Where the jobs are among the settings of the web application.
JOBS = "synthlab_jobs"


class CourseRoute(CourseHandler):
    """The course and how far the learner is."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Everything that the sidebar shows; ``path`` is the notebook or folder in view."""
        path = self.get_query_argument("path", "")
        kept = workspace(self.root, path)
        language = self.course_language(kept)
        self.answer(await asyncio.to_thread(overview, self.root, kept, language))


class PlaceRoute(CourseHandler):
    """Where the learner is."""

    @tornado.web.authenticated
    async def put(self) -> None:
        """Keep it: ``path``, and ``cell`` where one is known."""
        data = self.given()
        file = self.notebook(self.text(data, "path"))
        kept = self.kept(self.text(data, "path"))
        cell = data.get("cell")
        name = file.relative_to(kept.workspace).as_posix()
        await asyncio.to_thread(
            kept.visited, name, cell[:64] if isinstance(cell, str) and cell else None
        )
        self.answer({})


class CheckRoute(CourseHandler):
    """The check of a notebook."""

    @property
    def jobs(self) -> Jobs:
        """All jobs of this server."""
        jobs: Jobs = self.settings[JOBS]
        return jobs

    @tornado.web.authenticated
    async def get(self) -> None:
        """What happened since ``after``; waits a while for news while the check runs."""
        file = confined(self.root, self.get_query_argument("path"))
        name = relative(self.root, file)
        job = self.jobs.get(self.person, name)
        if job is None:
            if file.suffix == ".ipynb" and file.is_file():
                await self.jobs.prepare(file)
            self.answer({"state": "none", "path": name})
            return
        try:
            after = int(self.get_query_argument("after", "-1"))
        except ValueError:
            raise tornado.web.HTTPError(400, log_message="'after' is a whole number.") from None
        await job.news(after)
        self.answer(job.to_dict(after))

    @tornado.web.authenticated
    async def post(self) -> None:
        """Start it, or join the one that runs."""
        file = self.notebook(self.text(self.given(), "path"))
        name = relative(self.root, file)
        kept = workspace(self.root, name)
        job = self.jobs.start(self.person, name, file, kept, self.course_language(kept))
        self.answer(job.to_dict())

    @tornado.web.authenticated
    async def delete(self) -> None:
        """Stop it."""
        name = relative(self.root, confined(self.root, self.get_query_argument("path")))
        job: Job | None = await self.jobs.cancel(self.person, name)
        self.answer({"state": "none", "path": name} if job is None else job.to_dict())


class HintRoute(CourseHandler):
    """The hint ladder of a question."""

    @tornado.web.authenticated
    async def post(self) -> None:
        """One step up the ladder of ``question``, in the workspace of ``path``."""
        data = self.given()
        name = self.text(data, "path")
        confined(self.root, name)
        kept = self.kept(name)
        question = manifest.load().question(self.text(data, "question"))
        language = self.course_language(kept)
        before = ladder(kept.read(), question.id, language)
        if before.left:
            level = len(before.shown) + 1
            record = await asyncio.to_thread(kept.hinted, question.id, level)
            before = ladder(record, question.id, language)
        self.answer(before.to_dict())


class ResetRoute(CourseHandler):
    """A notebook as it was released."""

    @tornado.web.authenticated
    async def post(self) -> None:
        """Put ``path`` back, or the answer to ``question`` in it; the old work is kept."""
        from synthlab.authoring.project import Project
        from synthlab.authoring.reset import KEPT, reset

        data = self.given()
        file = self.notebook(self.text(data, "path"))
        question = data.get("question")
        done = await asyncio.to_thread(
            reset, Project.here(), file, self.text(data, "question") if question else None
        )
        self.answer({"copy": f"{KEPT}/{done.copy.name}"})


class LanguageRoute(CourseHandler):
    """The language of a notebook or of the workspace."""

    @tornado.web.authenticated
    async def post(self) -> None:
        """Give ``path``, or with ``all`` its whole workspace, the language ``language``."""
        from synthlab.authoring.project import Project
        from synthlab.authoring.swap import swap
        from synthlab.authoring.workspace import speak

        data = self.given()
        code = check_language(self.text(data, "language"))
        if data.get("all"):
            kept = self.kept(str(data.get("path") or ""))
            layout = await asyncio.to_thread(speak, Project.here(), kept.workspace, code)
            self.answer({"language": code, "told": list(layout.sentences())})
            return
        file = self.notebook(self.text(data, "path"))
        done = await asyncio.to_thread(swap, Project.here(), file, code)
        self.answer({"language": code, "swapped": done.swapped, "edited": done.edited})


class GlossaryRoute(CourseHandler):
    """The terms of the course."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """All of them, in all languages."""
        self.answer({"terms": terms()})


class ProgressRoute(CourseHandler):
    """What is stored about the learner."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """The file and what it holds."""
        kept = self.kept(self.get_query_argument("path", ""))
        record = await asyncio.to_thread(kept.read)
        stored = record.to_dict() if kept.file.exists() else None
        self.answer({"file": str(kept.file), "stored": stored})

    @tornado.web.authenticated
    async def delete(self) -> None:
        """Forget it."""
        kept = self.kept(self.get_query_argument("path", ""))
        self.answer({"deleted": await asyncio.to_thread(kept.delete)})


class ExchangeRoute(CourseHandler):
    """A class's exchange, where nbgrader is configured for one."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """The assignments; null where there is no exchange."""
        kept = workspace(self.root, self.get_query_argument("path", ""))
        language = self.course_language(kept)
        self.answer(await asyncio.to_thread(self._assignments, language))

    @tornado.web.authenticated
    async def post(self) -> None:
        """Do ``action`` with ``assignment`` of ``course``; the assignments as they are then."""
        data = self.given()
        what = [self.text(data, name) for name in ("action", "course", "assignment")]
        kept = workspace(self.root, str(data.get("path") or ""))
        language = self.course_language(kept)
        self.answer(await asyncio.to_thread(self._act, language, *what))

    def _assignments(self, language: str) -> dict[str, Any]:
        found = Exchange.configured(self.root)
        return {"assignments": found and found.assignments(language)}

    def _act(self, language: str, action: str, course: str, assignment: str) -> dict[str, Any]:
        found = Exchange.configured(self.root)
        if found is None:
            raise SynthlabError("nbgrader is not configured for an exchange here.")
        found.act(action, course, assignment)
        return {"assignments": found.assignments(language)}


ROUTES: dict[str, type[CourseHandler]] = {
    "course": CourseRoute,
    "place": PlaceRoute,
    "check": CheckRoute,
    "hint": HintRoute,
    "reset": ResetRoute,
    "language": LanguageRoute,
    "glossary": GlossaryRoute,
    "progress": ProgressRoute,
    "exchange": ExchangeRoute,
}


def serve_course(server: Any) -> None:
    """Add the routes to a `ServerApp`."""
    application = server.web_app
    application.settings[JOBS] = Jobs(server.log.warning)
    base = application.settings["base_url"]
    application.add_handlers(
        ".*$", [(url_path_join(base, "synthlab", name), route) for name, route in ROUTES.items()]
    )
