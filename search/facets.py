"""Facets: how many of the documents that answer have which value; and the same over time.

Counts are of documents, over all that matches, whatever part of it is shown. A facet is named as in the
query language: `source`, `place`, `type`, `lang`, `year`, `month`, `folder`, `heading`, `meta.NAME`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..corpus.model import PartialDate
from ..errors import QueryError
from ..index.columns import BUILT_IN
from ..index.grouping import ByDate, ByField, ByFolder, ByHeading, Grouping, Step
from ..index.query import Request
from ..index.where import Eq, Filter, Prefix, Range
from .engine import Engine
from .kinds import short_name

if TYPE_CHECKING:
    from ..index.records import Counts

__all__ = ["EVERY", "FACETS", "Facet", "FacetValue", "facets_of", "groupings_of", "total"]

Value = str | int | float | bool | PartialDate

_STEPS: tuple[Step, ...] = ("decade", "year", "month", "day")
_DATES = ("published", "effective", "ended")
_FIELDS = {"lang": "language"} | {name: name for name in ("source", "place", "type", "language", "root")}
FACETS = ("source", "place", "type", "lang", "year", "month", "folder", "heading", "meta.NAME")
"""What can be counted; also `decade` and `day`, `root`, `published`, `effective.year` and so on."""

_MOST_FACETS = 32

EVERY = ByField("language")
"""Of which each document has exactly one value, so that its counts add up to the documents."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value, the documents that answer and have it, and how to ask for these only.

    where: the filter for `Index.search(where=)`; None for headings, of which a filter cannot be asked.
    typed: the same as words to type behind the query; "" where the query language has none.
    """

    value: Value
    documents: int
    where: Filter | None
    typed: str


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field among the documents that answer.

    field: as it was asked for. values: the most frequent first, then by type and value; a document with
    several values counts for each. documents: all that answer; missing: those of them without a value.
    """

    field: str
    values: tuple[FacetValue, ...]
    documents: int
    missing: int


def groupings_of(fields: Sequence[str]) -> tuple[Grouping, ...]:
    """What facets of these names count; QueryError for one that is none."""
    if not all(isinstance(field, str) for field in fields):
        raise QueryError(f"{fields!r} are no facets", hint='Facets are a list of names, such as ["source"]')
    if len(fields) > _MOST_FACETS:
        raise QueryError(
            f"{len(fields)} facets at once; the limit is {_MOST_FACETS}", hint="Ask for fewer at a time"
        )
    return tuple(map(_grouping, fields))


def facets_of(engine: Engine, request: Request, fields: Sequence[str]) -> tuple[Facet, ...]:
    """The facets of all documents that answer a request, whatever its limit and offset."""
    fields = (fields,) if isinstance(fields, str) else tuple(fields)
    groupings = groupings_of(fields)
    *counted, languages = engine.grouped(request, (*groupings, EVERY))
    documents = total(languages)
    return tuple(
        _facet(field, grouping, counts, documents)
        for field, grouping, counts in zip(fields, groupings, counted, strict=True)
    )


def total(counts: Counts) -> int:
    """How many documents there are, of counts by `EVERY`."""
    return sum(count for _, count in counts.values)


def _grouping(name: str) -> Grouping:
    """
    >>> _grouping("month"), _grouping("meta.type")
    (ByDate(field='published', step='month'), ByField(field='extra.type'))
    """
    if name in _FIELDS:
        return ByField(_FIELDS[name])
    if name in _DATES:
        return ByField(name)
    if name in ("folder", "path"):
        return ByFolder()
    if name in ("heading", "section"):
        return ByHeading()
    field, dot, step = name.rpartition(".")
    for known in _STEPS:
        if name == known:
            return ByDate("published", known)
        if dot and step == known and (field in _DATES or field.startswith("meta.")):
            return ByDate(_meta(field), known)
    if name.startswith("meta.") and len(name) > len("meta."):
        return ByField(_meta(name))
    raise QueryError(f"{name!r} is no facet", hint=f"Facets are {', '.join(FACETS)}")


def _meta(name: str) -> str:
    """A field of the front matter or of a record, as filters name it."""
    field = name.removeprefix("meta.")
    return f"extra.{field}" if name.startswith("meta.") and field in BUILT_IN else field


def _facet(name: str, grouping: Grouping, counts: Counts, documents: int) -> Facet:
    values = tuple(
        FacetValue(
            value, count, _filter(grouping, value), _typed(name, grouping, _briefly(grouping, value, counts))
        )
        for value, count in counts.values
    )
    return Facet(name, values, documents, counts.missing)


def _briefly(grouping: Grouping, value: Value, counts: Counts) -> Value:
    """A media type by its short name, unless some document has just this name as its type."""
    if grouping != ByField("type") or not isinstance(value, str):
        return value
    short = short_name(value)
    return value if any(other == short for other, _ in counts.values) else short


def _filter(grouping: Grouping, value: Value) -> Filter | None:
    match grouping:
        case ByFolder():
            return Prefix("key", f"{value}/")
        case ByHeading():
            return None
        case ByDate(field, step):
            return Range(field, *_bounds(value, step)) if isinstance(value, PartialDate) else None
        case ByField(field):
            return Eq(field, value)


def _bounds(value: PartialDate, step: Step) -> tuple[PartialDate, PartialDate]:
    if step == "decade":
        return PartialDate(value.year), PartialDate(value.year + 9 - value.year % 10)
    return value, value


def _typed(name: str, grouping: Grouping, value: Value) -> str:
    match grouping:
        case ByFolder():
            return _asking("path", _quoted(f"{value}/"))
        case ByHeading():
            return _asking("AND heading", _quoted(str(value), always=True))
        case ByDate(field, step) if isinstance(value, PartialDate) and (prefix := _date_prefix(field)):
            first, last = _bounds(value, step)
            return f"{prefix}:{first}" if first == last else f"{prefix}:{first}..{last}"
        case ByField(field) if isinstance(value, PartialDate) and (prefix := _date_prefix(field)):
            return f"{prefix}:{value}"
        case ByField(field):
            said = str(value).lower() if isinstance(value, bool) else str(value)
            return _asking("lang" if field == "language" else name, _quoted(said))
    return ""


def _asking(name: str, value: str) -> str:
    return f"{name}:{value}" if value else ""


def _date_prefix(field: str) -> str:
    return {"published": "date", "effective": "effective", "ended": "ended"}.get(field, "")


def _quoted(value: str, *, always: bool = False) -> str:
    """The value, between quotation marks where it is no single word; "" where it cannot be written."""
    if '"' in value or not any(char.isalnum() for char in value):
        return ""  # the language has no way to write it
    plain = all(char.isalnum() or char in "-_./" for char in value) and not always
    return value if plain else f'"{" ".join(value.split())}"'
