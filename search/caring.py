"""Looking after an index that may not be in a state to be opened."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..index.storage import FolderStorage

if TYPE_CHECKING:
    from ..index.checking import CheckReport
    from ..index.repair import RepairReport

__all__ = ["check", "repair"]


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
