"""Small array tools that the columns share: aliases, ranges of ranges, narrow arrays with escapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "F64",
    "I64",
    "U8",
    "U32",
    "U64",
    "Array",
    "Bool",
    "Escaped",
    "distinct",
    "first_of_runs",
    "set_at",
    "spread",
    "union",
]

Array = NDArray[Any]
Bool = NDArray[np.bool_]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def spread(starts: I64, lengths: I64) -> I64:
    """The concatenation of `arange(start, start + length)` for each pair; shape (sum of lengths,)."""
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    spread: I64 = np.repeat(starts - (ends - lengths), lengths)
    spread += np.arange(total)
    return spread


def first_of_runs(values: I64) -> I64:
    """Where each run of equal values begins in a sorted array."""
    changes = np.empty(len(values), np.bool_)
    changes[:1] = True
    np.not_equal(values[1:], values[:-1], out=changes[1:])
    return changes.nonzero()[0]


def distinct(values: I64) -> I64:
    """The distinct values of a sorted array (`numpy.unique` would import masked arrays: 20 ms)."""
    return values if len(values) < 2 else values[first_of_runs(values)]


def set_at(flags: Bool) -> I64:
    """Where flags are set: as `flags.nonzero()[0]`, and several times as fast where few are."""
    eights = len(flags) & ~7
    words = flags[:eights].view(np.uint64).nonzero()[0] << 3
    if len(words) * 4 > eights >> 3:
        return flags.nonzero()[0]
    near = (words[:, None] + np.arange(8)).reshape(-1)
    near = np.concatenate((near, np.arange(eights, len(flags))))
    found: I64 = near[flags[near]]
    return found


def union(parts: Sequence[I64], bound: int) -> I64:
    """Sorted distinct numbers of all parts, each of them sorted, distinct and below `bound`."""
    if not parts:
        return np.empty(0, np.int64)
    if len(parts) == 1:
        return parts[0]
    if sum(map(len, parts)) * 64 < bound:
        return distinct(np.sort(np.concatenate(parts)))
    found = np.zeros(bound, np.bool_)
    for part in parts:
        found[part] = True
    return np.flatnonzero(found)


@dataclass(frozen=True, slots=True)
class Escaped:
    """An array of counts, nearly all of them small: a byte each, with the large ones beside it.

    narrow: uint8; 255 means "look in the escapes". where: sorted indices of the escapes (uint64);
    wide: their values (uint32).
    """

    narrow: U8
    where: U64
    wide: U32

    @classmethod
    def pack(cls, values: Array) -> Escaped:
        """From any array of integers in [0, 2**32)."""
        where = np.flatnonzero(values >= 255)
        narrow = np.empty(len(values), np.uint8)
        np.minimum(values, 255, out=narrow, casting="unsafe")  # in small pieces, not as a wide copy
        return cls(narrow, where.astype(np.uint64), values[where].astype(np.uint32))

    def __len__(self) -> int:
        return len(self.narrow)

    def slice(self, start: int, end: int, dtype: Any = np.int64) -> Array:
        """The values in [start, end)."""
        values = self.narrow[start:end].astype(dtype)
        if len(self.where):
            first, last = self.where.searchsorted(np.array([start, end], dtype=np.uint64)).tolist()
            if first < last:
                values[self.where[first:last].astype(np.int64) - start] = self.wide[first:last]
        return values

    def take(self, indices: I64, start: int = 0, dtype: Any = np.int64) -> Array:
        """The values at `indices`, counted from `start`."""
        narrow = (self.narrow[start:] if start else self.narrow).take(indices)
        values = narrow.astype(dtype)
        if len(self.where):
            escaped = (narrow == 255).nonzero()[0]
            if len(escaped):
                at = self.where.searchsorted((indices.take(escaped) + start).astype(np.uint64))
                values[escaped] = self.wide[at]
        return values

    def all(self) -> I64:
        return self.slice(0, len(self.narrow))

    def narrowest(self, end: int) -> Array:
        """The values before `end` in the narrowest type that holds them; not to be written to."""
        if not len(self.where):
            return self.narrow[:end]
        return self.slice(0, end, np.min_scalar_type(max(255, int(self.wide.max()))))
