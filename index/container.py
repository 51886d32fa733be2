"""One file of named arrays: the unit in which everything of an index is stored.

Byte by byte (all numbers little-endian):

    arrays    each begins at a multiple of 64 bytes, gaps are zero
    contents  JSON, UTF-8: {"kind", "meta", "arrays": {name: [dtype, offset, count]}, "blocks": [crc, …]}
    tail      48 bytes: offset of contents (u64), length of contents (u64),
              BLAKE2b-128 of contents (16 bytes), version (u32), zero (u32), magic "docsrch1" (8 bytes)

`blocks` holds the CRC-32 of every 64 KB of the arrays' part. A block is verified when something of it is read
for the first time: what is found in an index is what was written, or there is an error that names the file.
The digest in the tail is also the file's digest in the manifest.

Nothing here is ever unpickled or executed; types are taken from a closed list, and every range is checked
before an array is made.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from ..corpus.digest import blake2b
from ..errors import IndexCorrupt, IndexIncompatible
from .arrays import Array

__all__ = ["Container", "Region", "pack"]

VERSION = 1
_BLOCK_BITS = 16
BLOCK = 1 << _BLOCK_BITS
_ALIGN = 64
_MAGIC = b"docsrch1"
_TAIL = struct.Struct("<QQ16sII8s")
_DTYPES = {name: np.dtype(name) for name in ("|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f4", "<f8")}
_REBUILD = "Run `docsearch index --rebuild`, or restore the index from a copy"


def pack(
    kind: str, arrays: Mapping[str, Array | bytes], meta: Mapping[str, Any]
) -> Iterator[bytes | memoryview]:
    """The file's bytes in chunks. Byte strings are stored as arrays of `|u1`."""
    directory: dict[str, list[Any]] = {}
    blocks: list[int] = []
    offset = 0
    crc, filled = 0, 0
    for name, value in arrays.items():
        array = np.frombuffer(value, np.uint8) if isinstance(value, bytes) else np.ascontiguousarray(value)
        dtype = array.dtype.newbyteorder("<").str.replace(">", "<")
        if dtype not in _DTYPES:
            raise TypeError(f"array {name!r} has the type {array.dtype}, which is not stored")
        directory[name] = [dtype, offset, array.size]
        padding = bytes(-array.nbytes % _ALIGN)
        offset += array.nbytes + len(padding)
        for chunk in (array.astype(_DTYPES[dtype], copy=False).reshape(-1).data.cast("B"), padding):
            at = 0
            while at < len(chunk):
                piece = chunk[at : at + BLOCK - filled]
                crc = zlib.crc32(piece, crc)
                at += len(piece)
                filled += len(piece)
                if filled == BLOCK:
                    blocks.append(crc)
                    crc, filled = 0, 0
            yield chunk
    if filled:
        blocks.append(crc)
    contents = json.dumps(
        {"kind": kind, "meta": meta, "arrays": directory, "blocks": blocks},
        ensure_ascii=True,
        separators=(",", ":"),
        allow_nan=False,
    ).encode()
    yield contents
    yield _TAIL.pack(offset, len(contents), _digest(contents), VERSION, 0, _MAGIC)


