"""Near words are those that a plain edit-distance table finds."""

from __future__ import annotations

import numpy as np
from docsearch.index.field import WordList
from docsearch.index.near import near_words
from hypothesis import given
from hypothesis import strategies as st


def distance(a: str, b: str) -> int:
    """Optimal string alignment, cell by cell."""
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1,
                table[i, j - 1] + 1,
                table[i - 1, j - 1] + (a[i - 1] != b[j - 1]),
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(a), len(b)]


def word_list(words: list[str]) -> WordList:
    packed = [word.encode() for word in sorted(set(words))]
    ends = np.cumsum([0, *map(len, packed)]).astype(np.uint32)
    return WordList(memoryview(b"".join(packed)), ends)


names = st.text("abcd", min_size=1, max_size=9)


@given(names, st.lists(names, max_size=30))
def test_near_words_are_those_of_the_plain_table(word: str, words: list[str]) -> None:
    found = dict(near_words(word, word_list(words)))
    most = 1 if len(word) <= 4 else 2
    expected = {
        other: cost
        for other in words
        if len(word) >= 2
        and other != word
        and (cost := distance(word, other) + (other[0] != word[0])) <= most
    }
    assert found == expected


def test_a_slip_of_the_pen_is_found() -> None:
    words = word_list(["fentanyl", "fentanyls", "final", "precursor", "sentinel"])
    assert near_words("fentynal", words)[0][0] == "fentanyl"
