"""Changes of an index, on a small corpus, and what an index is found to hold.

Each can be asked for again after it was broken off, and then ends in the same index.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest import mock

import docsearch
from docsearch import Record
from docsearch.errors import IndexMissing
from docsearch.index import batch
from docsearch.index.batch import build_readings
from docsearch.index.handed import read_handed, record_source
from docsearch.index.manifest import NAME
from docsearch.index.storage import FolderStorage
from docsearch.index.writer import IndexWriter

__all__ = ["MISSING", "SCENARIOS", "Found", "Place", "Scenario", "named", "strays"]

_OLD = 1_600_000_000_000_000_000
_QUERIES = ("permit ferry", '"clean water"', "amended OR fee")
_OURS = frozenset({NAME, "LOCK", ".gitignore"})


@dataclass(frozen=True)
class Place:
    """Where a scenario plays. disk: what a crash may touch; the index lies two folders deep in it, neither of
    which is there to begin with. sources: files that stay as they are."""

    disk: Path
    sources: Path

    @property
    def index(self) -> Path:
        return self.disk / "kept" / "index"


@dataclass(frozen=True)
class Found:
    """All that is asked of an index: its generation (0: there is none), whether its check finds it sound,
    texts by key, texts of kept versions, gaps, and the answers to some queries with their scores."""

    generation: int
    sound: bool = True
    texts: tuple[tuple[str, str], ...] = ()
    versions: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gaps: tuple[str, ...] = ()
    answers: tuple[tuple[tuple[str, float], ...], ...] = ()

    @property
    def content(self) -> object:
        """All but the number of the generation."""
        return (self.sound, self.texts, self.versions, self.gaps, self.answers)


MISSING = Found(0)


@dataclass(frozen=True)
class Scenario:
    """prepare: makes what stands before, if anything. change: what is broken off. probe: what is found.

    forgets: after the change no file but those of the current generation may be left.
    """

    name: str
    prepare: Callable[[Place], None]
    change: Callable[[Place], None]
    probe: Callable[[Path], Found]
    forgets: bool = False


def probe(index: Path) -> Found:
    """What an index is found to hold. Raises what a reader would meet."""
    try:
        sound = docsearch.check(index).sound
        opened = docsearch.open(index)
    except IndexMissing:
        return MISSING
    with opened:
        if not sound:
            return Found(opened.generation, sound=False)
        keys = opened.keys()
        return Found(
            opened.generation,
            sound,
            tuple((key, _text(opened, key)) for key in keys),
            tuple((key, tuple(v.document.text for v in opened.versions(key))) for key in (*keys, "gone")),
            tuple(f"{gap.key}: {gap.told()}" for gap in opened.gaps()),
            tuple(tuple((hit.citation, hit.score) for hit in opened.search(query)) for query in _QUERIES),
        )


def strays(index: Path) -> set[str]:
    """Files in an index's folder that its current generation does not need."""
    storage = FolderStorage(index)
    if NAME not in storage.names():
        return set(storage.names() - _OURS)
    return set(storage.names() - _needed(storage) - _OURS)


def _needed(storage: FolderStorage) -> frozenset[str]:
    from docsearch.index.adapter.rows.generation import FORMAT, Generation
    from docsearch.index.manifest import Manifest

    content = bytes(storage.read(NAME))
    if FORMAT.encode() in content:
        return Generation.from_bytes(content, "").files()
    return Manifest.load(storage).files()


def _text(index: docsearch.Index, key: str) -> str:
    document = index.document(key)
    assert document is not None
    return document.text


# What stands before


def _nothing(place: Place) -> None:
    _write(place.sources, **{f"law{number}": f"Law {number}: clean water." for number in range(4)})
    place.disk.mkdir(exist_ok=True)


def _files_and_records(place: Place) -> None:
    """Several segments, in each of which something is deleted, kept versions, and changed files."""
    _nothing(place)
    _update(place, keep_versions=True)
    with docsearch.open(place.index) as index:
        index.add([Record(key, f"Permit {key} for a ferry.") for key in ("a", "b", "c")])
        index.add([Record(key, f"Fee {key} for a zebra.") for key in ("d", "e", "gone")])
        index.delete(["gone", "a"])
    _write(place.sources, law0="Law 0, amended: clean water for all.", new="A new fee.")
    (place.sources / "law1").rename(place.sources / "law9")
    (place.sources / "law2").unlink()


def _records_only(place: Place) -> None:
    place.disk.mkdir()
    with docsearch.open(place.index, create=True) as index:
        index.add([Record("b", "Permit b."), Record("c", "Clean water.")])


