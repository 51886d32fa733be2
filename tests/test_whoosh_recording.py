"""Writing to docsearch's own index through Whoosh's interface."""

# mypy: allow-untyped-calls

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docsearch.corpus.record import Record
from docsearch.errors import CorpusError, IndexLocked, IndexProblem
from docsearch.index.adapter.recording import record_of
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index, open_index
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.index import LockError
from whoosh.writing import AsyncWriter, IndexingError


@pytest.fixture
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as opened:
        opened.add([Record("a", "Water.\n\nThe river treaty."), Record("b", "Trade.", extra={"rank": 1})])
        yield opened


def keys(index: Index) -> list[str]:
    return list(index.keys())


def test_documents_are_records(index: Index) -> None:
    with index.whoosh.writer() as writer:
        writer.add_document(
            key="c",
            text_es="El agua es un derecho.\n\nLa paz.",
            title="Agua",
            source="Ministerio",
            published=dt.datetime(2023, 3, 15),
            meta_rank=2,
            meta_tags=["paz", "agua"],
        )
    stored = index.document("c")
    assert stored is not None
    assert (stored.meta.language, stored.meta.title, stored.meta.source) == ("es", "Agua", "Ministerio")
    assert (str(stored.meta.published), dict(stored.meta.extra)) == (
        "2023-03-15",
        {"rank": 2, "tags": ("paz", "agua")},
    )
    assert len(stored.paragraphs) == 2
    with index.whoosh.searcher() as searcher:
        assert [hit["key"] for hit in searcher.search(query.Term("text_es", "agu"))] == ["c"]
    assert index.search("agua").hits[0].key == "c"


def test_a_commit_is_one_generation_that_the_index_and_its_view_see(index: Index) -> None:
    view, generation = index.whoosh, index.generation
    writer = view.writer()
    writer.add_document(key="c", text="Steel.")
    writer.update_document(key="a", text="Dams.")
    assert writer.delete_by_term("key", "b") == 1
    assert keys(index) == ["a", "b"]
    writer.commit()
    assert (keys(index), index.generation) == (["a", "c"], generation + 1)
    assert index.whoosh is view
    assert (view.generation, view.doc_count(), view.up_to_date()) == (generation + 1, 2, True)


def test_cancel_and_errors_change_nothing(index: Index) -> None:
    generation = index.generation
    writer = index.whoosh.writer()
    writer.add_document(key="c", text="Steel.")
    writer.delete_by_query(query.Every())
    writer.cancel()
    with contextlib.suppress(RuntimeError), index.whoosh.writer() as writer:
        writer.delete_by_term("key", "a")
        raise RuntimeError
    index.whoosh.writer().commit()
    assert (keys(index), index.generation) == (["a", "b"], generation)
    with pytest.raises(IndexingError, match="closed"):
        writer.add_document(key="c", text="Steel.")


def test_a_matching_paragraph_takes_its_document_along(index: Index) -> None:
    with index.whoosh.writer() as writer:
        assert writer.delete_by_query(query.Term("text_en", "river")) == 1
    assert keys(index) == ["b"]
    index.whoosh.delete_by_term("meta_rank", 1)  # type: ignore[arg-type, unused-ignore]
    assert keys(index) == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": "x"}, "needs `key`"),
        ({"key": "c"}, "needs `key`"),
        ({"key": "c", "text_en": "x", "text_es": "y"}, "two texts"),
        ({"key": "c", "text_en": "x", "language": "es"}, "language"),
        ({"key": "c", "text": "x", "line": 3}, "derived"),
        ({"key": "c", "text": "x", "heading_en": "y"}, "derived"),
        ({"key": "c", "text": "x", "color": "y"}, "no field 'color'"),
        ({"key": "c", "text": "x", "_boost": 2.0}, "no field '_boost'"),
        ({"key": 3, "text": "x"}, "cannot be the key"),
    ],
)
def test_what_cannot_be_mapped_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(IndexProblem, match=message) as raised:
        record_of(given)
    assert "docs/whoosh.md" in raised.value.hint


def test_a_bad_document_leaves_the_writer_usable(index: Index) -> None:
    with index.whoosh.writer() as writer:
        with pytest.raises(CorpusError):
            writer.add_document(key="c\0", text="Steel.")
        writer.add_document(key="d", text="Steel.")
    assert keys(index) == ["a", "b", "d"]


def test_documents_of_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "note.txt").write_text("Water.")
    with Index(MemoryStorage(), create=True) as index:
        index.update([tmp_path / "in"])
        with pytest.raises(IndexProblem, match="file's document"), index.whoosh.writer() as writer:
            writer.delete_by_query(query.Every())
        assert keys(index) == ["in/note.txt"]


def test_there_is_one_writer(index: Index) -> None:
    writer = index.whoosh.writer()
    with pytest.raises(LockError) as raised:
        index.whoosh.writer(timeout=0.01)
    assert isinstance(raised.value, IndexLocked)
    writer.cancel()
    index.whoosh.writer().cancel()


def test_a_stale_view_writes_to_the_newest_generation(index: Index) -> None:
    view = index.whoosh
    index.add([Record("c", "Steel.")])
    with view.writer() as writer:
        assert writer.delete_by_term("key", "c") == 1
    assert (view.doc_count(), index.refresh().keys()) == (3, ("a", "b"))


def test_async_writers_wait_for_their_turn(index: Index) -> None:
    first = index.whoosh.writer()
    later = AsyncWriter(index.whoosh, delay=0.01)  # type: ignore[abstract, unused-ignore]
    later.add_document(key="c", text="Steel.")
    later.commit()
    first.commit()
    later.join()
    assert keys(index) == ["a", "b", "c"]


operations = st.lists(
    st.tuples(
        st.sampled_from(["add", "delete", "commit", "cancel"]),
        st.sampled_from("abc"),
        st.text("xy ", max_size=4),
    ),
    max_size=12,
)


@settings(max_examples=25)
@given(operations)
def test_a_sequence_of_changes_equals_a_dict(steps: list[tuple[str, str, str]]) -> None:
    with Index(MemoryStorage(), create=True) as index:
        index.add([Record("a", "start")])
        committed, added, removed = {"a": "start"}, dict[str, str](), set[str]()
        writer: Any = None
        for step, key, words in steps:
            writer = writer or index.whoosh.writer()
            if step == "add":
                writer.add_document(key=key, text=f"start {words}")
                added[key] = f"start {words}"
            elif step == "delete":  # of what was committed: what this writer has added stays
                writer.delete_by_term("key", key)
                removed.add(key)
            else:
                getattr(writer, step)()
                if step == "commit":
                    kept = {key: text for key, text in committed.items() if key not in removed}
                    committed = {**kept, **added}
                writer, added, removed = None, {}, set()
                documents = map(index.document, keys(index))
                assert {each.key: each.text for each in documents if each} == committed
        if writer:
            writer.cancel()


def test_a_view_notices_an_index_that_was_deleted_and_made_again(tmp_path: Path) -> None:
    with open_index(tmp_path / "index", create=True) as first:
        first.add([Record("a", "Water.")])
        view = first.whoosh
        assert view.up_to_date()
        shutil.rmtree(tmp_path / "index")
        with open_index(tmp_path / "index", create=True) as again:
            again.add([Record("b", "Air."), Record("c", "Soil.")])
        assert (view.latest_generation(), view.up_to_date()) == (view.generation, False)
        assert view.refresh().doc_count() == 2
