"""Cutting what is too long for one paragraph, where a reader would."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LONGEST", "ROWS", "pieces", "row_groups"]

LONGEST = 8_000
"""Characters. Longer paragraphs are cut: beyond this they are no longer read, nor ranked, as one."""

ROWS = 1_500
"""Characters. Rows of a table stand together in one paragraph up to this, so that a row is found as such."""

_SENTENCE = re.compile(r"[.!?;…。！？][\"'”’»)\]]*\s+")
_SPACE = re.compile(r"\s+")


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, end)` into successive ranges of at most LONGEST characters that cover it.

    A cut falls behind the last sentence of the second half of its window, else behind the last line, else
    behind a space, else (100 MB without any) after LONGEST characters. Linear in the length.
    """
    while end - start > LONGEST:
        # The last piece should not be a mere stub.
        limit = start + min(LONGEST, end - start - LONGEST // 4)
        middle = start + LONGEST // 2
        cut = (
            _last_end(_SENTENCE, text, middle, limit)
            or text.rfind("\n", middle, limit) + 1
            or _last_end(_SPACE, text, middle, limit)
            or limit
        )
        yield start, cut
        start = cut
    yield start, end


def _last_end(border: re.Pattern[str], text: str, start: int, end: int) -> int:
    last = 0
    for found in border.finditer(text, start, end):
        last = found.end()
    return last


def row_groups(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The lines of a table, `[start, end)`, in groups of at most ROWS characters, or of one longer line."""
    first = line = start
    while line < end:
        following = text.find("\n", line, end) + 1 or end
        if following - first > ROWS and line > first:
            yield first, line
            first = line
        line = following
    if first < end:
        yield first, end
