"""The writer of an index with a caller's own schema.

What Whoosh's documentation says of its `IndexWriter` holds here: one at a time; nothing counts before
`commit`; `update_document` replaces documents that were committed, not those added by the same writer.
"""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import contextlib
import datetime as dt
import secrets
from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate
from typing import Any, Self

from whoosh.fields import FieldType, Schema
from whoosh.reading import IndexReader
from whoosh.searching import Searcher
from whoosh.writing import CLEAR, MERGE_SMALL, NO_MERGE, OPTIMIZE, IndexingError, IndexWriter

from ....errors import IndexProblem
from ...manifest import FileEntry, read_manifest
from ...storage import Storage
from ...tiers import next_group
from ..locking import WriterClosed, hold
from .build import Row, RowBuilder, analysed
from .copying import rows_of
from .fieldtypes import schema_from_plain, schema_to_plain
from .generation import Generation, RowSnapshot, SegmentEntry, replace_manifest, written_deletions
from .merge import merge_rows, write_built
from .readers import reader_of
from .segment import RowSegment

__all__ = ["RowWriter"]

_PREFIXES = ("segment-", "deletions-")

MergeType = Callable[[Any, list[Any]], list[Any]]


class RowWriter(IndexWriter):
    """Changes that are not yet committed. Made by `RowIndex.writer`; a context manager, which commits, or
    cancels when an error comes out of it.

    Attributes:
        schema: of what this writer adds; `add_field` and `remove_field` change it, for the commit.
        merge, optimize, mergetype: what `commit` does when it is not told.
    """

    def __init__(self, storage: Storage, *, timeout: float = 0.0, limitmb: float = 128) -> None:
        self.is_closed = False
        self.merge, self.optimize = True, False
        self.mergetype: MergeType | None = None
        self._storage = storage
        self._limit = int(limitmb * (1 << 20))
        self._groups = 0
        self._searcher: Searcher | None = None
        with contextlib.ExitStack() as stack:
            hold(stack, storage, timeout)
            snapshot = RowSnapshot.open(storage)
            self._before = snapshot.generation
            self.schema: Schema = schema_from_plain(snapshot.generation.schema)
            self.segments: list[RowSegment] = snapshot.open_segments(storage, self.schema)
            _sweep(storage, snapshot.generation)
            self._builder = RowBuilder()
            self._written: list[RowSegment] = []
            self._pending: set[str] = set()
            self._lock = stack.pop_all()  # from here on the writer holds it
        self._bases = [0, *accumulate(segment.units for segment in self.segments)]

    @classmethod
    def begin(cls, storage: Storage, described: Mapping[str, Any]) -> None:
        """Commit a first generation with this schema and no documents; of an index that stands there already,
        the next one."""
        with contextlib.ExitStack() as stack:
            hold(stack, storage, 0.0)
            generation = 0
            with contextlib.suppress(IndexProblem):
                generation = RowSnapshot.open(storage).generation.generation
            now = _now()
            empty = Generation(generation + 1, now, now, dict(described), (), None)
            replace_manifest(storage, empty)
            _sweep(storage, empty)

    @property
    def generation(self) -> int:
        """The number that this writer's commit will have."""
        return self._before.generation + 1

    def __enter__(self) -> Self:
        return self

    # Reading

    def reader(self, **_: Any) -> IndexReader:
        """What was committed before, without what this writer has deleted since."""
        self._check_open()
        return reader_of(self.segments, self.schema, self._before.generation)

    def searcher(self, **kwargs: Any) -> Searcher:
        """A searcher over `reader`."""
        return Searcher(self.reader(), **kwargs)

    def doc_count(self) -> int:
        """Documents added by this writer."""
        return self._builder.count + sum(segment.units for segment in self._written)

    def has_deletions(self) -> bool:
        return any(segment.has_deletions() for segment in self.segments)

    def deleted_count(self) -> int:
        return sum(segment.deleted_count() for segment in self.segments)

    def is_deleted(self, docnum: int) -> bool:
        segment, number = self._locate(docnum)
        return segment.is_deleted(number)

    # Changes

    def add_field(self, fieldname: str, fieldtype: FieldType | type[FieldType], **kwargs: Any) -> None:
        """Add a field to the schema, for what follows. IndexProblem for one that cannot be kept."""
        self._check_open()
        changed = schema_from_plain(schema_to_plain(self.schema))
        changed.add(fieldname, fieldtype, **kwargs)
        self._change_schema(schema_from_plain(schema_to_plain(changed)))

    def remove_field(self, fieldname: str, **kwargs: Any) -> None:
        """Remove a field from the schema; what it held stays hidden until the segments are merged."""
        self._check_open()
        changed = schema_from_plain(schema_to_plain(self.schema))
        changed.remove(fieldname, **kwargs)
        self._change_schema(changed)
        for segment in self.segments:
            segment.hide_beyond(changed)

    def add_document(self, **fields: Any) -> None:
        """As Whoosh's documentation describes it, `_stored_x`, `_x_boost` and `_boost` included."""
        self._check_open()
        self._add(analysed(self.schema, fields))

    def update_document(self, **fields: Any) -> None:
        """Add a document in place of all committed ones that have its value in a unique field."""
        self._check_open()
        row = analysed(self.schema, fields)  # first of all: what cannot be added shall replace nothing
        with self.searcher() as searcher:
            for name in self._unique_fields(fields):
                for number in list(searcher.document_numbers(**{name: fields[name]})):
                    self.delete_document(number)
        self._add(row)

    def _add(self, row: Row) -> None:
        self._builder.add(self.schema, row)
        if self._builder.size > self._limit and not self._groups:
            self._flush()

    def add_reader(self, reader: IndexReader) -> None:
        """Add the documents of another reader (of a stock index, say), with what it keeps of them."""
        self._check_open()
        for row in rows_of(reader, self.schema):
            self._add(row)

    def start_group(self) -> None:
        """Documents up to `end_group` stand in one segment, one after the other."""
        self._groups += 1

    def end_group(self) -> None:
        if not self._groups:
            raise IndexingError("end_group without start_group")
        self._groups -= 1

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete a committed document by its number, or take its deletion back."""
        self._check_open()
        segment, number = self._locate(docnum)
        segment.delete_document(number, delete)

    # The end

    def commit(
        self,
        mergetype: MergeType | None = None,
        optimize: bool | None = None,
        merge: bool | None = None,
        **_: Any,
    ) -> None:
        """Make all changes count, durably, and let the next writer in.

        optimize: make one segment of all. merge: False leaves the segments as they are; otherwise full tiers
        of them are merged. mergetype: one of Whoosh's merge policies, or a function like them, which is
        handed the writer and its segments and returns those to keep.
        """
        self._check_open()
        try:
            kept = self._choose(
                mergetype or self.mergetype,
                self.optimize if optimize is None else optimize,
                self.merge if merge is None else merge,
            )
            self._write_generation(kept)
        finally:
            self._close()

    def cancel(self, **_: Any) -> None:
        """Forget all changes, and let the next writer in."""
        self._check_open()
        self._close()

    def _choose(self, mergetype: MergeType | None, optimize: bool, merge: bool) -> list[RowSegment]:
        """The segments of the next generation."""
        known = {OPTIMIZE: (True, True), NO_MERGE: (False, False), MERGE_SMALL: (False, True)}
        old = self.segments
        if mergetype is CLEAR:
            old, optimize, merge = [], False, False
        elif mergetype in known:
            optimize, merge = known[mergetype]
        elif mergetype is not None:
            old, optimize, merge = mergetype(self, list(self.segments)), False, False
        self._flush()
        kept = [*old, *self._written]
        if not merge:
            return kept
        kept = [segment for segment in kept if segment.doc_count()]
        if optimize and (len(kept) > 1 or any(segment.has_deletions() for segment in kept)):
            return [self._merged(kept)] if kept else []
        while merge and (group := next_group([_weight(segment) for segment in kept])):
            at = group[0]
            one = self._merged([kept[number] for number in group])
            kept = [segment for number, segment in enumerate(kept) if number not in group]
            kept.insert(at, one)
        return kept

    def _merged(self, segments: list[RowSegment]) -> RowSegment:
        return self._opened(merge_rows(self._storage, self.schema, segments))

    def _flush(self) -> None:
        """Write what has been added as a segment of its own."""
        if self._builder.count:
            self._written.append(self._opened(write_built(self._storage, self.schema, self._builder)))
            self._builder = RowBuilder()

    def _opened(self, file: FileEntry) -> RowSegment:
        self._pending.add(file.name)
        return RowSegment(self._storage, file, self.schema)

    def _write_generation(self, kept: list[RowSegment]) -> None:
        name = f"deletions-{self.generation:08d}-{secrets.token_hex(4)}"
        self._pending.add(name)
        deletions = written_deletions(self._storage, name, kept)
        generation = Generation(
            generation=self.generation,
            created=self._before.created,
            updated=_now(),
            schema=schema_to_plain(self.schema),
            segments=tuple(SegmentEntry(each.file, tuple(sorted(each.hidden))) for each in kept),
            deletions=deletions,
        )
        try:
            replace_manifest(self._storage, generation)
        finally:
            self._pending -= self._counting(generation)
        for name in self._before.files() - generation.files():
            self._storage.remove(name)

    def _counting(self, generation: Generation) -> frozenset[str]:
        """Those files of a generation that count. They do from the rename of its manifest on, even if the
        flush that follows fails; so the manifest is asked. Where it cannot be read, all do."""
        try:
            standing = Generation.from_bytes(read_manifest(self._storage), "").files()
        except (FileNotFoundError, IndexProblem):
            return generation.files()
        return generation.files() & standing

    def _close(self) -> None:
        self.is_closed = True
        for name in self._pending:
            self._storage.remove(name)
        self._pending.clear()
        self._builder = RowBuilder()
        self._lock.close()

    def _change_schema(self, schema: Schema) -> None:
        self.schema = schema
        for segment in (*self.segments, *self._written):
            segment.schema = schema

    def _locate(self, docnum: int) -> tuple[RowSegment, int]:
        if not 0 <= docnum < self._bases[-1]:
            raise IndexingError(f"No document ID {docnum!r} in this index")
        at = bisect_right(self._bases, docnum) - 1
        return self.segments[at], docnum - self._bases[at]

    def _check_open(self) -> None:
        if self.is_closed:
            raise WriterClosed("this writer is closed", hint="Get another one with `writer()`")


def _weight(segment: RowSegment) -> tuple[int, int, int]:
    return segment.file.size, segment.deleted_count(), segment.units


def _sweep(storage: Storage, generation: Generation) -> None:
    """Remove what a writer that died left behind."""
    strays = [name for name in storage.names() - generation.files() if name.startswith(_PREFIXES)]
    storage.flush()  # a writer that died may have renamed its manifest, and no more
    for name in strays:
        storage.remove(name)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
