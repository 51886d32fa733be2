"""The keys of a segment's documents, sorted and in compressed blocks.

Arrays:

    doc/keys        blocks of 64 keys in their order (bytes), 0xFF between them (no UTF-8 holds it), each
                    packed by zlib
    doc/key_ends    a column (see `integers`): where each block ends
    doc/key_heads, doc/key_head_ends    the first key of each block, end to end; a column of their ends
    doc/key_rank    a column: the place of each document's key in their order
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import IndexCorrupt
from .arrays import I64, Array
from .container import Container
from .integers import Integers, pack_integers

__all__ = ["KEY_ARRAYS", "Keys", "key_arrays"]

_KEYS = 64
_BREAK = b"\xff"
_LARGEST = 1 << 23
"""Bytes of a block of keys: some names within archives take 64 KB."""
_REMEMBERED = 64
"""Blocks that are kept unpacked."""

KEY_ARRAYS = ("doc/keys", "doc/key_ends/line", "doc/key_heads", "doc/key_rank/line", "doc/key_rank")
"""The arrays without which keys would be others, or belong to other documents."""


def key_arrays(keys: Sequence[bytes], order: Sequence[int]) -> Mapping[str, Array | bytes]:
    """The arrays of distinct keys. order: the numbers of the documents, sorted by key."""
    blocks = [
        _BREAK.join([keys[number] for number in order[first : first + _KEYS]])
        for first in range(0, len(order), _KEYS)
    ]
    if max(map(len, blocks), default=0) > _LARGEST:
        raise OverflowError(f"64 keys of documents take more than {_LARGEST >> 20} MB")
    heads = [keys[order[first]] for first in range(0, len(order), _KEYS)]
    packed = [zlib.compress(block, 1) for block in blocks]
    rank = np.empty(len(keys), np.int64)
    rank[np.array(order, np.int64)] = np.arange(len(keys))
    return {
        "doc/keys": b"".join(packed),
        **pack_integers("doc/key_ends", np.cumsum([0, *map(len, packed)])),
        "doc/key_heads": b"".join(heads),
        **pack_integers("doc/key_head_ends", np.cumsum([0, *map(len, heads)])),
        **pack_integers("doc/key_rank", rank),
    }


class Keys:
    """The reading side. A key is read in microseconds, and found by one in tens."""

    def __init__(self, container: Container, count: int) -> None:
        self._name = container.name
        self._count = count
        blocks = -(-count // _KEYS)
        self._blob = container.blob("doc/keys")
        self._ends = Integers(container, "doc/key_ends", blocks + 1)
        self._heads = container.blob("doc/key_heads")
        self._head_ends = Integers(container, "doc/key_head_ends", blocks + 1)
        self._rank = Integers(container, "doc/key_rank", count)
        self._unpacked: dict[int, list[bytes]] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, document: int) -> bytes:
        return self.at(self._rank[document])

    @cached_property
    def rank(self) -> I64:
        """Place of each document in the order of keys; shape (documents,)."""
        rank = self._rank.numbers()
        if len(rank) and not 0 <= rank.min() <= rank.max() < self._count:
            raise self._corrupt()
        return rank

    @cached_property
    def by_key(self) -> I64:
        """Document numbers in the order of their keys; shape (documents,)."""
        by_key = np.full(self._count, -1)
        by_key[self.rank] = np.arange(self._count)
        if (by_key < 0).any():
            raise self._corrupt()
        return by_key

    def find(self, key: bytes) -> int | None:
        """The number of the document with this key."""
        place = self._lower(key)
        if place < self._count and self.at(place) == key:
            return int(self.by_key[place])
        return None

    def prefixed(self, prefix: bytes) -> Iterator[tuple[bytes, int]]:
        """The keys that begin with a prefix, sorted, with their documents."""
        place = self._lower(prefix)
        for block in range(place // _KEYS, -(-self._count // _KEYS)):
            for at, key in enumerate(self._block(block)):
                if block * _KEYS + at >= place:
                    if not key.startswith(prefix):
                        return
                    yield key, int(self.by_key[block * _KEYS + at])

    def in_document_order(self) -> list[bytes]:
        keys = list(self.in_order)
        return [keys[place] for place in self.rank.tolist()]

    @property
    def in_order(self) -> Sequence[bytes]:
        """All keys, sorted."""
        return _InOrder(self)

    def at(self, place: int) -> bytes:
        """The key at a place in their order."""
        return self._block(place // _KEYS)[place % _KEYS]

    def walk(self) -> Iterator[bytes]:
        """All keys in their order, a block of them unpacked at a time."""
        for block in range(-(-self._count // _KEYS)):
            yield from self._read(block)

    def _lower(self, key: bytes) -> int:
        """The place of the first key that is not less."""
        block = bisect_left(range(1, -(-self._count // _KEYS)), key, key=self._head)
        if block * _KEYS >= self._count:
            return self._count
        return block * _KEYS + bisect_left(self._block(block), key)

    def _head(self, block: int) -> bytes:
        """Not greater than the first key of the block."""
        return bytes(self._heads[self._head_ends[block] : self._head_ends[block + 1]])

    def _block(self, number: int) -> list[bytes]:
        keys = self._unpacked.get(number)
        if keys is None:
            keys = self._read(number)
            if len(self._unpacked) >= _REMEMBERED:
                self._unpacked = {}  # threads see the old one or the new one
            self._unpacked[number] = keys
        return keys

    def _read(self, number: int) -> list[bytes]:
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(self._blob[self._ends[number] : self._ends[number + 1]], _LARGEST)
        except (zlib.error, IndexError) as error:
            raise self._corrupt() from error
        keys = content.split(_BREAK)
        if not unpacker.eof or len(keys) != min(_KEYS, self._count - number * _KEYS):
            raise self._corrupt()
        return keys

    def _corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            "the keys of its documents cannot be read",
            path=self._name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )


class _InOrder(Sequence[bytes]):
    """The sorted keys as a sequence."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def __len__(self) -> int:
        return len(self._keys)

    def __getitem__(self, place: Any) -> Any:
        if not 0 <= place < len(self._keys):
            raise IndexError(place)
        return self._keys.at(int(place))

    def __iter__(self) -> Iterator[bytes]:
        return self._keys.walk()
