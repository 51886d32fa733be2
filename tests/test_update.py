"""Updates over real folders: what the index holds afterwards, and what the report says."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from docsearch.corpus import registry
from docsearch.corpus.model import Reading
from docsearch.errors import IndexProblem, RemovalsRefused, SourceMissing
from docsearch.index import batch, meter
from docsearch.index import update as module
from docsearch.index.manifest import Manifest
from docsearch.index.reports import Progress, UpdateReport
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage, MemoryStorage, Storage
from docsearch.index.update import update
from docsearch.index.writer import BEGUN
from hypothesis import given, settings
from hypothesis import strategies as st

OLD = 1_600_000_000_000_000_000


def write(root: Path, **contents: str) -> None:
    """Files that were written long ago: their times can be trusted."""
    for name, content in contents.items():
        file = root / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
        os.utime(file, ns=(OLD, OLD))


def held(storage: Storage) -> dict[str, str]:
    """The text of every live document by its key."""
    return {
        view.segment.key(number): view.segment.text(number)
        for view in Snapshot.open(storage).views
        for number in range(view.segment.documents)
        if view.is_live(number)
    }


def on_disk(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return {f"{root.name}/{path.relative_to(root).as_posix()}": path.read_text() for path in files}


def did(report: UpdateReport) -> dict[str, object]:
    """What a report says was done, without what is empty."""
    names = ("added", "changed", "renamed", "removed", "unchanged", "gaps")
    return {name: value for name in names if (value := getattr(report, name))}


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    write(tmp_path / "laws", a="Water law.", b="Air law.", sub__c="Soil law.")
    return tmp_path / "laws"


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "index")


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three files of ten bytes make a batch."""
    monkeypatch.setattr(batch, "_FIRST", (25,))
    monkeypatch.setattr(batch, "_LATER", 25)


