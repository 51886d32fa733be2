"""The metadata of a segment as columns of values: what the fields that are not words are made from.

An index keeps metadata as one record for each document. Whoosh wants a schema, postings and columns of it.
For the schema, only what is not in every index is looked at when the view is made (`extra_types`). All
records of a segment are read, and held by distinct value, when a field of them is first searched, sorted or
grouped by; postings are derived for a field when it is first asked for.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from ...corpus.model import Metadata, MetaValue
from ...errors import IndexCorrupt
from ..arrays import I64
from ..segment import Segment
from ..tables import record_from_json

__all__ = ["Column", "common_type", "converted", "document_columns", "extra_types", "row", "type_of"]

_BATCH = 4096
"""Records that are unpacked together: one by one, each would unpack its whole block again."""


@dataclass(frozen=True, slots=True)
class Column:
    """A field's values: each distinct one once, and its place for each document (-1: none)."""

    codes: I64
    values: list[MetaValue] = field(default_factory=list)


def document_columns(segment: Segment) -> Mapping[str, Column]:
    """The columns of all fields that stand in the segment's records, by the name of the schema's field.

    IndexCorrupt when a record cannot be read.
    """
    columns: dict[str, Column] = {}
    places: dict[tuple[str, type, MetaValue], int] = {}
    for document, (meta, root, path) in enumerate(_records(segment)):
        for name, value in row(meta, segment.key(document), root, path):
            column = columns.get(name)
            if column is None:
                column = columns[name] = Column(np.full(segment.documents, -1, np.int64))
            # With the type, because 1, 1.0 and True are equal.
            place = places.setdefault((name, type(value), value), len(column.values))
            if place == len(column.values):
                column.values.append(value)
            column.codes[document] = place
    return columns


def type_of(value: MetaValue) -> str:
    """The type (of `schema`) of the field that can hold the value."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if -(2**63) <= value < 2**63 else "keywords"
    if isinstance(value, float):
        return "number"
    if isinstance(value, dt.date):
        return "date"
    return "id" if isinstance(value, str) else "keywords"


def common_type(types: Iterable[str]) -> str:
    """The type of a field whose values have these types: keywords when they have nothing in common.

    >>> common_type(["integer", "integer"]), common_type(["integer", "number"]), common_type(["date", "id"])
    ('integer', 'number', 'keywords')
    """
    found = set(types)
    if len(found) == 1:
        return found.pop()
    return "number" if found == {"integer", "number"} else "keywords"


def converted(value: MetaValue, kind: str) -> object:
    """The value as a field of the type takes it, and as it is stored."""
    if kind == "keywords":
        return list(dict.fromkeys(_strings(value)))
    if kind == "date" and isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time.min)
    return float(value) if kind == "number" and isinstance(value, int) else value


def _strings(value: MetaValue) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return ("true" if value else "false",)
    return (str(value),)


def row(meta: Metadata, key: str, root: str, path: str) -> Iterator[tuple[str, MetaValue]]:
    """Names and values of the fields that a document has; nothing that is empty."""
    found: dict[str, MetaValue] = {
        "key": key,
        "title": meta.title,
        "root": root,
        "path": path,
        "source": meta.source,
        "place": meta.place,
        "type": meta.type,
        "language": meta.language,
    }
    for name, date in (("published", meta.published), ("effective", meta.effective), ("ended", meta.ended)):
        if date is not None:
            found[name] = date.first_day
    for given, value in meta.extra.items():
        name = "meta_" + re.sub(r"\W", "_", given)
        found[name] = (*_strings(found[name]), *_strings(value)) if name in found else value
    return ((name, value) for name, value in found.items() if value not in ("", ()))


def extra_types(segment: Segment) -> Mapping[str, set[str]]:
    """The types of the values of each field that not every index has, by the name of the schema's field.

    Records are parsed once for each way in which these values are written. IndexCorrupt when one cannot be
    read.
    """
    types: dict[str, set[str]] = {}
    met = {b""}
    for content in _contents(segment):
        # Within a string a quotation mark has a backslash before it, so this is the record's own last name.
        written = content.partition(b'"extra":')[2]
        if written in met:
            continue
        met.add(written)
        meta, _, _ = _parsed(segment, content, "")
        for name, value in row(Metadata("", extra=meta.extra), "", "", ""):
            if name.startswith("meta_"):
                types.setdefault(name, set()).add(type_of(value))
    return types


def _records(segment: Segment) -> Iterator[tuple[Metadata, str, str]]:
    """Metadata, root and path of each document, in order."""
    keys = map(segment.key, range(segment.documents))
    return (_parsed(segment, content, key) for content, key in zip(_contents(segment), keys, strict=True))


def _contents(segment: Segment) -> Iterator[bytes]:
    """The record of each document, in order, as it is written."""
    ends = segment.stream_ends("record").numbers()
    for first in range(0, segment.documents, _BATCH):
        batch = ends[first : first + _BATCH + 1].tolist()
        content = segment.streams["record"].read(batch[0], batch[-1])
        for start, end in pairwise(batch):
            yield content[start - batch[0] : end - batch[0]]


def _parsed(segment: Segment, content: bytes, key: str) -> tuple[Metadata, str, str]:
    try:
        meta, root, path, *_ = record_from_json(content, key)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise IndexCorrupt(
            "a document's record cannot be read",
            path=segment.file.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        ) from error
    return meta, root, path
