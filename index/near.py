"""Words spelt nearly alike, as they are offered for a word that is not there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .arrays import I64
from .field import WordList
from .lookup.alike import alike

__all__ = ["near_words"]

_MOST = 64
_LONGEST = 40


def near_words(
    word: str, words: WordList, standing: Callable[[I64], I64] | None = None, distance: int = 2
) -> list[tuple[str, int]]:
    """Words at an edit distance of at most `distance`, nearest first, at most 64 of them.

    Optimal string alignment distance (see `lookup.alike`) over UTF-8 bytes; words of up to 4 letters may
    differ by 1 only. Words that begin with another letter count one edit more. For a word in ASCII only
    those of ASCII letters are near. standing: which of some words (by number) count at all; None: all.
    """
    wanted = word.encode("utf-8", "surrogatepass")
    if not 2 <= len(wanted) <= _LONGEST:
        return []
    most = min(distance, 1 if len(word) <= 4 else distance)
    numbers, edits = alike(words, word, most, as_bytes=True)
    costs = [
        (cost + (found[:1] != wanted[:1]), found, number)
        for found, cost, number in zip(words.take(numbers), edits.tolist(), numbers.tolist(), strict=True)
        if found != wanted and (found.isalpha() or not wanted.isascii())
    ]
    ranked = sorted(each for each in costs if each[0] <= most)
    return [(found.decode(), cost) for cost, found in _first(ranked, standing)]


def _first(
    ranked: list[tuple[int, bytes, int]], standing: Callable[[I64], I64] | None
) -> list[tuple[int, bytes]]:
    """The first of those that count."""
    found: list[tuple[int, bytes]] = []
    for begin in range(0, len(ranked), _MOST):
        some = ranked[begin : begin + _MOST]
        numbers = np.array([number for _, _, number in some], np.int64)
        counting = set((numbers if standing is None else standing(numbers)).tolist())
        found += [(cost, word) for cost, word, number in some if number in counting]
        if len(found) >= _MOST:
            break
    return found[:_MOST]
