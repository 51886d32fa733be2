"""Reading: from files and records to documents of sections and paragraphs, with exact ranges, and gaps."""

from __future__ import annotations

from .citation import Citation, words_hash
from .model import (
    Anchor,
    Document,
    Gap,
    Metadata,
    MetaValue,
    Paragraph,
    PartialDate,
    Reading,
    Section,
    Source,
)
from .record import Record
from .registry import Reader, media_type_of, read_bytes, read_record, register

__all__ = [
    "Anchor",
    "Citation",
    "Document",
    "Gap",
    "MetaValue",
    "Metadata",
    "Paragraph",
    "PartialDate",
    "Reader",
    "Reading",
    "Record",
    "Section",
    "Source",
    "media_type_of",
    "read_bytes",
    "read_record",
    "register",
    "words_hash",
]
