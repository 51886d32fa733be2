"""Rows of a sheet or a delimited file become paragraphs, with the names of their columns.

Where rows are parted by empty ones they are blocks, each with a head of its own, or under the last one. A
head is a row of words, nearly as wide as the block, over columns of numbers or of other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..draft import Draft, clean
from .numerals import columns

__all__ = ["Cell", "Row", "Rows", "letter_of"]

_SEEN = 30  # rows of a block that are looked at for its head
_HEAD_WITHIN = 10  # rows among which the head is
_NAME_LONGEST = 100
_NAMES_LONGEST = 40  # characters of the names in the middle, where nothing but words stands below
_WIDE = 0.6  # of the block's width
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NUMBER = re.compile(
    r"[-+−(]?[$€£¥]?\s?[0-9][0-9.,' %)]*(?:[€£$]|[eE][-+]?[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*"
)


class Cell(NamedTuple):
    """column: from 0. words: folded into one line, not empty. number: it is no word: a number, a date."""

    column: int
    words: str
    number: bool

    @classmethod
    def of(cls, column: int, words: str, number: bool | None = None) -> Cell | None:
        """A cell of any words; None when they are none. number: None to tell by the words."""
        words = clean(words).replace("\n", " ")
        if not words:
            return None
        if number is None:
            number = not words[0].isalpha() and bool(_NUMBER.fullmatch(words))
        return cls(column, words, number)


class Row(NamedTuple):
    """number: from 0. label: as people write it (`B5`)."""

    number: int
    label: str
    cells: Sequence[Cell]


def letter_of(column: int) -> str:
    """
    >>> letter_of(0), letter_of(27)
    ('A', 'AB')
    """
    return columns(column + 1).upper()


class Rows:
    """Writes the rows of one sheet into a draft, in order. Call `finish` behind the last."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._names: dict[int, str] = {}
        self._waiting: list[Row] = []
        self._settled = False  # whether the head of this block is known
        self._last = -1

    def add(self, row: Row) -> None:
        """Add a row; TooMuch as `Draft` says. A row without cells ends the block."""
        if not row.cells or (self._last >= 0 and row.number > self._last + 1):
            self._end_block()
        self._last = row.number
        if not row.cells:
            return
        if self._settled:
            self._write(row)
            return
        self._waiting.append(row)
        if len(self._waiting) >= _SEEN:
            self._settle()

    def finish(self) -> None:
        """Write what is still held back."""
        self._end_block()

    def _end_block(self) -> None:
        self._settle()
        self._settled = False

    def _settle(self) -> None:
        """Decide on the head of the block, and write the rows that waited for it."""
        waiting, self._waiting = self._waiting, []
        self._settled = True
        place = _head(waiting, first=not self._names)
        for index, row in enumerate(waiting):
            if index != place:
                self._write(row)
                continue
            named = (below for below in waiting[index + 1 :] if len(below.cells) > 1)
            filled = {cell.column for below in named for cell in below.cells}
            if not filled.issuperset(cell.column for cell in row.cells):
                self._names = {}
                self._write(row)  # so that names over nothing are found, too
            self._names = {cell.column: cell.words.rstrip(" :") for cell in row.cells}

    def _write(self, row: Row) -> None:
        parts = [self._worded(cell) if len(row.cells) > 1 else cell.words for cell in row.cells]
        words = "; ".join(parts)
        self._draft.cell(row.label, row.number)
        self._draft.paragraph(words, "table" if len(row.cells) > 1 else "text")

    def _worded(self, cell: Cell) -> str:
        name = self._names.get(cell.column)
        return f"{name}: {cell.words}" if name else cell.words


def _head(rows: Sequence[Row], first: bool) -> int | None:
    """Which of a block's rows is its head; None when it has none. first: no block above has one."""
    width = max((len(row.cells) for row in rows), default=0)
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        if len(row.cells) < max(2, _WIDE * width):
            continue
        return place if _is_head(row, rows[place + 1 :], first) else None
    return None


def _is_head(row: Row, below: Sequence[Row], first: bool) -> bool:
    """Whether the first wide row names what stands below."""
    words = [cell.words for cell in row.cells]
    named = [cell for cell in row.cells if not cell.number]
    if not below or not named or len(set(words)) < len(words) or max(map(len, words)) > _NAME_LONGEST:
        return False
    if not all(_YEAR.fullmatch(cell.words) for cell in row.cells if cell.number):
        return False
    stacks: dict[int, list[Cell]] = {}
    for other in below:
        for cell in other.cells:
            stacks.setdefault(cell.column, []).append(cell)
    if any(_mostly_numbers(stacks.get(cell.column, [])) for cell in named):
        return True
    recurs = any(cell.words in {other.words for other in stacks.get(cell.column, [])} for cell in row.cells)
    return first and not recurs and sorted(map(len, words))[len(words) // 2] <= _NAMES_LONGEST


def _mostly_numbers(cells: Sequence[Cell]) -> bool:
    return bool(cells) and 2 * sum(cell.number for cell in cells) > len(cells)
