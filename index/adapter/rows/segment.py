"""A segment of rows: some documents of a caller's schema, in one container that never changes.

kind "rows"; meta: {"units", "fields": {name: options}, "columns": [name], "stored": [name]}
f0, f1, …    the fields, in the order of their names (`flat.flat_arrays`)
c0, c1, …    the columns (`columns.column_arrays`)
doc/stored   where the stored values of each document end in the stream "stored" (u8, units + 1)
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import secrets
import struct
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import Any, NoReturn

import numpy as np
from whoosh.codec import base
from whoosh.columns import Column as WhooshColumn
from whoosh.fields import NUMERIC, FieldType, Schema
from whoosh.formats import Characters, Format, Positions
from whoosh.matching import ListMatcher
from whoosh.reading import TermInfo
from whoosh.system import pack_uint

from ....errors import IndexCorrupt
from ...arrays import F64, I64, Array, Bool, spread
from ...container import Container, pack
from ...field import Field, Postings, WordList
from ...manifest import FileEntry
from ...storage import Storage
from ...stream import Stream
from ..codec import ViewDocumentReader, ViewTermsReader, read_only
from ..postings import Nothing, PostingList, TermSource
from .columns import StoredColumn, column_arrays, read_column
from .flat import Flat, flat_arrays
from .values import stored_from_json

__all__ = ["KIND", "RowCodec", "RowSegment", "write_rows"]

KIND = "rows"
_OPTIONS = ("weights", "spans", "scorable", "places")
_HINT = "Restore the index from a copy, or build it again"


def write_rows(
    storage: Storage,
    units: int,
    stored: Mapping[str, Array | bytes],
    stored_names: Sequence[str],
    fields: Mapping[str, Flat],
    columns: Mapping[str, tuple[Any, Sequence[Any]]],
) -> FileEntry:
    """Write one segment under a fresh name. columns: Whoosh's column and the value of every unit, by name."""
    name = f"segment-{secrets.token_hex(8)}"
    arrays: dict[str, Array | bytes] = dict(stored)
    options: dict[str, dict[str, bool]] = {}
    for number, (field, flat) in enumerate(sorted(fields.items())):
        made = flat_arrays(f"f{number}", flat)
        options[field] = {
            "weights": f"f{number}/weights" in made,
            "spans": f"f{number}/spans" in made,
            "scorable": flat.scorable,
            "places": flat.placed,
        }
        arrays |= made
    for number, (_, (column, values)) in enumerate(sorted(columns.items())):
        arrays |= column_arrays(f"c{number}", column, values)
    meta = {"units": units, "fields": options, "columns": sorted(columns), "stored": sorted(stored_names)}
    storage.write(name, pack(KIND, arrays, meta))
    content = storage.read(name)
    return FileEntry(name, len(content), Container(content, name, KIND).digest)


