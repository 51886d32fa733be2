"""What an update tells while it runs and when it has ended, and what an index says of itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from .root import Root

__all__ = ["PassageReport", "Progress", "ProgressSink", "PurgeReport", "Root", "Status", "UpdateReport"]


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of an update. Counts are of files and source bytes that need reading; totals are 0 while
    the scan goes on. `searchable`: documents that a reader would find now. `seconds`: since the start.
    `embedded`, `embedded_total`: paragraphs that have been given vectors, and that lacked them, in the phase
    "embed", which comes after each part that was read."""

    phase: Literal["scan", "read", "embed", "merge", "done"]
    files: int
    files_total: int
    bytes: int
    bytes_total: int
    searchable: int
    seconds: float
    embedded: int = 0
    embedded_total: int = 0


ProgressSink = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What an update did. Tuples hold document keys, sorted; `renamed` holds (old, new).

    gaps: what could not be read in this run, (key, reason), sorted; an unchanged unreadable file is
        counted again. unchanged: documents that were left alone. documents: live ones afterwards.
    bytes: source bytes read. generation: of the index afterwards.
    known_gaps: those of `gaps` that the index had before; none in a rebuild.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    unchanged: int
    gaps: tuple[tuple[str, str], ...]
    documents: int
    bytes: int
    seconds: float
    generation: int
    known_gaps: frozenset[tuple[str, str]] = frozenset()

    @property
    def did_something(self) -> bool:
        """Whether any document is another, or a gap is new."""
        changed = self.added or self.changed or self.renamed or self.removed
        return bool(changed) or not self.known_gaps.issuperset(self.gaps)


@dataclass(frozen=True, slots=True)
class PurgeReport:
    """What a purge did. documents: deleted ones that were still on disk; segments: files that held them;
    versions: kept ones that went; bytes: what is free now. All 0, and no new generation, when there was
    nothing to purge. kept: versions that are still there."""

    documents: int
    segments: int
    versions: int
    kept: int
    bytes: int
    seconds: float
    generation: int


@dataclass(frozen=True, slots=True)
class PassageReport:
    """What taking in passages did, in numbers of documents: so many that their keys would be a burden.

    gaps: what gave no document, or was changed to be read, (key, reason), sorted. documents: live ones
    afterwards. generation: of the index afterwards.
    """

    added: int
    changed: int
    unchanged: int
    gaps: tuple[tuple[str, str], ...]
    documents: int
    seconds: float
    generation: int


@dataclass(frozen=True, slots=True)
class Status:
    """What an index says of itself. size: bytes on disk; created, updated: UTC.

    keep_versions: whether documents that are replaced or removed are kept; versions: how many are;
    versions_size: the bytes of `size` that they take.
    semantic: whether paragraphs have vectors, and new ones are given some; vectors_size: as above.
    """

    path: str
    format: int
    generation: int
    created: dt.datetime
    updated: dt.datetime
    incomplete: bool
    roots: tuple[Root, ...]
    documents: int
    sections: int
    paragraphs: int
    languages: Mapping[str, int]
    gaps: int
    segments: int
    size: int
    analysers: Mapping[str, str]
    keep_versions: bool = False
    versions: int = 0
    versions_size: int = 0
    semantic: bool = False
    vectors_size: int = 0
