"""Evaluation of filters: which documents of a segment one lets through.

Every filter of a field asks for a range of its values, in the order in which a column has them: numbers and
days as they are, text by its place in the sorted list of words. A date is a range itself, and must overlap.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, TypeGuard

import numpy as np

from ..corpus.model import PartialDate
from .arrays import Array, Bool
from .columns import Column, Kind, Words
from .segment import Segment
from .where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range, Value

__all__ = ["documents_of"]

_Bounds = tuple[Any, Any]
"""The least and the greatest value asked for, as a column stores them; None: no bound."""

_INT64 = 1 << 63


def documents_of(segment: Segment, filter: Filter) -> Bool:
    """Which documents the filter lets through, deleted ones included; shape (documents,), a new array."""
    match filter:
        case All(filters):
            everything = np.ones(segment.documents, np.bool_)
            return reduce(np.logical_and, (documents_of(segment, each) for each in filters), everything)
        case AnyOf(filters):
            nothing = np.zeros(segment.documents, np.bool_)
            return reduce(np.logical_or, (documents_of(segment, each) for each in filters), nothing)
        case Negate(inner):
            return ~documents_of(segment, inner)
        case In(field, values):
            return documents_of(segment, AnyOf(tuple(Eq(field, value) for value in values)))
    if filter.field == "key":
        return _of_keys(segment, filter)
    if filter.field == "language":
        return _of_languages(segment, filter)
    return _of_columns(segment, filter)


_Leaf = Eq | Range | Exists | Prefix


def _of_keys(segment: Segment, filter: _Leaf) -> Bool:
    found = np.zeros(segment.documents, np.bool_)
    if (places := _places(filter, segment.sorted_keys)) is not None:
        found[segment.by_key[places.start : places.stop]] = True
    return found


def _of_languages(segment: Segment, filter: _Leaf) -> Bool:
    places = _places(filter, [language.encode() for language in segment.languages])
    allowed = np.zeros(len(segment.languages), np.bool_)
    if places is not None:
        allowed[places.start : places.stop] = True
    return allowed[segment.language_of]


def _of_columns(segment: Segment, filter: _Leaf) -> Bool:
    found: Bool | None = None
    for column in segment.columns.of(filter.field):
        flags = _of_column(column, filter)
        if flags is not None:
            documents = _documents(column, flags, segment.documents)
            found = documents if found is None else found | documents
    return np.zeros(segment.documents, np.bool_) if found is None else found


def _documents(column: Column, flags: Bool, documents: int) -> Bool:
    """Of flags of values the flags of documents."""
    if column.full:
        return flags
    found = np.zeros(documents, np.bool_)
    found[column.documents[flags]] = True
    return found


def _of_column(column: Column, filter: _Leaf) -> Bool | None:
    """Which values of a column the filter asks for; None: none."""
    if isinstance(filter, Exists):
        return np.ones(len(column.values), np.bool_)
    if column.kind == "string":
        places = _places(filter, column.words)
        return None if places is None else _between(column, (places[0], places[-1]))
    if isinstance(filter, Prefix):
        return None
    bounds = _BOUNDS[column.kind](*_asked(filter))
    if bounds is None:
        return None
    return _between(column, bounds)


def _between(column: Column, bounds: _Bounds) -> Bool:
    """Which values (of dates, stretches of days) have something in common with the bounds."""
    low, high = (bound if bound is None else bound - column.base for bound in bounds)
    values = column.values
    flags = _at_least(values if column.lasts is None else column.lasts, low)
    most = _at_most(values, high)
    if flags is None or most is None:
        flags = most if flags is None else flags
        return np.ones(len(values), np.bool_) if flags is None else flags
    flags &= most
    return flags


def _at_least(values: Array, low: float | None) -> Bool | None:
    """None: all. Unsigned values are compared in their own type, which is by far the quickest."""
    if low is None or values.dtype.kind == "f":
        return None if low is None else values >= low
    if low <= 0:
        return None
    if low > np.iinfo(values.dtype).max:
        return np.zeros(len(values), np.bool_)
    return np.asarray(values >= values.dtype.type(low))


def _at_most(values: Array, high: float | None) -> Bool | None:
    if high is None or values.dtype.kind == "f":
        return None if high is None else values <= high
    if high < 0:
        return np.zeros(len(values), np.bool_)
    if high >= np.iinfo(values.dtype).max:
        return None
    return np.asarray(values <= values.dtype.type(high))


def _asked(filter: Eq | Range) -> tuple[Value | None, Value | None]:
    return (filter.value, filter.value) if isinstance(filter, Eq) else (filter.low, filter.high)


# What is asked of each type of value; None: nothing of this type


def _places(filter: _Leaf, words: Words) -> range | None:
    """Which of the sorted words are asked for."""
    if isinstance(filter, Exists):
        return range(len(words)) or None
    if isinstance(filter, Prefix):
        start = _word(filter.prefix)
        found = range(bisect_left(words, start), bisect_right(words, start, key=lambda w: w[: len(start)]))
    else:
        bounds = _asked(filter)
        if any(not isinstance(bound, str | None) for bound in bounds):
            return None
        low, high = (_word(bound) if isinstance(bound, str) else None for bound in bounds)
        found = range(
            0 if low is None else bisect_left(words, low),
            len(words) if high is None else bisect_right(words, high),
        )
    return found or None


def _word(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _days(low: Value | None, high: Value | None) -> _Bounds | None:
    dates = [_date(bound) for bound in (low, high) if bound is not None]
    if None in dates:
        return None
    first, last = _date(low), _date(high)
    return first and first.first_day.toordinal(), last and last.last_day.toordinal()


def _date(value: Value | None) -> PartialDate | None:
    if isinstance(value, str):
        try:
            return PartialDate.parse(value)
        except ValueError:
            return None
    if isinstance(value, dt.date):
        return PartialDate(value.year, value.month, value.day)
    return value if isinstance(value, PartialDate) else None


def _flags(low: Value | None, high: Value | None) -> _Bounds | None:
    return (low, high) if all(isinstance(bound, bool | None) for bound in (low, high)) else None


def _integers(low: Value | None, high: Value | None) -> _Bounds | None:
    if not (_is_number(low) and _is_number(high)):
        return None
    least = None if low is None or low < -_INT64 else low
    most = None if high is None or high >= _INT64 else high
    if (least is not None and least >= _INT64) or (most is not None and most < -_INT64):
        return None
    return least if least is None else math.ceil(least), most if most is None else math.floor(most)


def _floats(low: Value | None, high: Value | None) -> _Bounds | None:
    if not (_is_number(low) and _is_number(high)):
        return None
    return None if low is None else _float(low, math.inf), None if high is None else _float(high, -math.inf)


def _float(bound: float, inwards: float) -> float:
    """The number as a float, and where there is none so precise the next one inside of the range."""
    try:
        value = float(bound)
    except OverflowError:
        value = math.inf if bound > 0 else -math.inf
    outside = value < bound if inwards > 0 else value > bound
    return math.nextafter(value, inwards) if outside else value


def _is_number(bound: Value | None) -> TypeGuard[float | None]:
    """Whether a bound is none, or a number (which NaN is not)."""
    return bound is None or (
        isinstance(bound, int | float) and not isinstance(bound, bool) and bound == bound
    )


_BOUNDS: Mapping[Kind, Callable[[Value | None, Value | None], _Bounds | None]] = {
    "date": _days,
    "bool": _flags,
    "int": _integers,
    "float": _floats,
}
