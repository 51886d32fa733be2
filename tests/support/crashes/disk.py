"""A disk played back from a trace: how it looks to programs, and how it may look after a power cut.

The model promises as little as POSIX does. A file's bytes last once the file was flushed; a name (made,
renamed or removed) lasts once its folder was flushed; a rename is one step. Of all else, each write and each
change of a name may be lost or not, in any combination; a file may have its new length without its new bytes.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path, PurePosixPath

from crashes.trace import Ack, Fsync, FsyncFolder, Mkdir, Op, Open, Rename, Resize, Unlink, Write

__all__ = ["Disk", "Image"]

_ALL_OF = 4
"""So many changes of names that are not flushed are lost in every combination; more of them by samples."""


@dataclass(frozen=True)
class Image:
    """A disk as it is found: the bytes of each file, and the folders. how: what happened to it."""

    files: dict[str, bytes]
    folders: frozenset[str]
    how: str

    def key(self) -> bytes:
        """Equal for images that are alike."""
        digest = hashlib.blake2b(repr(sorted(self.folders)).encode(), digest_size=16)
        for path, content in sorted(self.files.items()):
            digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
        return digest.digest()

    def write(self, base: Path) -> None:
        """Make the folder `base` look like this."""
        base.mkdir(parents=True)
        for folder in sorted(self.folders):
            (base / folder).mkdir()
        for path, content in self.files.items():
            (base / path).write_bytes(content)

    @classmethod
    def of(cls, base: Path) -> Image:
        """What a folder holds now."""
        paths = sorted(base.rglob("*"))
        names = {path: path.relative_to(base).as_posix() for path in paths}
        return cls(
            {names[path]: path.read_bytes() for path in paths if path.is_file()},
            frozenset(names[path] for path in paths if path.is_dir()),
            "as it was",
        )


@dataclass
class _File:
    """lasting: its bytes when it was last flushed; changes: writes (offset, bytes) and sizes since."""

    lasting: bytes = b""
    changes: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, kept: list[bool] | None = None) -> bytes:
        """With all changes, or with the lengths of all and the bytes of those that are kept."""
        content = bytearray(self.lasting)
        for number, (at, data) in enumerate(self.changes):
            if data is None:
                content[at:] = bytes(max(at - len(content), 0))
                continue
            content.extend(bytes(max(at + len(data) - len(content), 0)))
            if kept is None or kept[number]:
                content[at : at + len(data)] = data
        return bytes(content)

    def possible(self, draw: random.Random) -> Iterator[bytes]:
        """Some of the contents that it may be found with, the likeliest first."""
        if not self.changes:
            yield self.lasting
            return
        whole = self.content()
        yield from (self.lasting, whole, bytes(len(whole)), whole[: len(whole) // 2])
        yield self.content([draw.random() < 0.5 for _ in self.changes])


_FOLDER = _File()
_Change = tuple[tuple[str, _File | None], ...]
"""Names that are set, or removed, in one step."""


class Disk:
    """Operations are applied one after the other; `executed` and `cut` tell how it looks, or may look."""

    def __init__(self, image: Image) -> None:
        """image: what it holds to begin with, which lasts."""
        self._names: dict[str, _File] = {path: _File(content) for path, content in image.files.items()}
        self._names |= dict.fromkeys(image.folders, _FOLDER)
        self._lasting = dict(self._names)
        self._pending: list[_Change] = []
        self._handles: dict[int, _File] = {}

    def apply(self, op: Op) -> None:
        """FileNotFoundError for an operation on a name that is not there."""
        match op:
            case Open(path, handle, truncates):
                if path not in self._names:
                    self._change((path, _File()))
                self._handles[handle] = self._names[path]
                if truncates:
                    self._names[path].changes.append((0, None))
            case Write(handle, at, data):
                self._opened(handle).changes.append((at, data))
            case Resize(handle, size):
                self._opened(handle).changes.append((size, None))
            case Fsync(handle, _):
                file = self._handles.get(handle)
                if file is not None:
                    file.lasting, file.changes = file.content(), []
            case FsyncFolder(path, _):
                self._flush(path)
            case Rename(old, new):
                self._change((new, self._found(old)), (old, None))
            case Unlink(path):
                self._found(path)
                self._change((path, None))
            case Mkdir(path):
                self._change((path, _FOLDER))
            case Ack():
                pass

    def executed(self, how: str = "killed") -> Image:
        """As running programs see it, and as it stays when only the writer is killed."""
        return _image(self._names, {}, how)

    def cut(self, draw: random.Random, samples: int) -> Iterator[Image]:
        """How it may look when the power is cut now. samples: how many more than the telling cases."""
        for kept in self._subsets(draw, samples):
            names = dict(self._lasting)
            for change, is_kept in zip(self._pending, kept, strict=True):
                if is_kept:
                    names.update({path: file for path, file in change if file is not None})
                    for path, file in change:
                        if file is None:
                            names.pop(path, None)
            yield from self._contents(names, kept, draw)

    def _contents(self, names: dict[str, _File], kept: list[bool], draw: random.Random) -> Iterator[Image]:
        """The images of names with each of the contents that their files may have."""
        how = "power cut, names kept: " + "".join("01"[each] for each in kept)
        open_files = {id(file): file for file in names.values() if file.changes}
        choices = [list(file.possible(draw)) for file in open_files.values()]
        # All in the same way: files that are not flushed are one or two at a time.
        for number in range(max(map(len, choices), default=1)):
            chosen = {key: choice[number] for key, choice in zip(open_files, choices, strict=True)}
            yield _image(names, chosen, f"{how}, bytes {number}" if choices else how)

    def _subsets(self, draw: random.Random, samples: int) -> Iterator[list[bool]]:
        count = len(self._pending)
        if count <= _ALL_OF:
            yield from map(list, product((False, True), repeat=count))
            return
        yield from ([False] * count, [True] * count)
        for one in range(count):
            yield [number == one for number in range(count)]
            yield [number != one for number in range(count)]
        for _ in range(samples):
            yield [draw.random() < 0.5 for _ in range(count)]

    def _opened(self, handle: int) -> _File:
        if handle not in self._handles:
            raise FileNotFoundError(f"handle {handle}")
        return self._handles[handle]

    def _found(self, path: str) -> _File:
        if path not in self._names:
            raise FileNotFoundError(path)
        return self._names[path]

    def _change(self, *names: tuple[str, _File | None]) -> None:
        self._pending.append(names)
        _set(self._names, names)

    def _flush(self, folder: str) -> None:
        """What was done to the names of a folder lasts now."""
        left: list[_Change] = []
        for change in self._pending:
            if _parent(change[0][0]) == folder:
                _set(self._lasting, change)
            else:
                left.append(change)
        self._pending = left


def _set(names: dict[str, _File], change: _Change) -> None:
    for path, file in change:
        if file is None:
            names.pop(path, None)
        else:
            names[path] = file


def _parent(path: str) -> str:
    parent = PurePosixPath(path).parent.as_posix()
    return "" if parent == "." else parent


def _image(names: dict[str, _File], chosen: dict[int, bytes], how: str) -> Image:
    """chosen: the contents of files by their id; of others all that was written."""
    there = {path: file for path, file in names.items() if _has_way(path, names)}
    return Image(
        {
            path: chosen.get(id(file)) if id(file) in chosen else file.content()  # type: ignore[misc]
            for path, file in there.items()
            if file is not _FOLDER
        },
        frozenset(path for path, file in there.items() if file is _FOLDER),
        how,
    )


def _has_way(path: str, names: dict[str, _File]) -> bool:
    """Whether all the folders around it are there."""
    parent = _parent(path)
    return not parent or (names.get(parent) is _FOLDER and _has_way(parent, names))
