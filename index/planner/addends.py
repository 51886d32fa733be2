"""The addends of a paragraph's score in one view, with what bounds them."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arrays import F64, I64
from ..leaves import Leaves
from ..scoring import Scoring, Step
from .floor import Floor
from .listed import Listed, ListedTerm
from .stored import BLOCK

__all__ = ["Addend", "Addends"]

_FEW = 64  # candidates that are not worth a pruning
_SLACK = 1 + 1e-9


@dataclass(frozen=True, slots=True)
class Addend:
    """A text clause in one language: `weight` x impact.

    bound: the highest that it can be. per_code: of a long term, what each step of a code stands for; else 0.
    """

    listed: Listed
    weight: float
    bound: float
    per_code: float = 0.0


class Addends:
    """Those of a request in one view. The sums that are kept while planning are of true addends only: no more
    than the score, but for rounding, which `Floor` allows for.

    long: addends of long terms, the highest bound first. short: all others, the rarest first. extra: a bound
    of what those clauses add that find nothing by themselves (`extras` are their meanings); they have no
    addends.
    """

    def __init__(self, scoring: Scoring, leaves: Leaves, extras: Container[object] = ()) -> None:
        self.scoring = scoring
        self.leaves = leaves
        self._scored: tuple[I64, F64] | None = None
        steps = scoring.steps(leaves)
        self.extra = 0.0
        if extras:
            self.extra = _SLACK * sum(step.weight for step in steps if step.key in extras)
            steps = [step for step in steps if step.key not in extras]
        every = [self._of_step(step) for step in steps]
        self.long = sorted((a for a in every if a.per_code), key=lambda a: -a.bound)
        self.short = sorted((a for a in every if not a.per_code), key=lambda a: a.listed.count)

    def _of_step(self, step: Step) -> Addend:
        scoring, request, (_, listed, weight) = self.scoring, self.scoring.request, step
        if isinstance(listed, ListedTerm) and listed.long is not None:
            average = scoring.average_length(listed.language)
            factor = listed.field.long.factor(request.k1, request.b, average)
            if factor is not None:
                return Addend(listed, weight, weight * factor * listed.long.highest, weight * factor)
        return Addend(listed, weight, weight)

    @cached_property
    def spread(self) -> F64 | None:
        """For each `BLOCK` paragraphs the most that headings and titles can add to one of them; None when
        they add nothing."""
        spreads = self.scoring.spreads(self.leaves)
        if spreads is None:
            return None
        total = spreads.bounds(-(-self.leaves.view.segment.paragraphs // BLOCK), BLOCK)
        total *= _SLACK
        return total

    @cached_property
    def most_beside(self) -> float:
        """The most that headings, titles and extras can add to a paragraph."""
        return self.extra + (0.0 if self.spread is None else float(self.spread.max()))

    def spread_at(self, paragraphs: I64) -> F64:
        """A bound of what headings, titles and extras add to each paragraph."""
        if self.spread is None:
            return np.full(len(paragraphs), self.extra)
        return self.spread.take(paragraphs // BLOCK) + self.extra

    def scores(self, paragraphs: I64) -> F64:
        """Of sorted, distinct paragraphs, in whole. Those of the first call are remembered: the likely best,
        which will be asked for again."""
        if self._scored is None:
            scores = self.scoring.scores(self.leaves, paragraphs)
            self._scored = paragraphs, scores
            return scores
        known, scores = self._scored
        at = known.searchsorted(paragraphs)
        fresh = (known.take(at, mode="clip") != paragraphs).nonzero()[0]
        found = scores.take(at, mode="clip")
        if len(fresh):
            found[fresh] = self.scoring.scores(self.leaves, paragraphs.take(fresh))
        return found

    def scores_of(self, addend: Addend) -> tuple[I64, F64]:
        """All paragraphs of an addend, and what it adds to each."""
        units, tf = addend.listed.all()
        scores = self.scoring.impact(self.leaves, addend.listed, units, tf)
        scores *= addend.weight
        return units, scores

    def complete(
        self, paragraphs: I64, sums: F64, addends: Sequence[Addend], floor: Floor, *, prune: bool = True
    ) -> tuple[I64, F64]:
        """Adds `addends`, one after the other, to the sums of paragraphs; leaves out those paragraphs that
        cannot come to the floor any more. sums is changed."""
        left = sum(addend.bound for addend in addends)
        room = self.spread_at(paragraphs) if prune and (self.extra or self.spread is not None) else None
        for addend in addends:
            if not len(paragraphs):
                break
            which, tf = addend.listed.at(paragraphs, self.leaves.scratch)
            if len(which):
                scores = self.scoring.impact(self.leaves, addend.listed, paragraphs.take(which), tf)
                scores *= addend.weight
                scores += sums.take(which)
                sums[which] = scores
            left -= addend.bound
            if prune and floor.value and len(paragraphs) > _FEW:
                reach = sums + left if room is None else sums + left + room
                keep = (reach >= floor.value).nonzero()[0]
                if len(keep) < len(paragraphs):
                    paragraphs, sums = paragraphs.take(keep), sums.take(keep)
                    room = None if room is None else room.take(keep)
        return paragraphs, sums
