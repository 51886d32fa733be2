"""What a change does to a disk, operation by operation. Paths are relative to the folder that is watched."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "Ack",
    "Fsync",
    "FsyncFolder",
    "Mkdir",
    "Op",
    "Open",
    "Rename",
    "Resize",
    "Trace",
    "Unlink",
    "Write",
]


@dataclass(frozen=True, slots=True)
class Open:
    """A file is opened for writing under the number `handle`; created where it is not there."""

    path: str
    handle: int
    truncates: bool


@dataclass(frozen=True, slots=True)
class Write:
    handle: int
    at: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Resize:
    handle: int
    size: int


@dataclass(frozen=True, slots=True)
class Fsync:
    """site: from where in the product, function by function."""

    handle: int
    site: str


@dataclass(frozen=True, slots=True)
class FsyncFolder:
    path: str
    site: str


@dataclass(frozen=True, slots=True)
class Rename:
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Unlink:
    path: str


@dataclass(frozen=True, slots=True)
class Mkdir:
    path: str


@dataclass(frozen=True, slots=True)
class Ack:
    """No operation: the caller was told that what it asked for is done, and may rely on it.

    clean: it was told, too, that no other file of the index is left.
    """

    clean: bool = False


Op = Open | Write | Resize | Fsync | FsyncFolder | Rename | Unlink | Mkdir | Ack
Trace = list[Op]
