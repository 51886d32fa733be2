"""Words of a text that stand near each other as a query asks: phrases with room between their words, and
`a w/5 b`. They are found by the places of their parts, so that no word is marked that merely occurs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

__all__ = ["Chain", "Place", "complete"]


class Chain(NamedTuple):
    """Parts in order. parts: of each, which patterns it may be. reach: how many steps may lie from the last
    word of one to the first word of the next, at most."""

    parts: tuple[tuple[int, ...], ...]
    reach: int


class Place(NamedTuple):
    """Where a pattern stands: its first and last token, and the characters `[start, end)`."""

    first: int
    last: int
    start: int
    end: int


def complete(chain: Chain, places: Sequence[Sequence[Place]]) -> Iterator[Place]:
    """Those places of the chain's parts that belong to a whole chain. places: by pattern."""
    steps = [sorted(place for which in part for place in places[which]) for part in chain.parts]
    for at in range(1, len(steps)):
        lasts = sorted(place.last for place in steps[at - 1])
        steps[at] = [each for each in steps[at] if _any(lasts, each.first - chain.reach, each.first - 1)]
    for at in range(len(steps) - 2, -1, -1):
        firsts = [place.first for place in steps[at + 1]]
        steps[at] = [each for each in steps[at] if _any(firsts, each.last + 1, each.last + chain.reach)]
    for step in steps:
        yield from step


def _any(ascending: Sequence[int], low: int, high: int) -> bool:
    """Does a number lie in [low, high]?"""
    at = bisect_left(ascending, low)
    return at < len(ascending) and ascending[at] <= high
