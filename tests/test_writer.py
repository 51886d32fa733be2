"""Sequences of adds, replacements and removals equal a plain dict; a merge equals building at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from docsearch.corpus.model import Document, Gap, Metadata, Paragraph, Reading, Section, Source
from docsearch.errors import IndexIncompatible, IndexLocked, IndexMissing
from docsearch.index.container import Container
from docsearch.index.engine import LocalEngine
from docsearch.index.manifest import FORMAT, NAME, Manifest
from docsearch.index.merge import merge
from docsearch.index.reports import Root
from docsearch.index.segment import build_segment
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage, MemoryStorage
from docsearch.index.writer import IndexWriter
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = [
    "trade",
    "Trade",
    "trades",
    "treaty",
    "treaties",
    "água",
    "agua",
    "U.S.",
    "Mexico's",
    "drugs",
    "S/RES/1373",
    "the",
]


def document(key: str, paragraphs: Sequence[str], language: str = "en") -> Document:
    """A document with a lead and, from its second paragraph on, one section."""
    text, ranges = "", []
    for number, words in enumerate(paragraphs):
        if number == 1:
            text += "A heading\n\n"
        ranges.append((len(text), len(text) + len(words)))
        text += words + "\n\n"
    has_section = len(paragraphs) > 1
    head = text.find("A heading") if has_section else len(text)
    sections = [Section("", 0, None, (0,), (0, 0), 0, head, 0, 1)]
    if has_section:
        sections.append(
            Section("A heading", 1, None, (1,), (head, head + 9), head, len(text), 1, len(paragraphs))
        )
    rows = tuple(
        Paragraph(start, end, int(n > 0), n if n else 1, text.count("\n", 0, start) + 1)
        for n, (start, end) in enumerate(ranges)
    )
    return Document(key, text, tuple(sections), rows, Metadata(title=f"Title {key}", language=language))


def reading(doc: Document) -> tuple[Source, Reading]:
    digest = hashlib.sha256(doc.text.encode()).digest()
    return Source(doc.key, "root", doc.key, len(doc.text), 1, digest), Reading((doc,))


paragraphs = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=3
)
languages = st.sampled_from(["en", "es", "de"])
keys = st.sampled_from(["a", "b", "c/ü", "d e", "f"])
changes = st.lists(st.tuples(keys, paragraphs, languages), min_size=1, max_size=4, unique_by=lambda c: c[0])
operation = st.one_of(
    st.tuples(st.just("add"), changes),
    st.tuples(st.just("remove"), st.lists(keys, max_size=3)),
    st.tuples(st.just("commit"), st.none()),
)


def contents(storage: MemoryStorage) -> dict[str, Document]:
    engine = LocalEngine(storage)
    found = {key: engine.document(key) for key in engine.keys("")}
    return {key: doc for key, doc in found.items() if doc is not None}


@settings(max_examples=60, deadline=None)
@given(st.lists(operation, max_size=14))
def test_any_sequence_of_changes_equals_a_dict(operations: list[tuple[str, object]]) -> None:
    storage = MemoryStorage()
    expected: dict[str, Document] = {}
    with IndexWriter.open(storage) as writer:
        writer.commit()
    for kind, argument in operations:
        with IndexWriter.open(storage) as writer:
            if kind == "add":
                docs = [document(key, words, language) for key, words, language in argument]  # type: ignore[attr-defined]
                writer.add(build_segment(storage, map(reading, docs)))
                expected |= {doc.key: doc for doc in docs}
            elif kind == "remove":
                writer.remove(argument)  # type: ignore[arg-type]
                expected = {key: doc for key, doc in expected.items() if key not in argument}  # type: ignore[operator]
            assert writer.documents == len(expected)
            writer.commit()
        assert contents(storage) == expected
    statistics = LocalEngine(storage).statistics()
    assert statistics.documents == len(expected)
    assert statistics.paragraphs == sum(len(doc.paragraphs) for doc in expected.values())
    assert statistics.sections == sum(len(doc.sections) for doc in expected.values())
    assert sum(statistics.languages.values()) == statistics.paragraphs


def arrays_of(storage: MemoryStorage, name: str) -> dict[str, bytes]:
    """All arrays of a segment but the text blocks (cut elsewhere)."""
    container = Container(storage.read(name), name, "segment")
    return {
        key: bytes(memoryview(container.array(key, dtype.str, count)))  # type: ignore[arg-type]
        for key, (dtype, _, count) in container._directory.items()
        if not key.startswith(("text/", "record/", "titles/"))
    }


def committed(storage: MemoryStorage, groups: Iterable[list[Document]], gone: list[str]) -> Snapshot:
    with IndexWriter.open(storage) as writer:
        for group in groups:
            writer.add(build_segment(storage, map(reading, group)))
        writer.remove(gone)
        writer._next_group = lambda early: []  # type: ignore[method-assign, misc]  # no merging: that is what is tested
        writer.commit()
    return Snapshot.open(storage)


corpora = st.lists(st.tuples(paragraphs, languages), min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(corpora, st.integers(1, 4), st.sets(st.integers(0, 8)))
def test_merged_equals_built_at_once(corpus: list[tuple[list[str], str]], size: int, gone: set[int]) -> None:
    docs = [document(f"k{i}", words, language) for i, (words, language) in enumerate(corpus)]
    left = [doc for i, doc in enumerate(docs) if i not in gone]
    if not left:
        return
    groups = [docs[i : i + size] for i in range(0, len(docs), size)]
    storage = MemoryStorage()
    snapshot = committed(storage, groups, [docs[i].key for i in gone if i < len(docs)])
    merged = merge(storage, list(snapshot.views))
    built = build_segment(storage, map(reading, left)).file
    assert built is not None
    assert arrays_of(storage, merged.name) == arrays_of(storage, built.name)


def test_many_small_updates_keep_few_segments() -> None:
    storage = MemoryStorage()
    for number in range(40):
        with IndexWriter.open(storage) as writer:
            writer.add(build_segment(storage, [reading(document(f"k{number}", ["some words here"]))]))
            writer.commit()
    snapshot = Snapshot.open(storage)
    assert len(snapshot.views) < 8
    assert len(contents(storage)) == 40
    assert storage.names() == snapshot.manifest.files() | {NAME}


def test_an_older_reader_keeps_its_view(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "index")
    for words in ("first words", "second words"):
        with IndexWriter.open(storage) as writer:
            writer.add(build_segment(storage, [reading(document("k", [words]))]))
            writer.commit()
        if words == "first words":
            older = LocalEngine(storage)
    for engine, text in ((older, "first words\n\n"), (LocalEngine(storage), "second words\n\n")):
        found = engine.document("k")
        assert found is not None
        assert found.text == text


def test_what_was_not_committed_is_gone_with_its_files(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "index")
    with IndexWriter.open(storage) as writer:
        writer.commit()
    before = storage.names()
    with IndexWriter.open(storage) as writer:
        writer.add(build_segment(storage, [reading(document("k", ["words"]))]))
    assert storage.names() == before
    build_segment(storage, [reading(document("k", ["words"]))])  # a writer died here
    with IndexWriter.open(storage):
        assert storage.names() == before


def test_a_second_writer_is_told_to_wait(tmp_path: Path) -> None:
    for storage in (MemoryStorage(), FolderStorage(tmp_path / "index")):
        with IndexWriter.open(storage), pytest.raises(IndexLocked):
            IndexWriter.open(storage, wait=0.05)
        IndexWriter.open(storage, wait=0.05).close()


def test_rows_without_documents_are_kept() -> None:
    storage = MemoryStorage()
    source = Source("root/x.bin", "root", "x.bin", 3, 1, bytes(32))
    with IndexWriter.open(storage) as writer:
        writer.add(build_segment(storage, [(source, Reading((), (Gap("root/x.bin", "binary"),)))]))
        writer.commit()
    engine = LocalEngine(storage)
    assert engine.gaps() == (Gap("root/x.bin", "binary"),)
    assert engine.statistics().gaps == 1
    with IndexWriter.open(storage) as writer:
        assert writer.rows["root/x.bin"].source == source


def test_no_index_and_another_format_are_said() -> None:
    storage = MemoryStorage()
    with pytest.raises(IndexMissing, match="docsearch index"):
        Manifest.load(storage)
    with IndexWriter.open(storage) as writer:
        writer.commit()
    content = bytes(storage.read(NAME)).replace(b'"format": %d' % FORMAT, b'"format": 99')
    storage.replace(NAME, content)
    with pytest.raises(IndexIncompatible, match="rebuild"):
        Manifest.load(storage)
    with IndexWriter.open(storage, fresh=True) as writer:
        writer.commit()
    assert Manifest.load(storage).generation > 1


def test_renames_are_remembered_and_followed() -> None:
    storage = MemoryStorage()
    for old, new in ((None, "a"), ("a", "b"), ("b", "c")):
        with IndexWriter.open(storage) as writer:
            writer.add(build_segment(storage, [reading(document(new, ["words"]))]))
            if old is not None:
                writer.rename(old, new)
                writer.remove([old])
            writer.commit()
    engine = LocalEngine(storage)
    assert engine.current_key("a") == engine.current_key("b") == "c"
    assert engine.current_key("c") is None
    with IndexWriter.open(storage) as writer:
        writer.add(build_segment(storage, [reading(document("a", ["other words"]))]))
        writer.commit()
    assert LocalEngine(storage).current_key("a") is None, "the name is taken again"
    assert LocalEngine(storage).current_key("b") == "c"


def test_an_open_reader_finds_its_catalog_after_later_commits(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "index")
    source = Source("root/x.bin", "root", "x.bin", 3, 1, bytes(32))
    with IndexWriter.open(storage) as writer:
        writer.add(build_segment(storage, [(source, Reading((), (Gap("root/x.bin", "binary"),)))]))
        writer.commit()
    engine = LocalEngine(storage)
    with IndexWriter.open(storage) as writer:
        writer.remove(["root/x.bin"])
        writer.commit()
    assert engine.gaps() == (Gap("root/x.bin", "binary"),)
    assert LocalEngine(storage).gaps() == ()


@pytest.mark.parametrize("below", ["", "papers"])
def test_a_root_that_holds_its_index_moves_with_it(tmp_path: Path, below: str) -> None:
    home = tmp_path / "project"
    root = home / below
    root.mkdir(parents=True)
    elsewhere = Root("elsewhere", str(tmp_path / "other"))
    storage = FolderStorage(home / ".docsearch")
    with IndexWriter.open(storage) as writer:
        writer.set_roots([Root("root", str(root)), elsewhere])
        writer.commit()
    assert Manifest.load(storage).roots == (Root("root", str(root)), elsewhere)
    home.rename(tmp_path / "moved")
    moved = Manifest.load(FolderStorage(tmp_path / "moved" / ".docsearch"))
    assert moved.roots == (Root("root", str(tmp_path / "moved" / below)), elsewhere)


def test_an_index_keeps_itself_out_of_a_repository(tmp_path: Path) -> None:
    with IndexWriter.open(FolderStorage(tmp_path / "project" / ".docsearch")) as writer:
        writer.commit()
    assert (tmp_path / "project" / ".docsearch" / ".gitignore").read_text() == "*\n"
