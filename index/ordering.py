"""Hits in the order of a field's values, and one hit for each value.

A document is ordered by the least of its values (descending: the greatest): False and True before numbers,
these before dates, these before text; dates by the first day that they can mean, then by the last. Documents
without a value come last either way. Ties are broken by key, then paragraph.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .arrays import F64, I64, Array, first_of_runs
from .columns import Column, Kind, Words
from .leaves import Leaves
from .matching.tree import add_constants
from .scoring import Scoring
from .segment import Segment

__all__ = ["Placed", "Representatives", "collapsed", "columns_of", "in_order", "placed"]

_CLASSES: dict[Kind, int] = {"bool": 0, "int": 1, "float": 1, "date": 2, "string": 3}
_NONE = 4
_DOCUMENT = 5
_DAY_BITS = 22  # of the number of the last day there is

Comparable = tuple[int, Any]
"""A value such that those of any segments can be compared: its class, and what is compared within it."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A hit with what orders it. value: of the field that is sorted by, None without one. group: the value
    that hits are collapsed by. size: how many hits it stands for. sketch: see `records.Scored`."""

    value: Comparable | None
    score: float
    key: str
    at: int
    group: Comparable | None = None
    size: int = 1
    sketch: int = 0


def in_order(hits: Sequence[Placed], *, descending: bool | None) -> list[Placed]:
    """Hits in their order: by value, or by score where `descending` is None."""
    if descending is None:
        return sorted(hits, key=lambda hit: (-hit.score, hit.key, hit.at))
    by_key = sorted(hits, key=lambda hit: (hit.key, hit.at))
    with_value = [hit for hit in by_key if hit.value is not None]
    with_value.sort(key=lambda hit: hit.value or (), reverse=descending)  # reversed, ties stay as they are
    return with_value + [hit for hit in by_key if hit.value is None]


def collapsed(hits: Sequence[Placed]) -> list[Placed]:
    """The first of each group of hits in order, with the sizes of all of it."""
    sizes: dict[Comparable, int] = {}
    for hit in hits:
        if hit.group is not None:
            sizes[hit.group] = sizes.get(hit.group, 0) + hit.size
    seen: set[Comparable] = set()
    found: list[Placed] = []
    for hit in hits:
        if hit.group is None:
            found.append(hit)
        elif hit.group not in seen:
            seen.add(hit.group)
            found.append(replace(hit, size=sizes[hit.group]))
    return found


def columns_of(segment: Segment, field: str) -> list[Column]:
    """The columns of a field; those of the key and the language are made of other tables."""
    everywhere = np.arange(segment.documents)
    if field == "key":
        return [Column("key", "string", everywhere, segment.key_rank, words=segment.sorted_keys, full=True)]
    if field == "language":
        words = [language.encode() for language in segment.languages]
        return [Column("language", "string", everywhere, segment.language_of, words=words, full=True)]
    return segment.columns.of(field)


class Representatives:
    """Of each document of a segment the value that it is ordered by."""

    def __init__(self, segment: Segment, field: str, *, greatest: bool = False) -> None:
        self._words: Words = ()
        self._number: Callable[[int], Any] = int
        self._alone: Column | None = None
        columns = columns_of(segment, field)
        if len(columns) == 1 and columns[0].full:
            self._alone = columns[0]
            self._words = self._alone.words
            self._number = _float_at if self._alone.kind == "float" else int
        else:
            self._lay_out(segment, columns, greatest)

    def at(self, documents: I64) -> tuple[I64, I64]:
        """Class and place of some documents: one comes before another when its pair is less."""
        if self._alone is None:
            return self._classes.take(documents), self._places.take(documents)
        places = _places_in(self._alone, documents)
        return np.full(len(documents), _CLASSES[self._alone.kind]), places

    def _lay_out(self, segment: Segment, columns: Sequence[Column], greatest: bool) -> None:
        self._classes = np.full(segment.documents, -1 if greatest else _NONE, np.int64)
        self._places = np.zeros(segment.documents, np.int64)
        for number in sorted({_CLASSES[column.kind] for column in columns}, reverse=not greatest):
            same = [column for column in columns if _CLASSES[column.kind] == number]
            # The class that decides comes last, and writes over the others.
            documents, places = self._placed(same, greatest)
            self._classes[documents], self._places[documents] = number, places
        self._classes[self._classes < 0] = _NONE

    def value(self, document: int) -> Comparable | None:
        classes, places = self.at(np.array([document]))
        number, place = int(classes[0]), int(places[0])
        if number == _NONE:
            return None
        if number == _CLASSES["string"]:
            return number, self._words[place]
        if number == _CLASSES["date"]:
            return number, divmod(place, 1 << _DAY_BITS)
        return number, self._number(place) if number == _CLASSES["int"] else place

    def _placed(self, columns: Sequence[Column], greatest: bool) -> tuple[I64, I64]:
        if len(columns) > 1:
            return self._numbers(columns, greatest)
        column = columns[0]
        if column.kind == "string":
            self._words = column.words
        if column.kind == "float":
            self._number = _float_at
        return _one_each(column.documents, _places_in(column), greatest)

    def _numbers(self, columns: Sequence[Column], greatest: bool) -> tuple[I64, I64]:
        """Integers and floats, placed by their exact order."""
        values = [column.restored().values.tolist() for column in columns]
        known = sorted({value for some in values for value in some})
        self._number = known.__getitem__
        places = {value: place for place, value in enumerate(known)}
        documents = np.concatenate([column.documents for column in columns])
        found = np.array([places[value] for some in values for value in some], np.int64)
        order = np.argsort(documents, kind="stable")
        return _one_each(documents[order], found[order], greatest)


def _places_in(column: Column, which: I64 | None = None) -> I64:
    """Integers in the order of a column's values, of some of them or of all."""
    values, lasts = column.values, column.lasts
    if which is not None:
        values, lasts = values.take(which), lasts if lasts is None else lasts.take(which)
    if column.kind == "float":
        return _place_of(values)
    places = values.astype(np.int64) + column.base
    if column.kind != "date":
        return places
    ends = places if lasts is None else lasts.astype(np.int64) + column.base
    return (places << _DAY_BITS) | ends


