"""Whoosh's protocol of a matcher, kept by ours: it walks a posting list as one walks a plain list."""

# mypy: allow-untyped-calls

from __future__ import annotations

import numpy as np
import pytest
from docsearch.index.adapter.matcher import BLOCK, BlockMatcher
from docsearch.index.adapter.postings import PostingList
from hypothesis import given
from hypothesis import strategies as st
from whoosh.formats import Frequency
from whoosh.matching.mcore import ReadTooFar
from whoosh.scoring import WeightScorer

# Runs of one weight, so that whole blocks can be passed over.
posting_lists = st.lists(
    st.tuples(st.integers(1, 3 * BLOCK // 2), st.integers(1, 3), st.integers(1, 5)), max_size=4
)
steps = st.lists(
    st.one_of(
        st.just(("next", 0)),
        st.tuples(st.just("skip"), st.integers(0, 12 * BLOCK)),
        st.tuples(st.just("quality"), st.integers(0, 5)),
        st.just(("copy", 0)),
        st.just(("reset", 0)),
    ),
    max_size=12,
)

LENGTHS = np.arange(20 * BLOCK) % 7 + 1


def walked(postings: list[tuple[int, int]]) -> BlockMatcher:
    paragraphs, frequencies = np.array(postings, np.int64).reshape(-1, 2).T
    return BlockMatcher(
        PostingList(paragraphs, frequencies), LENGTHS, ("text_en", b"word"), Frequency(), WeightScorer(5)
    )


@given(posting_lists, steps)
def test_a_matcher_walks_as_a_list_does(
    runs: list[tuple[int, int, int]], steps: list[tuple[str, int]]
) -> None:
    postings: list[tuple[int, int]] = []
    for length, step, weight in runs:
        start = postings[-1][0] + 1 if postings else 0
        postings += [(start + step * number, weight) for number in range(length)]
    matcher, at = walked(postings), 0
    for step_name, number in steps:
        active = at < len(postings)
        if step_name == "reset":
            at = 0
            matcher.reset()
        elif step_name == "copy":
            matcher = matcher.copy()
        elif step_name == "quality":
            at = passed(postings, at, number)
            matcher.skip_to_quality(number)
        elif not active:
            with pytest.raises(ReadTooFar):
                matcher.next() if step_name == "next" else matcher.skip_to(number)
        elif step_name == "next":
            at += 1
            assert matcher.next() == (at % BLOCK == 0 or at == len(postings))
        else:
            at = next((n for n in range(at, len(postings)) if postings[n][0] >= number), len(postings))
            matcher.skip_to(number)
        check(matcher, postings, at)


def passed(postings: list[tuple[int, int]], at: int, quality: int) -> int:
    """Where one stands after passing over blocks (from the current one on) with nothing above the quality."""
    while at < len(postings):
        start = at // BLOCK * BLOCK
        if max(weight for _, weight in postings[start : start + BLOCK]) > quality:
            return at
        at = start + BLOCK
    return at


def check(matcher: BlockMatcher, postings: list[tuple[int, int]], at: int) -> None:
    assert matcher.is_active() == (at < len(postings))
    assert [*matcher.all_ids()] == [number for number, _ in postings[at:]]
    if matcher.is_active():
        assert (matcher.id(), matcher.weight()) == postings[at]
        assert matcher.block_min_id() <= matcher.id() <= matcher.block_max_id()
        assert matcher.block_quality() >= matcher.score()
        assert matcher.block_min_length() <= LENGTHS[matcher.id()] <= matcher.block_max_length()
    # Whoosh asks for quality even when nothing is left.
    assert matcher.block_quality() <= matcher.max_quality()
