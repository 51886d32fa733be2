"""Several processes that read and build batches, and what happens when one of them dies.

They are plain subprocesses that talk over pipes, so that a script without a main guard, a notebook and
a threaded service can all start them. What they print is kept from the user's terminal, except as the
reason why a file could not be read.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ..errors import IndexProblem
from .batch import BatchFailed, Tell, settle, unread
from .plan import Task
from .segment import BuiltSegment
from .worker import error_from_json, receive, request, send

__all__ = ["WorkerPool", "WorkersUnavailable"]

_START_SECONDS = 30.0
_END_SECONDS = 5.0
_TICK_SECONDS = 0.1
_LAST_WORDS = 200
# Ctrl-C on the terminal is for us alone; we end the workers.
_OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"process_group": 0}
)


class WorkersUnavailable(Exception):
    """No worker could be started: the work has to be done in this process."""


def worker_command() -> list[str]:
    """-P: the current folder, which may hold anybody's documents, must not be a source of modules."""
    return [sys.executable, "-P", "-m", "docsearch.index.worker"]


class WorkerPool:
    """Workers for one index. Use as a context manager: leaving it ends them, whatever they are doing."""

    def __init__(self, folder: Path, count: int) -> None:
        """Start up to `count` workers; WorkersUnavailable when not one of them comes up."""
        self._folder = str(folder.absolute())
        self._lock = threading.Lock()
        self._closing = False
        self._workers: set[_Worker] = set()
        # One slot a thread; None where a worker has died and is to be replaced.
        self._slots: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        try:
            started = self._start_all(count)
        except BaseException:
            self.close()
            raise
        for worker in started:
            self._slots.put(worker)
        self._threads = ThreadPoolExecutor(len(started), "docsearch-worker")

    def run(
        self, batches: Sequence[tuple[Task, ...]], tell: Tell, tick: Callable[[], None]
    ) -> Iterator[list[BuiltSegment]]:
        """The segments of each batch, in the order of the batches. Errors as for `build_files`.

        tell: called from other threads. tick: called from this one, some ten times a second.
        """
        results = [self._threads.submit(self._settle, batch, tell) for batch in batches]
        for result in results:
            while not result.done():
                wait([result], timeout=_TICK_SECONDS)
                tick()
            yield result.result()

    def close(self) -> None:
        """End all workers. Any number of times."""
        with self._lock:
            self._closing = True
            for worker in self._workers:
                worker.kill()
        if threads := getattr(self, "_threads", None):
            threads.shutdown(wait=True, cancel_futures=True)
        for worker in self._workers:
            worker.close()
        self._workers.clear()

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _settle(self, batch: tuple[Task, ...], tell: Tell) -> list[BuiltSegment]:
        return settle(batch, lambda tasks: self._build(tasks, tell), unread)

    def _build(self, tasks: Sequence[Task], tell: Tell) -> BuiltSegment:
        worker = self._slots.get()
        try:
            if worker is None:
                worker = self._replacement()
            return worker.build(self._folder, tasks, tell)
        except _WorkerDied as death:
            if worker is not None:
                self._bury(worker)
                worker = None
            raise BatchFailed(str(death)) from death
        finally:
            self._slots.put(worker)

    def _start_all(self, count: int) -> list[_Worker]:
        """Begin all, then wait for each: they import at the same time."""
        started = []
        reasons = []
        for worker in [self._begin() for _ in range(count)]:
            try:
                worker.await_ready()
                started.append(worker)
            except _WorkerDied as death:
                self._bury(worker)
                reasons.append(str(death))
        if not started:
            raise WorkersUnavailable(reasons[0] if reasons else "none was asked for")
        return started

    def _replacement(self) -> _Worker:
        worker = self._begin()
        try:
            worker.await_ready()
        except _WorkerDied as death:
            self._bury(worker)
            raise IndexProblem(
                f"a reading process has ended, and no other could be started ({death})",
                hint="Repeat the command; it goes on from what was committed",
            ) from death
        return worker

    def _begin(self) -> _Worker:
        with self._lock:
            if self._closing:
                raise _Closing
            worker = _Worker()
            self._workers.add(worker)
        return worker

    def _bury(self, worker: _Worker) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.close()


class _WorkerDied(Exception):
    """A worker ended, or never became ready; the reason is in words."""


class _Closing(Exception):
    """The pool is being left: no new worker begins. Nobody waits for what raises it."""


class _Worker:
    """One process. A thread that uses it has it for itself, but for `kill`."""

    def __init__(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._process: subprocess.Popen[bytes] | None = None
        self._failure = ""
        try:
            self._process = subprocess.Popen(
                worker_command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
                env=_environment(),
                **_OWN_GROUP,
            )
        except OSError as error:
            self._failure = f"it cannot be started: {(error.strerror or str(error)).lower()}"

    def await_ready(self) -> None:
        """Wait until it can work; _WorkerDied when it never can."""
        timer = threading.Timer(_START_SECONDS, self.kill)
        timer.start()
        try:
            if self._receive() != {"ready": True}:
                raise _WorkerDied("it does not speak our language")
        finally:
            timer.cancel()

    def build(self, folder: str, tasks: Sequence[Task], tell: Tell) -> BuiltSegment:
        """Have a batch built. Errors as for `build_files`, and _WorkerDied."""
        told = [0, 0]
        try:
            self._send(request(folder, tasks))
            while "read" in (message := self._receive()):
                files, size = message["read"]
                told = [told[0] + files, told[1] + size]
                tell(files, size)
        except _WorkerDied:
            tell(-told[0], -told[1])
            raise
        if "broken" in message:
            raise BatchFailed(message["broken"])
        if "error" in message:
            raise error_from_json(message["error"])
        return BuiltSegment.from_json(message["built"])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it, and give back all that it holds."""
        if (process := self._process) is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
        self._errors.close()

    def _send(self, message: dict[str, Any]) -> None:
        if self._process is None or self._process.stdin is None:
            raise _WorkerDied(self._failure)
        try:
            send(self._process.stdin, message)
        except OSError as error:
            raise _WorkerDied(self._last_words()) from error

    def _receive(self) -> dict[str, Any]:
        if self._process is None or self._process.stdout is None:
            raise _WorkerDied(self._failure)
        try:
            message = receive(self._process.stdout)
        except (OSError, ValueError) as error:
            raise _WorkerDied("it does not speak our language") from error
        if message is None:
            raise _WorkerDied(self._last_words())
        return message

    def _exit_code(self) -> int:
        if self._process is None:
            return 0
        try:
            return self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            # It has closed its output and lives on: it is of no use any more.
            self._process.kill()
            return self._process.wait()

    def _last_words(self) -> str:
        """How the process ended: by which signal, or the last line that it printed."""
        code = self._exit_code()
        if code < 0:
            names = {member.value: member.name for member in signal.Signals}
            return f"its process was ended by {names.get(-code, f'signal {-code}')}"
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        words = "".join(char if char.isprintable() else "?" for char in last[-_LAST_WORDS:])
        return f"its process ended with status {code}{': ' if words else ''}{words}"


def _environment() -> dict[str, str]:
    """Ours, with the same modules to be found (but none relative to the current folder)."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(os.path.isabs, sys.path))}
