"""How many columns text takes on a terminal, and where to break it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

__all__ = ["clip", "columns", "filled", "wrap"]

_WORD = re.compile(r"\S+")


def columns(text: str) -> int:
    """Columns of escaped text: 2 for a wide East Asian character, 0 for one that combines, else 1.

    >>> columns("água"), columns("a\u0301"), columns("水")
    (4, 1, 2)
    """
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def clip(text: str, width: int) -> str:
    """The text itself if it fits, else its beginning and "…": never more than `width` (at least 1) columns.

    >>> clip("precursor chemicals", 10)
    'precursor…'
    """
    if columns(text) <= width:
        return text
    return text[: _fitting(text, 0, width - 1)].rstrip() + "…"


def wrap(text: str, width: int) -> list[tuple[int, int]]:
    """Break at white space into lines of at most `width` (at least 2) columns.

    Returns half-open ranges of the text, in order, without the white space between them; a word longer
    than a line is cut. No words: no lines.
    """
    lines: list[tuple[int, int]] = []
    begin = end = used = 0
    for start, stop in _words(text, width):
        size = columns(text[start:stop])
        gap = min(1, start - end)
        if end > begin and used + gap + size > width:
            lines.append((begin, end))
            begin = end
        if end == begin:
            begin, used, gap = start, 0, 0
        used += gap + size
        end = stop
    if end > begin:
        lines.append((begin, end))
    return lines


def _words(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Ranges of words, those longer than a line in pieces that fill one."""
    for found in _WORD.finditer(text):
        start, stop = found.span()
        while columns(text[start:stop]) > width:
            cut = min(_fitting(text, start, width), stop)
            yield start, cut
            start = cut
        if start < stop:
            yield start, stop


def _fitting(text: str, start: int, width: int) -> int:
    """The end of the longest stretch from `start` within `width` columns; combining characters stay with
    their base."""
    used = 0
    for place in range(start, len(text)):
        used += _columns_of(text[place])
        if used > width:
            return place
    return len(text)


def filled(facts: Iterable[str], width: int) -> Iterator[str]:
    """Facts side by side in lines of at most `width` columns, broken only between two of them, so that an
    option can be copied with its value. One that is wider has a line of its own.

    >>> list(filled(["1–2 of 9 paragraphs", "7 ms", "more: --offset 2"], 30))
    ['1–2 of 9 paragraphs · 7 ms', 'more: --offset 2']
    """
    line = ""
    for fact in filter(None, facts):
        if line and columns(f"{line} · {fact}") > width:
            yield line
            line = fact
        else:
            line = f"{line} · {fact}" if line else fact
    if line:
        yield line
