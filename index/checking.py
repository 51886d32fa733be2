"""Whether an index is what was written: its files against their checksums, its parts against each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..corpus.model import Reading, Source
from ..corpus.walk import walk
from ..errors import CorpusError, DocsearchError, IndexIncompatible, IndexMissing, IndexProblem
from .batch import fingerprint
from .catalog import SourceRow, read_catalog
from .container import BLOCK, Container
from .damage import SIGNS
from .inverter.inverted import Inverted
from .manifest import FileEntry, Manifest
from .plan import UNHASHED
from .root import Root
from .roots import rules_of
from .segment import Segment, build_segment
from .snapshot import Snapshot
from .storage import MemoryStorage, Storage

__all__ = ["CheckReport", "Finding", "check"]

_COMPARED = ("terms", "starts", "units", "frequencies", "position_starts", "positions", "lengths")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be. where: the file of the index, or the key of a source."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found. files, bytes: that were read. findings: of the index; empty when it is sound.

    sources: how many files were compared with what they were when they were read (0 where that was not
    asked for); differing: those that have changed or gone since. That is no fault of the index.
    """

    generation: int
    files: int
    bytes: int
    findings: tuple[Finding, ...]
    sources: int
    differing: tuple[Finding, ...]
    seconds: float

    @property
    def sound(self) -> bool:
        return not self.findings


def check(storage: Storage, *, deep: bool = False, sources: bool = False) -> CheckReport:
    """Read every file of the current generation and compare it with its checksums.

    deep: also analyse and invert the stored texts again and compare the postings, count what is counted
        twice, and read every document. That takes as long as indexing them.
    sources: also compare the files that were read with what they are now.
    IndexMissing when there is no index; IndexIncompatible for one of another format, whose files only the
    program that made it knows.
    """
    started = time.monotonic()
    try:
        manifest = Manifest.load(storage)
    except (IndexMissing, IndexIncompatible):
        raise
    except IndexProblem as error:
        found = (Finding("MANIFEST", error.message),)
        return CheckReport(0, 1, 0, found, 0, (), time.monotonic() - started)
    findings = [found for entry in manifest.entries() for found in _file(storage, entry)]
    damaged = {found.where for found in findings}
    if deep:
        for segment in manifest.segments:
            if segment.file.name not in damaged:
                findings += _guarded(segment.file.name, partial(_segment, storage, segment.file))
            if (file := segment.vectors) is not None and not {file.name, segment.file.name} & damaged:
                findings += _guarded(file.name, partial(_vectors, storage, segment.file, file))
        if not damaged:
            findings += _guarded("MANIFEST", partial(_counts, storage))
    compared, differing = 0, []
    if sources and manifest.catalog.name not in damaged:
        rows = read_catalog(Snapshot.open(storage).catalog).values()
        files = [row for row in rows if row.source.root]
        compared, differing = len(files), list(_differing(files, _places(manifest.roots, storage)))
    return CheckReport(
        generation=manifest.generation,
        files=len(manifest.entries()) + 1,
        bytes=sum(entry.size for entry in manifest.entries()),
        findings=tuple(findings),
        sources=compared,
        differing=tuple(differing),
        seconds=time.monotonic() - started,
    )


def _file(storage: Storage, entry: FileEntry) -> Iterator[Finding]:
    """A file against what the manifest says of it, and against its checksums."""
    try:
        content = storage.read(entry.name)
    except FileNotFoundError:
        yield Finding(entry.name, "it is missing")
        return
    if len(content) != entry.size:
        yield Finding(entry.name, f"it has {len(content):,} bytes where {entry.size:,} were written")
        return
    try:
        container = Container(content, entry.name, entry.name.partition("-")[0])
    except IndexProblem as error:
        yield Finding(entry.name, error.message)
        return
    if container.digest != entry.digest:
        yield Finding(entry.name, "it is not the file that the manifest names")
    blocks = container.damaged_blocks()
    if blocks:
        others = f", and {len(blocks) - 1:,} more blocks" if len(blocks) > 1 else ""
        yield Finding(
            entry.name, f"the {BLOCK >> 10} KB from byte {blocks[0] * BLOCK:,} on are damaged{others}"
        )


