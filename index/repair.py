"""Making a whole index again of what a damaged one still holds."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from ..corpus.model import Document, Reading, Source
from ..errors import IndexProblem
from .arguments import check_seconds
from .batch import build_readings
from .catalog import SourceRow, read_catalog, read_passages
from .container import Container
from .damage import SIGNS
from .manifest import Manifest
from .plan import UNHASHED
from .rows import passage_source
from .segment import BuiltSegment, Segment
from .snapshot import View, read_deletions
from .storage import Storage
from .writer import IndexWriter

__all__ = ["RepairReport", "repair"]

_BATCH = 16 << 20  # characters


@dataclass(frozen=True, slots=True)
class RepairReport:
    """What a repair did. documents: that the index holds now. Tuples hold keys, sorted.

    again: documents of files that could not be read from the index; the next update reads these files again.
    lost: records that a program handed over and that could not be read: they are gone, unless it hands them
        over again. versions: how many kept versions of documents are gone.
    """

    documents: int
    again: tuple[str, ...]
    lost: tuple[str, ...]
    versions: int
    seconds: float
    generation: int


def repair(storage: Storage, *, wait: float = 10.0) -> RepairReport:
    """Write the index anew from the texts that it holds, in one commit; documents that cannot be read, or
    whose parts do not hold their checksums, are left out and told.

    No file outside of the index is read: an update does that afterwards. Where the list of sources is
    damaged, it is made from the documents, and the next update compares all files; should the list of deleted
    documents be damaged as well, those of them that were not purged come back. Damaged vectors are made
    anew; where the model is not installed, the index is left without any.
    IndexMissing when there is no index; IndexCorrupt when its manifest cannot be read.
    """
    check_seconds(wait)
    started = time.monotonic()
    Manifest.load(storage)
    with IndexWriter.open(storage, wait=wait, fresh=True) as writer:
        manifest = Manifest.load(storage)  # again: now nobody else writes
        views, complete = _views(storage, manifest)
        rows = _rows(storage, manifest, views)
        if rows is None:
            rows, complete = _rows_of(views), False
        writer.set_roots(manifest.roots)
        kept_before = sum(entry.documents for entry in manifest.versions)
        writer.versions.carry(lose=True)
        writer.versions.on = manifest.keep_versions
        writer.semantic = manifest.semantic and _can_make_vectors()
        again: list[str] = []
        lost: list[str] = []
        for batch in _batches(_read(views, rows, again, lost)):
            for built in build_readings(storage, batch):
                writer.add(built)
        empty = tuple(row for row in rows.values() if not row.documents)
        if empty:
            writer.add(BuiltSegment(None, 0, 0, empty))
        kept = kept_before - writer.versions.documents
        generation = writer.commit(complete=complete and manifest.complete and not again)
        return RepairReport(
            documents=writer.documents,
            again=tuple(sorted(again)),
            lost=tuple(sorted(lost)),
            versions=max(kept, 0),
            seconds=time.monotonic() - started,
            generation=generation,
        )


def _can_make_vectors() -> bool:
    from .semantic.model import require_model  # most indexes have no vectors

    try:
        require_model()
    except IndexProblem:
        return False
    return True


def _views(storage: Storage, manifest: Manifest) -> tuple[list[View], bool]:
    """The segments that can be opened, the newest first, and whether it is known what is deleted of them."""
    try:
        deleted = read_deletions(storage, manifest)
        known = True
    except (IndexProblem, FileNotFoundError):
        deleted, known = {}, False
    views = []
    for entry in reversed(manifest.segments):
        try:
            segment = Segment(storage, entry.file)
        except (IndexProblem, FileNotFoundError):
            continue
        views.append(View(segment, deleted.get(entry.file.name, np.empty(0, np.uint32))))
    return views, known


def _rows(storage: Storage, manifest: Manifest, views: list[View]) -> Mapping[str, SourceRow] | None:
    """The list of sources; None when it cannot be read."""
    name = manifest.catalog.name
    try:
        container = Container(storage.read(name), name, "catalog")
        container.check()
        rows = dict(read_catalog(container))
    except (IndexProblem, FileNotFoundError):
        return None
    if read_passages(container):
        claimed = {key for row in rows.values() for key in row.documents}
        for key in _keys(views):
            if key not in claimed:
                rows[key] = SourceRow(passage_source(key), (key,))
    return rows


def _keys(views: list[View]) -> Iterator[str]:
    """The keys of all documents that can be read."""
    for view in views:
        for number in range(view.segment.documents):
            try:
                if view.is_live(number):
                    yield view.segment.key(number)
            except (IndexProblem, *SIGNS):
                continue


def _rows_of(views: list[View]) -> Mapping[str, SourceRow]:
    """A list of sources, made from the documents that can be read."""
    rows: dict[str, SourceRow] = {}
    for view in views:
        for number in range(view.segment.documents):
            try:
                if not view.is_live(number):
                    continue
                key = view.segment.key(number)
                _, root, path, *_ = view.segment.record(number)
            except (IndexProblem, *SIGNS):
                continue
            of = f"{root}/{path}" if root and path else root or key
            row = rows.setdefault(of, SourceRow(Source(of, root, path, 0, 0, UNHASHED), ()))
            if key not in row.documents:
                rows[of] = row._replace(documents=(*row.documents, key))
    return rows


def _read(
    views: list[View], rows: Mapping[str, SourceRow], again: list[str], lost: list[str]
) -> Iterator[tuple[Source, Reading]]:
    """Every source whose documents can all be read; keys of the others go to `again` and `lost`."""
    for row in rows.values():
        documents = [_document(views, key) for key in row.documents]
        whole = tuple(document for document in documents if document is not None)
        if len(whole) < len(documents):
            (again if row.source.root else lost).extend(row.documents)
        elif whole:
            yield row.source, Reading(whole, row.gaps)


def _document(views: list[View], key: str) -> Document | None:
    for view in views:
        try:
            number = view.find(key)
            if number is not None:
                return view.segment.document(number)
        except (IndexProblem, *SIGNS):
            continue
    return None


def _batches(readings: Iterator[tuple[Source, Reading]]) -> Iterator[list[tuple[Source, Reading]]]:
    batch: list[tuple[Source, Reading]] = []
    size = 0
    for source, reading in readings:
        batch.append((source, reading))
        size += sum(len(document.text) for document in reading.documents)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