class RowSegment(base.Segment):
    """The reading side, with its deletions.

    hidden: fields that were removed from the schema after the segment was written.
    Safe to share between threads while nothing is deleted through it.
    """

    def __init__(
        self,
        storage: Storage,
        file: FileEntry,
        schema: Schema,
        *,
        deleted: Sequence[int] | Array = (),
        hidden: Sequence[str] = (),
    ) -> None:
        """IndexCorrupt when the file is not the one that is named; FileNotFoundError when it is gone."""
        content = storage.read(file.name)
        self.container = Container(content, file.name, KIND)
        if self.container.digest != file.digest or len(content) != file.size:
            raise _corrupt(file.name, "the file is not the one that the manifest names")
        self.file = file
        self.schema = schema
        self.hidden = frozenset(hidden)
        self._read_meta()
        self.live: Bool | None = None
        if len(deleted):
            self.live = np.ones(self.units, np.bool_)
            if max(deleted) >= self.units:
                raise _corrupt(file.name, "more is deleted than there is")
            self.live[np.asarray(deleted, np.int64)] = False
        self._sources: dict[str, TermSource] = {}
        self._columns: dict[str, StoredColumn] = {}
        self._forward: dict[str, tuple[I64, I64, I64]] = {}

    def _read_meta(self) -> None:
        meta = self.container.meta
        try:
            self.units: int = meta["units"]
            if type(self.units) is not int:
                raise TypeError("units")
            # Also so that no more units are believed than there is something of.
            self.container.array("doc/stored", "<u8", self.units + 1, checked=False)
            self._fields: dict[str, tuple[str, dict[str, bool]]] = {
                name: (f"f{number}", {option: bool(options[option]) for option in _OPTIONS})
                for number, (name, options) in enumerate(sorted(meta["fields"].items()))
            }
            self._stored_names = frozenset(meta["stored"])
            self._column_names = {name: f"c{number}" for number, name in enumerate(meta["columns"])}
            if not all(
                type(name) is str for name in (*self._fields, *self._stored_names, *self._column_names)
            ):
                raise TypeError("names")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise _corrupt(self.file.name, "it does not say what it holds") from error

    # What Whoosh asks of a segment

    def segment_id(self) -> str:
        return self.file.name

    def codec(self) -> RowCodec:
        return RowCodec()

    def is_compound(self) -> bool:
        return False

    def should_assemble(self) -> bool:
        return False

    def doc_count_all(self) -> int:
        return self.units

    def doc_count(self) -> int:
        return self.units - self.deleted_count()

    def has_deletions(self) -> bool:
        return self.live is not None

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterator[int]:
        return iter(self.deleted.tolist())

    def is_deleted(self, docnum: int) -> bool:
        # Matchers that invert others ask of the number after the last.
        return self.live is not None and docnum < len(self.live) and not self.live[docnum]

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Note the deletion, or take it back. Only a writer does that, on segments of its own."""
        live = np.ones(self.units, np.bool_) if self.live is None else self.live
        live[docnum] = not delete
        self.live = None if live.all() else live

    def hide_beyond(self, schema: Schema) -> None:
        """Hide the fields that the schema does not have (any more): a later field of the same name is
        another."""
        names = {*self._fields, *self._column_names, *self._stored_names}
        self.hidden |= {name for name in names if name not in schema}
        self._sources.clear()

    @property
    def deleted(self) -> I64:
        """Numbers of the deleted documents, ascending."""
        return np.empty(0, np.int64) if self.live is None else np.flatnonzero(~self.live)

    # Fields

    @property
    def field_names(self) -> list[str]:
        """Names of the fields that have terms here, sorted."""
        return [name for name in self._fields if name not in self.hidden]

    @property
    def column_names(self) -> list[str]:
        return [name for name in self._column_names if name not in self.hidden]

    def terms(self, name: str) -> TermSource:
        """Where the terms of a field stand; KeyError for a field that neither segment nor schema has.

        IndexCorrupt for terms that the field's type cannot read: Whoosh does so in places far from here.
        """
        source = self._sources.get(name)
        if source is None:
            if name in self._fields and name not in self.hidden:
                key, options = self._fields[name]
                source = RowTerms(self, key, options)
                if name in self.schema and not _legible(source.words, self.schema[name]):
                    raise _corrupt(self.file.name, f"field {name!r} has terms that are none of its type")
            elif name in self.schema:
                source = Nothing(self.units)
            else:
                raise KeyError(name)
            self._sources[name] = source
        return source

    def values(self, name: str) -> StoredColumn:
        """The column of a field; KeyError when it has none here."""
        found = self._columns.get(name)
        if found is None:
            if name in self.hidden:
                raise KeyError(name)
            column = self.schema[name].column_type
            found = read_column(self.container, self._column_names[name], column, self.units)
            self._columns[name] = found
        return found

    def flat(self, name: str) -> Flat | None:
        """All postings of a field, for a merge."""
        source = self.terms(name)
        return source.flat() if isinstance(source, RowTerms) else None

    def vector(self, docnum: int, name: str) -> list[tuple[bytes, PostingList, int]]:
        """The terms of one document in the order of their bytes, each with its postings and the document's
        place among them."""
        source = self.terms(name)
        if name not in self._forward:
            postings = [source.postings(number).paragraphs for number in range(len(source.words))]
            units = np.concatenate([np.empty(0, np.int64), *postings])
            terms = np.repeat(np.arange(len(postings)), [len(each) for each in postings])
            order = np.argsort(units, kind="stable")
            self._forward[name] = (
                terms[order],
                units[order],
                np.searchsorted(units[order], np.arange(self.units + 1)),
            )
        terms, _, starts = self._forward[name]
        found = terms[starts[docnum] : starts[docnum + 1]].tolist()
        lists = [(source.words[number], source.postings(number)) for number in found]
        return [(text, each, int(np.searchsorted(each.paragraphs, docnum))) for text, each in lists]

    # Stored values

    @property
    def stored_names(self) -> frozenset[str]:
        """Names of the fields of which something is stored here."""
        return self._stored_names - self.hidden

    @cached_property
    def _stored_ends(self) -> Array:
        return self.container.array("doc/stored", "<u8", self.units + 1)

    @cached_property
    def _stored(self) -> Stream:
        return Stream(self.container, "stored")

    def stored_bytes(self, docnum: int) -> bytes:
        return self._stored.read(int(self._stored_ends[docnum]), int(self._stored_ends[docnum + 1]))

    def stored(self, docnum: int) -> dict[str, Any]:
        try:
            values = stored_from_json(self.stored_bytes(docnum))
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
            raise _corrupt(self.file.name, f"what is stored of document {docnum} cannot be read") from error
        return {name: value for name, value in values.items() if name not in self.hidden}


class RowTerms:
    """The terms of one field. IndexCorrupt for postings that do not fit the segment."""

    def __init__(self, segment: RowSegment, key: str, options: Mapping[str, bool]) -> None:
        self._segment = segment
        self._options = options
        container = segment.container
        self._field = field = Field(container, key, segment.units)
        self._weights = container.array(f"{key}/weights", "<f4") if options["weights"] else None
        self._spans: tuple[Array, Array] | None = None
        if options["spans"]:
            starts = container.array(f"{key}/spans", "<u4")
            self._spans = (starts, container.array(f"{key}/span_ends", "<u4", len(starts)))
        self.words: WordList = field.terms

    @cached_property
    def lengths(self) -> I64 | None:
        return self._field.lengths if self._options["scorable"] else None

    def count(self, number: int) -> int:
        count = self._field.count(number)
        if not 0 < count <= self._segment.units:
            raise self._corrupt()
        return count

    def postings(self, number: int) -> PostingList:
        found = self._field.postings(number)
        first, last = found.first, found.first + len(found)
        frequencies = self._field.frequencies(found)
        # An occurrence takes a byte of the file at least: no forged count can ask for more memory than that.
        if not (
            0 < len(found) == len(frequencies)
            and int(found.units.max()) < self._segment.units
            and int(frequencies.sum()) <= self._segment.file.size
        ):
            raise self._corrupt()
        weights: F64 | None = None
        if self._weights is not None:
            weights = self._weights[first:last].astype(np.float64)
            if len(weights) != len(found):
                raise self._corrupt()
        return PostingList(
            found.units.astype(np.int64),
            frequencies,
            partial(self._places, found) if self._options["places"] else None,
            weights,
            None if self._spans is None else partial(self._characters, found),
        )

    def flat(self) -> Flat:
        """All of it; positions and spans as they are."""
        inverted = self._field.columns()
        frequencies = inverted.frequencies.astype(np.int64)
        spans = None
        if self._spans is not None:
            spans = (self._spans[0].astype(np.int64), self._spans[1].astype(np.int64))
        return Flat(
            terms=inverted.terms,
            term_of=np.repeat(np.arange(len(inverted.terms)), np.diff(inverted.starts)),
            units=inverted.units.astype(np.int64),
            frequencies=frequencies,
            weights=frequencies.astype(np.float32) if self._weights is None else self._weights,
            positions=inverted.positions.astype(np.int64),
            spans=spans,
            lengths=inverted.lengths.astype(np.int64),
            scorable=self._options["scorable"],
            placed=self._options["places"],
        )

    def _places(self, found: Postings, which: I64) -> tuple[I64, I64]:
        try:
            return self._field.positions(found, which)
        except (IndexError, ValueError) as error:
            raise self._corrupt() from error

    def _characters(self, found: Postings, which: I64) -> tuple[I64, I64, I64]:
        counts = self._field.frequencies(found)
        firsts = counts.cumsum() - counts + found.positions
        places = spread(firsts[which], counts[which])
        index = np.repeat(np.arange(len(which)), counts[which])
        starts, ends = self._spans or (np.empty(0), np.empty(0))
        try:
            return index, starts[places].astype(np.int64), ends[places].astype(np.int64)
        except IndexError as error:
            raise self._corrupt() from error

    def _corrupt(self) -> IndexCorrupt:
        return _corrupt(self._segment.file.name, "the postings of a field are not as they were written")


class RowCodec(base.Codec):
    """Reads `RowSegment`s; storage is not used."""

    def terms_reader(self, storage: object, segment: RowSegment) -> RowTermsReader:
        return RowTermsReader(segment)

    def per_document_reader(self, storage: object, segment: RowSegment) -> RowDocumentReader:
        return RowDocumentReader(segment)

    def new_segment(self, *_: object, **__: object) -> NoReturn:
        read_only()

    per_document_writer = field_writer = postings_writer = postings_reader = new_segment


class RowTermsReader(ViewTermsReader):
    """Terms of the fields that have some in the segment."""

    def __init__(self, segment: RowSegment) -> None:
        self._segment = segment  # type: ignore[assignment]
        self._names = segment.field_names

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self._names:
            yield from super().terms_from(name, b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        """The terms of this field that are not before `prefix`, then those of later fields, as Whoosh's."""
        yield from super().terms_from(fieldname, prefix)
        for name in self._after(fieldname):
            yield from super().terms_from(name, b"")

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        for name in self._names:
            yield from super().items_from(name, b"")

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        yield from super().items_from(fieldname, prefix)
        for name in self._after(fieldname):
            yield from super().items_from(name, b"")

    def _after(self, fieldname: str) -> list[str]:
        return [name for name in self._names if name > fieldname]


