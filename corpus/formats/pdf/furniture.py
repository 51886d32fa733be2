"""Running heads and feet, page numbers and line numbers: what is printed on pages but belongs to no text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .columns import rows_of
from .shapes import Page, Run

__all__ = ["strip"]

_ZONE = 0.14  # of a page's height, at the top and at the bottom
_SHORT = 40  # letters
_ROWS = 4  # rows at either end that are looked at
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:[-–—\[(|]\s*)?(?:(?:page|seite|página|pagina|pág|p|s)\.?\s*)?"
    r"(?P<number>\d{1,5}|[ivxlc]{1,8}|[A-Z]{1,2}-\d{1,4})(?:\s*(?:of|von|de|di|/|\|)\s*\d{1,5})?(?:\s*[-–—\])|])?",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_FEWEST_NUMBERED = 8  # lines of a page that bear numbers


class _Margin(NamedTuple):
    """A row near an edge of a page. depth: rows between it and the edge."""

    page: int
    bottom: bool
    depth: int
    words: str
    base: float
    size: float
    runs: tuple[Run, ...]


def strip(pages: Sequence[Page]) -> dict[int, str]:
    """Take running heads and feet, page numbers and line numbers out of pages; the printed numbers by page.

    A row is taken for one where the same words stand at the same height on several pages, with numbers
    that count them, or where it is nothing but a number at an edge that goes along with the pages.
    """
    for page in pages:
        _strip_line_numbers(page)
    margins = [margin for page in pages for margin in _margins(page)]
    numbers = _printed_numbers(margins)
    alone = {place for place in numbers if len(margins[place].runs) == 1 and _is_number(margins[place].words)}
    taken = _repeated(margins, len(pages)) | alone | _numbered_heads(margins, numbers)
    if len(pages) == 1:
        taken.update(place for place, margin in enumerate(margins) if _is_first_page(margin))
    labels: dict[int, str] = {}
    drop: dict[int, set[int]] = defaultdict(set)
    for place, margin in enumerate(margins):
        if place in taken:
            drop[margin.page].update(map(id, margin.runs))
        if place in numbers:
            labels.setdefault(margin.page, numbers[place])
    for page in pages:
        if gone := drop.get(page.index):
            page.runs = [run for run in page.runs if id(run) not in gone]
    return labels


def _margins(page: Page) -> list[_Margin]:
    zone = _ZONE * page.height
    near = [run for run in page.runs if run.base < zone or run.base > page.height - zone]
    if not near:
        return []
    rows = [[run for _, run in row] for row in rows_of(near)]
    top = [row for row in rows if row[0].base < zone][:_ROWS]
    bottom = [row for row in rows if row[0].base > page.height - zone][::-1][:_ROWS]
    return [
        _margin(page.index, is_bottom, depth, row)
        for is_bottom, side in ((False, top), (True, bottom))
        for depth, row in enumerate(side)
    ]


def _margin(page: int, bottom: bool, depth: int, row: list[Run]) -> _Margin:
    words = " ".join(run.text for run in row)
    return _Margin(page, bottom, depth, words, row[0].base, max(run.size for run in row), tuple(row))


def _repeated(margins: Sequence[_Margin], pages: int) -> set[int]:
    """Places of rows that stand at the same height on several pages, from the edge inwards."""
    groups: dict[tuple[bool, str], list[int]] = defaultdict(list)
    for place, margin in enumerate(margins):
        groups[margin.bottom, _DIGITS.sub("#", " ".join(margin.words.casefold().split()))].append(place)
    enough = 3 if pages > 3 else 2
    candidates: set[int] = set()
    for (_, words), places in groups.items():
        for group in _at_one_height(margins, places):
            if len({margins[place].page for place in group}) >= enough and _runs_along(margins, group, words):
                candidates.update(group)
    outer: dict[tuple[int, bool], int] = {}
    taken: set[int] = set()
    for place in sorted(candidates, key=lambda place: margins[place].depth):
        margin = margins[place]
        reached = outer.get((margin.page, margin.bottom), 0)
        if margin.depth <= reached + (1 if margin.depth else 0):
            taken.add(place)
            outer[margin.page, margin.bottom] = max(reached, margin.depth)
    return taken


def _at_one_height(margins: Sequence[_Margin], places: list[int]) -> list[list[int]]:
    ordered = sorted(places, key=lambda place: margins[place].base)
    groups: list[list[int]] = [ordered[:1]]
    for before, after in pairwise(ordered):
        if margins[after].base - margins[before].base > 3:
            groups.append([])
        groups[-1].append(after)
    return groups


def _runs_along(margins: Sequence[_Margin], group: list[int], words: str) -> bool:
    """Whether rows that differ in numbers only are the same, or count pages; chapters count themselves."""
    if "#" not in words:
        return True
    texts = {margins[place].words for place in group}
    if len(texts) <= max(1, len(group) // 3):
        return True
    if len(group) < 3 and len(words) > _SHORT:  # it may be a note
        return False
    offsets = {
        int(number) - margins[place].page
        for place in group
        for number in _DIGITS.findall(margins[place].words)[-1:]
        if len(number) < 9
    }
    first = {
        int(number) - margins[place].page
        for place in group
        for number in _DIGITS.findall(margins[place].words)[:1]
        if len(number) < 9
    }
    return min(len(offsets), len(first)) <= max(1, len(group) // 4)


def _printed_numbers(margins: Sequence[_Margin]) -> dict[int, str]:
    """Rows that hold a number which goes along with the pages, and that number."""
    by_offset: dict[tuple[bool, bool, int], list[tuple[int, str]]] = defaultdict(list)
    for place, margin in enumerate(margins):
        for run in margin.runs:
            found = _NUMBER.fullmatch(run.text.strip())
            number = found["number"] if found else _edge_number(run.text)
            value = _value(number)
            if value is not None and margin.depth <= 1:
                key = margin.bottom, number.isdigit(), value - margin.page
                by_offset[key].append((place, number))
    numbers: dict[int, str] = {}
    for members in sorted(by_offset.values(), key=len):
        if len({margins[place].page for place, _ in members}) >= 2:
            numbers.update(members)
    return numbers


def _numbered_heads(margins: Sequence[_Margin], numbers: dict[int, str]) -> set[int]:
    """Places of outermost rows at one height of which many bear the number of their page: their words may
    change from chapter to chapter."""
    outermost = [place for place in numbers if margins[place].depth == 0]
    taken: set[int] = set()
    for bottom in (False, True):
        places = [place for place in outermost if margins[place].bottom is bottom]
        for group in _at_one_height(margins, places) if places else ():
            if len(group) > 3:
                taken.update(group)
    return taken


def _is_number(words: str) -> bool:
    return _NUMBER.fullmatch(words.strip()) is not None


def _is_first_page(margin: _Margin) -> bool:
    """Whether a row is but the number of a single page."""
    return margin.depth == 0 and margin.words.strip(" -–—") in ("1", "Page 1", "Page 1 of 1", "1 / 1", "1/1")


def _edge_number(words: str) -> str:
    """The number at the beginning or end of a running head; "" when there is none."""
    parts = words.split()
    return next((part for part in (parts[0], parts[-1]) if part.isdigit()), "")


def _value(number: str) -> int | None:
    number = number.rpartition("-")[2].lower()
    if number.isdecimal():
        return int(number) if len(number) < 6 else None
    if not number or not set(number) <= _ROMAN.keys():
        return None
    values = [_ROMAN[letter] for letter in number]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _strip_line_numbers(page: Page) -> None:
    """Take away the numbers of lines, as bills have them in the margin."""
    numbers = [run for run in page.runs if run.text.isdecimal() and len(run.text) < 4]
    if len(numbers) < _FEWEST_NUMBERED:
        return
    edge = min(run.left for run in page.runs)
    column = sorted((run for run in numbers if run.left - edge < 15), key=lambda run: run.base)
    values = [int(run.text) for run in column]
    counting = sum(1 for before, after in pairwise(values) if after - before in (1, 5))
    if len(column) >= _FEWEST_NUMBERED and counting >= 0.9 * (len(column) - 1):
        gone = set(map(id, column))
        page.runs = [run for run in page.runs if id(run) not in gone]
