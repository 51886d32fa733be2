"""Options that say which documents are asked, in which order, from where on; and the help about queries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from docsearch import Index, Record
from docsearch.cli.query_help import TEXT
from docsearch.index.storage import MemoryStorage
from docsearch.search import facade
from docsearch.search.grammar import parse


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    storage = MemoryStorage()
    with Index(storage, create=True) as made:
        made.add(
            Record(
                f"laws/{number}",
                f"Water law {number}.",
                published=f"{2018 + number}",
                source="AB"[number % 2],
            )
            for number in range(5)
        )
        monkeypatch.setattr(facade, "open_index", lambda path, create=False: Index(storage))
        monkeypatch.setenv("DOCSEARCH_INDEX", "/srv/laws.index")
        yield made


def keys(run: Any, *arguments: str) -> list[str]:
    return [hit["key"][-1] for hit in json.loads(run("water", "--format", "json", *arguments).out)["hits"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--sort", "newest"], "43210"),
        (["--sort", "oldest"], "01234"),
        (["--sort", "-date"], "43210"),
        (["--sort", "path"], "01234"),
        (["--since", "2020", "--sort", "path"], "234"),
        (["--before", "2020", "--sort", "path"], "01"),
        (["--since", "2019", "--before", "2022", "--where", "source:b", "--sort", "path"], "13"),
        (["--where", "source:A", "--where", "-date:2020", "--sort", "newest"], "40"),
        (["--collapse", "source", "--sort", "newest"], "43"),
    ],
)
def test_documents_are_chosen_and_ordered(run: Any, arguments: list[str], expected: str) -> None:
    assert "".join(keys(run, *arguments)) == expected


def test_pages_follow_each_other(run: Any) -> None:
    seen, cursor = "", "start"
    for _ in range(3):
        ran = run("water", "--format", "json", "-n", "2", "--sort", "path", "--after", cursor)
        content = json.loads(ran.out)
        seen += "".join(hit["key"][-1] for hit in content["hits"])
        cursor = content["cursor"]
    assert seen == "01234"
    assert cursor is None


def test_other_forms_name_the_next_page_on_stderr(run: Any) -> None:
    first = run("water", "--format", "csv", "-n", "3", "--after", "start")
    found = re.search(r"^next page: --after (\S+)$", first.err, re.MULTILINE)
    assert found
    second = run("water", "--format", "csv", "-n", "3", "--after", found[1])
    assert "this was the last page" in second.err
    assert len(first.out.splitlines()) + len(second.out.splitlines()) == 2 + 5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--after", "g9-1-aaaaaaaaaaaa"], "generation 9 of the index, which is now at 1"),
        (["--since", "tea"], "no date"),
        (["--where", "tea"], "asks for the words tea"),
        (["--where", "source:C"], "there are A, B"),
    ],
)
def test_what_cannot_be_is_an_error(run: Any, arguments: list[str], told: str) -> None:
    ran = run("water", *arguments)
    assert ran.code == 2
    assert told in ran.err


def test_strict_refuses_a_part(run: Any, index: Index) -> None:
    index.add([Record("many", " ".join(f"x{number}" for number in range(300)), language="en")])
    assert run("x*").code == 0
    ran = run("x*", "--strict")
    assert (ran.code, "stands for 300 words" in ran.err) == (2, True)


def test_the_help_about_queries_is_true(run: Any) -> None:
    ran = run("search", "--query-help")
    assert (ran.code, ran.out) == (0, TEXT)
    examples = [
        example
        for line in re.findall(r"^  (\S.*)$", TEXT, re.MULTILINE)
        for example in re.split(r" {3,}", line)[:1]
    ]
    assert len(examples) > 20
    for example in examples:
        assert parse(example).notices == (), example
    assert max(map(len, TEXT.splitlines())) < 80


def test_a_timeline_counts_the_documents_of_a_filter(run: Any) -> None:
    drawn = json.loads(run("timeline", "water", "--by", "year", "--since", "2020", "--format", "json").out)
    assert [bucket["date"] for bucket in drawn["buckets"]] == ["2020", "2021", "2022"]
    drawn = json.loads(run("timeline", "water", "--where", "source:B", "--format", "json").out)
    assert drawn["documents"] == 2


def test_what_is_suggested_stands_in_the_documents_of_a_filter(run: Any) -> None:
    found = json.loads(run("suggest", "wat", "--before", "2020", "--format", "json").out)
    assert [(each["text"], each["paragraphs"]) for each in found["suggestions"]] == [
        ("water", 2),
        ("water law", 2),
    ]


def test_what_is_like_a_document_is_sought_among_others(run: Any, index: Index) -> None:
    index.add(Record(f"laws/{name}", f"The ferry leaves at {name}.") for name in ("noon", "night"))
    index.add(Record(f"rules/{name}", f"{name} leaves.", place="Lake") for name in ("Ferry", "Train", "Bus"))
    cited = json.loads(run("ferry noon", "--format", "json").out)["hits"][0]["citation"]
    for source in ("laws/noon", cited):
        answer = run("similar", source, "--where", "place:Lake", "--format", "json")
        assert [hit["key"] for hit in json.loads(answer.out)["hits"]] == ["rules/Ferry"]
    answer = run("similar", "laws/gone", "--where", "place:Lake")
    assert answer.code == 2
    assert "no such document" in answer.err
