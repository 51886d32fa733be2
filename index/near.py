"""Words spelt nearly alike, as they are offered for a word that is not there."""

from __future__ import annotations

from .field import WordList
from .lookup.alike import alike

__all__ = ["near_words"]

_MOST = 64
_LONGEST = 40


def near_words(word: str, words: WordList, distance: int = 2) -> list[tuple[str, int]]:
    """Words at an edit distance of at most `distance`, nearest first, at most 64 of them.

    Optimal string alignment distance (see `lookup.alike`) over UTF-8 bytes; words of up to 4 letters may
    differ by 1 only. Words that begin with another letter count one edit more. For a word in ASCII only
    those of ASCII letters are near.
    """
    wanted = word.encode("utf-8", "surrogatepass")
    if not 2 <= len(wanted) <= _LONGEST:
        return []
    most = min(distance, 1 if len(word) <= 4 else distance)
    numbers, edits = alike(words, word, most, as_bytes=True)
    costs = [
        (cost + (found[:1] != wanted[:1]), found)
        for found, cost in zip(words.take(numbers), edits.tolist(), strict=True)
        if found != wanted and (found.isalpha() or not wanted.isascii())
    ]
    ranked = sorted(each for each in costs if each[0] <= most)[:_MOST]
    return [(found.decode(), cost) for cost, found in ranked]
