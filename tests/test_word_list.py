"""A packed list of words is searched as a plain sorted list is."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np
from docsearch.index.field import WordList
from hypothesis import given, settings
from hypothesis import strategies as st

words = st.binary(max_size=3)


@settings(max_examples=300)
@given(st.lists(words, max_size=400), st.lists(words, min_size=1, max_size=20))
def test_words_are_found_where_bisection_finds_them(held: list[bytes], asked: list[bytes]) -> None:
    held.sort()
    ends = np.cumsum([0, *map(len, held)]).astype(np.uint32)
    packed = WordList(memoryview(b"".join(held)), ends)
    for word in [*asked, *held[:5]]:
        assert packed.lower(word) == bisect_left(held, word)
        assert packed.equal(word) == range(bisect_left(held, word), bisect_right(held, word))
        assert packed.find(word) == (held.index(word) if word in held else -1)


def test_a_list_without_ends_is_empty() -> None:
    nothing = WordList(memoryview(b""), np.empty(0, np.uint32))
    assert (len(nothing), nothing.lower(b"a"), nothing.find(b"a")) == (0, 0, -1)
