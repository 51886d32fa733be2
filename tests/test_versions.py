"""Kept versions tell what documents were; nothing else ever sees them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch import Record
from docsearch.errors import IndexCorrupt, IndexProblem, RemovalsRefused
from docsearch.index.manifest import Manifest
from docsearch.index.storage import FolderStorage, MemoryStorage
from docsearch.index.versions import Version
from docsearch.index.writer import IndexWriter
from hypothesis import given, settings
from hypothesis import strategies as st

OLD = 1_600_000_000_000_000_000


def write(root: Path, **contents: str) -> None:
    root.mkdir(exist_ok=True)
    for name, content in contents.items():
        (root / name).write_text(content)
        os.utime(root / name, ns=(OLD, OLD))


def texts(versions: tuple[Version, ...]) -> list[str]:
    return [version.document.text for version in versions]


def sound(versions: tuple[Version, ...], *, current: bool) -> None:
    """Times follow one another, and only the current version has no end."""
    ends = [version.valid_to for version in versions]
    assert [end is None for end in ends] == [False] * (len(ends) - current) + [True] * current
    times = [time for version in versions for time in (version.valid_from, version.valid_to) if time]
    assert times == sorted(times)
    assert all(time.tzinfo is dt.UTC for time in times)


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    write(tmp_path / "laws", water="Water law, first form.", air="Air law.")
    return tmp_path / "laws"


@pytest.fixture
def index(laws: Path, tmp_path: Path) -> docsearch.Index:
    index = docsearch.open(tmp_path / "index", create=True)
    index.update([laws], keep_versions=True)
    return index


class TestKeeping:
    @pytest.mark.parametrize("first", [(), (Record("minutes", "We will meet."),)])
    def test_an_index_of_records_alone_keeps_them_too(
        self, tmp_path: Path, first: tuple[Record, ...]
    ) -> None:
        with docsearch.open(tmp_path / "records", create=True) as index:
            index.add(first)
            index.update(keep_versions=True)
            index.add([Record("minutes", "We met.")])
            index.add([Record("minutes", "We met in June.")])
            assert texts(index.versions("minutes"))[-2:] == ["We met.", "We met in June."]
            assert index.status().versions == len(first) + 1
            index.update(keep_versions=False)
            index.delete(["minutes"])
            assert index.status().versions == len(first) + 1

    def test_what_is_replaced_is_kept_with_its_times(self, index: docsearch.Index, laws: Path) -> None:
        before = dt.datetime.now(dt.UTC)
        write(laws, water="Water law, second form, longer.")
        index.update()
        write(laws, water="Water law, third.")
        index.update()
        versions = index.versions("laws/water")
        assert texts(versions) == [
            "Water law, first form.",
            "Water law, second form, longer.",
            "Water law, third.",
        ]
        sound(versions, current=True)
        assert all(version.valid_from for version in versions)
        assert versions[0].valid_to == versions[1].valid_from, "a version holds until the next one does"
        assert versions[1].valid_to == versions[2].valid_from
        assert versions[0].valid_from < before < versions[0].valid_to  # type: ignore[operator]
        assert versions[0].document.meta.language == "en"
        assert texts(index.versions("laws/air")) == ["Air law."]
        assert index.versions("laws/earth") == ()

    def test_what_is_removed_is_kept(self, index: docsearch.Index, laws: Path) -> None:
        (laws / "air").unlink()
        index.add([Record("speech", "Rivers do not stop."), Record("other", "At borders.")])
        index.update()
        index.delete(["speech"])
        for key, text in (("laws/air", "Air law."), ("speech", "Rivers do not stop.")):
            versions = index.versions(key)
            assert texts(versions) == [text]
            sound(versions, current=False)
            assert index.document(key) is None

    def test_nothing_is_kept_unasked(self, laws: Path, tmp_path: Path) -> None:
        index = docsearch.open(tmp_path / "plain", create=True)
        index.update([laws])
        write(laws, water="Water law, second form, longer.")
        index.update()
        assert texts(index.versions("laws/water")) == ["Water law, second form, longer."]
        assert index.versions("laws/water")[0].valid_from is None
        assert not index.status().keep_versions

    def test_it_can_be_switched_on_and_off(self, laws: Path, tmp_path: Path) -> None:
        index = docsearch.open(tmp_path / "plain", create=True)
        index.update([laws])
        write(laws, water="Second form.")
        report = index.update(keep_versions=True)
        assert report.generation == 2
        versions = index.versions("laws/water")
        assert texts(versions) == ["Water law, first form.", "Second form."]
        assert versions[0].valid_from is None, "nobody noted when it came"
        assert index.update(keep_versions=True).generation == 2, "nothing has changed"
        assert index.update(keep_versions=False).generation == 3
        write(laws, water="Third form, which is longer.")
        index.update()
        assert texts(index.versions("laws/water")) == [
            "Water law, first form.",
            "Third form, which is longer.",
        ]
        status = index.status()
        assert (status.keep_versions, status.versions) == (False, 1)

    @pytest.mark.parametrize("on", [1, 0, "yes"])
    def test_what_stands_for_true_and_false_is_kept_as_these(
        self, laws: Path, tmp_path: Path, on: object
    ) -> None:
        with docsearch.open(tmp_path / "index", create=True) as index:
            index.update([laws], keep_versions=on)  # type: ignore[arg-type]
        with docsearch.open(tmp_path / "index") as index:
            assert index.status().keep_versions is bool(on)

    def test_numbers_of_theirs_that_no_column_holds_are_told_as_damage(
        self, index: docsearch.Index, laws: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def overflow(*_: object) -> None:
            raise OverflowError("signed integer is greater than maximum")

        write(laws, water="Second form.")
        index.update()
        monkeypatch.setattr("docsearch.index.keeping.build_segment", overflow)
        with pytest.raises(docsearch.DocsearchError, match="water"):
            index.update(rebuild=True)

    def test_status_counts_them(self, index: docsearch.Index, laws: Path) -> None:
        assert (index.status().keep_versions, index.status().versions) == (True, 0)
        write(laws, water="Second form.", air="Another air law.")
        index.update()
        status = index.status()
        assert status.versions == 2
        assert 0 < status.versions_size < status.size
        assert status.documents == 2


class TestPurge:
    def test_keeps_them_unless_it_is_told_to_drop_them(
        self, index: docsearch.Index, laws: Path, tmp_path: Path
    ) -> None:
        write(laws, water="Brabblement.")
        index.update()
        write(laws, water="Water law.")
        index.update()
        report = index.purge()
        assert (report.documents, report.versions, report.kept) == (1, 0, 2)
        assert texts(index.versions("laws/water"))[1] == "Brabblement."
        report = index.purge(versions=True)
        assert (report.documents, report.versions, report.kept) == (0, 2, 0)
        assert texts(index.versions("laws/water")) == ["Water law."]
        assert index.versions("laws/water")[0].valid_from is not None
        content = b"".join(file.read_bytes().lower() for file in (tmp_path / "index").iterdir())
        assert b"brabblement" not in content
        assert index.purge(versions=True).generation == report.generation
        write(laws, water="Water law, again.")
        index.update()
        assert len(index.versions("laws/water")) == 2, "keeping goes on"


class TestRebuild:
    def test_carries_them_and_keeps_what_has_changed(self, index: docsearch.Index, laws: Path) -> None:
        write(laws, water="Second form.")
        index.update()
        came = index.versions("laws/air")[0].valid_from
        write(laws, water="Third form, which is longer.")
        index.update(rebuild=True)
        versions = index.versions("laws/water")
        assert texts(versions) == [
            "Water law, first form.",
            "Second form.",
            "Third form, which is longer.",
        ]
        sound(versions, current=True)
        assert all(version.valid_from for version in versions)
        assert [version.valid_from for version in index.versions("laws/air")] == [came]
        assert index.status().keep_versions

    def test_refuses_to_lose_damaged_ones_unasked(
        self, index: docsearch.Index, laws: Path, tmp_path: Path
    ) -> None:
        write(laws, water="Second form.")
        index.update()
        storage = FolderStorage(tmp_path / "index")
        (entry,) = Manifest.load(storage).versions
        content = bytearray((tmp_path / "index" / entry.file.name).read_bytes())
        content[10] ^= 1
        (tmp_path / "index" / entry.file.name).write_bytes(bytes(content))
        with pytest.raises(RemovalsRefused, match="versions of documents"):
            index.update(rebuild=True)
        index.update(rebuild=True, allow_removals=True)
        assert texts(index.versions("laws/water")) == ["Second form."]


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"short")])
def test_damage_is_told(
    index: docsearch.Index, laws: Path, tmp_path: Path, damage: Callable[[Path], Any]
) -> None:
    write(laws, water="Second form.")
    index.update()
    for kind in ("validity", "versions"):
        manifest = Manifest.load(FolderStorage(tmp_path / "index"))
        file = manifest.validity if kind == "validity" else manifest.versions[0].file
        assert file is not None
        whole = (tmp_path / "index" / file.name).read_bytes()
        damage(tmp_path / "index" / file.name)
        with pytest.raises(IndexProblem) as caught:
            docsearch.open(tmp_path / "index").versions("laws/water")
        assert isinstance(caught.value, IndexCorrupt)
        assert "rebuild" in caught.value.hint
        (tmp_path / "index" / file.name).write_bytes(whole)


WORDS = ["permit", "permits", "permitting", "ferry", "ferries", "água", "agua"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
operation = st.one_of(
    st.tuples(st.just("add"), st.dictionaries(st.sampled_from("abcd"), words, min_size=1, max_size=3)),
    st.tuples(st.just("delete"), st.sets(st.sampled_from("abcd"), min_size=1, max_size=3)),
    st.tuples(st.just("purge"), st.none()),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(operation, min_size=1, max_size=14))
def test_any_history_is_held_and_changes_no_answer(operations: list[tuple[str, Any]]) -> None:
    keeping, plain = (
        docsearch.Index(MemoryStorage(), create=True),
        docsearch.Index(MemoryStorage(), create=True),
    )
    for index in (keeping, plain):
        index.add([])
    with IndexWriter.open(keeping._storage) as writer:
        writer.versions.on = True
        writer.commit()
    history: dict[str, list[str]] = {}
    live: dict[str, str] = {}
    for kind, argument in operations:
        for index in (keeping, plain):
            if kind == "add":
                index.add([Record(key, text, language="en", title=text) for key, text in argument.items()])
            elif kind == "delete":
                index.delete(argument)
            else:
                index.purge()
        if kind == "add":
            for key, text in argument.items():
                if live.get(key) != text:
                    history.setdefault(key, []).append(text)
            live |= argument
        elif kind == "delete":
            live = {key: text for key, text in live.items() if key not in argument}
    keeping = keeping.refresh()
    for key, expected in history.items():
        versions = keeping.versions(key)
        assert texts(versions) == expected
        sound(versions, current=key in live)
    assert keeping.keys() == plain.keys() == tuple(sorted(live))
    assert keeping.engine.statistics().paragraphs == plain.engine.statistics().paragraphs
    for query in (*WORDS, "ferr*", "permut", "-permit"):
        ours, theirs = keeping.search(query), plain.search(query)
        assert [(hit.citation, hit.score) for hit in ours] == [(hit.citation, hit.score) for hit in theirs]
        assert ours.totals == theirs.totals
        assert ours.reading.tree == theirs.reading.tree
        assert ours.near_words == theirs.near_words
