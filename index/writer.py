"""The one writer of an index: collects changes, and makes them count in a single step.

A commit writes new files beside the old ones, flushes them, and replaces the manifest by a rename. Until
that rename nothing has changed; after it everything has. Readers keep the generation that they opened.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np

from ..corpus.model import Source
from ..errors import IndexCorrupt, IndexMissing, IndexProblem
from .analysis.stems import analyser_fingerprint
from .catalog import SourceRow, read_catalog, read_passages, read_renames, write_catalog
from .container import Container
from .damage import tells_damage
from .keeping import Keeper
from .manifest import NAME, FileEntry, Manifest, SegmentEntry, portable
from .root import Root
from .rows import Rows, is_passage
from .segment import BuiltSegment, Segment
from .snapshot import DELETIONS, Snapshot, View, write_deletions
from .storage import Storage
from .tiers import next_group
from .versions import KIND as VALIDITY

__all__ = ["BEGUN", "IndexWriter", "index_files", "is_lost"]

_PREFIXES = ("segment-", "catalog-", "deletions-", "validity-", "vectors-")
BEGUN = "BEGUN"
"""A file that stands where a first build has begun and not yet committed anything: other files are then no
index, and may go. Without it they are an index that has lost its manifest."""
_RENAMES = 10_000
"""So many renames are remembered, the latest ones."""


def _untold(done: int, total: int) -> None:
    """Nobody waits."""


class IndexWriter:
    """Changes to an index, not yet committed. Made by `open`; one at a time, held by a lock.

    Attributes:
        generation: the last committed one; 0 when there is none.
        roots: what the index is made from.
        versions: what is kept of documents that are replaced or removed.
        semantic: whether paragraphs have vectors, and new ones are given some.
        previous: the generation that stood when the writer was opened; None when there was none (or, for
            a fresh writer, none that can be read).
    """

    def __init__(
        self, storage: Storage, snapshot: Snapshot | None, lock: contextlib.ExitStack, *, fresh: bool = False
    ) -> None:
        self.previous = snapshot
        self._storage = storage
        self._lock = lock
        self._pending: set[str] = set()
        self._closed = False
        self._purging = False
        manifest = snapshot.manifest if snapshot else None
        self.generation = manifest.generation if manifest else _generation(storage)
        self.roots: tuple[Root, ...] = manifest.roots if manifest else ()
        self._created = manifest.created if manifest else _now()
        self._renamed = _renames(snapshot, fresh)
        self.versions = Keeper(storage, snapshot, fresh=fresh)
        self.semantic = manifest is not None and manifest.semantic
        if fresh:
            snapshot = manifest = None
        self._views: list[View] = list(snapshot.views) if snapshot else []
        self._rows: dict[str, SourceRow] = {}
        self._passages = 0  # live documents that no row claims
        if snapshot is not None:
            self._rows = dict(read_catalog(snapshot.catalog))
            self._passages = read_passages(snapshot.catalog)
        self._deleted: dict[str, set[int]] = {
            view.segment.file.name: set(view.deleted.tolist()) for view in self._views
        }
        self._live = {key for row in self._rows.values() for key in row.documents}
        files = index_files(storage)
        self._committed = files if fresh else manifest.files() if manifest else frozenset()
        # Left behind by a writer that died before its commit, or just before its end.
        self._sweep(files - self._committed)
        self._mark_beginning()

    @classmethod
    @tells_damage
    def open(cls, storage: Storage, *, wait: float = 10.0, fresh: bool = False) -> IndexWriter:
        """Take the lock, waiting `wait` seconds for another writer (then IndexLocked), and clear away
        what a writer that died left behind.

        fresh: begin with nothing; the live index stays as it is until the first commit replaces it. Only
        a fresh writer may open an index of another format, or a damaged one.
        """
        with contextlib.ExitStack() as stack:
            stack.enter_context(storage.writing(wait))
            snapshot = _current(storage, fresh)
            if snapshot is None and not fresh:
                _check_new(storage)
            writer = cls(storage, snapshot, stack, fresh=fresh)
            writer._lock = stack.pop_all()  # from here on the writer holds it
            return writer

    @property
    def where(self) -> str:
        """The index, for messages."""
        return str(self._storage.path or "the index in memory")

    @property
    def rows(self) -> Mapping[str, SourceRow]:
        """Every known source by key, uncommitted changes included."""
        return Rows(self._rows, self._live, self._views, self._passages)

    @tells_damage
    def frozen_rows(self) -> Mapping[str, SourceRow]:
        """`rows` as they are now, whatever changes later."""
        return Rows(dict(self._rows), frozenset(self._live), tuple(self._views), self._passages)

    @property
    def documents(self) -> int:
        """Live documents, uncommitted changes included."""
        return len(self._live) + self._passages

    @property
    def uncommitted(self) -> int:
        """Live documents of segments that were added since the last commit."""
        return sum(view.counts[0] for view in self._views if view.segment.file.name in self._pending)

    @tells_damage
    def owns(self, key: str) -> bool:
        """Whether a live document has this key."""
        return key in self._live or self.holds_passage(key)

    @tells_damage
    def holds_passage(self, key: str) -> bool:
        """Whether a live document has this key that no listed row claims."""
        return (
            self._passages > 0
            and key not in self._live
            and any(view.find(key) is not None for view in self._views)
        )

    @property
    def has_files(self) -> bool:
        """Whether there may be keys that `refuse_file` refuses."""
        return any(row.source.root for row in self._rows.values())

    @tells_damage
    def refuse_file(self, key: str) -> None:
        """IndexProblem for the key of a file's document, which is not for programs to replace or delete."""
        row = self._rows.get(key)
        if row.source.root if row is not None else key in self._live:
            raise IndexProblem(
                "this is the key of a file's document",
                path=key,
                hint="Records need keys of their own; a file's document goes when the file goes",
            )

    # Changes

    def set_roots(self, roots: Sequence[Root]) -> None:
        self.roots = tuple(roots)

    @tells_damage
    def add(self, segment: BuiltSegment, passages: Sequence[bytes] = ()) -> None:
        """Take in a segment: its documents replace those of the same keys and those that its sources gave
        before; its rows replace the sources' rows. passages: keys of its documents that no row claims."""
        rows = {row.source.key: row for row in segment.rows}
        unlisted = {key for key, row in rows.items() if is_passage(row)}
        if self._live or self._passages or self._rows:
            self._forget(rows.keys() | self._standing(passages), rows.values())
        self._passages += len(passages) + len(unlisted)
        self._rows.update((key, row) for key, row in rows.items() if key not in unlisted)
        self._live |= {key for name in rows.keys() - unlisted for key in rows[name].documents}
        if segment.file is not None:
            self._pending.add(segment.file.name)
            view = View(Segment(self._storage, segment.file), np.empty(0, np.uint32))
            self._views.append(view)
            self._deleted[segment.file.name] = set()

    @tells_damage
    def remove(self, keys: Iterable[str]) -> None:
        """Forget sources and what they gave; keys that are not known are passed over."""
        self._forget(keys)

    def _standing(self, keys: Sequence[bytes]) -> set[str]:
        """Those of the keys, which may be a million, that a source or document has already.

        Segments are compared by hashes, so that no more than these are held in memory.
        """
        maybe = {name.encode() for names in (self._rows, self._live) for name in names}
        hashes = np.sort(np.fromiter(map(hash, keys), np.int64, len(keys)))
        for view in self._views if len(keys) else ():
            old = np.fromiter(map(hash, view.segment.sorted_keys), np.int64, view.segment.documents)
            nearest = hashes[np.minimum(np.searchsorted(hashes, old), len(hashes) - 1)]
            common = frozenset(np.flatnonzero(nearest == old).tolist())
            if common:
                maybe.update(key for at, key in enumerate(view.segment.sorted_keys) if at in common)
        return {key.decode() for key in keys if key in maybe}

    def _forget(self, sources: Iterable[str], others: Iterable[SourceRow] = ()) -> None:
        """Forget sources with their documents, and the documents that have the keys of those in `others`."""
        sources = set(sources)
        gone = {key for row in others for key in row.documents}
        if self._passages:
            gone |= sources - self._live  # a passage is a source of its own key
        gone.update(key for name in sources & self._rows.keys() for key in self._rows.pop(name).documents)
        self._delete(gone)

    @tells_damage
    def restamp(self, sources: Iterable[Source]) -> None:
        """Note a new size and time for sources whose content is the same."""
        for source in sources:
            row = self._rows[source.key]
            self._rows[source.key] = row._replace(source=source)

    @tells_damage
    def rename(self, old: str, new: str) -> None:
        """Note that the document `old` is now called `new`, so that its citations are found again."""
        self._renamed = {key: new if now == old else now for key, now in self._renamed.items()}
        self._renamed[old] = new

    @tells_damage
    def purge(self) -> tuple[int, int]:
        """Let the next commit rewrite all that holds deleted documents: how many of these there are, and in
        how many segments."""
        self._purging = True
        counts = [len(view.deleted) for view in self._views if len(view.deleted)]
        return sum(counts), len(counts)

    def _kept_renames(self) -> dict[str, str]:
        """The latest renames that lead somewhere and whose old name is not taken again."""
        live = [(old, new) for old, new in self._renamed.items() if new in self._live and not self.owns(old)]
        return dict(live[-_RENAMES:])

    def _delete(self, keys: set[str]) -> None:
        """Delete the live documents with these keys."""
        claimed = keys & self._live
        wanted = frozenset(keys if self._passages else claimed)
        if not wanted:
            return
        gone = 0
        for at, view in enumerate(self._views):
            found = view.find_all(wanted)
            if found:
                gone += len(found)
                name = view.segment.file.name
                numbers = self._deleted[name]
                numbers.update(found)
                if name not in self._pending:
                    self.versions.replaced(view.segment, found)
                self._views[at] = View(view.segment, np.array(sorted(numbers), np.uint32))
        self._live -= claimed
        self._passages -= gone - len(claimed)

    # Commit

    @tells_damage
    def commit(self, *, complete: bool = True) -> int:
        """Make all changes count, durably. Returns the new generation.

        complete: False while a first build goes on, so that readers can say so.
        """
        self.versions.settle(self._views, frozenset(self._pending))
        self._pending |= self.versions.files - self._committed
        self.make_vectors()
        self._merge(early=not complete)
        self.generation += 1
        stem = f"{self.generation:08d}-{os.urandom(4).hex()}"
        catalog = self._write(f"catalog-{stem}", "catalog", self._catalog())
        deleted = {name: numbers for name, numbers in self._deleted.items() if numbers}
        deletions = self._write(f"deletions-{stem}", DELETIONS, write_deletions(deleted)) if deleted else None
        times = self.versions.write(self._views)
        validity = None if times is None else self._write(f"validity-{stem}", VALIDITY, times)
        manifest = self._manifest(catalog, deletions, validity, complete)
        self._storage.replace(NAME, manifest.to_bytes())
        self._pending.clear()
        self.versions.committed()
        self._clear(self._committed - manifest.files() | {BEGUN})
        self._committed = manifest.files()
        self._purging = False
        return self.generation

    @tells_damage
    def make_vectors(self, *, threads: int = 1, tell: Callable[[int, int], None] = _untold) -> bool:
        """Make the vectors that segments lack, where paragraphs are to have some, and say whether any did;
        `commit` does so, too, but cannot be interrupted. tell: paragraphs done, and all.

        IndexProblem where the model is not installed."""
        if not self.semantic:
            return False
        from .semantic.making import make_vectors  # most indexes have none

        previous = () if self.previous is None else self.previous.views
        # What is all deleted is about to go.
        views = [view for view in self._views if len(view.deleted) < view.segment.documents]
        try:
            return make_vectors(self._storage, views, previous, threads=threads, tell=tell)
        finally:
            self._pending |= frozenset().union(*(_files(view.segment) for view in views)) - self._committed

    def close(self) -> None:
        """Drop what was not committed, with its files, and let the next writer in. May be called again."""
        self._views.clear()
        try:
            with contextlib.suppress(IndexProblem):  # what ended the writer is the error to tell
                self._clear(self._uncommitted())
                if not self._committed and BEGUN in self._storage.names():
                    # Without the mark, a file that came back would be taken for an index.
                    self._storage.flush()
                    self._clear({BEGUN})
        finally:
            self._pending.clear()
            self._lock.close()

    def _uncommitted(self) -> frozenset[str]:
        """Files that no commit needs: those taken in and those that a failure kept from being taken in.

        When the rename of the manifest may or may not have happened, the manifest itself tells."""
        if self._closed:
            return frozenset()
        self._closed = True
        try:
            needed = Manifest.load(self._storage).files()
        except IndexMissing:
            needed = frozenset()
        except IndexProblem:
            return frozenset(self._pending) if self.previous is None else frozenset()
        return index_files(self._storage) - self._committed - needed

    def _clear(self, names: Iterable[str]) -> None:
        for name in names:
            self._storage.remove(name)

    def _sweep(self, strays: frozenset[str]) -> None:
        """Remove what no generation needs."""
        if NAME in self._storage.names():
            # A writer that died may have renamed its manifest and not flushed the folder. A power cut must
            # not bring the old one back when its files are gone, or when somebody was told that nothing is
            # to be done.
            self._storage.flush()
        self._clear(strays | {f"{NAME}.new"})

    def _mark_beginning(self) -> None:
        names = self._storage.names()
        if NAME in names:
            self._clear(names & {BEGUN})
        elif not names & {BEGUN} and not any(name.startswith(_PREFIXES) for name in names):
            self._storage.write(BEGUN, ())
            try:
                self._storage.flush()  # the mark must be there whenever a file that it explains is
            except IndexProblem:
                self._clear({BEGUN})
                raise

    def __enter__(self) -> IndexWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _manifest(
        self, catalog: FileEntry, deletions: FileEntry | None, validity: FileEntry | None, complete: bool
    ) -> Manifest:
        counts = [view.counts for view in self._views]
        documents, sections, paragraphs = (
            (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0, 0)
        )
        languages: dict[str, int] = {}
        for view in self._views:
            for language, count in view.languages():
                languages[language] = languages.get(language, 0) + count
        languages = {language: count for language, count in sorted(languages.items()) if count}
        return Manifest(
            generation=self.generation,
            created=self._created,
            updated=_now(),
            complete=complete,
            roots=tuple(portable(root, self._storage.path) for root in self.roots),
            analysers={language: analyser_fingerprint(language) for language in languages},
            segments=tuple(
                SegmentEntry(
                    view.segment.file,
                    view.segment.documents,
                    view.segment.paragraphs,
                    len(view.deleted),
                    view.segment.vectors_file if self.semantic else None,
                )
                for view in self._views
            ),
            catalog=catalog,
            deletions=deletions,
            documents=documents,
            sections=sections,
            paragraphs=paragraphs,
            gaps=sum(len(row.gaps) for row in self._rows.values()),
            languages=languages,
            keep_versions=self.versions.on,
            versions=self.versions.entries(),
            validity=validity,
            semantic=self.semantic,
        )

    def _catalog(self) -> Iterator[bytes | memoryview]:
        return write_catalog(self._rows.values(), self._kept_renames(), self._passages)

    def _write(self, name: str, kind: str, chunks: Iterator[bytes | memoryview]) -> FileEntry:
        self._storage.write(name, chunks)
        self._pending.add(name)
        content = self._storage.read(name)
        return FileEntry(name, len(content), Container(content, name, kind).digest)

    # Merging

    def _merge(self, *, early: bool) -> None:
        """Merge full tiers, drop segments with nothing left, rewrite those that are mostly deleted (of which
        anything is deleted: in a purge)."""
        self._views = [view for view in self._views if len(view.deleted) < view.segment.documents]
        while group := self._next_group(early=early):
            if all(len(view.deleted) == view.segment.documents for view in group):
                break
            from .merge import merge  # here: most updates merge nothing

            file = merge(self._storage, group)
            at = self._views.index(group[0])
            self._views = [view for view in self._views if view not in group]
            merged = Segment(self._storage, file)
            if self.semantic:
                from .semantic.making import merge_vectors  # most indexes have none

                merge_vectors(self._storage, group, merged)
            self._pending |= _files(merged)
            self.versions.merged(group, merged)
            self._views.insert(min(at, len(self._views)), View(merged, _NOTHING))
        names = self.versions.files.union(*(_files(view.segment) for view in self._views))
        for name in self._pending - names:
            self._storage.remove(name)
        self._pending &= names
        self._deleted = {view.segment.file.name: set(view.deleted.tolist()) for view in self._views}

    def _next_group(self, *, early: bool) -> list[View]:
        for view in self._views:
            if self._purging and len(view.deleted):
                return [view]
        sizes = [(view.segment.file.size, len(view.deleted), view.segment.documents) for view in self._views]
        return [self._views[place] for place in next_group(sizes, early=early)]


