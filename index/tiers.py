"""When segments are merged: those of one tier of sizes, when there are enough of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
"""Bytes that segments have at the most that are merged into one: a merge takes four of memory for each."""


def next_group(segments: Sequence[tuple[int, int, int]], *, early: bool = False) -> list[int]:
    """The places of the segments to be merged next, ascending; empty when there is nothing to do.

    segments: bytes, deleted documents and all documents of each. early: more of them are on their way, so
    that a tier may grow longer, and what is merged is not merged again at once.
    A segment with more than half its documents deleted is rewritten alone.

    >>> next_group([(10, 0, 5), (10, 3, 5)]), next_group([(10, 0, 5)] * 4), next_group([(10, 0, 5)] * 3)
    ([1], [0, 1, 2, 3], [])
    >>> next_group([(10, 0, 5)] * 15, early=True), len(next_group([(10, 0, 5)] * 16, early=True))
    ([], 16)
    >>> next_group([(1 << 20, 0, 5)] * 4 + [(3 << 20, 0, 9)] * 3)  # what the four make fills the tier above
    [0, 1, 2, 3, 4, 5, 6]
    """
    for place, (_, deleted, documents) in enumerate(segments):
        if deleted * 2 > documents:
            return [place]
    tiers: dict[int, list[int]] = {}
    for place, (size, _, _) in enumerate(segments):
        tiers.setdefault(_tier(size), []).append(place)
    enough = _EARLY_TIER if early else _TIER
    for _, tier in sorted(tiers.items()):
        if len(tier) >= enough and len(group := _small_enough(tier, segments)) > 1:
            return _with_those_above(group, tiers, segments, enough)
    return []


def _small_enough(group: Sequence[int], segments: Sequence[tuple[int, int, int]]) -> list[int]:
    """The smallest of some segments, in their order, as far as they make one that is not too large."""
    smallest = sorted(group, key=lambda place: segments[place][0])
    sizes = accumulate(segments[place][0] for place in smallest)
    return sorted(place for place, size in zip(smallest, sizes, strict=True) if size <= _LARGEST)


def _with_those_above(
    group: list[int],
    tiers: Mapping[int, Sequence[int]],
    segments: Sequence[tuple[int, int, int]],
    enough: int,
) -> list[int]:
    """The group, with the tiers that it would fill when it is merged: their turn would come next, and all at
    once takes less."""
    while True:
        merged = _tier(sum(segments[place][0] for place in group))
        above = [place for place in tiers.get(merged, ()) if place not in group]
        if not above or len(above) + 1 < enough:
            return group
        larger = _small_enough([*group, *above], segments)
        if len(larger) == len(group):
            return group
        group = larger


def _tier(size: int) -> int:
    tier = 0
    while size > _SMALLEST:
        size //= _FACTOR
        tier += 1
    return tier