class Container:
    """A file made by `pack`, over any buffer. Opening reads the contents only, never the arrays."""

    __slots__ = ("_blocks", "_buffer", "_directory", "_end", "_meta", "_verified", "digest", "name")

    def __init__(self, buffer: memoryview, name: str, kind: str) -> None:
        """IndexIncompatible for another version, IndexCorrupt for anything else that is not as written."""
        self.name = name
        self._buffer = buffer
        if len(buffer) < _TAIL.size:
            raise self.corrupt("it is cut short")
        self._end, length, digest, version, zero, magic = _TAIL.unpack(buffer[-_TAIL.size :])
        if magic != _MAGIC:
            raise self.corrupt("it does not end as a file of an index does")
        if version != VERSION or zero:
            raise IndexIncompatible(
                f"format version {version}, where this program reads version {VERSION}",
                path=name,
                hint="Run `docsearch index --rebuild` with this program",
            )
        if self._end + length + _TAIL.size != len(buffer):
            raise self.corrupt("its length is not the one it was written with")
        contents = bytes(buffer[self._end : self._end + length])
        if _digest(contents) != digest:
            raise self.corrupt("its table of contents is damaged")
        self.digest = digest.hex()
        try:
            parsed = json.loads(contents)
            found = parsed["kind"]
            self._meta: dict[str, Any] = dict(parsed["meta"])
            self._blocks: list[int] = list(parsed["blocks"])
            self._directory: dict[str, tuple[np.dtype[Any], int, int]] = {
                key: self._entry(*value) for key, value in parsed["arrays"].items()
            }
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise self.corrupt("its table of contents cannot be read") from error
        if found != kind:
            raise self.corrupt(f"it is a {found!r} file, not a {kind!r} file")
        if len(self._blocks) != -(-self._end // BLOCK):
            raise self.corrupt("it has not as many checksums as blocks")
        self._verified = bytearray(len(self._blocks))  # by block: 1 when its checksum was found to hold

    @property
    def meta(self) -> Mapping[str, Any]:
        return self._meta

    def __contains__(self, name: str) -> bool:
        return name in self._directory

    def dtype(self, name: str) -> str:
        """The type of an array; IndexCorrupt when it is missing."""
        try:
            return self._directory[name][0].str
        except KeyError:
            raise self.corrupt(f"it has no array {name!r}") from None

    def array(self, name: str, dtype: str, count: int | None = None, *, checked: bool = True) -> Array:
        """A read-only view, shape (n,). IndexCorrupt when it is missing, damaged, of another type or count.

        checked: False for a large one, of which the caller has `region` verify what is read.
        """
        try:
            found, offset, stored = self._directory[name]
        except KeyError:
            raise self.corrupt(f"it has no array {name!r}") from None
        if found.str != dtype or (count is not None and stored != count):
            raise self.corrupt(f"array {name!r} is not of the shape it must have")
        if checked:
            self.verify(offset, offset + stored * found.itemsize)
        return np.frombuffer(self._buffer, found, stored, offset)

    def any_array(self, name: str, dtypes: Sequence[str]) -> Array:
        """An array of whichever of some types it was stored in; else as `array`."""
        found = self._directory.get(name)
        stored = dtypes[0] if found is None or found[0].str not in dtypes else found[0].str
        return self.array(name, stored)

    def blob(self, name: str, *, checked: bool = True) -> memoryview:
        """An array of bytes as a buffer. checked: as for `array`."""
        found, offset, count = self._directory.get(name, (None, 0, 0))
        if found is None or found.itemsize != 1:
            raise self.corrupt(f"it has no bytes {name!r}")
        if checked:
            self.verify(offset, offset + count)
        return self._buffer[offset : offset + count]

    def region(self, name: str) -> Region:
        """Verifies parts of an array that was taken unchecked."""
        try:
            kind, offset, _ = self._directory[name]
        except KeyError:
            raise self.corrupt(f"it has no array {name!r}") from None
        return Region(self, offset, kind.itemsize, self._verified)

    def verify(self, start: int, end: int) -> None:
        """IndexCorrupt when bytes in [start, end) of the arrays' part lie in a damaged block. Reads a block
        once, and only then."""
        if start < end:
            first, last = start // BLOCK, (end - 1) // BLOCK + 1
            while (block := self._verified.find(0, first, last)) >= 0:
                if not self._holds(block):
                    raise self.corrupt(f"its bytes from {block * BLOCK:,} on are damaged")
                self._verified[block] = 1

    def damaged_blocks(self) -> list[int]:
        """Numbers of the 64 KB blocks whose checksum does not hold; reads the whole file."""
        return [block for block in range(-(-self._end // BLOCK)) if not self._holds(block)]

    def is_sound(self, name: str) -> bool:
        """Whether the array is there and the checksums of its blocks hold; reads these."""
        if name not in self._directory:
            return False
        kind, offset, count = self._directory[name]
        return all(map(self._holds, range(offset // BLOCK, -(-(offset + count * kind.itemsize) // BLOCK))))

    def _holds(self, block: int) -> bool:
        content = self._buffer[block * BLOCK : min((block + 1) * BLOCK, self._end)]
        return zlib.crc32(content) == self._blocks[block]

    def check(self) -> None:
        """IndexCorrupt when the arrays are not as they were written; reads the whole file."""
        damaged = self.damaged_blocks()
        if damaged:
            raise self.corrupt(f"its bytes from {damaged[0] * BLOCK:,} on are damaged")

    def _entry(self, dtype: str, offset: int, count: int) -> tuple[np.dtype[Any], int, int]:
        kind = _DTYPES[dtype]
        if type(offset) is not int or type(count) is not int or offset < 0 or count < 0 or offset % _ALIGN:
            raise ValueError("bad range")
        if offset + count * kind.itemsize > self._end:
            raise ValueError("range beyond the arrays")
        return kind, offset, count

    def corrupt(self, what: str) -> IndexCorrupt:
        return IndexCorrupt(what, path=self.name, hint=_REBUILD)


class Region:
    """An array of a container as far as its bytes have to be verified.

    verified: by block of the file, whether its checksum was found to hold; for those who look there first.
    start: where the array's bytes begin.
    """

    __slots__ = ("_container", "_size", "start", "verified")

    def __init__(self, container: Container, start: int, size: int, verified: bytearray) -> None:
        """size: bytes of an item."""
        self._container = container
        self._size = size
        self.start = start
        self.verified = verified

    def verify(self, first: int, last: int) -> None:
        """IndexCorrupt when items in [first, last) are damaged."""
        start, end = self.start + first * self._size, self.start + last * self._size
        if self.verified.find(0, start >> _BLOCK_BITS, (end - 1 >> _BLOCK_BITS) + 1) >= 0:
            self._container.verify(start, end)


def _digest(content: bytes) -> bytes:
    return blake2b(content, digest_size=16).digest()
