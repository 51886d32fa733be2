"""Records that programs hand over, and their life beside files."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docsearch.corpus import registry
from docsearch.corpus.model import PartialDate
from docsearch.corpus.record import Record
from docsearch.errors import CorpusError, IndexMissing, IndexProblem, RemovalsRefused
from docsearch.index import handed
from docsearch.index import update as module
from docsearch.index.handed import record_source
from docsearch.index.manifest import Manifest
from docsearch.index.rebuild import Known
from docsearch.index.reports import UpdateReport
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage, MemoryStorage, Storage
from docsearch.index.update import add_records, delete, update
from hypothesis import given, settings
from hypothesis import strategies as st


def held(storage: Storage) -> dict[str, str]:
    return {
        view.segment.key(number): view.segment.text(number)
        for view in Snapshot.open(storage).views
        for number in range(view.segment.documents)
        if view.is_live(number)
    }


def did(report: UpdateReport) -> dict[str, object]:
    names = ("added", "changed", "renamed", "removed", "unchanged", "gaps")
    return {name: value for name in names if (value := getattr(report, name))}


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "a").write_text("Water law.")
    return folder


class TestAdd:
    def test_new_changed_and_unchanged(self, storage: MemoryStorage) -> None:
        first = [Record("1", "Water law."), Record("2", "Air law.")]
        assert did(add_records(storage, first)) == {"added": ("1", "2")}
        second = [Record("1", "Water law."), Record("2", "Air law, amended."), Record("3", "Soil law.")]
        report = add_records(storage, second)
        assert did(report) == {"added": ("3",), "changed": ("2",), "unchanged": 1}
        assert (report.documents, report.generation) == (3, 2)
        assert held(storage) == {"1": "Water law.", "2": "Air law, amended.", "3": "Soil law."}

    def test_nothing_new_is_no_new_generation(self, storage: MemoryStorage) -> None:
        records = [Record("1", "Water law.")]
        assert add_records(storage, records).generation == add_records(storage, records).generation == 1

    def test_none_at_all_makes_an_empty_index(self, storage: MemoryStorage) -> None:
        assert add_records(storage, []).documents == 0
        assert Manifest.load(storage).complete

    def test_of_one_key_the_last_counts(
        self, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        records = [Record("1", "Old law."), Record("2", "Air law."), Record("1", "New law.")]
        assert did(add_records(storage, records)) == {"added": ("1", "2")}
        assert held(storage)["1"] == "New law."
        # Also when it is the one that the index has, or when they are of different batches.
        assert did(add_records(storage, [*records, Record("2", "x"), Record("2", "Air law.")])) == {
            "unchanged": 2
        }
        monkeypatch.setattr(module, "_RECORD_BATCH", 1)
        assert did(add_records(storage, [Record("1", "x"), Record("1", "New law.")])) == {"unchanged": 1}
        assert held(storage) == {"1": "New law.", "2": "Air law."}

    def test_all_or_none(self, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "_RECORD_BATCH", 1)
        add_records(storage, [Record("1", "Water law.")])
        files = storage.names()

        def rows() -> Iterator[Record]:
            yield Record("2", "Air law.")
            raise ConnectionError("the database has gone")

        with pytest.raises(ConnectionError):
            add_records(storage, rows())
        assert held(storage) == {"1": "Water law."}
        assert storage.names() == files
        add_records(storage, [Record("3", "Soil law.")], wait=0)

    @pytest.mark.parametrize("key", ["", "x" * 1001, "a\nb", "a\x00", "\ud800", 7])
    def test_keys_that_cannot_be_keys(self, storage: MemoryStorage, key: Any) -> None:
        with pytest.raises(CorpusError, match="a record's key"):
            add_records(storage, [Record("fine", "Water law."), Record(key, "Air law.")])
        with pytest.raises(IndexMissing):
            Manifest.load(storage)

    def test_values_that_cannot_be_kept(self, storage: MemoryStorage) -> None:
        extra: Any = {"code": {1, 2}}
        with pytest.raises(CorpusError, match="cannot be kept") as caught:
            add_records(storage, [Record("1", "Water law.", extra=extra)])
        assert caught.value.path == "1"

    def test_a_build_that_breaks_costs_one_record(
        self, storage: MemoryStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = registry.read_record

        def read_record(record: Record) -> object:
            if record.key == "2":
                raise ValueError("odd")
            return real(record)

        monkeypatch.setattr(handed, "read_record", read_record)
        report = add_records(storage, [Record(str(number), "Water law.") for number in range(4)])
        assert report.added == ("0", "1", "3")
        assert report.gaps == (("2", "its reader failed (ValueError: odd)"),)


class TestSource:
    def test_every_field_counts(self) -> None:
        base: dict[str, Any] = {"key": "1", "text": "Water law."}
        variants: list[dict[str, Any]] = [
            {},
            {"text": "Air law."},
            {"type": "text/markdown"},
            {"title": "Law"},
            {"language": "de"},
            {"source": "TDI"},
            {"place": "Bonn"},
            {"published": "2023-03-15"},
            {"published": dt.date(2023, 3, 15)},
            {"published": PartialDate(2023, 3, 15)},
            {"published": PartialDate(2023, 3, 15, guessed=True)},
            {"effective": "2023"},
            {"ended": "2023"},
            {"extra": {"a": "1"}},
            {"extra": {"a": 1}},
            {"extra": {"a": True}},
            {"extra": {"a": ("1",)}},
            {"extra": {"a": dt.date(2023, 3, 15)}},
        ]
        digests = [record_source(Record(**{**base, **variant})).sha256 for variant in variants]
        assert len(set(digests)) == len(variants)

    def test_the_order_of_fields_does_not(self) -> None:
        one, two = Record("1", "", extra={"a": 1, "b": 2}), Record("1", "", extra={"b": 2, "a": 1})
        assert record_source(one) == record_source(two)


class TestDelete:
    def test_known_keys_go_and_others_are_passed_over(self, storage: MemoryStorage) -> None:
        add_records(storage, [Record("1", "Water law."), Record("2", "Air law.")])
        report = delete(storage, ["1", "unknown"])
        assert did(report) == {"removed": ("1",)}
        assert (report.documents, report.generation) == (1, 2)
        assert delete(storage, ["1"]).generation == 2
        assert delete(storage, "12").removed == ()
        assert held(storage) == {"2": "Air law."}

    def test_there_must_be_an_index(self, tmp_path: Path) -> None:
        storage = FolderStorage(tmp_path / "index")
        with pytest.raises(IndexMissing):
            delete(storage, ["1"])
        assert not storage.path.exists()

    def test_not_the_document_of_a_file(self, storage: MemoryStorage, laws: Path) -> None:
        update(storage, [laws])
        add_records(storage, [Record("1", "Air law.")])
        with pytest.raises(IndexProblem, match="the key of a file's document"):
            delete(storage, ["1", "laws/a"])
        assert sorted(held(storage)) == ["1", "laws/a"]


class TestBesideFiles:
    def test_a_record_may_not_take_the_key_of_a_file(self, storage: MemoryStorage, laws: Path) -> None:
        update(storage, [laws])
        with pytest.raises(IndexProblem, match="the key of a file's document") as caught:
            add_records(storage, [Record("laws/a", "Air law.")])
        assert caught.value.path == "laws/a"
        assert held(storage) == {"laws/a": "Water law."}

    def test_nor_a_file_that_of_a_record(self, storage: MemoryStorage, laws: Path) -> None:
        add_records(storage, [Record("laws/a", "Air law.")])
        with pytest.raises(IndexProblem, match="has the key of this file"):
            update(storage, [laws])
        assert held(storage) == {"laws/a": "Air law."}

    def test_updates_of_files_leave_records_alone(self, storage: MemoryStorage, laws: Path) -> None:
        add_records(storage, [Record("1", "Air law.")])
        assert did(update(storage, [laws])) == {"added": ("laws/a",)}
        (laws / "a").write_text("Water law, amended.")
        assert did(update(storage)) == {"changed": ("laws/a",)}
        assert held(storage) == {"1": "Air law.", "laws/a": "Water law, amended."}

    def test_records_do_not_complete_a_build_that_was_broken_off(
        self, storage: MemoryStorage, laws: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        complete = Manifest.load(storage)
        monkeypatch.setattr(module, "_known", lambda *_: Known(complete.roots, {}, False))
        add_records(storage, [Record("1", "Air law.")])
        assert not Manifest.load(storage).complete


class TestRebuild:
    def test_records_are_carried_over(
        self, storage: MemoryStorage, laws: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "_RECORD_BATCH", 20)
        records = [Record(str(number), f"Law number {number}.") for number in range(5)]
        add_records(storage, records)
        update(storage, [laws])
        before = held(storage)
        report = update(storage, rebuild=True)
        assert did(report) == {"unchanged": 6}
        assert held(storage) == before
        assert did(add_records(storage, records)) == {"unchanged": 5}

    def test_also_when_there_is_nothing_else(self, storage: MemoryStorage) -> None:
        add_records(storage, [Record("1", "Air law.")])
        assert did(update(storage, rebuild=True)) == {"unchanged": 1}

    def test_they_are_not_lost_in_silence_when_the_index_is_damaged(self, tmp_path: Path, laws: Path) -> None:
        storage = FolderStorage(tmp_path / "index")
        add_records(storage, [Record("1", "Air law.")])
        update(storage, [laws])
        for name in storage.names():
            if name.startswith("segment-"):
                os.truncate(storage.path / name, 100)
        with pytest.raises(RemovalsRefused, match="is damaged") as caught:
            update(storage, rebuild=True)
        assert caught.value.path == "1"
        report = update(storage, rebuild=True, allow_removals=True)
        assert did(report) == {"removed": ("1",), "unchanged": 1}


operations = st.lists(
    st.one_of(
        st.tuples(
            st.just("add"), st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), max_size=4)
        ),
        st.tuples(st.just("delete"), st.lists(st.sampled_from("abcde"), max_size=3)),
        st.tuples(st.just("rebuild"), st.just([])),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(operations)
def test_any_sequence_equals_a_dictionary(operations: list[tuple[str, list[Any]]]) -> None:
    storage = MemoryStorage()
    add_records(storage, [Record("z", "The first.")])
    model = {"z": "The first."}
    for name, arguments in operations:
        if name == "add":
            add_records(storage, [Record(key, f"Law {text}.") for key, text in arguments])
            model.update((key, f"Law {text}.") for key, text in arguments)
        elif name == "delete":
            delete(storage, arguments)
            model = {key: text for key, text in model.items() if key not in arguments}
        else:
            update(storage, rebuild=True)
        assert held(storage) == model
