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
_NARROWEST = 16
_LONGEST_PLACE = 60


def render(page: Page, width: int) -> str:
    """A line for each hit. Titles and places are cut so that a line takes `width` columns where it can;
    citations are always whole, because a cut one finds nothing."""
    if not page.results:
        return ""
    rows = [_row(hit, _LONGEST_PLACE) for hit in page.results]
    widest = [max(3, *map(columns, column)) for column in zip(_NAMES, *rows, strict=True)]
    room = width - _BETWEEN - widest[0] - widest[2] - widest[4]
    # Places give way first, down to two fifths of the room, then titles.
    where = max(min(widest[3], max(room - widest[1], room * 2 // 5)), _NARROWEST)
    title = max(room - where, _NARROWEST + _NARROWEST // 2)
    cut = [(row[0], clip(row[1], title), *row[2:]) for row in (_row(hit, where) for hit in page.results)]
    return tabulate(cut, headers=_NAMES, tablefmt="simple", colalign=_ALIGN, disable_numparse=True) + "\n"


def _row(hit: Hit, where: int) -> tuple[str, str, str, str, str]:
    date = f"{hit.date}?" if hit.date and hit.date.guessed else str(hit.date or "")
    page = f", p. {one_line(hit.page)}" if hit.page else ""
    place = clip(words.trail(hit.title, hit.headings, f"¶ {hit.paragraph}{page}", where), where)
    return str(hit.rank), one_line(hit.title), date, place, one_line(hit.citation)
