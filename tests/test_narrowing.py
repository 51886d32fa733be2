"""Searches narrowed by a filter, as callers give one: what is accepted, found, said and refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import docsearch
import pytest
from docsearch import (
    All,
    AnyOf,
    Eq,
    Exists,
    In,
    Index,
    Negate,
    PartialDate,
    Prefix,
    QueryError,
    Range,
    Record,
)
from docsearch.index.storage import MemoryStorage
from docsearch.search.narrowing import as_filter

RECORDS = [
    Record("law-1", "Water is free.", published="2020-05-01", source="Parliament", extra={"votes": 51}),
    Record("law-2", "Water is taxed.", published="2022-06", source="Parliament", extra={"votes": 12.5}),
    Record("note-1", "On water.", published="2024", extra={"topics": ("water", "rivers"), "draft": True}),
    Record("note-2", "Water and rivers.", place="Paris"),
]


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as made:
        made.add(RECORDS)
        yield made


@pytest.mark.parametrize(
    ("where", "keys"),
    [
        ({"published": ("2020", "2022-06")}, ["law-1", "law-2"]),
        ({"published": ("2022-06-30", None)}, ["law-2", "note-1"]),
        ({"published": dt.date(2020, 5, 1)}, ["law-1"]),
        ({"published": PartialDate(2024, 2)}, ["note-1"]),
        ({"source": "Parliament", "votes": (20, None)}, ["law-1"]),
        ({"votes": [51, 12.5]}, ["law-1", "law-2"]),
        ({"topics": "rivers"}, ["note-1"]),
        ({"draft": True}, ["note-1"]),
        ({"draft": False}, []),
        ({}, ["law-1", "law-2", "note-1", "note-2"]),
        (Prefix("key", "note-"), ["note-1", "note-2"]),
        (Negate(Exists("published")), ["note-2"]),
        (AnyOf((Eq("place", "Paris"), In("key", ("law-2",)))), ["law-2", "note-2"]),
        (All((Range("published", "2020", "2024"), Negate(Eq("source", "Parliament")))), ["note-1"]),
    ],
)
def test_what_is_let_through(index: Index, where: object, keys: list[str]) -> None:
    results = index.search("water", where=where)  # type: ignore[arg-type]
    assert sorted(hit.key for hit in results) == keys
    assert results.totals.documents == len(keys)
    assert not results.reading.notices


def test_the_reading_tells_the_filter(index: Index) -> None:
    results = index.search("water", where={"source": "Parliament", "votes": (20, None)})
    assert results.reading.where == All((Eq("source", "Parliament"), Range("votes", 20)))
    assert index.search("water").reading.where is None


def test_a_field_that_no_document_has_is_told(index: Index) -> None:
    results = index.search("water", where=AnyOf((Eq("sorce", "Parliament"), Eq("source", "Parliament"))))
    assert results.reading.notices == ("No document has the field “sorce”",)
    assert results.totals.documents == 2


def test_operators_hold_within_the_filter(index: Index) -> None:
    results = index.search("water AND NOT rivers", where=Prefix("key", "note"), scope="document")
    assert [hit.key for hit in results] == ["note-1"]


@pytest.mark.parametrize(
    ("where", "complaint"),
    [
        ({"published": "last year"}, "'last year' is no date for 'published'"),
        ({"published": ("2020", 2021)}, "2021 is no date for 'published'"),
        ({"votes": (1, 2, 3)}, "(1, 2, 3) is no range for 'votes'"),
        ({"source": None}, "None is no value that 'source' can have"),
        ({"source": [b"x"]}, "b'x' is no value that 'source' can have"),
        ({3: "x"}, "3 is no field"),
        ("law", "'law' is no filter"),
        (Negate("law"), "'law' is no filter"),  # type: ignore[arg-type]
        (All((Eq("a", 1), None)), "None is no filter"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_filter_is_refused(where: object, complaint: str) -> None:
    with pytest.raises(QueryError) as told:
        as_filter(where)  # type: ignore[arg-type]
    assert told.value.message == complaint
    assert told.value.hint


def test_filters_are_public() -> None:
    assert docsearch.Range("published", "2020") == Range("published", "2020", None)


@pytest.mark.parametrize(
    ("sort", "keys"),
    [
        ("published", ["law-1", "law-2", "note-1", "note-2"]),
        ("-published", ["note-1", "law-2", "law-1", "note-2"]),
        ("votes", ["law-2", "law-1", "note-1", "note-2"]),
        ("-key", ["note-2", "note-1", "law-2", "law-1"]),
    ],
)
def test_hits_are_sorted_by_a_field(index: Index, sort: str, keys: list[str]) -> None:
    results = index.search("water", sort=sort)
    assert [hit.key for hit in results] == keys
    assert [hit.rank for hit in results] == [1, 2, 3, 4]
    assert [hit.key for hit in index.search("water", sort=sort, limit=2, offset=1)] == keys[1:3]
    scores = {hit.key: hit.score for hit in index.search("water")}
    assert {hit.key: hit.score for hit in results} == scores
    assert results.reading.sort is not None


def test_hits_are_collapsed_by_a_field(index: Index) -> None:
    results = index.search("water", collapse="source", sort="-published")
    assert [(hit.key, hit.group_size) for hit in results] == [("note-1", 1), ("law-2", 2), ("note-2", 1)]
    assert results.totals.documents == 4
    assert results.reading.collapse == "source"


def test_what_is_sorted_by_nothing_is_refused_or_told(index: Index) -> None:
    with pytest.raises(QueryError, match="no field to sort by"):
        index.search("water", sort="-")
    notices = index.search("water", sort="date", collapse="sorce").reading.notices
    assert notices == ("No document has the field “date”", "No document has the field “sorce”")


@pytest.mark.parametrize("wrong", [{"sort": 3}, {"collapse": ["source"]}, {"where": 3}])
def test_other_types_are_refused(index: Index, wrong: dict[str, object]) -> None:
    with pytest.raises(QueryError):
        index.search("water", **wrong)  # type: ignore[arg-type]
