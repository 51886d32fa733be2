"""What the signs of the query language find and mark: nearness, exact words, patterns, units, facts."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import docsearch
import pytest
from docsearch.errors import DocsearchError, QueryTooCostly
from docsearch.index.query import Scope
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
from docsearch.search.grammar import parse
from docsearch.search.results import Hit, Results
from docsearch.search.syntax import render
from docsearch.search.when import asked_date, span_of
from hypothesis import given
from hypothesis import strategies as st

RECORDS = [
    docsearch.Record(
        "laws/chemicals",
        "Control of precursor chemicals. The WHO controls nothing.\n\n"
        "A precursor is a chemical. Women may control it.\n\nWho controls the woman?",
        type="text/plain",
        language="en",
        source="United Nations",
        published="2023-03-15",
        extra={"author": "A. Smith", "pages": 12},
    ),
    docsearch.Record(
        "laws/water",
        "Water and its control.\n\nA precursor of the water act is cited at 21 U.S.C. § 802(b).",
        language="en",
        source="Ministry",
        published="2021",
        effective="2022-01-01",
        extra={"author": "B. Jones", "pages": 30},
    ),
    docsearch.Record("notes/air", "Air, and the organisation of air. Organization.", language="en"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add(RECORDS)
    return made


def keys(results: Results) -> set[str]:
    return {hit.key for hit in results}


def marked(hit: Hit) -> list[str]:
    return [hit.text[a - hit.start : b - hit.start] for each in hit.snippets for a, b in each.highlights]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("wom?n", [["woman"], ["Women"]]),
        ("organi*ation", [["organisation", "Organization"]]),
        ("*sation", [["organisation"]]),
        ("watr~1", [["water"], ["Water"]]),
        ("=controls", [["controls"], ["controls"]]),
        ("==WHO", [["WHO"]]),
        ("exact:who", [["WHO"], ["Who"]]),
        ('"control chemicals"~2', [["Control", "chemicals"]]),
        ("control pre/3 chemicals", [["Control", "chemicals"]]),
        ("chemicals w/3 =control", [["Control", "chemicals"], ["chemical", "control"]]),
        ("chemicals pre/3 =controls", [["chemicals", "controls"]]),
        ("precursor w/3 (women OR chemical)", [["precursor", "chemical"], ["precursor", "chemicals"]]),
        ("21 USC 802(b)", [["21 U.S.C. § 802(b)"]]),
        ("21usc802", [["21 U.S.C. § 802"]]),
    ],
)
def test_the_words_that_match_are_marked_and_no_others(
    index: Index, query: str, expected: list[list[str]]
) -> None:
    assert sorted(marked(hit) for hit in index.search(query)) == sorted(expected)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("precursor /s control", {"laws/chemicals"}),
        ("women /s chemical", set()),
        ("women /p chemical", {"laws/chemicals"}),
        ("paragraph:(water AND control)", {"laws/water"}),
        ("paragraph:(act AND control)", set()),
        ("document:(act AND control)", {"laws/water"}),
        ("air AND NOT document:(organisation)", set()),
        ("precursor type:plain", {"laws/chemicals", "laws/water"}),
        ("precursor source:ministry", {"laws/water"}),
        ("precursor source:(ministry OR united*)", {"laws/chemicals", "laws/water"}),
        ("precursor -source:ministry", {"laws/chemicals"}),
        ("control meta.author:'x'", set()),
        ('control meta.author:"a. smith"', {"laws/chemicals"}),
        ("control meta.pages:20..40", {"laws/water"}),
        ("control meta.pages:12", {"laws/chemicals"}),
        ("date:2023", {"laws/chemicals"}),
        ("date:2021..2022", {"laws/water"}),
        ("since:2023-03", {"laws/chemicals"}),
        ("before:2023", {"laws/water"}),
        ("after:2021", {"laws/chemicals"}),
        ("until:2021-06", {"laws/water"}),
        ("effective:2022", {"laws/water"}),
        ("path:notes", {"notes/air"}),
        ("path:*/wat*", {"laws/water"}),
        ("-path:laws", {"notes/air"}),
        ("lang:EN -date:2000..", {"notes/air"}),
    ],
)
def test_units_and_facts(index: Index, query: str, expected: set[str]) -> None:
    assert keys(index.search(query)) == expected


def test_weights_order_the_hits_and_find_the_same(index: Index) -> None:
    by_air, by_water = index.search("air^9 water"), index.search("air water^9")
    assert by_air[0].key == "notes/air"
    assert by_water[0].key == "laws/water"
    assert keys(by_air) == keys(by_water)


@pytest.mark.parametrize("ranking", ["default", "plain"])
def test_facts_change_no_score(index: Index, ranking: str) -> None:
    every = {hit.citation: hit.score for hit in index.search("precursor control", ranking=ranking)}
    some = index.search("precursor control source:ministry", ranking=ranking)
    assert some
    assert all(hit.score == every[hit.citation] for hit in some)


def test_an_unknown_value_is_told_with_the_known_ones(index: Index) -> None:
    (notice,) = index.search("water source:unesco").reading.notices
    assert notice == "No document has the source “unesco”; there are Ministry, United Nations"


def test_values_outside_the_callers_filter_are_not_told(index: Index) -> None:
    notices = index.search("water source:unesco", where={"source": "Ministry"}).reading.notices
    assert "United" not in "".join(notices)
    assert not index.search("water source:united*", where={"source": "Ministry"})


def test_a_timeline_obeys_the_facts(index: Index) -> None:
    assert index.timeline("precursor since:2023").documents == 1


def test_strict_refuses_what_is_searched_for_in_part() -> None:
    index = Index(MemoryStorage(), create=True)
    index.add([docsearch.Record("a", " ".join(f"x{number}" for number in range(300)), language="en")])
    for query in ("x*", "*x*", "x?9*"):
        assert index.search(query, strict=query == "x?9*")
    assert "200 most frequent of the 300" in index.search("x*").reading.notices[0]
    for query in ("x*", "*x*"):
        with pytest.raises(QueryTooCostly, match="300 words"):
            index.search(query, strict=True)


# Dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023", "2023"),
        ("March 2023", "2023-03"),
        ("15.3.2023", "2023-03-15"),
        ("today", "2024-03-31"),
        ("Yesterday", "2024-03-30"),
        ("last year", "2023"),
        ("this month", "2024-03"),
        ("last month", "2024-02"),
        ("this week", "2024-03-25"),
        ("2 weeks ago", "2024-03-17"),
        ("a month ago", "2024-02-29"),
        ("last 6 months", "2023-09-30"),
        ("9999 years ago", "None"),
        ("soon", "None"),
        ("2023-13", "None"),
    ],
)
def test_dates_as_people_type_them(text: str, expected: str) -> None:
    assert str(asked_date(text, dt.date(2024, 3, 31))) == expected


@given(st.text(max_size=30) | st.from_regex(r"(last|this|\d+) (day|week|month|year)s?( ago)?(\.\.\d*)?"))
def test_any_text_is_a_date_or_none(text: str) -> None:
    for day in (dt.date.min, dt.date(2024, 2, 29), dt.date.max):
        asked_date(text, day)
        span_of(text, day)


def test_the_reading_keeps_its_date_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(dt.date):
        @classmethod
        def today(cls) -> Any:
            return dt.date(2031, 1, 1)

    monkeypatch.setattr("docsearch.search.facts.dt.date", Later)
    tree = parse('water since:"last year"').tree
    assert render(tree) == "water since:2030"
    monkeypatch.undo()
    assert parse(render(tree)).tree == tree


# Limits


@pytest.mark.parametrize(
    "query",
    [
        "a " * 500_000,
        "a OR " * 100_000 + "a",
        "(" * 10_000 + "a" + ")" * 10_000,
        '"' + "word " * 5_000 + '"',
        "*a" * 4_000 + "*",
        "a w/5 " * 900 + "a",
        "(a AND b) w/5 " * 160 + "c",
        "type:law OR " * 800 + "a",
        "a~2 " * 900,
        "^1" * 4_000 + "a",
        "~" * 9_000 + "a",
    ],
)
def test_extreme_queries_are_answered_or_refused(index: Index, query: str) -> None:
    with contextlib.suppress(DocsearchError):
        assert index.search(query).reading.tree


SIGNS = st.sampled_from(
    [
        *[
            "a",
            "water",
            "precurs*",
            "wom?n",
            "watr~1",
            "=control",
            "==WHO",
            '"of the"~2',
            "title:",
            "type:plain",
        ],
        *[
            " w/3 ",
            " pre/2 ",
            " /s ",
            " /p ",
            " AND ",
            " OR ",
            " -",
            "(",
            ")",
            ")^2",
            "section:(",
            "date:2023",
        ],
        *[" "] * 3,
    ]
)


@given(st.lists(SIGNS, max_size=14).map("".join), st.sampled_from(Scope))
def test_no_query_fails_but_with_an_error_of_ours(index: Index, query: str, scope: Scope) -> None:
    try:
        results = index.search(query, scope=scope)
    except DocsearchError:
        return
    again = index.search(results.reading.tree, scope=scope)
    assert again.totals == results.totals
