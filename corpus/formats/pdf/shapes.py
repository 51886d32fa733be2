"""What the stages of reading a PDF hand on: runs of words, lines, blocks.

Lengths are in points (1/72 inch). Places are of the page as it is read: x grows to the right, `base`, the
baseline, downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Block", "Entry", "Line", "Page", "Run"]


class Run(NamedTuple):
    """Words of one line without a wide gap between them, in the order of the file.

    first: the width of its first word. hyphen: it ends with a hyphen that was at the end of a line (and is
    not in `text`).
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    first: float
    hyphen: bool


@dataclass(slots=True)
class Page:
    """A page as the library gives it. index: from 0. label: printed number as the file states it.

    images: whether an image covers a good part of it. scanned: its runs were recognised in its picture.
    asides: runs that are turned against the others.
    """

    index: int
    width: float
    height: float
    label: str = ""
    runs: list[Run] = field(default_factory=list)
    asides: list[Run] = field(default_factory=list)
    images: bool = False
    scanned: bool = False


class Entry(NamedTuple):
    """An entry of the outline. level: from 1; page: index from 0; base: downwards, None when not told."""

    title: str
    level: int
    page: int
    base: float | None


@dataclass(slots=True)
class Line:
    """A line of a column, in reading order.

    start, end: the left and right edges of its column. column: a number that is new for each column.
    cells: the runs of it, where they stand as in a table; else ().
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    bold: bool
    first: float
    hyphen: bool
    page: int
    column: int
    start: float
    end: float
    cells: tuple[Run, ...] = ()


@dataclass(slots=True)
class Block:
    """Lines that belong together: a paragraph, an item, a table; perhaps a heading.

    kind: as of a paragraph. note: it stands below the text in smaller letters. level: of a heading; 0: none.
    """

    lines: list[Line]
    kind: str = "text"
    note: bool = False
    level: int = 0
