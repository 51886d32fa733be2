"""What a rebuild must know of the live index, however damaged it is, and what it carries over.

Files are read again. Records are not on disk: their documents are taken from the live index, or the
rebuild is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ..corpus.model import Document, Reading, Source
from ..errors import IndexMissing, IndexProblem, RemovalsRefused
from .catalog import SourceRow, read_catalog, read_passages
from .container import Container
from .former import read_former
from .manifest import Manifest
from .root import Root
from .rows import Rows
from .snapshot import Snapshot
from .storage import Storage
from .writer import is_lost

__all__ = ["Known", "carried_records", "known_state"]


@dataclass(frozen=True, slots=True)
class Known:
    """What an index knows before an update: empty when there is none, or none that can be read.

    complete: no earlier update of it was broken off.
    damaged: an index stands there, but what it holds cannot be read: records may be among it.
    lost: what it holds and a rebuild cannot take over, in words.
    semantic: whether its paragraphs have vectors.
    """

    roots: tuple[Root, ...] = ()
    rows: Mapping[str, SourceRow] = field(default_factory=dict)
    complete: bool = True
    damaged: bool = False
    lost: str = ""
    semantic: bool = False

    def check_records(self) -> None:
        """RemovalsRefused when a rebuild would forget records of which it cannot even read the texts."""
        if self.lost:
            raise RemovalsRefused(
                f"the index has an earlier format, from which {self.lost} cannot be taken over",
                hint="Nothing was changed. Read it with the version of this program that made it; or, to do "
                "without them, run `docsearch index --rebuild --allow-removals`, and hand records over again",
            )
        if self.damaged:
            raise RemovalsRefused(
                "the index is damaged: the list of what it holds cannot be read, and documents that a "
                "program handed over would be lost",
                hint="Restore the index from a copy; or, if all of it came from files, run `docsearch index "
                "--rebuild --allow-removals` with the folders it was made from",
            )


def known_state(storage: Storage) -> Known:
    """The state of the live index, as far as it can be read; never an error."""
    try:
        manifest = Manifest.load(storage)
    except IndexMissing:
        return Known(damaged=is_lost(storage))
    except IndexProblem:
        former = read_former(storage)
        if former is None:
            return Known(damaged=True)
        return Known(former.roots, former.rows, former.complete, lost=former.lost)
    name = manifest.catalog.name
    try:
        container = Container(storage.read(name), name, "catalog")
        rows = _with_passages(storage, read_catalog(container), read_passages(container))
    except (IndexProblem, FileNotFoundError):
        return Known(manifest.roots, {}, manifest.complete, damaged=True, semantic=manifest.semantic)
    return Known(manifest.roots, rows, manifest.complete, semantic=manifest.semantic)


def _with_passages(
    storage: Storage, listed: Mapping[str, SourceRow], passages: int
) -> Mapping[str, SourceRow]:
    """All rows. IndexProblem where the keys of passages, whose rows are not listed, cannot be read."""
    if not passages:
        return listed
    views = Snapshot.open(storage, any_words=True).views
    for view in views:
        view.segment.check_keys()
    return Rows(listed, {key for row in listed.values() for key in row.documents}, views, passages)


def carried_records(
    live: Snapshot | None, rows: Mapping[str, SourceRow], *, lose: bool
) -> Iterator[tuple[Source, Reading]]:
    """The records of the live index as readings, one at a time.

    lose: leave out what the index is too damaged to give; otherwise that is RemovalsRefused.
    """
    for row in rows.values():
        if row.source.root:
            continue
        documents = [_document(live, key) for key in row.documents]
        whole = tuple(document for document in documents if document is not None)
        if len(whole) == len(documents):
            yield row.source, Reading(whole, row.gaps)
        elif not lose:
            raise RemovalsRefused(
                "the index is damaged, and this record that a program handed over cannot be read from it",
                path=row.source.key,
                hint="Restore the index from a copy; or rebuild it with --allow-removals, and hand the "
                "record over again",
            )


def _document(live: Snapshot | None, key: str) -> Document | None:
    try:
        for view in live.views if live is not None else ():
            number = view.find(key)
            if number is not None:
                return view.segment.document(number)
    except IndexProblem:
        return None
    return None
