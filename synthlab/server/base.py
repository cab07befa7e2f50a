"""Base of every route: who may ask, how much, and how a refusal is answered."""

from __future__ import annotations

import json
from collections.abc import Awaitable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.auth.identity import IdentityProvider, PasswordIdentityProvider
from jupyter_server.base.handlers import APIHandler

from synthlab.errors import SynthlabError
from synthlab.progress import Progress
from synthlab.server.places import Outside, confined, workspace
from synthlab.words import language, settings_language

#: Bytes that a request may bring. The longest one is the answer to a drawn prediction.
BODY_LIMIT = 64_000


@tornado.web.stream_request_body
class CourseHandler(APIHandler):
    """A route that authenticated pages of this server alone may ask, with a small JSON body.

    `APIHandler` rejects other origins and requests without the XSRF token. The body is counted
    while it arrives, so that a large one is never held in memory.
    """

    async def prepare(self) -> None:  # type: ignore[override]
        """Reject a body that is too large before it is read."""
        self._body = bytearray()
        await super().prepare()
        if int(self.request.headers.get("Content-Length") or 0) > BODY_LIMIT:
            raise _too_large()

    def data_received(self, chunk: bytes) -> Awaitable[None] | None:
        """Take a piece of the body."""
        self._body.extend(chunk)
        if len(self._body) > BODY_LIMIT:
            raise _too_large()
        return None

    @property
    def root(self) -> Path:
        """The folder that the server serves."""
        return Path(str(self.settings["server_root_dir"])).expanduser()

    @property
    def person(self) -> str:
        """Who asks. Without accounts a server belongs to one person, whatever it calls them."""
        provider = self.identity_provider
        if type(provider) in (IdentityProvider, PasswordIdentityProvider):
            return ""
        return str(self.current_user.username)

    def given(self) -> dict[str, Any]:
        """The body, as a dictionary."""
        try:
            data = json.loads(bytes(self._body) or b"{}")
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise SynthlabError("The body of this request must be a JSON object.")
        return data

    def text(self, data: dict[str, Any], name: str) -> str:
        """One entry of the body, which must be text."""
        value = data.get(name)
        if not isinstance(value, str) or not value:
            raise SynthlabError("This request needs the entry {name!r}, as text.", name=name)
        return value

    def notebook(self, name: str) -> Path:
        """The notebook that a request names."""
        path = confined(self.root, name)
        if path.suffix != ".ipynb" or not path.is_file():
            raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND, log_message=f"No notebook: {name}")
        return path

    def kept(self, name: str | None) -> Progress:
        """The progress of the workspace in which a file lies."""
        found = workspace(self.root, name)
        if found is None:
            raise SynthlabError("There is no workspace here; 'synthlab lab DIRECTORY' makes one.")
        return found

    def course_language(self, kept: Progress | None) -> str:
        """The language of a workspace; the reader's where there is none."""
        return (settings_language(kept.workspace) if kept else None) or language()

    def answer(self, data: Any) -> None:
        """Finish with JSON."""
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(data, ensure_ascii=False))

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Tell bad input in its own sentence."""
        error = (kwargs.get("exc_info") or (None, None))[1]
        if isinstance(error, SynthlabError):
            status = HTTPStatus.FORBIDDEN if isinstance(error, Outside) else HTTPStatus.BAD_REQUEST
            self.set_status(status)
            self.finish(json.dumps({"message": str(error)}))
            return
        super().write_error(status_code, **kwargs)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Bad input is no fault of the server and needs no traceback in its log."""
        if not isinstance(value, SynthlabError):
            super().log_exception(typ, value, tb)


def _too_large() -> tornado.web.HTTPError:
    return tornado.web.HTTPError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        log_message=f"A request to the course holds at most {BODY_LIMIT} bytes.",
    )
