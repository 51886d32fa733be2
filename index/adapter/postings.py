"""Where the terms of a field stand, told of paragraphs: the numbers that are Whoosh's documents.

`Words` reads an inverted field of the segment, `Values` derives a field from metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate
from typing import Protocol

import numpy as np
from whoosh.fields import FieldType

from ..arrays import F64, I64, Bool, spread
from ..field import Field, WordList

__all__ = ["HEADING_GAP", "Nothing", "PostingList", "Spans", "TermSource", "Values", "Words"]

HEADING_GAP = 100
"""Positions left free between two headings that stand at the same paragraph, so that no phrase spans them."""

Places = Callable[[I64], tuple[I64, I64]]
"""From sorted indices of postings to their positions: (index into the choice, position)."""
Spans = Callable[[I64], tuple[I64, I64, I64]]


@dataclass(frozen=True, slots=True)
class PostingList:
    """A term's postings: sorted distinct paragraphs, frequencies as long. places: None without positions.

    weights: as Whoosh weighs each posting, boosts included; None: as the frequency. spans: character ranges
    as (index into the choice, start, end), one for each position; None without them.
    """

    paragraphs: I64
    frequencies: I64
    places: Places | None = None
    weights: F64 | None = None
    spans: Spans | None = None

    def __len__(self) -> int:
        return len(self.paragraphs)

    def positions(self, start: int, end: int) -> list[list[int]]:
        """Sorted positions of each of the postings [start, end); none where there are no positions."""
        found: list[list[int]] = [[] for _ in range(start, min(end, len(self)))]
        if self.places is not None:
            index, position = self.places(np.arange(start, start + len(found)))
            for at, place in zip(index.tolist(), position.tolist(), strict=True):
                found[at].append(place)
        return found

    def weighed(self) -> I64 | F64:
        """The weight of each posting."""
        return self.frequencies if self.weights is None else self.weights

    def among(self, live: Bool | None) -> PostingList:
        """Only those postings whose paragraph is live (None: all are)."""
        if live is None:
            return self
        kept = np.flatnonzero(live[self.paragraphs])
        places, spans = self.places, self.spans
        return PostingList(
            self.paragraphs[kept],
            self.frequencies[kept],
            None if places is None else lambda which: places(kept[which]),
            None if self.weights is None else self.weights[kept],
            None if spans is None else lambda which: spans(kept[which]),
        )


class TermSource(Protocol):
    """The terms of one field in one segment, deleted paragraphs included.

    lengths: tokens of the field in each paragraph; None for a field that is not scored by length.
    """

    @property
    def words(self) -> WordList: ...
    @property
    def lengths(self) -> I64 | None: ...
    def count(self, number: int) -> int:
        """In how many paragraphs the term stands."""
        ...

    def postings(self, number: int) -> PostingList: ...


class Nothing:
    """A field of words that a segment does not have."""

    def __init__(self, paragraphs: int) -> None:
        self.words = WordList(memoryview(b""), np.zeros(1, np.uint32))
        self.lengths = np.zeros(paragraphs, np.int64)

    def count(self, number: int) -> int:
        raise IndexError(number)

    def postings(self, number: int) -> PostingList:
        raise IndexError(number)


class Words:
    """An inverted field whose units are paragraphs, or each stand at one.

    standing: the paragraph of each unit, ascending, possibly with repetitions; None: units are paragraphs.
    """

    def __init__(self, field: Field, paragraphs: int, standing: I64 | None = None) -> None:
        self._field = field
        self._paragraphs = paragraphs
        self._standing = standing

    @property
    def words(self) -> WordList:
        return self._field.terms

    @cached_property
    def lengths(self) -> I64:
        if self._standing is None:
            return self._field.lengths
        sums = np.bincount(self._standing, self._field.lengths, self._paragraphs)
        return sums.astype(np.int64)

    def count(self, number: int) -> int:
        if self._standing is not None:
            return len(self.postings(number))
        count = self._field.count(number)
        if not 0 < count <= self._paragraphs:  # Whoosh takes logarithms of it
            raise self._field.corrupt()
        return count

    def postings(self, number: int) -> PostingList:
        found = self._field.postings(number)
        units = found.units.astype(np.int64)
        frequencies = self._field.frequencies(found)
        if self._standing is None:
            return PostingList(units, frequencies, partial(self._field.positions, found))
        at = self._standing[units]
        firsts = np.flatnonzero(np.diff(at, prepend=-1))
        sizes = np.diff(firsts, append=len(at))

        def places(which: I64) -> tuple[I64, I64]:
            members = spread(firsts[which], sizes[which])
            index, position = self._field.positions(found, members)
            shift = self._shifts[units[members]]
            return np.repeat(np.arange(len(which)), sizes[which])[index], position + shift[index]

        return PostingList(at[firsts], np.add.reduceat(frequencies, firsts), places)

    @cached_property
    def _shifts(self) -> I64:
        """What a unit's positions are raised by: the room of the units before it at the same paragraph."""
        standing = self._standing
        if standing is None:
            return np.zeros(self._paragraphs, np.int64)
        lengths = self._field.lengths
        room = np.where(lengths > 0, lengths + HEADING_GAP, 0)
        before = room.cumsum() - room
        return np.asarray(before - before[np.searchsorted(standing, standing)])


class Values:
    """A stock field in which every paragraph has at most one value (of several keywords, perhaps).

    values: as the field's type takes them. codes: the place of each paragraph's value, -1 for none.
    """

    lengths = None

    def __init__(self, field: FieldType, values: Sequence[object], codes: I64) -> None:
        self._field = field
        self._values = values
        self._codes = codes

    def value(self, paragraph: int) -> object:
        """What the paragraph holds; None for nothing."""
        code = int(self._codes[paragraph])
        return None if code < 0 else self._values[code]

    @cached_property
    def column(self) -> tuple[list[object], I64]:
        """Values as a Whoosh column holds them, the default last (where code -1 finds it), and the codes."""
        column = self._field.column_type
        default = None if column is None else column.default_value()
        return [*map(self._field.to_column_value, self._values), default], self._codes

    @property
    def words(self) -> WordList:
        return self._terms[0]

    def count(self, number: int) -> int:
        return int(sum(self._starts[code + 1] - self._starts[code] for code in self._terms[1][number]))

    def postings(self, number: int) -> PostingList:
        slices = [self._order[self._starts[code] : self._starts[code + 1]] for code in self._terms[1][number]]
        paragraphs = slices[0] if len(slices) == 1 else np.sort(np.concatenate(slices))
        return PostingList(paragraphs, np.ones(len(paragraphs), np.int64))

    @cached_property
    def _terms(self) -> tuple[WordList, list[list[int]]]:
        """The sorted terms, and the codes of the values that each stands for."""
        codes: dict[bytes, list[int]] = {}
        for code, value in enumerate(self._values):
            for term, *_ in self._field.index(value):
                codes.setdefault(term, []).append(code)
        terms = sorted(codes)
        ends = np.array([*accumulate(map(len, terms), initial=0)], np.uint32)
        return WordList(memoryview(b"".join(terms)), ends), [codes[term] for term in terms]

    @cached_property
    def _order(self) -> I64:
        """All paragraphs, by code; within a code ascending."""
        return np.argsort(self._codes, kind="stable")

    @cached_property
    def _starts(self) -> I64:
        return np.searchsorted(self._codes[self._order], np.arange(len(self._values) + 1))
