"""What the reading of one file may take, and how a reading process keeps to it.

The operating system does: a timer whose signal ends the process even inside a library's loop, and a limit to
its address space, beyond which memory is refused. So it must be a process of its own (see `pool`).
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ..corpus.patience import set_giver
from ..errors import IndexProblem

with contextlib.suppress(ImportError):  # on Windows
    import resource

__all__ = ["Limits", "kept"]

_SECONDS_PER_MB = 2.0
_MEMORY_PER_BYTE = 16
_STATUS = "/proc/self/statm"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take. seconds: to be read, and 2 more for each MB. memory: bytes while it is read,
    beyond what the process holds, and 16 more for each byte of the file. size: bytes of a file. ocr: whether
    scanned pages are read by `tesseract`, which gets time of its own for each.

    IndexProblem for limits under which nothing can be read.
    """

    seconds: float = 60.0
    memory: int = 2 << 30
    size: int = 256 << 20
    ocr: bool = False

    def __post_init__(self) -> None:
        for name in ("seconds", "memory", "size"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1 << 50:
                raise IndexProblem(
                    f"a limit of {value!r} ({name}) cannot be kept", hint="Give a number above 0"
                )

    def seconds_for(self, size: int) -> float:
        """Seconds for a file of some bytes."""
        return self.seconds + _SECONDS_PER_MB * size / (1 << 20)


@contextmanager
def kept(limits: Limits, size: int) -> Iterator[None]:
    """Keep the limits of time and memory in the block, which reads a file of `size` bytes.

    MemoryError where more memory is asked for than is allowed (on Linux). When time is up, the process ends
    by SIGALRM (where there is one).
    """
    with _timed(limits.seconds_for(size)), _cramped(limits.memory + _MEMORY_PER_BYTE * size):
        yield


@contextmanager
def _timed(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    set_giver(_give)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        set_giver(None)


def _give(seconds: float) -> None:
    left, _ = signal.getitimer(signal.ITIMER_REAL)
    signal.setitimer(signal.ITIMER_REAL, left + seconds)


@contextmanager
def _cramped(memory: int) -> Iterator[None]:
    held = _address_space()
    if held is None:
        yield
        return
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = held + memory
    if before not in (resource.RLIM_INFINITY, -1):
        wanted = min(wanted, before)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (before, most))


def _address_space() -> int | None:
    """Bytes of address space that the process holds; None where the system neither tells nor limits it."""
    try:
        with open(_STATUS, "rb") as status:
            return int(status.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None
