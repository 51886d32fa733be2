"""Where something stands in the text of a view: the one form in which planning and scoring see words,
whatever their postings look like, and phrases."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F64, I64, U32, U64, Bool
from .stored import Long

if TYPE_CHECKING:
    from ..field import Field

__all__ = ["Listed", "ListedLeaf", "ListedTerm", "Scratch"]


class Scratch:
    """Arrays over all paragraphs of a view, for one query at a time.

    sums: zero between uses. slots: anything; what is read from it must be verified.
    """

    __slots__ = ("slots", "sums")

    def __init__(self, paragraphs: int) -> None:
        self.sums: F64 = np.zeros(paragraphs)
        self.slots: U32 = np.zeros(paragraphs, np.uint32)

    def find(self, among: I64 | U32, units: I64) -> tuple[I64, I64]:
        """Which of `units` are in `among` (sorted, distinct), and where in it: two index arrays."""
        if not len(among):
            nothing = np.empty(0, np.int64)
            return nothing, nothing
        if len(among) < 4 * len(units):
            self.slots[among] = np.arange(len(among), dtype=np.uint32)
            at = self.slots.take(units).astype(np.int64)
        else:
            at = among.searchsorted(units.astype(among.dtype))
        which = (among.take(at, mode="clip") == units).nonzero()[0]
        return which, at.take(which)


class Listed:
    """Sorted distinct live paragraphs of one language, with a frequency each.

    long: the term's structures for planning, where it has some.
    """

    language: str
    long: Long | None = None

    @property
    def count(self) -> int:
        """How many paragraphs."""
        raise NotImplementedError

    def all_units(self) -> I64:
        """The paragraphs."""
        raise NotImplementedError

    def all(self) -> tuple[I64, F64]:
        """The paragraphs, and the frequency in each."""
        raise NotImplementedError

    def at(self, units: I64, scratch: Scratch) -> tuple[I64, F64]:
        """Which of some live paragraphs (as indices), and the frequencies there."""
        raise NotImplementedError


class ListedLeaf(Listed):
    """Of several terms, or a phrase: made while the query is answered."""

    def __init__(self, language: str, units: I64, frequencies: F64) -> None:
        self.language = language
        self.units = units
        self.frequencies = frequencies

    @property
    def count(self) -> int:
        return len(self.units)

    def all_units(self) -> I64:
        return self.units

    def all(self) -> tuple[I64, F64]:
        return self.units, self.frequencies

    def at(self, units: I64, scratch: Scratch) -> tuple[I64, F64]:
        which, ranks = scratch.find(self.units, units)
        return which, self.frequencies.take(ranks)


class ListedTerm(Listed):
    """One term, read from its postings. live: None when nothing of the view is deleted."""

    def __init__(
        self, field: Field, language: str, term: int, live: Bool | None, live_bits: U64 | None
    ) -> None:
        self.language = language
        self.field = field
        self.postings = field.postings(term)
        self.long = field.long.get(term)
        self._live = live
        self._live_bits = live_bits

    @cached_property
    def units(self) -> I64:
        """All paragraphs with the term, deleted ones too."""
        return self.postings.units.astype(np.int64)

    @cached_property
    def bits(self) -> U64 | None:
        """A bitmap of the live paragraphs, of a long term."""
        if self.long is None:
            return None
        return self.long.bits if self._live_bits is None else self.long.bits & self._live_bits

    @cached_property
    def count(self) -> int:
        if self._live is None:
            return len(self.postings)
        if self.bits is not None:
            return int(np.bitwise_count(self.bits).sum(dtype=np.int64))
        return int(np.count_nonzero(self._live.take(self.units)))

    def all_units(self) -> I64:
        return self.units if self._live is None else self.units[self._live.take(self.units)]

    def all(self) -> tuple[I64, F64]:
        frequencies = self.field.frequencies(self.postings).astype(np.float64)
        if self._live is None:
            return self.units, frequencies
        keep = self._live.take(self.units)
        return self.units[keep], frequencies[keep]

    def find(self, units: I64, scratch: Scratch) -> tuple[I64, I64]:
        """Which of some live paragraphs (as indices), and its postings there."""
        if self.long is not None:
            return self.long.find(units)
        return scratch.find(self.postings.units, units)

    def at(self, units: I64, scratch: Scratch) -> tuple[I64, F64]:
        which, ranks = self.find(units, scratch)
        return which, self.frequencies(ranks)

    def frequencies(self, ranks: I64) -> F64:
        """Of chosen postings."""
        return self.field.frequencies_at(self.postings, ranks).astype(np.float64)

    def strong(self, code: int) -> tuple[I64, I64]:
        """Live paragraphs whose impact has at least a code (of a long term), and the postings."""
        assert self.long is not None
        ranks = (self.long.codes >= code).nonzero()[0]
        units = self.postings.units.take(ranks).astype(np.int64)
        if self._live is not None:
            keep = self._live.take(units)
            return units[keep], ranks[keep]
        return units, ranks
