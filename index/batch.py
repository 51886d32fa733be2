"""Reading and building one batch of files: what a worker does, and what is done without workers."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import TypeVar

from ..corpus.members import within_limits
from ..corpus.model import Gap, Reading, Source
from ..corpus.registry import is_risky, media_type_of, read_bytes
from ..corpus.scans import wanted
from ..errors import CorpusError, DocsearchError, IndexProblem
from .catalog import SourceRow
from .limits import Limits
from .plan import UNHASHED, Stamp, Task
from .segment import BuiltSegment, Terms, build_segment
from .storage import Storage

__all__ = [
    "BatchFailed",
    "Guard",
    "NeedsWorker",
    "Tell",
    "build_files",
    "build_readings",
    "describe",
    "fingerprint",
    "partition",
    "read_file",
    "settle",
    "unguarded",
    "unread",
]

Tell = Callable[[int, int], None]
"""Called with the files and bytes read since the last call; negative when they will be read again."""

Guard = Callable[[int, int], AbstractContextManager[None]]
"""Entered while a risky file is read: given its place in the batch, and its bytes."""

_FIRST = (1 << 20, 4 << 20)
_LATER = 16 << 20
_LAST = 4 << 20
_SHARE = 3
_RACY_NS = 2_000_000_000
_TRIES = 3
_HOPELESS = 20
_MOST_GAPS = 1_000  # of one file


_NO_LIMITS = Limits()


class BatchFailed(Exception):
    """A batch broke on something that it read: an error of ours, or the end of its worker.

    at: the item that was being read, by its place in the batch; None when that is not known.
    lasting: whether it would fail again.
    """

    def __init__(self, why: str, at: int | None = None, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.at = at
        self.lasting = lasting


class NeedsWorker(BaseException):
    """A file in a batch is not to be read in this process. (No Exception, which a reader could catch.)"""


def partition(tasks: Sequence[Task]) -> list[tuple[Task, ...]]:
    """Split tasks, in their order, by source bytes: 1 MB, 4 MB, then 16 MB each; towards the end a third of
    what is left, but no less than 4 MB.

    The small beginning makes a first build searchable early; the small end lets all workers end at about
    the same time. The number of workers plays no part, so that it never shows in an index.
    """
    batches: list[tuple[Task, ...]] = []
    batch: list[Task] = []
    left = sum(task.size for task in tasks)
    size, limit = 0, _limit(0, left)
    for task in tasks:
        batch.append(task)
        size += task.size
        if size >= limit:
            batches.append(tuple(batch))
            left -= size
            batch, size, limit = [], 0, _limit(len(batches), left)
    return [*batches, tuple(batch)] if batch else batches


def _limit(number: int, left: int) -> int:
    """Bytes at which a batch is full."""
    return _FIRST[number] if number < len(_FIRST) else min(_LATER, max(_LAST, left // _SHARE))


def _build(storage: Storage, readings: Iterator[tuple[Source, Reading]], terms: Terms | None) -> BuiltSegment:
    """Write the segment of some readings. IndexProblem when it cannot be written; BatchFailed when the
    build breaks on what was read."""
    try:
        return build_segment(storage, readings, terms)
    except DocsearchError:
        raise
    except OSError as error:
        raise IndexProblem(
            f"the index cannot be written to ({_why(error)})",
            path=str(storage.path or ""),
            hint="Check permissions and free space, and repeat the command; what was committed is safe",
        ) from error
    except Exception as error:
        # One document must not end the update of all others.
        raise BatchFailed(describe(error)) from error


def unguarded(number: int, size: int) -> AbstractContextManager[None]:
    """The guard that keeps no limits."""
    return nullcontext()


def build_files(
    storage: Storage,
    tasks: Sequence[Task],
    tell: Tell,
    terms: Terms | None = None,
    *,
    guard: Guard = unguarded,
    limits: Limits = _NO_LIMITS,
) -> BuiltSegment:
    """Read files and write their segment; errors as for `_build`. A file that cannot be read becomes a gap,
    one that has gone is passed over."""
    done = [0, 0]

    def readings() -> Iterator[tuple[Source, Reading]]:
        for number, task in enumerate(tasks):
            read = _read(task, number, guard, limits)
            if read is not None:
                yield read
            size = read[0].size if read is not None else task.size
            done[0], done[1] = done[0] + 1, done[1] + size
            tell(1, size)

    try:
        return _build(storage, readings(), terms)
    except (BatchFailed, NeedsWorker):
        tell(-done[0], -done[1])
        raise


_Item = TypeVar("_Item")


def settle(
    batch: Sequence[_Item],
    build: Callable[[Sequence[_Item]], BuiltSegment],
    blame: Callable[[_Item, BatchFailed], BuiltSegment],
) -> list[BuiltSegment]:
    """Build a batch; when it fails, what stands before and after the item that is to blame, or, where that is
    not known, its halves, down to a single one.

    blame: what stands for such an item, given the failure. The result is in the order of the items.
    IndexProblem when one item after the other is to blame and nothing works: then it is not the items.
    """
    built: list[BuiltSegment] = []
    blamed = 0
    parts: list[tuple[Sequence[_Item], BatchFailed | None]] = [(batch, None)] if batch else []
    while parts:
        part, failure = parts.pop()
        if failure is None:
            try:
                built.append(build(part))
                continue
            except BatchFailed as broken:
                failure = broken
            if failure.at is None and len(part) > 1:
                middle = len(part) // 2
                parts += [(part[middle:], None), (part[:middle], None)]
                continue
            if failure.at is not None and 0 <= (at := failure.at) < len(part):
                around = ((part[at + 1 :], None), (part[at : at + 1], failure), (part[:at], None))
                parts += [(items, why) for items, why in around if items]
                continue
            blamed += 1
            if blamed == len(built) + 1 >= _HOPELESS:
                raise IndexProblem(
                    f"one document after the other fails ({failure})",
                    hint="The fault lies in docsearch or its installation, not in the documents. What was "
                    "committed is safe",
                ) from failure
        built.append(blame(part[0], failure))
    return built


def unread(task: Task, failure: BatchFailed) -> BuiltSegment:
    """What stands for a file that broke its batch: a row with a gap. Unless it is sure to fail again, the
    next update tries it."""
    more = "; a higher --memory-limit may help" if "SIGABRT" in str(failure) else ""  # PDFium without memory
    source, reading = _gap(task, f"reading it failed ({failure}{more})")
    if failure.lasting and (stamp := fingerprint(task.file)) is not None:
        source = source._replace(size=stamp.size, mtime_ns=stamp.mtime_ns, sha256=stamp.sha256)
    return BuiltSegment(None, 0, 0, (SourceRow(source, (), reading.gaps),))


def build_readings(
    storage: Storage, readings: Sequence[tuple[Source, Reading]], terms: Terms | None = None
) -> list[BuiltSegment]:
    """Build and settle what has been read already."""

    def blame(item: tuple[Source, Reading], failure: BatchFailed) -> BuiltSegment:
        source = item[0]
        return BuiltSegment(
            None, 0, 0, (SourceRow(source, (), (Gap(source.key, f"reading it failed ({failure})"),)),)
        )

    return settle(readings, lambda part: _build(storage, iter(part), terms), blame)


def fingerprint(file: str, limit: int = _NO_LIMITS.size) -> Stamp | None:
    """Read and hash a file; None when that is impossible."""
    try:
        return read_file(file, limit)[1]
    except OSError:
        return None


def read_file(file: str, limit: int = _NO_LIMITS.size) -> tuple[bytes, Stamp]:
    """The bytes of a regular file of at most `limit` bytes, and its stamp as of the reading; else OSError.

    The stamp's time is 0, never to be trusted, when the file may change without its time telling: it was
    changing while it was read, or had been written within two seconds before (git's "racy" rule: file
    systems count time in ticks, of two seconds in the worst case).
    """
    for _ in range(_TRIES):
        data, before, after = _read_once(file, limit)
        steady = before.st_mtime_ns == after.st_mtime_ns and len(data) == before.st_size == after.st_size
        if steady:
            break
    trusted = steady and time.time_ns() - after.st_mtime_ns >= _RACY_NS
    return data, Stamp(len(data), after.st_mtime_ns if trusted else 0, hashlib.sha256(data).digest())


def _read_once(file: str, limit: int) -> tuple[bytes, os.stat_result, os.stat_result]:
    """A file's bytes, and its status before and after."""
    # O_NONBLOCK: a pipe that has taken the file's place must not make us wait.
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        if before.st_size > limit:
            raise OSError(errno.EFBIG, f"larger than the limit of {limit / (1 << 20):.3g} MB")
        data = os.read(handle, before.st_size + 1)
        while len(data) <= before.st_size and (more := os.read(handle, before.st_size + 1 - len(data))):
            data += more
        return data, before, os.fstat(handle)
    finally:
        os.close(handle)


