"""Scores: BM25 of any paragraphs that are asked for.

BM25 is that of Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3, with
the idf that is never negative: ln(1 + (N - df + 0.5) / (df + 0.5)); N and df count live paragraphs, df
those in whose text the node stands (for what no text holds: at which it stands in a heading, or else in
a title). The average length is that of the language's live paragraphs. Headings and titles are short:
they are scored without length normalisation. All sums are of float64 in the order of the clauses, so equal
paragraphs score equally in every layout, whichever others are scored beside them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from .arrays import F64, I64, union
from .deadline import UNLIMITED, Deadline
from .leaves import Leaves
from .planner.listed import Listed
from .query import Clause, FieldName, Placed, Request, meaning
from .snapshot import Norms, View
from .spreads import Spread, Spreads

__all__ = ["Scoring", "impact"]

SPREAD = (FieldName.HEADING, FieldName.TITLE)


class Step(NamedTuple):
    """What a text clause adds in one language: `weight` x impact. key: its meaning."""

    key: object
    listed: Listed
    weight: float


class Scoring:
    """The clauses of a request over the views of a snapshot, which share all statistics.

    whole: the leaves of all documents, by which statistics are counted; leaves: those that may answer.
    """

    def __init__(self, views: Sequence[View], request: Request, deadline: Deadline = UNLIMITED) -> None:
        self.request = request
        self.whole = [Leaves(view, deadline) for view in views]
        self.leaves: Sequence[Leaves] = self.whole
        if request.where is not None:
            from .narrowed import narrow  # not part of most searches

            self.leaves = [narrow(leaves, request.where) for leaves in self.whole]
        self.paragraphs = sum(view.counts[2] for view in views)
        self._idf: dict[object, float] = {}
        self._averages: dict[str, float] = {}
        self._plans: dict[int, tuple[Sequence[Step | int], Spreads | None]] = {}

    def scores(
        self, leaves: Leaves, paragraphs: I64, ranks: Mapping[Listed, I64 | None] | None = None
    ) -> F64:
        """Of distinct live paragraphs of a view; shape of `paragraphs`.

        ranks: of lists that hold all of the paragraphs, their entries there, where these are known.
        """
        total = np.zeros(len(paragraphs))
        norms: dict[str, F64] = {}
        steps, spreads = self._planned(leaves)
        spread = None if spreads is None else spreads.scores(paragraphs)
        for step in steps:
            if isinstance(step, int):
                if spread is not None:
                    total += spread[step]
                continue
            listed, weight = step.listed, step.weight
            if (norm := norms.get(listed.language)) is None:
                norm = norms[listed.language] = self.norms(leaves, listed.language).take(paragraphs)
            if ranks is not None and listed in ranks:
                total += impact(listed.frequencies(ranks[listed]), norm, weight)
                continue
            which, tf = listed.at(paragraphs, leaves.scratch)
            if len(which) == len(paragraphs):
                total += impact(tf, norm, weight)
            elif len(which):
                total[which] = total.take(which) + impact(tf, norm.take(which), weight)
        return total

    def _planned(self, leaves: Leaves) -> tuple[Sequence[Step | int], Spreads | None]:
        """What adds to scores in a view, looked up once, in the order of the clauses: lists, and rows of what
        headings and titles add."""
        found = self._plans.get(id(leaves))  # this keeps them alive
        if found is None:
            steps: list[Step | int] = []
            spreads: list[Spread] = []
            for clause in self.request.scoring:
                with leaves.deadline:  # what is not known in time adds nothing
                    if clause.node.field in SPREAD:
                        if (spread := self.spread(leaves, clause)) is not None:
                            steps.append(len(spreads))
                            spreads.append(spread)
                        continue
                    key = meaning(clause.node)
                    for listed in leaves.text(clause.node, key):
                        # Not asked for what stands nowhere: its headings would be counted.
                        weight = clause.weight * self.idf(clause.node, key) * (self.request.k1 + 1)
                        if listed.most:
                            steps.append(Step(key, listed, weight))
            found = steps, Spreads(spreads, self.request.k1) if spreads else None
            self._plans[id(leaves)] = found
        return found

    def steps(self, leaves: Leaves) -> list[Step]:
        """What text clauses add in a view."""
        return [step for step in self._planned(leaves)[0] if not isinstance(step, int)]

    def spreads(self, leaves: Leaves) -> Spreads | None:
        """What headings and titles add in a view; None: nothing."""
        return self._planned(leaves)[1]

    def weight(self, clause: Clause) -> float:
        """What a text clause multiplies impacts with."""
        return clause.weight * self.idf(clause.node) * (self.request.k1 + 1)

    def impact(self, leaves: Leaves, listed: Listed, paragraphs: I64, tf: F64) -> F64:
        """BM25 without idf of something that stands `tf` times in the text of each paragraph."""
        norm = self.norms(leaves, listed.language).take(paragraphs)
        norm += tf
        return np.divide(tf, norm, out=norm)

    def norms(self, leaves: Leaves, language: str) -> Norms:
        request = self.request
        return leaves.view.norms(language, request.k1, request.b, self.average_length(language))

    def spread(self, leaves: Leaves, clause: Clause) -> Spread | None:
        """What a heading's or title's clause adds; None: nothing."""
        key = meaning(clause.node)
        spans = leaves.spans(clause.node, clause.node.field, key)
        return Spread(clause, self.idf(clause.node, key) * (self.request.k1 + 1), spans) if spans else None

    def idf(self, node: Placed, key: object = None) -> float:
        """The node's inverse document frequency, the same in all its clauses. key: as of `Leaves.text`."""
        if key is None:
            key = meaning(node)
        found = self._idf.get(key)
        if found is None:
            df = 0
            for leaves in self.whole:
                with leaves.deadline:  # as far as it was counted
                    df += sum(listed.count for listed in leaves.text(node, key))
            if not df:
                df = next((df for field in SPREAD if (df := self.frequency(node, field))), 0)
            found = self._idf[key] = math.log(1 + (self.paragraphs - df + 0.5) / (df + 0.5))
        return found

    def frequency(self, node: Placed, field: FieldName) -> int:
        """Paragraphs at which the node stands in the field."""
        return sum(
            len(union(leaves.paragraphs(node, field), leaves.view.segment.paragraphs))
            for leaves in self.whole
        )

    def average_length(self, language: str) -> float:
        """Mean tokens of the language's live paragraphs; never 0."""
        found = self._averages.get(language)
        if found is None:
            totals = [leaves.view.lengths(language) for leaves in self.whole]
            tokens, count = (sum(column) for column in zip(*totals, strict=True))
            found = self._averages[language] = tokens / count if tokens else 1.0
        return found


def impact(tf: F64, norm: F64, weight: float) -> F64:
    """`weight` x the impact of something that stands `tf` times in paragraphs with a `norm`."""
    norm = norm + tf
    np.divide(tf, norm, out=norm)
    norm *= weight
    return norm
