"""From the runs of a page to its lines in reading order, with the cells of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count, pairwise

from .columns import Placed, regions, rows_of
from .shapes import Line, Run

__all__ = ["lines_of"]

_MARK = re.compile(
    r"[•‣◦▪▫●○■□◆➢✓*–—·-]|\(?(?:\d{1,3}[a-z]?|[a-zA-Z]{1,2}|[ivxlcIVXLC]{1,6})[.)]\.?"
    r"|\d{1,3}(?:\.\d{1,3})*\.?|[A-Z]\.\d+(?:\.\d+)*|§§?\s?\d+[a-z]?\.?|(?:article|art|section|sec|chapter|part)\.?\s\w{1,6}[.:]?",
    re.IGNORECASE,
)
_ALIGNED = 3.0  # points
_LEADING = 1.35  # of the letters' size: lines of one cell


def lines_of(page: int, runs: Sequence[Run], columns: Iterator[int]) -> list[Line]:
    """The lines of a page, in reading order. columns: gives each column its number."""
    lines: list[Line] = []
    for region in regions(rows_of(runs)):
        lines.extend(_region(page, region, next(columns)))
    return lines


def _region(page: int, rows: list[list[Placed]], column: int) -> Iterator[Line]:
    bare = [_with_marks([run for _, run in row]) for row in rows]
    start = min(run.left for row in bare for run in row)
    end = max(run.right for row in bare for run in row)
    index = 0
    while index < len(bare):
        last = _table_end(bare, index)
        if last > index:
            for cells in _table_rows(bare[index:last]):
                yield _line(cells, page, column, start, end, cells=tuple(cells))
            index = last
        else:
            yield _line(bare[index], page, column, start, end)
            index += 1


def _with_marks(row: list[Run]) -> list[Run]:
    """A row in which a bullet or an enumerator and its text are one run."""
    if len(row) == 2 and _MARK.fullmatch(row[0].text.strip()):
        return [_merged(row)]
    return row


def _merged(runs: Sequence[Run]) -> Run:
    text = max(runs, key=lambda run: len(run.text))
    return Run(
        " ".join(run.text for run in runs),
        min(run.left for run in runs),
        max(run.right for run in runs),
        text.base,
        text.size,
        text.bold,
        runs[0].first,
        runs[-1].hyphen,
    )


def _line(
    row: Sequence[Run], page: int, column: int, start: float, end: float, cells: tuple[Run, ...] = ()
) -> Line:
    run = row[0] if len(row) == 1 else _merged(row)
    return Line(*run[:8], page, column, start, end, cells)


def _table_end(rows: list[list[Run]], index: int) -> int:
    """Where the table ends that begins at a row; `index` where there is none."""
    if len(rows[index]) < 2:
        return index
    last, full = index + 1, 1
    edges = list(rows[index])
    while last < len(rows):
        row = rows[last]
        close = row[0].base - rows[last - 1][0].base <= 3.5 * max(row[0].size, 1.0)
        if not close or not _fits(row, edges):
            break
        full += len(row) > 1
        edges = list(row) if len(row) > len(edges) else edges
        last += 1
    while last > index + 1 and len(rows[last - 1]) < 2 and not _continues(rows, last - 1):
        last -= 1
    return last if full >= 2 else index


def _fits(row: list[Run], edges: list[Run]) -> bool:
    """Whether the cells of a row stand where those of another do."""
    if len(row) == 1:
        return _is_cell(row[0], edges)
    matched = sum(1 for cell in row if any(_is_aligned(cell, other) for other in edges))
    return matched >= 2 or (matched == 1 and len(row) <= 2 and not _is_aligned(row[0], edges[0]))


def _is_cell(run: Run, edges: list[Run]) -> bool:
    """Whether a run alone in its row stands in one of the columns, and in no other."""
    for place, cell in enumerate(edges):
        following = edges[place + 1].left if place + 1 < len(edges) else float("inf")
        if abs(run.left - cell.left) <= _ALIGNED:
            return run.right < following
        if abs(run.right - cell.right) <= _ALIGNED and run.text[-1:].isdigit():
            return place == 0 or run.left > edges[place - 1].right
    return False


def _is_aligned(cell: Run, other: Run) -> bool:
    return (
        abs(cell.left - other.left) <= _ALIGNED
        or abs(cell.right - other.right) <= _ALIGNED
        or abs(cell.left + cell.right - other.left - other.right) <= 2 * _ALIGNED
    )


def _continues(rows: list[list[Run]], index: int) -> bool:
    return rows[index][0].base - rows[index - 1][0].base <= _LEADING * max(rows[index][0].size, 1.0)


def _table_rows(rows: list[list[Run]]) -> list[list[Run]]:
    """The rows of a table, with cells of several lines made one."""
    gaps = [below[0].base - row[0].base for row, below in pairwise(rows)]
    apart = (min(gaps) + max(gaps)) / 2 if gaps and min(gaps) < 0.8 * max(gaps) else 0.0
    made: list[list[Run]] = [list(rows[0])]
    for gap, row in zip(gaps, rows[1:], strict=True):
        widest = made[-1]
        hangs = not _is_aligned(row[0], widest[0]) and len(row) < len(widest)
        if (apart and gap < apart) or (not apart and hangs):
            _continue_row(widest, row)
        else:
            made.append(list(row))
    return made


def _continue_row(row: list[Run], more: list[Run]) -> None:
    for cell in more:
        nearest = min(range(len(row)), key=lambda at: abs(row[at].left - cell.left))
        above = row[nearest]
        text = above.text + cell.text if above.hyphen else f"{above.text} {cell.text}"
        row[nearest] = above._replace(text=text, right=max(above.right, cell.right), hyphen=cell.hyphen)


def numbers() -> Iterator[int]:
    """Numbers for columns."""
    return count()
