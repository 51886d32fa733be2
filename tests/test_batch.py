"""Reading files and settling batches, in this process."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from docsearch.corpus import registry
from docsearch.corpus.model import Gap, Reading, Source
from docsearch.errors import IndexProblem
from docsearch.index import batch as module
from docsearch.index.batch import BatchFailed, build_files, fingerprint, partition, read_file, settle
from docsearch.index.catalog import SourceRow
from docsearch.index.plan import UNHASHED, Task
from docsearch.index.segment import BuiltSegment
from docsearch.index.storage import MemoryStorage
from hypothesis import given
from hypothesis import strategies as st

HOUR = 3600 * 10**9


def task(key: str, size: int = 1) -> Task:
    return Task(key, "laws", key, f"/nowhere/{key}", size)


def make(folder: Path, **contents: str) -> list[Task]:
    tasks = []
    for name, content in contents.items():
        (folder / name).write_text(content)
        tasks.append(Task(f"laws/{name}", "laws", name, str(folder / name), len(content)))
    return tasks


class TestPartition:
    def test_it_begins_and_ends_small(self) -> None:
        tasks = [task(f"{number:03}", 1 << 19) for number in range(160)]
        assert [len(batch) for batch in partition(tasks)] == [2, 8, 32, 32, 29, 19, 13, 9, 8, 8]

    @given(st.lists(st.integers(0, 1 << 25), max_size=50))
    def test_nothing_is_lost_and_nothing_is_moved(self, sizes: list[int]) -> None:
        tasks = [task(str(number), size) for number, size in enumerate(sizes)]
        batches = partition(tasks)
        assert [task for batch in batches for task in batch] == tasks
        assert all(batches)
        assert all(sum(task.size for task in batch[:-1]) < 16 << 20 for batch in batches)


class TestReadFile:
    def test_an_old_file_has_its_own_time(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"text")
        os.utime(tmp_path / "a", ns=(0, 12_345))
        data, stamp = read_file(str(tmp_path / "a"))
        assert (data, stamp.size, stamp.mtime_ns) == (b"text", 4, 12_345)
        assert stamp.sha256 == hashlib.sha256(b"text").digest()

    @pytest.mark.parametrize("ahead", [0, HOUR])
    def test_the_time_of_a_file_just_written_is_not_trusted(self, tmp_path: Path, ahead: int) -> None:
        (tmp_path / "a").write_bytes(b"text")
        now = time.time_ns() + ahead
        os.utime(tmp_path / "a", ns=(now, now))
        assert read_file(str(tmp_path / "a"))[1].mtime_ns == 0

    def test_a_file_that_grows_while_it_is_read_is_read_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "a"
        file.write_bytes(b"text")
        os.utime(file, ns=(0, 12_345))
        status = os.fstat
        grown: list[int] = []

        def fstat(handle: int) -> os.stat_result:
            found = status(handle)
            if not grown:
                grown.append(handle)
                with file.open("ab") as more:
                    more.write(b" and more")
                os.utime(file, ns=(0, 23_456))
            return found

        monkeypatch.setattr(os, "fstat", fstat)
        data, stamp = read_file(str(file))
        assert (data, stamp.size, stamp.mtime_ns) == (b"text and more", 13, 23_456)

    def test_a_file_that_never_stops_is_taken_as_it_is_and_not_trusted(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file = tmp_path / "a"
        file.write_bytes(b"text")
        status = os.fstat

        def fstat(handle: int) -> os.stat_result:
            found = status(handle)
            with file.open("ab") as more:
                more.write(b".")
            os.utime(file, ns=(0, 12_345))
            return found

        monkeypatch.setattr(os, "fstat", fstat)
        data, stamp = read_file(str(file))
        assert data.startswith(b"text.")
        assert (stamp.size, stamp.mtime_ns) == (len(data), 0)

    def test_a_pipe_in_the_place_of_a_file_does_not_make_us_wait(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a")
        with pytest.raises(OSError, match="not a regular file"):
            read_file(str(tmp_path / "a"))

    def test_an_enormous_file_is_not_read(self, tmp_path: Path) -> None:
        with (tmp_path / "a").open("wb") as file:
            file.truncate((256 << 20) + 1)
        with pytest.raises(OSError, match="larger than the limit of 256 MB"):
            read_file(str(tmp_path / "a"))

    def test_a_fingerprint_of_nothing_is_none(self, tmp_path: Path) -> None:
        assert fingerprint(str(tmp_path / "missing")) is None


class TestBuildFiles:
    def build(self, tasks: Sequence[Task]) -> tuple[dict[str, SourceRow], tuple[int, int]]:
        told = [0, 0]

        def tell(files: int, size: int) -> None:
            told[0], told[1] = told[0] + files, told[1] + size

        built = build_files(MemoryStorage(), tasks, tell)
        return {row.source.key: row for row in built.rows}, (told[0], told[1])

    def test_rows_say_what_was_read(self, tmp_path: Path) -> None:
        rows, told = self.build(make(tmp_path, a="Water law.", b="Air law, too."))
        assert [row.documents for row in rows.values()] == [("laws/a",), ("laws/b",)]
        assert told == (2, 23)

    def test_what_has_gone_is_passed_over(self, tmp_path: Path) -> None:
        tasks = make(tmp_path, a="Water law.", b="Air law.")
        (tmp_path / "a").unlink()
        rows, told = self.build(tasks)
        assert list(rows) == ["laws/b"]
        assert told[0] == 2

    def test_what_cannot_be_opened_is_a_gap_that_is_tried_again(self, tmp_path: Path) -> None:
        tasks = make(tmp_path, a="Water law.", b="Air law.")
        (tmp_path / "a").unlink()
        (tmp_path / "a").mkdir()
        rows, _ = self.build(tasks)
        assert rows["laws/a"].documents == ()
        assert rows["laws/a"].gaps[0].reason.startswith("it cannot be read (")
        assert rows["laws/a"].source.sha256 == UNHASHED
        assert rows["laws/b"].documents == ("laws/b",)

    @pytest.mark.parametrize("error", [ValueError("odd"), KeyError(), RecursionError("deep")])
    def test_a_reader_that_fails_costs_one_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        real = registry.read_bytes

        def read_bytes(key: str, name: str, data: bytes, *, media_type: str) -> Reading:
            if name == "a":
                raise error
            return real(key, name, data, media_type=media_type)

        monkeypatch.setattr(module, "read_bytes", read_bytes)
        rows, _ = self.build(make(tmp_path, a="Water law.", b="Air law."))
        assert rows["laws/a"].gaps[0].reason.startswith(f"its reader failed ({type(error).__name__}")
        assert rows["laws/a"].source.sha256 != UNHASHED  # no need to try before it changes
        assert rows["laws/b"].documents == ("laws/b",)

    def test_a_full_disk_is_an_error_and_no_gap(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> BuiltSegment:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(module, "build_segment", full)
        with pytest.raises(IndexProblem, match="no space left on device"):
            self.build(make(tmp_path, a="Water law."))

    def test_what_breaks_the_build_is_taken_back_from_the_count(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(storage: object, readings: object, terms: object) -> BuiltSegment:
            list(readings)  # type: ignore[call-overload]
            raise OverflowError("too wide")

        monkeypatch.setattr(module, "build_segment", broken)
        told = [0, 0]

        def tell(files: int, size: int) -> None:
            told[0], told[1] = told[0] + files, told[1] + size

        with pytest.raises(BatchFailed, match="OverflowError: too wide"):
            build_files(MemoryStorage(), make(tmp_path, a="Water law.", b="Air law."), tell)
        assert told == [0, 0]


class TestSettle:
    @given(st.integers(0, 40), st.sets(st.integers(0, 39), max_size=5))
    def test_only_the_culprits_are_blamed_and_the_order_stays(self, count: int, culprits: set[int]) -> None:
        def source(number: int, kind: str) -> BuiltSegment:
            row = SourceRow(Source(str(number), "", kind, 0, 0, UNHASHED), ())
            return BuiltSegment(None, 0, 0, (row,))

        def build(batch: Sequence[int]) -> BuiltSegment:
            if culprits.intersection(batch):
                raise BatchFailed("poison")
            return BuiltSegment(None, 0, 0, tuple(source(number, "good").rows[0] for number in batch))

        built = settle(range(count), build, lambda number, why: source(number, str(why)))
        rows = [(int(row.source.key), row.source.path) for segment in built for row in segment.rows]
        assert rows == [(number, "poison" if number in culprits else "good") for number in range(count)]

    def test_when_everything_fails_it_is_not_the_documents(self) -> None:
        tried: list[int] = []

        def build(batch: Sequence[int]) -> BuiltSegment:
            tried.append(len(batch))
            raise BatchFailed("no such instruction")

        with pytest.raises(IndexProblem, match=r"one document after the other fails \(no such instruction\)"):
            settle(range(10_000), build, lambda number, why: BuiltSegment(None, 0, 0, ()))
        assert len(tried) < 100


def test_a_file_of_many_gaps_tells_their_number_in_the_last() -> None:
    gaps = tuple(Gap(f"a.zip!/{number}", "it is encrypted") for number in range(5_000))
    told = module._told(Reading((), gaps), "a.zip").gaps
    assert (len(told), told[:999]) == (1_000, gaps[:999])
    assert told[-1].key == "a.zip"
    assert "4,001 more" in told[-1].reason
    few = Reading((), gaps[:1_000])
    assert module._told(few, "a.zip") is few
