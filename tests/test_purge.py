"""After a purge the bytes of what was deleted are gone from all files, and everything else is as it was."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import docsearch
import pytest
from docsearch import Record
from docsearch.errors import IndexMissing, IndexProblem
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage, MemoryStorage
from docsearch.index.update import add_records, delete
from hypothesis import given, settings
from hypothesis import strategies as st

OLD = 1_600_000_000_000_000_000
SECRET = """---
title: The quagmire accord
minister: Xylophonic Zebedee
---

# The quagmire accord

## Gargoylish provisions

Ferries permitting brabblement need a permit.
"""
PLAIN = "# Ferries\n\nA ferry needs a permit. Two ferries need two permits.\n"
RARE = ("quagmire", "quagmir", "xylophonic", "zebedee", "gargoylish", "brabblement", "permitting", "hush")


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and every zlib stream that begins anywhere in it, unpacked."""
    for file in sorted(folder.iterdir()):
        data = file.read_bytes()
        yield file.name, data.lower()
        at = data.find(b"\x78")
        while at >= 0:
            with suppress(zlib.error):
                yield f"{file.name} from {at}", zlib.decompressobj().decompress(data[at:]).lower()
            at = data.find(b"\x78", at + 1)


def met(folder: Path, words: Sequence[str] = RARE) -> dict[str, set[str]]:
    """Which of the words stand anywhere in the files of a folder, and in which of them."""
    found: dict[str, set[str]] = {}
    for name, data in contents(folder):
        for word in words:
            if word.encode() in data:
                found.setdefault(word, set()).add(name)
    return found


def write(file: Path, text: str) -> None:
    file.write_text(text)
    os.utime(file, ns=(OLD, OLD))


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "laws"
    folder.mkdir()
    write(folder / "ferries.md", PLAIN)
    write(folder / "hush-hush.md", SECRET)
    return folder


@pytest.fixture
def index(laws: Path, tmp_path: Path) -> docsearch.Index:
    index = docsearch.open(tmp_path / "index", create=True)
    index.update([laws])
    return index


def gone(index: docsearch.Index, laws: Path) -> None:
    (laws / "hush-hush.md").unlink()
    index.update()


def replaced(index: docsearch.Index, laws: Path) -> None:
    write(laws / "hush-hush.md", "# Ferries\n\nNo ferry any more.\n")
    index.update()


def renamed_and_gone(index: docsearch.Index, laws: Path) -> None:
    (laws / "hush-hush.md").rename(laws / "zebedee.md")
    index.update()
    (laws / "zebedee.md").unlink()
    index.update()


class TestBytes:
    @pytest.mark.parametrize("remove", [gone, replaced, renamed_and_gone])
    def test_are_gone_after_it(
        self,
        index: docsearch.Index,
        laws: Path,
        tmp_path: Path,
        remove: Callable[[docsearch.Index, Path], None],
    ) -> None:
        assert met(tmp_path / "index").keys() == set(RARE), "the search for bytes finds them"
        remove(index, laws)
        before = index.keys(), [hit.citation for hit in index.search("ferries permit")]
        report = index.purge()
        expected = {"hush"} if remove is replaced else set()
        assert met(tmp_path / "index").keys() == expected, "a key lives on where its document was replaced"
        assert (index.keys(), [hit.citation for hit in index.search("ferries permit")]) == before
        assert report.documents == report.segments == 1
        assert report.generation == index.generation
        assert index.search("permitting").totals.paragraphs == index.search("permit").totals.paragraphs
        again = index.purge()
        assert (again.documents, again.segments, again.bytes, again.generation) == (0, 0, 0, index.generation)

    def test_of_records_with_all_their_fields(self, tmp_path: Path) -> None:
        index = docsearch.open(tmp_path / "index", create=True)
        hidden = Record(
            "hush",
            "Brabblement.",
            title="Quagmire",
            source="Xylophonic",
            place="Zebedee",
            extra={"gargoylish": "x"},
        )
        index.add([Record("ferries", "A ferry needs a permit."), hidden])
        index.delete(["hush"])
        index.purge()
        assert met(tmp_path / "index") == {}
        assert index.keys() == ("ferries",)

    def test_when_everything_is_deleted(self, tmp_path: Path) -> None:
        index = docsearch.open(tmp_path / "index", create=True)
        index.add([Record("hush", "Brabblement.")])
        index.delete(["hush"])
        index.purge()
        assert met(tmp_path / "index") == {}
        assert index.keys() == ()
        index.add([Record("ferries", "A ferry needs a permit.")])
        assert index.search("ferry").totals.documents == 1

    def test_a_reader_of_the_old_files_goes_on(
        self, index: docsearch.Index, laws: Path, tmp_path: Path
    ) -> None:
        reader = docsearch.open(tmp_path / "index")
        gone(index, laws)
        index.purge()
        assert reader.search("brabblement").totals.documents == 1
        assert reader.refresh().search("brabblement").totals.documents == 0


