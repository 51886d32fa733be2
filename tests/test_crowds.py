"""Many readers and one writer: every answer is that of one generation, and nobody waits for anybody."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import crowd
import docsearch
import pytest
from docsearch.index.storage import FolderStorage

SLOW_SECONDS = float(os.environ.get("DOCSEARCH_SLOW_SECONDS", "600"))
_ROOM = 32 << 20  # bytes by which a process may grow: caches, and the interpreter's own unrest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "acts"
    folder.mkdir()
    for number in range(30):
        (folder / f"act-{number}.md").write_text(crowd.text(number, 0), encoding="utf-8")
    return folder


@pytest.fixture
def index(tmp_path: Path, sources: Path) -> Iterator[docsearch.Index]:
    with docsearch.open(tmp_path / "index", create=True) as made:
        made.update([sources], workers=1)
        yield made


def while_they_read(
    index: docsearch.Index, sources: Path, readers: int, steps: Iterator[int]
) -> dict[str, int]:
    """Run the crowd and check all that it saw; figures."""
    stop = sources.parent / "stop"
    command = [sys.executable, crowd.__file__, "read", str(index.path), str(stop)]
    expected = crowd.answers(index)
    crowds = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(readers)
    ]
    try:
        assert [reader.stdout.readline() for reader in crowds if reader.stdout] == ["begun\n"] * readers
        for _ in crowd.changes(index, sources, steps):
            expected |= crowd.answers(index)
    finally:
        stop.touch()
        outputs = [reader.communicate() for reader in crowds]
    assert [error for _, error in outputs] == [""] * readers
    told = [json.loads(output) for output, _ in outputs]
    for one in told:
        assert all(expected[generation, number] == digest for generation, number, digest in one["seen"])
        (files, mapped, size), (files_late, mapped_late, size_late) = one["early"], one["late"]
        assert files_late <= files + 2 or not files
        assert mapped_late <= mapped + 20 or not files
        assert size_late <= size + _ROOM or not files
    seen = {generation for one in told for generation, _, _ in one["seen"]}
    assert len(seen) > 1
    asked = sum(one["asked"] for one in told)
    growth = max(one["late"][2] - one["early"][2] for one in told) >> 20
    return {
        "readers": readers,
        "generations": len(expected) // len(crowd.QUERIES),
        "generations_seen": len(seen),
        "answers_compared": asked,
        "largest_growth_in_MB": max(growth, 0),
    }


def test_every_answer_is_that_of_one_generation(index: docsearch.Index, sources: Path) -> None:
    while_they_read(index, sources, 6, iter(range(30)))


@pytest.mark.slow
def test_also_over_a_long_time_and_in_a_large_crowd(
    index: docsearch.Index, sources: Path, figures: Callable[..., None]
) -> None:
    def steps() -> Iterator[int]:
        end = time.monotonic() + SLOW_SECONDS  # from the first step on, when all readers have begun
        yield from itertools.takewhile(lambda _: time.monotonic() < end, itertools.count())

    figures("crowd", seconds=SLOW_SECONDS, **while_they_read(index, sources, 32, steps()))


def test_twenty_threads_share_one_index(index: docsearch.Index, sources: Path) -> None:
    """One of them writes through it, one goes on to what another wrote; the others ask."""
    expected = crowd.answers(index)
    shared, ended = [index], threading.Event()
    beside = docsearch.open(sources.parent / "index")

    def ask(_: int) -> set[tuple[tuple[int, int], str]]:
        seen = set(crowd.answers(shared[0]).items())
        while not ended.is_set():
            seen |= crowd.answers(shared[0]).items()
        return seen

    with ThreadPoolExecutor(20) as pool:
        asking = [pool.submit(ask, number) for number in range(20)]
        try:
            for step in range(8):
                for writer in (shared[0], beside):
                    writer.add([docsearch.Record(f"r/{step}", crowd.text(step, step))])
                    with docsearch.open(sources.parent / "index") as current:
                        expected |= crowd.answers(current)
                shared[0] = shared[0].refresh()
        finally:
            ended.set()
    seen = set().union(*(each.result() for each in asking))
    assert seen <= expected.items()
    assert len({generation for (generation, _), _ in seen}) > 1


@needs_fork
def test_forked_workers_share_one_index(index: docsearch.Index, sources: Path) -> None:
    """As a server forks them, with the Index that it has opened; each goes on by itself to what is new."""
    expected = crowd.answers(index)
    pipes = [os.pipe() for _ in range(4)]
    stop = sources.parent / "stop"
    children = [_forked(partial(_ask_until, index, stop, end)) for _, end in pipes]
    for _, end in pipes:
        os.close(end)
    with docsearch.open(sources.parent / "index") as writer:
        for _ in crowd.changes(writer, sources, iter(range(12))):
            expected |= crowd.answers(writer)
    stop.touch()
    for start, _ in pipes:
        with open(start, encoding="utf-8") as told:
            seen = json.load(told)
        assert seen
        assert all(expected[generation, number] == digest for generation, number, digest in seen)
    assert [_ended(child) for child in children] == [0] * 4


def _ask_until(index: docsearch.Index, stop: Path, end: int) -> None:
    seen: set[tuple[int, int, str]] = set()
    last = False
    while not last:
        last = stop.exists()
        seen.update((*at, digest) for at, digest in crowd.answers(index).items())
        index = index.refresh()
    with open(end, "w", encoding="utf-8") as told:
        json.dump(sorted(seen), told)


def _forked(work: Callable[[], None]) -> int:
    """The number of a child that does the work and nothing else."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of threads and forks
        child = os.fork()
    if not child:
        code = 1
        try:
            signal.alarm(120)
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - the child must not run on as a second session of tests
            traceback.print_exc()
        finally:
            os._exit(code)
    return child


