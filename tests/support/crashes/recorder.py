"""Noting every operation beneath a folder that changes it, and making any of them fail.

The functions of `os` and `open` are replaced for the while, so that nothing gets past: what is not modelled
is refused. (A test compares the notes with the system calls themselves.)
"""

from __future__ import annotations

import builtins
import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any
from unittest import mock

import docsearch

from crashes.trace import (
    Ack,
    Fsync,
    FsyncFolder,
    Mkdir,
    Op,
    Open,
    Rename,
    Resize,
    Trace,
    Unlink,
    Write,
)

__all__ = ["Died", "Hook", "Recorder", "no_flushing"]

_PRODUCT = str(Path(docsearch.__file__).parent)

Hook = Callable[[int, Op], int | None]
"""Called before each operation with its number. What it raises is what the operation raises; a number that it
returns is how many bytes of a write are taken."""


class Died(BaseException):
    """The process is gone: nothing can be tidied up any more."""


class Recorder:
    """A context manager: while it is entered, what changes the folder `base` is appended to `trace`.

    skip: of a flush's site, whether that flush is to be left out (it then only seems to happen).
    """

    def __init__(
        self, base: Path, hook: Hook | None = None, *, skip: Callable[[str], bool] = lambda site: False
    ) -> None:
        self.trace: Trace = []
        self._base = os.path.realpath(base)
        self._hook = hook
        self._skip = skip
        self._handles: dict[int, int] = {}  # file descriptor -> handle
        self._folders: dict[int, str] = {}
        self._last = 0
        self._patches: list[Any] = []

    def __enter__(self) -> Recorder:
        real = {name: getattr(os, name) for name in _REPLACED}
        replacements = {
            name: getattr(self, f"_{name}")(real[name]) for name in _REPLACED if name not in _REFUSED
        }
        replacements |= {name: self._refusing(name, real[name]) for name in _REFUSED}
        self._patches = [mock.patch.object(os, name, function) for name, function in replacements.items()]
        opening = self._opening(builtins.open)
        self._patches += [mock.patch.object(module, "open", opening) for module in (builtins, io)]
        for patch in self._patches:
            patch.start()
        return self

    def __exit__(self, *_: object) -> None:
        for patch in reversed(self._patches):
            patch.stop()

    def ack(self, *, clean: bool = False) -> None:
        """The caller of the change has been told that it is done."""
        self.trace.append(Ack(clean))

    def note(self, op: Op) -> int | None:
        """Ask whether the operation may happen, and note it as happening."""
        taken = self._hook(len(self.trace), op) if self._hook is not None else None
        if isinstance(op, Write) and taken is not None:
            op = Write(op.handle, op.at, op.data[:taken])
        self.trace.append(op)
        return taken

    def relative(self, path: Any) -> str | None:
        """The path within the base; None for all others, and for what is named by descriptor."""
        if isinstance(path, int):
            return None
        folder, name = os.path.split(os.path.abspath(os.fsdecode(path)))
        full = os.path.join(os.path.realpath(folder), name)
        if full == self._base:
            return ""
        return full[len(self._base) + 1 :] if full.startswith(self._base + os.sep) else None

    def opened(self, path: str, descriptor: int, *, truncates: bool) -> None:
        """Note a file that is open for writing now; `note` must have been asked before."""
        self._handles[descriptor] = self._last

    def begin_open(self, path: str, *, truncates: bool) -> None:
        self._last += 1
        self.note(Open(path, self._last, truncates))

    def handle(self, descriptor: int) -> int | None:
        return self._handles.get(descriptor)

    # What stands in for the functions of os

    def _opening(self, real: Any) -> Callable[..., Any]:
        def opening(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **kwargs: Any) -> Any:
            path = self.relative(file)
            if path is None or not set(mode) & set("wxa+"):
                return real(file, mode, buffering, *args, **kwargs)
            if "+" in mode or "a" in mode:
                raise NotImplementedError(f"open({path!r}, {mode!r})")
            raw = io.BufferedWriter(_Raw(self, file, path, mode.replace("b", "").replace("t", "")))
            return raw if "b" in mode else io.TextIOWrapper(raw, *args, **kwargs)

        return opening

    def _open(self, real: Any) -> Callable[..., int]:
        def opening(file: Any, flags: int, *args: Any, **kwargs: Any) -> int:
            path = self.relative(file)
            if path is None:
                return int(real(file, flags, *args, **kwargs))
            writes = bool(flags & (os.O_WRONLY | os.O_RDWR))
            if writes:
                self.begin_open(path, truncates=bool(flags & os.O_TRUNC))
            descriptor = int(real(file, flags, *args, **kwargs))
            if writes:
                self._handles[descriptor] = self._last
            else:
                self._folders[descriptor] = path
            return descriptor

        return opening

    def _close(self, real: Any) -> Callable[[int], None]:
        def closing(descriptor: int) -> None:
            self._handles.pop(descriptor, None)
            self._folders.pop(descriptor, None)
            real(descriptor)

        return closing

    def _write(self, real: Any) -> Callable[[int, Any], int]:
        def writing(descriptor: int, data: Any) -> int:
            handle = self.handle(descriptor)
            if handle is None:
                return int(real(descriptor, data))
            at = os.lseek(descriptor, 0, os.SEEK_CUR)
            taken = self.note(Write(handle, at, bytes(data)))
            return int(real(descriptor, bytes(data)[:taken]))

        return writing

    def _ftruncate(self, real: Any) -> Callable[[int, int], None]:
        def resizing(descriptor: int, size: int) -> None:
            handle = self.handle(descriptor)
            if handle is not None:
                self.note(Resize(handle, size))
            real(descriptor, size)

        return resizing

    def _fsync(self, real: Any) -> Callable[[int], None]:
        def flushing(descriptor: int) -> None:
            site = _site()
            if self._skip(site):
                return
            handle, folder = self.handle(descriptor), self._folders.get(descriptor)
            if handle is not None:
                self.note(Fsync(handle, site))
            elif folder is not None:
                self.note(FsyncFolder(folder, site))

        return flushing

    def _replace(self, real: Any) -> Callable[..., None]:
        def renaming(old: Any, new: Any) -> None:
            paths = self.relative(old), self.relative(new)
            if paths[0] is not None and paths[1] is not None:
                self.note(Rename(paths[0], paths[1]))
            real(old, new)

        return renaming

    _rename = _replace

    def _unlink(self, real: Any) -> Callable[..., None]:
        def unlinking(path: Any, **kwargs: Any) -> None:
            inside = self.relative(path)
            if inside is not None and os.path.lexists(path):
                self.note(Unlink(inside))
            real(path, **kwargs)

        return unlinking

    _remove = _unlink

    def _mkdir(self, real: Any) -> Callable[..., None]:
        def making(path: Any, *args: Any, **kwargs: Any) -> None:
            inside = self.relative(path)
            if inside and not os.path.lexists(path) and os.path.isdir(os.path.dirname(path)):
                self.note(Mkdir(inside))
            real(path, *args, **kwargs)

        return making

    def _refusing(self, name: str, real: Any) -> Callable[..., Any]:
        def refusing(path: Any, *args: Any, **kwargs: Any) -> Any:
            if self.relative(path) is not None:
                raise NotImplementedError(f"os.{name} is not modelled")
            return real(path, *args, **kwargs)

        return refusing


