"""Sums over short lists: rare words and phrases, the rarest first.

Once the best of the sums so far are above all that the lists to come can give together, a paragraph that only
these hold is not among the best (MaxScore: H. Turtle and J. Flood, "Query evaluation: strategies and
optimizations", 1995). Such paragraphs are counted and not scored.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..arrays import F64, I64
from .addends import Addend, Addends
from .floor import Floor
from .listed import Scratch

__all__ = ["Held", "Short", "summed"]

_RARER = 8  # times longer must a list be, to be searched for the paragraphs of the others


class Held:
    """Distinct paragraphs, in no order, put together when they are asked for.

    count: how many.
    """

    def __init__(self, units: I64) -> None:
        self.count = len(units)
        self._units = units
        self._later: list[tuple[I64, I64]] = []

    def add(self, units: I64, known: I64) -> None:
        """Those of some paragraphs that are not held yet. known: the places of those that are."""
        self.count += len(units) - len(known)
        self._later.append((units, known))

    def units(self) -> I64:
        for units, known in self._later:
            is_fresh = np.ones(len(units), np.bool_)
            is_fresh[known] = False
            self._units = np.concatenate((self._units, units[is_fresh]))
        self._later = []
        return self._units


class Short(NamedTuple):
    """What the short lists hold, and those paragraphs of it that can be among the best: distinct, in no
    order, with the sums of what the lists add."""

    held: Held
    paragraphs: I64
    sums: F64


def summed(addends: Addends, floor: Floor) -> Short:
    """Adds up the short lists. Raises the floor."""
    short = addends.short
    if not short:
        nothing = np.empty(0, np.int64)
        return Short(Held(nothing), nothing, np.empty(0))
    paragraphs, sums = addends.scores_of(short[0])
    before = short[0].bound
    left = sum(addend.bound for addend in (*short[1:], *addends.long)) + addends.most_beside
    for at, addend in enumerate(short[1:], 1):
        if left < before:  # or else no sum can come above what is left
            floor.offer(sums)
            if left < floor.value:
                return _completed(addends, paragraphs, sums, short[at:])
        paragraphs, sums = _joined(paragraphs, sums, *addends.scores_of(addend), addends.leaves.scratch)
        before += addend.bound
        left -= addend.bound
    return Short(Held(paragraphs), paragraphs, sums)


def _completed(addends: Addends, paragraphs: I64, sums: F64, rest: list[Addend]) -> Short:
    """Adds what lists have for paragraphs that are known, and counts the others."""
    held = Held(paragraphs)
    for addend in rest:
        units, ranks = addend.listed.ranked()
        which, places = _met(held.units(), units, addends.leaves.scratch)
        held.add(units, which)
        scored = (places < len(paragraphs)).nonzero()[0] if held.count > len(paragraphs) else slice(None)
        which, places = which[scored], places[scored]
        if len(which):
            listed = addend.listed
            tf = listed.frequencies(which if ranks is None else ranks.take(which))
            scores = addends.scoring.impact(addends.leaves, listed, paragraphs.take(places), tf)
            scores *= addend.weight
            scores += sums.take(places)
            sums[places] = scores
    return Short(held, paragraphs, sums)


def _met(among: I64, units: I64, scratch: Scratch) -> tuple[I64, I64]:
    """Which of `units`, a sorted list, are among some paragraphs in no order, and where: two index arrays.

    What is longer is laid out, which costs least, and what is shorter looked up."""
    if len(among) * _RARER < len(units):
        at = units.searchsorted(among)
        places = (units.take(at, mode="clip") == among).nonzero()[0]
        return at.take(places), places
    if len(among) < len(units):
        places, which = scratch.look(units, among)
        return which, places
    return scratch.look(among, units)


def _joined(paragraphs: I64, sums: F64, units: I64, scores: F64, scratch: Scratch) -> tuple[I64, F64]:
    """Sums of some paragraphs, in no order, and of the units of a longer list."""
    which, places = _met(paragraphs, units, scratch)
    scores[which] += sums.take(places)
    is_fresh = np.ones(len(paragraphs), np.bool_)
    is_fresh[places] = False
    fresh = is_fresh.nonzero()[0]
    if not len(fresh):
        return units, scores
    return (
        np.concatenate((units, paragraphs.take(fresh))),
        np.concatenate((scores, sums.take(fresh))),
    )
