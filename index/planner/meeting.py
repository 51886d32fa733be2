"""Where all of some lists meet: read from the rarest of them on, with the bitmaps of long terms beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import I64, U64
from .listed import Listed, ListedTerm, Scratch
from .stored import holding_all, numbers, ranks_of

__all__ = ["Found", "meet", "narrow"]

_NOTHING = np.empty(0, np.int64)


class Found:
    """Live units, sorted and distinct; and of lists that hold all of them, which of their entries these are
    (None: all, in this order)."""

    __slots__ = ("ranks", "units")

    def __init__(self, units: I64, ranks: dict[Listed, I64 | None] | None = None) -> None:
        self.units = units
        self.ranks = {} if ranks is None else ranks

    def keep(self, which: I64) -> None:
        """Leave out all others."""
        if len(which) < len(self.units):
            self.units = self.units.take(which)
            for listed, ranks in self.ranks.items():
                self.ranks[listed] = which if ranks is None else ranks.take(which)


def meet(lists: Sequence[Listed], scratch: Scratch) -> Found:
    """What all of the lists hold, the rarest of which comes first."""
    rarest = lists[0]
    if not rarest.most:
        return Found(_NOTHING)
    if isinstance(rarest, ListedTerm) and rarest.long is not None:
        longs, bitmaps = _longs(lists)
        joined = bitmaps[0]
        for bits in bitmaps[1:]:
            joined = joined & bits
        found = Found(numbers(joined))
        _by_search(found, lists, scratch)
        _rank(found, longs)
        return found
    units, ranks = rarest.ranked()
    found = Found(units, {rarest: ranks})
    narrow(found, lists[1:], scratch)
    return found


def narrow(found: Found, lists: Sequence[Listed], scratch: Scratch) -> None:
    """Leave out what one of the lists does not hold."""
    longs, bitmaps = _longs(lists)
    if bitmaps and len(found.units):
        found.keep(holding_all(bitmaps, found.units))
    _by_search(found, lists, scratch)
    _rank(found, longs)


def _by_search(found: Found, lists: Sequence[Listed], scratch: Scratch) -> None:
    for listed in lists:
        if listed.long is None and listed not in found.ranks:
            which, ranks = listed.find(found.units, scratch)
            found.keep(which)
            found.ranks[listed] = ranks


def _longs(lists: Sequence[Listed]) -> tuple[list[ListedTerm], list[U64]]:
    longs = [term for term in lists if isinstance(term, ListedTerm) and term.long is not None]
    return longs, [bits for term in longs if (bits := term.bits) is not None]


def _rank(found: Found, longs: Sequence[ListedTerm]) -> None:
    if longs:
        ranks = ranks_of([term.long for term in longs if term.long is not None], found.units)
        found.ranks.update(zip(longs, ranks, strict=True))
