"""Documents inside of documents: members of archives, attachments of mail.

A member's key is its container's, `!/` and its name. How deep they nest, how many there are and how much
they hold together is bounded for each file that is read, whatever the containers claim of themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from ..errors import CorpusError
from .model import Gap, Reading
from .walk import spell

__all__ = ["DEEPEST", "LARGEST", "MOST", "TooMuch", "member_key", "read_member", "take", "within_limits"]

DEEPEST = 5
"""Containers in containers."""
MOST = 100_000
"""Members of one file, nested ones included."""
LARGEST = 2 << 30
"""Bytes that the members of one file may unpack to, together."""


class TooMuch(CorpusError):
    """A container beyond the limits; what was read before stands."""


@dataclass(slots=True)
class _Taken:
    depth: int = 0
    members: int = 0
    size: int = 0


_taken: ContextVar[_Taken | None] = ContextVar("docsearch_members", default=None)


@contextmanager
def within_limits() -> Iterator[None]:
    """Count the members of one file from nothing."""
    token = _taken.set(_Taken())
    try:
        yield
    finally:
        _taken.reset(token)


def take(size: int, members: int = 0) -> None:
    """Count bytes that were unpacked, and members; TooMuch when a limit is passed. Call it while unpacking,
    piece by piece, before the next piece."""
    taken = _taken.get()
    if taken is None:
        _taken.set(taken := _Taken())
    taken.size += size
    taken.members += members
    if taken.size > LARGEST:
        raise TooMuch(f"it unpacks to more than {LARGEST >> 30} GB")
    if taken.members > MOST:
        raise TooMuch(f"it holds more than {MOST:,} files")


def member_key(key: str, name: str) -> str:
    """The key of a member. name: its path in the container; `..`, `.` and empty parts are left out, control
    characters percent-encoded.

    >>> member_key("acts/all.zip", "../2020\\\\water.txt")
    'acts/all.zip!/2020/water.txt'
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return f"{key}!/{'/'.join(map(spell, parts)) or 'member'}"


def read_member(key: str, name: str, data: bytes, *, media_type: str | None = None) -> Reading:
    """Read a member's bytes as a file of its own. key: its own, of `member_key`; name: its file name.

    Never raises for any bytes; a member that nests too deep is a gap.
    """
    from .registry import read_bytes  # here, since the registry's readers import this module

    taken = _taken.get()
    if taken is None:
        _taken.set(taken := _Taken())
    if taken.depth >= DEEPEST:
        return Reading((), (Gap(key, f"it lies more than {DEEPEST} containers deep"),))
    taken.depth += 1
    try:
        return read_bytes(key, name, data, media_type=media_type)
    except MemoryError:
        return Reading((), (Gap(key, "reading it takes more memory than is allowed"),))
    except Exception as error:  # noqa: BLE001 - a reader's fault costs the one member that it met it in
        return Reading((), (Gap(key, f"its reader failed ({type(error).__name__}: {error})"[:200]),))
    finally:
        taken.depth -= 1
