"""One writer per index: a lock of the operating system, which dies with the process that holds it.

The lock is `flock` on the file LOCK in the index folder (a locked byte on Windows). The file also says
who holds it, for the message that a second writer gets; it is never deleted, since another process may
just have opened it. Threads of one process exclude each other, because each acquisition opens the file
anew. A forked child does not inherit the lock: it would keep it alive after its parent's death.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import socket
import stat
import sys
import time
import weakref
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from ..errors import IndexLocked, IndexProblem

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["WriteLock"]

NAME: Final = "LOCK"
_POLL = 0.05
_NOTE_BYTES = 4096
# Windows locks a byte, which others then cannot read: one far behind the note.
_LOCKED_BYTE = 1 << 20

_held: weakref.WeakSet[WriteLock] = weakref.WeakSet()


class WriteLock:
    """The right to write to an index, from `acquire` to `release` (or the end of a `with` block)."""

    def __init__(self, file: Path, handle: int) -> None:
        self._file = file
        self._handle: int | None = handle
        _held.add(self)

    @classmethod
    def acquire(cls, path: Path, wait: float) -> WriteLock:
        """Take the lock of the index in the folder `path`, which must be there.

        wait: seconds; 0 tries once. IndexLocked, with the holder's pid, host and start, when they have
        passed; IndexProblem when the folder may not be written to.
        """
        file = path / NAME
        end = time.monotonic() + wait
        while (handle := _try(file)) is None:
            if time.monotonic() >= end:
                raise _locked(path, file)
            time.sleep(min(_POLL, max(0.0, end - time.monotonic())))
        _write_note(handle)
        return cls(file, handle)

    @property
    def held(self) -> bool:
        """Whether this object still has the lock (not after `release`, nor in a forked child)."""
        return self._handle is not None

    def release(self) -> None:
        """Give the lock back. Any number of times."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        _held.discard(self)
        try:
            with contextlib.suppress(OSError):
                os.ftruncate(handle, 0)
            # Said explicitly: a copy of the handle in a child would keep the lock.
            _unlock(handle)
        finally:
            os.close(handle)

    def __enter__(self) -> WriteLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _forget(self) -> None:
        # Closing a copy of the handle leaves the parent's lock as it is.
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def _forget_all() -> None:
    for lock in list(_held):
        lock._forget()
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def _try(file: Path) -> int | None:
    """A handle that holds the lock, or None when somebody else has it."""
    # O_NOFOLLOW, O_NONBLOCK: an index that came from elsewhere may hold a link or a pipe of this name.
    flags = os.O_RDWR | os.O_CREAT
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
        flags |= getattr(os, name, 0)
    try:
        handle = os.open(file, flags, 0o666)
    except OSError as error:
        raise _unusable(file, "be written to", error) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise IndexProblem(
                "the lock is not a regular file",
                path=str(file),
                hint="Find out who put it there, and delete it",
            )
        if _lock(handle) and _is_same(handle, file):
            return handle
    except OSError as error:
        os.close(handle)
        raise _unusable(file, "be locked", error) from error
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _unusable(file: Path, what: str, error: OSError) -> IndexProblem:
    return IndexProblem(
        f"the index cannot {what} ({(error.strerror or str(error)).lower()})",
        path=str(file.parent),
        hint="Check its permissions, or choose another place with --index",
    )


def _is_same(handle: int, file: Path) -> bool:
    """Whether the handle is of the file that has the name now: somebody may have deleted it meanwhile."""
    try:
        return os.path.samestat(os.fstat(handle), os.stat(file))
    except FileNotFoundError:
        return False


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _unlock(handle: int) -> None:
    if sys.platform == "win32":
        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _write_note(handle: int) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(sep=" ", timespec="seconds")
    note = {"pid": os.getpid(), "host": socket.gethostname(), "start": now}
    # The lock holds without its note: a full disk shall be met, and told, where data are written.
    with contextlib.suppress(OSError):
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, json.dumps(note).encode())


def _read_note(file: Path) -> dict[str, Any]:
    """What the holder wrote; empty when it has not done so yet, or wrote something else."""
    with contextlib.suppress(OSError, ValueError, RecursionError), open(file, "rb") as source:
        note = json.loads(source.read(_NOTE_BYTES))
        if isinstance(note, dict):
            return note
    return {}


def _locked(path: Path, file: Path) -> IndexLocked:
    note = _read_note(file)
    own = note.get("pid") == os.getpid() and note.get("host") == socket.gethostname()
    details = [
        f"{label} {_printable(note[name])}"
        for label, name in (("pid", "pid"), ("host", "host"), ("since", "start"))
        if name in note
    ]
    about = f" ({', '.join(details)})" if details else ""
    return IndexLocked(
        f"{'this process itself' if own else 'another process'} is writing to the index{about}",
        path=str(path),
        hint="Try again when it has ended, or wait longer with --wait SECONDS",
    )


def _printable(value: object) -> str:
    return "".join(char if char.isprintable() else "?" for char in str(value)[:64])
