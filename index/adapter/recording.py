"""Writing to docsearch's own index through Whoosh's interface: documents are records, and go as a whole."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from whoosh.reading import IndexReader
from whoosh.searching import Searcher
from whoosh.writing import IndexWriter as WhooshWriter

from ...corpus.record import Record
from ...errors import IndexProblem
from ..batch import build_readings
from ..handed import read_handed, record_source
from ..known import KnownTerms
from ..storage import Storage
from ..writer import IndexWriter
from .locking import WriterClosed, locked_for_whoosh

if TYPE_CHECKING:
    from .index import WhooshIndex

__all__ = ["RecordWriter", "record_of"]

_PLAIN: Final = ("title", "language", "source", "place", "type")
_DATES: Final = ("published", "effective", "ended")
_DERIVED: Final = ("root", "path", "paragraph", "line")


def record_of(given: dict[str, Any]) -> Record:
    """The arguments of `add_document` as a record; IndexProblem for what a record does not have.

    `key` and either `text` or one `text_xx` must be there; `text_xx` also tells the language. `meta_name` is
    the record's own field `name`.
    """
    fields: dict[str, Any] = {"extra": {}}
    for name, value in given.items():
        if value is None:
            continue
        kind, _, rest = name.partition("_")
        if name == "text" or (kind == "text" and rest):
            if "text" in fields:
                raise _unmapped("two texts were given", "Add one document for each language")
            fields["text"] = value
            if rest:
                _say(fields, "language", rest)
        elif kind == "meta" and rest:
            fields["extra"][rest] = _meta(value)
        elif name in _DATES:
            fields[name] = value.date() if isinstance(value, dt.datetime) else value
        elif name in _PLAIN or name == "key":
            _say(fields, name, value)
        elif name in _DERIVED or kind in ("heading", "title"):
            raise _unmapped(f"the field {name!r} is derived from the text, or from a file", "Leave it out")
        else:
            raise _unmapped(f"a record has no field {name!r}", "Call a field of your own `meta_name`")
    if not fields.keys() >= {"key", "text"}:
        raise _unmapped("a document needs `key` and `text`, or `text_xx` for its language xx", "Give both")
    return Record(**fields)


def _say(fields: dict[str, Any], name: str, value: object) -> None:
    if not isinstance(value, str) or fields.get(name, value) != value:
        raise _unmapped(f"{value!r} cannot be the {name} of this document", "Give one text")
    fields[name] = value


def _meta(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    return tuple(value) if isinstance(value, list) else value


def _unmapped(what: str, hint: str) -> IndexProblem:
    return IndexProblem(what, hint=f"{hint} (docs/whoosh.md lists the fields of a document)")


class RecordWriter(WhooshWriter):
    """Changes to a docsearch index, for one commit. Made by `WhooshIndex.writer`; holds the index's lock.

    A document is added whole, and replaces the record of its key, so that `add_document` and
    `update_document` are the same; what deletes one of its paragraphs deletes the document. Searches of the
    writer see what was committed before.
    """

    def __init__(
        self, index: WhooshIndex, storage: Storage, timeout: float, committed: Callable[[], None]
    ) -> None:
        """committed: called after a commit. WhooshIndexLocked (a LockError of Whoosh) when another writer
        holds the index for `timeout` seconds."""
        self.is_closed = False
        self._storage = storage
        self._committed = committed
        self._records: dict[str, Record] = {}
        self._removed: set[str] = set()
        with locked_for_whoosh():
            self._writer = IndexWriter.open(storage, wait=timeout)
        before = self._writer.previous
        newer = before is not None and before.manifest.generation != index.generation
        self._view = type(index)(before) if before is not None and newer else index
        self.schema = self._view.schema

    def __enter__(self) -> Self:
        return self

    # Reading

    def reader(self, **_: Any) -> IndexReader:
        self._check_open()
        return self._view.reader()

    def searcher(self, **kwargs: Any) -> Searcher:
        return Searcher(self.reader(), **kwargs)

    # Changes

    def add_document(self, **fields: Any) -> None:
        """See `record_of`. CorpusError for a value that a record cannot have."""
        self._check_open()
        record = record_of(fields)
        self._refuse_file(record_source(record).key)
        self._records[record.key] = record

    def update_document(self, **fields: Any) -> None:
        """The same as `add_document`: it replaces the record of the same key."""
        self.add_document(**fields)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        """Delete the document that has this paragraph, or take that back."""
        self._check_open()
        key = self.reader().stored_fields(docnum)["key"]
        self._refuse_file(key)
        if delete:
            self._removed.add(key)
        else:
            self._removed.discard(key)

    def delete_by_query(self, q: Any, searcher: Searcher | None = None) -> int:
        """Delete all documents with a paragraph that matches; how many they are (not counting those that are
        deleted already)."""
        before = len(self._removed)
        super().delete_by_query(q, searcher)
        return len(self._removed) - before

    def add_field(self, fieldname: str, fieldtype: Any, **_: Any) -> NoReturn:
        raise _unmapped("fields of this index follow from its documents", "Add a document with `meta_name`")

    def remove_field(self, fieldname: str, **_: Any) -> NoReturn:
        raise _unmapped(
            "fields of this index follow from its documents", "Replace the documents that have it"
        )

    def add_reader(self, reader: IndexReader) -> NoReturn:
        raise _unmapped("only records can be added here", "Call `add_document` for each document")

    # The end

    def commit(self, **_: Any) -> None:
        """Make all changes count, in one commit."""
        self._check_open()
        with contextlib.closing(self._writer) as writer:
            self.is_closed = True
            writer.remove(self._removed - self._records.keys())
            readings = [(record_source(record), read_handed(record)) for record in self._records.values()]
            if readings:
                views = writer.previous.views if writer.previous is not None else ()
                known = KnownTerms((view.segment for view in views), few=True)
                for segment in build_readings(self._storage, readings, known):
                    writer.add(segment)
            if self._removed or readings:
                previous = writer.previous
                writer.commit(complete=previous is None or previous.manifest.complete)
        self._committed()

    def cancel(self, **_: Any) -> None:
        """Forget all changes, and let the next writer in."""
        self._check_open()
        self.is_closed = True
        self._writer.close()

    def _refuse_file(self, key: str) -> None:
        row = self._writer.rows.get(key)
        if row.source.root if row is not None else self._writer.owns(key):
            raise IndexProblem(
                "this is the key of a file's document",
                path=key,
                hint="Records need keys of their own; a file's document goes when the file goes",
            )

    def _check_open(self) -> None:
        if self.is_closed:
            raise WriterClosed("this writer is closed", hint="Get another one with `writer()`")