_NOTHING = np.empty(0, np.uint32)


def _files(segment: Segment) -> frozenset[str]:
    """The file of a segment, and that of its vectors."""
    return frozenset(file.name for file in (segment.file, segment.vectors_file) if file is not None)


def _renames(snapshot: Snapshot | None, fresh: bool) -> dict[str, str]:
    """The renames that the index remembers; a rebuild keeps them, but does without a damaged list."""
    try:
        return {} if snapshot is None else read_renames(snapshot.catalog)
    except IndexProblem:
        if fresh:
            return {}
        raise


def _current(storage: Storage, fresh: bool) -> Snapshot | None:
    try:
        return Snapshot.open(storage, any_words=fresh)
    except IndexMissing:
        return None
    except IndexProblem:
        if fresh:
            return None
        raise


def index_files(storage: Storage) -> frozenset[str]:
    """All files of an index but its manifest, of whatever generation."""
    return frozenset(name for name in storage.names() if name.startswith(_PREFIXES))


def is_lost(storage: Storage) -> bool:
    """Whether files of an index stand here that is not just being begun; asked where there is no manifest."""
    names = storage.names()
    return BEGUN not in names and any(name.startswith(_PREFIXES) for name in names)


def _check_new(storage: Storage) -> None:
    """IndexCorrupt where there is no manifest but what it named: beginning anew would forget records."""
    if is_lost(storage):
        raise IndexCorrupt(
            f"files of an index stand here, but its {NAME} is gone",
            path=str(storage.path or "the index in memory"),
            hint=f"Restore {NAME} from a copy; or, if all of it came from files, run `docsearch index "
            "--rebuild --allow-removals` with the folders it was made from",
        )


def _generation(storage: Storage) -> int:
    """A number no smaller than any generation that left files here (0 when none did)."""
    numbers = [name.split("-")[1] for name in storage.names() if name.startswith("catalog-")]
    return max((int(number) for number in numbers if number.isdigit()), default=0)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
