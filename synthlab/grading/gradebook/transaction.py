"""All that nbgrader writes into its gradebook for one submission, in one transaction.

nbgrader opens its gradebook a dozen times for a submission and commits after every cell, so that
an interruption leaves half of the scores. It opens it through ``nbgrader.api.create_engine``; while
a transaction of ours is open, that gives everybody the same connection, on which a commit of a
session takes effect only when the whole submission is written. (SQLAlchemy: "joining a session
into an external transaction".)
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


@contextlib.contextmanager
def one_transaction(db_url: str) -> Iterator[None]:
    """Let everything that opens this gradebook in the block write all of it or nothing."""
    import sqlalchemy
    from nbgrader import api

    engine = sqlalchemy.create_engine(db_url)
    original = api.create_engine
    try:
        with engine.connect() as connection:
            ours: Any = connection
            ours.dispose = lambda: None  # what a gradebook calls when it is closed

            def shared(url: str, **options: Any) -> Any:
                return ours if url == db_url else original(url, **options)

            with connection.begin():
                api.create_engine = shared
                try:
                    yield
                finally:
                    api.create_engine = original
    finally:
        engine.dispose()
