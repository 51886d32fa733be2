"""Nearness: where ranges of positions stand near each other. `query.Near` says what that means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import F64, I64, Bool, distinct
from ..query import Near, Or, Phrase, Word, meaning, words_of
from .overlaps import fits
from .ranges import UNIT_BITS, Place, Ranges, floor_of, languages_of

if TYPE_CHECKING:
    from ..leaves import Leaves

__all__ = ["near"]

_AT_ONCE = 1 << 14  # units between two glances at the clock
_FARTHEST = (1 << 31) - 1  # positions; no unit has more


def near(leaves: Leaves, node: Near, kind: str) -> Iterator[tuple[str, I64, F64]]:
    """For each language the units (sorted, distinct) in which the node stands, and how often."""
    if not node.children:
        return
    for language in sorted(set.intersection(*map(languages_of, node.children))):
        if leaves.view.segment.field(kind, language) is None:
            continue
        place = Place.of_all(node.children, leaves, language, kind)
        if not len(place.units):
            continue
        parts = [_in_place(node, part) for part in _parts(place)]
        units, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
        yield language, units, counts


def _parts(place: Place) -> Iterator[Place]:
    """The place, part by part where time is short."""
    deadline = place.leaves.deadline
    size = _AT_ONCE if deadline.is_set else len(place.units)
    for begin in range(0, len(place.units), size):
        yield replace(place, units=place.units[begin : begin + size])
        if deadline.enough():
            return


def _in_place(node: Near, place: Place) -> tuple[I64, F64]:
    ends = _ordered(node, place) if node.ordered else _unordered(node, place)
    counts = np.bincount(ends >> UNIT_BITS, minlength=len(place.units))
    hit = counts.nonzero()[0]
    return place.units[hit], counts[hit].astype(np.float64)


def _ordered(node: Near, place: Place) -> I64:
    """The last positions of matches, as keys: sorted, distinct.

    Child by child: for each range the rightmost end that the first child's range can have in a chain to it.
    """
    met = {meaning(child): place.ranges(child) for child in dict.fromkeys(node.children)}
    found = met[meaning(node.children[0])]
    reach = found.last
    for child in node.children[1:]:
        ranges = met[meaning(child)]
        if not len(found):
            return found.last
        before = found.last.searchsorted(ranges.first) - 1
        best = np.maximum.accumulate(reach).take(before, mode="clip")
        follows = (before >= 0) & (best >= floor_of(ranges.first))
        found, reach = ranges.take(follows), best[follows]
    near_enough = found.first - reach <= min(node.distance, _FARTHEST)
    return distinct(found.last[near_enough] if len(node.children) > 1 else found.last)


@dataclass(frozen=True, slots=True)
class _Group:
    """Children with one meaning: `ranges`, of which `size` must be found."""

    node: Word | Phrase | Or
    size: int
    ranges: Ranges

    @property
    def only_words(self) -> bool:
        parts = self.node.children if isinstance(self.node, Or) else (self.node,)
        return all(isinstance(part, Word) for part in parts)


def _unordered(node: Near, place: Place) -> I64:
    """As `_ordered`. Each range is tried as the rightmost one: the others must then end among the `distance`
    positions before it. That is enough where no two of them can overlap."""
    groups = _groups(node, place)
    if len(node.children) == 1:
        return distinct(groups[0].ranges.last)
    distance = min(node.distance, _FARTHEST)
    knots = [knot for knot in _knots(groups) if len(knot) > 1 or groups[knot[0]].size > 1]
    if len(node.children) == 2:  # of two, one ends before the other begins: they cannot overlap
        knots = []
    ends = []
    for number in range(len(groups)):
        ranges = groups[number].ranges
        for other, group in enumerate(groups):
            needed = group.size - (other == number)
            if needed and len(ranges):
                ranges = ranges.take(_count(group.ranges.last, ranges.first, distance) >= needed)
        for knot in knots:
            if len(ranges):
                ranges = ranges.take(_disjoint(groups, knot, number, ranges, distance))
        ends.append(ranges.last)
    return distinct(np.sort(np.concatenate(ends)))


def _groups(node: Near, place: Place) -> list[_Group]:
    sizes: dict[object, int] = {}
    nodes: dict[object, Word | Phrase | Or] = {}
    for child in node.children:
        key = meaning(child)
        sizes[key] = sizes.get(key, 0) + 1
        nodes[key] = child
    # The rarest first: it leaves least to be tried for the others.
    groups = [_Group(nodes[key], sizes[key], place.ranges(nodes[key])) for key in nodes]
    return sorted(groups, key=lambda group: len(group.ranges))


def _count(last: I64, first: I64, distance: int) -> I64:
    """How many of `last` (sorted) stand among the `distance` positions before each of `first`."""
    least = np.maximum(first - distance, floor_of(first))
    return np.asarray(last.searchsorted(first) - last.searchsorted(least))


def _knots(groups: Sequence[_Group]) -> list[list[int]]:
    """The groups, by their numbers, parted such that ranges of different parts never overlap.

    Words overlap only where they share a term; a phrase with a slop reaches around any other.
    """
    owners: dict[object, int] = {}
    parent = list(range(len(groups)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    for number, group in enumerate(groups):
        parts = group.node.children if isinstance(group.node, Or) else (group.node,)
        for part in parts:
            if not isinstance(part, Word | Phrase):
                continue
            terms = {term for word in words_of(part) for term in word.terms}
            wide = isinstance(part, Phrase) and part.slop > 0
            for key in (*terms, *(range(len(groups)) if wide else ())):
                parent[root(number)] = root(key if isinstance(key, int) else owners.setdefault(key, number))
    knots: dict[int, list[int]] = {}
    for number in range(len(groups)):
        knots.setdefault(root(number), []).append(number)
    return list(knots.values())


def _disjoint(
    groups: Sequence[_Group], knot: Sequence[int], number: int, ranges: Ranges, distance: int
) -> Bool:
    """Which of the ranges of group `number` can be the rightmost of a match of the groups of the knot such
    that no two overlap. Those that cannot for want of ranges are not among them any more."""
    members = [groups[at] for at in knot]
    if all(group.only_words for group in members):
        # Whoever stands at the rightmost position can take it, so that which group it is of does not matter.
        every = distinct(np.sort(np.concatenate([group.ranges.last for group in members])))
        here = number in knot
        enough = _count(every, ranges.first + here, distance + here) >= sum(g.size for g in members)
        if len(members) <= 2:
            return np.asarray(enough)
    else:
        enough = np.ones(len(ranges), np.bool_)
    for at in enough.nonzero()[0].tolist():
        choices = []
        for other, group in zip(knot, members, strict=True):
            choices += [_before(group, int(ranges.first[at]), distance)] * (group.size - (other == number))
        enough[at] = fits(choices)
    return np.asarray(enough)


def _before(group: _Group, first: int, distance: int) -> list[tuple[int, int]]:
    """The group's ranges that end among the positions before `first`."""
    least = max(first - distance, first >> 32 << 32)
    begin, end = group.ranges.last.searchsorted([least, first]).tolist()
    ranges = group.ranges.take(np.arange(begin, end))
    return list(zip(ranges.first.tolist(), ranges.last.tolist(), strict=True))
