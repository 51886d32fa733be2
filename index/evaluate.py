"""Evaluation of a request: which units match, which paragraphs are shown for them, in which order.

The exhaustive way: everything that matches is found and scored. `planner` answers the common requests with
less; this module answers all, and is what planned answers are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

from .arrays import F64, I64, first_of_runs, union
from .matching.tree import Matched, add_constants, mask, matched
from .matching.units import Units
from .planner.addends import Addends
from .planner.any_of import candidates, summed
from .planner.floor import Floor, nearly_last
from .planner.matching import count_any, others_of
from .planner.sets import find, is_known
from .planner.shape import any_of, extras
from .query import Phrase, Request, Scope, Word
from .records import Answer, Counts, Ref, Scored, Totals
from .scoring import Scoring
from .segment import Segment
from .snapshot import View

if TYPE_CHECKING:
    from .grouping import Grouping

__all__ = ["Evaluation"]


_Ranked = tuple[float, Segment, int, int, int, int]
"""-score, segment, document, paragraph in its document, paragraphs of the document, sketch."""


class Evaluation:
    """One request over the views of a snapshot."""

    def __init__(self, views: Sequence[View], request: Request) -> None:
        self.request = request
        self.scoring = Scoring(views, request)
        self.leaves = self.scoring.leaves

    def answer(self) -> Answer:
        """Planned where the planner knows the request, exhaustive else."""
        answer = self._planned()
        self.close()
        return answer

    def first(self, most: int) -> Answer:
        """The answer with the first hits instead of those that the request asks for; may be asked again,
        until `close`."""
        self.request = self.scoring.request = replace(self.request, offset=0, limit=most)
        return self._planned()

    def _planned(self) -> Answer:
        request = self.request
        leaves = any_of(request)
        if leaves is not None and not isinstance(request.match, Phrase):
            answer = self._of_any(leaves)
        elif request.scope is Scope.PARAGRAPH and is_known(request.match) and not _is_ordered(request):
            answer = self._of_sets()
        else:
            answer = self.exhaustive()
        return answer

    def close(self) -> None:
        """Give back what was borrowed, at the end of a request that went well."""
        for each in self.leaves:
            each.close()

    def exhaustive(self) -> Answer:
        """Every matching paragraph is found and scored."""
        request = self.request
        shown = [matched(leaves, request.match, request.scope) for leaves in self.leaves]
        documents = sum(
            leaves.view.segment.documents_among(each.paragraphs)
            for leaves, each in zip(self.leaves, shown, strict=True)
        )
        totals = Totals(
            units=sum(each.units for each in shown),
            paragraphs=sum(len(each.paragraphs) for each in shown),
            documents=documents,
        )
        if request.limit <= 0:
            return Answer(totals, ())
        if _is_ordered(request):
            return self._ordered(totals, shown)
        best: list[_Ranked] = []
        for leaves, each in zip(self.leaves, shown, strict=True):
            if len(each.paragraphs):
                scores = self.scoring.scores(leaves, each.paragraphs)
                add_constants(leaves, request.constants, each.paragraphs, scores)
                best += _best(leaves.view.segment, each.paragraphs, scores, request)
        return self._page(totals, best)

    def counts(self, field: str) -> Counts:
        """The matching units by the values of a field."""
        from .tally import Tally  # not part of a search

        tally = Tally(field)
        for leaves in self.leaves:
            units = Units.of(leaves.view, self.request.scope)
            matching = mask(leaves, self.request.match, units).nonzero()[0]
            tally.add(leaves.view.segment, units.documents(matching))
        for each in self.leaves:
            each.close()
        return tally.counts()

    def grouped(self, groupings: Sequence[Grouping]) -> tuple[Counts, ...]:
        """The documents that answer, by groupings."""
        from .grouped import grouped  # as above

        found = grouped(self.leaves, self.request, groupings)
        for each in self.leaves:
            each.close()
        return found

    def _ordered(self, totals: Totals, shown: Sequence[Matched]) -> Answer:
        """By the values of a field, or with one hit for each."""
        from .ordering import collapsed, in_order, placed  # not part of most searches

        request = self.request
        pairs = zip(self.leaves, shown, strict=True)
        hits = [hit for leaves, each in pairs for hit in placed(self.scoring, leaves, each.paragraphs)]
        hits = in_order(hits, descending=None if request.sort is None else request.sort.descending)
        if request.collapse or request.group:
            hits = collapsed(hits)
        page = hits[request.offset : request.offset + request.limit]
        return Answer(
            totals,
            tuple(Scored(Ref(hit.key, hit.at), hit.score, hit.size, sketch=hit.sketch) for hit in page),
        )

    def _of_any(self, nodes: Sequence[Word | Phrase]) -> Answer:
        request = self.request
        floor = Floor(request.offset + request.limit)
        extra = extras(request, nodes)
        paragraphs = documents = 0
        best: list[_Ranked] = []
        for leaves in self.leaves:
            addends = Addends(self.scoring, leaves, extra)
            others = union(others_of(leaves, nodes), leaves.view.segment.paragraphs)
            short = summed(addends)
            counts = count_any(addends, short[0], others)
            paragraphs, documents = paragraphs + counts[0], documents + counts[1]
            found = candidates(addends, short, others, floor)
            if len(found):
                scores = self.scoring.scores(leaves, found)
                floor.settle(scores)
                best += _best(leaves.view.segment, found, scores, request)
        units = paragraphs if request.scope is Scope.PARAGRAPH else documents
        return self._page(Totals(units, paragraphs, documents), best)

    def _of_sets(self) -> Answer:
        request = self.request
        paragraphs = documents = 0
        best: list[_Ranked] = []
        for leaves in self.leaves:
            found = find(leaves, request.match)
            if len(found.units):
                paragraphs += len(found.units)
                documents += leaves.view.segment.documents_among(found.units)
                if request.limit > 0:
                    scores = self.scoring.scores(leaves, found.units, found.ranks)
                    add_constants(leaves, request.constants, found.units, scores)
                    best += _best(leaves.view.segment, found.units, scores, request)
        return self._page(Totals(paragraphs, paragraphs, documents), best)

    def _page(self, totals: Totals, best: list[_Ranked]) -> Answer:
        """The hits that were asked for, of the best of each view."""
        request = self.request
        most = request.offset + request.limit
        if len(best) > most > 0:
            last = sorted(ranked[0] for ranked in best)[most - 1]
            best = [ranked for ranked in best if ranked[0] <= last]
        named = [
            (score, segment.key(document), at, size, sketch)
            for score, segment, document, at, size, sketch in best
        ]
        named.sort()
        page = named[request.offset : most]
        hits = [Scored(Ref(key, at), -score, size, (), sketch) for score, key, at, size, sketch in page]
        return Answer(totals, tuple(hits))


def _is_ordered(request: Request) -> bool:
    """Whether hits are ordered or collapsed by a field."""
    return request.sort is not None or bool(request.collapse)


# The best of a view


def _best(segment: Segment, paragraphs: I64, scores: F64, request: Request) -> list[_Ranked]:
    """As many as can count, in no order."""
    sizes: I64 | None = None
    if request.group:
        chosen, sizes = _best_of_each(segment.document_of.take(paragraphs), scores)
        paragraphs, scores = paragraphs.take(chosen), scores.take(chosen)
    chosen = _top(segment, paragraphs, scores, request.offset + request.limit)
    paragraphs, scores = paragraphs.take(chosen), scores.take(chosen)
    documents = segment.document_of.take(paragraphs)
    sketches = segment.likeness.take(paragraphs).tolist() if request.fold else repeat(0)
    paragraphs = paragraphs - segment.first_paragraphs.take(documents)
    return [
        (-score, segment, document, at, size, sketch)
        for score, document, at, size, sketch in zip(
            scores.tolist(),
            documents.tolist(),
            paragraphs.tolist(),
            repeat(1) if sizes is None else sizes.take(chosen).tolist(),
            sketches,
            strict=False,
        )
    ]


def _best_of_each(documents: I64, scores: F64) -> tuple[I64, I64]:
    """Index of the best paragraph (the first among equals) of each document, and how many it has."""
    starts = first_of_runs(documents)
    sizes = np.diff(np.append(starts, len(documents)))
    best = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    at = np.flatnonzero(scores == best)
    return at[first_of_runs(documents[at])], sizes


def _top(segment: Segment, paragraphs: I64, scores: F64, most: int) -> I64:
    """Indices of the `most` best by score, of tied ones the first by key and paragraph."""
    if len(scores) <= most:
        return np.arange(len(scores))
    chosen: I64 = (scores >= nearly_last(scores, most)).nonzero()[0]
    if len(chosen) == most:
        return chosen
    best = scores.take(chosen)
    least = len(best) - most
    threshold = np.partition(best, least)[least]
    tied = chosen.take((best == threshold).nonzero()[0])
    better = chosen.take((best > threshold).nonzero()[0])
    left = most - len(better)
    if left == len(tied):
        return np.concatenate((better, tied))
    place = segment.key_rank.take(segment.document_of.take(paragraphs.take(tied))) << np.int64(32)
    place |= paragraphs.take(tied)
    first: I64 = tied.take(place.argpartition(left - 1)[:left])
    return np.concatenate((better, first))
