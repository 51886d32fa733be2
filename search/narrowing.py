"""Which documents a search is narrowed to, and by what it is sorted: what a caller gives, checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import get_args

from ..corpus.model import PartialDate
from ..errors import QueryError
from ..index.query import Sort
from ..index.where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range, Value

__all__ = ["Where", "as_filter", "by_fields_of", "fields_of"]

Where = Filter | Mapping[str, object]
"""A filter, or values by field: one value; a tuple `(from, to)`, both included, None being no bound; or a
list or set of values of which one is enough. All must hold."""

_DATES = ("published", "effective", "ended")


def by_fields_of(where: Where | None, sort: str, collapse: str) -> tuple[Filter | None, Sort | None, str]:
    """The filter, the order and the field to collapse; QueryError where one is not what it must be."""
    for name, value in (("sort", sort), ("collapse", collapse)):
        if not isinstance(value, str):
            raise QueryError(f"{name} is {value!r}", hint="Fields are named by text")
    return as_filter(where), _sort(sort), collapse


def as_filter(where: Where | None) -> Filter | None:
    """The filter that is meant; QueryError when it cannot be one."""
    if where is None:
        return None
    if isinstance(where, Mapping):
        filters = tuple(_of_field(field, value) for field, value in where.items())
        where = filters[0] if len(filters) == 1 else All(filters)
    if not isinstance(where, get_args(Filter)):
        raise QueryError(
            f"{where!r} is no filter", hint='Give values by field, as in {"type": "law"}, or a docsearch.Eq'
        )
    filter: Filter = where
    for leaf in _leaves(filter):
        _check(leaf)
    return filter


def _sort(sort: str) -> Sort | None:
    """`published`, or `-published` for the greatest first; None for an empty text."""
    field = sort.removeprefix("-")
    if sort and not field:
        raise QueryError(
            "'-' is no field to sort by", hint='Fields are named as in "published" or "-published"'
        )
    return Sort(field, descending=sort.startswith("-")) if sort else None


def fields_of(where: Filter | None, sort: Sort | None, collapse: str) -> frozenset[str]:
    """The fields that are asked about."""
    fields = {leaf.field for leaf in _leaves(where)} if where is not None else set()
    return frozenset(fields | {sort.field if sort else "", collapse} - {""})


_Leaf = Eq | In | Range | Exists | Prefix


def _of_field(field: str, value: object) -> Filter:
    if isinstance(value, tuple):
        if len(value) != 2:
            raise QueryError(
                f"{value!r} is no range for {field!r}",
                hint="A tuple is a range from its first value to its second; give a list of values instead",
            )
        return Range(field, *value)
    if isinstance(value, list | set | frozenset):
        return In(field, tuple(value))
    return Eq(field, value)  # type: ignore[arg-type]  # checked with all others


def _leaves(filter: Filter) -> Iterator[_Leaf]:
    """The filters within that speak of fields; QueryError where one is something else."""
    match filter:
        case All(filters) | AnyOf(filters):
            for each in filters:
                yield from _leaves(each)
        case Negate(inner):
            yield from _leaves(inner)
        case Eq() | In() | Range() | Exists() | Prefix():
            yield filter
        case other:
            raise QueryError(f"{other!r} is no filter", hint="Filters are made of filters")


def _check(leaf: _Leaf) -> None:
    if not isinstance(leaf.field, str):
        raise QueryError(f"{leaf.field!r} is no field", hint="Fields are named by text")
    for value in _values(leaf):
        if not isinstance(value, get_args(Value)):
            raise QueryError(
                f"{value!r} is no value that {leaf.field!r} can have",
                hint="Values are text, numbers, True and False, dates, and a docsearch.PartialDate",
            )
        if leaf.field in _DATES and not isinstance(leaf, Prefix) and not _is_date(value):
            raise QueryError(
                f"{value!r} is no date for {leaf.field!r}",
                hint='Dates look like "2023", "2023-03", "2023-03-15"',
            )


def _values(leaf: _Leaf) -> Iterator[object]:
    match leaf:
        case Eq(_, value) | Prefix(_, value):
            yield value
        case In(_, values):
            yield from values
        case Range(_, low, high):
            yield from (bound for bound in (low, high) if bound is not None)


def _is_date(value: object) -> bool:
    if isinstance(value, str):
        try:
            PartialDate.parse(value)
        except ValueError:
            return False
        return True
    return isinstance(value, dt.date | PartialDate)
