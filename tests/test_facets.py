"""Facets and timelines as callers ask for them: names, filters that come with values, what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from docsearch import Eq, Facet, Index, PartialDate, Prefix, QueryError, Range, Record
from docsearch.cli.render import facets as drawn_facets
from docsearch.cli.render import timeline as drawn
from docsearch.cli.render.style import Style
from docsearch.cli.render.width import columns
from docsearch.index.storage import MemoryStorage
from docsearch.search.timeline import Bucket, Timeline
from hypothesis import given
from hypothesis import strategies as st

RECORDS = [
    Record(
        "laws/a/1",
        "# Scope\n\nWater is free.",
        published="2020-05-01",
        type="text/markdown",
        source="Parliament",
    ),
    Record(
        "laws/a/2",
        "# Scope\n\nWater is taxed.\n\n# Fees\n\nNone.",
        published="2020-06",
        type="text/markdown",
        source="Parliament",
    ),
    Record(
        "laws/3",
        "# Fees\n\nWater costs.",
        published="2022",
        type="text/markdown",
        extra={"topics": ("rivers", "fees"), "votes": 7},
    ),
    Record("note", "On water.", place="Paris", extra={"type": 'a "memo"', "draft": True}),
    Record("other", "On air.", published="2022-01-01", source="Ministry of Air"),
]


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as made:
        made.add(RECORDS)
        yield made


def facet(index: Index, name: str, query: str = "water") -> Facet:
    (found,) = index.search(query, facets=[name]).facets
    assert found.field == name
    return found


@pytest.mark.parametrize(
    ("name", "values", "missing"),
    [
        ("source", [("Parliament", 2)], 2),
        ("place", [("Paris", 1)], 3),
        ("lang", [("en", 4)], 0),
        ("year", [("2020", 2), ("2022", 1)], 1),
        ("month", [("2020-05", 1), ("2020-06", 1), ("2022", 1)], 1),
        ("decade", [("2020", 3)], 1),
        ("folder", [("laws", 3), ("laws/a", 2)], 1),
        ("heading", [("Scope", 2), ("Fees", 1)], 1),
        ("meta.topics", [("fees", 1), ("rivers", 1)], 3),
        ("meta.votes", [("7", 1)], 3),
        ("meta.draft", [("True", 1)], 3),
        ("meta.type", [('a "memo"', 1)], 3),
        ("meta.unheard", [], 4),
        ("effective.year", [], 4),
    ],
)
def test_what_is_counted(index: Index, name: str, values: list[tuple[str, int]], missing: int) -> None:
    found = facet(index, name)
    assert [(str(each.value), each.documents) for each in found.values] == values
    assert (found.documents, found.missing) == (4, missing)


@pytest.mark.parametrize(
    "name", ["source", "place", "lang", "year", "decade", "folder", "meta.topics", "meta.type"]
)
def test_the_filter_of_a_value_finds_what_was_counted(index: Index, name: str) -> None:
    for value in facet(index, name).values:
        assert index.search("water", where=value.where).totals.documents == value.documents


NAMES = [
    "source",
    "place",
    "lang",
    "type",
    "root",
    "year",
    "decade",
    "folder",
    "meta.topics",
    "meta.votes",
]


@pytest.mark.parametrize("name", [*NAMES, "meta.draft", "meta.type"])
@pytest.mark.parametrize("query", ["water", "water taxed", '"water is"', "water OR air"])
def test_what_is_typed_finds_what_was_counted(index: Index, name: str, query: str) -> None:
    for value in facet(index, name, query).values:
        found = index.search(f"{query} {value.typed}") if value.typed else None
        if found is not None:
            assert found.totals.documents == value.documents, value.typed


def test_filters_and_what_to_type(index: Index) -> None:
    (value,) = facet(index, "source").values
    assert (value.where, value.typed) == (Eq("source", "Parliament"), "source:Parliament")
    assert facet(index, "folder").values[0].where == Prefix("key", "laws/")
    assert facet(index, "folder").values[0].typed == "path:laws/"
    assert facet(index, "heading").values[0].typed == 'AND heading:"Scope"'
    (decade,) = facet(index, "decade").values
    assert (decade.where, decade.typed) == (
        Range("published", PartialDate(2020), PartialDate(2029)),
        "date:2020..2029",
    )
    assert facet(index, "meta.type").values[0].typed == ""  # quotation marks cannot be quoted
    assert facet(index, "source", "air").values[0].typed == 'source:"Ministry of Air"'
    assert facet(index, "meta.draft").values[0].typed == "meta.draft:true"


def test_counts_are_of_all_that_answers_not_of_a_page(index: Index) -> None:
    whole = index.search("water", facets=["source"])
    page = index.search("water", limit=1, offset=1, facets=["source"], group=True, sort="-published")
    assert whole.facets == page.facets
    assert whole.facets[0].documents == whole.totals.documents


def test_facets_are_those_of_the_scope(index: Index) -> None:
    together = "scope AND none"
    assert index.search(together, facets=["source"]).facets[0].documents == 1
    assert index.search(together, scope="paragraph", facets=["source"]).facets[0].documents == 0


@pytest.mark.parametrize("wrong", [["bogus"], ["meta."], [3], ["source"] * 33])
def test_what_is_no_facet_is_refused(index: Index, wrong: list[str]) -> None:
    with pytest.raises(QueryError) as told:
        index.search("water", facets=wrong)
    assert told.value.hint


# Timelines


@pytest.mark.parametrize(
    ("step", "buckets", "imprecise"),
    [
        ("day", ["2020-05-01"], ["2020-06", "2022"]),
        ("month", ["2020-05", "2020-06"], ["2022"]),
        ("year", ["2020", "2022"], []),
        ("decade", ["2020"], []),
        (None, ["2020", "2022"], []),
    ],
)
def test_the_steps_of_a_timeline(
    index: Index, step: str | None, buckets: list[str], imprecise: list[str]
) -> None:
    found = index.timeline("water", step=step)  # type: ignore[arg-type]
    assert [str(each.date) for each in found.buckets] == buckets
    assert [str(each.date) for each in found.imprecise] == imprecise
    assert (found.documents, found.undated) == (4, 1)
    counted = [bucket.documents for bucket in (*found.buckets, *found.imprecise)]
    assert sum(counted) + found.undated == found.documents


def test_a_timeline_is_refused_what_it_cannot_draw(index: Index) -> None:
    with pytest.raises(QueryError, match="no step of time"):
        index.timeline("water", step="week")  # type: ignore[arg-type]
    with pytest.raises(QueryError):
        index.timeline("water", where=3)  # type: ignore[arg-type]
    assert index.timeline("unheard").documents == 0


days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(
    st.dictionaries(days, st.integers(1, 10**7), max_size=12),
    st.sampled_from(["decade", "year", "month", "day"]),
    st.integers(30, 100),
)
def test_any_timeline_fits_the_screen(counts: dict[dt.date, int], step: str, width: int) -> None:
    buckets = tuple(
        Bucket(PartialDate(day.year, day.month, day.day), count, Eq("published", day))
        for day, count in sorted(counts.items())
    )
    timeline = Timeline("q", (), step, "published", buckets, (), 0, sum(counts.values()))  # type: ignore[arg-type]
    *bars, facts = drawn.render(timeline, Style(colour=False), width).splitlines()
    assert all(columns(line) <= width for line in bars)
    assert sum("█" in line or "▏" in line or len(line.split()) == 3 for line in bars) == len(buckets)
    assert facts.startswith(f"{sum(counts.values()):,} document")


def test_long_and_odd_values_fit_the_screen(index: Index) -> None:
    with Index(MemoryStorage(), create=True) as odd:
        odd.add([Record("k", "Water.", source="A very long name\x1b[31m of a source " * 4, place="水" * 60)])
        found = odd.search("water", facets=["source", "place"]).facets
    text = drawn_facets.render(found, Style(colour=False), 60, 10)
    assert "\x1b" not in text
    assert all(columns(line) <= 60 for line in text.splitlines())


def test_the_facet_by_root_offers_what_finds_it(tmp_path: Path) -> None:
    for name in ("acts", "acts of old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.txt").write_text(f"Water in the {name}.")
    (tmp_path / "single.txt").write_text("Water alone.")
    with Index(MemoryStorage(), create=True) as made:
        made.update([tmp_path / "acts", tmp_path / "acts of old", tmp_path / "single.txt"])
        values = facet(made, "root").values
        assert [value.typed for value in values] == ["root:acts", 'root:"acts of old"', "root:single.txt"]
        for value in values:
            assert {hit.root for hit in made.search(f"water {value.typed}")} == {value.value}