_REFUSED = ("fdatasync", "link", "rmdir", "symlink", "truncate", "pwrite", "writev", "sendfile")
_REPLACED = (
    *("open", "close", "write", "ftruncate", "fsync", "replace", "rename", "unlink", "remove", "mkdir"),
    *_REFUSED,
)


class _Raw(io.FileIO):
    """An unbuffered file whose writes are noted."""

    def __init__(self, recorder: Recorder, file: Any, path: str, mode: str) -> None:
        self._recorder = recorder
        if mode == "x" and os.path.lexists(file):
            raise FileExistsError(file)
        recorder.begin_open(path, truncates=mode == "w")
        super().__init__(file, mode)
        recorder.opened(path, self.fileno(), truncates=mode == "w")

    def write(self, data: Any) -> int:
        content = bytes(data)
        handle = self._recorder.handle(self.fileno())
        assert handle is not None
        taken = self._recorder.note(Write(handle, self.tell(), content))
        return super().write(content[:taken]) or 0

    def close(self) -> None:
        if not self.closed:
            self._recorder._handles.pop(self.fileno(), None)
        super().close()


def _site() -> str:
    """The lines of the product that ask for a flush, the outermost first, from the storage's caller on:
    `index/writer.py:258 > index/storage.py:119`."""
    lines: list[str] = []
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        file = frame.f_code.co_filename
        if file.startswith(_PRODUCT) and "/tests/" not in file:
            lines.append(f"{os.path.relpath(file, _PRODUCT)}:{frame.f_lineno}")
            if not file.endswith("storage.py"):
                break
        frame = frame.f_back
    return " > ".join(reversed(lines))


@contextmanager
def no_flushing() -> Iterator[None]:
    """Spare the real disk: what is judged was not to be cut off again."""
    with mock.patch.object(os, "fsync", return_value=None):
        yield
