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

    def first_eights(self) -> U64:
        """The first 8 bytes of each word, padded with NULs."""
        eights: U64 = self.windows[self.starts]
        eights &= _MASKS.take(self.lengths, mode="clip")
        return eights

    def eights(self, numbers: I64, offset: int) -> U64:
        """Bytes `[offset, offset + 8)` of words that are longer than `offset`, padded with NULs."""
        eights: U64 = self.windows[self.starts.take(numbers) + offset]
        eights &= _MASKS.take(self.lengths.take(numbers) - offset, mode="clip")
        return eights


@dataclass(frozen=True, slots=True)
class _Asked:
    """Words whose numbers are asked for.

    which: their places in `words`; None for all of them. keys: of each. long: those of more than 8 bytes
    among them, ascending; with the first and the second 8 bytes of these, and how many eights they have.
    """

    words: Words
    which: I64 | None
    keys: U64
    long: I64
    first: U64
    second: U64
    sizes: I64

    @classmethod
    def of(cls, words: Words, seed: U64) -> _Asked:
        keys = words.first_eights()
        long = live = np.flatnonzero(words.lengths > 8)
        first = mixed = keys.take(long)
        second = eights = words.eights(long, 8)
        sizes = (words.lengths.take(long) + 7) >> 3
        offset = 8
        while len(live):
            mixed = _mix(mixed, eights, seed)
            offset += 8
            done = words.lengths.take(live) <= offset
            keys[live[done]] = mixed[done] | _LONG_KEY
            live, mixed = live[~done], mixed[~done]
            eights = words.eights(live, offset)
        return cls(words, None, keys, long, first, second, sizes)

    def some(self, which: I64) -> _Asked:
        """Some of them, by their places among these, ascending."""
        at = self.long.searchsorted(which)
        held = at < len(self.long)
        held[held] = self.long[at[held]] == which[held]
        at = at[held]
        return _Asked(
            self.words,
            self.places(which),
            self.keys.take(which),
            held.nonzero()[0],
            self.first.take(at),
            self.second.take(at),
            self.sizes.take(at),
        )

    def places(self, which: I64) -> I64:
        """Where some of them stand in `words`."""
        return which if self.which is None else self.which.take(which)


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
        asked = _Asked.of(words, self._seed)
        found = self._find(asked)
        new: list[bytes] = []
        unknown = np.flatnonzero(found == _UNKNOWN)
        while len(unknown):
            # One word of each new key is learnt at a time: of two with one key the other is new in turn.
            first = unknown[np.unique(asked.keys[unknown], return_index=True)[1]]
            self._learn(words, asked.keys, first)
            new.extend(map(words.raw, first.tolist()))
            found[unknown] = self._find(asked.some(unknown))
            unknown = unknown[found[unknown] == _UNKNOWN]
        return found, new

    def _find(self, asked: _Asked) -> I64:
        """The numbers of words, or _UNKNOWN."""
        slots = self._home(asked.keys)
        found = self._slot_numbers.take(slots)
        same = self._slot_keys.take(slots) == asked.keys
        self._verify(asked, found, same)
        # Nearly every word is settled by its first slot; the rest walk on until they meet it or a gap.
        live = np.flatnonzero(~same)
        live = live[found.take(live) != _UNKNOWN]
        if not len(live):
            return found
        slots = slots[live]
        asked = asked.some(live)
        while len(live):
            slots = (slots + 1) & (len(self._slot_keys) - 1)
            met = self._slot_numbers[slots]
            same = self._slot_keys[slots] == asked.keys
            self._verify(asked, met, same)
            found[live] = met
            walk = np.flatnonzero(~same & (met != _UNKNOWN))
            live, slots, asked = live[walk], slots[walk], asked.some(walk)
        return found

    def _verify(self, asked: _Asked, numbers: I64, same: Bool) -> None:
        """Clear `same` where a long word has the key of the stored word but not its bytes."""
        which = same.take(asked.long).nonzero()[0]
        if not len(which):
            return
        stored = numbers.take(asked.long.take(which))
        size, start = self._sizes.values.take(stored), self._starts.values.take(stored)
        equal = size == asked.sizes.take(which)
        for offset, eights in enumerate((asked.first, asked.second)):
            equal &= eights.take(which) == self._eights.values.take(start + offset)
        offset = 2
        live = (equal & (size > offset)).nonzero()[0]
        while len(live):
            eights = asked.words.eights(asked.places(asked.long.take(which.take(live))), offset * 8)
            equal[live] = eights == self._eights.values.take(start.take(live) + offset)
            offset += 1
            live = live[equal.take(live) & (size.take(live) > offset)]
        same[asked.long.take(which[~equal])] = False

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
