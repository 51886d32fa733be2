"""Faults put into the writing of an index, to see that the harness tells of them."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path

import docsearch

from crashes.disk import Disk, Image
from crashes.judge import MANIFEST
from crashes.trace import Fsync, FsyncFolder, Open, Rename, Trace, Unlink, Write

__all__ = ["FREE", "SAME", "STEPS", "flushing_lines", "is_possible", "pairs", "swapped"]

STEPS = (
    "write the files",
    "flush the files",
    "flush the folder",
    "write the manifest beside",
    "flush the manifest beside",
    "rename it",
    "flush the folder again",
    "remove the old files",
)
"""Of a commit, in their order."""

FREE = frozenset(combinations(STEPS[1:4], 2))
"""Steps of which each has to come after the first and before the fifth or sixth, in whatever order."""

SAME = (STEPS[2], STEPS[6])
"""The same operation: exchanging them changes nothing."""


def pairs() -> list[tuple[str, str]]:
    """Every two steps."""
    return list(combinations(STEPS, 2))


def swapped(trace: Trace, one: str, other: str) -> Trace:
    """A trace of one commit with two of its steps in each other's place; what is around it stays."""
    steps: dict[str, Trace] = {step: [] for step in STEPS}
    before: Trace = []
    after: Trace = []
    beside: set[int] = set()
    place = -1
    for op in trace:
        step = _step(op, beside, place)
        if step is None:
            (before if place < 0 else after).append(op)
        else:
            place = max(place, STEPS.index(step))
            steps[step].append(op)
    order = list(STEPS)
    at = order.index(one), order.index(other)
    order[at[0]], order[at[1]] = order[at[1]], order[at[0]]
    return [*before, *(op for step in order for op in steps[step]), *after]


def _step(op: object, beside: set[int], place: int) -> str | None:
    """The step that an operation belongs to; None for those around it. beside: the manifest's handles."""
    match op:
        case Open(path, handle, _) if path == f"{MANIFEST}.new":
            beside.add(handle)
            return STEPS[3]
        case Open(path, _, _) if "-" in path:
            return STEPS[0]
        case Write(handle, _, _) if place >= 0:
            return STEPS[3 if handle in beside else 0]
        case Fsync(handle, _):
            return STEPS[4 if handle in beside else 1]
        case FsyncFolder():
            return STEPS[2 if place < 5 else 6]
        case Rename():
            return STEPS[5]
        case Unlink() if place >= 5:
            return STEPS[7]
        case _:
            return None


def is_possible(before: Image, trace: Trace) -> bool:
    """Whether a trace does not name what is not there."""
    disk = Disk(before)
    try:
        for op in trace:
            disk.apply(op)
    except FileNotFoundError:
        return False
    return True


def flushing_lines() -> list[str]:
    """Every line of the index that flushes something, or asks the storage to: `index/storage.py:119`."""
    found = []
    product = Path(docsearch.__file__).parent
    for file in sorted((product / "index").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and _is_flush(node.func, in_storage=file.name == "storage.py"):
                found.append(f"{file.relative_to(product).as_posix()}:{node.lineno}")
    return found


def _is_flush(function: ast.expr, *, in_storage: bool) -> bool:
    text = ast.unparse(function)
    if in_storage:
        return text == "os.fsync" or text.startswith(("_sync", "self._sync"))
    return text in ("os.fsync", "os.fdatasync") or text.endswith("storage.flush")
