"""Words that match a pattern: `*` stands for any letters, or none, `?` for exactly one."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from ..arrays import I64, Array, Bool
from ..field import WordList
from .letters import Letters, letters_of

__all__ = ["matching"]

_SPARSE = 8  # of so many words one is left: then the letters of the others are left out


def matching(words: WordList, pattern: str) -> I64:
    """Numbers of the words that match, ascending. Time: the letters of the words at most once for each part
    of the pattern between stars, and only of words that have matched so far; nothing is tried twice.

    The parts can be sought from left to right, each at the first place where it stands: if a word matches at
    all, it does so with the first places.
    """
    parts = re.sub(r"\*+", "*", pattern).split("*")
    literal = parts[0].partition("?")[0]
    which = words.prefixed(literal.encode("utf-8", "surrogatepass")) if literal else None
    found = [_matching(letters, parts) for letters in letters_of(words, which)]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _matching(words: Letters, parts: Sequence[str]) -> I64:
    first, last = parts[0], parts[-1]
    sizes = words.ends - words.starts
    if len(parts) == 1:
        words = words.take(sizes == len(first))
        return words.numbers[_stands(words.letters, words.starts, first)]
    words = words.take(sizes >= sum(map(len, parts)))
    words = words.take(_stands(words.letters, words.starts, first))
    words = words.take(_stands(words.letters, words.ends - len(last), last))
    size = len(words.letters)
    reached = len(first)  # letters from each word's start; an array once that differs
    at = words.starts + reached
    for part in parts[1:-1]:
        if not len(words):
            break
        if int((words.ends - words.starts).sum()) * _SPARSE < size:
            at = at - words.starts
            words = words.packed()
            at, size = at + words.starts, len(words.letters)
        after = _first_after(words.letters, at, part)
        fits = after + len(part) <= words.ends - len(last)
        words, at = words.take(fits), after[fits] + len(part)
    return words.numbers


def _stands(letters: Array, at: I64, part: str) -> Bool:
    """Whether the part stands at each of the places; they are far enough from the end of all letters."""
    stands = np.ones(len(at), np.bool_)
    for offset, letter in enumerate(part):
        if letter != "?":
            stands &= letters.take(at + offset) == ord(letter)
    return stands


def _first_after(letters: Array, at: I64, part: str) -> I64:
    """The first place, from each of the given ones (ascending) on, at which the part stands; past the end
    where there is none."""
    if not part.strip("?"):
        return at
    most = len(letters) - len(part) + 1
    stands = np.ones(max(most, 0), np.bool_)
    for offset, letter in enumerate(part):
        if letter != "?":
            stands &= letters[offset : offset + most] == ord(letter)
    places = np.append(stands.nonzero()[0], len(letters))
    return np.asarray(places.take(places.searchsorted(at), mode="clip"))
