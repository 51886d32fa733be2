"""Many words as one array of letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..arrays import I64, Array, Bool, spread
from ..field import WordList

__all__ = ["Letters", "letters_of"]

_BATCH = 1 << 16  # words; of 255 bytes at most


@dataclass(frozen=True, slots=True)
class Letters:
    """Words, numbered as in their list by `numbers`: word i is `letters[starts[i]:ends[i]]`.

    letters: code points (uint32), or bytes (uint8) where all are ASCII or bytes are what was asked for.
    """

    numbers: I64
    letters: Array
    starts: I64
    ends: I64

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, which: I64 | Bool) -> Letters:
        """Some of the words; the letters stay."""
        return Letters(self.numbers[which], self.letters, self.starts[which], self.ends[which])

    def packed(self) -> Letters:
        """The same, without the letters of other words."""
        sizes = self.ends - self.starts
        ends = sizes.cumsum()
        return Letters(self.numbers, self.letters[spread(self.starts, sizes)], ends - sizes, ends)


def letters_of(words: WordList, which: range | None = None, *, as_bytes: bool = False) -> Iterator[Letters]:
    """The words, or a range of them, some at a time."""
    which = range(len(words)) if which is None else which
    for first in range(which.start, which.stop, _BATCH):
        last = min(first + _BATCH, which.stop)
        content, bounds = words.packed(first, last)
        if not (as_bytes or content.isascii()):
            leads = (np.frombuffer(content, np.uint8) & 0xC0) != 0x80
            bounds = np.append(0, leads.cumsum())[bounds]
            letters: Array = np.frombuffer(content.decode().encode("utf-32-le"), "<u4")
        else:
            letters = np.frombuffer(content, np.uint8)
        yield Letters(np.arange(first, last), letters, bounds[:-1], bounds[1:])
