"""Segments of an index as Whoosh reads them: codec, segment, terms and per-document values.

Deleted paragraphs count in every statistic, as they do in Whoosh's own indexes, and are never matched.
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
from whoosh.codec import base
from whoosh.columns import Column as WhooshColumn
from whoosh.columns import ColumnReader
from whoosh.fields import FieldType, Schema
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound
from whoosh.scoring import BaseScorer

from ...errors import IndexProblem
from ..arrays import I64, Bool
from ..snapshot import View
from .matcher import BlockMatcher
from .postings import Nothing, TermSource, Values, Words
from .schema import WORDS
from .values import Column, converted, document_columns, row

__all__ = ["ViewCodec", "ViewSegment", "read_only"]


def read_only() -> NoReturn:
    """Refuses a change that was asked for through Whoosh's interface."""
    raise IndexProblem(
        "Whoosh's view of an index is for reading only",
        hint="Write with `update`, `add` or `delete` of docsearch.Index, and take `.whoosh` from it again",
    )


class ViewSegment(base.Segment):
    """A segment with its deletions. Sources of terms and values are made when first asked for, and kept.

    Safe to share between threads: what two make at once is the same.
    """

    def __init__(self, view: View, schema: Schema, types: Mapping[str, str]) -> None:
        """types: of the fields that are not words, by name."""
        self.view = view
        self.schema = schema
        self.types = types
        self._sources: dict[str, TermSource] = {}

    @cached_property
    def _columns(self) -> Mapping[str, Column]:
        return document_columns(self.view.segment)

    def segment_id(self) -> str:
        return self.view.segment.file.name

    def codec(self) -> ViewCodec:
        return ViewCodec()

    def is_compound(self) -> bool:
        return False

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.view.segment.paragraphs

    def doc_count(self) -> int:
        return self.doc_count_all() - self.deleted_count()

    def deleted_count(self) -> int:
        live = self.live
        return 0 if live is None else len(live) - int(np.count_nonzero(live))

    def deleted_docs(self) -> Iterator[int]:
        return iter([] if self.live is None else np.flatnonzero(~self.live).tolist())

    def is_deleted(self, docnum: int) -> bool:
        # Matchers that invert others ask of the number after the last.
        return self.live is not None and docnum < len(self.live) and not self.live[docnum]

    def delete_document(self, docnum: int, delete: bool = True) -> NoReturn:
        read_only()

    @property
    def live(self) -> Bool | None:
        """Which paragraphs are not deleted; None: none is."""
        return self.view.live_paragraphs

    def terms(self, name: str) -> TermSource:
        """Where the terms of a field stand; KeyError for a field that the schema does not have."""
        source = self._sources.get(name)
        if source is None:
            make = self._values if name in self.types else self._words
            source = self._sources[name] = make(name)
        return source

    def values(self, name: str) -> Values:
        """The values of a field that is not words."""
        source = self.terms(name)
        if not isinstance(source, Values):
            raise KeyError(name)
        return source

    def _words(self, name: str) -> TermSource:
        segment = self.view.segment
        kind, _, language = name.partition("_")
        if kind not in WORDS or name not in self.schema:
            raise KeyError(name)
        field = segment.field(kind, language)
        if field is None:
            return Nothing(segment.paragraphs)
        if not field.terms.are_text():
            raise segment.container.corrupt(f"field '{field.name}' has terms that are no text")
        standing = {"heading": segment.section_spans[0], "title": segment.first_paragraphs[:-1]}.get(kind)
        return Words(field, segment.paragraphs, standing)

    def _values(self, name: str) -> Values:
        segment = self.view.segment
        if name == "paragraph":
            numbers = np.arange(segment.paragraphs) - segment.first_paragraphs[segment.document_of]
        elif name == "line":
            numbers = segment.column("paragraph", "line").numbers()
        elif (column := self._columns.get(name)) is None:
            return Values(self.schema[name], [], np.full(segment.paragraphs, -1, np.int64))
        else:
            values = [converted(value, self.types[name]) for value in column.values]
            return Values(self.schema[name], values, column.codes[segment.document_of])
        distinct, codes = np.unique(numbers, return_inverse=True)
        return Values(self.schema[name], distinct.tolist(), codes)


