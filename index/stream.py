"""Text in compressed blocks: written once in order, read anywhere by byte range."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..errors import IndexCorrupt
from .arrays import Array
from .container import Container

__all__ = ["LEVEL", "Compress", "Stream", "StreamWriter", "at_once"]

_BLOCK = 1 << 14
"""Bytes in a block: a hit's paragraph needs one or two unpacked, which takes 60 microseconds each."""
_LARGEST = 1 << 16
LEVEL = 1

Compress = Callable[[Sequence[bytes]], Callable[[], Sequence[bytes]]]
"""Begins to compress some blocks; what it gives waits for the result. (So that a thread can do the work.)"""


def at_once(blocks: Sequence[bytes]) -> Callable[[], Sequence[bytes]]:
    """Compresses the blocks (zlib, level 1) before it returns."""
    packed = [zlib.compress(block, LEVEL) for block in blocks]
    return lambda: packed


class StreamWriter:
    """Collects bytes into blocks of 16 KB and has each compressed."""

    def __init__(self, compress: Compress = at_once) -> None:
        self._compress = compress
        self._buffer = bytearray()
        self._packed: list[Callable[[], Sequence[bytes]]] = []
        self._sizes: list[int] = []
        self.length = 0

    def add(self, content: bytes) -> None:
        self._buffer += content
        self.length += len(content)
        if len(self._buffer) >= _BLOCK:
            self._flush(len(self._buffer) - len(self._buffer) % _BLOCK)

    def add_blocks(self, stream: Stream) -> None:
        """All of another stream, its blocks taken over as they are."""
        self._flush(len(self._buffer))
        packed = [bytes(stream.packed(number)) for number in range(stream.blocks)]
        self._packed.append(lambda: packed)
        self._sizes += [stream.raw_length(number) for number in range(stream.blocks)]
        self.length += stream.length

    def end(self) -> None:
        """Begin to compress what is left."""
        self._flush(len(self._buffer))

    def arrays(self, name: str) -> Mapping[str, Array | bytes]:
        self.end()
        packed = [block for result in self._packed for block in result()]
        return {
            f"{name}/raw": np.cumsum([0, *self._sizes]).astype(np.uint64),
            f"{name}/ends": np.cumsum([0, *map(len, packed)]).astype(np.uint64),
            f"{name}/bytes": b"".join(packed),
        }

    def _flush(self, size: int) -> None:
        blocks = [bytes(self._buffer[at : min(at + _BLOCK, size)]) for at in range(0, size, _BLOCK)]
        del self._buffer[:size]
        self._sizes += map(len, blocks)
        if blocks:
            self._packed.append(self._compress(blocks))


class Stream:
    """The reading side. Blocks of more than 64 KB are refused, so that a forged one cannot fill memory."""

    __slots__ = ("_bytes", "_ends", "_last", "_name", "_raw", "_verify", "blocks", "length")

    def __init__(self, container: Container, name: str) -> None:
        self._name = f"{container.name} ({name})"
        self._raw = container.array(f"{name}/raw", "<u8")
        self._ends = container.array(f"{name}/ends", "<u8", len(self._raw))
        self._bytes = container.blob(f"{name}/bytes", checked=False)
        self._verify = container.region(f"{name}/bytes").verify
        self._last: tuple[int, bytes] = (-1, b"")
        self.blocks = max(len(self._raw) - 1, 0)
        self.length = int(self._raw[-1]) if len(self._raw) else 0

    def raw_length(self, number: int) -> int:
        return int(self._raw[number + 1]) - int(self._raw[number])

    def packed(self, number: int) -> memoryview:
        start, end = int(self._ends[number]), int(self._ends[number + 1])
        if not start <= end <= len(self._bytes):
            raise self._corrupt()
        self._verify(start, end)
        return self._bytes[start:end]

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
        if not 0 < upto <= self.raw_length(number) <= _LARGEST:
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
