"""The command `timeline`, and facets behind hits, as the program prints them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from docsearch import Index, Record
from docsearch.index.storage import MemoryStorage
from docsearch.search import facade

Golden = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as made:
        made.add(
            [
                Record(f"laws/{number}", "Water is free.", published=date, source=source)
                for number, (date, source) in enumerate(
                    [
                        ("2020-01-05", "Parliament"),
                        ("2020-01-19", "Parliament"),
                        ("2020-03", "Ministry of Air"),
                        ("2021-06-01", ""),
                        ("", "Parliament"),
                    ]
                )
            ]
        )
        monkeypatch.setattr(facade, "open_index", lambda path, create=False: made)
        monkeypatch.setenv("DOCSEARCH_INDEX", "/srv/laws.index")
        yield made


def test_a_timeline_is_drawn(run: Any, golden: Golden) -> None:
    ran = run("timeline", "water", "--by", "month")
    assert (ran.code, ran.err) == (0, "")
    golden("timeline.text", ran.out)


def test_a_timeline_for_programs(run: Any) -> None:
    content = json.loads(run("timeline", "water", "--by", "year", "--format", "json").out)
    assert content["buckets"] == [{"date": "2020", "documents": 3}, {"date": "2021", "documents": 1}]
    assert (content["undated"], content["documents"]) == (1, 5)


def test_no_documents_no_picture(run: Any) -> None:
    ran = run("timeline", "unheard")
    assert ran.code == 1
    assert ran.out.startswith("0 documents")


@pytest.mark.parametrize("form", ["text", "table"])
def test_facets_stand_behind_the_hits(run: Any, form: str) -> None:
    out = run("water", "-n", "1", "--facet", "source", "--facet", "month", "--format", form).out
    assert "source  of 5 documents · 1 without" in out
    assert "  Parliament       3  source:Parliament\n" in out
    assert '  Ministry of Air  1  source:"Ministry of Air"\n' in out
    assert "  2020-01  2  date:2020-01\n" in out


def test_facets_for_programs(run: Any) -> None:
    ran = run("water", "--facet", "source", "--facet-values", "1", "--format", "json")
    assert json.loads(ran.out)["facets"] == [
        {
            "field": "source",
            "documents": 5,
            "missing": 1,
            "distinct": 2,
            "values": [{"value": "Parliament", "documents": 3, "typed": "source:Parliament"}],
        }
    ]


def test_a_facet_that_would_not_be_shown_is_refused(run: Any) -> None:
    ran = run("water", "--facet", "source", "--format", "csv")
    assert ran.code == 2
    assert "--facet is shown by --format text, table, json" in ran.err
