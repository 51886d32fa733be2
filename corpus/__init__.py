"""Reading: from files and records to documents of sections and paragraphs, with exact ranges, and gaps."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
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


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # Loaded when first used: a search reads no files and takes no records.
    home = ".record" if name == "Record" else ".registry"
    return getattr(import_module(home, __name__), name)
