"""An index as a `whoosh.index.Index`."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from whoosh.fields import Schema
from whoosh.index import Index
from whoosh.matching.mcore import Matcher
from whoosh.reading import EmptyReader, IndexReader, MultiReader, ReaderClosed, SegmentReader, TermNotFound

from ..damage import NARROW, damage_told, tells_damage
from ..manifest import Manifest
from ..snapshot import Snapshot
from .codec import ViewSegment
from .recording import RecordWriter
from .schema import FIXED, build_schema
from .values import common_type, extra_types
from .vector import ViewSearcher

__all__ = ["WhooshIndex"]


class WhooshIndex(Index):
    """One generation of an index, seen by Whoosh: its documents are paragraphs, numbered by segment.

    Making one looks through the metadata of every document (see `values`). Like a snapshot it can be shared
    between threads and never changes, but for commits of its own writers; `refresh` gives the newest
    generation.

    Attributes:
        schema: as `schema.build_schema` makes it, for the languages and metadata that the segments hold.
    """

    def __init__(self, snapshot: Snapshot, committed: Callable[[], None] = lambda: None) -> None:
        """committed: called after a commit of a writer that this object gave."""
        self._committed = committed
        self._show(snapshot)

    @tells_damage
    def _show(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        found: dict[str, set[str]] = {}
        for view in snapshot.views:
            for name, kinds in extra_types(view.segment).items():
                found.setdefault(name, set()).update(kinds)
        types = {name: common_type(kinds) for name, kinds in sorted(found.items())}
        languages = {language for view in snapshot.views for language in view.segment.languages}
        self.schema: Schema = build_schema(sorted(languages), types)
        self._segments = [ViewSegment(view, self.schema, {**FIXED, **types}) for view in snapshot.views]

    def __repr__(self) -> str:
        return f"<WhooshIndex generation {self.generation}: {self.doc_count()} paragraphs>"

    @property
    def generation(self) -> int:
        return self._snapshot.manifest.generation

    # Reading

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        """A reader of this generation; of the newest one when `reuse` hands back an older reader, as a
        searcher's `refresh` does."""
        if reuse is not None:
            return self.refresh().reader()
        readers: list[IndexReader] = [
            ParagraphReader(segment, self.schema, self.generation) for segment in self._segments
        ]
        if len(readers) > 1:
            return MultiReader(readers, self.generation)
        return readers[0] if readers else NoReader(self.schema, self.generation)

    def searcher(self, **kwargs: Any) -> ViewSearcher:
        """A searcher of this generation; arguments as of `whoosh.searching.Searcher`."""
        return ViewSearcher(self.reader(), fromindex=self, **kwargs)

    def doc_count(self) -> int:
        return sum(segment.doc_count() for segment in self._segments)

    def doc_count_all(self) -> int:
        return sum(segment.doc_count_all() for segment in self._segments)

    def is_empty(self) -> bool:
        return not self._segments

    # Generations

    def latest_generation(self) -> int:
        """The number of the newest generation; IndexMissing or IndexCorrupt when there is none to read."""
        return Manifest.load(self._snapshot.storage).generation

    def up_to_date(self) -> bool:
        # Not by their numbers alone, which begin anew when an index is deleted and made again.
        return Manifest.load(self._snapshot.storage) == self._snapshot.manifest

    def refresh(self) -> WhooshIndex:
        """The newest generation: this object when it still is."""
        return self if self.up_to_date() else WhooshIndex(Snapshot.open(self._snapshot.storage))

    def last_modified(self) -> int:
        """When this generation was committed, in seconds since the epoch."""
        return int(dt.datetime.fromisoformat(self._snapshot.manifest.updated).timestamp())

    # Writing

    def writer(self, *, timeout: float = 0.0, **_: Any) -> RecordWriter:
        """A writer of whole documents; LockError (IndexLocked) when another one holds the index for `timeout`
        seconds. After its commit, this object shows the new generation.

        Whoosh's other arguments are taken and have no effect.
        """
        return RecordWriter(self, self._snapshot.storage, timeout, self._follow)

    def _follow(self) -> None:
        """Show what was committed through this object."""
        if not self.up_to_date():
            self._show(Snapshot.open(self._snapshot.storage))
        self._committed()


class ParagraphReader(SegmentReader):
    """A reader of one segment."""

    def __init__(self, segment: ViewSegment, schema: Schema, generation: int) -> None:
        # No storage: the segment holds its files. Whoosh allows that of a codec, and passes it nowhere else.
        super().__init__(None, schema, segment, generation)  # type: ignore[arg-type, unused-ignore]

    def postings(self, fieldname: str, text: str | bytes, scorer: Any = None, **_: Any) -> Matcher:
        # Whoosh would wrap the matcher to leave out what is deleted. Ours does so itself, and keeps its
        # blocks, which the wrapper hides from the collectors.
        if self.is_closed:
            raise ReaderClosed
        if fieldname not in self.schema:
            raise TermNotFound(f"No field {fieldname!r}")
        field = self.schema[fieldname]
        with damage_told("the index", signs=NARROW):
            matcher: Matcher = self._terms.matcher(
                fieldname, field.to_bytes(text), field.format, scorer=scorer
            )
        return matcher


class NoReader(EmptyReader):
    """The reader of an index without documents."""

    def __init__(self, schema: Schema, generation: int) -> None:
        super().__init__(schema)
        self._generation = generation

    def generation(self) -> int:
        return self._generation
