"""Bringing an index up to date with its sources: files on disk, and records that a program hands over.

An update scans the roots, plans (see `plan`), reads what is new or changed in batches, and commits. The
first build of an index commits often, so that it can be searched meanwhile and goes on from there after an
interruption; a small update of a complete index commits once; a rebuild writes beside the live
index and takes its place in its only commit. Whatever ends an update, what was committed stays.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache, partial
from itertools import islice
from pathlib import Path
from types import FrameType

from ..corpus.model import Gap, Reading, Source
from ..corpus.record import Record
from ..corpus.registry import refusal
from ..corpus.walk import Found, Unread, walk
from ..errors import CorpusError, IndexProblem, SourceMissing
from .arguments import check_limits, check_progress, check_seconds, check_workers, listed_keys
from .batch import build_readings, fingerprint, partition
from .catalog import SourceRow
from .handed import read_handed, record_source
from .known import KnownTerms
from .limits import Limits
from .manifest import Manifest
from .meter import Meter
from .plan import UNHASHED, Plan, check_removals, emptied, make_plan
from .reader import Reader
from .rebuild import Known, carried_records, known_state
from .reports import ProgressSink, Root, UpdateReport
from .roots import Paths, add_roots, check_paths, rules_of, with_patterns
from .segment import BuiltSegment
from .storage import Storage
from .tried import tried_by
from .writer import IndexWriter

__all__ = ["add_records", "delete", "update"]

_LIMITS = Limits()

_LARGE = 32 << 20
_SHARE = 2
_FEW_BYTES = 1 << 20
_RECORD_BATCH = 8 << 20
_STEP = 256


def update(
    storage: Storage,
    paths: Paths | None = None,
    *,
    include: Sequence[str] | None = None,
    exclude: Sequence[str] | None = None,
    language: str | None = None,
    rebuild: bool = False,
    allow_removals: bool = False,
    keep_versions: bool | None = None,
    semantic: bool | None = None,
    wait: float = 10.0,
    workers: int | None = None,
    limits: Limits = _LIMITS,
    progress: ProgressSink | None = None,
) -> UpdateReport:
    """Read what is new or changed in some roots, forget what has gone, and commit.

    paths: files or folders. They join the roots of the index, and only they are updated; a path inside a
        root stands for that root. None: all roots. (While the index is incomplete, all roots are always
        gone over, so that any update completes it.)
    include, exclude: patterns, as in `.gitignore`, of what to read only and of what to leave out of these
        roots from now on; None: as before.
    language: of all documents of these roots that state none, from now on, instead of what their words tell;
        "": no more; None: as before. Where it changes, all of a root is read again.
    rebuild: read everything again, beside the live index. With paths, the index is then made from these
        alone; records that programs handed over are carried over.
    allow_removals: forget even more than a fifth of a root's documents.
    keep_versions: from now on, keep what is replaced or removed as a version of the past, or do not; None:
        as the index does already.
    semantic: from now on, give paragraphs vectors, also those that are there, or take these away; None:
        as the index does already. IndexProblem where the model that makes them is not installed.
    wait: seconds for another writer. workers: processes that read; None: one for each processor.
    progress: called some ten times a second, in the caller's thread.

    Before anything is written: SourceMissing for a path that is not there or holds nothing, or when the
    folder of a root is missing (never taken for a removal); RemovalsRefused; IndexLocked; IndexProblem for
    overlapping roots, or when there is no root at all. KeyboardInterrupt and all other errors leave what
    was committed, and the lock is given back.
    """
    check_seconds(wait)
    check_workers(workers)
    check_limits(limits)
    check_progress(progress)
    meter = Meter(progress)
    meter.begin("scan")
    named = None if paths is None else check_paths(paths, storage.path)
    with (
        IndexWriter.open(storage, wait=wait, fresh=rebuild) as writer,
        Reader(storage, _worker_count(workers), limits, meter) as reader,
    ):
        known = known_state(storage) if rebuild else _known(writer)
        if not allow_removals:
            known.check_records()
        chosen = _choose(known, named, rebuild, needless=not (semantic is None and keep_versions is None))
        roots, meant = with_patterns(*chosen, known.roots, include, exclude, language)
        foresee = reader.foresee if rebuild or writer.previous is None else None
        scanned, found = _scan(meant if known.complete else roots, meant, storage.path, meter, foresee)
        within = {root.name for root in scanned}
        if rebuild:
            within |= {row.source.root for row in known.rows.values()}
        means = cache(partial(tried_by, limits))
        plan = make_plan(
            found,
            known.rows,
            within,
            fingerprint=partial(fingerprint, limit=limits.size),
            refusal=refusal,
            tried=means,
            anew=rebuild,
            relearnt=_relearnt(roots, known.roots),
        )
        if not allow_removals:
            check_removals(plan.removed, known.rows, roots, emptied=emptied(plan.unread, known.rows))
        run = _Run(storage, writer, known, meter, means, rebuild=rebuild, guarded=not allow_removals)
        run.set_roots(roots)
        if rebuild:
            writer.versions.carry(lose=allow_removals)
        run.set_keeping(keep_versions)
        run.set_semantic(
            known.semantic if semantic is None else bool(semantic), threads=_worker_count(workers)
        )
        if rebuild:
            run.carry(carried_records(writer.previous, known.rows, lose=allow_removals))
        run.read(plan, reader)
        run.finish(plan, complete=known.complete or len(scanned) == len(roots))
        before = _of(known.rows, within)
        return run.report(before, _of(writer.rows, within) if run.changed else before, plan.renamed)


def _relearnt(roots: Sequence[Root], before: Sequence[Root]) -> frozenset[str]:
    """Names of the roots whose documents are in another language than was said before."""
    said = {root.name: root.language for root in before}
    return frozenset(root.name for root in roots if said.get(root.name, root.language) != root.language)


def add_records(
    storage: Storage,
    records: Iterable[Record],
    *,
    wait: float = 10.0,
    progress: ProgressSink | None = None,
) -> UpdateReport:
    """Take in records: all of them in one commit, or none when anything is raised (by the iterable, too).

    A record replaces the one of its key; one that has not changed is passed over; of several with the same
    key the last counts, as if they had been handed over one after the other. The report is about the keys
    that were handed over.

    CorpusError for a record that cannot be one; IndexProblem for the key of a file's document.
    """
    check_seconds(wait)
    check_progress(progress)
    meter = Meter(progress)
    with IndexWriter.open(storage, wait=wait) as writer:
        run = _Run(storage, writer, _known(writer), meter)
        meter.begin("read")
        keys: set[str] = set()
        pending: dict[str, tuple[Source, Reading]] = {}
        size = 0
        for record in _each_record(records):
            source = record_source(record)
            writer.refuse_file(source.key)
            keys.add(source.key)
            pending.pop(source.key, None)
            row = writer.rows.get(source.key)
            if row is None or row.source != source:
                pending[source.key] = (source, read_handed(record))
                size += len(record.text)
            if size >= _RECORD_BATCH:
                run.take(build_readings(storage, list(pending.values()), run.terms()))
                pending, size = {}, 0
            meter.count(1, len(record.text))
            meter.tick()
        run.take(build_readings(storage, list(pending.values()), run.terms()))
        run.commit(complete=run.known.complete)
        return run.report(_only(run.known.rows, keys), _only(writer.rows, keys))


def delete(storage: Storage, keys: Iterable[str], *, wait: float = 10.0) -> UpdateReport:
    """Forget records, in one commit. Keys that no record has are passed over; the report is about the given.

    IndexMissing when there is no index; IndexProblem, and nothing is forgotten, for the key of a file's
    document: it would come back at the next update.
    """
    check_seconds(wait)
    Manifest.load(storage)
    wanted = set(listed_keys(keys))
    with IndexWriter.open(storage, wait=wait) as writer:
        run = _Run(storage, writer, _known(writer), Meter(None))
        for key in sorted(wanted):
            writer.refuse_file(key)
        run.remove(wanted)
        run.commit(complete=run.known.complete)
        return run.report(_only(run.known.rows, wanted), {})


class _Run:
    """One update under way: what was changed, and what to say of it in the end."""

    def __init__(
        self,
        storage: Storage,
        writer: IndexWriter,
        known: Known,
        meter: Meter,
        means: Callable[[], str] = str,
        *,
        rebuild: bool = False,
        guarded: bool = False,
    ) -> None:
        """means: by what files are read now.
        guarded: refuse to commit when too many documents are gone from files that are still there."""
        self.known = known
        self._storage = storage
        self._writer = writer
        self._meter = meter
        self._means = means
        self._rebuild = rebuild
        self._guarded = guarded
        self._emptied: dict[str, tuple[str, ...]] = {}
        self._committed = False
        self._changed = rebuild or writer.previous is None
        self.changed = self._changed  # also after the commit
        self._complete = known.complete
        self._threads = 1
        self._bytes = 0
        meter.searchable = writer.previous.manifest.documents if writer.previous else 0

    def set_roots(self, roots: tuple[Root, ...]) -> None:
        self._changed |= roots != self._writer.roots
        self._writer.set_roots(roots)

    def set_keeping(self, on: bool | None) -> None:
        if on is not None:
            self._changed |= bool(on) != self._writer.versions.on
            self._writer.versions.on = bool(on)

    def set_semantic(self, on: bool, *, threads: int) -> None:
        """threads: that make vectors."""
        self._changed |= on != self._writer.semantic
        self._writer.semantic = on
        self._threads = threads

    def terms(self, size: int | None = None) -> KnownTerms:
        """What the index knew before. size: bytes that are to be read, where that is known."""
        previous = self._writer.previous
        views = previous.views if previous is not None and previous.has_our_words else ()
        return KnownTerms((view.segment for view in views), few=size is not None and size <= _FEW_BYTES)

    def take(self, segments: Iterable[BuiltSegment]) -> None:
        """Hand segments to the writer, but for those that say only what it knows."""
        for segment in map(self._signed, segments):
            self._bytes += sum(row.source.size for row in segment.rows if row.source.sha256 != UNHASHED)
            rows = self._writer.rows
            for row in segment.rows:
                self._emptied.pop(row.source.key, None)
            self._emptied |= emptied(segment.rows, self.known.rows)
            if segment.file is not None or any(rows.get(row.source.key) != row for row in segment.rows):
                self._writer.add(segment)
                self._changed = True

    def _signed(self, segment: BuiltSegment) -> BuiltSegment:
        """The segment, with a note of by what files were tried that could not be read in whole."""
        if not any(map(_is_partly_read, segment.rows)):
            return segment
        means = self._means()
        rows = (row._replace(tried=means) if _is_partly_read(row) else row for row in segment.rows)
        return replace(segment, rows=tuple(rows))

    def remove(self, keys: Iterable[str]) -> None:
        known = [key for key in keys if key in self._writer.rows]
        self._changed |= bool(known)
        self._writer.remove(known)

    def rename(self, keys: Iterable[tuple[str, str]]) -> None:
        """Let go of what new documents were called before."""
        for old, new in keys:
            self._writer.rename(old, new)
            self.remove([old])

    def carry(self, records: Iterable[tuple[Source, Reading]]) -> None:
        """Take over readings that come one at a time."""
        chunk: list[tuple[Source, Reading]] = []
        size = 0
        for item in records:
            chunk.append(item)
            size += sum(len(document.text) for document in item[1].documents)
            if size >= _RECORD_BATCH:
                self.take(build_readings(self._storage, chunk, self.terms()))
                chunk, size = [], 0
        self.take(build_readings(self._storage, chunk, self.terms()))

    def read(self, plan: Plan, source: Reader) -> None:
        """Read the plan's files, batch by batch. Unless it is a rebuild, commit when much has come together,
        while the index is incomplete when half as much as before has; but not after the last one."""
        if plan.tasks and self._writer.semantic:
            from .semantic.model import require_model  # most indexes have no vectors

            require_model()  # before anything is read, which may take hours
        meter = self._meter
        meter.files = meter.bytes = 0
        meter.files_total, meter.bytes_total = len(plan.tasks), sum(task.size for task in plan.tasks)
        meter.begin("read")
        former = {new: old for old, new in plan.renamed}
        batches = partition(plan.tasks)
        early = not self.known.complete or self._writer.previous is None
        committed = uncommitted = 0
        with closing(source.segments(batches, self.terms)) as results:
            for number, (batch, segments) in enumerate(zip(batches, results, strict=True), 1):
                with _uninterrupted():
                    self.take(segments)
                    self.rename((former[task.key], task.key) for task in batch if task.key in former)
                self.make_vectors()
                with _uninterrupted():
                    uncommitted += sum(task.size for task in batch)
                    limit = min(_LARGE, committed // _SHARE) if early else _LARGE
                    if not self._rebuild and uncommitted >= limit and number < len(batches):
                        self.commit(complete=False)
                        committed, uncommitted = committed + uncommitted, 0
                meter.tick()

    def make_vectors(self) -> None:
        """Of all paragraphs that were taken in and have none, where they are to have some."""
        made = self._writer.make_vectors(threads=self._threads, tell=self._meter.tell_embedded)
        self._changed |= made

    def finish(self, plan: Plan, *, complete: bool) -> None:
        """What needs no reading, and the last commit."""
        self.make_vectors()
        self._meter.begin("merge")
        with _uninterrupted():
            self.take([BuiltSegment(None, 0, 0, plan.unread)] if plan.unread else [])
            self._guard(plan.removed)
            self.remove(plan.removed)
            self._changed |= bool(plan.restamped)
            self._writer.restamp(plan.restamped)
            self.commit(complete=complete)

    def commit(self, *, complete: bool) -> None:
        """Commit, when there is anything to."""
        if self._changed or complete != self._complete:
            self._guard()
            self.changed = True
            self._writer.commit(complete=complete)
            self._committed = True
            self._changed, self._complete = False, complete
        self._meter.searchable = self._writer.documents

    def _guard(self, removed: Sequence[str] = ()) -> None:
        if self._guarded and self._emptied:
            check_removals(
                removed, self.known.rows, self._writer.roots, emptied=self._emptied, begun=self._committed
            )

    def report(
        self,
        before: Mapping[str, SourceRow],
        after: Mapping[str, SourceRow],
        renamed: Iterable[tuple[str, str]] = (),
    ) -> UpdateReport:
        """Compare the rows that the run was about, as they were and as they are."""
        self._meter.begin("done")
        same = set(after)
        if after is not before:
            same = {key for key in same if after[key] == before.get(key)}
        had = _documents(row for key, row in before.items() if key not in same)
        has = _documents(row for key, row in after.items() if key not in same)
        moved = sorted((old, new) for old, new in renamed if new in has)
        olds, news = {old for old, _ in moved}, {new for _, new in moved}
        both = had.keys() & has.keys()
        told = frozenset() if self._rebuild else _gaps(before)
        gaps = _gaps(after)
        return UpdateReport(
            added=tuple(sorted(has.keys() - had.keys() - news)),
            changed=tuple(sorted(key for key in both if had[key] != has[key])),
            renamed=tuple(moved),
            removed=tuple(sorted(had.keys() - has.keys() - olds)),
            unchanged=sum(len(after[key].documents) for key in same)
            + sum(had[key] == has[key] for key in both),
            gaps=tuple(sorted(gaps)),
            documents=self._writer.documents,
            bytes=self._bytes,
            seconds=self._meter.seconds,
            generation=self._writer.generation,
            known_gaps=told & gaps,
        )


def _each_record(records: Iterable[Record]) -> Iterable[Record]:
    """CorpusError when this is no iterable of anything."""
    if isinstance(records, Record) or not isinstance(records, Iterable):
        raise CorpusError(
            f"the documents are {ascii(records)[:40]} ({type(records).__name__}), not a list of records",
            hint="Hand over a list, or any iterable, of docsearch.Record",
        )
    return records


def _known(writer: IndexWriter) -> Known:
    complete = writer.previous is None or writer.previous.manifest.complete
    return Known(writer.roots, writer.frozen_rows(), complete, semantic=writer.semantic)


def _choose(
    known: Known, named: Sequence[str] | None, rebuild: bool, *, needless: bool
) -> tuple[tuple[Root, ...], tuple[Root, ...]]:
    """The roots that the index is to have, and those that this update is about. needless: none need be, since
    there is something else to do."""
    if named is None:
        roots = meant = known.roots
    else:
        roots, meant = add_roots(() if rebuild else known.roots, named)
    if (
        not meant
        and not needless
        and not (rebuild and any(not row.source.root for row in known.rows.values()))
    ):
        raise IndexProblem(
            "the index was not made from any file or folder", hint="Name one: docsearch index FOLDER"
        )
    return roots, meant


def _scan(
    roots: Sequence[Root],
    needed: Sequence[Root],
    index: Path | None,
    meter: Meter,
    foresee: Callable[[int], None] | None,
) -> tuple[list[Root], list[tuple[Root, Found | Unread]]]:
    """Walk over roots; those that are not needed may be missing. Gives those that were gone over, too.

    foresee: is told, where all that is found will be read, how many bytes that is so far."""
    walks = []
    for root in roots:
        try:
            walks.append((root, walk(root.path, None if index is None else str(index), rules_of(root))))
        except SourceMissing as error:
            if root in needed:
                raise SourceMissing(
                    f"the folder or file of the root {root.name} is not there",
                    path=root.path,
                    hint="Nothing was changed. Mount it or put it back; or name the paths to update; or, to "
                    "forget it, use --rebuild --allow-removals with all paths that shall stay",
                ) from error
    found = []
    size = 0
    for root, items in walks:
        while some := [(root, item) for item in islice(items, _STEP)]:
            found += some
            meter.count(len(some), 0)
            meter.tick()
            if foresee is not None:
                size += sum(item.size for _, item in some if isinstance(item, Found))
                foresee(size)
    return [root for root, _ in walks], found


def _worker_count(workers: int | None) -> int:
    if workers is not None:
        return workers
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _only(rows: Mapping[str, SourceRow], keys: Iterable[str]) -> dict[str, SourceRow]:
    return {key: rows[key] for key in keys if key in rows}


def _of(rows: Mapping[str, SourceRow], roots: Collection[str]) -> dict[str, SourceRow]:
    return {key: row for key, row in rows.items() if row.source.root in roots}


def _is_partly_read(row: SourceRow) -> bool:
    return bool(row.gaps and row.source.root) and row.source.sha256 != UNHASHED


def _gaps(rows: Mapping[str, SourceRow]) -> frozenset[tuple[str, str]]:
    """Key and reason of all that could not be read."""
    return frozenset((gap.key, gap.told()) for row in rows.values() if row.gaps for gap in row.gaps)


def _documents(rows: Iterable[SourceRow]) -> dict[str, tuple[bytes, frozenset[Gap]]]:
    """For each document what tells that it changed: the hash of its source, and what could not be read of it
    (a file that is read again, with another option or library, gives other text)."""
    found: dict[str, tuple[bytes, frozenset[Gap]]] = {}
    for row in rows:
        gaps: dict[str, set[Gap]] = {}
        for gap in row.gaps:
            gaps.setdefault(gap.key, set()).add(gap)
        for key in row.documents:
            found[key] = row.source.sha256, frozenset(gaps.get(key, ()))
    return found


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block, where a half-done step would have to be undone."""
    handler = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(handler):
        yield
        return
    pressed: list[tuple[int, FrameType | None]] = []
    signal.signal(signal.SIGINT, lambda number, frame: pressed.append((number, frame)))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, handler)
    if pressed:
        handler(*pressed[0])
