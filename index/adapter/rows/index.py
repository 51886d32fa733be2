"""An index with a caller's own schema, as a `whoosh.index.Index` for reading and writing."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

from whoosh.fields import Schema
from whoosh.index import Index
from whoosh.reading import IndexReader

from ....errors import IndexProblem
from ...manifest import NAME
from ...storage import FolderStorage, MemoryStorage, Storage
from ..vector import ViewSearcher
from .fieldtypes import schema_to_plain
from .generation import RowSnapshot, stands
from .readers import reader_of
from .writer import RowWriter

__all__ = ["RowIndex", "create_in", "create_in_memory", "exists_in", "open_dir"]

_MAIN = "MAIN"


def create_in(
    dirname: str | os.PathLike[str], schema: Schema | type[Schema], indexname: str | None = None
) -> RowIndex:
    """Make an index with this schema in a folder, which need not exist; one of its kind that stands there is
    replaced, as Whoosh's `create_in` does.

    IndexProblem for a schema that cannot be kept, and for a folder that holds an index of docsearch.
    """
    return RowIndex.create(FolderStorage(_folder(dirname, indexname)), schema)


def create_in_memory(schema: Schema | type[Schema]) -> RowIndex:
    """An index that does not outlive its process."""
    return RowIndex.create(MemoryStorage(), schema)


def open_dir(
    dirname: str | os.PathLike[str],
    indexname: str | None = None,
    readonly: bool = False,
    schema: Schema | None = None,
) -> RowIndex:
    """Open the index in a folder.

    readonly: refuse writers. schema: read with this schema rather than the one that was saved, as Whoosh
    does. IndexMissing (which is Whoosh's EmptyIndexError, too) when none stands there; IndexIncompatible,
    IndexCorrupt.
    """
    return RowIndex(FolderStorage(_folder(dirname, indexname)), readonly=readonly, schema=schema)


def exists_in(dirname: str | os.PathLike[str], indexname: str | None = None) -> bool:
    """Whether `open_dir` can open an index there."""
    return stands(FolderStorage(_folder(dirname, indexname)))


def _folder(dirname: str | os.PathLike[str], indexname: str | None) -> Path:
    """Several indexes of one folder stand in subfolders of their names."""
    if indexname in (None, _MAIN):
        return Path(dirname)
    if not str(indexname).isidentifier():
        raise IndexProblem(
            f"{indexname!r} is no name for an index", hint="Names consist of letters, digits and underscores"
        )
    return Path(dirname) / str(indexname)


def _of_docsearch(name: str) -> bool:
    """Whether a file is of a kind that every index of docsearch has, and none with a schema of its own."""
    return name.startswith("catalog-")


class RowIndex(Index):
    """Like Whoosh's own, it follows the newest generation: `reader` and `searcher` see what was committed
    last, and keep it. `up_to_date` and `refresh` tell of the generation that stood when this object was made.

    Safe to share between threads and with forked children.
    """

    def __init__(self, storage: Storage, *, readonly: bool = False, schema: Schema | None = None) -> None:
        self._storage = storage
        self._readonly = readonly
        self._schema = schema
        self._first = self._latest = RowSnapshot.open(storage)

    @classmethod
    def create(cls, storage: Storage, schema: Schema | type[Schema]) -> RowIndex:
        """See `create_in`."""
        described = schema_to_plain(schema)
        if not (NAME in storage.names() and stands(storage)) and any(map(_of_docsearch, storage.names())):
            raise IndexProblem(
                "files of an index of docsearch stand here, and its manifest is damaged or gone",
                path=str(storage.path or ""),
                hint="Restore it from a copy, or take another folder",
            )
        RowWriter.begin(storage, described)
        return cls(storage)

    def __repr__(self) -> str:
        where = self._storage.path or "memory"
        return f"<RowIndex in {where}, generation {self._first.generation.generation}>"

    # Reading

    @property
    def storage(self) -> Storage:
        return self._storage

    @property
    def schema(self) -> Schema:
        """The schema of the newest generation."""
        return self._schema or self._current().schema

    @property
    def generation(self) -> int:
        return self._first.generation.generation

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """A reader of the newest generation, which it keeps."""
        snapshot = self._current()
        schema = self._schema or snapshot.schema
        return reader_of(snapshot.segments, schema, snapshot.generation.generation)

    def searcher(self, **kwargs: Any) -> ViewSearcher:
        """A searcher of the newest generation; arguments as of `whoosh.searching.Searcher`."""
        return ViewSearcher(self.reader(), fromindex=self, **kwargs)

    def doc_count(self) -> int:
        return sum(segment.doc_count() for segment in self._current().segments)

    def doc_count_all(self) -> int:
        return sum(segment.doc_count_all() for segment in self._current().segments)

    def is_empty(self) -> bool:
        return not self._current().segments

    # Generations

    def latest_generation(self) -> int:
        return self._current().generation.generation

    def up_to_date(self) -> bool:
        return self.latest_generation() == self.generation

    def refresh(self) -> RowIndex:
        """The newest generation: this object when it still is."""
        if self.up_to_date():
            return self
        return RowIndex(self._storage, readonly=self._readonly, schema=self._schema)

    def last_modified(self) -> int:
        """When the newest generation was committed, in seconds since the epoch."""
        return int(dt.datetime.fromisoformat(self._current().generation.updated).timestamp())

    # Writing

    def writer(
        self,
        procs: int = 1,
        *,
        timeout: float = 0.0,
        delay: float = 0.1,
        limitmb: int = 128,
        multisegment: bool = False,
        **_: Any,
    ) -> RowWriter:
        """The writer of this index; LockError (IndexLocked) when another one holds it for `timeout` seconds.

        limitmb: how many megabytes of documents to hold in memory before a segment is written.
        The other arguments of Whoosh's are taken and have no effect: there is one process.
        """
        if self._readonly:
            raise IndexProblem("this index was opened for reading only", hint="Open it without `readonly`")
        return RowWriter(self._storage, timeout=timeout, limitmb=limitmb)

    def optimize(self) -> None:
        """Make one segment of all, without what was deleted."""
        segments = self._current().segments
        if len(segments) > 1 or any(segment.has_deletions() for segment in segments):
            self.writer().commit(optimize=True)

    def _current(self) -> RowSnapshot:
        latest = RowSnapshot.open(self._storage, self._latest)
        self._latest = latest
        return latest
