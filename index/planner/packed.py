"""The units of postings, packed; and where the positions of any posting begin.

Arrays of a field `F` over U units, in C = ceil(U / 65536) chunks, and P postings:

    F/lows          the lower 16 bits of each unit (u2), of common terms
    F/chunks        of each common term: units before the end of each chunk but the last (u4, C - 1 each)
    F/common        the numbers of the common terms, ascending (u4)
    F/units         the units of rare terms (u4)
    F/unit_starts   where each term's units begin, in `lows` or in `units` (u4)
    F/tf*           frequencies (escaped: see `arrays.Escaped`); zeros follow, up to a whole step of 16
    F/places        positions before the middle of each `STEP` postings of the field (u4)

Terms are common when `FEW` units hold them; in a field of one chunk, all are. The units of long terms (see
`stored`) are not stored: they follow from the bitmaps.

Where the positions of a posting begin: those before the middle of its step, and the frequencies between it
and the middle, which are bytes of one word of `tf`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...errors import IndexCorrupt
from ..arrays import I64, U8, U32, U64, Array, Bool, Escaped
from ..container import Container
from .stored import LongTerms, numbers

__all__ = ["Places", "Units", "packed_places", "packed_units"]

FEW = 256
STEP = 16
_CHUNK = 16  # bits
_SUM = np.uint64(0x0001_0001_0001_0001)
_EVEN = np.uint64(0x00FF_00FF_00FF_00FF)
_BYTE, _TOP = np.uint64(8), np.uint64(48)


def packed_units(starts: I64, units: U32, longs: I64, count: int) -> Mapping[str, Array]:
    """The arrays, without the field's name. longs: numbers of the long terms; count: U."""
    counts = np.diff(starts)
    chunks = _chunks(count)
    is_common = (counts >= FEW) if chunks > 1 else np.ones(len(counts), np.bool_)
    is_common[longs] = False
    is_rare = ~is_common
    is_rare[longs] = False
    common = is_common.nonzero()[0]
    begins = np.zeros(len(counts), np.uint32)
    for which in (is_common, is_rare):
        begins[which] = _begins(counts[which])
    lows = units[is_common.repeat(counts)]
    ends = np.empty((len(common), chunks - 1), np.uint32)
    for row, term in enumerate(common.tolist() if chunks > 1 else ()):
        mine = units[int(starts[term]) : int(starts[term + 1])]
        ends[row] = mine.searchsorted(np.arange(1, chunks, dtype=np.uint32) << np.uint32(_CHUNK))
    return {
        "lows": (lows & np.uint32((1 << _CHUNK) - 1)).astype(np.uint16),
        "chunks": ends.reshape(-1),
        "common": common.astype(np.uint32) if chunks > 1 else np.empty(0, np.uint32),
        "units": units[is_rare.repeat(counts)],
        "unit_starts": begins,
    }


