"""Evaluation of a request: which units match, which paragraphs are shown for them, in which order.

The exhaustive way: everything that matches is found and scored. `planner` answers the common requests with
less; this module answers all, and is what planned answers are compared with.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, repeat
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from .arrays import F64, I64, first_of_runs, union
from .deadline import UNLIMITED, Deadline
from .leaves import Leaves
from .matching.tree import Matched, add_constants, mask, matched
from .matching.units import Units
from .planner.addends import Addends
from .planner.any_of import candidates
from .planner.floor import Floor, nearly_last
from .planner.matching import count_any, others_of
from .planner.sets import find, is_known
from .planner.shape import any_of, extras
from .planner.short import summed
from .query import Node, Not, Phrase, Request, Scope, Unit, Within, Word, children_of
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
        self.deadline = deadline_of(request)
        self.scoring = Scoring(views, request, self.deadline)
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
        answer = self._planned()
        if not answer.partial:
            self.deadline.lift()
        return answer

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
        if self.deadline.cut:
            return  # in the midst of something, perhaps
        for each in self.leaves:
            each.close()

    def exhaustive(self) -> Answer:
        """Every matching paragraph is found and scored."""
        request = self.request
        shown: list[tuple[Leaves, Matched]] = []
        for leaves in self._in_time():
            with self.deadline:
                shown.append((leaves, matched(leaves, request.match, request.scope)))
        totals = Totals(
            units=sum(each.units for _, each in shown),
            paragraphs=sum(len(each.paragraphs) for _, each in shown),
            documents=sum(leaves.view.segment.documents_among(each.paragraphs) for leaves, each in shown),
        )
        if request.limit <= 0:
            return Answer(totals, (), partial=self.deadline.cut)
        if _is_ordered(request):
            return self._ordered(totals, shown)
        best: list[_Ranked] = []
        for leaves, each in shown:
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
        """The documents that answer, by groupings. OutOfTime when there is not enough."""
        from .grouped import grouped  # as above

        if self.deadline.is_set:
            self.deadline.parts_do = False
        found = grouped(self.leaves, self.request, groupings)
        for each in self.leaves:
            each.close()
        return found

    def _in_time(self) -> Iterator[Leaves]:
        """The views, as long as there is time."""
        for leaves in self.leaves:
            if self.deadline.passed():
                return
            yield leaves

    def _ordered(self, totals: Totals, shown: Sequence[tuple[Leaves, Matched]]) -> Answer:
        """By the values of a field, or with one hit for each."""
        from .ordering import collapsed, in_order, placed  # not part of most searches

        request = self.request
        hits = [hit for leaves, each in shown for hit in placed(self.scoring, leaves, each.paragraphs)]
        hits = in_order(hits, descending=None if request.sort is None else request.sort.descending)
        if request.collapse or request.group:
            hits = collapsed(hits)
        page = hits[request.offset : request.offset + request.limit]
        return Answer(
            totals,
            tuple(Scored(Ref(hit.key, hit.at), hit.score, hit.size, sketch=hit.sketch) for hit in page),
            partial=self.deadline.cut,
        )

    def _of_any(self, nodes: Sequence[Word | Phrase]) -> Answer:
        request = self.request
        floor = Floor(request.offset + request.limit)
        extra = extras(request, nodes)
        paragraphs = documents = 0
        best: list[_Ranked] = []
        for leaves in self._in_time():
            with self.deadline:
                addends = Addends(self.scoring, leaves, extra)
                others = union(others_of(leaves, nodes), leaves.view.segment.paragraphs)
                short = summed(addends, floor)
                counts = count_any(addends, nodes, short.held, others)
                paragraphs, documents = paragraphs + counts[0], documents + counts[1]
                found = candidates(addends, short, others, floor)
                if len(found):
                    scores = addends.scores(found)
                    floor.settle(scores)
                    best += _best(leaves.view.segment, found, scores, request)
        units = paragraphs if request.scope is Scope.PARAGRAPH else documents
        return self._page(Totals(units, paragraphs, documents), best)

    def _of_sets(self) -> Answer:
        request = self.request
        paragraphs = documents = 0
        best: list[_Ranked] = []
        for leaves in self._in_time():
            with self.deadline:
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
        named = []
        for segment, group in groupby(best, itemgetter(1)):  # the best of a view stand together
            ranked = list(group)
            keys = segment.keys_of([each[2] for each in ranked])
            named += [(each[0], key, *each[3:]) for each, key in zip(ranked, keys, strict=True)]
        named.sort()
        page = named[request.offset : most]
        hits = [Scored(Ref(key, at), -score, size, (), sketch) for score, key, at, size, sketch in page]
        return Answer(totals, tuple(hits), partial=self.deadline.cut)


def deadline_of(request: Request) -> Deadline:
    """The end of the time for a request. Of what documents lack, a part will not do."""
    if request.deadline is None:
        return UNLIMITED
    return Deadline(request.deadline, parts_do=not _excludes(request.match))


def _excludes(node: Node) -> bool:
    """Whether what stands somewhere can keep a unit from matching. Sentences are looked at one by one, in
    whole."""
    if isinstance(node, Within) and node.unit is Unit.SENTENCE:
        return False
    return isinstance(node, Not) or any(map(_excludes, children_of(node)))


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
    sketches = segment.sketches(paragraphs) if request.fold else repeat(0)
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
