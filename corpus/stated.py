"""What a record states of itself, laid over what was found in its text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from .dates import parse_date
from .languages import language_code
from .model import Document, Gap, MetaValue, PartialDate, Reading
from .record import Record

__all__ = ["with_stated"]


def with_stated(reading: Reading, record: Record) -> Reading:
    """The reading of a record with its explicit fields in every document's metadata.

    Values that are none (a date `soon`) stay out; a gap names each, and what was found instead remains.
    """
    stated: dict[str, Any] = {}
    gaps: list[Gap] = []
    for field, value in _fields(record):
        if value is None:
            gaps.append(Gap(record.key, f"the {field} {getattr(record, field)!r} cannot be read", part=field))
        else:
            stated[field] = value
    for field in {"title", "language"} & stated.keys():
        stated[f"{field}_guessed"] = False
    if record.extra:
        stated["extra"] = {name.lower(): _kept(value) for name, value in record.extra.items()}
    documents = tuple(_with(document, stated) for document in reading.documents)
    return Reading(documents, (*reading.gaps, *gaps))


def _with(document: Document, stated: Mapping[str, Any]) -> Document:
    """The document with fields of its metadata replaced; extra fields are put beside those that it has."""
    meta = document.meta
    new = {
        field: value for field, value in stated.items() if field != "extra" and getattr(meta, field) != value
    }
    if "extra" in stated:
        new["extra"] = {**meta.extra, **stated["extra"]}
    return replace(document, meta=replace(meta, **new)) if new else document


def _kept(value: Any) -> MetaValue:
    """What comes from JSON has lists, whatever the types say."""
    return cast(MetaValue, tuple(value) if isinstance(value, list) else value)


def _fields(record: Record) -> Iterator[tuple[str, str | PartialDate | None]]:
    """The fields that are not empty with their values; None for a value that cannot be read."""
    if record.language:
        yield "language", language_code(record.language)
    for field, text in (("title", record.title), ("source", record.source), ("place", record.place)):
        if text:
            yield field, text
    dates = (("published", record.published), ("effective", record.effective), ("ended", record.ended))
    for field, date in dates:
        if date:
            yield field, _date(date)


def _date(value: dt.date | PartialDate | str) -> PartialDate | None:
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, dt.date):
        return PartialDate(value.year, value.month, value.day)
    return parse_date(value)