def packed_places(frequencies: U32) -> Mapping[str, Array]:
    """The arrays of frequencies and of places, without the field's name."""
    padded = np.zeros(-(-len(frequencies) // STEP) * STEP, np.uint32)
    padded[: len(frequencies)] = frequencies
    steps = padded.reshape(-1, STEP)
    totals = steps.sum(axis=1, dtype=np.int64)
    middles = totals.cumsum() - totals + steps[:, : STEP // 2].sum(axis=1, dtype=np.int64)
    packed = Escaped.pack(padded)
    return {
        "tf": packed.narrow,
        "tf_where": packed.where,
        "tf_wide": packed.wide,
        "places": _checked(middles).astype(np.uint32),
    }


def _begins(counts: I64) -> I64:
    return _checked(counts.cumsum() - counts)


def _checked(values: I64) -> I64:
    if len(values) and int(values[-1]) >= 1 << 32:
        raise OverflowError("a field has more than 4,294,967,295 postings or positions in one segment")
    return values


def _chunks(units: int) -> int:
    return max(-(-units >> _CHUNK), 1)


class Units:
    """The units of a field's terms, read back."""

    def __init__(self, container: Container, name: str, starts: U64, count: int, long: LongTerms) -> None:
        self._container = container
        self._name = name
        self._starts = starts
        self._long = long
        self._chunks = _chunks(count)
        self._lows = container.array(f"{name}/lows", "<u2", checked=False)
        self._rare = container.array(f"{name}/units", "<u4", checked=False)
        self._verify_lows = container.region(f"{name}/lows").verify
        self._verify_rare = container.region(f"{name}/units").verify
        self._begins = container.array(f"{name}/unit_starts", "<u4", len(starts) - 1)
        self._common = container.array(f"{name}/common", "<u4")
        ends = container.array(f"{name}/chunks", "<u4", len(self._common) * (self._chunks - 1))
        self._bases = np.arange(self._chunks) << _CHUNK
        self._ends: U32 = ends.reshape(len(self._common), self._chunks - 1)

    def of(self, term: int) -> I64:
        """Ascending units of a term."""
        count = int(self._starts[term + 1]) - int(self._starts[term])
        long = self._long.get(term)
        if long is not None:
            units = numbers(long.bits)
        else:
            begin = int(self._begins[term])
            is_common = self._chunks == 1 or count >= FEW
            stored, verify = (self._lows, self._verify_lows) if is_common else (self._rare, self._verify_rare)
            if begin + count > len(stored):
                raise self.corrupt()
            verify(begin, begin + count)
            units = stored[begin : begin + count].astype(np.int64)
        if len(units) != count:
            raise self.corrupt()
        if self._chunks > 1 and count >= FEW and long is None:
            units += self._highs(term, count)
        return units

    def _highs(self, term: int, count: int) -> I64:
        """The higher bits of each unit of a common term."""
        ends = np.empty(self._chunks, np.int64)
        ends[:-1] = self._ends[self._common.searchsorted(term)]
        ends[-1] = count
        ends[1:] -= ends[:-1].copy()
        return self._bases.repeat(ends)

    def all(self) -> U32:
        """The units of all terms, one after the other."""
        self._verify_lows(0, len(self._lows))
        self._verify_rare(0, len(self._rare))
        starts: I64 = self._starts.astype(np.int64)
        counts: I64 = np.diff(starts)
        found = np.empty(int(starts[-1]) if len(starts) else 0, np.uint32)
        is_long = np.zeros(len(counts), np.bool_)
        is_long[self._long.terms] = True
        is_common: Bool = (counts >= FEW) if self._chunks > 1 else np.ones(len(counts), np.bool_)
        is_common = is_common & ~is_long
        found[is_common.repeat(counts)] = self._common_units(counts[is_common])
        found[(~is_common & ~is_long).repeat(counts)] = self._rare
        for term in self._long.terms.tolist():
            found[starts[term] : starts[term + 1]] = self.of(term)
        return found

    def _common_units(self, counts: I64) -> Array:
        units = self._lows.astype(np.uint32)
        if self._chunks > 1:
            edges = np.concatenate(
                (np.zeros((len(counts), 1), np.int64), self._ends.astype(np.int64), counts[:, None]), axis=1
            )
            chunks = np.tile(np.arange(self._chunks, dtype=np.uint32), len(counts))
            units += chunks.repeat(np.diff(edges, axis=1).reshape(-1)) << np.uint32(_CHUNK)
        return units

    def corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            f"the postings of {self._name} are not as many as they must be",
            path=self._container.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )


class Places:
    """Frequencies of a field's postings, and where their positions begin."""

    def __init__(self, container: Container, name: str, postings: int) -> None:
        steps = -(-postings // STEP)
        where = container.array(f"{name}/tf_where", "<u8")
        self.frequencies = Escaped(
            container.array(f"{name}/tf", "|u1", steps * STEP, checked=False),
            where,
            container.array(f"{name}/tf_wide", "<u4", len(where)),
        )
        self._words: U64 = _aligned(self.frequencies.narrow).view("<u8")
        self._middles = container.array(f"{name}/places", "<u4", steps, checked=False)
        self._verify_tf = container.region(f"{name}/tf").verify
        self._verify_middles = container.region(f"{name}/places").verify

    def verify(self, first: int, last: int) -> None:
        """IndexCorrupt when something is damaged of the postings in [first, last)."""
        if first < last:
            steps = first // STEP, -(-last // STEP)
            self._verify_tf(steps[0] * STEP, steps[1] * STEP)
            self._verify_middles(*steps)

    def of(self, postings: I64) -> I64:
        """Where the positions of some postings of the field begin."""
        in_step = postings & (STEP - 1)
        word = self._words.take(postings >> 3)
        word &= _BETWEEN.take(in_step)
        # The sum of eight bytes: by pairs first, which cannot overflow.
        pairs = word & _EVEN
        word >>= _BYTE
        word &= _EVEN
        pairs += word
        pairs *= _SUM
        pairs >>= _TOP
        found: I64 = pairs.view(np.int64)
        found *= _SIGN.take(in_step)
        found += self._middles.take(postings >> 4)
        if len(self.frequencies.where):
            found += self._escaped(postings)
        return found

    def _escaped(self, postings: I64) -> I64:
        """What the escapes between each posting and its middle have beyond 255."""
        where = self.frequencies.where.astype(np.int64)
        before = np.concatenate(([0], (self.frequencies.wide.astype(np.int64) - 255).cumsum()))
        middle = (postings & ~np.int64(STEP - 1)) + STEP // 2
        return before.take(where.searchsorted(postings)) - before.take(where.searchsorted(middle))


def _between() -> tuple[U64, I64]:
    """For each posting of a step: the bytes of its word that lie between it and the middle, and +1 where it
    comes after the middle, -1 before."""
    half = STEP // 2
    masks = [sum(255 << 8 * byte for byte in range(at, half)) for at in range(half)]
    masks += [sum(255 << 8 * byte for byte in range(at)) for at in range(half)]
    return np.array(masks, np.uint64), np.array([-1] * half + [1] * half)


_BETWEEN, _SIGN = _between()


def _aligned(values: U8) -> U8:
    return values if values.ctypes.data % 8 == 0 else values.copy()
