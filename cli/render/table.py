"""Hits as a table for the eye: one line each, to see many at a glance."""

from __future__ import annotations

from tabulate import tabulate

from ...search.results import Hit
from . import words
from .page import Page
from .safe import one_line
from .width import clip

__all__ = ["render"]

_NAMES = ("#", "title", "date", "where", "citation")
_GAPS = 2 * (len(_NAMES) - 1)
_NARROWEST = 16


def render(page: Page, width: int) -> str:
    """A line for each hit. Titles and places are cut so that a line takes `width` columns where it can;
    citations are always whole, because a cut one finds nothing."""
    if not page.results:
        return ""
    fixed = max(len(hit.citation) for hit in page.results) + len(str(page.results[-1].rank)) + 10 + _GAPS
    room = max((width - fixed) // 2, _NARROWEST)
    rows = [_row(hit, room) for hit in page.results]
    align = ("right", "left", "left", "left", "left")
    return tabulate(rows, headers=_NAMES, tablefmt="simple", colalign=align, disable_numparse=True) + "\n"


def _row(hit: Hit, room: int) -> tuple[str, ...]:
    date = f"{hit.date}?" if hit.date and hit.date.guessed else str(hit.date or "")
    page = f", p. {one_line(hit.page)}" if hit.page else ""
    where = words.trail(hit.title, hit.headings, f"¶ {hit.paragraph}{page}", room)
    return str(hit.rank), clip(one_line(hit.title), room), date, clip(where, room), one_line(hit.citation)
