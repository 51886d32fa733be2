"""Whether a file is still what it was when it was indexed: told by its status alone, for what is shown."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from typing import Literal

from .root import Root, file_of

__all__ = ["Stale", "Staleness", "last_moment"]

Stale = Literal["", "changed", "gone"]
"""Empty: it is as it was, or nobody can tell (a record, or a root that is not at hand)."""


def last_moment(updated: dt.datetime) -> float:
    """The time, in seconds since 1970, from which on a file was written after an index was updated: the time
    of a commit is in whole seconds, rounded down."""
    return updated.timestamp() + 1


class Staleness:
    """Asks the file system about the files of some roots; each answer is as of the call.

    A file has changed when its size is another, or when it was written after the index was last brought up to
    date: an update that finds the same content under a new time notes only that.
    """

    def __init__(self, roots: Sequence[Root], updated: str) -> None:
        """updated: when the index was, ISO 8601."""
        self._roots = {root.name: root.path for root in roots}
        self._present: dict[str, bool] = {}
        try:
            self._updated = last_moment(dt.datetime.fromisoformat(updated))
        except ValueError:
            self._updated = float("inf")

    def of(self, root: str, path: str, size: int | None) -> Stale:
        """size: bytes that the file had; None where that is not known."""
        folder = self._roots.get(root)
        if folder is None:
            return ""
        try:
            status = os.stat(file_of(folder, path))
        except (FileNotFoundError, NotADirectoryError):
            # A name that keys spell in another way than the file system is not looked for.
            known = path and path.isascii() and "%" not in path
            return "gone" if known and self._is_present(folder) else ""
        except (OSError, ValueError):
            return ""
        return "changed" if status.st_mtime > self._updated or size not in (None, status.st_size) else ""

    def _is_present(self, folder: str) -> bool:
        """Whether a root is at hand: of an index from another machine, or of a disk that is not mounted,
        nothing is known."""
        if folder not in self._present:
            self._present[folder] = os.path.isdir(folder)
        return self._present[folder]
