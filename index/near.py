"""Words spelt nearly alike, found over the whole vocabulary at once."""

from __future__ import annotations

import numpy as np

from .arrays import I64
from .field import WordList

__all__ = ["near_words"]

_MOST = 64
_LONGEST = 40


def near_words(word: str, words: WordList, distance: int = 2) -> list[tuple[str, int]]:
    """Words at an edit distance of at most `distance`, nearest first, at most 64 of them.

    Optimal string alignment distance (insert, delete, replace, swap neighbours) over UTF-8 bytes; words of
    up to 4 letters may differ by 1 only. Words that begin with another letter count one edit more.
    """
    wanted = word.encode("utf-8", "surrogatepass")
    if not 2 <= len(wanted) <= _LONGEST:
        return []
    most = min(distance, 1 if len(word) <= 4 else distance)
    candidates = (
        [
            candidate
            for candidate in words.all()
            if abs(len(candidate) - len(wanted)) <= most and candidate != wanted and candidate.isalpha()
        ]
        if wanted.isascii()
        else [c for c in words.all() if abs(len(c) - len(wanted)) <= most and c != wanted]
    )
    if not candidates:
        return []
    distances = _distances(wanted, candidates)
    distances += np.array([candidate[:1] != wanted[:1] for candidate in candidates])
    chosen = np.flatnonzero(distances <= most)
    ranked = sorted((int(distances[at]), candidates[at]) for at in chosen)[:_MOST]
    return [(candidate.decode(), cost) for cost, candidate in ranked]


def _distances(word: bytes, candidates: list[bytes]) -> I64:
    """Distance of `word` to every candidate: the textbook table, one row for all candidates at a time."""
    lengths = np.array([len(candidate) for candidate in candidates])
    width = int(lengths.max())
    letters = np.zeros((width, len(candidates)), np.uint8)
    for column, candidate in enumerate(candidates):
        letters[: len(candidate), column] = np.frombuffer(candidate, np.uint8)
    before = row = np.repeat(np.arange(width + 1, dtype=np.int16)[:, None], len(candidates), axis=1)
    for i, letter in enumerate(word, start=1):
        two_before, before, row = before, row, np.empty_like(row)
        row[0] = i
        for j in range(1, width + 1):
            replaced = before[j - 1] + (letters[j - 1] != letter)
            row[j] = np.minimum(np.minimum(before[j], row[j - 1]) + 1, replaced)
            if i > 1 and j > 1:
                swapped = (letters[j - 1] == word[i - 2]) & (letters[j - 2] == letter)
                row[j] = np.where(swapped, np.minimum(row[j], two_before[j - 2] + 1), row[j])
    distances: I64 = row[lengths, np.arange(len(candidates))].astype(np.int64)
    return distances
