"""Where something stands in the text of a view: the one form in which planning and scoring see words,
whatever their postings look like, and phrases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F64, I64, U32, U64, Bool
from .stored import Long, numbers_in, ranks_of

if TYPE_CHECKING:
    from ..field import Field

__all__ = ["Listed", "ListedLeaf", "ListedTerm", "Scratch"]


_NOTHING = np.empty(0, np.int64)


class Scratch:
    """Arrays over all units (of a kind) of a view, for one query at a time.

    Its slots hold anything between uses; what is read from them is verified.
    """

    __slots__ = ("_flags", "_slots")

    def __init__(self, units: int) -> None:
        self._slots: U32 = np.zeros(units, np.uint32)
        self._flags: Bool = np.zeros(1 << 16, np.bool_)

    def flags(self, count: int) -> Bool:
        """At least so many, which are false between uses."""
        if count > len(self._flags):
            self._flags = np.zeros(2 * count, np.bool_)
        return self._flags

    def find(self, among: I64, units: I64) -> tuple[I64, I64]:
        """Which of `units` are in `among` (sorted, distinct), and where in it: two index arrays."""
        if not len(among) or not len(units):
            return _NOTHING, _NOTHING
        if len(among) < 4 * len(units):
            return self.look(among, units)
        at = among.searchsorted(units)
        which = (among.take(at, mode="clip") == units).nonzero()[0]
        return which, at.take(which)

    def look(self, among: I64, units: I64) -> tuple[I64, I64]:
        """The same, for some in no order, of which there is one at least."""
        self._slots[among] = np.arange(len(among), dtype=np.uint32)
        at = self._slots.take(units)
        which = (among.take(at, mode="clip") == units).nonzero()[0]
        return which, at.take(which)


class Listed:
    """Sorted distinct live paragraphs of one language, with a frequency each.

    long: the term's structures for planning, where it has some. most: entries, deleted ones included.
    """

    language: str
    long: Long | None = None
    most: int

    @property
    def count(self) -> int:
        """How many paragraphs."""
        raise NotImplementedError

    def ranked(self) -> tuple[I64, I64 | None]:
        """The paragraphs, and the entry of each; None: they are the entries."""
        raise NotImplementedError

    def find(self, units: I64, scratch: Scratch) -> tuple[I64, I64]:
        """Which of some live paragraphs (as indices), and the entries there."""
        raise NotImplementedError

    def frequencies(self, ranks: I64 | None) -> F64:
        """Of chosen entries; None: of all."""
        raise NotImplementedError

    def all_units(self) -> I64:
        """The paragraphs."""
        return self.ranked()[0]

    def all(self) -> tuple[I64, F64]:
        """The paragraphs, and the frequency in each."""
        units, ranks = self.ranked()
        return units, self.frequencies(ranks)

    def at(self, units: I64, scratch: Scratch) -> tuple[I64, F64]:
        """Which of some live paragraphs (as indices), and the frequencies there."""
        which, ranks = self.find(units, scratch)
        return which, self.frequencies(ranks)


class ListedLeaf(Listed):
    """Of several terms, or a phrase: made while the query is answered."""

    def __init__(self, language: str, units: I64, frequencies: F64) -> None:
        self.language = language
        self.units = units
        self.most = len(units)
        self._frequencies = frequencies

    @property
    def count(self) -> int:
        return len(self.units)

    def ranked(self) -> tuple[I64, I64 | None]:
        return self.units, None

    def find(self, units: I64, scratch: Scratch) -> tuple[I64, I64]:
        return scratch.find(self.units, units)

    def frequencies(self, ranks: I64 | None) -> F64:
        return self._frequencies if ranks is None else self._frequencies.take(ranks)


class ListedTerm(Listed):
    """One term, read from its postings. number: the term's, in its field. live: None when nothing of the view
    is deleted."""

    def __init__(
        self, field: Field, language: str, term: int, live: Bool | None, live_bits: U64 | None
    ) -> None:
        self.language = language
        self.field = field
        self.number = term
        self.postings = field.postings(term)
        self.most = len(self.postings)
        self.long = field.long.get(term)
        self._live = live
        self._live_bits = live_bits
        self._bits: U64 | None = None
        self._count = self.most if live is None else -1

    @property
    def units(self) -> I64:
        """All paragraphs with the term, deleted ones too."""
        return self.postings.units

    @property
    def bits(self) -> U64 | None:
        """A bitmap of the live paragraphs, of a long term."""
        if self.long is None or self._live_bits is None:
            return None if self.long is None else self.long.bits
        if self._bits is None:
            self._bits = self.long.bits & self._live_bits
        return self._bits

    @property
    def count(self) -> int:
        if self._count < 0:
            if (bits := self.bits) is not None:
                self._count = int(np.bitwise_count(bits).sum(dtype=np.int64))
            elif self._live is not None:
                self._count = int(np.count_nonzero(self._live.take(self.units)))
        return self._count

    def ranked(self) -> tuple[I64, I64 | None]:
        if self._live is None:
            return self.units, None
        ranks = self._live.take(self.units).nonzero()[0]
        return self.units.take(ranks), ranks

    def find(self, units: I64, scratch: Scratch) -> tuple[I64, I64]:
        if self.long is not None:
            return self.long.find(units)
        return scratch.find(self.postings.units, units)

    def frequencies(self, ranks: I64 | None) -> F64:
        return self.field.frequencies_at(self.postings, ranks)

    def strong(self, code: int, open_blocks: Bool) -> tuple[I64, I64]:
        """Of a long term, live paragraphs in some blocks whose impact has at least a code, and the
        postings."""
        assert self.long is not None
        blocks = self.long.blocks[: len(open_blocks)] >= code
        blocks &= open_blocks
        words = np.repeat(blocks.nonzero()[0] << 1, 2)
        words[1::2] += 1
        units = numbers_in(self.long.bits.take(words), words)
        ranks = ranks_of([self.long], units)[0]
        keep = (self.long.codes.take(ranks) >= code).nonzero()[0]
        units, ranks = units.take(keep), ranks.take(keep)
        if self._live is not None:
            keep = self._live.take(units).nonzero()[0]
            units, ranks = units.take(keep), ranks.take(keep)
        return units, ranks