class TestChanges:
    def test_a_first_update_reads_everything(self, laws: Path, storage: FolderStorage) -> None:
        report = update(storage, [laws])
        assert did(report) == {"added": ("laws/a", "laws/b", "laws/sub/c")}
        assert held(storage) == on_disk(laws)
        assert (report.documents, report.bytes, report.generation) == (3, 27, 1)
        assert Manifest.load(storage).complete

    def test_nothing_to_do_is_no_new_generation(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        report = update(storage)
        assert did(report) == {"unchanged": 3}
        assert (report.documents, report.bytes, report.generation) == (3, 0, 1)

    def test_every_kind_of_change_at_once(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, a="Water law, amended.", new="Fire law.")
        (laws / "sub/c").rename(laws / "d")
        (laws / "b").unlink()
        report = update(storage)
        assert did(report) == {
            "added": ("laws/new",),
            "changed": ("laws/a",),
            "renamed": (("laws/sub/c", "laws/d"),),
            "removed": ("laws/b",),
        }
        assert report.generation == 2
        assert held(storage) == on_disk(laws)

    def test_a_touched_file_is_not_read_again_and_not_hashed_twice(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        os.utime(laws / "a", ns=(OLD + 1, OLD + 1))
        assert did(update(storage)) == {"unchanged": 3}

        def never(file: str) -> None:
            raise AssertionError(f"{file} was hashed")

        monkeypatch.setattr(module, "fingerprint", never)
        assert did(update(storage)) == {"unchanged": 3}

    def test_an_edit_that_keeps_size_and_time_is_found_when_the_file_was_fresh(
        self, laws: Path, storage: FolderStorage
    ) -> None:
        now = time.time_ns()
        os.utime(laws / "a", ns=(now, now))
        update(storage, [laws])
        write(laws, a="Water tax.")
        os.utime(laws / "a", ns=(now, now))
        assert did(update(storage)) == {"changed": ("laws/a",), "unchanged": 2}
        assert held(storage) == on_disk(laws)

    def test_the_old_time_of_a_file_is_trusted(self, laws: Path, storage: FolderStorage) -> None:
        # The price of not reading everything: who sets times back can deceive us, until --rebuild.
        update(storage, [laws])
        write(laws, a="Water tax.")
        assert did(update(storage)) == {"unchanged": 3}
        assert did(update(storage, rebuild=True)) == {"changed": ("laws/a",), "unchanged": 2}

    def test_a_file_that_becomes_unreadable_loses_its_document(
        self, laws: Path, storage: FolderStorage
    ) -> None:
        update(storage, [laws])
        (laws / "a").unlink()
        os.mkfifo(laws / "a")
        report = update(storage)
        gap = ("laws/a", "not a file but a named pipe")
        assert did(report) == {"removed": ("laws/a",), "unchanged": 2, "gaps": (gap,)}
        again = update(storage)
        assert did(again) == {"unchanged": 2, "gaps": (gap,)}
        assert again.generation == report.generation
        (laws / "a").unlink()
        write(laws, a="Water law.")
        assert did(update(storage)) == {"added": ("laws/a",), "unchanged": 2}

    def test_files_of_known_binary_kinds_are_gaps(self, laws: Path, storage: FolderStorage) -> None:
        write(laws, logo__png="...")
        (laws / "logo/png").rename(laws / "logo.png")
        report = update(storage, [laws])
        ((key, reason),) = report.gaps
        assert key == "laws/logo.png"
        assert "image" in reason
        assert report.bytes == 27

    def test_a_single_file_is_a_root(self, laws: Path, storage: FolderStorage) -> None:
        write(laws, note="A note.")
        (laws / "note").rename(laws / "note.txt")
        assert did(update(storage, [laws / "note.txt"])) == {"added": ("note.txt",)}
        assert held(storage) == {"note.txt": "A note."}


class TestRoots:
    def test_a_path_joins_the_roots_and_only_it_is_updated(
        self, laws: Path, tmp_path: Path, storage: FolderStorage
    ) -> None:
        update(storage, [laws])
        write(laws, a="Water law, amended.")
        write(tmp_path / "news", n="News.")
        assert did(update(storage, [tmp_path / "news"])) == {"added": ("news/n",)}
        assert [root.name for root in Manifest.load(storage).roots] == ["laws", "news"]
        assert did(update(storage)) == {"changed": ("laws/a",), "unchanged": 3}

    def test_a_path_inside_a_root_updates_the_root(self, laws: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        write(laws, sub__d="New law.")
        assert did(update(storage, [laws / "sub/d"])) == {"added": ("laws/sub/d",), "unchanged": 3}
        assert len(Manifest.load(storage).roots) == 1

    def test_the_index_may_lie_in_the_root(self, laws: Path) -> None:
        for place in (laws / "index", laws / ".docsearch"):
            storage = FolderStorage(place)
            assert len(update(storage, [laws]).added) == 3
            assert did(update(storage)) == {"unchanged": 3}
            for file in place.iterdir():
                file.unlink()
            place.rmdir()

    def test_an_index_without_roots_cannot_repeat_them(self, storage: FolderStorage) -> None:
        with pytest.raises(IndexProblem, match="not made from any file or folder") as caught:
            update(storage)
        assert "docsearch index FOLDER" in caught.value.hint

    @pytest.mark.parametrize("again", [True, False])
    def test_a_missing_root_is_an_error_and_no_removal(
        self, laws: Path, tmp_path: Path, storage: FolderStorage, again: bool
    ) -> None:
        write(tmp_path / "news", n="News.")
        update(storage, [laws, tmp_path / "news"])
        write(tmp_path / "news", n="Newer.")
        before = held(storage)
        laws.rename(tmp_path / "elsewhere")
        with pytest.raises(SourceMissing) as caught:
            update(storage, [laws] if again else None, allow_removals=True)
        assert caught.value.path == str(laws)
        assert held(storage) == before
        # The others go on when they are named.
        assert did(update(storage, [tmp_path / "news"])) == {"changed": ("news/n",)}

    def test_a_missing_path_makes_no_index(self, tmp_path: Path, storage: FolderStorage) -> None:
        (tmp_path / "empty").mkdir()
        for name in ("missing", "empty"):
            with pytest.raises(SourceMissing):
                update(storage, [tmp_path / name])
        assert not storage.path.exists()

    def test_a_folder_around_a_root_is_refused(
        self, laws: Path, tmp_path: Path, storage: FolderStorage
    ) -> None:
        update(storage, [laws])
        with pytest.raises(IndexProblem, match="found twice"):
            update(storage, [tmp_path])
        # The way out that the message names.
        report = update(storage, [tmp_path], rebuild=True, allow_removals=True)
        assert {new for _, new in report.renamed} == {f"{tmp_path.name}/{key}" for key in on_disk(laws)}
        assert report.documents == 3


class TestRemovals:
    def test_too_many_are_refused_and_nothing_is_changed(
        self, tmp_path: Path, storage: FolderStorage
    ) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"f{number}": f"Law {number}." for number in range(30)})
        update(storage, [laws])
        before = held(storage)
        for number in range(11):
            (laws / f"f{number}").unlink()
        write(laws, new="A new law.")
        for rebuild in (False, True):
            with pytest.raises(RemovalsRefused, match="11 of the 30 documents of laws"):
                update(storage, rebuild=rebuild)
            assert held(storage) == before
        report = update(storage, allow_removals=True)
        assert (len(report.removed), report.added) == (11, ("laws/new",))
        assert held(storage) == on_disk(laws)

    def test_renaming_a_folder_removes_nothing(self, tmp_path: Path, storage: FolderStorage) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"old__f{number}": f"Law {number}." for number in range(30)})
        update(storage, [laws])
        (laws / "old").rename(laws / "new")
        report = update(storage)
        assert (len(report.renamed), report.removed, report.added) == (30, (), ())
        assert held(storage) == on_disk(laws)

    def test_not_even_when_it_is_broken_off(
        self, tmp_path: Path, storage: FolderStorage, small_batches: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"old__f{number:02}": f"Law no {number:02}." for number in range(30)})
        update(storage, [laws])
        (laws / "old").rename(laws / "new")
        monkeypatch.setattr(module, "_LARGE", 1)
        generation = Manifest.load(storage).generation

        def press(progress: Progress) -> None:
            if progress.phase == "read" and Manifest.load(storage).generation > generation:
                raise KeyboardInterrupt

        monkeypatch.setattr(meter, "_SECONDS", 0.0)
        with pytest.raises(KeyboardInterrupt):
            update(storage, progress=press, workers=1)
        keys = sorted(held(storage))
        assert len(keys) == 30  # each law under its old key or its new one
        assert keys[0].startswith("laws/new/")
        assert keys[-1].startswith("laws/old/")
        report = update(storage)
        assert (len(report.renamed), report.removed, report.documents) == (27, (), 30)

    def test_a_folder_that_cannot_be_listed_keeps_its_documents(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        listed = os.scandir

        def scandir(path: str) -> object:
            if str(path).endswith("sub"):
                raise OSError(5, "Input/output error")
            return listed(path)

        monkeypatch.setattr(os, "scandir", scandir)
        report = update(storage, allow_removals=True)
        gap = ("laws/sub", "the folder cannot be listed (input/output error)")
        assert did(report) == {"unchanged": 3, "gaps": (gap,)}
        monkeypatch.undo()
        assert did(update(storage)) == {"unchanged": 3}
        assert held(storage) == on_disk(laws)


class TestRebuild:
    def test_it_reads_everything_and_commits_once(
        self, laws: Path, storage: FolderStorage, small_batches: None
    ) -> None:
        update(storage, [laws])
        generation = Manifest.load(storage).generation
        (laws / "b").unlink()
        write(laws, a="Water law, amended.")
        report = update(storage, rebuild=True)
        assert did(report) == {"changed": ("laws/a",), "removed": ("laws/b",), "unchanged": 1}
        assert report.generation == generation + 1
        assert report.bytes == len("Water law, amended.") + len("Soil law.")
        assert held(storage) == on_disk(laws)

    def test_a_reader_of_the_live_index_sees_all_of_it_meanwhile(
        self, laws: Path, storage: FolderStorage, small_batches: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        before = held(storage)
        monkeypatch.setattr(meter, "_SECONDS", 0.0)
        seen: list[dict[str, str]] = []

        def look(progress: Progress) -> None:
            if progress.phase in ("read", "merge"):
                seen.append(held(storage))
                assert progress.searchable == 3

        write(laws, a="Water law, amended.")
        update(storage, rebuild=True, progress=look)
        assert len(seen) > 3
        assert all(state == before for state in seen)

    def test_an_interrupted_one_leaves_the_live_index(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        before, files = held(storage), storage.names()

        def press(progress: Progress) -> None:
            if progress.phase == "merge":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            update(storage, rebuild=True, progress=press)
        assert held(storage) == before
        assert storage.names() == files

    def test_paths_are_then_all_that_the_index_is_made_from(
        self, laws: Path, tmp_path: Path, storage: FolderStorage
    ) -> None:
        write(tmp_path / "news", n="News.")
        update(storage, [laws, tmp_path / "news"])
        with pytest.raises(RemovalsRefused, match="1 of the 1 documents of news"):
            update(storage, [laws], rebuild=True)
        report = update(storage, [laws], rebuild=True, allow_removals=True)
        assert did(report) == {"removed": ("news/n",), "unchanged": 3}
        assert [root.name for root in Manifest.load(storage).roots] == ["laws"]

    def test_a_moved_root_keeps_its_keys(self, laws: Path, tmp_path: Path, storage: FolderStorage) -> None:
        update(storage, [laws])
        (tmp_path / "disk").mkdir()
        moved = laws.rename(tmp_path / "disk/laws")
        assert did(update(storage, [moved], rebuild=True)) == {"unchanged": 3}

    @pytest.mark.parametrize("content", ["", "{}", '{"format": 99, "check": "x"}'])
    def test_it_repairs_what_cannot_be_read(self, laws: Path, storage: FolderStorage, content: str) -> None:
        update(storage, [laws])
        (storage.path / "MANIFEST").write_text(content)
        with pytest.raises(IndexProblem):
            update(storage, [laws])
        with pytest.raises(RemovalsRefused, match="damaged"):
            update(storage, [laws], rebuild=True)
        report = update(storage, [laws], rebuild=True, allow_removals=True)
        assert report.documents == 3
        assert held(storage) == on_disk(laws)


class TestFirstBuild:
    def test_it_can_be_searched_meanwhile_and_goes_on_where_it_stopped(
        self, tmp_path: Path, storage: FolderStorage, small_batches: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"f{number:02}": f"Law no {number:02}." for number in range(30)})
        monkeypatch.setattr(meter, "_SECONDS", 0.0)

        def press(progress: Progress) -> None:
            if progress.searchable >= 9:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            update(storage, [laws], progress=press, workers=1)
        assert not Manifest.load(storage).complete
        assert sorted(held(storage)) == [f"laws/f{number:02}" for number in range(9)]

        report = update(storage)
        assert report.unchanged == 9
        assert len(report.added) == 21
        assert Manifest.load(storage).complete
        assert held(storage) == on_disk(laws)

    def test_an_index_is_complete_only_when_every_root_is(
        self, laws: Path, tmp_path: Path, storage: FolderStorage, small_batches: None
    ) -> None:
        write(tmp_path / "news", **{f"n{number}": f"News no {number}" for number in range(9)})

        def press(progress: Progress) -> None:
            if progress.searchable:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            update(storage, [laws, tmp_path / "news"], progress=press)
        write(tmp_path / "third", t="The third.")
        moved = laws.rename(tmp_path / "away")
        update(storage, [tmp_path / "third"])
        assert not Manifest.load(storage).complete
        moved.rename(laws)
        update(storage, [tmp_path / "third"])
        assert Manifest.load(storage).complete
        assert len(held(storage)) == 13

    def test_when_nothing_is_left_to_read_it_is_only_marked_as_complete(
        self, tmp_path: Path, storage: FolderStorage, small_batches: None
    ) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"f{number}": f"Law no {number}." for number in range(6)})

        def press(progress: Progress) -> None:
            if progress.phase == "merge":
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            update(storage, [laws], progress=press)
        assert not Manifest.load(storage).complete
        for key in on_disk(laws).keys() - held(storage).keys():
            (tmp_path / key).unlink()
        assert did(update(storage)) == {"unchanged": 3}
        assert Manifest.load(storage).complete

    def test_it_ends_as_complete_even_when_the_last_files_have_gone(
        self, tmp_path: Path, storage: FolderStorage, small_batches: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        laws = tmp_path / "laws"
        write(laws, **{f"f{number}": f"Law no {number}." for number in range(4)})

        def lose(progress: Progress) -> None:
            if progress.phase == "read":
                (laws / "f3").unlink(missing_ok=True)

        report = update(storage, [laws], progress=lose, workers=1)
        assert (report.documents, report.generation) == (3, 2)
        assert Manifest.load(storage).complete

    def test_what_a_dead_writer_left_is_no_index(self, laws: Path, storage: FolderStorage) -> None:
        storage.write("catalog-00000001-aaaaaaaa", [b"cut short"])
        storage.write(BEGUN, [])
        assert update(storage, [laws]).documents == 3
        assert Manifest.load(storage).complete

    def test_a_large_update_commits_on_the_way_and_a_small_one_once(
        self, laws: Path, storage: FolderStorage, small_batches: None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        generation = Manifest.load(storage).generation
        write(laws, **{f"f{number}": f"Law no {number}." for number in range(9)})
        assert update(storage).generation == generation + 1
        monkeypatch.setattr(module, "_LARGE", 50)
        write(laws, **{f"g{number}": f"Law no {number}." for number in range(9)})
        assert update(storage).generation == generation + 3
        assert Manifest.load(storage).complete


class TestReading:
    def test_a_file_that_goes_while_others_are_read(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = registry.read_bytes

        def read_bytes(key: str, name: str, data: bytes, *, media_type: str) -> Reading:
            (laws / "b").unlink(missing_ok=True)
            return real(key, name, data)

        monkeypatch.setattr(batch, "read_bytes", read_bytes)
        assert did(update(storage, [laws])) == {"added": ("laws/a", "laws/sub/c")}

    def test_a_renamed_file_that_goes_before_it_is_read(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        update(storage, [laws])
        (laws / "b").rename(laws / "d")
        hashed = batch.fingerprint

        def fingerprint(file: str, limit: int) -> object:
            stamp = hashed(file)
            Path(file).unlink()
            return stamp

        monkeypatch.setattr(module, "fingerprint", fingerprint)
        assert did(update(storage)) == {"removed": ("laws/b",), "unchanged": 2}

    def test_names_that_are_no_text_are_read_and_kept(self, laws: Path, storage: FolderStorage) -> None:
        file = os.fsdecode(os.fsencode(laws) + b"/caf\xe9")
        Path(file).write_text("Coffee law.")
        assert "laws/caf%E9" in update(storage, [laws]).added
        assert held(storage)["laws/caf%E9"] == "Coffee law."
        assert update(storage).unchanged == 4

    def test_memory_will_do(self, laws: Path) -> None:
        storage = MemoryStorage()
        assert update(storage, [laws]).documents == 3
        assert did(update(storage)) == {"unchanged": 3}


class TestProgress:
    def test_it_counts_up_to_the_totals(
        self, laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(meter, "_SECONDS", 0.0)
        told: list[Progress] = []
        update(storage, [laws], progress=told.append, workers=1)
        phases = [step.phase for step in told]
        assert list(dict.fromkeys(phases)) == ["scan", "read", "merge", "done"]
        reading = [step for step in told if step.phase == "read"]
        counts = list(dict.fromkeys((step.files, step.bytes) for step in reading))
        assert counts == [(0, 0), (1, 10), (2, 18), (3, 27)]
        assert {(step.files_total, step.bytes_total) for step in reading} == {(3, 27)}
        assert (told[0].searchable, told[-1].searchable) == (0, 3)
        assert [step.seconds for step in told] == sorted(step.seconds for step in told)

    def test_it_is_told_now_and_then(self, tmp_path: Path, storage: FolderStorage) -> None:
        write(tmp_path / "laws", **{f"f{number}": f"Law {number}." for number in range(200)})
        told: list[Progress] = []
        report = update(storage, [tmp_path / "laws"], progress=told.append, workers=1)
        assert len(told) <= 4 + report.seconds / 0.1

    @pytest.mark.parametrize("phase", ["scan", "read", "merge"])
    @pytest.mark.parametrize("error", [RuntimeError("enough"), BrokenPipeError("enough")])
    def test_what_the_sink_raises_ends_the_update(
        self,
        laws: Path,
        storage: FolderStorage,
        monkeypatch: pytest.MonkeyPatch,
        phase: str,
        error: Exception,
    ) -> None:
        monkeypatch.setattr(meter, "_SECONDS", 0.0)
        told: list[Progress] = []

        def refuse(progress: Progress) -> None:
            told.append(progress)
            # The first word of a phase comes before its work, but for the merge.
            words = sum(step.phase == phase for step in told)
            if progress.phase == phase and words == (1 if phase == "merge" else 2):
                raise error  # once: who goes on notices nothing more

        with pytest.raises(type(error), match="enough"):
            update(storage, [laws], progress=refuse, workers=1)
        assert not [name for name in storage.names() if name.startswith("segment")]
        report = update(storage, [laws], wait=0)
        assert (report.documents, report.gaps) == (3, ())


steps = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "keep", "delete", "rename", "touch", "age", "update"]),
        st.integers(0, 5),
        st.integers(0, 5),
        st.sampled_from(["Water law.", "Air law.", "Tax laws", "Soil law, and more of it."]),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(steps)
def test_after_any_changes_the_index_holds_what_the_folder_holds(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int, int, str]]
) -> None:
    base = tmp_path_factory.mktemp("model")
    laws = base / "laws"
    names = ["a", "b", "c", "s/a", "s/b", "s/c"]
    write(laws, x="The first law.", s__x="The second law.")
    storage = MemoryStorage()
    update(storage, [laws])
    for number, (step, first, second, content) in enumerate([*steps, ("update", 0, 0, "")]):
        file, other = laws / names[first], laws / names[second]
        if step == "write":
            file.write_text(content)
        elif step == "keep" and file.exists():
            # Another text of the same size, and the time put back: only a fresh file is found out.
            status = file.stat()
            if time.time_ns() - status.st_mtime_ns < 1_000_000_000:
                file.write_text(file.read_text()[::-1])
                os.utime(file, ns=(status.st_mtime_ns, status.st_mtime_ns))
        elif step == "delete":
            file.unlink(missing_ok=True)
        elif step == "rename" and file.exists():
            file.replace(other)
        elif step == "touch" and file.exists():
            os.utime(file)
        elif step == "age" and file.exists():
            os.utime(file, ns=(OLD + number, OLD + number))
        elif step == "update":
            before = held(storage)
            report = update(storage)
            now = on_disk(laws)
            assert held(storage) == now
            renamed_from = {old for old, _ in report.renamed}
            renamed_to = {new for _, new in report.renamed}
            assert set(report.added) | renamed_to == now.keys() - before.keys()
            assert set(report.removed) | renamed_from == before.keys() - now.keys()
            assert set(report.changed) == {key for key in now if key in before and before[key] != now[key]}
            assert report.documents == len(now)
