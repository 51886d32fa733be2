"""An index that an earlier version of the program made is made anew by itself, when nothing is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import SourceMissing, Unreadable
from ..index.limits import Limits
from ..index.reports import UpdateReport
from . import terminal

if TYPE_CHECKING:
    from ..search.facade import Index
    from .progress import Meter

__all__ = ["make_anew"]

_WHY = "the index was made by an earlier version of this program"


def make_anew(
    index: Index,
    include: Sequence[str] | None,
    exclude: Sequence[str] | None,
    language: str | None,
    keep_versions: bool | None,
    allow_removals: bool,
    *,
    semantic: bool | None,
    wait: float,
    workers: int | None,
    limits: Limits,
    progress: Meter,
) -> UpdateReport:
    """Rebuild from all that it was made from, and say so.

    Where that would lose anything, nothing is changed: SourceMissing when a source is not at hand,
    RemovalsRefused when texts that only the index holds cannot be taken over.
    """
    try:
        report = index.update(
            include=include,
            exclude=exclude,
            language=language,
            rebuild=True,
            allow_removals=allow_removals,
            keep_versions=keep_versions,
            semantic=semantic,
            wait=wait,
            workers=workers,
            limits=limits,
            progress=progress,
        )
    except (SourceMissing, Unreadable) as error:
        error.message = f"{_WHY}, and cannot be made anew: {error.message}"
        error.hint = (
            "Nothing was changed. Put it back; or, to do without it, name all paths that shall stay: "
            "docsearch index --rebuild --allow-removals PATHS"
        )
        raise
    progress.clear()
    terminal.say(f"{_WHY}: all of it was read again")
    return report
