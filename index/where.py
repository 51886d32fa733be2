"""Filters: which documents a question is asked of. Values only, so that any engine can be handed them.

A filter speaks of a *field*: `published`, `effective`, `ended` (dates), `type`, `source`, `place`, `root`,
`language`, `key`, or any front-matter or caller's field by its name. (A caller's field that has one of these
names is `extra.NAME`.) A field holds values of one type or of several, and what a filter asks for is compared
with those of its own type: numbers with numbers, dates with dates, text with text (by code points, upper and
lower case being different), True and False with these only. Text that reads as a date (`2023-03`) is compared
with dates too.

Of dates, every day that they can mean counts: `2023-03` lies in a range, and equals a date, where the two
have a day in common. A field with several values matches where one of them does; a document without the field
matches no filter but a `Negate`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ..corpus.model import PartialDate

__all__ = ["All", "AnyOf", "Eq", "Exists", "Filter", "In", "Negate", "Prefix", "Range", "Value"]

Value = str | int | float | bool | dt.date | PartialDate


@dataclass(frozen=True, slots=True)
class Eq:
    """The field has the value."""

    field: str
    value: Value


@dataclass(frozen=True, slots=True)
class In:
    """The field has one of the values."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """The field has a value from `low` to `high`, both included; None: no bound on this side."""

    field: str
    low: Value | None = None
    high: Value | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """The field has a value."""

    field: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """The field has text that begins so: `Prefix("key", "laws/2023/")`."""

    field: str
    prefix: str


@dataclass(frozen=True, slots=True)
class All:
    """All of the filters hold; without any, always."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of the filters holds; without any, never."""

    filters: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Negate:
    """The filter does not hold."""

    filter: Filter


Filter = Eq | In | Range | Exists | Prefix | All | AnyOf | Negate
