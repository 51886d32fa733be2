"""A writer that dies at any step leaves the old generation or the new one, and nothing that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import docsearch
import pytest
from docsearch import Record
from docsearch.index.manifest import NAME, Manifest
from docsearch.index.storage import MemoryStorage
from docsearch.index.update import add_records, delete
from docsearch.index.writer import IndexWriter

State = tuple[int, dict[str, str], dict[str, list[str]]]


class Died(BaseException):
    """The process is gone: nothing can be tidied up any more."""


class Mortal(MemoryStorage):
    """Dies before a step, and takes part in nothing after it."""

    def __init__(self, files: dict[str, bytes], last: int) -> None:
        super().__init__()
        self._files = dict(files)
        self._left = last

    def _step(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Died

    def write(self, name: str, chunks: Iterable[bytes | memoryview]) -> None:
        self._step()
        self._files[name] = b"half"  # what a file is while it is written
        self._step()
        super().write(name, chunks)

    def replace(self, name: str, content: bytes) -> None:
        self._step()
        self._files[f"{name}.new"] = content
        self._step()
        self._files.pop(f"{name}.new")
        super().replace(name, content)

    def remove(self, name: str) -> None:
        self._step()
        super().remove(name)


def state(storage: MemoryStorage) -> State:
    index = docsearch.Index(storage)
    live = {key: index.document(key).text for key in index.keys("")}  # type: ignore[union-attr]
    versions = {key: [v.document.text for v in index.versions(key)] for key in "abcdefgh"}
    return index.generation, live, versions


def prepared() -> MemoryStorage:
    """Some segments, in each of which something is deleted, and some kept versions."""
    storage = MemoryStorage()
    with IndexWriter.open(storage) as writer:
        writer.versions.on = True
        writer.commit()
    for keys in ("abc", "def", "gh"):
        add_records(storage, [Record(key, f"Law {key}.") for key in keys])
    delete(storage, ["a", "d"])
    return storage


def replace_some(storage: MemoryStorage) -> None:
    add_records(storage, [Record(key, f"Law {key}, amended.") for key in "beg"])


def merge_all(storage: MemoryStorage) -> None:
    delete(storage, ["b", "e", "g", "h"])


def purge(storage: MemoryStorage) -> None:
    docsearch.Index(storage).purge()


def purge_versions(storage: MemoryStorage) -> None:
    docsearch.Index(storage).purge(versions=True)


@pytest.mark.parametrize("change", [replace_some, merge_all, purge, purge_versions])
def test_at_every_step(change: Callable[[MemoryStorage], None]) -> None:
    start = prepared()
    before = state(start)
    done = Mortal(start._files, 10_000)
    change(done)
    after = state(done)
    steps = 10_000 - done._left
    assert steps > 6
    outcomes = set()
    for last in range(steps):
        dying = Mortal(start._files, last)
        with pytest.raises(Died):
            change(dying)
        storage = MemoryStorage()
        storage._files = dict(dying._files)
        found = state(storage)
        assert found in (before, after)
        outcomes.add(found[0])
        change(storage)
        assert state(storage)[1:] == after[1:]
        assert storage.names() == Manifest.load(storage).files() | {NAME}
    assert outcomes == {before[0], after[0]}


def test_at_every_step_of_a_beginning() -> None:
    done = Mortal({}, 10_000)
    add_records(done, [Record("a", "Law a.")])
    for last in range(10_000 - done._left):
        dying = Mortal({}, last)
        with pytest.raises(Died):
            add_records(dying, [Record("a", "Law a.")])
        storage = MemoryStorage()
        storage._files = dict(dying._files)
        add_records(storage, [Record("b", "Law b.")])
        assert set(docsearch.Index(storage).keys()) in ({"b"}, {"a", "b"})
        assert storage.names() == Manifest.load(storage).files() | {NAME}
