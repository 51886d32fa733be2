"""What a document is, once it has been read: values only, no behaviour that reads files.

All ranges are half-open character ranges `[start, end)` of `Document.text`, the canonical text:
for text formats the decoded file with newlines normalised and markup kept. A range sliced out of
it is a verbatim quotation. Joining hard-wrapped lines and hiding markup happen at display only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = [
    "Anchor",
    "Document",
    "Gap",
    "MetaValue",
    "Metadata",
    "Paragraph",
    "PartialDate",
    "Reading",
    "Section",
    "Source",
]

MetaValue = str | int | float | bool | dt.date | tuple[str, ...]
"""A front-matter or caller's value. Lists become tuples of strings, mappings are flattened (`a.b`)."""

ParagraphKind = Literal["text", "item", "table", "code", "quote", "heading"]


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date of known precision: `2023`, `2023-03` or `2023-03-15`. Field `guessed`: inferred, not stated."""

    year: int
    month: int | None = None
    day: int | None = None
    guessed: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        dt.date(self.year, self.month or 1, self.day or 1)
        if self.day is not None and self.month is None:
            raise ValueError("a day needs a month")

    @property
    def precision(self) -> Literal["year", "month", "day"]:
        return "year" if self.month is None else "month" if self.day is None else "day"

    @property
    def first_day(self) -> dt.date:
        """The earliest day that the date can mean."""
        return dt.date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> dt.date:
        """The latest day that the date can mean."""
        import calendar  # here, since it loads `locale`, and few ask

        month = self.month or 12
        return dt.date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join(
            [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        )

    @classmethod
    def parse(cls, text: str, *, guessed: bool = False) -> PartialDate:
        """Read what `str()` prints (`2023`, `2023-03`, `2023-03-15`); ValueError on anything else."""
        parts = text.split("-")
        if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
            raise ValueError(f"not a partial date: {text!r}")
        year, month, day = [int(part) for part in parts] + [None] * (3 - len(parts))
        if year is None:
            raise ValueError(f"not a partial date: {text!r}")
        return cls(year, month, day, guessed)


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the source that a range of the text stands at: a page, a sheet, a cell.

    `index` counts from 0; `label` is what is printed there (`xiv`), or empty when unknown.
    """

    kind: Literal["page", "sheet", "cell"]
    start: int
    end: int
    index: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its span. The first section of a document is always its lead: level 0, no heading,
    holding what stands before the first heading (and then possibly no paragraph at all).

    parent: index in `Document.sections` of the enclosing section; None at the top (lead included).
    level: 0 for the lead, else 1 and more; a child's level is greater than its parent's.
    path: ordinals from the top, counted from 1 among siblings: `(2, 1)`; the lead's is `(0,)`.
    title: the heading as shown, without markup, white space folded; "" for the lead.
    heading: range of the heading's words in the text; (start, start) for the lead.
    start, end: the span, from the heading's first line to the next heading of the same or a higher level
        (so that a section contains its subsections; the lead ends where the first heading begins).
    first, last: `Document.paragraphs[first:last]` are the paragraphs in the span, subsections included.
    """

    title: str
    level: int
    parent: int | None
    path: tuple[int, ...]
    heading: tuple[int, int]
    start: int
    end: int
    first: int
    last: int


class Paragraph(NamedTuple):
    """What is retrieved and ranked.

    start, end: the words, without surrounding white space; never empty; in document order, disjoint.
    section: index in `Document.sections` of the innermost section.
    ordinal: position from 1 among the paragraphs directly in that section.
    line: first source line, from 1.
    kind: what it looks like. "heading": a section that has neither paragraphs nor subsections stands
        for itself, so that its words can be found; its range is then the heading's.
    """

    start: int
    end: int
    section: int
    ordinal: int
    line: int
    kind: ParagraphKind = "text"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known of a document.

    language: ISO 639-1 code; `language_guessed` when nobody stated it.
    type: media type of the source, such as `text/markdown`.
    extra: every other front-matter or caller's field, by its name in lower case.
    """

    title: str
    title_guessed: bool = False
    language: str = "en"
    language_guessed: bool = True
    type: str = "text/plain"
    source: str = ""
    place: str = ""
    published: PartialDate | None = None
    effective: PartialDate | None = None
    ended: PartialDate | None = None
    extra: Mapping[str, MetaValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that was not read, and why, in words that a person can act on.

    key: the document key or path that it concerns; a page or member may follow in `part`.
    """

    key: str
    reason: str
    part: str = ""

    def told(self) -> str:
        """The reason, with the part that it is about."""
        return f"{self.part}: {self.reason}" if self.part else self.reason


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read. `sections[0]` is the lead; paragraphs are in text order."""

    key: str
    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    meta: Metadata
    anchors: tuple[Anchor, ...] = ()


class Source(NamedTuple):
    """Where a document's bytes came from, and how to tell that they changed. (A tuple, since an update makes
    one for every file that its index knows.)

    root: the root's name; empty for a record that a program handed over.
    path: relative to the root, POSIX form, NFC.
    size: bytes; mtime_ns: nanoseconds since the epoch (both 0 for records).
    sha256: of the bytes (32); for records of their canonical form.
    """

    key: str
    root: str
    path: str
    size: int
    mtime_ns: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader returns: documents (one for most formats) and what could not be read."""

    documents: tuple[Document, ...]
    gaps: tuple[Gap, ...] = ()
