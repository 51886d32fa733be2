"""Queries that only Whoosh can answer, read from its matchers to the end."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import numpy as np
from whoosh.query import Query
from whoosh.searching import SearchContext

from ...arrays import F64, I64
from .leaves import Asked
from .nodes import Matched, Node, Term
from .sets import common, ranks

__all__ = ["read"]

_AGAIN = 10
"""Documents between two attempts to simplify a matcher, as in Whoosh's collectors."""


class Listed(Node):
    """Documents with their scores and terms."""

    def __init__(self, docs: list[int], scores: list[float], terms: dict[Term, list[int]]) -> None:
        self.docs = np.array(docs, np.int64)
        self.positive = False
        self._scores = np.array(scores, np.float64)
        self._terms = {term: np.array(where, np.int64) for term, where in terms.items()}

    def score(self, docs: I64) -> F64:
        return self._scores[ranks(docs, self.docs)] if len(docs) else np.zeros(0)

    def terms(self, docs: I64) -> Matched:
        for term, where in self._terms.items():
            here = common([docs, where])
            if len(here):
                yield term, here


def read(q: Query, asked: Asked) -> Node:
    """What a collector of all documents would get from the query's matcher; never a deleted document."""
    context = SearchContext(needs_current=asked.current, weighting=asked.weighting)
    matcher: Any = q.matcher(asked.searcher, context)
    live = asked.segment.live
    docs: list[int] = []
    scores: list[float] = []
    terms: dict[Term, list[int]] = {}
    for number, at in _steps(matcher, asked):
        if live is None or live[number]:
            docs.append(number)
            scores.append(at.score() if asked.top else 0.0)
            for term in dict.fromkeys(at.matching_terms(number)) if asked.current else ():
                terms.setdefault(term, []).append(number)
    return Listed(docs, scores, terms)


def _steps(matcher: Any, asked: Asked) -> Iterator[tuple[int, Any]]:
    """Documents, and the matcher that stands at each; as Whoosh's collectors go."""
    if not asked.top and not asked.current:
        yield from ((int(number), matcher) for number in matcher.all_ids())
        return
    for step in count():
        if asked.top and step % _AGAIN == 0:
            matcher = matcher.replace(0)
        if not matcher.is_active():
            return
        yield int(matcher.id()), matcher
        matcher.next()
