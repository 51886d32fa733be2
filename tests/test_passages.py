"""Passages that a program hands over by the thousand: what a dict would do, in the segments of documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docsearch
import pytest
from docsearch.corpus.decode import canonical
from docsearch.corpus.model import Document, Gap, Metadata, Paragraph, Reading, Section
from docsearch.corpus.reading import EMPTY
from docsearch.corpus.record import Record
from docsearch.errors import CorpusError, IndexProblem, RemovalsRefused
from docsearch.index import known
from docsearch.index import passages as module
from docsearch.index.container import Container
from docsearch.index.passages import PassageSegment, add_passages
from docsearch.index.rebuild import known_state
from docsearch.index.rows import passage_source
from docsearch.index.segment import BuiltSegment, build_segment
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import MemoryStorage, Storage
from docsearch.index.update import add_records, delete, update
from docsearch.index.writer import IndexWriter
from docsearch.search.facade import Index
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ["law", "Gesetz", "U.S.", "é\u0301tat", "中国", "* *", "’s", "1999", "chemicals", "😀"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
KEYS = st.sampled_from(["a", "b#1", "b#10", "b#2", "ü", "z/9"])


def plain(key: str, text: str, language: str) -> Document:
    end = len(text)
    return Document(
        key=key,
        text=text,
        sections=(Section("", 0, None, (0,), (0, 0), 0, end, 0, 1),),
        paragraphs=(Paragraph(0, end, section=0, ordinal=1, line=1),),
        meta=Metadata(title="", language=language, language_guessed=False),
    )


def held(storage: Storage) -> dict[str, str]:
    return {
        view.segment.key(number): view.segment.text(number)
        for view in Snapshot.open(storage).views
        for number in range(view.segment.documents)
        if view.is_live(number)
    }


def content(storage: Storage, built: BuiltSegment) -> bytes:
    assert built.file is not None
    return bytes(storage.read(built.file.name))


def arrays(storage: Storage, built: BuiltSegment) -> dict[str, bytes]:
    """All but the blocks of text, which are cut elsewhere when a segment is written again."""
    assert built.file is not None
    container = Container(storage.read(built.file.name), built.file.name, "segment")
    return {
        name: bytes(memoryview(container.array(name, kind.str, count)))  # type: ignore[arg-type]
        for name, (kind, _, count) in container._directory.items()
        if not name.startswith(("text/", "record/", "titles/"))
    }


@given(st.lists(st.dictionaries(KEYS | TEXTS.map(lambda t: t[:9]), TEXTS, max_size=5), max_size=4))
@settings(max_examples=100, deadline=None)
def test_the_segment_is_that_of_documents(batches: list[dict[str, str]]) -> None:
    """Byte for byte, also when a later batch replaces what an earlier one held."""
    storage = MemoryStorage()
    segment = PassageSegment(storage, "de")
    expected: dict[str, str] = {}
    for batch in batches:
        segment.add(list(batch), list(batch.values()))
        for key, text in batch.items():
            expected.pop(key, None)
            expected[key] = text
    built, keys = segment.finish()
    readings = [(passage_source(key), Reading((plain(key, text, "de"),))) for key, text in expected.items()]
    reference = build_segment(storage, readings)
    assert sorted(keys) == sorted(key.encode() for key in expected)
    assert (built.documents, built.paragraphs) == (reference.documents, reference.paragraphs)
    assert (built.file is None) == (reference.file is None)
    if expected and len(expected) == sum(map(len, batches)):
        assert content(storage, built) == content(storage, reference)
    elif expected:
        assert arrays(storage, built) == arrays(storage, reference)
    assert len(storage.names()) == (2 if expected else 0)


CALLS = st.lists(
    st.one_of(
        st.tuples(
            st.just("passages"),
            st.lists(st.tuples(KEYS, TEXTS | st.sampled_from(["", "x\0", "\ud800", " y\r"])), max_size=7),
        ),
        st.tuples(st.just("records"), st.lists(st.tuples(KEYS, TEXTS), max_size=3)),
        st.tuples(st.just("delete"), st.lists(KEYS, max_size=2)),
        st.tuples(st.just("rebuild"), st.just([])),
    ),
    max_size=6,
)


@given(
    CALLS,
    st.sampled_from([1, 150, 1 << 20]),
    st.sampled_from([1, 40, 1 << 20]),
    st.sampled_from([3, 1 << 20]),
)
@settings(max_examples=150, deadline=None)
def test_any_calls_equal_a_dict(calls: list[tuple[str, list]], batch: int, size: int, words: int) -> None:  # type: ignore[type-arg]
    storage = MemoryStorage()
    expected: dict[str, str] = {}
    gaps: dict[str, str] = {}
    add_records(storage, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BATCH", batch)
        patch.setattr(module, "_SEGMENT", size)
        patch.setattr(module, "_MOST_WORDS", words)
        for kind, arguments in calls:
            before = dict(expected)
            if kind == "passages":
                for key, text in arguments:
                    decoded = canonical(text)
                    expected.pop(key, None)
                    gaps.pop(key, None)
                    if text := decoded.text.strip():
                        expected[key] = text
                    if told := EMPTY if not text else "".join(decoded.problems):
                        gaps[key] = told
                report = add_passages(storage, arguments)
                named = {key for key, _ in arguments}
                assert report.added == len((expected.keys() - before.keys()) & named)
                assert report.documents == len(expected)
                assert report.changed >= sum(
                    before[k] != expected[k] for k in before.keys() & expected.keys()
                )
            elif kind == "records":
                add_records(storage, [Record(key, text) for key, text in arguments])
                for key, text in arguments:
                    gaps.pop(key, None)
                    expected.pop(key, None)
                    if any(char.isalnum() for char in text):
                        expected[key] = text
                    else:
                        gaps[key] = EMPTY
            elif kind == "delete":
                delete(storage, arguments)
                for key in arguments:
                    expected.pop(key, None)
                    gaps.pop(key, None)
            elif expected or gaps:
                update(storage, rebuild=True)
            assert held(storage) == expected
            told_now = {gap.key: gap.reason for gap in docsearch.Index(storage).gaps()}
            assert told_now == gaps
            with IndexWriter.open(storage) as writer:
                assert {key for row in writer.rows.values() for key in row.documents} == expected.keys()
                assert len(writer.rows) == len(expected.keys() | gaps.keys())
                assert writer.documents == len(expected)


class TestAddPassages:
    def test_they_are_found_and_resolved(self) -> None:
        with docsearch.Index(MemoryStorage(), create=True) as index:
            report = index.add_passages([("1", "Water law."), ("2", "  Air law,\r\namended. ")])
            assert (report.added, report.changed, report.documents, report.gaps) == (2, 0, 2, ())
            hit = index.search("air", scope="paragraph")[0]
            assert (hit.key, hit.text, hit.title) == ("2", "Air law,\namended.", "")
            assert index.resolve(hit.citation).status == "exact"
            assert index.document("1") == plain("1", "Water law.", "en")

    def test_what_has_not_changed_is_passed_over(self) -> None:
        storage = MemoryStorage()
        first = [("1", "Water law."), ("2", "Air law."), ("3", "")]
        generation = add_passages(storage, first).generation
        report = add_passages(storage, first)
        assert (report.unchanged, report.added, report.changed, report.generation) == (2, 0, 0, generation)
        report = add_passages(storage, [("1", "Water law."), ("2", "Soil law."), ("3", "Sea law.")])
        assert (report.unchanged, report.added, report.changed) == (1, 1, 1)
        report = add_passages(storage, [("1", "Water law.")], language="de")
        assert (report.unchanged, report.changed) == (0, 1)

    def test_the_last_of_one_key_counts_also_when_it_is_the_old_one(self) -> None:
        storage = MemoryStorage()
        add_passages(storage, [("1", "Water law.")])
        add_passages(storage, [("1", "Air law."), ("1", "Water law.")])
        assert held(storage) == {"1": "Water law."}

    def test_gaps(self) -> None:
        storage = MemoryStorage()
        report = add_passages(storage, [("1", " \n"), ("2", "a\0b"), ("3", "x")])
        assert report.gaps == (("1", EMPTY), ("2", "encoding: 1 NUL byte in the text, read as a space"))
        assert report.documents == 2
        assert set(docsearch.Index(storage).gaps()) == {
            Gap("1", EMPTY),
            Gap("2", "1 NUL byte in the text, read as a space", "encoding"),
        }
        assert add_passages(storage, [("1", "law"), ("2", "law")]).gaps == ()
        assert docsearch.Index(storage).gaps() == ()
        assert add_passages(storage, [("2", "")]).documents == 2
        assert held(storage).keys() == {"1", "3"}

    def test_all_or_none(self) -> None:
        storage = MemoryStorage()
        add_passages(storage, [("1", "Water law.")])

        def broken() -> Iterator[tuple[str, str]]:
            yield "2", "Air law."
            raise OSError("the database is gone")

        names = storage.names()
        with pytest.raises(OSError, match="gone"):
            add_passages(storage, broken())
        assert held(storage) == {"1": "Water law."}
        assert storage.names() == names

    @pytest.mark.parametrize("key", ["", "a\nb", "a\ud800", "x" * 1001, 7])
    def test_keys_that_cannot_be(self, key: str) -> None:
        with pytest.raises(CorpusError):
            add_passages(MemoryStorage(), [("fine", "x"), (key, "y")])

    def test_a_language_that_is_none(self) -> None:
        with pytest.raises(CorpusError, match="various"):
            add_passages(MemoryStorage(), [], language="various")

    def test_the_keys_of_files_are_refused(self, tmp_path: Path) -> None:
        (tmp_path / "laws").mkdir()
        (tmp_path / "laws" / "a").write_text("Water law.")
        storage = MemoryStorage()
        update(storage, [tmp_path / "laws"])
        with pytest.raises(IndexProblem, match="file's document"):
            add_passages(storage, [("b", "Air law."), ("laws/a", "Soil law.")])
        add_passages(storage, [("b", "Air law.")])
        update(storage)
        assert held(storage) == {"laws/a": "Water law.", "b": "Air law."}

    def test_a_damaged_index_does_not_lose_them_unasked(self) -> None:
        storage = MemoryStorage()
        add_passages(storage, [("1", "Water law.")])
        name = next(name for name in storage.names() if name.startswith("segment-"))
        damaged = bytearray(storage.read(name))
        damaged[: len(damaged) // 2] = bytes(len(damaged) // 2)
        storage.remove(name)
        storage.write(name, [bytes(damaged)])
        assert known_state(storage).damaged
        with pytest.raises(RemovalsRefused):
            update(storage, rebuild=True)

    def test_the_catalog_holds_nothing_of_them(self) -> None:
        storage = MemoryStorage()
        sizes = []
        for count in (1, 1000):
            add_passages(storage, [(str(number), f"Law {number}.") for number in range(count)])
            sizes += [storage.size(name) for name in storage.names() if name.startswith("catalog-")]
        assert abs(sizes[0] - sizes[1]) < 10


def test_a_segment_ends_where_it_holds_too_many_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BATCH", 1)  # so that it is looked at after 64 texts each
    monkeypatch.setattr(module, "_MOST_WORDS", 10_000)
    monkeypatch.setattr(known, "_MOST", 10_000)
    texts = (
        " ".join(f"w{number}x" for number in range(first, first + 100)) for first in range(0, 30_000, 100)
    )
    storage = MemoryStorage()
    assert add_passages(storage, ((f"p{at}", text) for at, text in enumerate(texts))).added == 300
    with Index(storage) as index:
        assert [view.counts[2] for view in index.engine.views] == [128, 128, 44]
        assert [index.search(f"w{at}x").totals.units for at in (0, 12_345, 29_999)] == [1, 1, 1]
