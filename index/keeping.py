"""Keeping versions while an index is written: what a commit replaces or removes is copied beside.

The copy is made when the commit is, from the segment that still holds the old document, into a segment of
versions (see `versions`); for what is searched the old one is then deleted like any other.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..corpus.model import Document, Reading, Source
from ..errors import IndexCorrupt, IndexProblem, RemovalsRefused
from .arrays import I64
from .damage import damage_told
from .known import KnownTerms
from .manifest import Manifest, SegmentEntry
from .plan import UNHASHED
from .segment import Segment, build_segment
from .snapshot import Snapshot, View
from .storage import Storage
from .tiers import next_group
from .versions import Kept, Validity, write_validity

__all__ = ["Keeper"]

_BATCH = 8 << 20
_FEW_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Old:
    """A document that is to be kept as a version. until: 0 stands for the commit that is being made."""

    segment: Segment
    number: int
    since: int
    until: int = 0


class Keeper:
    """The versions of an index under a writer.

    Attributes:
        on: whether what is replaced or removed from now on is kept.
    """

    def __init__(self, storage: Storage, snapshot: Snapshot | None, *, fresh: bool) -> None:
        self._storage = storage
        self.on = snapshot is not None and snapshot.manifest.keep_versions
        self._since: dict[str, I64] = {}
        self._kept: list[Kept] = []
        self._old: list[_Old] = []
        self._made: set[str] = set()  # segments of versions that no commit has had yet
        self._previous = snapshot if fresh else None
        if snapshot is not None:
            for view in snapshot.views:
                self._since[view.segment.file.name] = snapshot.validity.since(view.segment)
            if not fresh:
                self._kept = [snapshot.validity.kept(segment) for segment in snapshot.kept]
        self._latest = max(
            (int(times.max()) for times in self._all_times() if len(times)),
            default=0,
        )

    @property
    def files(self) -> frozenset[str]:
        """The segments of versions, those of the last commit and those made since."""
        return frozenset(kept.segment.file.name for kept in self._kept)

    @property
    def documents(self) -> int:
        """How many versions are kept."""
        return sum(kept.segment.documents for kept in self._kept)

    def entries(self) -> tuple[SegmentEntry, ...]:
        """The segments of versions as the manifest lists them."""
        segments = [kept.segment for kept in self._kept]
        return tuple(SegmentEntry(each.file, each.documents, each.paragraphs) for each in segments)

    def committed(self) -> None:
        """What was made until now belongs to a commit."""
        self._made.clear()

    def drop(self) -> None:
        """Keep no version of before this call."""
        self._kept.clear()

    def replaced(self, segment: Segment, numbers: Sequence[int]) -> None:
        """Documents of the last commit are replaced or removed."""
        if self.on:
            since = self._since_of(segment)
            self._old += [_Old(segment, number, int(since[number])) for number in numbers]

    def merged(self, group: Sequence[View], into: Segment) -> None:
        """Segments that are searched were merged into one."""
        times = []
        for view in group:
            since = self._since_of(view.segment)
            times.append(since if view.live_documents is None else since[view.live_documents])
        self._since[into.file.name] = np.concatenate(times)

    def carry(self, *, lose: bool) -> None:
        """Of a rebuild: take over the versions of the live index, whatever analysed their words.

        lose: leave out what the index is too damaged to give; otherwise that is RemovalsRefused.
        """
        try:
            manifest = Manifest.load(self._storage)
        except IndexProblem:
            return
        self.on = manifest.keep_versions
        times = manifest.validity
        try:
            validity = Validity(times, self._storage.read(times.name) if times else memoryview(b""))
        except (IndexProblem, FileNotFoundError) as error:
            _refuse_losing(error, lose=lose)
            return
        for entry in manifest.versions:
            try:
                kept = validity.kept(Segment(self._storage, entry.file))
                kept.segment.container.check()
            except (IndexProblem, FileNotFoundError) as error:
                _refuse_losing(error, lose=lose)
                continue
            ends = zip(kept.since.tolist(), kept.until.tolist(), strict=True)
            try:
                self._build([_Old(kept.segment, at, *pair) for at, pair in enumerate(ends)], 0)
            except IndexCorrupt as error:  # and nothing wider: a full disk is no damage of what is read
                _refuse_losing(error, lose=lose)

    def settle(self, views: Sequence[View], fresh: frozenset[str]) -> None:
        """Before a commit merges: build what is to be kept, and note since when new documents hold.

        views: what will be searched; fresh: the files of those that no commit has had yet.
        """
        now = self._latest = max(time.time_ns() // 1000, self._latest + 1)
        for view in views:
            if self.on and view.segment.file.name in fresh:
                self._since.setdefault(view.segment.file.name, np.full(view.segment.documents, now, np.int64))
        if self._previous is not None and self.on:
            self._compare(self._previous, views)
        self._previous = None
        self._build(self._old, now)
        self._old = []
        while group := next_group(
            [(kept.segment.file.size, 0, kept.segment.documents) for kept in self._kept]
        ):
            self._merge({self._kept[place].segment.file.name for place in group})

    def write(self, views: Sequence[View]) -> Iterator[bytes | memoryview] | None:
        """The file of times; None when there is nothing to tell."""
        if not self.on and not self._kept:
            return None
        names = [view.segment.file.name for view in views] if self.on else []
        self._since = {name: times for name, times in self._since.items() if name in names}
        return write_validity(self._since, {kept.segment.file.name: kept for kept in self._kept})

    def _all_times(self) -> Iterator[I64]:
        yield from self._since.values()
        for kept in self._kept:
            yield from (kept.since, kept.until)

    def _since_of(self, segment: Segment) -> I64:
        known = self._since.get(segment.file.name)
        return np.zeros(segment.documents, np.int64) if known is None else known

    def _compare(self, previous: Snapshot, views: Sequence[View]) -> None:
        """Of a rebuild: documents that are as they were hold since they did; the others are kept."""
        for old in previous.views:
            since = self._since_of(old.segment)
            for number in range(old.segment.documents):
                if not old.is_live(number):
                    continue
                try:
                    place = _same(old.segment, number, views)
                except IndexProblem:
                    continue  # it cannot be read any more: nothing can be kept of it
                if place is None:
                    self._old.append(_Old(old.segment, number, int(since[number])))
                else:
                    times = self._since[place[0].file.name]
                    times[place[1]] = since[number]

    def _build(self, old: Iterable[_Old], now: int) -> None:
        """Write versions into segments, in their order; a key once in each."""
        batch: list[_Old] = []
        documents: list[Document] = []
        keys: set[str] = set()
        size = 0
        for each in old:
            document = each.segment.document(each.number)
            if document.key in keys or size >= _BATCH:
                self._write(batch, documents, now)
                batch, documents, keys, size = [], [], set(), 0
            batch.append(each)
            documents.append(document)
            keys.add(document.key)
            size += len(document.text)
        if batch:
            self._write(batch, documents, now)

    def _write(self, batch: Sequence[_Old], documents: Sequence[Document], now: int) -> None:
        segments = {each.segment.file.name: each.segment for each in batch}
        few = sum(len(document.text) for document in documents) <= _FEW_BYTES
        readings = []
        for each, document in zip(batch, documents, strict=True):
            _, root, path, *_ = each.segment.record(each.number)
            readings.append((Source(document.key, root, path, 0, 0, UNHASHED), Reading((document,))))
        # Numbers of what was kept that no column holds, whatever checksums they came under.
        with damage_told(documents[0].key, signs=(ArithmeticError,)):
            built = build_segment(self._storage, readings, KnownTerms(segments.values(), few=few))
        if built.file is None or built.documents != len(batch):
            raise IndexProblem(
                "a version of a document that was kept cannot be written", path=documents[0].key
            )
        self._made.add(built.file.name)
        self._kept.append(
            Kept(
                Segment(self._storage, built.file),
                np.array([each.since for each in batch], np.int64),
                np.array([each.until or now for each in batch], np.int64),
            )
        )

    def _merge(self, names: set[str]) -> None:
        from .merge import merge  # here: most updates merge nothing

        group = [kept for kept in self._kept if kept.segment.file.name in names]
        file = merge(self._storage, [View(kept.segment, _NOTHING) for kept in group])
        one = Kept(
            Segment(self._storage, file),
            np.concatenate([kept.since for kept in group]),
            np.concatenate([kept.until for kept in group]),
        )
        at = self._kept.index(group[0])
        self._kept = [kept for kept in self._kept if kept not in group]
        self._kept.insert(at, one)
        for name in names & self._made:
            self._storage.remove(name)
        self._made = self._made - names | {file.name}


_NOTHING = np.empty(0, np.uint32)


def _refuse_losing(error: Exception, *, lose: bool) -> None:
    """RemovalsRefused, unless versions that cannot be read may be lost."""
    if not lose:
        raise RemovalsRefused(
            "the index is damaged, and versions of documents that it keeps cannot be read",
            path=getattr(error, "path", str(error)),
            hint="Restore the index from a copy; or rebuild it with --allow-removals",
        ) from error


def _same(segment: Segment, number: int, views: Sequence[View]) -> tuple[Segment, int] | None:
    """Where a document of the same key, words and metadata stands among the new ones."""
    key = segment.key(number)
    for view in views:
        found = view.find(key)
        if found is not None:
            same = (
                view.segment.text(found) == segment.text(number)
                and view.segment.record(found)[0] == segment.record(number)[0]
            )
            return (view.segment, found) if same else None
    return None
