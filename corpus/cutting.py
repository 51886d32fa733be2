"""Cutting what is too long for one paragraph, where a reader would."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["LONGEST", "ROWS", "pieces", "row_groups"]

LONGEST = 8_000
"""Characters. Longer paragraphs are cut: beyond this they are no longer read, nor ranked, as one."""

ROWS = 1_500
"""Characters. Rows of a table stand together in one paragraph up to this, so that a row is found as such."""

# Where to cut, the best place first: where a clause ends with its line, a sentence, a line, a word.
_BORDERS = (
    re.compile(r"(?:[.!?;:…][\"'”’»)\]]*|[;,] (?:and|or|und|oder|sowie|y|o|et|ou))[^\S\n]*\n\s*"),
    re.compile(r"[.!?…。！？][\"'”’»)\]]*\s+"),
    re.compile(r"\n\s*"),
    re.compile(r"\s+"),
)


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut `[start, end)` into successive ranges of at most LONGEST characters that cover it.

    A cut falls behind the last line of the second half of its window that ends a clause, else behind a
    sentence, else a line, else a space, else (100 MB without any) after LONGEST characters. Linear in
    the length.
    """
    while end - start > LONGEST:
        # The last piece should not be a mere stub.
        limit = start + min(LONGEST, end - start - LONGEST // 4)
        cut = _last_border(text, start + LONGEST // 2, limit)
        yield start, cut
        start = cut
    yield start, end


def _last_border(text: str, start: int, end: int) -> int:
    """The best place to cut in `(start, end]`; `end` where there is no border at all."""
    lasts = (
        max((found.end() for found in border.finditer(text, start, end)), default=0) for border in _BORDERS
    )
    return next(filter(None, lasts), end)


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
