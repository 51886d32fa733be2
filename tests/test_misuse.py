"""Values of a wrong type are told as errors of ours, and change nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import docsearch
import pytest
from docsearch import CorpusError, IndexProblem, QueryError, Record
from docsearch.errors import CitationUnresolved
from docsearch.search.facade import Index


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with docsearch.open(tmp_path, create=True) as made:
        made.add([Record("a", "Water law.")])
        yield made


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda index, wrong: index.document(wrong), IndexProblem, "key is "),
        (lambda index, wrong: index.versions(wrong), IndexProblem, "key is "),
        (lambda index, wrong: index.keys(wrong), IndexProblem, "prefix is "),
        (lambda index, wrong: index.resolve(wrong), CitationUnresolved, "not a citation"),
        (lambda index, wrong: index.filter(wrong), QueryError, "not text"),
        (lambda index, wrong: index.update([], limits=wrong or 0), IndexProblem, "limits is "),
        (lambda index, wrong: index.add_passages(wrong), CorpusError, "passages are|is no passage"),
        (lambda index, wrong: index.add_passages([wrong]), CorpusError, "is no passage"),
        (lambda index, wrong: index.add_passages([("k", wrong)]), CorpusError, "is no passage"),
        (
            lambda index, wrong: index.add_passages([("k", "text")], language=wrong),
            CorpusError,
            "no language",
        ),
        (lambda index, wrong: docsearch.open(wrong), IndexProblem, "path of an index"),
        (lambda index, wrong: docsearch.check(wrong), IndexProblem, "path of an index"),
    ],
)
@pytest.mark.parametrize("wrong", [None, 5, b"a"])
def test_a_wrong_type_is_told(
    index: Index, call: Callable[[Index, Any], object], error: type[Exception], said: str, wrong: object
) -> None:
    with pytest.raises(error, match=said):
        call(index, wrong)
    assert index.keys() == ("a",)


@pytest.mark.parametrize("name", ["include", "exclude"])
def test_a_pattern_on_its_own_is_a_list_of_one(tmp_path: Path, name: str) -> None:
    (tmp_path / "acts").mkdir()
    for file in ("act.txt", "note.md"):
        (tmp_path / "acts" / file).write_text("A permit for water.\n")
    with docsearch.open(tmp_path / "index", create=True) as made:
        made.update([tmp_path / "acts"], **cast(Any, {name: "*.md"}))
        assert made.keys() == (f"acts/{'note.md' if name == 'include' else 'act.txt'}",)
        for wrong in (5, [5], b"*.md"):
            with pytest.raises(IndexProblem, match=f"{name} is|item of {name}"):
                made.update(**cast(Any, {name: wrong}))


def test_a_path_that_no_system_has(tmp_path: Path) -> None:
    with pytest.raises(IndexProblem, match="not a path"):
        docsearch.open("a\0b", create=True)


def test_a_moment_among_the_facts_is_kept_as_its_day(index: Index, tmp_path: Path) -> None:
    moment = dt.datetime(2024, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    index.add([Record("b", "Water bill.", extra={"seen": moment, "day": dt.date(2024, 5, 6)})])
    (hit,) = index.search("bill")
    assert hit.meta.extra["seen"] == hit.meta.extra["day"] == cast(object, dt.date(2024, 5, 6))
    assert index.search("bill", where={"seen": ("2024-05-06", "2024-05-06")}).totals.documents == 1
    with docsearch.open(tmp_path) as again:
        assert docsearch.check(tmp_path, deep=True).sound
        assert again.search("water").totals.documents == 2


def test_facts_that_no_index_can_hold_are_refused_before_anything_is_lost(index: Index) -> None:
    """As a gap the record would be missed only later."""
    wrong: Any
    for wrong in (None, {}, float("nan"), float("inf"), [1], b"x"):
        with pytest.raises(docsearch.CorpusError, match="a record"):
            index.add([Record("b", "Water bill."), Record("c", "Bill.", extra={"fact": wrong})])
        assert index.keys() == ("a",)
    index.add([Record("b", "Water bill.", extra=cast(Any, {"tags": ["x", "y"]}))])
    (hit,) = index.search("bill", where={"tags": "y"})
    assert hit.meta.extra["tags"] == ("x", "y")
