"""A document that a program hands over, for text that lives in a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from .model import MetaValue, PartialDate

__all__ = ["Record"]


@dataclass(frozen=True, slots=True)
class Record:
    """Text with its key and whatever is known of it.

    key: the caller's own, unique in the index, 1 to 1,000 characters, no control characters.
    type: media type, which chooses the reader (`text/plain`, `text/markdown`).
    Fields left empty are found out from the text, as for a file. Dates: a `date`, a `PartialDate` or
    text such as "2023-03".
    """

    key: str
    text: str
    type: str = "text/plain"
    title: str = ""
    language: str = ""
    source: str = ""
    place: str = ""
    published: dt.date | PartialDate | str | None = None
    effective: dt.date | PartialDate | str | None = None
    ended: dt.date | PartialDate | str | None = None
    extra: Mapping[str, MetaValue] = field(default_factory=dict)
