"""Taking what was deleted from the disk: until then, segments go on holding the text of deleted documents."""

from __future__ import annotations

import time

from ..errors import IndexProblem
from .arguments import check_seconds
from .manifest import Manifest
from .reports import PurgeReport
from .storage import Storage
from .writer import IndexWriter, index_files

__all__ = ["purge"]


def purge(storage: Storage, *, versions: bool = False, wait: float = 10.0) -> PurgeReport:
    """Rewrite every segment that still holds deleted documents, commit, and remove the old files.

    After it no file of the index holds their text, metadata or keys, nor any word that only they had. Like
    every commit it happens as a whole or not at all. Readers that have the old files open keep them, and
    their space is free when they are closed.

    versions: the same for versions that are kept of replaced and removed documents; without it they stay.

    IndexMissing when there is no index; IndexProblem when the old files cannot be removed.
    """
    check_seconds(wait)
    started = time.monotonic()
    before = Manifest.load(storage)
    size = _size(storage, before)
    with IndexWriter.open(storage, wait=wait) as writer:
        documents, segments = writer.purge()
        dropped = writer.versions.documents if versions else 0
        if versions:
            writer.versions.drop()
        if segments or dropped:
            assert writer.previous is not None
            writer.commit(complete=writer.previous.manifest.complete)
        storage.flush()
        after = Manifest.load(storage)
        _check_removed(storage, after)
        kept = writer.versions.documents
    return PurgeReport(
        documents=documents,
        segments=segments,
        versions=dropped,
        kept=kept,
        bytes=max(size - _size(storage, after), 0),
        seconds=time.monotonic() - started,
        generation=after.generation,
    )


def _size(storage: Storage, manifest: Manifest) -> int:
    return sum(entry.size for entry in manifest.entries())


def _check_removed(storage: Storage, after: Manifest) -> None:
    """IndexProblem while a file of any earlier generation is there, whoever failed to remove it."""
    left = sorted(index_files(storage) - after.files())
    if left:
        raise IndexProblem(
            f"{len(left)} files of the time before could not be removed, and hold what was deleted "
            f"({', '.join(left[:3])})",
            path=str(storage.path or "the index in memory"),
            hint="Close what has the index open, check the folder's permissions, and purge it again",
        )
