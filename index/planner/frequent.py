"""Paragraphs that hold long terms only: found from the highest bounds down, never by reading whole lists.

First the blocks with the highest bounds are scored: they raise the floor. What can still reach it is then
read in the cheaper of two ways: block by block, or by the postings with the highest codes of each term.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import F64, I64, U64, Bool, distinct
from .addends import Addend, Addends
from .floor import Floor
from .listed import ListedTerm
from .stored import BLOCK, numbers_in

__all__ = ["Frequent"]

_ROUNDS = (32, 128, 512)  # blocks that are scored before the rest is planned
_NOTHING = np.empty(0, np.int64)


class Frequent:
    """The long addends of a view, above a floor."""

    def __init__(self, addends: Addends, floor: Floor) -> None:
        self.addends = addends
        self.floor = floor
        self.long = addends.long
        self.terms = [a.listed for a in self.long if isinstance(a.listed, ListedTerm)]
        self.bitmaps = [term.bits for term in self.terms if term.bits is not None]
        self.bounds = [addend.bound for addend in self.long]

    def _least(self) -> float:
        """What long terms and headings must add, beside all that `Addends.extra` can."""
        return max(self.floor.value - self.addends.extra, 0.0)

    def candidates(self) -> I64:
        """Sorted distinct paragraphs: all that can reach the floor by long terms and headings alone."""
        addends, floor = self.addends, self.floor
        highest = sum(self.bounds) + (0.0 if addends.spread is None else float(addends.spread.max()))
        if highest < self._least():
            return _NOTHING
        reach = self._reach()
        found: list[tuple[I64, F64]] = []
        for most in _ROUNDS:
            if np.count_nonzero(self._open(reach)) <= 4 * most:
                break
            chosen = np.sort(np.argpartition(reach, len(reach) - most)[len(reach) - most :])
            found.append(self._in_blocks(chosen))
            reach[chosen] = -1.0
        rest = self._open(reach)
        if rest.any():
            found += self._rest(rest)
        if not found:
            return _NOTHING
        paragraphs = np.concatenate([each for each, _ in found])
        sums = np.concatenate([each for _, each in found])
        paragraphs = paragraphs.take((sums + addends.spread_at(paragraphs) >= floor.value).nonzero()[0])
        paragraphs.sort()
        return distinct(paragraphs)

    def _reach(self) -> F64:
        """The bound of each block."""
        blocks = -(-self.addends.leaves.view.segment.paragraphs // BLOCK)
        reach = np.zeros(blocks) if self.addends.spread is None else self.addends.spread.copy()
        for addend, term in zip(self.long, self.terms, strict=True):
            assert term.long is not None
            reach += term.long.blocks[:blocks] * addend.per_code
        return reach

    def _open(self, reach: F64) -> Bool:
        """Which blocks can hold a paragraph that reaches the floor."""
        return (reach >= self._least()) & (reach > 0)

    def _in_blocks(self, blocks: I64) -> tuple[I64, F64]:
        """The paragraphs of some blocks with terms enough to reach the floor, and their sums."""
        words = np.repeat(blocks << 1, 2)
        words[1::2] += 1
        spread = self.addends.spread
        need = self._least() - (0.0 if spread is None else float(spread.take(blocks).max()))
        enough = holding([bits.take(words) for bits in self.bitmaps], self.bounds, need)
        if enough is None:
            return _NOTHING, np.empty(0)
        paragraphs = numbers_in(enough, words)
        return self._sums(paragraphs, np.zeros(len(paragraphs)), self.long)

    def _sums(self, paragraphs: I64, sums: F64, addends: Sequence[Addend]) -> tuple[I64, F64]:
        paragraphs, sums = self.addends.complete(paragraphs, sums, addends, self.floor)
        self.floor.offer(sums)
        return paragraphs, sums

    def _rest(self, rest: Bool) -> list[tuple[I64, F64]]:
        spread = self.addends.spread
        found: list[tuple[I64, F64]] = []
        if spread is not None and (under := rest & (spread > 0)).any():
            found.append(self._in_blocks(under.nonzero()[0]))
            rest = rest & ~under
        blocks = rest.nonzero()[0]
        if not len(blocks):
            return found
        cuts, postings = self._cuts()
        if self._by_blocks(blocks, len(rest), cuts, postings):
            found.append(self._in_blocks(blocks))
        else:
            found += self._by_codes(cuts, rest)
        return found

    def _by_blocks(self, blocks: I64, total: int, cuts: Sequence[int], postings: int) -> bool:
        """Whether reading the blocks is cheaper than reading the strong postings: in microseconds, as
        measured on one machine; a wrong guess costs time only."""
        words = np.repeat(blocks << 1, 2)
        words[1::2] += 1
        enough = holding([bits.take(words) for bits in self.bitmaps], self.bounds, self._least())
        paragraphs = 0 if enough is None else int(np.bitwise_count(enough).sum(dtype=np.int64))
        terms = len(self.long)
        scanned = sum(term.count for term, cut in zip(self.terms, cuts, strict=True) if cut < 256)
        by_codes = 40 * terms + 0.0004 * scanned + 0.03 * postings * terms * min(1.0, 2 * len(blocks) / total)
        return 60 + 0.014 * terms * paragraphs <= by_codes

    def _cuts(self) -> tuple[list[int], int]:
        """A least code for each term (256: none), such that a paragraph beneath all of them is beneath the
        floor; of several ways the one with the fewest postings, and how many these are.

        Some terms are left out with their whole bounds; the others share what is left of the floor.
        """
        need, terms = self._least(), len(self.long)
        by_count = sorted(range(terms), key=lambda at: -self.terms[at].count)
        ways = [frozenset(by_count[:many]) for many in range(terms)]
        ways += [frozenset(range(terms)) - {at} for at in range(terms)]
        best, fewest = [0] * terms, sum(term.count for term in self.terms)
        for out in ways:
            spent = sum(self.bounds[at] for at in out)
            if spent >= need:
                continue
            share = (need - spent) / (sum(self.bounds) - spent) * (1 - 1e-5)
            cuts = [256 if at in out else self._cut(at, share) for at in range(terms)]
            postings = sum(self._count(at, cut) for at, cut in enumerate(cuts))
            if postings < fewest:
                best, fewest = cuts, postings
        return best, fewest

    def _cut(self, at: int, share: float) -> int:
        addend = self.long[at]
        return min(256, int(share * addend.bound / addend.per_code) + 1)

    def _count(self, at: int, cut: int) -> int:
        long = self.terms[at].long
        return 0 if cut > 255 or long is None else int(long.counts[cut])

    def _by_codes(self, cuts: Sequence[int], rest: Bool) -> list[tuple[I64, F64]]:
        found: list[tuple[I64, F64]] = []
        for addend, term, cut in zip(self.long, self.terms, cuts, strict=True):
            if cut > 255:
                continue
            paragraphs, ranks = term.strong(cut, rest)
            tf = term.frequencies(ranks)
            sums = self.addends.scoring.impact(self.addends.leaves, term, paragraphs, tf)
            sums *= addend.weight
            others = [other for other in self.long if other is not addend]
            keep = (sums + sum(other.bound for other in others) >= self._least()).nonzero()[0]
            found.append(self._sums(paragraphs.take(keep), sums.take(keep), others))
        return found


def holding(bitmaps: Sequence[U64], bounds: Sequence[float], need: float) -> U64 | None:
    """A bitmap of the paragraphs whose terms' bounds (descending) sum to at least `need`, and of none that
    holds no term; None when there is none such.

    An OR over sets of terms of the AND within each, by recursion on the first term.
    """
    if need <= 0:
        need = bounds[-1]
    left = [sum(bounds[at:]) for at in range(len(bounds) + 1)]

    def any_from(at: int) -> U64:
        found = bitmaps[at]
        for bits in bitmaps[at + 1 :]:
            found = found | bits
        return found

    def find(at: int, need: float) -> U64 | bool:
        """False: none; True: all."""
        if need <= 0:
            return True
        if left[at] < need:
            return False
        if bounds[-1] >= need:
            return any_from(at)
        return _either(_both(bitmaps[at], find(at + 1, need - bounds[at])), find(at + 1, need))

    found = find(0, need)
    return None if isinstance(found, bool) else found


def _both(bits: U64, other: U64 | bool) -> U64 | bool:
    if isinstance(other, bool):
        return bits if other else False
    return bits & other


def _either(one: U64 | bool, other: U64 | bool) -> U64 | bool:
    if isinstance(one, bool):
        return other if not one else True
    if isinstance(other, bool):
        return one if not other else True
    return one | other
