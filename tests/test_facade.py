"""The front door: what `Index.search` takes, and what its answers hold on to."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docsearch
import pytest
from docsearch.index.segment import Segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.tables import Recorded
from docsearch.search.facade import Index
from docsearch.search.options import DEFAULTS, Options, UpdateOptions

TEXTS = {
    "law": "# Water\n\nWhoever uses water pays.\n\nPayment is due in March.",
    "order": "Water again.",
}


@pytest.fixture
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as made:
        made.add(docsearch.Record(key, text) for key, text in TEXTS.items())
        yield made


def test_a_ranking_is_named_or_given(index: Index) -> None:
    named = index.search("water", ranking="plain")
    assert named.hits == index.search("water", ranking=docsearch.Ranking.PLAIN).hits
    assert named.reading.ranking is docsearch.Ranking.PLAIN
    assert index.search("water").reading.ranking is docsearch.Ranking.DEFAULT


@pytest.mark.parametrize(
    ("wrong", "message"), [("ranking", "'best' is no ranking"), ("scope", "'best' is no scope")]
)
def test_another_name_is_refused(index: Index, wrong: str, message: str) -> None:
    with pytest.raises(docsearch.QueryError, match=message) as caught:
        index.search("water", **{wrong: "best"})  # type: ignore[arg-type]
    assert '"plain"' in caught.value.hint or '"paragraph"' in caught.value.hint


def test_how_a_search_is_asked_has_the_names_and_defaults_of_the_call() -> None:
    parameters = inspect.signature(Index.search).parameters
    assert set(Options._fields) == set(parameters) - {"self", "query"}
    for name, value in DEFAULTS._asdict().items():  # no order is "" in a call, and else None
        assert (value or None) == (parameters[name].default or None), name


def test_the_options_of_an_update_are_those_of_an_index() -> None:
    parameters = inspect.signature(Index.update).parameters
    assert set(UpdateOptions.__annotations__) == set(parameters) - {"self", "paths"}


@pytest.mark.parametrize("name", ["limit", "offset", "snippets"])
def test_negative_numbers_are_refused(index: Index, name: str) -> None:
    with pytest.raises(docsearch.QueryError, match=f"{name} is -1") as caught:
        index.search("water", **{name: -1})  # type: ignore[arg-type]
    assert caught.value.hint


def test_hits_outlive_the_index(index: Index) -> None:
    whole = index.search("payment")
    late = index.search("payment", snippets=0)
    index.close()
    with pytest.raises(docsearch.IndexProblem):
        index.search("payment")
    assert late.hits == tuple(replace(hit, snippets=()) for hit in whole)


def test_hits_are_of_the_generation_that_was_asked(index: Index) -> None:
    late = index.search("payment", snippets=0)
    index.delete(["law"])
    assert late[0].text == "Payment is due in March."
    assert not index.search("payment")


def test_an_index_that_was_moved_away_is_missing_when_it_is_read_again(tmp_path: Path) -> None:
    with docsearch.open(tmp_path / "here", create=True) as index:
        assert index.refresh() is index
        index.add([docsearch.Record("a", "Water law.")])
        (tmp_path / "here").rename(tmp_path / "there")
        with pytest.raises(docsearch.IndexMissing, match="no longer there"):
            index.refresh()
        assert [hit.key for hit in index.search("water")] == ["a"]


def test_what_cannot_be_called_is_no_progress(tmp_path: Path) -> None:
    made = docsearch.open(tmp_path / "index", create=True)
    with made as index, pytest.raises(docsearch.IndexProblem, match="progress"):
        index.update([tmp_path], progress=5)  # type: ignore[arg-type]


def test_a_document_of_many_hits_is_looked_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its record lists the cells of all its rows."""
    (tmp_path / "rows.csv").write_text("id,port\n" + "".join(f"{at},harbour {at}\n" for at in range(50)))
    (tmp_path / "other.txt").write_text("Another harbour.")
    looked: list[int] = []
    real = Segment.record

    def record(segment: Segment, document: int) -> Recorded:
        looked.append(document)
        return real(segment, document)

    monkeypatch.setattr(Segment, "record", record)
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([tmp_path / "rows.csv", tmp_path / "other.txt"])
        looked.clear()
        hits = index.search("harbour", limit=30, duplicates="show")
        cells = {hit.cell for hit in hits if hit.key.endswith(".csv")}
    assert len(cells) >= 29
    assert sorted(looked) == sorted(set(looked))