def test_what_cannot_be_removed_is_told(
    index: docsearch.Index, laws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(index, laws)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStorage, "remove", lambda self, name: None)
        with pytest.raises(IndexProblem, match="could not be removed") as caught:
            index.purge()
    assert "purge it again" in caught.value.hint
    index.purge()
    assert met(tmp_path / "index") == {}


def test_the_folder_is_flushed_after_the_removals(
    index: docsearch.Index, laws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(index, laws)
    steps: list[str] = []
    remove, flush = FolderStorage.remove, FolderStorage.flush

    def noting_remove(self: FolderStorage, name: str) -> None:
        steps.append("remove")
        remove(self, name)

    def noting_flush(self: FolderStorage) -> None:
        steps.append("flush")
        flush(self)

    monkeypatch.setattr(FolderStorage, "remove", noting_remove)
    monkeypatch.setattr(FolderStorage, "flush", noting_flush)
    index.purge()
    assert steps[-1] == "flush"
    assert "remove" in steps


def test_without_an_index_there_is_nothing_to_purge(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        docsearch.open(tmp_path / "index", create=True).purge()
    assert not (tmp_path / "index").exists()


WORDS = ["permit", "permits", "permitting", "ferry", "ferries", "água", "agua"]
texts = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join), min_size=1, max_size=9
).map("\n\n".join)


def surfaces(storage: MemoryStorage) -> dict[str, set[bytes]]:
    """Of each field, the words that its segments hold, as written and folded."""
    held: dict[str, set[bytes]] = {}
    for view in Snapshot.open(storage).views:
        for name in view.segment.field_names:
            kind, _, language = name.partition(".")
            field = view.segment.field(kind, language)
            assert field is not None
            held.setdefault(name, set()).update(field.surfaces.all(), field.folds.all())
    return held


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_the_words_left_are_those_of_the_documents_left(corpus: list[str], deleted: set[int]) -> None:
    records = [
        Record(str(number), text, title=text.split("\n")[0], language="en")
        for number, text in enumerate(corpus)
    ]
    purged, fresh = MemoryStorage(), MemoryStorage()
    add_records(purged, records)
    delete(purged, [str(number) for number in deleted])
    index = docsearch.Index(purged)
    index.purge()
    add_records(fresh, [record for record in records if int(record.key) not in deleted])
    assert surfaces(purged) == surfaces(fresh)
    for query in WORDS:
        ours, theirs = index.search(query), docsearch.Index(fresh).search(query)
        assert [(hit.key, hit.score) for hit in ours] == [(hit.key, hit.score) for hit in theirs]
        assert ours.totals == theirs.totals


def test_what_an_earlier_purge_could_not_remove_is_told(
    index: docsearch.Index, laws: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone(index, laws)
    with monkeypatch.context() as patch:
        patch.setattr(FolderStorage, "remove", lambda self, name: None)
        for _ in range(2):
            with pytest.raises(IndexProblem, match="could not be removed"):
                index.purge()
    index.purge()
    assert index.path is not None
    assert not met(index.path)
