"""Reading order: rows of runs, and where columns stand side by side.

A gutter is an edge at which several runs begin while none crosses it. What stands on both sides of one is
two columns where the file itself holds one side after the other, or where both sides are filled with
running text; else it is a table, and is read row by row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby, pairwise
from statistics import median

from .shapes import Run

__all__ = ["Placed", "regions", "rows_of"]

Placed = tuple[int, Run]
"""A run, and its place in the order of the file."""

Row = list[Placed]

_SAME_ROW = 0.4  # of the letters' size
_SAME_EDGE = 2.0  # points
_FEWEST = 3  # runs at one edge, and on each side of a gutter
_MOST_EDGES = 12
_FILLED = 0.6  # of a column's width, in the median
_SOME_TEXT = 60  # letters on each side of a gutter
_NEARLY_ALL = 0.9  # of a band's rows
_DEEPEST = 6


def rows_of(runs: Sequence[Run]) -> list[Row]:
    """The runs by rows from the top, each from left to right (from right to left where it is written so)."""
    placed = sorted(enumerate(runs), key=lambda pair: pair[1].base)
    rows: list[Row] = []
    base = float("-inf")
    for pair in placed:
        run = pair[1]
        if run.base - base > _SAME_ROW * max(run.size, 1.0):
            rows.append([pair])
            base = run.base
        else:
            rows[-1].append(pair)
    for row in rows:
        if len(row) > 1:
            row.sort(key=lambda pair: pair[1].left, reverse=_is_from_right(row[0][1].text))
    return rows


def _is_from_right(text: str) -> bool:
    return any("\u0590" <= letter <= "\u08ff" for letter in text[:20])


def regions(rows: list[Row], depth: int = 0) -> list[list[Row]]:
    """The rows cut into regions to be read one after the other: columns, and what spans them."""
    found = _widest_band(rows) if len(rows) >= _FEWEST and depth < _DEEPEST else None
    if found is None:
        return [rows] if rows else []
    edge, first, last = found
    left = [kept for row in rows[first:last] if (kept := [pair for pair in row if pair[1].left < edge])]
    right = [kept for row in rows[first:last] if (kept := [pair for pair in row if pair[1].left >= edge])]
    parts = (rows[:first], left, right, rows[last:])
    return [region for part in parts for region in regions(part, depth + 1)]


def _widest_band(rows: list[Row]) -> tuple[float, int, int] | None:
    """The gutter with the most rows beside it: its edge, and the range of the rows."""
    best: tuple[int, float, int, int] | None = None
    for edge in _edges(rows):
        for found in _bands(rows, edge):
            columns = _columns_in(rows, edge, *found)
            if columns is None:
                continue
            count = sum(len(row) for row in rows[slice(*columns)])
            if best is None or count > best[0]:
                best = count, edge, *columns
    return best[1:] if best else None


def _edges(rows: list[Row]) -> list[float]:
    """Where several runs begin that do not begin at the left edge of all."""
    lefts = Counter(round(run.left) for row in rows for _, run in row)
    outermost = min(lefts) + 2 * _SAME_EDGE
    edges: list[float] = []
    for left, _ in lefts.most_common():
        count = sum(lefts[left + near] for near in (-1, 0, 1))
        if count >= _FEWEST and left > outermost and all(abs(left - edge) > 4 for edge in edges):
            edges.append(left - _SAME_EDGE)
    return edges[:_MOST_EDGES]


def _bands(rows: list[Row], edge: float) -> list[tuple[int, int]]:
    """Ranges of rows in which no run crosses the edge, and there is text on both sides."""
    bands, first = [], 0
    for index in range(len(rows) + 1):
        crossed = index == len(rows) or any(run.left < edge < run.right - 1 for _, run in rows[index])
        if crossed:
            if index - first >= _FEWEST and (band := _trimmed(rows, edge, first, index)):
                bands.append(band)
            first = index + 1
    return bands


def _trimmed(rows: list[Row], edge: float, first: int, last: int) -> tuple[int, int] | None:
    """The band without what stands on the right only, well above its left side: a date, a letterhead."""
    left = [index for index in range(first, last) if any(run.left < edge for _, run in rows[index])]
    right = [index for index in range(first, last) if any(run.left >= edge for _, run in rows[index])]
    if len(left) < _FEWEST or len(right) < _FEWEST:
        return None
    begins = left[0]
    reach = rows[begins][0][1].base - 1.5 * rows[begins][0][1].size
    while begins > first and rows[begins - 1][0][1].base >= reach:
        begins -= 1
    return begins, last


def _columns_in(rows: list[Row], edge: float, first: int, last: int) -> tuple[int, int] | None:
    """The rows of a band whose two sides are columns, and not the cells of a table or marks before their
    text: all, some, or none."""
    band = rows[first:last]
    if _is_in_order(band, edge):
        return first, last
    part = _by_order(rows, edge, first, last)
    whole = part is None or part[1] - part[0] > _NEARLY_ALL * (last - first)
    if part is not None and not whole:
        return part
    return (first, last) if part is not None or _is_filled(band, edge) else None


def _by_order(rows: list[Row], edge: float, first: int, last: int) -> tuple[int, int] | None:
    """The rows within a band in which one side follows the other in the file: what stands below columns may
    look like more of them, such as a short heading and a table."""
    placed = sorted(pair for row in rows[first:last] for pair in row)
    blocks = [
        (is_right, list(block)) for is_right, block in groupby(placed, key=lambda pair: pair[1].left >= edge)
    ]
    best: tuple[int, set[int]] | None = None
    for (is_right, left), (_, right) in pairwise(blocks):
        beside = min(len(left), len(right)) >= _FEWEST and right[0][1].base < left[-1][1].base
        if not is_right and beside and (best is None or len(right) > best[0]):
            best = len(right), {place for place, _ in left + right}
    if best is None:
        return None
    inside = [all(place in best[1] for place, _ in row) for row in rows[first:last]]
    runs = [(key, len(list(group))) for key, group in groupby(inside)]
    at, longest = first, (first, first)
    for is_inside, length in runs:
        if is_inside and length > longest[1] - longest[0]:
            longest = at, at + length
        at += length
    return longest if _is_in_order(rows[slice(*longest)], edge) else None


def _is_in_order(band: list[Row], edge: float) -> bool:
    """Whether there is text on both sides, and the file holds the left one before the right one."""
    placed = sorted(pair for row in band for pair in row)
    sides = [run.left >= edge for _, run in placed]
    left = [run for _, run in placed if run.left < edge]
    right = [run for _, run in placed if run.left >= edge]
    if min(len(left), len(right)) < _FEWEST or min(_length(left), _length(right)) < _SOME_TEXT:
        return False
    turns = sum(1 for before, after in pairwise(sides) if before != after)
    return turns == 1 and min(_mean_words(left), _mean_words(right)) >= 2


def _is_filled(band: list[Row], edge: float) -> bool:
    """Whether both sides are filled with running text, whatever the order: no cells of a table."""
    left = [run for row in band for _, run in row if run.left < edge]
    right = [run for row in band for _, run in row if run.left >= edge]
    if min(len(left), len(right)) < _FEWEST or min(_words(left), _words(right)) < 4:
        return False
    return min(_fill(left), _fill(right)) >= _FILLED


def _words(runs: list[Run]) -> float:
    return median(run.text.count(" ") + 1 for run in runs)


def _mean_words(runs: list[Run]) -> float:
    return sum(run.text.count(" ") + 1 for run in runs) / len(runs)


def _length(runs: list[Run]) -> int:
    return sum(len(run.text) for run in runs)


def _fill(runs: list[Run]) -> float:
    start, end = min(run.left for run in runs), max(run.right for run in runs)
    return median(run.right - run.left for run in runs) / max(1.0, end - start)
