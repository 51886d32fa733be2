"""Records that programs hand over: checking them, and telling whether they changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping

from ..corpus.model import Gap, PartialDate, Reading, Source
from ..corpus.record import Record
from ..corpus.registry import read_record
from ..errors import CorpusError
from .batch import describe

__all__ = ["LONGEST_KEY", "check_key", "read_handed", "record_source"]

LONGEST_KEY = 1000
_TEXTS = ("text", "type", "title", "language", "source", "place")
_DATES = ("published", "effective", "ended")
_DATE = (dt.date, PartialDate, str, type(None))
_FIELDS = tuple(field.name for field in dataclasses.fields(Record))


def record_source(record: Record) -> Source:
    """A record as a source: of no root, with the hash of everything that was handed over.

    CorpusError for a key or field that a record cannot have.
    """
    _check_types(record)
    check_key(record.key)
    fields = {name: getattr(record, name) for name in _FIELDS}
    try:
        canonical = json.dumps(
            {**fields, "extra": dict(record.extra)}, default=_tagged, sort_keys=True, ensure_ascii=True
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise CorpusError(
            f"a record holds a value that cannot be kept ({error})",
            path=record.key,
            hint="Values are text, numbers, booleans, dates and tuples of text",
        ) from error
    return Source(record.key, "", record.key, 0, 0, hashlib.sha256(canonical.encode()).digest())


def read_handed(record: Record) -> Reading:
    """Read a record. A reader that fails leaves a gap; CorpusError when it finds the record to be none."""
    try:
        return read_record(record)
    except CorpusError:
        raise
    except Exception as error:  # noqa: BLE001 - as for files: one document must not end the update
        return Reading((), (Gap(record.key, f"its reader failed ({describe(error)})"),))


def _tagged(value: object) -> dict[str, object]:
    """Dates, told apart from text of the same words."""
    if isinstance(value, PartialDate):
        return {"partial": str(value), "guessed": value.guessed}
    if isinstance(value, dt.date):
        return {"date": value.isoformat()}
    raise TypeError(f"not {type(value).__name__}")


def _check_types(record: Record) -> None:
    """CorpusError for what is no record, and for fields of another type than theirs: a reader would fail on
    them, and the record would be missed only later."""
    if not isinstance(record, Record):
        raise CorpusError(
            f"{ascii(record)[:40]} ({type(record).__name__}) is no record", hint="Hand over docsearch.Record"
        )
    key = record.key if isinstance(record.key, str) else ""
    for name in _TEXTS:
        if not isinstance(value := getattr(record, name), str):
            raise _wrong_type(key, name, value, "text")
    for name in _DATES:
        if not isinstance(value := getattr(record, name), _DATE):
            raise _wrong_type(key, name, value, "a date, a PartialDate, text, or None")
    if not isinstance(record.extra, Mapping) or not all(isinstance(name, str) for name in record.extra):
        raise _wrong_type(key, "extra", record.extra, "a mapping from names to values")
    for name, value in record.extra.items():
        if isinstance(value, list | tuple) and not all(isinstance(item, str) for item in value):
            raise _wrong_type(key, f"extra[{name!r}]", value, "a tuple of text")
        if isinstance(value, Mapping | None) or (isinstance(value, float) and not math.isfinite(value)):
            raise _wrong_type(key, f"extra[{name!r}]", value, "text, a number, a date or a tuple of text")


def _wrong_type(key: str, field: str, value: object, wanted: str) -> CorpusError:
    return CorpusError(
        f"a record's {field} is {ascii(value)[:40]} ({type(value).__name__}), not {wanted}",
        path=ascii(key)[1:-1],
        hint="Nothing was changed. Correct the record, and hand all of them over again",
    )


def check_key(key: object) -> None:
    """CorpusError for a key that is empty, too long, or holds characters that cannot be shown or stored."""
    if not isinstance(key, str) or not 1 <= len(key) <= LONGEST_KEY:
        found = f"{len(key):,} characters" if isinstance(key, str) else type(key).__name__
        raise CorpusError(
            f"a record's key is text of 1 to {LONGEST_KEY:,} characters, not {found}",
            hint="Give each record the key that it has in its database",
        )
    for char in key if not key.isprintable() else "":
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            raise CorpusError(
                f"a record's key holds the character U+{ord(char):04X}",
                path=ascii(key),
                hint="Keys hold no control characters and no lone surrogates",
            )
