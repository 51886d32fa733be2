"""Worker processes: they change nothing but the time taken, and no death of one is fatal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from docsearch.errors import IndexProblem
from docsearch.index import batch, pool, reader
from docsearch.index import update as updating
from docsearch.index.manifest import Manifest
from docsearch.index.plan import Task
from docsearch.index.pool import WorkerPool, WorkersUnavailable
from docsearch.index.reports import Progress
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage
from docsearch.index.update import update
from docsearch.index.worker import receive, request, send
from docsearch.index.writer import IndexWriter

posix = pytest.mark.skipif(os.name != "posix", reason="signals")


def held(storage: FolderStorage) -> dict[str, str]:
    return {
        view.segment.key(number): view.segment.text(number)
        for view in Snapshot.open(storage).views
        for number in range(view.segment.documents)
        if view.is_live(number)
    }


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    folder = tmp_path / "laws"
    folder.mkdir()
    for number in range(12):
        (folder / f"f{number:02}.txt").write_text(f"Law number {number:02}.")
    return folder


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "index")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files make a batch, and any two are worth a worker."""
    monkeypatch.setattr(batch, "_FIRST", ())
    monkeypatch.setattr(batch, "_LATER", 2 * len("Law number 00."))
    monkeypatch.setattr(reader, "WORKER_BYTES", 0)


def command(script: str) -> list[str]:
    """A worker that runs a script before it serves."""
    serve = "from docsearch.index.worker import main\nmain()"
    return [sys.executable, "-P", "-c", f"import os, signal, sys\n{script}\n{serve}"]


NAMES = ("f05.txt",)


_POISON = """
import docsearch.index.batch as batch
real = batch.read_bytes
def read_bytes(key, name, data, **kind):
    if name in {names}:
        {act}
    return real(key, name, data, **kind)
batch.read_bytes = read_bytes
"""


def poison(act: str, names: tuple[str, ...] = NAMES) -> str:
    """A script for `command` that acts when a file of one of the names is read."""
    return _POISON.format(act=act, names=names)


