"""Who reads the files of an update: this process, or workers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING

from ..corpus.registry import carried_readers
from .batch import Guard, NeedsWorker, build_files, settle, unguarded, unread
from .known import KnownTerms
from .limits import Limits
from .meter import Meter
from .plan import Task
from .segment import BuiltSegment
from .storage import Storage

if TYPE_CHECKING:
    from .pool import WorkerPool

__all__ = ["Reader"]

WORKER_BYTES = 4 << 20
"""Source bytes from which on several workers pay."""
_FIRST = 2  # workers that so many bytes occupy


class Reader:
    """Has batches read and built: in this process, or by workers where they pay or something is risky. A
    context manager, which ends the workers."""

    def __init__(self, storage: Storage, workers: int, limits: Limits, meter: Meter) -> None:
        self._storage = storage
        self._workers = workers
        self._limits = limits
        self._meter = meter
        self._readers = carried_readers()
        self._pool: WorkerPool | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def foresee(self, size: int) -> None:
        """So many source bytes at least will be read: where workers pay, the first begin, and are ready when
        all is known."""
        if self._workers > 1 and size > WORKER_BYTES and (pool := self._workers_or_none()) is not None:
            pool.begin(_FIRST)

    def segments(
        self, batches: Sequence[tuple[Task, ...]], terms: Callable[[int], KnownTerms]
    ) -> Generator[list[BuiltSegment], None, None]:
        """The segments of each batch. With the last of them the workers end, and their memory is free."""
        try:
            yield from self._segments(batches, terms)
        finally:
            self._end()

    def _segments(
        self, batches: Sequence[tuple[Task, ...]], terms: Callable[[int], KnownTerms]
    ) -> Generator[list[BuiltSegment], None, None]:
        size = self._meter.bytes_total
        pool = self._started(batches) if self._workers > 1 and size > WORKER_BYTES else None
        known = terms(size) if pool is None else None
        guarded = self._storage.path is not None and self._readers is not None
        done = 0
        while pool is None and done < len(batches):
            try:
                segments = self._build(batches[done], known, guarded=guarded)
            except NeedsWorker:
                guarded = False
                pool = self._started(batches[done:])
                continue
            done += 1
            yield segments
        if pool is not None:
            yield from pool.run(batches[done:], self._meter.count, self._meter.tick)

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _started(self, batches: Sequence[tuple[Task, ...]]) -> WorkerPool | None:
        """Workers, as many as can be used; None when there can be none."""
        pool = self._workers_or_none()
        if pool is None:
            return None
        from .pool import WorkersUnavailable

        try:
            pool.start(max(1, min(self._workers, len(batches))))
        except WorkersUnavailable:
            return None
        return pool

    def _workers_or_none(self) -> WorkerPool | None:
        """A pool, perhaps without workers as yet; None where none can be used."""
        if self._pool is None and self._storage.path is not None and self._readers is not None:
            from .pool import WorkerPool  # here: an update of a few texts has no workers

            self._pool = WorkerPool(self._storage.path, self._limits, self._readers)
        return self._pool

    def _build(
        self, batch: tuple[Task, ...], known: KnownTerms | None, *, guarded: bool
    ) -> list[BuiltSegment]:
        """Build a batch in this process. guarded: NeedsWorker for a file that should not be read in it."""
        guard: Guard = _refuse if guarded else unguarded

        def build(tasks: Sequence[Task]) -> BuiltSegment:
            return build_files(self._storage, tasks, self._tell, known, guard=guard, limits=self._limits)

        try:
            return settle(batch, build, unread)
        except _SinkRaised as raised:
            raise raised.error from None

    def _tell(self, files: int, size: int) -> None:
        self._meter.count(files, size)
        try:
            self._meter.tick()
        except Exception as error:
            raise _SinkRaised(error) from error


def _refuse(number: int, size: int) -> AbstractContextManager[None]:
    raise NeedsWorker


class _SinkRaised(BaseException):
    """Carries what a progress sink raised past those who would take it for the fault of a document."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
