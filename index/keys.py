"""The keys of a segment's documents, sorted, in blocks that share the beginning of their keys.

Arrays:

    doc/keys        blocks of 16 keys in their order (bytes): what all of a block begin with, then the rest of
                    each, with 0xFF (no UTF-8 holds it) before every rest
    doc/key_ends    where each block begins, and the end (u4)
    doc/key_rank    a column (see `integers`): the place of each document's key in their order
"""

from __future__ import annotations

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

_KEYS = 16
_BREAK = b"\xff"

KEY_ARRAYS = ("doc/keys", "doc/key_ends", "doc/key_rank/line", "doc/key_rank")
"""The arrays without which keys would be others, or belong to other documents."""


def key_arrays(keys: Sequence[bytes], order: Sequence[int]) -> Mapping[str, Array | bytes]:
    """The arrays of distinct keys. order: the numbers of the documents, sorted by key."""
    blocks = [
        _packed([keys[number] for number in order[first : first + _KEYS]])
        for first in range(0, len(order), _KEYS)
    ]
    ends = np.cumsum([0, *map(len, blocks)])
    if ends[-1] >= 1 << 32:
        raise OverflowError("the keys of a segment take more than 4 GB")
    rank = np.empty(len(keys), np.int64)
    rank[np.array(order, np.int64)] = np.arange(len(keys))
    return {
        "doc/keys": b"".join(blocks),
        "doc/key_ends": ends.astype(np.uint32),
        **pack_integers("doc/key_rank", rank),
    }


def _packed(keys: Sequence[bytes]) -> bytes:
    """A block of sorted keys: what the first and the last begin with, all do."""
    begin = _shared(keys[0], keys[-1])
    return _BREAK.join([keys[0][:begin], *[key[begin:] for key in keys]])


def _shared(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    size = min(len(one), len(other))
    different = int.from_bytes(one[:size]) ^ int.from_bytes(other[:size])
    return size - (different.bit_length() + 7) // 8


class Keys:
    """The reading side. A key is read in microseconds, and found by one in tens."""

    def __init__(self, container: Container, count: int) -> None:
        self._name = container.name
        self._count = count
        blocks = -(-count // _KEYS)
        self._blob = container.blob("doc/keys", checked=False)
        self._region = container.region("doc/keys")
        self._ends: Sequence[int] = container.array("doc/key_ends", "<u4", blocks + 1).data
        self._rank = Integers(container, "doc/key_rank", count)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, document: int) -> bytes:
        return self.at(self._rank[document])

    def take(self, documents: Sequence[int]) -> list[bytes]:
        """The keys of some documents."""
        ranks = (
            self.rank.take(documents).tolist() if self._is_ranked else map(self._rank.__getitem__, documents)
        )
        keys = []
        for rank in ranks:
            at = rank % _KEYS + 1
            parts = self._content(rank // _KEYS).split(_BREAK, at + 1)
            keys.append(parts[0] + parts[at])
        return keys

    @property
    def _is_ranked(self) -> bool:
        """Whether the rank of every document has been unpacked."""
        return "rank" in self.__dict__

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
        shared, *rests = self._parts(place // _KEYS)
        return shared + rests[place % _KEYS]

    def walk(self) -> Iterator[bytes]:
        """All keys in their order."""
        for block in range(-(-self._count // _KEYS)):
            yield from self._block(block)

    def _lower(self, key: bytes) -> int:
        """The place of the first key that is not less."""
        block = bisect_left(range(1, -(-self._count // _KEYS)), key, key=self._head)
        if block * _KEYS >= self._count:
            return self._count
        return block * _KEYS + bisect_left(self._block(block), key)

    def _head(self, block: int) -> bytes:
        """The first key of the block."""
        return self.at(block * _KEYS)

    def _block(self, number: int) -> list[bytes]:
        shared, *rests = self._parts(number)
        return [shared + rest for rest in rests]

    def _parts(self, number: int) -> list[bytes]:
        """What the keys of a block begin with, and the rest of each."""
        return self._content(number).split(_BREAK)

    def _content(self, number: int) -> bytes:
        """A block, verified, with as many keys as it must have."""
        begin, end = self._ends[number], self._ends[number + 1]
        if not begin <= end <= len(self._blob):
            raise self._corrupt()
        region = self._region
        first, last = region.start + begin >> 16, region.start + end >> 16
        if not (region.verified[first] and first == last):
            region.verify(begin, end)
        content = bytes(self._blob[begin:end])
        if content.count(_BREAK) != min(_KEYS, self._count - number * _KEYS):
            raise self._corrupt()
        return content

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