_WRITE = """
import sys, docsearch
def records():
    for number in range(1000):
        yield docsearch.Record(f"x/{number}", "It is half done.")
    print("writing", flush=True)
    sys.stdin.read()
with docsearch.open(sys.argv[1]) as index:
    index.add(records())
"""


@contextmanager
def writing(index: docsearch.Index) -> Iterator[subprocess.Popen[str]]:
    """Another process in the middle of a change, which it ends when its input is closed."""
    command = [sys.executable, "-c", _WRITE, str(index.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        try:
            yield process
        finally:
            process.kill()


def test_readers_do_not_see_the_writer_at_work(index: docsearch.Index) -> None:
    before = crowd.answers(index)
    with writing(index):
        assert index.refresh() is index
        with docsearch.open(index.path or "") as fresh:
            assert crowd.answers(fresh) == before
            assert fresh.status().documents == 30


def test_readers_write_nothing(index: docsearch.Index, sources: Path) -> None:
    def state() -> list[tuple[str, int, int]]:
        files = [each for each in sources.parent.rglob("*") if each.is_file() or each.is_dir()]
        return sorted((str(each), each.stat().st_mtime_ns, each.stat().st_size) for each in files)

    path = index.path or Path()
    index.add([docsearch.Record("gone", "It is deleted.")])
    index.delete(["gone"])
    (sources / "act-1.md").write_text("Changed.", encoding="utf-8")
    (path / "LOCK").unlink()
    before = state()
    with docsearch.open(path) as reader:
        crowd.answers(reader)
        assert list(reader.whoosh.reader().lexicon("text_en"))
        assert reader.suggest("wat")
        assert reader.fingerprint()
        assert reader.changes().count == 1
        assert reader.refresh() is reader
        assert docsearch.check(path, deep=True, sources=True).sound
    for arguments in (["water"], ["status"], ["check"]):
        subprocess.run([sys.executable, "-m", "docsearch", *arguments, "--index", str(path)], check=True)
    assert state() == before


def test_a_second_writer_is_told_of_the_first(index: docsearch.Index) -> None:
    command = [sys.executable, "-m", "docsearch", "index", "--index", str(index.path), "--wait", "0"]
    with writing(index) as first:
        ran = subprocess.run(command, capture_output=True, text=True)
        with pytest.raises(docsearch.IndexLocked):
            index.add([docsearch.Record("late", "It waits.")], wait=0.1)
    assert ran.returncode == 2
    assert f"another process is writing to the index (pid {first.pid}, host " in ran.stderr
    assert "--wait SECONDS" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_second_writer_waits_for_the_first(index: docsearch.Index) -> None:
    with writing(index) as first:
        assert first.stdin is not None
        threading.Timer(0.3, first.stdin.close).start()
        index.add([docsearch.Record("late", "It waits.")], wait=120)
    assert index.document("x/999") is not None
    assert index.document("late") is not None


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_writer_that_was_killed_is_not_in_the_way(index: docsearch.Index, sources: Path) -> None:
    before = crowd.answers(index)
    with writing(index) as first:
        first.kill()
        first.wait()
    assert crowd.answers(index.refresh()) == before
    (sources / "new.md").write_text("A new act.", encoding="utf-8")
    assert index.update(wait=0).added == ("acts/new.md",)
    assert docsearch.check(index.path or "", deep=True).sound


def test_two_may_begin_the_same_index(tmp_path: Path, sources: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "air.md").write_text("The air act.", encoding="utf-8")
    command = [sys.executable, "-m", "docsearch", "index", "--index", str(tmp_path / "both"), "--wait", "100"]
    begun = [subprocess.Popen([*command, str(path)], stdout=subprocess.DEVNULL) for path in (sources, more)]
    assert [each.wait() for each in begun] == [0, 0]
    with docsearch.open(tmp_path / "both") as both:
        assert both.status().documents == 31
        assert {root.name for root in both.status().roots} == {"acts", "more"}


def test_a_folder_that_another_just_made_is_shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "both").mkdir()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "exists", lambda self, **_: False)
        with FolderStorage(tmp_path / "both").writing(0):
            assert os.listdir(tmp_path / "both")


def test_an_index_that_was_deleted_and_made_again_is_another(index: docsearch.Index, sources: Path) -> None:
    before = crowd.answers(index)
    shutil.rmtree(sources.parent / "index")
    assert crowd.answers(index) == before
    with docsearch.open(sources.parent / "index", create=True) as again:
        again.add([docsearch.Record("new", "It is about water.")])
        assert again.generation == index.generation
        assert [hit.key for hit in index.refresh().search("water")] == ["new"]


@needs_fork
@pytest.mark.skipif(os.name != "posix" or os.getuid() != 0, reason="needs somebody else to be")
def test_the_index_of_another_user_can_be_read(index: docsearch.Index) -> None:
    """And so one on a medium that cannot be written to, which is the same to a reader."""
    expected = crowd.answers(index)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        copied = shutil.copytree(index.path or "", Path(folder, "index"))
        assert _ended(_forked(lambda: _be_somebody_else(copied, expected))) == 0


def _be_somebody_else(path: Path, expected: crowd.Answers) -> None:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    with docsearch.open(path) as index:
        assert crowd.answers(index) == expected
        assert index.refresh() is index
        assert index.status().documents == 30
        assert index.fingerprint()
        assert index.changes().count == 0
        assert index.suggest("wat")
        assert docsearch.check(path, deep=True).sound
        for write in (lambda: index.add([docsearch.Record("r", "No.")]), index.update, index.purge):
            with pytest.raises(docsearch.IndexProblem, match="cannot be written to"):
                write()
        assert crowd.answers(index) == expected


def _ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
