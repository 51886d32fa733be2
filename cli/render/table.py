"""Hits as a table for the eye: one line each, to see many at a glance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tabulate import tabulate

from ...search.results import Hit
from . import words
from .page import Page
from .safe import one_line
from .width import clip, columns

__all__ = ["render"]

_BETWEEN = 2  # columns of the screen between two of the table
_HEADER = 2  # more than its name is what tabulate gives a column
_TITLE = 30
_PLACE = 24
_LONGEST_PLACE = 60
_DATES_FROM = 60  # columns of the screen; below, dates give way to titles


def render(page: Page, width: int, *, group: bool = False) -> str:
    """A line for each hit, then what the answer says of itself; no hits: "".

    group: the hits are the best paragraphs of their documents, so documents are counted.

    Titles and places are cut so that a line takes `width` columns. Citations are whole or left out, because
    a cut one finds nothing: they are shown where titles and places keep room enough beside them.
    """
    hits = page.results.hits
    if not hits:
        return ""
    ranks = [str(hit.rank) for hit in hits]
    dates = [_date(hit) for hit in hits]
    citations = [one_line(hit.citation) for hit in hits]
    dated = any(dates) and width >= _DATES_FROM
    room = width - _BETWEEN - _taken("#", ranks) - (_taken("date", dates) if dated else 0)
    widest_title = _widest("title", [one_line(hit.title) for hit in hits])
    widest_place = _widest("where", [_place(hit, _LONGEST_PLACE) for hit in hits])
    needed = min(widest_title, _TITLE) + min(widest_place, _PLACE)
    cited = room - _taken("citation", citations) >= needed
    if cited:
        room -= _taken("citation", citations)
    # Places give way first, down to half of the room, then titles.
    title = min(widest_title, room - min(widest_place, room // 2))
    place = min(widest_place, room - title)
    named = {"#": ranks, "title": [clip(one_line(hit.title), title) for hit in hits]}
    if dated:
        named["date"] = dates
    named["where"] = [clip(_place(hit, place), place) for hit in hits]
    if cited:
        named["citation"] = citations
    align = ["right", *["left"] * (len(named) - 1)]
    table = tabulate(named, headers="keys", tablefmt="simple", colalign=align, disable_numparse=True)
    return "\n".join([table, "", *_footer(page, width, group, cited=cited)]) + "\n"


def _taken(name: str, cells: Sequence[str]) -> int:
    return _widest(name, cells) + _BETWEEN


def _widest(name: str, cells: Sequence[str]) -> int:
    return max(columns(name) + _HEADER, *map(columns, cells))


def _date(hit: Hit) -> str:
    return f"{hit.date}?" if hit.date and hit.date.guessed else str(hit.date or "")


def _place(hit: Hit, width: int) -> str:
    return words.trail(hit.title, hit.headings, words.hit_whereabouts(hit), width)


def _footer(page: Page, width: int, group: bool, *, cited: bool) -> Iterator[str]:
    yield from words.summary(page, width, group)
    if not cited:
        yield "citations: in a wider window, or with --format text"