class ViewCodec(base.Codec):
    """Reads `ViewSegment`s; storage is not used, and nothing can be written."""

    def terms_reader(self, storage: object, segment: ViewSegment) -> ViewTermsReader:
        return ViewTermsReader(segment)

    def per_document_reader(self, storage: object, segment: ViewSegment) -> ViewDocumentReader:
        return ViewDocumentReader(segment)

    def new_segment(self, *_: object, **__: object) -> NoReturn:
        read_only()

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment


class ViewTermsReader(base.TermsReader):
    """Terms in the order of their bytes; fields in the order of their names."""

    def __init__(self, segment: ViewSegment) -> None:
        self._segment = segment
        self._names: list[str] = segment.schema.names()

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        try:
            return self._segment.terms(term[0]).words.find(term[1]) >= 0
        except KeyError:
            return False

    def indexed_field_names(self) -> list[str]:
        return self._names

    def cursor(self, fieldname: str, fieldobj: FieldType) -> ViewCursor:
        return ViewCursor(self._segment.terms(fieldname), fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self._names:
            yield from self.terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of this field that are not before `prefix`; those of later fields are not added, since
        they might first have to be derived."""
        words = self._segment.terms(fieldname).words
        return ((fieldname, words[number]) for number in range(words.lower(prefix), len(words)))

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name in self._names:
            yield from self.items_from(name, b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        source = self._segment.terms(fieldname)
        for number in range(source.words.lower(prefix), len(source.words)):
            yield (fieldname, source.words[number]), _term_info(source, number)

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return _term_info(*self._find(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        source, number = self._find(fieldname, text)
        return float(source.postings(number).weighed().sum())

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        source, number = self._find(fieldname, text)
        return source.count(number)

    def matcher(
        self, fieldname: str, text: bytes, format_: Format, scorer: BaseScorer | None = None
    ) -> BlockMatcher:
        try:
            source, number = self._find(fieldname, text)
        except KeyError:
            raise TermNotFound(f"No term {fieldname}:{text!r}") from None
        postings = source.postings(number).among(self._segment.live)
        return BlockMatcher(postings, source.lengths, (fieldname, text), format_, scorer)

    def _find(self, fieldname: str, text: bytes) -> tuple[TermSource, int]:
        """KeyError when there is no such term, as Whoosh's readers expect."""
        source = self._segment.terms(fieldname)
        number = source.words.find(text)
        if number < 0:
            raise KeyError((fieldname, text))
        return source, number


def _term_info(source: TermSource, number: int) -> TermInfo:
    postings = source.postings(number)
    least = greatest = 0
    if source.lengths is not None:
        lengths = source.lengths[postings.paragraphs]
        least, greatest = int(lengths.min()), int(lengths.max())
    weights = postings.weighed()
    return TermInfo(
        weight=float(weights.sum()),
        df=len(postings),
        minlength=least,
        maxlength=greatest,
        maxweight=float(weights.max()),
        minid=int(postings.paragraphs[0]),
        maxid=int(postings.paragraphs[-1]),
    )


class ViewCursor(base.FieldCursor):
    """Walks the terms of one field, as values of its type; None is past the last."""

    def __init__(self, source: TermSource, field: FieldType) -> None:
        self._words = source.words
        self._source = source
        self._field = field
        self._at = 0

    def first(self) -> Any:
        self._at = 0
        return self.text()

    def find(self, string: str | bytes) -> Any:
        """Move to the first term not before the given one."""
        self._at = self._words.lower(string if isinstance(string, bytes) else self._field.to_bytes(string))
        return self.text()

    def next(self) -> Any:
        self._at = min(self._at + 1, len(self._words))
        return self.text()

    def text(self) -> Any:
        return self._field.from_bytes(self._words[self._at]) if self.is_valid() else None

    term = text

    def term_info(self) -> TermInfo | None:
        return _term_info(self._source, self._at) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._at < len(self._words)


class ViewDocumentReader(base.PerDocumentReader):
    """What each paragraph holds: stored values, columns for sorting, lengths."""

    def __init__(self, segment: ViewSegment) -> None:
        self._segment = segment

    def doc_count(self) -> int:
        return self._segment.doc_count()

    def doc_count_all(self) -> int:
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        return self._segment.live is not None

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterator[int]:
        return self._segment.deleted_docs()

    def all_doc_ids(self) -> Iterator[int]:
        live = self._segment.live
        return iter(range(self.doc_count_all()) if live is None else np.flatnonzero(live).tolist())

    # Columns

    def supports_columns(self) -> bool:
        return True

    def list_columns(self) -> list[str]:
        return [name for name in self._segment.types if self._segment.schema[name].column_type]

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._segment.types and bool(self._segment.schema[fieldname].column_type)

    def column_reader(self, fieldname: str, column: WhooshColumn) -> ValueReader:
        return ValueReader(*self._segment.values(fieldname).column, reversible=column.reversible)

    # Lengths

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        try:
            lengths = self._lengths(fieldname)
        except KeyError:  # Whoosh's readers know no length of a field that is not there, and say so thus
            return default
        return default if lengths is None else int(lengths[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.sum())

    def min_field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.min())

    def max_field_length(self, fieldname: str) -> int:
        lengths = self._lengths(fieldname)
        return 0 if lengths is None else int(lengths.max())

    def _lengths(self, fieldname: str) -> I64 | None:
        return self._segment.terms(fieldname).lengths

    # Stored values

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        """All that the schema's fields hold of the paragraph; its words verbatim, headings line by line."""
        segment = self._segment.view.segment
        document = int(segment.document_of[docnum])
        meta, root, path, *_ = segment.record(document)
        types = self._segment.types
        stored: dict[str, Any] = {
            name: converted(value, types[name])
            for name, value in row(meta, segment.key(document), root, path)
            if name in types
        }
        stored["paragraph"] = docnum - int(segment.first_paragraphs[document])
        stored["line"] = int(segment.column("paragraph", "line")[docnum])
        language = segment.languages[int(segment.language_of[document])]
        stored[f"text_{language}"] = segment.paragraph_text(docnum)
        if docnum == segment.first_paragraphs[document] and "title" in stored:
            stored[f"title_{language}"] = stored["title"]
        if headings := self._headings(document, docnum):
            stored[f"heading_{language}"] = "\n".join(headings)
        return stored

    def _headings(self, document: int, paragraph: int) -> list[str]:
        """Titles of the sections whose span begins with the paragraph."""
        segment = self._segment.view.segment
        standing = segment.section_spans[0]
        first, last = np.searchsorted(standing, [paragraph, paragraph + 1]) - segment.first_sections[document]
        return [title for title in segment.titles(document)[first:last] if title]


class ValueReader(ColumnReader):
    """A column in memory. values: as the field's column holds them; codes: which of them a paragraph has."""

    def __init__(self, values: list[Any], codes: I64, *, reversible: bool) -> None:
        self._values = values
        self._codes = codes
        self._reversible = reversible
        self._reverse = False

    @property
    def column(self) -> tuple[list[Any], I64]:
        """The distinct values, and the place of each paragraph's, counted from the end when negative."""
        return self._values, self._codes

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[self._codes[docnum]]

    def __iter__(self) -> Iterator[Any]:
        return (self._values[code] for code in self._codes.tolist())

    def sort_key(self, docnum: int) -> Any:
        return -self[docnum] if self._reverse else self[docnum]

    def set_reverse(self) -> None:
        """Let sort keys run the other way; only numbers can."""
        if not self._reversible:
            raise NotImplementedError("a column of text cannot be reversed")
        self._reverse = True
