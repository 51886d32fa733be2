"""Whatever is typed gets an answer or an error of ours, and so does what its reading says."""

from __future__ import annotations

from collections.abc import Iterator

import docsearch
import pytest
from docsearch.search.facade import Index
from hypothesis import example, given
from hypothesis import strategies as st

PARTS = st.sampled_from(
    [
        *[
            "water",
            "chemicals",
            "precursor",
            "of",
            "S/RES/1373",
            "chem*",
            "pre?ursor",
            '"drug control"',
            "=water",
        ],
        *["AND", "OR", "NOT", "(", ")", '"', "-", "+", "^2", "~1", "w/5", "pre/3", "/s", "/p"],
        *[
            "title:",
            "heading:(",
            "section:(",
            "sentence:(",
            "paragraph:(",
            "document:(",
            "lang:en",
            "date:2024",
        ],
    ]
)
QUERIES = st.lists(PARTS, min_size=1, max_size=10).map(" ".join)


@pytest.fixture(scope="module")
def samples() -> Iterator[Index]:
    with docsearch.open_samples() as index:
        yield index


@given(QUERIES)
@example("sentence:(drug w/5 control)")
@example("sentence:(section:(drug control))")
@example("sentence:(water OR (drug /p control))")
def test_any_query_is_answered_and_its_reading_finds_as_much(samples: Index, query: str) -> None:
    try:
        results = samples.search(query, limit=2)
    except docsearch.QueryError:
        return
    again = samples.search(results.reading.tree, limit=2)
    assert again.totals == results.totals


def test_a_sentence_of_what_no_sentence_holds_is_a_paragraph(samples: Index) -> None:
    results = samples.search("sentence:(drug w/5 control)", scope="paragraph")
    assert results.totals == samples.search("drug w/5 control", scope="paragraph").totals
    assert "as “paragraph:”: a sentence holds words and phrases" in results.reading.notices[0]
