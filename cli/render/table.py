"""Hits as a table for the eye: one line each, to see many at a glance."""

from __future__ import annotations

from tabulate import tabulate

from ...search.results import Hit
from . import words
from .page import Page
from .safe import one_line
from .width import clip, columns

__all__ = ["render"]

_NAMES = ("#", "title", "date", "where", "citation")
_ALIGN = ("right", "left", "left", "left", "left")
_BETWEEN = 2 * (len(_NAMES) - 1)
_NARROWEST = 12
_LONGEST_PLACE = 60


def render(page: Page, width: int) -> str:
    """A line for each hit. Titles and places are cut so that a line takes `width` columns where it can;
    citations are always whole, because a cut one finds nothing."""
    if not page.results:
        return ""
    rows = [_row(hit) for hit in page.results]
    widest = [max(3, *(columns(cell) for cell in column)) for column in zip(_NAMES, *rows, strict=True)]
    room = width - _BETWEEN - widest[0] - widest[2] - widest[4]
    # Places give way first, down to two fifths of the room, then titles.
    where = max(min(widest[3], room - widest[1]), min(widest[3], room * 2 // 5), _NARROWEST)
    title = max(room - where, 2 * _NARROWEST)
    cut = [
        (rank, clip(name, title), date, clip(place, where), cite) for rank, name, date, place, cite in rows
    ]
    return tabulate(cut, headers=_NAMES, tablefmt="simple", colalign=_ALIGN, disable_numparse=True) + "\n"


def _row(hit: Hit) -> tuple[str, str, str, str, str]:
    date = f"{hit.date}?" if hit.date and hit.date.guessed else str(hit.date or "")
    page = f", p. {one_line(hit.page)}" if hit.page else ""
    where = words.trail(hit.title, hit.headings, f"¶ {hit.paragraph}{page}", _LONGEST_PLACE)
    return str(hit.rank), one_line(hit.title), date, where, one_line(hit.citation)
