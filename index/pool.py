"""Several processes that read and build batches, and what happens when one of them dies.

What they print is kept from the user's terminal, except as the reason why a file could not be read.
"""

from __future__ import annotations

import contextlib
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from ..errors import IndexProblem
from . import children
from .batch import BatchFailed, Tell, settle, unread
from .limits import Limits
from .plan import Task
from .segment import BuiltSegment
from .worker import error_from_json, receive, request, send

__all__ = ["WorkerPool", "WorkersUnavailable"]

_START_SECONDS = 30.0
_TICK_SECONDS = 0.1
_LIMITS = Limits()
_NO_READERS: Mapping[str, str] = {}


class WorkersUnavailable(Exception):
    """No worker could be started: the work has to be done in this process."""


def worker_command() -> list[str]:
    return children.command("docsearch.index.worker")


class WorkerPool:
    """Workers for one index. Use as a context manager: leaving it ends them, whatever they are doing."""

    def __init__(
        self, folder: Path, limits: Limits = _LIMITS, readers: Mapping[str, str] = _NO_READERS
    ) -> None:
        """limits: what each file may take. readers: as for `worker.request`."""
        self._folder = str(folder.absolute())
        self._limits = limits
        self._readers = readers
        self._lock = threading.Lock()
        self._closing = False
        self._workers: set[_Worker] = set()
        self._begun: list[_Worker] = []
        self._threads: ThreadPoolExecutor | None = None
        # One slot a thread; None where a worker has died and is to be replaced.
        self._slots: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()

    def begin(self, count: int) -> None:
        """Begin workers, so that there are so many; they import while something else is done."""
        while len(self._begun) < count:
            self._begun.append(self._begin())

    def start(self, count: int) -> None:
        """Wait for up to `count` workers, which `run` will use; WorkersUnavailable when not one of them comes
        up."""
        self.begin(count)
        begun, self._begun = self._begun, []
        started = []
        reasons = []
        for worker in begun:
            try:
                worker.await_ready()
                started.append(worker)
            except _WorkerDied as death:
                self._bury(worker)
                reasons.append(str(death))
        if not started:
            raise WorkersUnavailable(reasons[0] if reasons else "none was asked for")
        for worker in started:
            self._slots.put(worker)
        self._threads = ThreadPoolExecutor(len(started), "docsearch-worker")

    def run(
        self, batches: Sequence[tuple[Task, ...]], tell: Tell, tick: Callable[[], None]
    ) -> Iterator[list[BuiltSegment]]:
        """The segments of each batch, in the order of the batches. Errors as for `build_files`.

        tell: called from other threads. tick: called from this one, some ten times a second.
        """
        if self._threads is None:
            raise RuntimeError("the workers have not been started")
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
        if self._threads is not None:
            self._threads.shutdown(wait=True, cancel_futures=True)
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
            return worker.build(request(self._folder, tasks, self._limits, self._readers), tell)
        except _WorkerDied as death:
            at = None
            if worker is not None:
                at = worker.reading
                self._bury(worker)
                worker = None
            # What the system kills when memory is short may not be to blame.
            lasting = at is not None and not str(death).endswith(" SIGKILL")
            raise BatchFailed(self._reason(death, tasks, at), at, lasting=lasting) from death
        finally:
            self._slots.put(worker)

    def _reason(self, death: _WorkerDied, tasks: Sequence[Task], at: int | None) -> str:
        if at is not None and 0 <= at < len(tasks) and death.timed_out:
            seconds = self._limits.seconds_for(tasks[at].size)
            return f"it took more than {seconds:.3g} seconds; a higher --time-limit gives it more"
        return str(death)

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
    """A worker ended, or never became ready; the reason is in words. timed_out: by the timer for a file."""

    def __init__(self, why: str, *, timed_out: bool = False) -> None:
        super().__init__(why)
        self.timed_out = timed_out


class _Closing(Exception):
    """The pool is being left: no new worker begins. Nobody waits for what raises it."""


class _Worker:
    """One process. A thread that uses it has it for itself, but for `kill`.

    reading: the place in its batch of the file that it is reading, as far as it tells.
    """

    def __init__(self) -> None:
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `close` closes it
        self._process: subprocess.Popen[bytes] | None = None
        self._failure = ""
        self.reading: int | None = None
        try:
            self._process = children.start(worker_command(), self._errors)
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

    def build(self, message: dict[str, Any], tell: Tell) -> BuiltSegment:
        """Have a batch built. Errors as for `build_files`, and _WorkerDied."""
        told = [0, 0]
        self.reading = None
        try:
            self._send(message)
            while "read" in (message := self._receive()) or "at" in message:
                if "at" in message:
                    self.reading = message["at"]
                    continue
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
            words = self._last_words()
            raise _WorkerDied(words, timed_out=words.endswith(" SIGALRM"))
        return message

    def _last_words(self) -> str:
        """How the process ended: by which signal, or the last line that it printed."""
        return "" if self._process is None else children.how_it_ended(self._process, self._errors)