def _guarded(where: str, findings: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """What was found before an error of ours, and the error."""
    try:
        yield from findings()
    except DocsearchError as error:
        yield Finding(where, error.message)
    except (*SIGNS, MemoryError) as error:
        yield Finding(where, f"it cannot be read ({type(error).__name__})")


def _segment(storage: Storage, file: FileEntry) -> Iterator[Finding]:
    """A segment against what its own texts give."""
    segment = Segment(storage, file)
    keys = list(segment.sorted_keys)
    if keys != sorted(set(keys)):
        yield Finding(file.name, "its keys are not distinct and in order")
        return
    memory = MemoryStorage()
    built = build_segment(memory, _readings(segment))
    if built.file is None or (built.documents, built.paragraphs) != (segment.documents, segment.paragraphs):
        yield Finding(file.name, "it does not hold as many documents and paragraphs as it says")
        return
    again = Segment(memory, built.file)
    if again.field_names != segment.field_names:
        yield Finding(file.name, "its fields are not those of its texts")
        return
    for name in segment.field_names:
        kind, _, language = name.partition(".")
        stored, made = segment.field(kind, language), again.field(kind, language)
        if stored is None or made is None:
            yield Finding(file.name, f"it has no field {name!r}")
            continue
        for part in _different(stored.columns(), made.columns()):
            yield Finding(file.name, f"the {part} of {name} are not those of its texts")


def _vectors(storage: Storage, file: FileEntry, vectors: FileEntry) -> Iterator[Finding]:
    """Vectors against the number of paragraphs. (They are not made again: those of another processor may
    differ in a last digit.)"""
    kept = Segment(storage, file, vectors).vectors  # IndexCorrupt where they do not fit
    if kept is not None and not kept.is_current:
        yield Finding(vectors.name, "another model than that of this program made it")


def _readings(segment: Segment) -> Iterator[tuple[Source, Reading]]:
    for number in range(segment.documents):
        document = segment.document(number)
        yield Source(document.key, "", document.key, 0, 0, bytes(32)), Reading((document,))


def _different(one: Inverted, other: Inverted) -> Iterator[str]:
    for part in _COMPARED:
        first, second = getattr(one, part), getattr(other, part)
        if not (first == second if isinstance(first, list) else np.array_equal(first, second)):
            yield part.replace("_", " ")


def _counts(storage: Storage) -> Iterator[Finding]:
    """What is counted twice: by the manifest, the segments and the list of sources."""
    snapshot = Snapshot.open(storage)
    manifest = snapshot.manifest
    for entry, view in zip(manifest.segments, snapshot.views, strict=True):
        said = (entry.documents, entry.paragraphs, entry.deleted)
        if said != (view.segment.documents, view.segment.paragraphs, len(view.deleted)):
            yield Finding("MANIFEST", f"its counts of {entry.file.name} are not those of the file")
    live = tuple(map(sum, zip((0, 0, 0), *(view.counts for view in snapshot.views), strict=True)))
    if live != (manifest.documents, manifest.sections, manifest.paragraphs):
        yield Finding("MANIFEST", "its counts of documents, sections and paragraphs are not those there are")
    held = [key for view in snapshot.views for key in view.live_keys()]
    if len(set(held)) < len(held):
        yield Finding("MANIFEST", "two segments hold a document of the same key")
    claimed = {key for row in read_catalog(snapshot.catalog).values() for key in row.documents}
    if lost := claimed - set(held):
        yield Finding(manifest.catalog.name, f"{len(lost):,} documents that it lists are in no segment")


def _places(roots: Iterable[Root], storage: Storage) -> dict[str, str]:
    """By key, the files that are there now, as the file system spells them."""
    places: dict[str, str] = {}
    for root in roots:
        try:
            for item in walk(root.path, None if storage.path is None else str(storage.path), rules_of(root)):
                places[f"{root.name}/{item.path}" if item.path else root.name] = item.file
        except CorpusError:
            continue  # a root that is not at hand: none of its files is there
    return places


def _differing(rows: Iterable[SourceRow], places: Mapping[str, str]) -> Iterator[Finding]:
    """Files that are not what they were when they were read."""
    for row in rows:
        source = row.source
        stamp = fingerprint(places[source.key]) if source.key in places else None
        if stamp is None:
            yield Finding(source.key, "it is gone, or cannot be read")
        elif stamp.sha256 != source.sha256 != UNHASHED:
            yield Finding(source.key, "it has changed")
