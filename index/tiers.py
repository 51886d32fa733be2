"""When segments are merged: those of one tier of sizes, when there are enough of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

__all__ = ["next_group"]

_FACTOR = 8
"""Segments whose sizes lie within this factor are of one tier."""
_TIER = 4
"""A tier of this many segments is merged into one."""
_EARLY_TIER = 16
"""The same, while more segments are on their way."""
_SMALLEST = 1 << 20
"""Bytes below which all segments are of the lowest tier."""
_LARGEST = 1 << 27
"""Bytes that segments have at the most that are merged into one: a merge takes five of memory for each."""


def next_group(segments: Sequence[tuple[int, int, int]], *, early: bool = False) -> list[int]:
    """The places of the segments to be merged next, ascending; empty when there is nothing to do.

    segments: bytes, deleted documents and all documents of each. early: more of them are on their way, so
    that a tier may grow longer, and what is merged is not merged again at once.
    A segment with more than half its documents deleted is rewritten alone.

    >>> next_group([(10, 0, 5), (10, 3, 5)]), next_group([(10, 0, 5)] * 4), next_group([(10, 0, 5)] * 3)
    ([1], [0, 1, 2, 3], [])
    >>> next_group([(10, 0, 5)] * 15, early=True), len(next_group([(10, 0, 5)] * 16, early=True))
    ([], 16)
    """
    for place, (_, deleted, documents) in enumerate(segments):
        if deleted * 2 > documents:
            return [place]
    tiers: dict[int, list[int]] = {}
    for place, (size, _, _) in enumerate(segments):
        tiers.setdefault(_tier(size), []).append(place)
    enough = _EARLY_TIER if early else _TIER
    full = (_small_enough(group, segments) for _, group in sorted(tiers.items()) if len(group) >= enough)
    return next((group for group in full if len(group) > 1), [])


def _small_enough(group: Sequence[int], segments: Sequence[tuple[int, int, int]]) -> list[int]:
    """The smallest segments of a tier, in their order, as far as they make one that is not too large."""
    smallest = sorted(group, key=lambda place: segments[place][0])
    sizes = accumulate(segments[place][0] for place in smallest)
    return sorted(place for place, size in zip(smallest, sizes, strict=True) if size <= _LARGEST)


def _tier(size: int) -> int:
    tier = 0
    while size > _SMALLEST:
        size //= _FACTOR
        tier += 1
    return tier
