"""Operations that fail: what a full disk, lost permissions or a broken device give."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crashes.trace import Fsync, FsyncFolder, Mkdir, Op, Open, Rename, Trace, Unlink, Write

__all__ = ["FAILURES", "Failure", "cleans", "failing", "hook"]


@dataclass(frozen=True)
class Failure:
    """lasts: all operations of these kinds fail from then on, not just one; partly: half a write is taken."""

    name: str
    kinds: tuple[type[Op], ...]
    code: int
    lasts: bool
    partly: bool = False


FAILURES = (
    Failure("the disk is full", (Open, Write, Mkdir), errno.ENOSPC, lasts=True),
    Failure("the disk is full within a write", (Write,), errno.ENOSPC, lasts=True, partly=True),
    Failure("a write fails", (Write,), errno.EIO, lasts=False),
    Failure("a flush fails", (Fsync, FsyncFolder), errno.EIO, lasts=False),
    Failure("a rename fails", (Rename,), errno.EACCES, lasts=False),
    Failure("a file stays that should go", (Unlink,), errno.EACCES, lasts=True),
    Failure("permission is lost", (Open, Mkdir, Rename, Unlink), errno.EACCES, lasts=True),
)


def failing(trace: Trace) -> Iterator[tuple[Failure, int]]:
    """Every failure with the number of every operation that it can meet first."""
    for failure in FAILURES:
        for number in range(sum(isinstance(op, failure.kinds) for op in trace)):
            yield failure, number


def cleans(failure: Failure) -> bool:
    """Whether the disk still lets files be removed."""
    return Unlink not in failure.kinds


def hook(failure: Failure, first: int) -> Callable[[int, Op], int | None]:
    """What makes the operations of a failure's kinds fail from the one with the number `first` on."""
    met = -1

    def fails(_: int, op: Op) -> int | None:
        nonlocal met
        if not isinstance(op, failure.kinds):
            return None
        met += 1
        if met < first or (met > first and not failure.lasts):
            return None
        if failure.partly and met == first and isinstance(op, Write) and len(op.data) > 1:
            return len(op.data) // 2
        raise OSError(failure.code, os.strerror(failure.code))

    return fails
