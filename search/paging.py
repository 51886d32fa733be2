"""Cursors: where the next page of an answer begins, in which generation, and of which question."""

from __future__ import annotations

import re

from ..corpus.digest import blake2b
from ..errors import QueryError
from ..index.query import Request
from ..index.records import Answer
from .engine import Engine

__all__ = ["START", "cursor_of", "offset_of"]

START = "start"
"""The cursor before the first page."""

_CURSOR = re.compile(r"g(?P<generation>\d{1,18})-(?P<offset>\d{1,12})-(?P<question>[0-9a-f]{12})")


def offset_of(cursor: str, engine: Engine, request: Request, reading: str) -> int:
    """How many hits stand before a cursor. reading: of what the cursor must be, as for `cursor_of`.

    QueryError when it is none, of another question, or of a generation that the engine is not."""
    if cursor == START:
        return 0
    found = _CURSOR.fullmatch(cursor) if isinstance(cursor, str) else None
    if found is None:
        raise QueryError(
            f"{cursor!r} is no cursor", hint=f'Give one that an answer named, or "{START}" for the first page'
        )
    generation = engine.statistics().generation
    if int(found["generation"]) != generation:
        raise QueryError(
            f"the cursor belongs to generation {int(found['generation']):,} of the index, "
            f"which is now at {generation:,}: its pages are gone",
            hint=f'Begin again with the cursor "{START}", or without one',
        )
    if found["question"] != _question(request, reading):
        raise QueryError(
            "the cursor belongs to another question",
            hint="Repeat the query with all that it was asked with; only the limit may change",
        )
    return int(found["offset"])


def cursor_of(engine: Engine, request: Request, answer: Answer, reading: str) -> str:
    """The cursor behind the hits of an answer; "" where these are the last. reading: the query as it was
    read, with all else that hits and their order depend on."""
    reached = request.offset + len(answer.hits)
    total = answer.totals.documents if request.group else answer.totals.paragraphs
    if not request.limit or len(answer.hits) < request.limit or reached >= total:
        return ""
    return f"g{engine.statistics().generation}-{reached}-{_question(request, reading)}"


def _question(request: Request, reading: str) -> str:
    # What nodes hold follows from the reading and the generation.
    options = f"{request.scope} {request.group} {request.fold} {request.sort} {request.collapse!r}"
    told = f"{reading}\n{request.where!r}\n{options}".encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=6).hexdigest()
