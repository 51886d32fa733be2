"""Where an index's files live: a folder, or memory.

A file is written once and never changed; only the manifest is replaced, by a rename. Every file and
the folder are flushed to the device before the rename that makes them count; where nothing was replaced
before, the folders around it too, which may be as new.
"""

from __future__ import annotations

import contextlib
import errno
import mmap
import os
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from ..errors import IndexLocked, IndexProblem
from .arguments import folder_of

__all__ = ["FolderStorage", "MemoryStorage", "Storage"]

Chunk = bytes | memoryview


class Storage(Protocol):
    """Named, immutable files and one replaceable one.

    `read` raises FileNotFoundError for a name that is not there; every other trouble is an IndexProblem.
    A `write` that fails leaves nothing behind. `flush` makes removals last: after it, what was removed does
    not come back with a power cut.
    """

    @property
    def path(self) -> Path | None: ...
    def names(self) -> frozenset[str]: ...
    def size(self, name: str) -> int: ...
    def read(self, name: str) -> memoryview: ...
    def write(self, name: str, chunks: Iterable[Chunk]) -> None: ...
    def replace(self, name: str, content: bytes) -> None: ...
    def remove(self, name: str) -> None: ...
    def flush(self) -> None: ...
    def writing(self, wait: float) -> contextlib.AbstractContextManager[None]: ...


class FolderStorage:
    """Files in a folder, memory-mapped for reading."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = folder_of(path)

    @property
    def path(self) -> Path:
        return self._path

    def names(self) -> frozenset[str]:
        try:
            return frozenset(entry.name for entry in os.scandir(self._path) if entry.is_file())
        except FileNotFoundError:
            return frozenset()
        except OSError as error:
            raise _translated(error, self._path) from error

    def size(self, name: str) -> int:
        return (self._path / name).stat().st_size

    def read(self, name: str) -> memoryview:
        try:
            with open(self._path / name, "rb", opener=_without_waiting) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    raise OSError(errno.EINVAL, "it is no file")
                if os.fstat(file.fileno()).st_size == 0:
                    return memoryview(b"")
                return memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (FileNotFoundError, NotADirectoryError):
            raise FileNotFoundError(name) from None
        except OSError as error:
            raise _translated(error, self._path / name) from error

    def write(self, name: str, chunks: Iterable[Chunk]) -> None:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with open(self._path / name, "xb") as file, self._whole_or_gone(name):
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _translated(error, self._path / name) from error

    def replace(self, name: str, content: bytes) -> None:
        beside = self._path / f"{name}.new"
        try:
            self._sync_folder()
            if not (self._path / name).exists():
                self._sync_around()
            with self._whole_or_gone(beside.name):
                with open(beside, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(beside, self._path / name)
            self._sync_folder()
        except OSError as error:
            raise _translated(error, self._path / name) from error

    def remove(self, name: str) -> None:
        # A file that is still mapped cannot be removed on some platforms: it goes at a later commit.
        with contextlib.suppress(OSError):
            os.unlink(self._path / name)

    def flush(self) -> None:
        try:
            self._sync_folder()
        except OSError as error:
            raise _translated(error, self._path) from error

    @contextmanager
    def _whole_or_gone(self, name: str) -> Iterator[None]:
        """A file that cannot be written to its end must not keep the space that others now lack."""
        try:
            yield
        except BaseException:
            self.remove(name)
            raise

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        from .lock import WriteLock  # readers never lock

        try:
            new = not self._path.exists()
            self._path.mkdir(parents=True, exist_ok=True)  # two may begin it at once
            if new:
                # An index beside the documents is nothing for their repository.
                (self._path / ".gitignore").write_text("*\n", encoding="ascii")
        except OSError as error:
            raise _translated(error, self._path) from error
        lock = WriteLock.acquire(self._path, wait)
        try:
            yield
        finally:
            lock.release()

    def _sync_folder(self) -> None:
        if os.name == "posix":
            _sync(os.open(self._path, os.O_RDONLY))

    def _sync_around(self) -> None:
        """Make the folder itself last, whoever made it: a writer that died may have, and not come so far."""
        for folder in self._path.absolute().parents if os.name == "posix" else ():
            try:
                handle = os.open(folder, os.O_RDONLY)
            except OSError:
                continue  # passed through, but not ours to read: nor did we make it
            try:
                _sync(handle)
            except OSError as error:
                if error.errno not in _NEVER_SYNCED:
                    raise


class MemoryStorage:
    """Files in memory, for an index that need not outlive its process."""

    def __init__(self) -> None:
        self._files: dict[str, bytes] = {}
        self._lock = threading.Lock()

    @property
    def path(self) -> None:
        return None

    def names(self) -> frozenset[str]:
        return frozenset(self._files)

    def size(self, name: str) -> int:
        return len(self._files[name])

    def read(self, name: str) -> memoryview:
        try:
            return memoryview(self._files[name])
        except KeyError:
            raise FileNotFoundError(name) from None

    def write(self, name: str, chunks: Iterable[Chunk]) -> None:
        self._files[name] = b"".join(chunks)

    def replace(self, name: str, content: bytes) -> None:
        self._files[name] = content

    def remove(self, name: str) -> None:
        self._files.pop(name, None)

    def flush(self) -> None:
        pass

    @contextmanager
    def writing(self, wait: float) -> Iterator[None]:
        if not self._lock.acquire(timeout=max(wait, 0)):
            raise IndexLocked("another thread is writing to this index", hint="Wait for it to end")
        try:
            yield
        finally:
            self._lock.release()


def _without_waiting(path: str, flags: int) -> int:
    """Opens a file; a pipe that somebody put in its place, at once, too."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


_NEVER_SYNCED = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EROFS, errno.EBADF})
"""What flushing gives for a folder that its file system cannot flush, or need not."""


def _sync(handle: int) -> None:
    """Flush an open folder, and close it."""
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _translated(error: OSError, path: Path) -> IndexProblem:
    reason = error.strerror or str(error)
    return IndexProblem(
        f"the index could not be read or written ({reason})",
        path=str(path),
        hint="Check permissions and free space, then run the command again; what was committed is safe",
    )
