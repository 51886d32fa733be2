"""Telling when something in the roots of an index has changed, by the operating system's notices."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..corpus.ignore import NAME
from ..corpus.walk import is_within
from ..errors import IndexProblem
from .root import Root

__all__ = ["changes", "require_watchfiles"]

_TOGETHER_MS = 5_000  # changes that go on and on are told at last
_QUIET_MS = 500  # after which changes are told
_LOOK_MS = 2_000  # between two looks at what no notice tells


def require_watchfiles() -> None:
    """IndexProblem where the library that folders are followed with is not installed."""
    try:
        import watchfiles  # noqa: F401  # not at the top: few follow anything
    except ModuleNotFoundError as error:
        raise IndexProblem(
            "following folders needs the library watchfiles, which is not installed",
            hint="pip install 'policy-docsearch[watch]'",
        ) from error


def changes(roots: Sequence[Root], index: Path | None, stop: threading.Event) -> Iterator[None]:
    """Step when something may have changed; at first, too, as soon as notices come. Ends when `stop` is set.

    index: the folder of the index, whose files do not count. IndexProblem without the library watchfiles.
    """
    require_watchfiles()
    import watchfiles

    notable = _Notable(roots, index)
    while not stop.is_set():
        seen = _look(roots)
        paths = [root.path for root, look in zip(roots, seen, strict=True) if look is not None]
        if not paths:
            stop.wait(_LOOK_MS / 1000)
            continue
        notices = watchfiles.watch(
            *paths,
            watch_filter=lambda _, path: notable(path),
            debounce=_TOGETHER_MS,
            step=_QUIET_MS,
            stop_event=stop,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
        fresh = True  # something may have changed before the first notice could come
        for notice in notices:
            if notice or fresh:
                fresh = False
                yield None
            elif _look(roots) != seen:
                break  # a root was unmounted, put in another's place, or is a file that was written anew


class _Notable:
    """Whether a change of a path is one to look at: not of the index, and not of what is hidden."""

    def __init__(self, roots: Sequence[Root], index: Path | None) -> None:
        self._roots = sorted({os.path.realpath(root.path) for root in roots}, key=len, reverse=True)
        self._index = None if index is None else os.path.realpath(index)

    def __call__(self, path: str) -> bool:
        path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
        if self._index is not None and is_within(path, self._index):
            return False
        root = next((root for root in self._roots if is_within(path, root)), "")
        *folders, name = path[len(root) :].split(os.sep)
        return (name == NAME or not name.startswith(".")) and not any(
            part.startswith(".") for part in folders
        )


def _look(roots: Sequence[Root]) -> list[tuple[int, ...] | None]:
    """What each root is now: for folders which one, for files also their size and time; None: not there."""
    return [_status(root.path) for root in roots]


def _status(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    which = (status.st_dev, status.st_ino)
    return which if os.path.isdir(path) else (*which, status.st_size, status.st_mtime_ns)
