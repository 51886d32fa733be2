"""Evaluation of a request: which units match, which paragraphs are shown for them, in which order.

Scores are BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3), with
the idf that is never negative: ln(1 + (N - df + 0.5) / (df + 0.5)); N and df count live paragraphs, df
those in whose text the node stands (for what no text holds: at which it stands in a heading, or else in
a title). The average length is that of the language's
live paragraphs. Headings and titles are short: they are scored without length normalisation.
All sums are of float64 in the order of the clauses, so equal paragraphs score equally in every layout.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .arrays import F64, I64, Bool, distinct, first_of_runs, union
from .leaves import Leaves, meaning
from .query import And, Clause, Every, FieldName, Node, Not, Or, Phrase, Request, Scope, Word
from .records import Answer, Ref, Scored, Totals
from .segment import Segment
from .snapshot import View

__all__ = ["Evaluation"]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a view contributes: its matching units, and the paragraphs (sorted) that are shown for them."""

    units: int
    paragraphs: I64


class Evaluation:
    """One request over the views of a snapshot."""

    def __init__(self, views: Sequence[View], request: Request) -> None:
        self.request = request
        self.leaves = [Leaves(view) for view in views]
        self._idf: dict[object, float] = {}

    def answer(self) -> Answer:
        request = self.request
        shown = [_match(leaves, request.match, request.scope) for leaves in self.leaves]
        documents = sum(
            len(distinct(leaves.view.segment.document_of[each.paragraphs]))
            for leaves, each in zip(self.leaves, shown, strict=True)
        )
        totals = Totals(
            units=sum(each.units for each in shown),
            paragraphs=sum(len(each.paragraphs) for each in shown),
            documents=documents,
        )
        if request.limit <= 0:
            return Answer(totals, ())
        best: list[tuple[float, str, int, int]] = []
        for leaves, each in zip(self.leaves, shown, strict=True):
            if len(each.paragraphs):
                scores = self._scores(leaves, each.paragraphs)
                best += _best(leaves.view.segment, each.paragraphs, scores, request)
        best.sort()
        page = best[request.offset : request.offset + request.limit]
        return Answer(totals, tuple(Scored(Ref(key, at), -score, size) for score, key, at, size in page))

    # Scores

    def _scores(self, leaves: Leaves, paragraphs: I64) -> F64:
        total = np.zeros(leaves.view.segment.paragraphs)
        for clause in self.request.scoring:
            if clause.node.field in (FieldName.HEADING, FieldName.TITLE):
                total[paragraphs] += self._spread(leaves, clause, paragraphs)
            else:
                self._add_text(leaves, clause, total)
        return total[paragraphs]

    def _add_text(self, leaves: Leaves, clause: Clause, total: F64) -> None:
        k1, b = self.request.k1, self.request.b
        weight = clause.weight * self.idf(clause.node) * (k1 + 1)
        for leaf in leaves.find(clause.node, FieldName.TEXT):
            field = leaves.view.segment.field("text", leaf.language)
            if field is None:
                continue
            relative = field.lengths[leaf.units] / self.average_length(leaf.language)
            tf = leaf.frequencies
            total[leaf.units] += weight * (tf / (tf + k1 * (1 - b + b * relative)))

    def _spread(self, leaves: Leaves, clause: Clause, paragraphs: I64) -> F64:
        """The clause's score of each paragraph from the headings (or title) above it."""
        segment = leaves.view.segment
        above = np.zeros(len(paragraphs))
        here = np.zeros(len(paragraphs))
        for leaf in leaves.find(clause.node, clause.node.field):
            if clause.node.field is FieldName.HEADING:
                first, last = (ends[leaf.units] for ends in segment.section_spans)
            else:
                first, last = (segment.first_paragraphs[leaf.units + step] for step in (0, 1))
            full = first < last  # a section without paragraphs has no first one
            first, last, counts = first[full], last[full], leaf.frequencies[full]
            begun = _covering(first, counts, paragraphs)
            above += begun - _covering(last, counts, paragraphs)
            here += begun - _covering(first, counts, paragraphs - 1)
        k1 = self.request.k1
        score = clause.weight * (above / (above + k1))
        if clause.first:
            score += clause.first * (here / (here + k1))
        return self.idf(clause.node) * (k1 + 1) * score

    def idf(self, node: Word | Phrase) -> float:
        """The node's inverse document frequency, the same in all its clauses."""
        key = meaning(node)
        found = self._idf.get(key)
        if found is None:
            fields = (FieldName.TEXT, FieldName.HEADING, FieldName.TITLE)
            df = next((df for field in fields if (df := self.frequency(node, field))), 0)
            total = sum(leaves.view.counts[2] for leaves in self.leaves)
            found = self._idf[key] = math.log(1 + (total - df + 0.5) / (df + 0.5))
        return found

    def frequency(self, node: Word | Phrase, field: FieldName) -> int:
        """Paragraphs at which the node stands in the field."""
        return sum(
            len(union(leaves.paragraphs(node, field), leaves.view.segment.paragraphs))
            for leaves in self.leaves
        )

    def average_length(self, language: str) -> float:
        """Mean tokens of the language's live paragraphs; never 0."""
        totals = [leaves.view.lengths(language) for leaves in self.leaves]
        tokens, count = (sum(column) for column in zip(*totals, strict=True))
        return tokens / count if tokens else 1.0


def _covering(edges: I64, counts: F64, paragraphs: I64) -> F64:
    """Sum of the counts whose edge lies at or before each paragraph."""
    order = np.argsort(edges, kind="stable")
    sums = np.concatenate(([0.0], counts[order].cumsum()))
    return np.asarray(sums[np.searchsorted(edges[order], paragraphs, side="right")])


