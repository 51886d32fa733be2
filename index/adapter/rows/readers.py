"""Readers over segments of rows."""

# mypy: allow-untyped-calls, allow-subclassing-any

from __future__ import annotations

from collections.abc import Sequence

from whoosh.fields import Schema
from whoosh.reading import IndexReader, MultiReader

from ..index import NoReader, ParagraphReader
from .segment import RowSegment

__all__ = ["RowReader", "reader_of"]


class RowReader(ParagraphReader):
    """A reader of one segment."""

    def __init__(self, segment: RowSegment, schema: Schema, generation: int) -> None:
        super().__init__(segment, schema, generation)  # type: ignore[arg-type]


def reader_of(segments: Sequence[RowSegment], schema: Schema, generation: int) -> IndexReader:
    """One reader of all the segments."""
    readers: list[IndexReader] = [RowReader(segment, schema, generation) for segment in segments]
    if len(readers) > 1:
        return MultiReader(readers, generation)
    return readers[0] if readers else NoReader(schema, generation)
