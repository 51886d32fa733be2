"""Where queries stand within documents, and how Whoosh's span queries choose among these places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ...arrays import I64, Bool, distinct, first_of_runs, spread

__all__ = ["Spans", "before", "containing", "merged", "near", "outside", "together"]

_PAIRS = 1 << 21
"""Pairs of spans that are compared at a time, which bounds memory."""


@dataclass(frozen=True, slots=True)
class Spans:
    """Ranges of positions in documents, sorted by document, start and end, without repetition.

    owners: index of each span's document into the documents asked about. starts, ends: first and last
    position, both included. All of one shape.
    """

    owners: I64
    starts: I64
    ends: I64

    @classmethod
    def of(cls, owners: I64, starts: I64, ends: I64) -> Spans:
        """From spans in any order."""
        order = np.lexsort((ends, starts, owners))
        owners, starts, ends = owners[order], starts[order], ends[order]
        fresh = np.ones(len(owners), np.bool_)
        fresh[1:] = (np.diff(owners) != 0) | (np.diff(starts) != 0) | (np.diff(ends) != 0)
        return cls(owners[fresh], starts[fresh], ends[fresh])

    def __len__(self) -> int:
        return len(self.owners)

    def among(self, kept: Bool) -> Spans:
        return Spans(self.owners[kept], self.starts[kept], self.ends[kept])

    def owned(self) -> I64:
        """Indices of the documents that have spans."""
        return distinct(self.owners)

    def told_of(self, at: I64) -> Spans:
        """The same, its documents being those at the indices `at` of others."""
        return Spans(at[self.owners], self.starts, self.ends)

    def width(self) -> int:
        """A number above all positions."""
        return int(self.ends.max(initial=0)) + 1


def together(parts: list[Spans]) -> Spans:
    """The spans of several queries in the same documents."""
    return Spans.of(
        np.concatenate([part.owners for part in parts]),
        np.concatenate([part.starts for part in parts]),
        np.concatenate([part.ends for part in parts]),
    )


def merged(spans: Spans) -> Spans:
    """What overlaps or touches becomes one span."""
    if not len(spans):
        return spans
    # Documents laid end to end, with room between that nothing touches.
    room = spans.width() + 2
    starts, ends = spans.starts + spans.owners * room, spans.ends + spans.owners * room
    reach = np.maximum.accumulate(ends)
    firsts = np.flatnonzero(np.concatenate([[True], starts[1:] > reach[:-1] + 1]))
    owners = spans.owners[firsts]
    lasts = np.append(firsts[1:], len(spans)) - 1
    return Spans(owners, spans.starts[firsts], reach[lasts] - owners * room)


def near(a: Spans, b: Spans, slop: int, least: int, *, ordered: bool, first: bool) -> Spans:
    """From the start of the one to the end of the other, for all pairs at a distance within [least, slop].

    ordered: b begins no earlier than a. first: b begins no earlier than `slop` before a: `SpanNear2` asks so,
    `SpanNear` does not.
    """
    if not len(a) or not len(b) or least > slop:
        return Spans(a.owners[:0], a.starts[:0], a.ends[:0])
    width = max(a.width(), b.width())
    slop = min(slop, width)
    low = a.starts if ordered else np.maximum(a.starts - slop, 0) if first else np.zeros_like(a.starts)
    high = np.minimum(a.ends + slop, 2 * width)
    keys = b.owners * (2 * width + 1) + b.starts
    begins = np.searchsorted(keys, a.owners * (2 * width + 1) + low)
    counts = np.searchsorted(keys, a.owners * (2 * width + 1) + high, side="right") - begins
    counts = np.maximum(counts, 0)  # forged positions need not ascend
    found = []
    for chunk in _chunks(counts):
        one = np.repeat(np.arange(chunk.start, chunk.stop), counts[chunk])
        other = spread(begins[chunk], counts[chunk])
        distance = np.maximum(b.starts[other] - a.ends[one], a.starts[one] - b.ends[other])
        kept = np.flatnonzero((np.maximum(distance, 0) >= least) & (distance <= slop))
        one, other = one[kept], other[kept]
        starts = np.minimum(a.starts[one], b.starts[other])
        found.append(Spans.of(a.owners[one], starts, np.maximum(a.ends[one], b.ends[other])))
    return found[0] if len(found) == 1 else together(found)


def _chunks(counts: I64) -> Iterator[slice]:
    """Ranges of indices whose counts sum to about `_PAIRS`."""
    upto = counts.cumsum()
    start = 0
    while start < len(counts):
        done = int(upto[start - 1]) if start else 0
        end = max(int(np.searchsorted(upto, done + _PAIRS, side="right")), start + 1)
        yield slice(start, end)
        start = end


def outside(a: Spans, b: Spans) -> Spans:
    """The spans of a that overlap none of b."""
    return a.among(~_overlapping(a, b))


def containing(a: Spans, b: Spans) -> Spans:
    """The spans of a with at least one of b inside."""
    if not len(a) or not len(b):
        return a.among(np.zeros(len(a), np.bool_))
    # Among those of b that begin within a, is the least end within a too?
    width = max(a.width(), b.width())
    keys = b.owners * width + b.starts
    begins = np.searchsorted(keys, a.owners * width + a.starts)
    stops = np.searchsorted(keys, a.owners * width + a.ends, side="right")
    least = _range_minimum(b.ends, begins, stops)
    return a.among((stops > begins) & (least <= a.ends))


def before(a: Spans, b: Spans) -> Spans:
    """The spans of a that end before the first of b begins; both in the same documents."""
    firsts = b.starts[first_of_runs(b.owners)]
    limits = np.full(int(max(a.owners.max(initial=-1), b.owners.max(initial=-1))) + 1, -1)
    limits[b.owned()] = firsts
    return a.among(a.ends < limits[a.owners])


def _overlapping(a: Spans, b: Spans) -> Bool:
    """Which spans of a overlap one of b."""
    if not len(a) or not len(b):
        return np.zeros(len(a), np.bool_)
    # Overlap: b begins no later than a ends, and the furthest of these ends no earlier than a begins.
    width = max(a.width(), b.width())
    stops = np.searchsorted(b.owners * width + b.starts, a.owners * width + a.ends, side="right")
    reach = np.maximum.accumulate(b.owners * width + b.ends)
    return np.asarray((stops > 0) & (reach[stops - 1] >= a.owners * width + a.starts))


def _range_minimum(values: I64, begins: I64, stops: I64) -> I64:
    """The least value in each range; anything where a range is empty. Sparse table."""
    table = [values]
    lengths = np.maximum(stops - begins, 1)
    levels = np.frexp(lengths.astype(np.float64))[1] - 1
    for level in range(1, int(levels.max(initial=0)) + 1):
        half = 1 << (level - 1)
        table.append(np.minimum(table[-1][:-half], table[-1][half:]))
    found = np.zeros(len(begins), np.int64)
    for level, row in enumerate(table):
        here = np.flatnonzero((levels == level) & (stops > begins))
        found[here] = np.minimum(row[begins[here]], row[stops[here] - (1 << level)])
    return found
