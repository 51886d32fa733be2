"""Words spelt nearly alike."""

from __future__ import annotations

import numpy as np

from ..arrays import I64, U8
from ..field import WordList
from .letters import Letters, letters_of

__all__ = ["MOST", "alike"]

MOST = 4
"""Edits at most: with more, almost any two short words are alike."""


def alike(
    words: WordList, wanted: str, distance: int, *, prefix: int = 0, as_bytes: bool = False
) -> tuple[I64, I64]:
    """Numbers of the words at most `distance` edits away, ascending, and how many edits each.

    The distance is that of optimal string alignment: letters inserted, deleted, replaced, or swapped with
    their neighbour, none of them edited twice (Damerau and Levenshtein's, restricted; Boytsov, "Indexing
    methods for approximate dictionary searching", 2011, section 2.2). prefix: so many letters at the
    beginning must be the same. as_bytes: the letters are bytes of UTF-8. ValueError when the distance is not
    in [0, `MOST`].
    """
    if not 0 <= distance <= MOST:
        raise ValueError(f"words may differ by 0 to {MOST} edits, not {distance}")
    encoded = wanted.encode("utf-8", "surrogatepass")
    target = list(encoded) if as_bytes else list(map(ord, wanted))
    if len(target) > 255 + distance:  # longer than any word
        return np.empty(0, np.int64), np.empty(0, np.int64)
    start = wanted[:prefix].encode("utf-8", "surrogatepass")
    which = words.prefixed(start) if start else None
    found = [_alike(letters, target, distance) for letters in letters_of(words, which, as_bytes=as_bytes)]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64)
    return np.concatenate([numbers for numbers, _ in found]), np.concatenate([edits for _, edits in found])


def _alike(words: Letters, target: list[int], most: int) -> tuple[I64, I64]:
    sizes = words.ends - words.starts
    words = words.take((sizes >= len(target) - most) & (sizes <= len(target) + most))
    edits = _edits(words, target, most)
    near = (edits <= most).nonzero()[0]
    return words.numbers[near], edits[near].astype(np.int64)


def _edits(words: Letters, target: list[int], most: int) -> U8:
    """Edits between each word and the target; `most + 1` for more. The words differ from it in length by
    `most` at most.

    The textbook table, one cell at a time for all words, and of each row only the cells that can count: row i
    (letters of the target), columns i - most to i + most (letters of the words).
    """
    far = np.full(len(words), most + 1, np.uint8)
    last = len(words.letters) - 1
    columns = [
        words.letters.take(np.minimum(words.starts + at, last)) if len(words) else far
        for at in range(len(target) + most)
    ]
    before: dict[int, U8] = {}
    row = {j: np.full(len(words), j, np.uint8) for j in range(most + 1)}
    for i, letter in enumerate(target, start=1):
        two_before, before, row = before, row, {}
        for j in range(max(i - most, 0), min(i + most, len(columns)) + 1):
            if j == 0:
                row[0] = np.full(len(words), i, np.uint8)
                continue
            cell = before.get(j - 1, far) + (columns[j - 1] != letter)
            np.minimum(cell, before.get(j, far) + np.uint8(1), out=cell)
            np.minimum(cell, row.get(j - 1, far) + np.uint8(1), out=cell)
            if i > 1 and j > 1 and j - 2 in two_before:
                swapped = (columns[j - 1] == target[i - 2]) & (columns[j - 2] == letter)
                np.minimum(cell, two_before[j - 2] + np.uint8(1), out=cell, where=swapped)
            row[j] = np.minimum(cell, most + 1, out=cell)
    edits = far
    sizes = words.ends - words.starts
    for j, cell in row.items():
        edits = np.where(sizes == j, cell, edits)
    return edits