# Matching


def _match(leaves: Leaves, node: Node, scope: Scope) -> _Shown:
    units = _Units.of(leaves.view, scope)
    mask = _mask(leaves, node, units)
    positive = union(
        [p for leaf in _positive(node) for p in leaves.paragraphs(leaf, leaf.field)],
        leaves.view.segment.paragraphs,
    )
    if not len(positive) and not mask.any():
        return _Shown(0, positive)
    shown = positive[mask[units.of_paragraph(positive)]]
    silent = mask.copy()
    silent[units.of_paragraph(shown)] = False
    if silent.any():
        # Units that match by what they lack are shown by their first paragraph.
        first = units.first_paragraph(np.flatnonzero(silent))
        shown = union([shown, first], leaves.view.segment.paragraphs)
    return _Shown(int(mask.sum()), shown)


def _positive(node: Node) -> Iterator[Word | Phrase]:
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Word | Phrase):
            yield current
        elif isinstance(current, And | Or):
            stack.extend(current.children)


def _mask(leaves: Leaves, node: Node, units: _Units) -> Bool:
    """Which units match."""
    if isinstance(node, Word | Phrase):
        mask = np.zeros(units.count, np.bool_)
        if node.field in (FieldName.HEADING, FieldName.TITLE):
            mask[units.of_paragraph(leaves.beneath(node, node.field))] = True
        else:
            for paragraphs in leaves.paragraphs(node, node.field):
                mask[units.of_paragraph(paragraphs)] = True
        return mask
    if isinstance(node, Not):
        return units.live & ~_mask(leaves, node.child, units)
    if isinstance(node, Every):
        return units.live.copy()
    masks = (_mask(leaves, child, units) for child in node.children)
    mask = next(masks, np.zeros(units.count, np.bool_))
    for other in masks:
        if isinstance(node, And):
            mask &= other
        else:
            mask |= other
    return mask


class _Units:
    """The units of a scope in one view: which there are, and which a paragraph lies in."""

    def __init__(self, count: int, live: Bool, of: I64 | None, firsts: I64 | None) -> None:
        self.count = count
        self.live = live
        self._of = of
        self._firsts = firsts

    @classmethod
    def of(cls, view: View, scope: Scope) -> _Units:
        segment = view.segment
        if scope is Scope.PARAGRAPH:
            return cls(segment.paragraphs, _or_all(view.live_paragraphs, segment.paragraphs), None, None)
        if scope is Scope.DOCUMENT:
            live = _or_all(view.live_documents, segment.documents)
            return cls(segment.documents, live, segment.document_of, segment.first_paragraphs)
        # Sections: the innermost one of a paragraph; one without paragraphs of its own is no unit.
        firsts = np.zeros(segment.sections, np.int64)
        own = np.zeros(segment.sections, np.bool_)
        at = first_of_runs(segment.section_of)  # a section's own paragraphs stand together
        sections = segment.section_of[at]
        firsts[sections], own[sections] = at, True
        if view.live_sections is not None:
            own &= view.live_sections
        return cls(segment.sections, own, segment.section_of, firsts)

    def of_paragraph(self, paragraphs: I64) -> I64:
        return paragraphs if self._of is None else self._of[paragraphs]

    def first_paragraph(self, units: I64) -> I64:
        return units if self._firsts is None else self._firsts[units]


def _or_all(mask: Bool | None, count: int) -> Bool:
    return np.ones(count, np.bool_) if mask is None else mask


# The best of a view


def _best(
    segment: Segment, paragraphs: I64, scores: F64, request: Request
) -> list[tuple[float, str, int, int]]:
    """(-score, key, paragraph in its document, paragraphs of the document), sorted, as many as can count."""
    sizes = np.ones(len(paragraphs), np.int64)
    documents = segment.document_of[paragraphs]
    if request.group:
        chosen, sizes = _best_of_each(documents, scores)
        paragraphs, scores, documents = paragraphs[chosen], scores[chosen], documents[chosen]
    most = request.offset + request.limit
    place = (segment.key_rank[documents] << np.int64(32)) | paragraphs
    chosen = _top(scores, place, most)
    order = chosen[np.lexsort((place[chosen], -scores[chosen]))][:most]
    firsts = segment.first_paragraphs[documents[order]]
    return [
        (-score, segment.key(document), at, size)
        for score, document, at, size in zip(
            scores[order].tolist(),
            documents[order].tolist(),
            (paragraphs[order] - firsts).tolist(),
            sizes[order].tolist(),
            strict=True,
        )
    ]


def _best_of_each(documents: I64, scores: F64) -> tuple[I64, I64]:
    """Index of the best paragraph (the first among equals) of each document, and how many it has."""
    starts = first_of_runs(documents)
    sizes = np.diff(np.append(starts, len(documents)))
    best = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    at = np.flatnonzero(scores == best)
    return at[first_of_runs(documents[at])], sizes


def _top(scores: F64, place: I64, most: int) -> I64:
    """Indices of at least the `most` best by (-score, place): all better ones, and the first of the tied."""
    if len(scores) <= most:
        return np.arange(len(scores))
    threshold = np.partition(scores, len(scores) - most)[len(scores) - most]
    better = np.flatnonzero(scores > threshold)
    tied = np.flatnonzero(scores == threshold)
    left = most - len(better)
    if len(tied) > left:
        tied = tied[np.argpartition(place[tied], left - 1)[:left]]
    return np.concatenate((better, tied))
