"""An index that an earlier version of the program made is made anew by itself, when nothing is lost by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import SourceMissing, Unreadable
from ..index.reports import UpdateReport
from . import terminal

if TYPE_CHECKING:
    from ..search.facade import Index
    from ..search.options import UpdateOptions
    from .progress import Meter

__all__ = ["make_anew"]

_WHY = "the index was made by an earlier version of this program"


def make_anew(index: Index, asked: UpdateOptions, meter: Meter) -> UpdateReport:
    """Rebuild from all that it was made from, and say so.

    Where that would lose anything, nothing is changed: SourceMissing when a source is not at hand,
    RemovalsRefused when texts that only the index holds cannot be taken over.
    """
    anew: UpdateOptions = {**asked, "rebuild": True}
    try:
        report = index.update(**anew)
    except (SourceMissing, Unreadable) as error:
        error.message = f"{_WHY}, and cannot be made anew: {error.message}"
        error.hint = (
            "Nothing was changed. Put it back; or, to do without it, name all paths that shall stay: "
            "docsearch index --rebuild --allow-removals PATHS"
        )
        raise
    meter.clear()
    terminal.say(f"{_WHY}: all of it was read again")
    return report
