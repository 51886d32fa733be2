"""What headings and titles add, of all clauses at once: equal to going over the spans one by one, and never
above the bounds of blocks."""

from __future__ import annotations

import numpy as np
import pytest
from docsearch.index import spreads
from docsearch.index.query import Clause, FieldName, Term, Word
from docsearch.index.spans import Spans
from docsearch.index.spreads import Spread, Spreads
from hypothesis import given
from hypothesis import strategies as st

PARAGRAPHS = 40
SIZE = 4
K1 = 0.4
WORD = Word("tax", (Term("en", "tax"),), FieldName.HEADING)

Told = tuple[int, int, int, float]
"""First paragraph, end, count, share."""

span = st.tuples(
    st.integers(0, PARAGRAPHS - 1), st.integers(1, PARAGRAPHS), st.integers(1, 4), st.floats(0.1, 1.0)
).map(lambda told: (told[0], min(told[0] + told[1], PARAGRAPHS), told[2], told[3]))
language = st.lists(span, min_size=1, max_size=6).map(sorted)
clause = st.tuples(
    st.floats(0.1, 2.0),
    st.sampled_from([0.0, 0.0, 1.5]),
    st.floats(0.1, 9.0),
    st.lists(language, min_size=1, max_size=2),
)


def spans_of(told: list[Told]) -> Spans:
    first, last, counts, shares = (np.array(column) for column in zip(*told, strict=True))
    return Spans(first, last, counts.astype(np.float64), lambda: shares)


def score(told: tuple[float, float, float, list[list[Told]]], paragraph: int) -> float:
    weight, first, factor, languages = told
    every = [span for spans in languages for span in spans]
    above = sum(count for begin, end, count, _ in every if begin <= paragraph < end)
    here = sum(share for begin, _, _, share in every if begin == paragraph)
    return factor * (weight * above / (above + K1) + first * here / (here + K1))


@pytest.mark.parametrize("most", [spreads._MANY, 0])
@given(
    told=st.lists(clause, min_size=1, max_size=4), asked=st.sets(st.integers(0, PARAGRAPHS - 1), min_size=1)
)
def test_scores_are_those_of_each_span_and_bounds_are_not_below(
    most: int, told: list[tuple[float, float, float, list[list[Told]]]], asked: set[int]
) -> None:
    all_at_once = Spreads(
        [
            Spread(Clause(WORD, weight, first), factor, tuple(map(spans_of, languages)))
            for weight, first, factor, languages in told
        ],
        K1,
    )
    paragraphs = np.array(sorted(asked))
    expected = np.array([[score(each, at) for at in paragraphs.tolist()] for each in told])
    found = all_at_once.scores(paragraphs)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spreads, "_MANY", most)
        bounds = all_at_once.bounds(PARAGRAPHS // SIZE, SIZE)
    assert (found.sum(axis=0) <= bounds.take(paragraphs // SIZE) * (1 + 1e-9)).all()
