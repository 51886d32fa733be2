"""Queries of bare words, which nearly all are: read at once, as the lexer and parser would."""

from __future__ import annotations

import re

from ..index.query import FieldName
from .syntax import AllOf, AnyOf, Chunk, Quoted, Syntax

__all__ = ["bare"]

_BARE = re.compile(r'[A-Za-z]{1,40}(?: [A-Za-z]{1,40}){0,99}|"[A-Za-z]{1,40}(?: [A-Za-z]{1,40}){0,99}"')
_OPERATORS = frozenset(("AND", "OR", "NOT"))
_CITES = re.compile("pub", re.IGNORECASE)  # `Pub L 91-513`


def bare(query: str) -> Syntax | None:
    """The tree of words side by side, of words with AND between them all, or of a phrase; None of all else.

    >>> bare("trade AND water") == AllOf((Chunk("trade"), Chunk("water")))
    True
    """
    if not _BARE.fullmatch(query) or _CITES.search(query):
        return None
    if query[0] == '"':
        return Quoted(query[1:-1], FieldName.ANY, (0, len(query)))
    words = query.split(" ")
    joined = len(words) > 2 and len(words) % 2 == 1 and all(word == "AND" for word in words[1::2])
    if not _OPERATORS.isdisjoint(words[::2] if joined else words):
        return None
    chunks = []
    start = 0
    for word in words:
        end = start + len(word)
        if not (joined and word == "AND"):
            chunks.append(Chunk(word, FieldName.ANY, (start, end)))
        start = end + 1
    if len(chunks) == 1:
        return chunks[0]
    return AllOf(tuple(chunks)) if joined else AnyOf(tuple(chunks))
