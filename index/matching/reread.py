"""The texts of chosen units, cut into words again: for what postings do not tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import IndexCorrupt
from ..arrays import I64
from ..inverter.bounds import find_words, joined
from ..segment import Segment
from ..texts import texts_of

__all__ = ["Reread", "reread"]


@dataclass(frozen=True, slots=True)
class Reread:
    """Some units in a row, `units[begin:end]` of those asked for.

    texts: UTF-8, one for each. begins: where each begins in `buffer`. starts, ends: of all words, in bytes of
    `buffer`. firsts: the first word of each unit, and the end; shape (len(texts) + 1,).
    """

    begin: int
    texts: Sequence[bytes]
    begins: I64
    buffer: bytes
    starts: I64
    ends: I64
    firsts: I64

    @property
    def end(self) -> int:
        return self.begin + len(self.texts)

    def words(self, which: I64, positions: I64) -> I64:
        """Numbers of the words at positions of units (numbered from `begin`). IndexCorrupt when the index has
        a word where the text has none."""
        words = self.firsts[which] + positions
        if (words >= self.firsts[which + 1]).any():
            raise IndexCorrupt(
                "the index places a word beyond the end of its text",
                hint="Run `docsearch index --rebuild`, or restore the index from a copy",
            )
        return np.asarray(words)


def reread(segment: Segment, kind: str, units: I64) -> Iterator[Reread]:
    """The units (sorted) batch by batch. kind: `text`, `heading` or `title`."""
    begin = 0
    for texts in texts_of(segment, kind, units):
        sizes = np.fromiter(map(len, texts), np.int64, len(texts))
        begins = 2 + np.arange(len(texts)) + sizes.cumsum() - sizes  # 2: see `joined`
        buffer = joined(texts)
        starts, ends = find_words(buffer)
        firsts = starts.searchsorted(np.append(begins, len(buffer)))
        yield Reread(begin, texts, begins, buffer, starts, ends, firsts)
        begin += len(texts)
