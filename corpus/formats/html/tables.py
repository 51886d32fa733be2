"""Tables: their rows, and which of them only lay out a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .tree import HEADINGS, Element
from .visible import is_shown

__all__ = ["enumerated_rows", "has_strays", "is_layout", "rows_of"]

_LONG = 1_000  # characters of a cell that is rather a column of a page
_PROSE = frozenset({"p", "ul", "ol", "blockquote", "pre", "dl"})
_ENUMERATOR = re.compile(
    r"\(?(?:[0-9]{1,3}[a-z]?|[a-z]{1,3}|[ivxlc]{1,6})[.)]|[-–—•·*]|\([0-9a-z]{1,4}\)", re.IGNORECASE
)


def rows_of(table: Element) -> Iterator[list[Element]]:
    """The rows of a table without those of tables in it."""
    for child in table.children:
        if isinstance(child, Element):
            if child.name == "tr":
                yield [
                    cell for cell in child.children if isinstance(cell, Element) and cell.name in ("td", "th")
                ]
            elif child.name in ("tbody", "thead", "tfoot"):
                yield from rows_of(child)


def is_layout(table: Element) -> bool:
    """Whether a table holds a page rather than figures: one column, tables or headings in it, long prose."""
    if table.get("role") in ("presentation", "none"):
        return True
    inner = {one.name for one in table.elements()}
    if "table" in inner or (HEADINGS & inner) or "tr" not in inner:
        return True
    rows = list(rows_of(table))
    if has_strays(table) or max(map(len, rows), default=0) < 2:
        return True
    cells = [cell for row in rows for cell in row]
    if any(len(cell.words()) > _LONG for cell in cells):
        return True
    return len(rows) == 1 and any(one.name in _PROSE for cell in cells for one in cell.elements())


def has_strays(table: Element) -> bool:
    """Whether words stand between the cells of a table, where no row would show them."""
    for child in table.children:
        if isinstance(child, str):
            if child.strip():
                return True
        elif child.name in ("tr", "tbody", "thead", "tfoot"):
            if has_strays(child):
                return True
        elif child.name not in ("td", "th", "caption") and is_shown(child) and child.words().strip():
            return True
    return False


def enumerated_rows(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are the items of a list: a number or bullet, and what it stands before."""
    filled = [[cell for cell in row if cell] for row in rows]
    return any(filled) and all(
        not row or (len(row) == 2 and _ENUMERATOR.fullmatch(row[0]) is not None) for row in filled
    )
