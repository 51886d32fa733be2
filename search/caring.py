"""Looking after an index: what it holds, whether its files are whole, writing them anew."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from ..index.manifest import FORMAT
from ..index.reports import Status
from ..index.storage import FolderStorage, Storage

if TYPE_CHECKING:
    from ..index.checking import CheckReport
    from ..index.engine import LocalEngine
    from ..index.repair import RepairReport

__all__ = ["check", "repair", "status_of"]


def check(path: str | os.PathLike[str], *, deep: bool = False, sources: bool = False) -> CheckReport:
    """Read every file of the index at a path and compare it with its checksums.

    deep: also index the stored texts again and compare, which takes as long as indexing them.
    sources: also compare the files that were read with what they are now.
    Raises IndexMissing where there is no index, IndexIncompatible for one of another format.
    """
    from ..index import checking  # loaded by those who check

    return checking.check(FolderStorage(path), deep=deep, sources=sources)


def repair(path: str | os.PathLike[str], *, wait: float = 10.0) -> RepairReport:
    """Write the index at a path anew from the texts that it holds, in one commit.

    Documents that cannot be read are left out and told: the next `Index.update` reads again what came from
    files. wait: seconds to wait for another writer; then IndexLocked.
    Raises IndexMissing where there is no index, IndexCorrupt when its manifest cannot be read.
    """
    from ..index import repair as repairing  # as above

    return repairing.repair(FolderStorage(path), wait=wait)


def status_of(engine: LocalEngine, storage: Storage) -> Status:
    """What the index holds that an engine answers from. storage: of its files."""
    manifest = engine.manifest
    return Status(
        path=str(storage.path or ""),
        format=FORMAT,
        generation=manifest.generation,
        created=dt.datetime.fromisoformat(manifest.created),
        updated=dt.datetime.fromisoformat(manifest.updated),
        incomplete=not manifest.complete,
        roots=manifest.roots,
        documents=manifest.documents,
        sections=manifest.sections,
        paragraphs=manifest.paragraphs,
        languages=manifest.languages,
        gaps=manifest.gaps,
        segments=len(manifest.segments),
        size=sum(storage.size(name) for name in manifest.files()),
        analysers=manifest.analysers,
        keep_versions=manifest.keep_versions,
        versions=sum(entry.documents for entry in manifest.versions),
        versions_size=sum(entry.file.size for entry in manifest.versions),
        semantic=manifest.semantic,
        vectors_size=sum(entry.vectors.size for entry in manifest.segments if entry.vectors),
    )
