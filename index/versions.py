"""Versions of documents that were replaced or removed, and since when (and until when) each has held.

Kept versions are documents in segments of their own, which the manifest lists apart: a search never opens
their words, so they are in no answer and in no statistic, and merges of what is searched do not meet them.

The file `validity-*` holds, for the segment NAME (times in microseconds since 1970, UTC; 0: not known):

    NAME/from (i8, documents)   the commit that brought each document
    NAME/to (i8, documents)     of kept versions only: the commit that replaced or removed it
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..corpus.model import Document
from ..errors import IndexCorrupt
from .arrays import I64, Array
from .container import Container, pack
from .manifest import FileEntry
from .segment import Segment

if TYPE_CHECKING:
    from .snapshot import Snapshot

__all__ = ["KIND", "Kept", "Validity", "Version", "versions_of", "write_validity"]

KIND = "validity"
_LATEST = 250_000_000_000_000_000
"""Microseconds to somewhere in the 99th century."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_REBUILD = "Run `docsearch index --rebuild`, or restore the index from a copy"


@dataclass(frozen=True, slots=True)
class Version:
    """A document as it was for a time.

    valid_from: the commit that brought it; None for one that was there before versions were kept.
    valid_to: the commit that replaced or removed it; None for the current one. Both UTC.
    """

    valid_from: dt.datetime | None
    valid_to: dt.datetime | None
    document: Document


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A segment of kept versions. since, until: shape (documents,), as in the file."""

    segment: Segment
    since: I64
    until: I64


class Validity:
    """The times of one generation. Segments that it does not know have come at unknown times."""

    def __init__(self, entry: FileEntry | None, content: memoryview) -> None:
        """entry: what the manifest says of the file, None where there is none; else IndexCorrupt."""
        self._container: Container | None = None
        if entry is not None:
            self._container = Container(content, entry.name, KIND)
            if self._container.digest != entry.digest:
                raise IndexCorrupt(
                    "the file is not the one that the manifest names", path=entry.name, hint=_REBUILD
                )

    def since(self, segment: Segment) -> I64:
        return self._times(segment, "from")

    def kept(self, segment: Segment) -> Kept:
        return Kept(segment, self._times(segment, "from"), self._times(segment, "to"))

    def _times(self, segment: Segment, end: str) -> I64:
        name = f"{segment.file.name}/{end}"
        if self._container is None or name not in self._container:
            return np.zeros(segment.documents, np.int64)
        times: I64 = self._container.array(name, "<i8", segment.documents)
        if len(times) and not 0 <= times.min() <= times.max() < _LATEST:
            raise IndexCorrupt("a time of a document's version is no time", path=name, hint=_REBUILD)
        return times


def write_validity(since: Mapping[str, I64], kept: Mapping[str, Kept]) -> Iterator[bytes | memoryview]:
    """since: of the documents of each segment that is searched, by its file; kept: by the file, too."""
    arrays: dict[str, Array | bytes] = {f"{name}/from": times for name, times in since.items()}
    for name, times in kept.items():
        arrays |= {f"{name}/from": times.since, f"{name}/to": times.until}
    return pack(KIND, arrays, {})


def versions_of(snapshot: Snapshot, key: str) -> tuple[Version, ...]:
    """All versions of a document that are held, the oldest first; the current one, if there is one, last."""
    validity = snapshot.validity
    found = []
    for segment in snapshot.kept:
        kept = validity.kept(segment)
        found += [
            (int(kept.until[number]), int(kept.since[number]), segment, number)
            for number in _numbers(segment, key)
        ]
    versions = [
        Version(_moment(since), _moment(until), segment.document(number))
        for until, since, segment, number in sorted(found, key=lambda version: version[:2])
    ]
    for view in snapshot.views:
        if (current := view.find(key)) is not None:
            since = int(validity.since(view.segment)[current])
            versions.append(Version(_moment(since), None, view.segment.document(current)))
    return tuple(versions)


def _numbers(segment: Segment, key: str) -> Iterator[int]:
    """The documents with this key, of which a segment of versions may have several."""
    first = segment.find(key)
    if first is None:
        return
    for number in segment.by_key[int(segment.key_rank[first]) :].tolist():
        if segment.key(number) != key:
            return
        yield number


def _moment(microseconds: int) -> dt.datetime | None:
    try:
        return _EPOCH + dt.timedelta(microseconds=microseconds) if microseconds else None
    except OverflowError as error:
        raise IndexCorrupt(
            "a time of a document's version is no time", path="validity", hint=_REBUILD
        ) from error
