"""Numbers for distinct words: a hash table from the bytes of a word to its number, asked by whole arrays.

Exact for any input. The key of a word of at most 8 bytes is the word itself. A longer word is hashed, into
keys that no short word has, and is taken for known only after its bytes have been compared with those that
are stored; two words of one key are told apart by probing on. The hash is mixed with numbers drawn afresh for
each table, so that nobody can prepare a text whose words collide. Nothing but the order of the numbers
depends on them.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import numpy as np

from ..arrays import I64, U64, Array, Bool
from .bounds import find_words

__all__ = ["GrowingArray", "Vocabulary", "Words"]

_UNKNOWN: Final = -1
_LONG_KEY: Final = np.uint64(
    0xC000000000000000
)  # a UTF-8 word never ends in such a byte, so no short key has it
_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch, in order.

    buffer: as `bounds.joined` makes it. windows: uint64 view of it, `windows[i]` the 8 bytes from i on with
    the first the lowest. starts, lengths: int64, bytes, each length from 1 to `LONGEST`.
    """

    buffer: bytes
    windows: U64
    starts: I64
    lengths: I64

    @classmethod
    def find(cls, buffer: bytes) -> Words:
        starts, ends = find_words(buffer)
        windows: U64 = np.ndarray((len(buffer) - 7,), "<u8", buffer, strides=(1,))
        return cls(buffer, windows, np.ascontiguousarray(starts), ends - starts)

    def __len__(self) -> int:
        return len(self.starts)

    def raw(self, number: int) -> bytes:
        start = int(self.starts[number])
        return self.buffer[start : start + int(self.lengths[number])]

    def eights(self, numbers: I64 | slice, offset: int) -> U64:
        """Bytes `[offset, offset + 8)` of words that are longer than `offset`, padded with NULs."""
        left = np.minimum(self.lengths[numbers] - offset, 8)
        eights: U64 = self.windows[self.starts[numbers] + offset] & _MASKS[left]
        return eights