def _damaged(place: Place) -> None:
    """A document's text, or what stands beside it, is not what was written."""
    _nothing(place)
    _update(place)
    with docsearch.open(place.index) as index:
        index.add([Record(key, f"Permit {key} for a ferry.") for key in ("a", "b")])
    file = max(place.index.glob("segment-*"), key=lambda file: file.stat().st_mtime_ns)
    content = bytearray(file.read_bytes())
    content[len(content) // 5] ^= 0x40
    file.write_bytes(content)


def _write(folder: Path, **contents: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_text(f"# {name}\n\n{content}\n")
        os.utime(folder / name, ns=(_OLD, _OLD))


# Changes


def _update(place: Place, *, rebuild: bool = False, keep_versions: bool | None = None) -> None:
    with docsearch.open(place.index, create=True) as index:
        index.update(
            [place.sources], rebuild=rebuild, allow_removals=True, keep_versions=keep_versions, workers=1
        )


@contextmanager
def _small_batches() -> Iterator[None]:
    """A file or two to a batch, so that a first build commits more than once."""
    with (
        mock.patch.object(batch, "_FIRST", (60, 60)),
        mock.patch.object(batch, "_LATER", 60),
        mock.patch.object(batch, "_LAST", 60),
    ):
        yield


def _batch_build(place: Place) -> None:
    with _small_batches():
        _update(place)


def _broken_off(place: Place) -> None:
    """A writer that gives up before its commit, and then one that does not."""
    records = [Record("r", "A record on clean water.")]
    with IndexWriter.open(FolderStorage(place.index)) as writer:
        readings = [(record_source(record), read_handed(record)) for record in records]
        for built in build_readings(FolderStorage(place.index), readings):
            writer.add(built)
    _records(place)


def _records(place: Place) -> None:
    with docsearch.open(place.index, create=True) as index:
        index.add([Record(key, f"Permit {key}: clean water, no fee.") for key in ("b", "r", "s")])


def _one_record(place: Place) -> None:
    with docsearch.open(place.index, create=True) as index:
        index.add([Record("b", "Permit b, amended: no fee.")])


def _merge(place: Place) -> None:
    """Records until a tier of segments is full, and deletions until one is mostly deleted."""
    with docsearch.open(place.index) as index:
        for key in "klmn":
            index.add([Record(key, f"Water fee {key}.")])
        index.delete(["b", "c", "d"])


def _purge(place: Place) -> None:
    with docsearch.open(place.index) as index:
        index.purge(versions=True)


def _passages(place: Place) -> None:
    with docsearch.open(place.index, create=True) as index:
        index.add_passages([(f"p/{number}", f"Passage {number} on water and a fee.") for number in range(5)])


def _repair(place: Place) -> None:
    docsearch.repair(place.index)


# An index with a schema of one's own


def _begin_rows(place: Place) -> None:
    from docsearch import whoosh_index
    from whoosh.fields import ID, TEXT, Schema

    place.disk.mkdir(exist_ok=True)
    place.index.mkdir(parents=True)
    schema = Schema(key=ID(unique=True, stored=True), body=TEXT(stored=True))
    opened = whoosh_index.create_in(place.index, schema)
    for group in ("ab", "cd", "ef"):
        with opened.writer() as writer:
            for key in group:
                writer.add_document(key=key, body=f"Clean water, law {key}")


def _change_rows(place: Place) -> None:
    from docsearch import whoosh_index

    opened = whoosh_index.open_dir(place.index)
    with opened.writer() as writer:
        writer.update_document(key="a", body="Amended: a fee")
        writer.update_document(key="z", body="A zebra crosses")
        writer.delete_by_term("key", "c")
    writer = opened.writer()
    writer.delete_by_term("key", "d")
    writer.commit(optimize=True)


def _probe_rows(index: Path) -> Found:
    from docsearch import whoosh_index
    from whoosh.query import Every, Term

    opened = whoosh_index.open_dir(index)
    with opened.searcher() as searcher:
        found = searcher.search(Every(), limit=None)
        texts = tuple(sorted((hit["key"], hit["body"]) for hit in found))
        answers = tuple(
            tuple((hit["key"], hit.score) for hit in searcher.search(Term("body", word)))
            for word in ("water", "zebra", "fee")
        )
    return Found(opened.latest_generation(), True, texts, (), (), answers)


SCENARIOS = (
    Scenario("first build", _nothing, _update, probe),
    Scenario("first build in batches", _nothing, _batch_build, probe),
    Scenario("first records", _nothing, _records, probe),
    Scenario("first passages", _nothing, _passages, probe),
    Scenario("given up, then done", _nothing, _broken_off, probe),
    Scenario("one record", _records_only, _one_record, probe),
    Scenario("update", _files_and_records, _update, probe),
    Scenario("records", _files_and_records, _records, probe),
    Scenario("merges", _files_and_records, _merge, probe),
    Scenario("rebuild", _files_and_records, partial(_update, rebuild=True), probe),
    Scenario("purge", _files_and_records, _purge, probe, forgets=True),
    Scenario("repair", _damaged, _repair, probe),
    Scenario("schema of one's own", _begin_rows, _change_rows, _probe_rows),
)


def named(name: str) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == name)
