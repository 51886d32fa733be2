"""Ranked results, without a step of Python for each document.

The plain searches (some or all of the documents, by score, by columns or unranked; with a filter, a mask,
matched terms) are collected here. Those that group, collapse or sort by something else are Whoosh's own
collectors', which get matchers over the evaluated arrays (`matcher`).
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from whoosh import collectors
from whoosh.query import Query
from whoosh.searching import Results, ResultsPage, Searcher
from whoosh.sorting import FieldFacet

from ...arrays import F64, I64, Bool, distinct
from .evaluate import evaluate
from .leaves import Asked, Unknown
from .nodes import Node, Term
from .ordering import ColumnOrder, facets_of
from .prune import candidates
from .reading import read
from .sets import NONE, flags

__all__ = ["Found", "Plain", "collected", "documents"]


@dataclass(frozen=True)
class Plain:
    """A search that `collected` can do.

    limit: how many of the best; None: all. scored: ranked by score. facets: sorted by these columns. Neither:
    in the order of documents.
    """

    limit: int | None
    scored: bool
    reverse: bool
    terms: bool
    filter: Any
    mask: Any
    facets: tuple[FieldFacet, ...] = ()

    @classmethod
    def of(cls, collector: Any) -> Plain | None:
        """What a collector that Whoosh made for the arguments of `search` does; None when it does more."""
        allow = restrict = None
        if type(collector) is collectors.FilterCollector:
            allow, restrict, collector = collector.allow, collector.restrict, collector.child
        if terms := type(collector) is collectors.TermsCollector:
            collector = collector.child
        if type(collector) is collectors.TopCollector:
            return cls(collector.limit, True, False, terms, allow, restrict)
        if type(collector) is collectors.UnlimitedCollector:
            return cls(None, True, bool(collector.reverse), terms, allow, restrict)
        if type(collector) is collectors.SortingCollector and (facets := facets_of(collector.sortfacet)):
            return cls(
                collector.limit or None, False, bool(collector.reverse), terms, allow, restrict, facets
            )
        if type(collector) is collectors.UnsortedCollector:
            return cls(None, False, False, terms, allow, restrict)
        return None


def documents(searcher: Searcher, q: Query) -> list[tuple[I64, int]]:
    """For each segment the documents of a query, and the number of its first; `Unknown` as of `evaluate`."""
    found = []
    for leaf, offset in searcher.leaf_searchers():
        asked = Asked(leaf, current=False, weighting=None, top=False)
        found.append((evaluate(q, asked).docs, offset))
    return found


class Found(Results):
    """Whoosh's results; the set of documents and the matched terms are made when they are first asked for."""

    _docset: set[int] | None
    collector: Any

    @property  # type: ignore[override, unused-ignore]
    def docset(self) -> set[int]:
        if self._docset is None:
            self._docset = set(self.collector.all_ids())
        return self._docset

    @docset.setter
    def docset(self, docset: set[int] | None) -> None:
        self._docset = docset


class Collected(collectors.Collector):
    """The documents and scores of a search; a collector that has run, as `Results` wants it."""

    def __init__(self, searcher: Searcher, q: Query, plain: Plain) -> None:
        super().__init__()
        weighting = searcher.weighting if plain.scored or plain.facets else None
        self.prepare(searcher, q, searcher.context(needs_current=plain.terms, weighting=weighting))
        self.plain = plain
        self._allowed = _allowed(searcher, plain)
        self._nodes = [(self._evaluate(leaf), offset) for leaf, offset in searcher.leaf_searchers()]
        self.items = self._items()
        # Now, because a reader that is closed tells nothing of the order of terms.
        self.matched = [*self._terms()] if plain.terms else []
        self.finish()

    @cached_property
    def _kept(self) -> list[I64]:
        """The documents of each segment that are allowed."""
        return [_among(node.docs, offset, self._allowed) for node, offset in self._nodes]

    @cached_property
    def _docs(self) -> I64:
        """All of them, by their numbers in the index."""
        return _joined([docs + offset for docs, (_, offset) in zip(self._kept, self._nodes, strict=True)])

    @property
    def filtered_count(self) -> int:
        return sum(len(node.docs) for node, _ in self._nodes) - len(self._docs)

    def _evaluate(self, leaf: Searcher) -> Node:
        asked = Asked(leaf, self.context.needs_current, self.context.weighting, top=self.plain.scored)
        try:
            return evaluate(self.q, asked)
        except Unknown:
            return read(self.q, asked)

    def _items(self) -> list[tuple[Any, int]]:
        if self.plain.scored:
            return self._ranked()
        if self.plain.facets:
            return self._sorted()
        return [(None, number) for number in self._docs.tolist()]

    def _sorted(self) -> list[tuple[Any, int]]:
        order = ColumnOrder(self.top_searcher, self.plain.facets)
        keys, numbers = order.keys(self._kept), self._docs
        if self.plain.reverse:
            keys, numbers = -keys[::-1], numbers[::-1]
        first = numbers[_best(-keys.astype(np.float64), self.plain.limit)]
        return [(order.sort_key(number), number) for number in first.tolist()]

    def _ranked(self) -> list[tuple[float | None, int]]:
        limit = self.plain.limit
        numbers, scores = NONE, np.zeros(0)
        for at, (node, offset) in enumerate(self._nodes):
            if limit is None or self._allowed is not None:
                docs = self._kept[at]
            else:
                docs = candidates(node, limit, float(scores[-1]) if len(scores) == limit else 0.0)
            numbers = np.concatenate([numbers, docs + offset])
            scores = np.concatenate([scores, node.score(docs)])
            if limit is not None:
                best = _best(scores, limit)
                numbers, scores = numbers[best], scores[best]
        if limit is None:
            best = _best(scores, None)
            numbers, scores = numbers[best], scores[best]
        if self.plain.reverse:
            numbers, scores = numbers[::-1], scores[::-1]
        return list(zip(scores.tolist(), numbers.tolist(), strict=True))

    def all_ids(self) -> Iterable[int]:
        numbers: list[int] = self._docs.tolist()
        return numbers

    def count(self) -> int:
        return len(self._docs)

    def collect(self, sub_docnum: int) -> NoReturn:
        raise NotImplementedError("all has been collected")

    sort_key = collect

    def results(self) -> Results:
        return _results(self)

    def _terms(self) -> Iterator[tuple[Term, I64]]:
        """The terms that matched, segment by segment, and in which documents."""
        for (node, offset), docs in zip(self._nodes, self._kept, strict=True):
            for term, here in node.terms(docs):
                if len(here):
                    yield term, here + offset