def _read(task: Task, number: int, guard: Guard, limits: Limits) -> tuple[Source, Reading] | None:
    """A file's source and reading; None when it has gone."""
    try:
        data, stamp = read_file(task.file, limits.size)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _gap(task, f"it cannot be read ({_why(error)})")
    source = Source(task.key, task.root, task.path, stamp.size, stamp.mtime_ns, stamp.sha256)
    name = task.key.rpartition("/")[2]
    try:
        media_type = media_type_of(name, data)
        guarding = guard(number, len(data)) if is_risky(media_type) else nullcontext()
        with within_limits(), wanted(limits.ocr), guarding:
            reading = read_bytes(task.key, name, data, media_type=media_type)
            return source, _told(_in_language(reading, task.language), task.key)
    except CorpusError as error:
        reason = error.message
    except MemoryError:
        reason = f"reading it takes more memory than a file may take ({limits.memory / (1 << 20):.4g} MB)"
    except Exception as error:  # noqa: BLE001 - whatever a reader meets in a file, the others go on
        reason = f"its reader failed ({describe(error)})"
    return source, Reading((), (Gap(task.key, reason),))


def _told(reading: Reading, key: str) -> Reading:
    """The reading, with one gap for those that are too many to be looked through: an archive of archives can
    have more than all other files together."""
    if len(reading.gaps) <= _MOST_GAPS:
        return reading
    told = reading.gaps[: _MOST_GAPS - 1]
    more = f"{len(reading.gaps) - len(told):,} more of its parts were not read: unpack it into the folder"
    return Reading(reading.documents, (*told, Gap(key, more)))


def _in_language(reading: Reading, language: str) -> Reading:
    """The reading, its documents that state no language in the one that is given."""
    if not language:
        return reading
    documents = tuple(
        replace(each, meta=replace(each.meta, language=language, language_guessed=False))
        if each.meta.language_guessed
        else each
        for each in reading.documents
    )
    return replace(reading, documents=documents)


def _gap(task: Task, reason: str) -> tuple[Source, Reading]:
    source = Source(task.key, task.root, task.path, task.size, 0, UNHASHED)
    return source, Reading((), (Gap(task.key, reason),))


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def describe(error: Exception) -> str:
    """An unexpected error in a gap's words."""
    return f"{type(error).__name__}: {error}"[:200].rstrip(": ")