class Vocabulary:
    """Numbers words from 0 in the order in which they were first asked for; those of a batch in any order."""

    def __init__(self) -> None:
        self._seed = _drawn()
        self._bits = 12
        self._slots_of_bits()
        self._count = 0
        self._keys = GrowingArray(np.uint64)  # by number
        self._starts = GrowingArray(np.int64)  # by number: where its bytes begin in _eights
        self._sizes = GrowingArray(np.int64)  # by number: how many eights it has
        self._eights = GrowingArray(np.uint64)

    def __len__(self) -> int:
        return self._count

    def number(self, words: Words) -> tuple[I64, list[bytes]]:
        """The number of each word (int64), and the new words' bytes, in the order of their numbers."""
        keys = self._hashed(words)
        found = self._find(words, keys, None)
        new: list[bytes] = []
        unknown = np.flatnonzero(found == _UNKNOWN)
        while len(unknown):
            # One word of each new key is learnt at a time: of two with one key the other is new in turn.
            first = unknown[np.unique(keys[unknown], return_index=True)[1]]
            self._learn(words, keys, first)
            new.extend(map(words.raw, first.tolist()))
            found[unknown] = self._find(words, keys, unknown)
            unknown = unknown[found[unknown] == _UNKNOWN]
        return found, new

    def _hashed(self, words: Words) -> U64:
        keys = words.eights(slice(None), 0)
        live = np.flatnonzero(words.lengths > 8)
        mixed = keys[live]
        offset = 8
        while len(live):
            mixed = _mix(mixed, words.eights(live, offset), self._seed)
            offset += 8
            done = words.lengths[live] <= offset
            keys[live[done]] = mixed[done] | _LONG_KEY
            live, mixed = live[~done], mixed[~done]
        return keys

    def _find(self, words: Words, keys: U64, which: I64 | None) -> I64:
        """The numbers of the words `which` (all of them: None), or _UNKNOWN."""
        if which is not None:
            keys = keys[which]
        slots = self._home(keys)
        found = self._slot_numbers[slots]
        same = self._slot_keys[slots] == keys
        self._verify(words, which, keys, found, same)
        # Nearly every word is settled by its first slot; the rest walk on until they meet it or a gap.
        live = np.flatnonzero(~same & (found != _UNKNOWN))
        slots = slots[live]
        while len(live):
            slots = (slots + 1) & (len(self._slot_keys) - 1)
            met = self._slot_numbers[slots]
            same = self._slot_keys[slots] == keys[live]
            self._verify(words, live if which is None else which[live], keys[live], met, same)
            found[live] = met
            walk = ~same & (met != _UNKNOWN)
            live, slots = live[walk], slots[walk]
        return found

    def _verify(self, words: Words, which: I64 | None, keys: U64, numbers: I64, same: Bool) -> None:
        """Clear `same` where a long word has the key of the stored word but not its bytes."""
        live = np.flatnonzero(same & (keys >= _LONG_KEY))
        if not len(live):
            return
        asked = live if which is None else which[live]
        stored = numbers[live]
        size = self._sizes.values[stored]
        equal = size == (words.lengths[asked] + 7) >> 3
        same[live[~equal]] = False
        live, asked, size, start = live[equal], asked[equal], size[equal], self._starts.values[stored[equal]]
        offset = 0
        while len(live):
            equal = words.eights(asked, offset * 8) == self._eights.values[start + offset]
            same[live[~equal]] = False
            offset += 1
            on = equal & (size > offset)
            live, asked, size, start = live[on], asked[on], size[on], start[on]

    def _learn(self, words: Words, keys: U64, which: I64) -> None:
        """Add words that are not in the table."""
        sizes = (words.lengths[which] + 7) >> 3
        ends = sizes.cumsum()
        self._starts.extend(ends - sizes + len(self._eights.values))
        self._sizes.extend(sizes)
        eights = np.zeros(int(ends[-1]), np.uint64)
        live = np.arange(len(which))
        offset = 0
        while len(live):
            eights[(ends - sizes)[live] + offset] = words.eights(which[live], offset * 8)
            offset += 1
            live = live[sizes[live] > offset]
        self._eights.extend(eights)
        self._keys.extend(keys[which])
        first, self._count = self._count, self._count + len(which)
        if self._count * 3 > len(self._slot_keys):
            while self._count * 3 > 1 << self._bits:
                self._bits += 1
            self._slots_of_bits()
            first = 0
        self._place(first)

    def _slots_of_bits(self) -> None:
        self._slot_keys: U64 = np.zeros(1 << self._bits, np.uint64)
        self._slot_numbers: I64 = np.full(1 << self._bits, _UNKNOWN, np.int64)

    def _place(self, first: int) -> None:
        """Put the words numbered from `first` on into the slots. Of several that want one slot the last of
        the array gets it: the lowest number, since words that are met early are frequent."""
        numbers = np.arange(first, self._count)[::-1]
        slots = self._home(self._keys.values[numbers])
        while len(numbers):
            free = self._slot_numbers[slots] == _UNKNOWN
            self._slot_numbers[slots[free]] = numbers[free]
            placed = self._slot_numbers[slots] == numbers
            self._slot_keys[slots[placed]] = self._keys.values[numbers[placed]]
            numbers, slots = numbers[~placed], slots[~placed]
            slots = (slots + 1) & (len(self._slot_keys) - 1)

    def _home(self, keys: U64) -> I64:
        """The slot where the search for a key begins."""
        home: I64 = ((keys * self._seed[2]) >> np.uint64(64 - self._bits)).view(np.int64)
        return home


class GrowingArray:
    """An array that grows at its end."""

    def __init__(self, dtype: type[np.generic]) -> None:
        self._space: Array = np.empty(1024, dtype)
        self.values: Array = self._space[:0]

    def extend(self, more: Array) -> None:
        used, needed = len(self.values), len(self.values) + len(more)
        if needed > len(self._space):
            space: Array = np.empty(max(needed, 2 * len(self._space)), self._space.dtype)
            space[:used] = self.values
            self._space = space
        self._space[used:needed] = more
        self.values = self._space[:needed]


def _drawn() -> U64:
    """Three odd numbers that nobody can foresee: multiplying by one of them loses nothing."""
    return np.array([secrets.randbits(64) | 1 for _ in range(3)], np.uint64)


def _mix(mixed: U64, eights: U64, seed: U64) -> U64:
    """Take the next 8 bytes of each word into its hash."""
    mixed = ((mixed ^ (mixed >> np.uint64(29))) + seed[0]) * seed[1] + eights
    mixed ^= mixed >> np.uint64(32)
    return mixed
