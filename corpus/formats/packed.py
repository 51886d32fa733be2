"""Compressed streams, unpacked piece by piece and counted while they are: gzip, bzip2, xz."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from ...errors import CorpusError, Unreadable
from ..members import take

__all__ = ["LARGEST_MEMBER", "Bomb", "Unpacked", "bounded", "check_size", "unpacked"]

LARGEST_MEMBER = 256 << 20
"""Bytes that one member may hold: as much as a file."""
_PIECE = 1 << 18
_MEMORY = 128 << 20  # what an xz stream may ask for
_FREE = 64 << 20  # bytes that may come out whatever went in
_RATIO = 100  # text is packed to a tenth; more than a hundredth of 64 MB are a bomb


class Bomb(CorpusError):
    """A member that was made to burst; others may be read."""


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


class _Gunzip:
    """zlib's object with the interface of the other two."""

    def __init__(self) -> None:
        self._object = zlib.decompressobj(31)

    @property
    def eof(self) -> bool:
        return self._object.eof

    @property
    def unused_data(self) -> bytes:
        return self._object.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._object.unconsumed_tail

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        return self._object.decompress(self._object.unconsumed_tail + data, max(0, max_length))


_UNPACKERS: dict[str, tuple[Callable[[], _Unpacker], bytes]] = {
    "application/gzip": (_Gunzip, b"\x1f\x8b"),
    "application/x-bzip2": (bz2.BZ2Decompressor, b"BZh"),
    "application/x-xz": (lambda: lzma.LZMADecompressor(memlimit=_MEMORY), b"\xfd7zXZ\x00"),
}


class Unpacked:
    """What a compressed stream holds, as a file to be read once from beginning to end.

    Several streams end to end are read as one; what follows the last is left out, as gzip does. Unreadable
    for a damaged one, Bomb or TooMuch for one that bursts; what came before it has been given.
    """

    def __init__(self, data: bytes, media_type: str) -> None:
        self._pieces = unpacked(data, media_type)
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        parts = [self._rest]
        held = len(self._rest)
        while (size < 0 or held < size) and (piece := next(self._pieces, b"")):
            parts.append(piece)
            held += len(piece)
        whole = b"".join(parts)
        end = held if size < 0 else size
        self._rest = whole[end:]
        return whole[:end]

    def unread(self, data: bytes) -> None:
        """Put back what was read last."""
        self._rest = data + self._rest


def unpacked(data: bytes, media_type: str) -> Iterator[bytes]:
    """The pieces of a compressed stream; errors as for `Unpacked`."""
    make, mark = _UNPACKERS[media_type]
    came = 0
    rest = memoryview(data)
    while rest[: len(mark)] == mark:
        unpacker = make()
        fed = 0
        try:
            while not unpacker.eof:
                piece = b""
                if unpacker.needs_input:
                    piece = bytes(rest[fed : fed + _PIECE])
                    fed += len(piece)
                    if not piece:
                        raise Unreadable("it ends in the middle: the file is cut off")
                if content := unpacker.decompress(piece, _PIECE):
                    came += len(content)
                    _check_ratio(came, len(data))
                    take(len(content))
                    yield content
        except lzma.LZMAError as error:
            if "memory" in str(error).lower():
                raise Unreadable(
                    f"unpacking it takes more than {_MEMORY >> 20} MB of memory: unpack it first"
                ) from error
            raise Unreadable(f"its compressed data is damaged ({error})") from error
        except (zlib.error, OSError, EOFError, ValueError) as error:
            raise Unreadable(f"its compressed data is damaged ({error})") from error
        rest = rest[fed - len(unpacker.unused_data) :]


def bounded(pieces: Iterator[bytes], packed: int) -> bytes:
    """Pieces of one member as a whole. packed: bytes that it takes in its container. CorpusError for one
    larger than the limit, or that unpacks to far more than documents do."""
    parts: list[bytes] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        check_size(size)
        _check_ratio(size, packed)
        parts.append(piece)
    return b"".join(parts)


def check_size(size: int) -> None:
    """CorpusError for a member larger than the limit."""
    if size > LARGEST_MEMBER:
        raise CorpusError(f"it is larger than the limit of {LARGEST_MEMBER >> 20} MB")


def _check_ratio(size: int, packed: int) -> None:
    if size > _FREE and size > packed * _RATIO:
        raise Bomb(f"it unpacks to more than {_RATIO} times its size, as no document does")
