"""Words by pattern and by edit distance are those that plain Python finds one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest
from docsearch.index.field import WordList
from docsearch.index.lookup import letters
from docsearch.index.lookup.alike import alike
from docsearch.index.lookup.wildcard import matching
from hypothesis import example, given, settings
from hypothesis import strategies as st


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """A few words at a time, so that a list takes several turns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letters, "_BATCH", 5)
        yield


def word_list(words: list[str]) -> WordList:
    packed = sorted({word.encode() for word in words})
    ends = np.cumsum([0, *map(len, packed)]).astype(np.uint32)
    return WordList(memoryview(b"".join(packed)), ends)


def decoded(words: WordList, numbers: list[int]) -> list[str]:
    return [words[number].decode() for number in numbers]


names = st.text("abé字", min_size=1, max_size=9)
vocabulary = st.lists(names, max_size=30)


@settings(max_examples=1000)
@given(vocabulary, st.text("abé字*?*?", max_size=9))
@example(["ab", "b"], "*b*")
@example(["aé", "éa", "é"], "?é*")
def test_patterns_match_whole_words(words: list[str], pattern: str) -> None:
    listed = word_list(words)
    plain = re.compile("".join({"*": ".*", "?": "."}.get(char) or re.escape(char) for char in pattern))
    found = decoded(listed, matching(listed, pattern).tolist())
    assert found == [word for word in decoded(listed, list(range(len(listed)))) if plain.fullmatch(word)]


def test_a_pattern_of_many_stars_backtracks_nowhere() -> None:
    listed = word_list(["a" * 200, "a" * 199 + "b", "ab" * 100])
    assert decoded(listed, matching(listed, "*a" * 100 + "*b").tolist()) == ["a" * 199 + "b", "ab" * 100]
    assert matching(listed, "*a" * 2000 + "b*").tolist() == []
    assert len(matching(listed, "*" * 5000)) == 3
    assert matching(listed, "?" * 5000).tolist() == []


def distance(a: str, b: str) -> int:
    """Optimal string alignment, cell by cell."""
    table = {(i, 0): i for i in range(len(a) + 1)} | {(0, j): j for j in range(len(b) + 1)}
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i, j] = min(
                table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a[i - 1] != b[j - 1])
            )
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(a), len(b)]


@settings(max_examples=1000)
@given(vocabulary, names, st.integers(0, 4), st.integers(0, 3))
def test_words_nearly_alike_are_those_of_the_plain_table(
    words: list[str], wanted: str, most: int, prefix: int
) -> None:
    listed = word_list(words)
    numbers, edits = alike(listed, wanted, most, prefix=prefix)
    found = dict(zip(decoded(listed, numbers.tolist()), edits.tolist(), strict=True))
    assert found == {
        word: cost
        for word in words
        if word.startswith(wanted[:prefix]) and (cost := distance(word, wanted)) <= most
    }


def test_more_edits_than_four_are_refused() -> None:
    for edits in (-1, 5):
        with pytest.raises(ValueError, match="0 to 4"):
            alike(word_list(["a"]), "a", edits)


def test_a_word_longer_than_all_others_is_like_none() -> None:
    assert alike(word_list(["a" * 255]), "a" * 100_000, 4)[0].tolist() == []
