"""Sorted arrays of distinct document numbers as sets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import numpy as np

from ...arrays import I64, Bool

__all__ = ["NONE", "common", "complement", "difference", "flags", "ranks"]

NONE = np.empty(0, np.int64)

_RARE = 16
"""A set that is this many times shorter than the other is looked up in it number by number."""


def flags(part: I64, size: int) -> Bool:
    """Which of the numbers below `size` are in the set; shape (size,)."""
    found = np.zeros(size, np.bool_)
    found[part] = True
    return found


def _contained(part: I64, whole: I64) -> Bool:
    """Which members of the one set are in the other; shape (len(part),)."""
    if not len(part) or not len(whole):
        return np.zeros(len(part), np.bool_)
    if len(part) * _RARE < len(whole):
        at = np.searchsorted(whole, part)
        at[at == len(whole)] = 0
        return np.asarray(whole[at] == part)
    return flags(whole, int(max(whole[-1], part[-1])) + 1)[part]


def common(sets: Sequence[I64]) -> I64:
    """What is in all of them (at least one)."""
    return reduce(lambda one, other: one[_contained(one, other)], sorted(sets, key=len))


def difference(one: I64, other: I64) -> I64:
    return one[~_contained(one, other)]


def complement(part: I64, live: Bool | None, size: int) -> I64:
    """The live numbers below `size` (None: all of them) that are not in the set."""
    left = np.ones(size, np.bool_) if live is None else live.copy()
    left[part] = False
    return np.flatnonzero(left)


def ranks(part: I64, whole: I64) -> I64:
    """Where the members of `part` stand in `whole`, which has them all; shape (len(part),)."""
    if len(part) == len(whole):
        return np.arange(len(part))
    if len(part) * _RARE < len(whole):
        return np.searchsorted(whole, part)
    return np.flatnonzero(flags(part, int(whole[-1]) + 1)[whole])
