"""Text in compressed blocks: written once in order, read anywhere by byte range."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

import numpy as np

from ..errors import IndexCorrupt
from .arrays import Array
from .container import Container

__all__ = ["Stream", "StreamWriter"]

_BLOCK = 1 << 16
_LEVEL = 1


class StreamWriter:
    """Collects bytes into blocks of 64 KB and compresses each (zlib, level 1)."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._packed: list[bytes] = []
        self._raw = [0]
        self._ends = [0]
        self.length = 0

    def add(self, content: bytes) -> None:
        self._buffer += content
        self.length += len(content)
        while len(self._buffer) >= _BLOCK:
            self._flush(_BLOCK)

    def add_blocks(self, stream: Stream) -> None:
        """All of another stream, its blocks taken over as they are."""
        if self._buffer:
            self._flush(len(self._buffer))
        for number in range(stream.blocks):
            packed = stream.packed(number)
            self._append(bytes(packed), stream.raw_length(number))
        self.length += stream.length

    def arrays(self, name: str) -> Mapping[str, Array | bytes]:
        if self._buffer:
            self._flush(len(self._buffer))
        return {
            f"{name}/raw": np.array(self._raw, np.uint64),
            f"{name}/ends": np.array(self._ends, np.uint64),
            f"{name}/bytes": b"".join(self._packed),
        }

    def _flush(self, size: int) -> None:
        self._append(zlib.compress(bytes(self._buffer[:size]), _LEVEL), size)
        del self._buffer[:size]

    def _append(self, packed: bytes, size: int) -> None:
        self._packed.append(packed)
        self._raw.append(self._raw[-1] + size)
        self._ends.append(self._ends[-1] + len(packed))


class Stream:
    """The reading side. Blocks of more than 64 KB are refused, so that a forged one cannot fill memory."""

    __slots__ = ("_bytes", "_ends", "_last", "_name", "_raw", "blocks", "length")

    def __init__(self, container: Container, name: str) -> None:
        self._name = f"{container.name} ({name})"
        self._raw = container.array(f"{name}/raw", "<u8")
        self._ends = container.array(f"{name}/ends", "<u8", len(self._raw))
        self._bytes = container.blob(f"{name}/bytes")
        self._last: tuple[int, bytes] = (-1, b"")
        self.blocks = max(len(self._raw) - 1, 0)
        self.length = int(self._raw[-1]) if len(self._raw) else 0

    def raw_length(self, number: int) -> int:
        return int(self._raw[number + 1]) - int(self._raw[number])

    def packed(self, number: int) -> memoryview:
        return self._bytes[int(self._ends[number]) : int(self._ends[number + 1])]

    def read(self, start: int, end: int) -> bytes:
        """The bytes in [start, end) of the uncompressed stream."""
        if start >= end:
            return b""
        if not 0 <= start <= end <= self.length:
            raise self._corrupt()
        first = int(np.searchsorted(self._raw, start, side="right")) - 1
        last = int(np.searchsorted(self._raw, end, side="left"))
        base = int(self._raw[first])
        if last == first + 1:
            return self._block(first, end - base)[start - base : end - base]
        content = b"".join(self._block(number, self.raw_length(number)) for number in range(first, last))
        return content[start - base : end - base]

    def _block(self, number: int, upto: int) -> bytes:
        """A block unpacked, at least its first `upto` bytes. The latest one is remembered, since neighbours
        are often asked for together."""
        last, content = self._last
        if last != number or len(content) < upto:
            # The rest is spared once: who comes again has more to ask of this block.
            content = self._unpacked(number, self.raw_length(number) if last == number else upto)
            self._last = (number, content)  # one assignment: threads see one pair or the other
        return content

    def _unpacked(self, number: int, upto: int) -> bytes:
        """The first `upto` bytes of a block."""
        if not 0 < upto <= self.raw_length(number) <= _BLOCK:
            raise self._corrupt()
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(self.packed(number), upto)
        except zlib.error as error:
            raise self._corrupt() from error
        if len(content) != upto:
            raise self._corrupt()
        return content

    def _corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            "a block of text does not unpack to what was written",
            path=self._name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
