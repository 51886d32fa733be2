"""Counting the documents that answer, by groupings: exact, over all that matches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from ..corpus.model import PartialDate
from .arrays import I64, distinct
from .columns import Column, partial_date
from .grouping import ByDate, ByField, ByFolder, ByHeading, Grouping, Step
from .leaves import Leaves
from .matching.tree import mask, matched
from .matching.units import Units
from .ordering import columns_of
from .query import Request
from .records import Counts
from .segment import Segment
from .tally import Tally

__all__ = ["grouped"]

_ROOMY = 4  # times as many documents as are looked at: from there on each is read by itself


def grouped(leaves: Sequence[Leaves], request: Request, groupings: Sequence[Grouping]) -> tuple[Counts, ...]:
    """Documents in which units of the request's scope match, by each grouping; `missing` are the documents
    without a value."""
    tallies = [_Names(grouping) for grouping in groupings]
    for each in leaves:
        segment = each.view.segment
        paragraphs: I64 | None = None
        if any(isinstance(grouping, ByHeading) for grouping in groupings):
            paragraphs = matched(each, request.match, request.scope).paragraphs
            documents = distinct(segment.document_of.take(paragraphs))
        else:
            units = Units.of(each.view, request.scope)
            found = mask(each, request.match, units).nonzero()[0]
            documents = distinct(units.documents(found))
        if len(documents):
            for tally in tallies:
                tally.add(segment, documents, paragraphs)
    return tuple(tally.counts() for tally in tallies)


class _Names:
    """Counts of one grouping over the segments of a snapshot."""

    def __init__(self, grouping: Grouping) -> None:
        self._grouping = grouping
        self._fields = Tally(grouping.field) if isinstance(grouping, ByField) else None
        self._found: dict[Any, int] = {}
        self._missing = 0

    def add(self, segment: Segment, documents: I64, paragraphs: I64 | None) -> None:
        match self._grouping:
            case ByField():
                assert self._fields is not None
                self._fields.add(segment, documents)
            case ByDate(field, step):
                self._add_all(_dates(segment, field, step, documents), len(documents))
            case ByFolder():
                self._add_all(_folders(segment, documents), len(documents))
            case ByHeading():
                assert paragraphs is not None
                self._add_all(_headings(segment, documents, paragraphs), len(documents))

    def _add_all(self, labels: Iterator[set[Any] | frozenset[Any]], documents: int) -> None:
        """One set of labels for each document that has some."""
        having = 0
        for some in labels:
            having += 1
            for label in some:
                self._found[label] = self._found.get(label, 0) + 1
        self._missing += documents - having

    def counts(self) -> Counts:
        if self._fields is not None:
            return self._fields.counts()
        named: Callable[[Any], Any] = _date_of if isinstance(self._grouping, ByDate) else str
        ranked = sorted(self._found.items(), key=lambda item: (-item[1], item[0]))
        return Counts(tuple((named(label), count) for label, count in ranked), self._missing)


# Dates


def _dates(segment: Segment, field: str, step: Step, documents: I64) -> Iterator[set[tuple[int, int]]]:
    """Of each document with dates the days that each, cut to the step, can mean."""
    wanted = np.zeros(segment.documents, np.bool_)
    wanted[documents] = True
    labels: dict[int, set[tuple[int, int]]] = {}
    for column in columns_of(segment, field):
        if column.kind == "date":
            known: dict[tuple[int, int], tuple[int, int]] = {}
            for document, days in _days(column, wanted):
                if (label := known.get(days)) is None:
                    label = known[days] = _cut(*days, step)
                labels.setdefault(document, set()).add(label)
    yield from labels.values()


def _days(column: Column, wanted: Any) -> Iterator[tuple[int, tuple[int, int]]]:
    """Document, first and last day of the values of wanted documents."""
    some = wanted[column.documents].nonzero()[0]
    firsts = column.values[some].astype(np.int64) + column.base
    lasts = firsts if column.lasts is None else column.lasts[some].astype(np.int64) + column.base
    days = zip(firsts.tolist(), lasts.tolist(), strict=True)
    yield from zip(column.documents[some].tolist(), days, strict=True)


def _cut(first: int, last: int, step: Step) -> tuple[int, int]:
    date = partial_date(first, last)
    if step == "day" or (step == "month" and date.month is None):
        return first, last
    if step == "month":
        cut = PartialDate(date.year, date.month)
    elif step == "year":
        cut = PartialDate(date.year)
    else:
        cut = PartialDate(max(date.year - date.year % 10, 1))
    return cut.first_day.toordinal(), cut.last_day.toordinal()


def _date_of(days: tuple[int, int]) -> PartialDate:
    return partial_date(*days)


# Folders and headings


def _folders(segment: Segment, documents: I64) -> Iterator[frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    for key in _keys(segment, documents):
        folder, slash, _ = key.rpartition("/")
        if slash:
            found = known.get(folder)
            if found is None:
                parts = folder.split("/")
                outer = ("/".join(parts[: at + 1]) for at in range(len(parts)))
                found = known[folder] = frozenset(filter(None, outer))
            if found:
                yield found


def _keys(segment: Segment, documents: I64) -> Iterator[str]:
    if len(documents) * _ROOMY < segment.documents:
        yield from map(segment.key, documents.tolist())
        return
    keys = segment.keys()
    yield from (keys[document].decode() for document in documents.tolist())


def _headings(segment: Segment, documents: I64, paragraphs: I64) -> Iterator[set[str]]:
    sections = segment.section_of.take(paragraphs)
    bounds = np.searchsorted(paragraphs, segment.first_paragraphs[documents]).tolist()
    firsts = segment.first_sections[documents].tolist()
    ends = [*bounds[1:], len(sections)]
    for document, first, begin, end in zip(documents.tolist(), firsts, bounds, ends, strict=True):
        titles = segment.titles(document)
        found = {" ".join(titles[at - first].split()) for at in sections[begin:end].tolist()} - {""}
        if found:
            yield found