def test_the_index_is_the_same_with_workers_and_without(
    laws: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone, together = FolderStorage(tmp_path / "one"), FolderStorage(tmp_path / "two")
    one = update(alone, [laws], workers=1)
    two = update(together, [laws], workers=2)
    assert (one.added, one.gaps, one.bytes, one.generation) == (
        two.added,
        two.gaps,
        two.bytes,
        two.generation,
    )
    assert held(alone) == held(together)
    sizes = [
        [(entry.documents, entry.paragraphs, entry.file.size) for entry in Manifest.load(storage).segments]
        for storage in (alone, together)
    ]
    assert sizes[0] == sizes[1]


def test_progress_counts_every_file_once(laws: Path, storage: FolderStorage) -> None:
    told: list[Progress] = []
    threads: set[int] = set()

    def sink(progress: Progress) -> None:
        told.append(progress)
        threads.add(threading.get_ident())

    report = update(storage, [laws], workers=2, progress=sink)
    assert (told[-1].files, told[-1].bytes) == (12, report.bytes)
    assert threads == {threading.get_ident()}


@posix
def test_a_killed_worker_costs_only_the_file_that_killed_it(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    often = "import docsearch.index.worker as worker\nworker._TELL_SECONDS = 0\n"
    script = often + poison("os.kill(os.getpid(), signal.SIGKILL)")
    monkeypatch.setattr(pool, "worker_command", lambda: command(script))
    told: list[Progress] = []
    report = update(storage, [laws], workers=2, progress=told.append)
    reason = "reading it failed (its process was ended by SIGKILL)"
    assert report.gaps == tuple((f"laws/f{number}.txt", reason) for number in ("05",))
    assert report.documents == 11
    assert told[-1].files == 11  # what was read in vain was taken back
    # They are tried again, and found to be readable.
    monkeypatch.undo()
    assert [key[-7:] for key in update(storage).added] == list(NAMES)


def test_a_worker_that_gives_up_says_why_and_nothing_reaches_our_output(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    act = r"print('to stdout'); print('a table\x1b of\nno end', file=sys.stderr, flush=True); os._exit(3)"
    monkeypatch.setattr(pool, "worker_command", lambda: command(poison(act)))
    report = update(storage, [laws], workers=2)
    assert {reason for _, reason in report.gaps} == {
        "reading it failed (its process ended with status 3: no end)"
    }
    assert report.documents == 11
    assert capfd.readouterr() == ("", "")


def test_what_a_reader_prints_does_not_get_between_the_messages(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = poison("print('x' * 100_000, flush=True); os.write(1, b'yyyy')")
    monkeypatch.setattr(pool, "worker_command", lambda: command(script))
    assert update(storage, [laws], workers=2).documents == 12


def test_when_every_worker_dies_at_once_it_is_an_error(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_HOPELESS", 2)
    script = poison("os._exit(9)", tuple(file.name for file in laws.iterdir()))
    monkeypatch.setattr(pool, "worker_command", lambda: command(script))
    with pytest.raises(IndexProblem, match="one document after the other fails"):
        update(storage, [laws], workers=2)
    assert update(storage, [laws], workers=1, wait=0).documents == 12


@pytest.mark.parametrize(
    "words",
    [
        ["/nowhere/python"],
        [sys.executable, "-c", "pass"],
        [sys.executable, "-c", "raise SystemExit('no such module')"],
        [sys.executable, "-c", "print('Hello, I am an application.' * 1000)"],
    ],
)
def test_where_no_worker_can_be_started_the_work_is_done_here(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr(pool, "worker_command", lambda: words)
    with pytest.raises(WorkersUnavailable):
        WorkerPool(storage.path).start(2)
    assert update(storage, [laws], workers=2).documents == 12


def test_workers_begin_while_files_are_looked_for_and_end_with_the_update(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[pool._Worker] = []

    def refuse(*_: object, **__: object) -> None:
        raise IndexProblem("no plan can be made")

    begin = WorkerPool.begin

    def told(self: WorkerPool, count: int) -> None:
        begin(self, count)
        seen.extend(self._begun)

    monkeypatch.setattr(WorkerPool, "begin", told)
    monkeypatch.setattr(updating, "make_plan", refuse)
    with pytest.raises(IndexProblem, match="no plan"):
        update(storage, [laws], workers=2)
    assert len(seen) == 2
    assert all(worker._process is not None and worker._process.poll() is not None for worker in seen)
    monkeypatch.undo()
    update(storage, [laws], workers=1)
    seen.clear()
    monkeypatch.setattr(reader, "WORKER_BYTES", 0)
    monkeypatch.setattr(WorkerPool, "begin", told)
    update(storage, workers=2)
    assert not seen  # nothing is foreseen of an index that is there


def test_workers_have_ended_when_segments_are_merged(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workers: list[pool._Worker] = []
    init = pool._Worker.__init__

    def begun(self: pool._Worker) -> None:
        init(self)
        workers.append(self)

    monkeypatch.setattr(pool._Worker, "__init__", begun)
    left: list[bool] = []

    def look(progress: Progress) -> None:
        if progress.phase == "merge":
            left.extend(each._process is not None and each._process.poll() is None for each in workers)

    update(storage, [laws], workers=2, progress=look)
    assert len(workers) == len(left) == 2
    assert not any(left)  # a merge needs the memory that they hold


def test_a_worker_that_never_becomes_ready_is_not_waited_for_for_ever(
    storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_START_SECONDS", 0.2)
    monkeypatch.setattr(
        pool, "worker_command", lambda: [sys.executable, "-c", "import time; time.sleep(3600)"]
    )
    with pytest.raises(WorkersUnavailable):
        WorkerPool(storage.path).start(2)


def test_errors_of_the_index_come_back_as_they_are(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = """
import docsearch.index.batch as batch
def full(*_):
    raise OSError(28, "No space left on device")
batch.build_segment = full
"""
    monkeypatch.setattr(pool, "worker_command", lambda: command(script))
    with pytest.raises(IndexProblem, match="no space left on device") as caught:
        update(storage, [laws], workers=2)
    assert "Free" in caught.value.hint or "free" in caught.value.hint
    assert caught.value.path == str(storage.path)


def test_modules_of_the_current_folder_are_not_run(
    laws: Path, storage: FolderStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in ("numpy", "json", "docsearch", "queue"):
        (trap / f"{name}.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\nraise SystemExit")
    monkeypatch.chdir(trap)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    with WorkerPool(storage.path) as workers:
        workers.start(1)
    assert not (tmp_path / "sprung").exists()


def test_files_with_names_that_are_no_text(laws: Path, storage: FolderStorage) -> None:
    Path(os.fsdecode(os.fsencode(laws) + b"/caf\xe9")).write_text("Coffee law.")
    assert "laws/caf%E9" in update(storage, [laws], workers=2).added


class TestWorker:
    """One worker, spoken to directly."""

    def start(self, script: str = "") -> subprocess.Popen[bytes]:
        process = subprocess.Popen(command(script), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert receive(process.stdout) == {"ready": True}
        return process

    def test_it_ends_with_its_input(self) -> None:
        with self.start() as process:
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(30) == 0

    def test_also_in_the_middle_of_a_batch(self, laws: Path, storage: FolderStorage) -> None:
        script = poison("sys.stderr.close(); import time; time.sleep(600)")
        with self.start(script) as process:
            assert process.stdin is not None
            task = Task("laws/f05.txt", "laws", "f05.txt", str(laws / "f05.txt"), 14)
            send(process.stdin, request(str(storage.path), [task]))
            process.stdin.close()
            assert process.wait(30) == 0

    def test_it_serves_one_batch_after_the_other(self, laws: Path, storage: FolderStorage) -> None:
        with self.start() as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for number in range(3):
                name = f"f{number:02}.txt"
                task = Task(f"laws/{name}", "laws", name, str(laws / name), 14)
                send(process.stdin, request(str(storage.path), [task]))
                assert receive(process.stdout) == {"read": [1, 14]}
                answer = receive(process.stdout)
                assert answer is not None
                assert answer["built"]["documents"] == 1
            process.stdin.close()

    @posix
    def test_ctrl_c_on_the_terminal_does_not_reach_it(self, laws: Path, storage: FolderStorage) -> None:
        with WorkerPool(storage.path) as workers:
            workers.start(1)
            (worker,) = workers._workers
            assert worker._process is not None
            assert os.getpgid(worker._process.pid) != os.getpgid(0)


_BUILD = """
import signal, sys, time
from pathlib import Path
from docsearch.index import batch, meter, pool, reader, update as module
from docsearch.index.storage import FolderStorage

batch._FIRST, batch._LATER = (), 2 * len("Law number 00.")
reader.WORKER_BYTES = 0
meter._SECONDS = 0.0

def pause(progress):
    if progress.searchable and progress.phase == "read":
        print(progress.searchable, flush=True)
        time.sleep(0.2)

signal.signal(signal.SIGINT, signal.default_int_handler)
try:
    module.update(FolderStorage(sys.argv[1]), [sys.argv[2]], workers=int(sys.argv[3]), progress=pause)
except KeyboardInterrupt:
    sys.exit(130)
"""


@posix
@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_a_build_that_is_stopped_goes_on_where_it_was(
    laws: Path, storage: FolderStorage, workers: int, by: signal.Signals
) -> None:
    arguments = [sys.executable, "-c", _BUILD, str(storage.path), str(laws), str(workers)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        assert int(process.stdout.readline()) == 2
        os.killpg(process.pid, by)  # as the terminal does it
        process.stdout.read()
        assert process.wait(60) == (130 if by is signal.SIGINT else -signal.SIGKILL)

    manifest = Manifest.load(storage)
    assert not manifest.complete
    committed = held(storage)
    assert 2 <= len(committed) < 12
    report = update(storage, wait=0, workers=1)
    assert report.unchanged == len(committed)
    assert report.documents == 12
    assert Manifest.load(storage).complete
    # Nothing is left behind: the files are those that the manifest names, and the lock.
    expected = Manifest.load(storage).files() | {"MANIFEST", "LOCK", ".gitignore"}
    for _ in range(100):
        if storage.names() == expected:
            break
        time.sleep(0.1)  # a worker may live, and write, for some moments after its parent
        update(storage)
    assert storage.names() == expected


def test_ctrl_c_waits_for_the_end_of_a_commit(
    laws: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    commit = IndexWriter.commit
    done: list[int] = []

    def slow(self: IndexWriter, *, complete: bool = True) -> int:
        signal.raise_signal(signal.SIGINT)
        time.sleep(0)
        done.append(commit(self, complete=complete))
        return done[-1]

    monkeypatch.setattr(IndexWriter, "commit", slow)
    # In the background of a shell the signal is ignored.
    request.addfinalizer(partial(signal.signal, signal.SIGINT, signal.getsignal(signal.SIGINT)))
    before = signal.default_int_handler
    signal.signal(signal.SIGINT, before)
    with pytest.raises(KeyboardInterrupt):
        update(storage, [laws], workers=1)
    assert done == [1]
    assert len(held(storage)) == 2
    assert signal.getsignal(signal.SIGINT) is before
