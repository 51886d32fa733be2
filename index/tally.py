"""Counting units by the values of a field."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..corpus.model import PartialDate
from .arrays import I64
from .columns import Column
from .ordering import columns_of
from .records import Counts
from .segment import Segment

__all__ = ["Tally"]


class Tally:
    """Counts over the segments of a snapshot; 1, 1.0 and True are three values."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._found: dict[tuple[str, Any], tuple[Any, int]] = {}
        self._missing = 0

    def add(self, segment: Segment, documents: I64) -> None:
        """Count units by their documents."""
        units = np.bincount(documents, minlength=segment.documents)
        without = np.ones(segment.documents, np.bool_)
        for column in columns_of(segment, self._field):
            without[column.documents] = False
            self._add_column(column, units)
        self._missing += int(units[without].sum())

    def _add_column(self, column: Column, units: I64) -> None:
        counts = units[column.documents]
        some = counts.nonzero()[0]
        values = column.values[some]
        lasts = values if column.lasts is None else column.lasts[some]
        order = np.lexsort((lasts, values))
        changes = np.ones(len(order), np.bool_)
        changes[1:] = (values[order][1:] != values[order][:-1]) | (lasts[order][1:] != lasts[order][:-1])
        at = changes.nonzero()[0]
        sums = np.add.reduceat(counts[some][order], at) if len(at) else at
        for where, count in zip(some[order[at]].tolist(), sums.tolist(), strict=True):
            self._count(column, where, count)

    def _count(self, column: Column, where: int, count: int) -> None:
        value = column.value(where)
        days = (value.first_day, value.last_day) if isinstance(value, PartialDate) else value
        _, before = self._found.get((column.kind, days), (value, 0))
        self._found[column.kind, days] = value, before + count

    def counts(self) -> Counts:
        ranked = sorted(self._found.items(), key=lambda item: (-item[1][1], item[0]))
        return Counts(tuple(found for _, found in ranked), self._missing)
