"""Evaluated queries as Whoosh's collectors walk them."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NoReturn

from whoosh.matching.mcore import Matcher, NullMatcher, ReadTooFar
from whoosh.query import Query
from whoosh.searching import SearchContext, Searcher

from .evaluate import evaluate
from .leaves import Asked, Unknown
from .nodes import Node, Term

__all__ = ["Evaluated", "NodeMatcher"]


class Evaluated(Query):
    """A query whose matchers are made from arrays where that is known, and by Whoosh elsewhere."""

    def __init__(self, q: Query) -> None:
        self.q = q

    def matcher(self, searcher: Searcher, context: SearchContext | None = None) -> Matcher:
        context = context or searcher.context()
        try:
            node = evaluate(self.q, Asked(searcher, context.needs_current, context.weighting, top=False))
        except Unknown:
            matcher: Matcher = self.q.matcher(searcher, context)
            return matcher
        return NodeMatcher(node) if len(node.docs) else NullMatcher()

    def is_leaf(self) -> bool:
        return False

    def children(self) -> Iterator[Query]:
        return iter([self.q])

    def field(self) -> str | None:
        field: str | None = self.q.field()
        return field

    def estimate_size(self, ixreader: Any) -> int:
        return int(self.q.estimate_size(ixreader))

    def estimate_min_size(self, ixreader: Any) -> int:
        return int(self.q.estimate_min_size(ixreader))


class _WithoutValues(Matcher):
    """A matcher that knows documents and no more of postings."""

    def supports(self, astype: str) -> bool:
        return False

    def value(self) -> NoReturn:
        raise NotImplementedError("no posting stands behind an evaluated query")

    def value_as(self, astype: str) -> NoReturn:
        self.value()


class NodeMatcher(_WithoutValues):
    """Walks the documents of a node."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._docs: list[int] = node.docs.tolist()
        self._at = 0

    def is_active(self) -> bool:
        return self._at < len(self._docs)

    def reset(self) -> None:
        self._at = 0

    def copy(self) -> NodeMatcher:
        other = NodeMatcher(self._node)
        other._at = self._at
        return other

    def id(self) -> int:
        return self._docs[self._at]

    def all_ids(self) -> Iterator[int]:
        return iter(self._docs[self._at :])

    def next(self) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at += 1

    def skip_to(self, id: int) -> None:
        if not self.is_active():
            raise ReadTooFar
        self._at = bisect_left(self._docs, id, self._at)

    @cached_property
    def _scores(self) -> list[float]:
        scores: list[float] = self._node.score(self._node.docs).tolist()
        return scores

    def score(self) -> float:
        return self._scores[self._at]

    def weight(self) -> float:
        return self.score()

    @cached_property
    def _terms(self) -> list[TermMatcher]:
        return [TermMatcher(self, term, docs.tolist()) for term, docs in self._node.terms(self._node.docs)]

    def term_matchers(self) -> Iterator[Matcher]:
        return iter(self._terms)

    def matching_terms(self, id: int | None = None) -> Iterator[Term]:
        if self.is_active() and id in (None, self.id()):
            yield from (matcher.term() for matcher in self._terms if matcher.is_active())


class TermMatcher(_WithoutValues):
    """Tells whether a term matches where its query's matcher stands."""

    def __init__(self, whole: NodeMatcher, term: Term, docs: list[int]) -> None:
        self._whole = whole
        self._term = term
        self._docs = frozenset(docs)

    def term(self) -> Term:
        return self._term

    def is_active(self) -> bool:
        return self._whole.is_active() and self._whole.id() in self._docs

    def id(self) -> int:
        return self._whole.id()

    def score(self) -> float:
        return self._whole.score()

    def next(self) -> None:
        self._whole.next()

    def reset(self) -> None:
        self._whole.reset()

    def copy(self) -> TermMatcher:
        return self
