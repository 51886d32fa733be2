"""Peak memory: of this process from its own counter, of another and its children by sampling. Linux only;
elsewhere 0, which tables print as a dash."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

__all__ = ["TreePeak", "own_peak", "tree_memory"]

_PROC = Path("/proc")
_SECONDS = 0.02


def own_peak() -> int:
    """The most bytes that this process has had resident.

    Not `getrusage`: its counter survives exec, so that a child begins with its parent's peak.
    """
    return _status("self", "VmHWM")


class TreePeak:
    """A context manager that samples a process with all its descendants; `peak` is the largest sum of what
    they had resident at one time, pages that they share counted for each."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> TreePeak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._end.wait(_SECONDS):
            self.peak = max(self.peak, tree_memory(self._pid))


def tree_memory(pid: int) -> int:
    """Bytes that a process and all its descendants have resident now."""
    return sum(_status(str(each), "VmRSS") for each in _tree(pid))


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:  # grows while it is walked
        with contextlib.suppress(OSError):
            for task in (_PROC / str(parent) / "task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def _status(process: str, name: str) -> int:
    """Bytes that a line of /proc/PROCESS/status tells; 0 when there is none."""
    with contextlib.suppress(OSError):
        for line in (_PROC / process / "status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) << 10
    return 0
