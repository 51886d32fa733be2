"""The write lock: one holder at a time, whatever becomes of it."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docsearch.errors import IndexLocked, IndexProblem
from docsearch.index import lock as module
from docsearch.index.lock import WriteLock

_HOLD = """
import sys
from pathlib import Path
from docsearch.index.lock import WriteLock
with WriteLock.acquire(Path(sys.argv[1]), 10.0):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def holder(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its input is closed."""
    command = [sys.executable, "-c", _HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def is_free(folder: Path) -> bool:
    try:
        WriteLock.acquire(folder, 0).release()
    except IndexLocked:
        return False
    return True


def test_another_process_is_told_who_holds_it(tmp_path: Path) -> None:
    with holder(tmp_path) as process, pytest.raises(IndexLocked) as caught:
        WriteLock.acquire(tmp_path, 0)
    message = str(caught.value)
    assert (
        f"another process is writing to the index (pid {process.pid}, host {socket.gethostname()}" in message
    )
    assert re.search(r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00:00\)", message)
    assert "--wait" in caught.value.hint
    assert caught.value.path == str(tmp_path)


def test_it_is_free_again_after_release_and_release_may_be_repeated(tmp_path: Path) -> None:
    lock = WriteLock.acquire(tmp_path, 0)
    held = [lock.held]
    lock.release()
    lock.release()
    assert [*held, lock.held] == [True, False]
    assert is_free(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_it_dies_with_its_process(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert not is_free(tmp_path)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert is_free(tmp_path)


def test_a_second_writer_waits(tmp_path: Path) -> None:
    with holder(tmp_path) as process:
        assert process.stdin is not None
        threading.Timer(0.2, process.stdin.close).start()
        WriteLock.acquire(tmp_path, 30).release()


def test_waiting_ends(tmp_path: Path) -> None:
    with WriteLock.acquire(tmp_path, 0):
        start = time.monotonic()
        with pytest.raises(IndexLocked):
            WriteLock.acquire(tmp_path, 0.2)
        assert time.monotonic() - start >= 0.2


def test_two_writers_of_one_process_exclude_each_other(tmp_path: Path) -> None:
    with WriteLock.acquire(tmp_path, 0), pytest.raises(IndexLocked, match="this process itself"):
        WriteLock.acquire(tmp_path, 0)


def test_threads_enter_one_at_a_time(tmp_path: Path) -> None:
    inside: list[int] = []
    most: list[int] = []

    def work() -> None:
        for _ in range(5):
            with WriteLock.acquire(tmp_path, 60):
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.001)
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_neither_has_the_lock_nor_keeps_it(tmp_path: Path) -> None:
    lock = WriteLock.acquire(tmp_path, 0)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        # Exceptions must not unwind into a second run of the test session.
        try:
            os.close(writer)
            held = lock.held
            lock.release()
            os.read(reader, 1)
        finally:
            os._exit(1 if held or not is_free(tmp_path) else 0)
    os.close(reader)
    assert not is_free(tmp_path)  # the child's release was none
    lock.release()
    assert is_free(tmp_path)  # though the child lives
    os.close(writer)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork")
def test_a_child_that_outlives_its_killed_parent_does_not_keep_the_lock(tmp_path: Path) -> None:
    script = """
import os, sys, time
from pathlib import Path
from docsearch.index.lock import WriteLock
lock = WriteLock.acquire(Path(sys.argv[1]), 0)
if os.fork() == 0:
    print(os.getpid(), flush=True)
    time.sleep(60)
    os._exit(0)
time.sleep(60)
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
        process.wait()
        try:
            assert is_free(tmp_path)
            os.kill(child, 0)  # it is alive
        finally:
            os.kill(child, signal.SIGKILL)


def test_the_file_stays_so_that_nobody_locks_one_that_is_gone(tmp_path: Path) -> None:
    WriteLock.acquire(tmp_path, 0).release()
    assert [path.name for path in tmp_path.iterdir()] == ["LOCK"]


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be deleted elsewhere")
def test_a_lock_on_a_deleted_file_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    locked = module._lock
    deleted: list[Path] = []

    def delete_first(handle: int) -> bool:
        if not deleted:
            deleted.append(tmp_path / "LOCK")
            deleted[0].unlink()
        return locked(handle)

    monkeypatch.setattr(module, "_lock", delete_first)
    lock = WriteLock.acquire(tmp_path, 5)
    assert not is_free(tmp_path)
    lock.release()


def test_a_note_that_is_no_note_does_no_harm(tmp_path: Path) -> None:
    for content in ("", "[1]", "{", '{"pid": [1], "host": "a\\u001b[31m\\n"}', "[" * 100_000):
        with WriteLock.acquire(tmp_path, 0):
            (tmp_path / "LOCK").write_text(content)
            with pytest.raises(IndexLocked) as caught:
                WriteLock.acquire(tmp_path, 0)
        assert str(caught.value).isprintable()


def test_the_note_says_who(tmp_path: Path) -> None:
    with WriteLock.acquire(tmp_path, 0):
        note = json.loads((tmp_path / "LOCK").read_text())
    assert note["pid"] == os.getpid()


@pytest.mark.skipif(os.name != "posix", reason="links and pipes")
@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_planted_lock_is_refused_and_its_target_left_alone(tmp_path: Path, kind: str) -> None:
    (tmp_path / "index").mkdir()
    victim = tmp_path / "victim"
    victim.write_text("precious")
    file = tmp_path / "index/LOCK"
    if kind == "link":
        file.symlink_to(victim)
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    with pytest.raises(IndexProblem):
        WriteLock.acquire(tmp_path / "index", 0)
    assert victim.read_text() == "precious"


@pytest.mark.parametrize("number", ["EACCES", "EROFS"])
def test_a_folder_that_may_not_be_written_to_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    code = getattr(errno, number)

    def refuse(*_: object) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(IndexProblem, match="the index cannot be written to") as caught:
        WriteLock.acquire(tmp_path, 0)
    assert not isinstance(caught.value, IndexLocked)
    assert caught.value.path == str(tmp_path)


def test_a_file_system_without_locks_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int) -> bool:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(module, "_lock", refuse)
    with pytest.raises(IndexProblem, match="cannot be locked"):
        WriteLock.acquire(tmp_path, 0)
