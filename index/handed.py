"""Records that programs hand over: checking them, and telling whether they changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import unicodedata

from ..corpus.model import Gap, PartialDate, Reading, Source
from ..corpus.record import Record
from ..corpus.registry import read_record
from ..errors import CorpusError
from .batch import describe

__all__ = ["read_handed", "record_source"]

_LONGEST_KEY = 1000


def record_source(record: Record) -> Source:
    """A record as a source: of no root, with the hash of everything that was handed over.

    CorpusError for a key or field that a record cannot have.
    """
    _check_key(record.key)
    fields = {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}
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


def _check_key(key: str) -> None:
    """CorpusError for a key that is empty, too long, or holds characters that cannot be shown or stored."""
    if not isinstance(key, str) or not 1 <= len(key) <= _LONGEST_KEY:
        found = f"{len(key):,} characters" if isinstance(key, str) else type(key).__name__
        raise CorpusError(
            f"a record's key is text of 1 to {_LONGEST_KEY:,} characters, not {found}",
            hint="Give each record the key that it has in its database",
        )
    for char in key:
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            raise CorpusError(
                f"a record's key holds the character U+{ord(char):04X}",
                path=ascii(key),
                hint="Keys hold no control characters and no lone surrogates",
            )