def collected(searcher: Searcher, q: Query, plain: Plain) -> Found:
    """The results of a plain search. `Unknown` for a column that cannot be sorted by."""
    return _results(Collected(searcher, q, plain))


def _results(collector: Collected) -> Found:
    searcher, q, plain = collector.top_searcher, collector.q, collector.plain
    results = Found(searcher, q, collector.items, runtime=collector.runtime or 0.0)
    results.collector = collector
    if plain.terms:
        matched = MatchedTerms(collector.matched)
        results.docterms = DocumentTerms(matched)  # type: ignore[assignment, unused-ignore]
        results.termdocs = TermDocuments(matched)  # type: ignore[assignment, unused-ignore]
    if plain.filter or plain.mask:
        results.filtered_count = collector.filtered_count
        results.allowed, results.restricted = plain.filter, plain.mask
    return results


def _joined(parts: list[I64]) -> I64:
    return np.concatenate([NONE, *parts])


def _best(scores: F64, limit: int | None) -> I64:
    """Indices of the best, by falling score and rising index."""
    chosen = np.arange(len(scores))
    if limit is not None and limit * 4 < len(scores):
        threshold = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        chosen = np.flatnonzero(scores >= threshold)
    order: I64 = chosen[np.argsort(-scores[chosen], kind="stable")]
    return order[:limit]


# Filters


def _allowed(searcher: Searcher, plain: Plain) -> Bool | None:
    """Which documents of the index a search may find; None: all. To Whoosh, what is falsy is no filter."""
    size = searcher.doc_count_all()
    allowed = flags(_numbers(searcher, plain.filter), size) if plain.filter else None
    if plain.mask:
        masked = flags(_numbers(searcher, plain.mask), size)
        allowed = ~masked if allowed is None else allowed & ~masked
    return allowed


def _numbers(searcher: Searcher, chosen: Any) -> I64:
    """The documents that a filter names: a query, results or a set."""
    if isinstance(chosen, Query):
        try:
            return _joined([docs + offset for docs, offset in documents(searcher, chosen)])
        except Unknown:
            chosen = searcher._filter_to_comb(chosen)
    if isinstance(chosen, ResultsPage):
        chosen = chosen.results
    if isinstance(chosen, Found) and isinstance(chosen.collector, Collected) and chosen._docset is None:
        return chosen.collector._docs
    numbers = np.sort(np.fromiter(searcher._filter_to_comb(chosen), np.int64))
    return distinct(numbers[(numbers >= 0) & (numbers < searcher.doc_count_all())])


def _among(docs: I64, offset: int, allowed: Bool | None) -> I64:
    return docs if allowed is None else docs[allowed[docs + offset]]


# Matched terms


class MatchedTerms:
    """Terms and the documents that they matched in, in Whoosh's order of terms."""

    def __init__(self, parts: list[tuple[Term, I64]]) -> None:
        self.parts = parts

    @cached_property
    def by_term(self) -> dict[Term, list[I64]]:
        found: dict[Term, list[I64]] = {}
        for term, docs in self.parts:
            found.setdefault(term, []).append(docs)
        return found

    @cached_property
    def documents(self) -> I64:
        docs = _joined([docs for _, docs in self.parts])
        return distinct(np.sort(docs))

    def of(self, number: int) -> list[Term]:
        """The terms of one document."""
        return [term for term, docs in self.parts if _holds(docs, number)]


def _holds(docs: I64, number: int) -> bool:
    at = int(np.searchsorted(docs, number))
    return at < len(docs) and int(docs[at]) == number


class DocumentTerms(Mapping[int, list[Term]]):
    """For each matching document the terms that matched, as `Results.docterms`."""

    def __init__(self, matched: MatchedTerms) -> None:
        self._matched = matched

    def __getitem__(self, number: int) -> list[Term]:
        terms = self._matched.of(number)
        if not terms:
            raise KeyError(number)
        return terms

    def __iter__(self) -> Iterator[int]:
        return iter(self._matched.documents.tolist())

    def __len__(self) -> int:
        return len(self._matched.documents)


class TermDocuments(Mapping[Term, list[int]]):
    """For each term the documents that it matched in, as `Results.termdocs`."""

    def __init__(self, matched: MatchedTerms) -> None:
        self._matched = matched

    def __getitem__(self, term: Term) -> list[int]:
        found: list[int] = np.sort(np.concatenate(self._matched.by_term[term])).tolist()
        return found

    def __iter__(self) -> Iterator[Term]:
        return iter(self._matched.by_term)

    def __len__(self) -> int:
        return len(self._matched.by_term)
