"""A search with a time limit says what it left out, and finds nothing that is not there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import pytest
from docsearch import Index, QueryError, QueryTooCostly, Record, Results
from docsearch.index import deadline
from docsearch.index import texts as stored
from docsearch.index.matching import nearness
from docsearch.index.storage import MemoryStorage
from hypothesis import given
from hypothesis import strategies as st

WORDS = ("water", "permit", "ferry", "tax", "Waters")
QUERIES = (
    "water permit",
    "water AND permit",
    "water NOT permit",
    "=water",
    "==Waters OR tax",
    "=water AND =permit",
    "=water NOT =permit",
    "water /s permit",
    "sentence:(water NOT permit)",
    "sentence:(water NOT permit) AND NOT tax",
    "water w/3 permit w/3 tax",
    "NOT (water w/2 permit)",
    '"water permit"~2',
    "wat* AND ?erm*",
    "water~1 ferry",
    "section:(water AND =permit) OR ferry",
)


class _Clock:
    """Stands for the module `time`: time is up when it was asked so many times."""

    def __init__(self, left: int) -> None:
        self.left = left

    def monotonic(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 1e9


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    """Documents of all the words in different orders, over three segments."""
    with Index(MemoryStorage(), create=True) as made:
        orders = itertools.product(WORDS, repeat=3)
        texts = [f"# {a}\n\nThe {b} of {c}. A {a}!\n\nNo {c}, {b} and {a}." for a, b, c in orders]
        for part in range(3):
            made.add(Record(f"{part}/{at:03}", text) for at, text in enumerate(texts[part::3]))
        yield made


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "_AT_ONCE", 16)
    monkeypatch.setattr(stored, "_BATCH", 200)


def ask(index: Index, query: str, scope: str, looks: int, **options: object) -> Results:
    """With as many looks at the clock before time is up."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deadline, "time", _Clock(looks))
        return index.search(query, scope=scope, timeout=1e6, limit=2000, duplicates="show", **options)  # type: ignore[arg-type]


@given(st.sampled_from(QUERIES), st.sampled_from(["document", "section", "paragraph"]), st.integers(0, 120))
def test_what_is_found_in_time_is_part_of_the_whole(index: Index, query: str, scope: str, looks: int) -> None:
    whole = index.search(query, scope=scope, limit=2000, duplicates="show")
    part = ask(index, query, scope, looks)
    of_whole = {hit.citation: hit.score for hit in whole}
    assert {hit.citation for hit in part} <= of_whole.keys()
    assert part.totals.units <= whole.totals.units
    assert part.totals.paragraphs <= whole.totals.paragraphs
    assert part.totals.documents <= whole.totals.documents
    if not part.partial:
        assert [(hit.citation, hit.score) for hit in part] == [(hit.citation, hit.score) for hit in whole]
        assert part.totals == whole.totals
    else:
        assert any(notice.startswith("Stopped after") for notice in part.reading.notices)
        assert not part.cursor


@pytest.mark.parametrize("query", QUERIES)
def test_time_that_is_up_at_once_gives_nothing(index: Index, query: str) -> None:
    found = ask(index, query, "document", 0)
    assert found.partial
    assert not found
    assert found.totals.paragraphs == 0


@pytest.mark.parametrize("query", ["water /s permit", "=water AND (tax OR permit)", "water w/3 permit"])
def test_more_time_finds_more(index: Index, query: str) -> None:
    found = [ask(index, query, "paragraph", looks).totals.paragraphs for looks in (*range(30), 500)]
    assert len(set(found)) > 2, found
    assert found[-1] == index.search(query, scope="paragraph").totals.paragraphs


def test_strictness_refuses_a_part(index: Index) -> None:
    with pytest.raises(QueryTooCostly, match="no complete answer within"):
        ask(index, "water", "document", 1, strict=True)
    assert not ask(index, "water", "document", 10_000, strict=True).partial


def test_what_stands_beside_the_hits_is_left_out(index: Index) -> None:
    found = ask(index, "water permitt", "document", 2, facets=["type"], explain=True)
    assert found.partial
    assert (found.facets, found.explanations, found.offers, found.near_words) == ((), (), (), ())
    assert found.reading.notices[-1].endswith("facets and explanations are left out")
    whole = ask(index, "water permitt", "document", 10_000, facets=["type"], explain=True)
    assert not whole.partial
    assert whole.facets
    assert whole.explanations


def test_folded_hits_are_kept_when_time_is_up(index: Index) -> None:
    for looks in range(40):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deadline, "time", _Clock(looks))
            found = index.search("water permit", timeout=1e6, limit=5)
        assert len(found) + found.folded <= found.totals.paragraphs


@pytest.mark.parametrize("timeout", [0, -1, math.inf, math.nan, "2"])
def test_a_limit_is_a_time(index: Index, timeout: float) -> None:
    with pytest.raises(QueryError, match="is no time limit"):
        index.search("water", timeout=timeout)
