"""What planning needs of a field's frequent words, stored beside their postings.

A term is *long* when it stands in at least one of `LONG` units (and in `LEAST`); there are some ninety of
them in a large English corpus, with half of all postings. Arrays of a field `F` over U units, L long terms,
W = U / 64 rounded up to an even number:

    F/long           the numbers of the long terms, ascending (u4)
    F/long_bits      a bitmap for each: bit u % 64 of word u / 64 is set where unit u holds it (u8, L x W)
    F/long_ranks     postings before each of these words (u4, L x W)
    F/long_codes     the impact of each posting, term after term, as a code (u1)
    F/long_blocks    the highest code in each `BLOCK` units (u1, L x W / 2)
    F/long_counts    how many postings have at least each code (u4, L x 256)
    F/long_norm      the k1, b and average length that the codes were made with (f8)

The *impact* of a posting is its tf / (tf + k1 (1 - b + b length / average)), BM25 without idf, in (0, 1).
Its code is 255 times that, rounded up: an upper bound, and used for nothing else. Bounds for another k1, b
or average (the statistics of an index change with every commit) are the same codes times a factor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import I64, U8, U32, U64, Array, Bool
from ..container import Container

if TYPE_CHECKING:
    from ..inverter import Inverted

__all__ = [
    "BLOCK",
    "Long",
    "LongTerms",
    "bitmap",
    "holding_all",
    "in_all",
    "long_arrays",
    "long_terms",
    "numbers",
    "numbers_in",
    "ranks_of",
]

LONG = 32
LEAST = 1024
BLOCK = 128
K1, B = 0.4, 0.75  # what a request has when it does not say
_SLACK = 1 + 1e-6  # more than rounding can take from a bound
_BELOW: U64 = (np.uint64(1) << np.arange(64, dtype=np.uint64)) - np.uint64(1)  # the bits beneath each
_KEEP = 0.5  # of a bound's sharpness: beneath that the codes tell too little


def long_terms(inverted: Inverted) -> I64:
    """The numbers of the long terms, ascending."""
    counts = np.diff(inverted.starts)
    return np.flatnonzero((counts * LONG >= len(inverted.lengths)) & (counts >= LEAST))


def long_arrays(inverted: Inverted, terms: I64) -> Mapping[str, Array]:
    """The arrays of some terms, without the field's name."""
    units = len(inverted.lengths)
    rows, words = len(terms), _words(units)
    bits = np.zeros((rows, words), np.uint64)
    blocks = np.zeros((rows, words // 2), np.uint8)
    at_least = np.zeros((rows, 256), np.uint32)
    average = float(inverted.lengths.sum()) / max(int(np.count_nonzero(inverted.lengths)), 1) or 1.0
    norms = K1 * (1 - B + B * (inverted.lengths / average))
    codes: list[U8] = []
    for row, term in enumerate(terms.tolist()):
        first, last = int(inverted.starts[term]), int(inverted.starts[term + 1])
        mine, tf = inverted.units[first:last], inverted.frequencies[first:last].astype(np.int64)
        code = np.ceil(255 * (tf / (tf + norms[mine]))).astype(np.uint8)
        bits[row] = bitmap(mine, units)
        np.maximum.at(blocks[row], mine // BLOCK, code)
        at_least[row] = np.bincount(code, minlength=256)[::-1].cumsum()[::-1]
        codes.append(code)
    ranks = np.zeros((rows, words), np.uint32)
    np.bitwise_count(bits[:, :-1]).cumsum(axis=1, dtype=np.uint32, out=ranks[:, 1:])
    return {
        "long": terms.astype(np.uint32),
        "long_bits": bits.reshape(-1),
        "long_ranks": ranks.reshape(-1),
        "long_codes": np.concatenate(codes) if codes else np.empty(0, np.uint8),
        "long_blocks": blocks.reshape(-1),
        "long_counts": at_least.reshape(-1),
        "long_norm": np.array([K1, B, average]),
    }


def _words(units: int) -> int:
    return 2 * max(-(-units // BLOCK), 1)


def bitmap(numbers: Array, units: int) -> U64:
    """A bitmap over so many units, in which the bits of some are set."""
    flags = np.zeros(_words(units) * 64, np.bool_)
    flags[numbers] = True
    return np.packbits(flags, bitorder="little").view("<u8")


def ranks_of(longs: Sequence[Long], units: I64) -> list[I64]:
    """For each of some terms its postings in units that all hold it; each of the shape of `units`."""
    word = units >> 6
    below = _BELOW.take(units & 63)
    return [_ranks(long, word, below) for long in longs]


def _ranks(long: Long, word: I64, below: U64) -> I64:
    """The postings of a term in units that hold it, whose bits stand in these words above so many others."""
    bits = long.bits.take(word)
    bits &= below
    ranks: I64 = long.ranks.take(word).astype(np.int64)
    ranks += np.bitwise_count(bits)
    return ranks


def in_all(bitmaps: Sequence[U64], units: I64) -> Bool:
    """Of some units whether each is in all of the bitmaps; shape of `units`."""
    octet = units >> 3  # bytes are read and shifted in half the time of words
    flags = bitmaps[0].view(np.uint8).take(octet)
    for bits in bitmaps[1:]:
        flags &= bits.view(np.uint8).take(octet)
    flags >>= units.astype(np.uint8) & 7
    flags &= 1
    return flags.view(np.bool_)


def holding_all(bitmaps: Sequence[U64], units: I64) -> I64:
    """Which of some units are in all of the bitmaps, as indices."""
    return in_all(bitmaps, units).nonzero()[0]


def numbers(bits: U64) -> I64:
    """The numbers whose bits are set, ascending."""
    octets = bits.view(np.uint8)
    some = (octets != 0).nonzero()[0]
    if len(some) * 2 > len(octets):
        return np.unpackbits(octets, bitorder="little").view(np.bool_).nonzero()[0]
    at = np.unpackbits(octets.take(some), bitorder="little").view(np.bool_).nonzero()[0]
    found: I64 = (some.take(at >> 3) << 3) + (at & 7)
    return found


def numbers_in(bits: U64, words: I64) -> I64:
    """The numbers whose bits are set in `bits`, the values of some words of a bitmap; ascending as these."""
    octets = bits.view(np.uint8)
    some = (octets != 0).nonzero()[0]
    at = np.unpackbits(octets.take(some), bitorder="little").view(np.bool_).nonzero()[0]
    some = some.take(at >> 3)
    found: I64 = (words.take(some >> 3) << 6) + ((some & 7) << 3) + (at & 7)
    return found


@dataclass(frozen=True, slots=True)
class Long:
    """A long term; the arrays are rows of those of the field."""

    bits: U64
    ranks: U32
    codes: U8
    blocks: U8
    counts: U32

    @property
    def highest(self) -> int:
        """The highest code of all postings."""
        return int(np.count_nonzero(self.counts)) - 1

    def find(self, units: I64) -> tuple[I64, I64]:
        """Which of `units` (any order) hold the term, deleted ones included, and its postings there: two
        index arrays of one shape."""
        which = holding_all([self.bits], units)
        if len(which) < len(units):
            units = units.take(which)
        return which, _ranks(self, units >> 6, _BELOW.take(units & 63))


class LongTerms:
    """The long terms of a field."""

    def __init__(self, container: Container, name: str, units: int, starts: U64) -> None:
        self._rows: dict[int, int] = {}
        self._made: dict[int, Long] = {}
        self._regions: list[tuple[Callable[[int, int], None], int]] = []  # of arrays with rows of a width
        self.terms: I64 = np.empty(0, np.int64)
        if f"{name}/long" not in container:
            return
        self.terms = terms = container.array(f"{name}/long", "<u4").astype(np.int64)
        if len(terms) and (int(terms[-1]) >= len(starts) - 1 or bool((np.diff(terms) <= 0).any())):
            raise container.corrupt(f"array '{name}/long' names terms that are not there")
        self._rows = {term: row for row, term in enumerate(terms.tolist())}
        rows, words = len(terms), _words(units)
        counts = (starts[terms + 1] - starts[terms]).astype(np.int64)
        self._starts = np.concatenate(([0], counts.cumsum())).tolist()

        def rowed(array: str, dtype: str, width: int) -> Array:
            self._regions.append((container.region(f"{name}/{array}").verify, width))
            return container.array(f"{name}/{array}", dtype, rows * width, checked=False).reshape(rows, width)

        self._bits = rowed("long_bits", "<u8", words)
        self._ranks = rowed("long_ranks", "<u4", words)
        self._blocks = rowed("long_blocks", "|u1", words // 2)
        self._counts = rowed("long_counts", "<u4", 256)
        self._codes = container.array(f"{name}/long_codes", "|u1", self._starts[-1], checked=False)
        self._verify_codes = container.region(f"{name}/long_codes").verify
        self._norm = container.array(f"{name}/long_norm", "<f8", 3).tolist()

    def get(self, term: int) -> Long | None:
        row = self._rows.get(term)
        if row is None:
            return None
        long = self._made.get(row)
        if long is None:
            for verify, width in self._regions:
                verify(row * width, (row + 1) * width)
            self._verify_codes(self._starts[row], self._starts[row + 1])
            long = self._made[row] = Long(
                self._bits[row],
                self._ranks[row],
                self._codes[self._starts[row] : self._starts[row + 1]],
                self._blocks[row],
                self._counts[row],
            )
        return long

    def factor(self, k1: float, b: float, average: float) -> float | None:
        """What a code must be multiplied with to bound the impact under other statistics: at least 1 / 255.
        None when the bound would be too loose to be of use.

        With n and m the norms k1 (1 - b + b length / average) then and now, m >= r n for every length
        when it holds at both ends, length 0 and infinity. And tf / (tf + r n) <= tf / (tf + n) / r for
        r <= 1.
        """
        if not self._rows:
            return 1 / 255
        old_k1, old_b, old_average = self._norm
        ends = (
            (k1 * (1 - b)) / (old_k1 * (1 - old_b)),
            (k1 * b / average) / (old_k1 * old_b / old_average),
        )
        ratio = min(1.0, *ends)
        return _SLACK / (255 * ratio) if ratio >= _KEEP else None
