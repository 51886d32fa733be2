"""What goes wrong while an index is written: nothing partial stays, nothing is forgotten unasked, and every
refusal says what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch import Record
from docsearch.errors import CorpusError, IndexCorrupt, IndexProblem, QueryError, RemovalsRefused
from docsearch.index.manifest import NAME, Manifest
from docsearch.index.storage import FolderStorage
from docsearch.index.update import add_records, update
from docsearch.index.writer import BEGUN

OLD = 1_600_000_000_000_000_000
FLUSHES = 7
"""Of a small update: the folder, its segment, the catalog, deletions or the mark of a beginning, the folder
twice, and the manifest between."""
_GOES_WITHOUT_SAYING = {NAME, "LOCK", ".gitignore"}


def write(root: Path, **contents: str) -> None:
    """Files that were written long ago: their times can be trusted."""
    root.mkdir(exist_ok=True)
    for name, content in contents.items():
        (root / name).write_text(content)
        os.utime(root / name, ns=(OLD, OLD))


def strays(storage: FolderStorage) -> frozenset[str]:
    """Files that the current generation does not need."""
    needed = Manifest.load(storage).files() if NAME in storage.names() else frozenset()
    return storage.names() - needed - _GOES_WITHOUT_SAYING


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "index")


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    write(tmp_path / "laws", **{f"law{number:02}": f"Law no {number}." for number in range(30)})
    return tmp_path / "laws"


class TestFailingWrites:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
    @pytest.mark.parametrize("first", [True, False])
    @pytest.mark.parametrize("step", range(1, 16))
    def test_nothing_partial_stays(
        self,
        laws: Path,
        storage: FolderStorage,
        monkeypatch: pytest.MonkeyPatch,
        code: int,
        first: bool,
        step: int,
    ) -> None:
        if not first:
            update(storage, [laws])
            write(laws, law00="Another law.")
        before = storage.names()
        flushed, calls = os.fsync, 0
        # The folders around the index are flushed, too.
        flushes = FLUSHES + (len(storage.path.absolute().parents) if first else 0)

        def failing(handle: int) -> None:
            nonlocal calls
            calls += 1
            if calls == step:
                raise OSError(code, os.strerror(code))
            flushed(handle)

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", failing)
            with pytest.raises(IndexProblem, match=os.strerror(code)) if step <= flushes else nullcontext():
                update(storage, [laws])
        assert (calls >= step) == (step <= flushes), "the number of flushes has changed: set FLUSHES"
        # When the flush after the rename fails, a power cut might bring the old generation back.
        assert strays(storage) <= before
        update(storage, [laws])
        assert not strays(storage)
        assert docsearch.open(storage.path).document("laws/law00") is not None

    def test_a_write_that_is_cut_off_leaves_no_file(self, storage: FolderStorage) -> None:
        def chunks() -> Iterator[bytes]:
            yield b"the beginning"
            raise OSError(errno.ENOSPC, "No space left on device")

        with pytest.raises(IndexProblem, match="No space left"):
            storage.write("segment-1", chunks())
        assert storage.names() == frozenset()

    @pytest.mark.parametrize("step", range(1, 5))
    def test_a_rebuild_that_cannot_write_forgets_no_version(
        self, storage: FolderStorage, laws: Path, monkeypatch: pytest.MonkeyPatch, step: int
    ) -> None:
        """What fails once may work the next time; it must not pass for damage of what was kept."""
        update(storage, [laws], keep_versions=True)
        write(laws, law00="Another law.")
        update(storage)
        write_file, calls = FolderStorage.write, 0

        def failing(self: FolderStorage, name: str, chunks: Iterable[bytes | memoryview]) -> None:
            nonlocal calls
            calls += 1
            if calls == step:
                raise IndexProblem("no space left on device")
            write_file(self, name, chunks)

        monkeypatch.setattr(FolderStorage, "write", failing)
        with pytest.raises(IndexProblem, match="no space"):
            update(storage, rebuild=True, allow_removals=True)
        monkeypatch.undo()
        with docsearch.open(storage.path) as index:
            assert len(index.versions("laws/law00")) == 2


class TestLostManifest:
    def test_an_index_that_lost_its_manifest_is_not_begun_anew(
        self, laws: Path, storage: FolderStorage
    ) -> None:
        update(storage, [laws])
        add_records(storage, [Record("speech", "A zebra crossed the border.")])
        (storage.path / NAME).unlink()
        before = storage.names()
        with pytest.raises(IndexCorrupt, match="its MANIFEST is gone") as caught:
            update(storage, [laws])
        assert "--rebuild" in caught.value.hint
        with pytest.raises(IndexCorrupt):
            add_records(storage, [Record("other", "Words.")])
        with pytest.raises(RemovalsRefused, match="a program handed over would be lost"):
            update(storage, [laws], rebuild=True)
        assert storage.names() == before
        assert update(storage, [laws], rebuild=True, allow_removals=True).documents == 30
        assert not strays(storage)

    def test_a_folder_with_other_files_is_none_of_ours(self, laws: Path, storage: FolderStorage) -> None:
        storage.path.mkdir()
        (storage.path / "notes.txt").write_text("Words.")
        assert update(storage, [laws]).documents == 30
        assert strays(storage) == {"notes.txt"}

    def test_a_first_build_that_died_is_begun_anew(self, laws: Path, storage: FolderStorage) -> None:
        storage.write(BEGUN, ())
        storage.write("segment-1", [b"half"])
        storage.write("catalog-00000001-1", [b"half"])
        assert update(storage, [laws]).generation >= 1
        assert not strays(storage)

    def test_the_mark_of_a_beginning_goes_with_its_writer(self, laws: Path, storage: FolderStorage) -> None:
        with pytest.raises(CorpusError):
            add_records(storage, [Record("1", "Words."), Record("", "No key.")])
        assert not strays(storage)


class TestEmptiedFiles:
    def test_emptied_files_count_as_removed(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, **{f"law{number:02}": "" for number in range(11)})
        before = storage.names()
        with pytest.raises(RemovalsRefused, match="11 of the 30 documents of laws") as caught:
            update(storage)
        assert "11 of them because their files are empty or cannot be read" in caught.value.message
        assert caught.value.hint.startswith("Nothing was changed.")
        assert storage.names() == before
        assert update(storage, allow_removals=True).documents == 19

    def test_they_count_together_with_those_that_are_gone(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, **{f"law{number:02}": "" for number in range(6)})
        for number in range(6, 12):
            (laws / f"law{number:02}").unlink()
        with pytest.raises(RemovalsRefused, match=r"12 of the 30 .*; 6 of them because"):
            update(storage)

    def test_files_without_a_reader_count_too(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        for number in range(12):
            os.unlink(laws / f"law{number:02}")
            os.mkfifo(laws / f"law{number:02}")
        with pytest.raises(RemovalsRefused, match="12 of the 30"):
            update(storage)

    def test_a_rebuild_counts_them(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, **{f"law{number:02}": " " for number in range(30)})
        with pytest.raises(RemovalsRefused, match="30 of the 30"):
            update(storage, rebuild=True)
        assert docsearch.open(storage.path).status().documents == 30
        assert not strays(storage)

    def test_a_few_may_become_empty(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, law00="", law01="")
        assert update(storage).removed == ("laws/law00", "laws/law01")


class TestArguments:
    @pytest.fixture
    def index(self, storage: FolderStorage) -> docsearch.Index:
        index = docsearch.open(storage.path, create=True)
        index.add([Record("1", "Water law.")])
        return index

    @pytest.mark.parametrize(
        ("arguments", "named"),
        [
            ({"query": 5}, "the query is a int"),
            ({"query": "water", "limit": "3"}, "limit is '3'"),
            ({"query": "water", "offset": 1.5}, "offset is 1.5"),
            ({"query": "water", "snippets": None}, "snippets is None"),
        ],
    )
    def test_of_a_search(self, index: docsearch.Index, arguments: Any, named: str) -> None:
        with pytest.raises(QueryError, match=named) as caught:
            index.search(**arguments)
        assert caught.value.hint

    @pytest.mark.parametrize(
        ("record", "named"),
        [
            (Record("2", None), "text is None"),  # type: ignore[arg-type]
            (Record("2", b"Air law."), "text is b'Air law.'"),  # type: ignore[arg-type]
            (Record("2", "Air law.", title=7), "title is 7"),  # type: ignore[arg-type]
            (Record("2", "Air law.", type=None), "type is None"),  # type: ignore[arg-type]
            (Record("2", "Air law.", published=2021), "published is 2021"),  # type: ignore[arg-type]
            (Record("2", "Air law.", extra=[("a", "b")]), "extra is"),  # type: ignore[arg-type]
            (Record("2", "Air law.", extra={"tags": ["a", 5]}), "tags"),  # type: ignore[dict-item]
            (Record("2", "Air law.", extra={5: "a"}), "extra is"),  # type: ignore[dict-item]
            ({"key": "2", "text": "Air law."}, "is no record"),
        ],
    )
    def test_of_a_record(self, index: docsearch.Index, record: Any, named: str) -> None:
        with pytest.raises(CorpusError, match=named) as caught:
            index.add([Record("fine", "Soil law."), record])
        assert caught.value.hint
        assert index.keys() == ("1",), "no record is dropped silently, and none is taken alone"

    @pytest.mark.parametrize("records", [5, Record("2", "Air law."), None])
    def test_of_an_addition(self, index: docsearch.Index, records: Any) -> None:
        with pytest.raises(CorpusError, match="not a list of records"):
            index.add(records)

    @pytest.mark.parametrize(
        ("call", "arguments", "named"),
        [
            ("update", {"paths": 5}, "paths is 5"),
            ("update", {"paths": [5]}, "paths is 5"),
            ("update", {"paths": None, "workers": "two"}, "workers is 'two'"),
            ("update", {"paths": None, "workers": 0}, "workers is 0"),
            ("update", {"paths": None, "wait": "long"}, "wait is 'long'"),
            ("add", {"documents": [], "wait": None}, "wait is None"),
            ("delete", {"keys": 5}, "keys is 5"),
            ("delete", {"keys": [5]}, "keys is 5"),
        ],
    )
    def test_of_what_writes(self, index: docsearch.Index, call: str, arguments: Any, named: str) -> None:
        with pytest.raises(IndexProblem, match=named) as caught:
            getattr(index, call)(**arguments)
        assert caught.value.hint

    def test_a_closed_index_tells_no_generation(self, index: docsearch.Index) -> None:
        index.close()
        with pytest.raises(IndexProblem, match="was closed"):
            _ = index.generation
