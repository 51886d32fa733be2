"""Several processes that search one index: for more queries a second than one interpreter can answer.

They are plain subprocesses that talk over pipes (see `index.children`), each with an `Index` of its own over
the same mapped files, so that the system holds these in memory once. Questions and answers are pickled: they
go from one of our processes to another and are never stored.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import IO, Any, Unpack

from ..errors import DocsearchError, IndexProblem
from ..index import children
from ..index.manifest import Manifest
from ..index.storage import FolderStorage
from .options import SearchOptions
from .results import Results

__all__ = ["SearchOptions", "SearchPool"]

_START_SECONDS = 30.0
_END_SECONDS = 5.0


class SearchPool:
    """Processes that search the index in a folder.

    Safe to share between threads: each call has a process for itself, and waits while all are busy. A context
    manager; leaving it ends the processes. They also end with this one, however it ends.

    Answers come from the generation that was current when the pool was made or last refreshed, or from a
    later one, and never from an earlier one than an answer before.
    """

    def __init__(self, path: str | os.PathLike[str], *, processes: int | None = None) -> None:
        """Start so many processes, by default one for each core, and wait until they can search.

        Raises IndexMissing, IndexIncompatible or IndexCorrupt as `docsearch.open` does, and IndexProblem when
        a process cannot be started.
        """
        self._folder = os.path.abspath(path)
        self._count = _cores() if processes is None else processes
        if self._count < 1:
            raise IndexProblem(f"{self._count} processes cannot search", hint="Ask for 1 or more")
        self._lock = threading.Lock()
        self._closed = False
        self._created, self._generation = self._current()
        # One slot for each process; None where one has died and is to be replaced.
        self._slots: queue.SimpleQueue[_Worker | None] = queue.SimpleQueue()
        self._workers = {_Worker(self._folder) for _ in range(self._count)}  # they import at the same time
        try:
            for worker in tuple(self._workers):
                with self._kept(worker):
                    worker.await_ready()
        except BaseException:
            for worker in tuple(self._workers):
                self._end(worker, 0)
            raise

    @property
    def processes(self) -> int:
        return self._count

    def search(self, query: str, **options: Unpack[SearchOptions]) -> Results:
        """What `Index.search` returns for the same arguments, with all hits whole. Raises what it raises, and
        IndexProblem when the process dies over the query; a new one takes its place."""
        _check(options)
        worker = self._slots.get()
        with self._kept(worker) as worker:
            results = worker.search((self._created, self._generation), query, options)
        self._see(results.reading.generation)
        return results

    def search_all(self, queries: Iterable[str], **options: Unpack[SearchOptions]) -> list[Results]:
        """The results of each query, in their order, found by all processes at once. The first error is
        raised when its turn has come."""
        _check(options)
        with ThreadPoolExecutor(self._count, "docsearch-search") as threads:
            return list(threads.map(lambda query: self.search(query, **options), queries))

    def refresh(self) -> int:
        """Let all later answers see the latest commit; its generation. Costs a glance at the manifest: a
        process opens the new generation before its next query."""
        created, generation = self._current()
        with self._lock:
            if created != self._created:  # it was deleted and made again: its generations count anew
                self._created, self._generation = created, generation
        return self._see(generation)

    def close(self) -> None:
        """End the processes, each after the query that it has at hand. May be called again."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for _ in range(self._count):
            with contextlib.suppress(queue.Empty):
                self._end(self._slots.get(timeout=_END_SECONDS), _END_SECONDS)
        for worker in tuple(self._workers):
            worker.kill()  # whoever waits for it ends it
        self._slots.put(None)  # for those who wait for a process: each tells the next

    def __enter__(self) -> SearchPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _kept(self, worker: _Worker | None) -> Iterator[_Worker]:
        """A worker for one use, and afterwards in a slot again; one that is of no more use is ended."""
        try:
            if self._closed:
                raise IndexProblem("this SearchPool was closed", hint="Make a new one")
            if worker is None:
                worker = self._begin()
            yield worker
        except _Died as death:
            raise IndexProblem(
                f"a searching process has ended ({death})", hint="Ask again: another one takes its place"
            ) from death
        finally:
            if worker is not None and (self._closed or not worker.idle):
                self._end(worker, 0)
                worker = None
            self._slots.put(worker)

    def _begin(self) -> _Worker:
        worker = _Worker(self._folder)
        with self._lock:
            self._workers.add(worker)
        try:
            worker.await_ready()
        except BaseException:
            self._end(worker, 0)
            raise
        return worker

    def _end(self, worker: _Worker | None, seconds: float) -> None:
        if worker is not None:
            with self._lock:
                self._workers.discard(worker)
            worker.end(seconds)

    def _see(self, generation: int) -> int:
        """Let no later answer be of an earlier generation."""
        with self._lock:
            self._generation = max(self._generation, generation)
            return self._generation

    def _current(self) -> tuple[str, int]:
        """When the index that stands there was made, and its generation."""
        manifest = Manifest.load(FolderStorage(self._folder))
        return manifest.created, manifest.generation


class _Died(Exception):
    """A process ended, or never became ready; the reason is in words."""


class _Worker:
    """One process. A thread that uses it has it for itself, but for `kill`.

    idle: it waits for a question; else it has not begun, is busy, or was left in the middle of an answer.
    """

    def __init__(self, folder: str) -> None:
        self.idle = False
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - `end` closes it
        self._process: subprocess.Popen[bytes] | None = None
        self._failure = ""
        try:
            self._process = children.start(worker_command(folder), self._errors)
        except OSError as error:
            self._failure = f"it cannot be started: {(error.strerror or str(error)).lower()}"

    def await_ready(self) -> None:
        """Wait until it can search; DocsearchError when it cannot open the index, _Died when it never can."""
        timer = threading.Timer(_START_SECONDS, self.kill)
        timer.start()
        try:
            self._answer()
        except DocsearchError:
            self.idle = False  # it has ended with this
            raise
        finally:
            timer.cancel()

    def search(self, at_least: tuple[str, int], query: str, options: SearchOptions) -> Results:
        """at_least: when the index was made, and a generation of it."""
        question = pickle.dumps((at_least, query, options))
        if self._process is None or self._process.stdin is None:
            raise _Died(self._failure)
        self.idle = False
        try:
            self._process.stdin.write(question)
            self._process.stdin.flush()
        except OSError as error:
            raise _Died(children.how_it_ended(self._process, self._errors)) from error
        results: Results = self._answer()
        return results

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def end(self, seconds: float) -> None:
        """Let it come to its end, after so many seconds by force, and give back all that it holds."""
        if (process := self._process) is not None:
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
            process.kill()
            process.wait()
        self._errors.close()

    def _answer(self) -> Any:
        """What it tells next; raises it when it is an error."""
        if self._process is None or self._process.stdout is None:
            raise _Died(self._failure)
        try:
            answer = pickle.load(self._process.stdout)  # noqa: S301 - of our own process
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            raise _Died(children.how_it_ended(self._process, self._errors)) from error
        self.idle = True
        if isinstance(answer, Exception):
            raise answer
        return answer


def worker_command(folder: str) -> list[str]:
    return children.command("docsearch.search.pool_worker", folder)


def _check(options: SearchOptions) -> None:
    """A wrong name is an error of the caller, told as Python tells it."""
    for name in options:
        if name not in SearchOptions.__annotations__:
            raise TypeError(f"search() got an unexpected keyword argument {name!r}")


def _cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
