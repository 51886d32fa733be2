"""The terms of all tokens, in the order of the text, sorted into postings."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import numpy as np

from ..arrays import I64, U32, U64, Array
from ..aside import aside

__all__ = ["Postings", "Tokens"]

_ROOM: Final = 1 << 20  # tokens
_PIECE: Final = 1 << 18  # tokens that are taken apart at once
_WIDEST: Final = 64  # bits of a key


class Postings(NamedTuple):
    """As `Inverted` has them."""

    starts: I64
    units: U32
    frequencies: Array
    position_starts: I64
    positions: Array


class Tokens:
    """The number of each token's term, in rooms of one size: among the short-lived arrays of later batches,
    small ones would break the memory between them into pieces that are too small for anything else."""

    def __init__(self) -> None:
        self._rooms: list[U32] = []
        self._left = 0  # in the last room
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def extend(self, terms: I64) -> None:
        """Append tokens; fewer than 2**32 in all."""
        self._count += len(terms)
        while len(terms):
            if not self._left:
                self._rooms.append(np.empty(_ROOM, np.uint32))
                self._left = _ROOM
            some = terms[: self._left]
            first = _ROOM - self._left
            self._rooms[-1][first : first + len(some)] = some
            self._left -= len(some)
            terms = terms[len(some) :]

    def postings(self, lengths: U32, ranks: U32, helper: Executor | None = None) -> Postings:
        """Those of units with so many tokens each; forgets the tokens. ranks: the place of each term among
        those that have a token, by its number. helper: a thread that does half of the work.

        One number is sorted for each token: the rank of its term, its unit, and its position there.
        """
        into = _Sorted.of(lengths)
        ends = self._sort(into, ranks)
        middle = int(ends.searchsorted(len(into.keys) // 2))
        later = aside(helper, partial(into.take_apart, ends[middle:]))
        starts, more = into.take_apart(ends[: middle + 1]), later()
        into.close_up(int(starts[-1]), int(ends[middle]), int(more[-1]))
        starts = np.concatenate((starts[:-1], more + starts[-1]))
        return Postings(
            starts, into.units[: starts[-1]], into.frequencies[: starts[-1]], ends, into.positions
        )

    def _sort(self, into: _Sorted, ranks: U32) -> I64:
        """Sort the keys by the ranks of their terms; the result: where those of each rank begin, and the
        end."""
        keys, bits = into.keys, into.bits
        counts = np.zeros(len(ranks), np.int64)
        fits = len(ranks).bit_length() + bits <= _WIDEST
        shifted = ranks.astype(np.uint64) << np.uint64(bits if fits else 0)
        unsorted = np.empty(0 if fits else len(keys), np.uint32)
        first = 0
        self._rooms.reverse()
        while self._rooms:
            terms = self._rooms.pop()[: len(keys) - first]
            counts += np.bincount(terms, minlength=len(ranks))
            some = slice(first, first + len(terms))
            if fits:
                keys[some] |= shifted.take(terms)
            else:
                unsorted[some] = ranks.take(terms)
            first += len(terms)
        if fits:
            keys.sort()
        else:
            keys[:] = keys.take(unsorted.argsort(kind="stable"))
        met = counts.nonzero()[0]
        by_rank = np.zeros(len(met) + 1, np.int64)
        by_rank[1 + ranks[met].astype(np.int64)] = counts[met]
        return by_rank.cumsum()


@dataclass(frozen=True, slots=True)
class _Sorted:
    """Tokens on their way to postings, in the order of the text first and in that of their terms then.

    keys: the unit of each token in bits from `low` to `bits`, the position in the unit below. units,
    frequencies: what postings are written to, which are fewer than tokens. positions: within the unit.
    """

    keys: U64
    low: int
    bits: int
    units: U32
    frequencies: Array
    positions: Array

    @classmethod
    def of(cls, lengths: U32) -> _Sorted:
        longest = int(lengths.max(initial=0))
        low = longest.bit_length()
        numbers = np.arange(len(lengths), dtype=np.int64)
        ends = lengths.cumsum(dtype=np.int64)
        # In each unit a row of numbers that begins at its own in the higher bits.
        keys = ((numbers << low) - (ends - lengths)).repeat(lengths)
        for first in range(0, len(keys), _ROOM):
            some = keys[first : first + _ROOM]
            some += np.arange(first, first + len(some))
        narrow = np.min_scalar_type(longest)
        # Memory that is not written to is not taken from the system.
        units, frequencies, positions = (np.empty(len(keys), kind) for kind in (np.uint32, narrow, narrow))
        bits = low + len(lengths).bit_length()
        return cls(keys.view(np.uint64), low, bits, units, frequencies, positions)

    def take_apart(self, ends: I64) -> I64:
        """Make the postings of some terms, whose tokens begin at each of `ends` but the last; they are
        written from there on where the tokens begin. The result: before each term, and in all."""
        starts = np.zeros(len(ends), np.int64)
        origin, end = int(ends[0]), int(ends[-1])
        low, position = np.uint64(self.low), np.uint64((1 << self.low) - 1)
        unit = np.uint64((1 << self.bits) - 1)
        done, begun, before = origin, origin, -1  # where to write; where the last posting begins; its unit
        for first in range(origin, end, _PIECE):
            last = min(first + _PIECE, end)
            keys = self.keys[first:last]
            np.bitwise_and(keys, position, out=self.positions[first:last], casting="unsafe")
            keys &= unit
            keys >>= low
            begins = np.empty(last - first, np.bool_)
            begins[0] = int(keys[0]) != before
            np.not_equal(keys[1:], keys[:-1], out=begins[1:])
            one, other = ends.searchsorted((first, last)).tolist()
            of_terms = ends[one:other] - first
            begins[of_terms] = True
            where = begins.nonzero()[0]
            if not len(where):
                continue
            starts[one:other] = where.searchsorted(of_terms) + (done - origin)
            new = done + len(where)
            self.units[done:new] = keys.take(where)
            where += first
            if done > origin:
                self.frequencies[done - 1] = where[0] - begun
            self.frequencies[done : new - 1] = np.diff(where)
            done, begun, before = new, int(where[-1]), int(keys[-1])
        if done > origin:
            self.frequencies[done - 1] = end - begun
        starts[-1] = done - origin
        return starts

    def close_up(self, first: int, begin: int, count: int) -> None:
        """Move so many postings from `begin` to where the first ones end."""
        for values in (self.units, self.frequencies):
            values[first : first + count] = values[begin : begin + count]
