"""Words at successive positions: of the units that hold all of the words, the rarest words' positions first.

Every candidate has a stretch of its own, as long as itself, in a row of flags; so whether a word stands at
the right distance of another is one look at a flag.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import F64, I64, Bool, distinct, first_of_runs, spread
from .listed import ListedTerm, Scratch
from .meeting import Found, meet, narrow

__all__ = ["Together", "follow"]

_MANY = 2000  # candidates, from which it pays to look first at those that have each word once
_WIDEST = 1 << 26  # flags: more than any true segment asks for
_FEW = 512  # places, of which another search is as quick as to turn round the one that was made
_ALL_AT_ONCE = 256  # units, of which all words' places are found at once
_PLACES = (
    4  # where fewer than one candidate in so many is left, a word's places are looked up for these alone
)
_UNIT_BITS = np.int64(32)


class Together:
    """The live units of a field that hold all of some terms, and where the terms stand in these.

    among: only of these, which are live, sorted and distinct; None: of all."""

    def __init__(self, terms: Sequence[ListedTerm], scratch: Scratch, among: I64 | None = None) -> None:
        self.scratch = scratch
        self.field = terms[0].field
        self.terms = {term.number: term for term in terms}
        lists = sorted(terms, key=lambda term: term.most)
        if among is None:
            found = meet(lists, scratch)
        else:
            found = Found(among)
            narrow(found, [terms[-1]], scratch)
            if len(found.units):  # else that is all
                narrow(found, [term for term in lists if term is not terms[-1]], scratch)
        self.units = found.units
        self.ranks = found.ranks
        self.phrases: dict[tuple[tuple[int, ...], int], tuple[I64, F64]] = {}
        self._places: dict[int, tuple[I64, I64]] = {}
        self._all_keys: dict[int, I64] = {}
        self._once: dict[tuple[int, int], tuple[I64, I64, I64]] = {}
        self._orders: dict[tuple[int, int], tuple[I64, I64, I64, I64]] = {}

    def phrase(self, numbers: Sequence[int], slop: int) -> tuple[I64, F64]:
        """Units in which the terms stand in this order, each after at most `slop` further positions, and in
        how many places the last one does."""
        key = tuple(numbers), slop
        if key not in self.phrases:
            self.phrases[key] = self._phrase(numbers, slop)
        return self.phrases[key]

    def _phrase(self, numbers: Sequence[int], slop: int) -> tuple[I64, F64]:
        if not len(self.units):
            return self.units, np.empty(0)
        if len(numbers) == 2 and numbers[0] != numbers[1]:
            which, counts = self._pair(numbers[0], numbers[1], slop)
        else:
            which, counts = self._among(self._likely(numbers, slop), numbers, slop)
        return self.units.take(which), counts.astype(np.float64)

    def _pair(self, first: int, second: int, slop: int) -> tuple[I64, I64]:
        """Pairs are asked for side by side and near each other, in both orders: how far apart their words are
        is found once."""
        if len(self.units) <= _MANY:
            return self._close(first, second, slop, None)
        once, apart, left = self._single(first, second)
        which = once.take(((apart >= 1) & (apart <= 1 + slop)).nonzero()[0])
        if not len(left):
            return which, np.ones(len(which), np.int64)
        more, more_counts = self._close(first, second, slop, left)
        counts = np.zeros(len(self.units), np.int64)
        counts[which] = 1
        counts[more] = more_counts
        which = counts.nonzero()[0]
        return which, counts.take(which)

    def _close(self, first: int, second: int, slop: int, which: I64 | None) -> tuple[I64, I64]:
        """Of some units (None: all; the same at each call) those in which the second of two terms stands
        behind the first, at most `slop` positions further, and at how many of its places."""
        if which is None and not self._all_keys:
            self._find_keys((first, second))
        _, seconds, behind, _ = self._interleaved(first, second, which)
        near = ((behind >= 1) & (behind <= 1 + slop)).nonzero()[0]
        if not len(near):
            return near, near
        owners, counts = _counted(seconds.take(near) >> _UNIT_BITS)
        return (owners if which is None else which.take(owners)), counts

    def _interleaved(self, first: int, second: int, which: I64 | None) -> tuple[I64, I64, I64, I64]:
        """The keys (see `_keys`) of two terms; of each of the second how far it stands behind the last of the
        first before it, and how many of the first do."""
        found = self._orders.get((first, second))
        if found is None:
            turned = self._orders.get((second, first))
            if turned is None:
                firsts, seconds = self._keys(first, which), self._keys(second, which)
            else:
                seconds, firsts, *_ = turned
            if turned is None or len(seconds) < _FEW:
                at = firsts.searchsorted(seconds)
            else:
                at = np.bincount(turned[3], minlength=len(seconds) + 1)[: len(seconds)].cumsum()
                at -= firsts.take(at - 1, mode="wrap") == seconds  # two at one place: neither stands before
            # What begins a unit is a whole unit's width, or (before all) less than nothing, behind another.
            behind = seconds - firsts.take(at - 1, mode="wrap")
            found = self._orders[first, second] = firsts, seconds, behind, at
        return found

    def _likely(self, numbers: Sequence[int], slop: int) -> I64 | None:
        """Units without those that two of the words rule out; None for all."""
        if slop or len(self.units) <= _MANY:
            return None
        at, *others = self._rarest_first(numbers)
        other = next((other for other in others if numbers[other] != numbers[at]), None)
        if other is None:
            return None
        once, apart, left = self._single(numbers[at], numbers[other])
        return np.sort(np.concatenate((once.take((apart == other - at).nonzero()[0]), left)))

    def _single(self, first: int, second: int) -> tuple[I64, I64, I64]:
        """Units that hold each of two terms once, how far behind the first the second stands, and the other
        units."""
        found = self._once.get((first, second))
        if found is None and (turned := self._once.get((second, first))) is not None:
            found = turned[0], -turned[1], turned[2]
        if found is None:
            (places, counts), (others, other_counts) = self._placed(first), self._placed(second)
            is_once = counts + other_counts == 2
            once = is_once.nonzero()[0]
            apart = self.field.positions_at(others.take(once)) - self.field.positions_at(places.take(once))
            found = once, apart, (~is_once).nonzero()[0]
        self._once[first, second] = found
        return found

    # By positions

    def _among(self, which: I64 | None, numbers: Sequence[int], slop: int) -> tuple[I64, I64]:
        """Of some units (None: all) those with the phrase, and its frequency in each."""
        if which is not None and not len(which):
            return which, which
        if slop or (which is None and len(self.units) <= _ALL_AT_ONCE):
            keys = self._in_order(which, numbers, slop)
        else:
            keys = self._side_by_side(which, numbers)
        owners, counts = _counted(keys >> _UNIT_BITS)
        return (owners if which is None else which.take(owners)), counts

    def _side_by_side(self, which: I64 | None, numbers: Sequence[int]) -> I64:
        """Keys (see `_keys`) of the places at which the phrase begins."""
        at, *others = self._rarest_first(numbers)
        owners, positions = self._positions(numbers[at], which)
        positions -= at
        flags = _Flags(self, which, len(numbers))
        for at in others:
            if not len(owners):
                break
            left = distinct(owners)
            more, found = self._positions(numbers[at], left if which is None else which.take(left))
            more = left.take(more)
            found -= at
            held = flags.held(owners, positions, more, found)
            owners, positions = more.take(held), found.take(held)
        # A phrase cannot begin before the unit does: all its words stand at 0 or later.
        return (owners << _UNIT_BITS) + positions

    def _in_order(self, which: I64 | None, numbers: Sequence[int], slop: int) -> I64:
        """Keys of the places of the last word."""
        if which is None and not self._all_keys and len(self.units) <= _ALL_AT_ONCE:
            self._find_keys(tuple(self.terms))
        ends = self._keys(numbers[0], which)
        for number in numbers[1:]:
            if not len(ends):
                break
            ends = follow(ends, self._keys(number, which), slop)
        return ends

    def _keys(self, number: int, which: I64 | None) -> I64:
        """Index of the unit << 32 | position, ascending, for every position of a term."""
        if which is not None:
            owners, positions = self._positions(number, which)
            return (owners << _UNIT_BITS) + positions
        found = self._all_keys.get(number)
        if found is None:
            owners, positions = self._positions(number, None)
            found = self._all_keys[number] = (owners << _UNIT_BITS) + positions
        return found

    def _find_keys(self, numbers: Sequence[int]) -> None:
        """The keys of some terms in all units at once: of few units, to begin takes longer than to look."""
        units = len(self.units)
        postings, ranks = [self.terms[number].postings for number in numbers], []
        for number in numbers:
            found = self.ranks[self.terms[number]]
            ranks.append(np.arange(units) if found is None else found)
        places, counts = self.field.places_of_several(postings, ranks)
        keys = np.arange(units) << _UNIT_BITS
        keys = np.concatenate([keys] * len(numbers))
        ends = (np.arange(1, len(numbers)) * units).tolist()
        if int(counts.sum()) > len(counts):
            ends = counts.cumsum().take([end - 1 for end in ends]).tolist()
            keys, places = keys.repeat(counts), spread(places, counts)
        keys += self.field.positions_at(places)
        for number, begin, end in zip(numbers, [0, *ends], [*ends, len(keys)], strict=True):
            self._all_keys[number] = keys[begin:end]

    def _positions(self, number: int, which: I64 | None) -> tuple[I64, I64]:
        """Every position of a term in some units: the index (in `which`) of its unit, and the position."""
        places, counts = self._placed(number, which)
        owners = np.arange(len(counts))
        if int(counts.sum()) > len(counts):
            owners, places = owners.repeat(counts), spread(places, counts)
        return owners, self.field.positions_at(places)

    def _placed(self, number: int, which: I64 | None = None) -> tuple[I64, I64]:
        """Where the positions of a term in each of some units begin, and how many there are."""
        found = self._places.get(number)
        if found is None:
            term = self.terms[number]
            ranks, postings = self.ranks[term], term.postings
            if ranks is None:
                ranks = np.arange(len(self.units))
            if which is not None and len(which) * _PLACES < len(ranks):
                return self.field.places(postings, ranks.take(which))
            found = self._places[number] = self.field.places(postings, ranks)
        return found if which is None else (found[0].take(which), found[1].take(which))

    def _rarest_first(self, numbers: Sequence[int]) -> list[int]:
        return sorted(range(len(numbers)), key=lambda at: self.terms[numbers[at]].most)


class _Flags:
    """A row of flags with a stretch for each of some units, in which positions can be set and asked."""

    def __init__(self, together: Together, which: I64 | None, words: int) -> None:
        units = together.units if which is None else together.units.take(which)
        widths = together.field.narrow_lengths.take(units).astype(np.int64)
        widths += words  # positions are asked for from -words on
        self._starts = widths.cumsum()
        width = int(self._starts[-1])
        widths -= words
        self._starts -= widths
        self._flags: Bool | None = together.scratch.flags(width) if width <= _WIDEST else None

    def held(self, owners: I64, positions: I64, others: I64, asked: I64) -> I64:
        """Which of the places asked for are among some others: indices into `asked`."""
        keys, wanted = self._starts.take(owners) + positions, self._starts.take(others) + asked
        if self._flags is None:
            at = keys.searchsorted(wanted)
            return np.asarray((keys.take(at, mode="clip") == wanted).nonzero()[0])
        self._flags[keys] = True
        held = self._flags.take(wanted).nonzero()[0]
        self._flags[keys] = False
        return held


def _counted(owners: I64) -> tuple[I64, I64]:
    """Distinct values of a sorted array, and how often each stands there."""
    firsts = first_of_runs(owners)
    counts = np.ones(len(firsts), np.int64)
    if len(firsts) < len(owners):
        counts[:-1] = firsts[1:] - firsts[:-1]
        counts[-1] = len(owners) - firsts[-1]
        owners = owners.take(firsts)
    return owners, counts


def follow(ends: I64, keys: I64, slop: int) -> I64:
    """Those keys that stand 1 to 1 + slop positions after one of `ends` in the same unit (both sorted)."""
    if not len(ends):
        return ends
    behind = keys - ends.take(ends.searchsorted(keys) - 1, mode="wrap")
    # What begins a unit is a whole unit's width, or (before all) less than nothing, behind another.
    return keys.take(((behind >= 1) & (behind <= 1 + slop)).nonzero()[0])