_MAGNITUDE = (1 << 63) - 1


def _place_of(values: F64) -> I64:
    """Integers in the order of floats: their bits, with those of the magnitude inverted below zero."""
    bits = (values + 0.0).view(np.int64)  # which makes 0.0 of -0.0
    return np.where(bits < 0, bits ^ _MAGNITUDE, bits)


def _float_at(place: int) -> float:
    bits = place ^ _MAGNITUDE if place < 0 else place
    return float(np.array(bits, np.int64).view(np.float64))


def _one_each(documents: I64, places: I64, greatest: bool) -> tuple[I64, I64]:
    """The least or greatest place of each document; `documents` ascend."""
    at = first_of_runs(documents)
    if len(at) == len(documents):
        return documents, places
    return documents[at], (np.maximum if greatest else np.minimum).reduceat(places, at)


def first_placed(most: int, classes: I64, places: I64, ties: I64, *, descending: bool) -> I64:
    """Indices of the `most` first by (class, place, tie), in no order; those of no class are last."""
    found: list[Array] = []
    present = [number for number in range(_NONE) if (classes == number).any()]
    for number in [*(reversed(present) if descending else present), _NONE]:
        members = (classes == number).nonzero()[0]
        left = most - sum(map(len, found))
        if len(members) <= left or left <= 0:
            found.append(members[: max(left, 0)])
            continue
        keys = ~places[members] if descending else places[members]  # -places could overflow
        edge = np.partition(keys, left - 1)[left - 1]
        before = members[keys < edge]
        tied = members[keys == edge]
        left -= len(before)
        found += [before, tied[np.argpartition(ties[tied], left - 1)[:left]] if len(tied) > left else tied]
    return np.concatenate(found)


