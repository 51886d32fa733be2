"""Pages behind cursors, and filters written in the query language."""

from __future__ import annotations

from collections.abc import Callable

import docsearch
import pytest
from docsearch.errors import QueryError
from docsearch.index.query import Scope
from docsearch.index.storage import MemoryStorage
from docsearch.index.where import Range
from docsearch.search.facade import Index
from hypothesis import given
from hypothesis import strategies as st


def record(number: int) -> docsearch.Record:
    text = "\n\n".join(
        f"Water {'and permit ' * (number % 3)}{number} {part}." for part in range(number % 4 + 1)
    )
    return docsearch.Record(
        f"d{number:02}", text, language="en", published=f"{2000 + number}", source="AB"[number % 2]
    )


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add(map(record, range(14)))
    return made


@given(
    limit=st.integers(1, 9),
    group=st.booleans(),
    sort=st.sampled_from(["", "published", "-published", "key"]),
    collapse=st.sampled_from(["", "source"]),
    duplicates=st.sampled_from(["fold", "show"]),
    query=st.sampled_from(["water", "water AND permit", "permit date:2003..2011", "nothing"]),
)
def test_the_pages_are_the_whole_answer(
    index: Index, limit: int, group: bool, sort: str, collapse: str, duplicates: str, query: str
) -> None:
    def page(limit: int, after: str) -> docsearch.Results:
        return index.search(
            query, limit=limit, after=after, group=group, sort=sort, collapse=collapse, duplicates=duplicates
        )

    whole = page(1_000, "")
    assert whole.cursor == ""
    hits: list[str] = []
    cursor = "start"
    while cursor:
        results = page(limit, cursor)
        assert [hit.rank for hit in results] == list(range(len(hits) + 1, len(hits) + len(results) + 1))
        hits += [hit.citation for hit in results]
        cursor = results.cursor
    assert hits == [hit.citation for hit in whole]


def test_a_cursor_names_its_generation_and_says_when_it_is_gone() -> None:
    index = Index(MemoryStorage(), create=True)
    index.add(map(record, range(3)))
    cursor = index.search("water", limit=1).cursor
    assert index.search("water", limit=5, after=cursor)[0].rank == 2
    index.add([record(4)])
    with pytest.raises(QueryError, match="generation 1 of the index, which is now at 2"):
        index.search("water", after=cursor)


def test_a_cursor_belongs_to_one_question(index: Index) -> None:
    cursor = index.search("water", limit=2).cursor
    searches: tuple[Callable[[], object], ...] = (
        lambda: index.search("permit", after=cursor),
        lambda: index.search("water", after=cursor, sort="published"),
        lambda: index.search("water", after=cursor, where={"source": "A"}),
        lambda: index.search("water", after=cursor, scope=Scope.SECTION),
        lambda: index.search("water", after=cursor, ranking="plain"),
    )
    for search in searches:
        with pytest.raises(QueryError, match="another question"):
            search()
    with pytest.raises(QueryError, match="at once"):
        index.search("water", after=cursor, offset=1)


@pytest.mark.parametrize("cursor", ["x", "g1-1", "g1-x-aaaaaaaaaaaa", "g1-1-AAAAAAAAAAAA", "g" + "9" * 99])
def test_what_is_no_cursor_is_refused(index: Index, cursor: str) -> None:
    with pytest.raises(QueryError, match="no cursor"):
        index.search("water", after=cursor)


def test_a_filter_can_be_written(index: Index) -> None:
    assert index.filter("since:2010") == Range("published", low=docsearch.PartialDate(2010).first_day)
    found = index.search("water", where=index.filter("since:2010 source:a"), limit=50)
    assert {hit.key for hit in found} == {"d10", "d12"}


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ("water", "asks for the words water"),
        ("water type:plain", "words water"),
        ("source:C", "there are A, B"),
    ],
)
def test_other_filters_are_refused(index: Index, facts: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        index.filter(facts)