class RowDocumentReader(ViewDocumentReader):
    """What each document holds: stored values, columns, lengths, and vectors read off the postings."""

    _segment: RowSegment  # type: ignore[assignment]

    def __init__(self, segment: RowSegment) -> None:
        self._segment = segment

    def list_columns(self) -> list[str]:
        return self._segment.column_names

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._segment.column_names

    def column_reader(self, fieldname: str, column: WhooshColumn) -> StoredColumn:  # type: ignore[override]
        return self._segment.values(fieldname).copy()

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        return self._segment.stored(docnum)

    # Vectors

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return bool(self._segment.schema[fieldname].vector) and bool(self._segment.vector(docnum, fieldname))

    def vector(self, docnum: int, fieldname: str, format_: Format) -> ListMatcher:
        entries = self._segment.vector(docnum, fieldname)
        weights = [float(each.frequencies[at]) * format_.field_boost for _, each, at in entries]
        values = [_encoded(format_, each, at) for _, each, at in entries]
        return ListMatcher([text.decode() for text, _, _ in entries], weights, values, format_)


def _legible(terms: WordList, field: FieldType) -> bool:
    """Whether the type of a field can read all its terms: numbers of so many bytes, after one of their shift,
    and for any other type text."""
    if isinstance(field, NUMERIC):
        return terms.are_long(1 + struct.calcsize(f">{field.sortable_typecode}"))
    return terms.are_text()


def _encoded(format_: Format, postings: PostingList, at: int) -> bytes:
    """A posting as the format encodes it."""
    if isinstance(format_, Characters) and postings.spans is not None:
        _, starts, ends = postings.spans(np.array([at]))
        places = postings.positions(at, at + 1)[0]
        return bytes(format_.encode(list(zip(places, starts.tolist(), ends.tolist(), strict=True))))
    if isinstance(format_, Positions):
        return bytes(format_.encode(postings.positions(at, at + 1)[0]))
    return pack_uint(int(postings.frequencies[at])) if format_.posting_size else b""


def _corrupt(path: str, what: str) -> IndexCorrupt:
    return IndexCorrupt(what, path=path, hint=_HINT)