def first_of_groups(classes: I64, places: I64, order: I64) -> tuple[I64, I64]:
    """Of paragraphs in an order the first of each (class, place), and how many there are of it; those of no
    class each stand for themselves."""
    classes, places = classes[order], places[order]
    some = (classes != _NONE).nonzero()[0]
    by_group = some[np.lexsort((some, places[some], classes[some]))]
    changes = np.ones(len(by_group), np.bool_)
    changes[1:] = (np.diff(places[by_group]) != 0) | (np.diff(classes[by_group]) != 0)
    at = changes.nonzero()[0]
    alone = (classes == _NONE).nonzero()[0]
    first = np.concatenate((by_group[at], alone))
    sizes = np.concatenate((np.diff(np.append(at, len(by_group))), np.ones(len(alone), np.int64)))
    return order[first], sizes


def placed(scoring: Scoring, leaves: Leaves, paragraphs: I64) -> list[Placed]:
    """The paragraphs of a view that can count, in the form in which views can be brought together."""
    if not len(paragraphs):
        return []
    return _View(scoring, leaves, paragraphs).hits()


class _View:
    """Matching paragraphs of a view, to be ordered and collapsed."""

    def __init__(self, scoring: Scoring, leaves: Leaves, paragraphs: I64) -> None:
        self.request = scoring.request
        self.segment = leaves.view.segment
        self.scoring, self.leaves, self.paragraphs = scoring, leaves, paragraphs
        self.documents = self.segment.document_of[paragraphs]
        self.ties = (self.segment.key_rank[self.documents] << np.int64(32)) | paragraphs
        sort = self.request.sort
        self.by: Representatives | None = None
        if sort is not None:
            self.by = Representatives(self.segment, sort.field, greatest=sort.descending)
        collapse = self.request.collapse
        self.groups = Representatives(self.segment, collapse) if collapse else None

    def hits(self) -> list[Placed]:
        request = self.request
        most = request.offset + request.limit
        if self.by is not None and not (request.collapse or request.group):
            chosen = first_placed(most, *self._placing(self.by), self.ties, descending=self._descending)
            return self._made(chosen, np.ones(len(chosen), np.int64))
        classes, places = self._grouping()
        chosen, sizes = first_of_groups(classes, places, self._order())
        return self._made(chosen, sizes)

    @property
    def _descending(self) -> bool:
        return self.request.sort is not None and self.request.sort.descending

    def _placing(self, by: Representatives) -> tuple[I64, I64]:
        return by.at(self.documents)

    def _order(self) -> I64:
        """Indices of all paragraphs, in their order."""
        if self.by is None:
            return np.lexsort((self.ties, -self._scores(self.paragraphs)))
        classes, places = self._placing(self.by)
        if self._descending:
            classes, places = np.where(classes == _NONE, _NONE, _NONE - 1 - classes), ~places
        return np.lexsort((self.ties, places, classes))

    def _scores(self, paragraphs: I64) -> F64:
        scores = self.scoring.scores(self.leaves, paragraphs)
        add_constants(self.leaves, self.request.constants, paragraphs, scores)
        return scores

    def _grouping(self) -> tuple[I64, I64]:
        """What hits are collapsed by: the value, or else (with `group`) the document."""
        if self.groups is None:
            classes, places = np.full(len(self.paragraphs), _NONE), np.zeros(len(self.paragraphs), np.int64)
        else:
            classes, places = self._placing(self.groups)
        if self.request.group:
            rest = classes == _NONE
            classes[rest], places[rest] = _DOCUMENT, self.documents[rest]
        return classes, places

    def _made(self, chosen: I64, sizes: I64) -> list[Placed]:
        by_paragraph = np.argsort(chosen)
        chosen, sizes = chosen[by_paragraph], sizes[by_paragraph]
        paragraphs, documents = self.paragraphs[chosen], self.documents[chosen]
        columns = (
            documents.tolist(),
            (paragraphs - self.segment.first_paragraphs[documents]).tolist(),
            self._scores(paragraphs).tolist(),
            sizes.tolist(),
            self.segment.sketches(paragraphs) if self.request.fold else [0] * len(paragraphs),
        )
        return [self._hit(*row) for row in zip(*columns, strict=True)]

    def _hit(self, document: int, at: int, score: float, size: int, sketch: int) -> Placed:
        key = self.segment.key(document)
        group = None if self.groups is None else self.groups.value(document)
        if group is None and self.request.group:
            group = _DOCUMENT, key
        return Placed(
            None if self.by is None else self.by.value(document), score, key, at, group, size, sketch
        )
