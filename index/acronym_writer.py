"""Gathering the acronyms that the paragraphs of a segment explain, while it is made."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np

from ..corpus.acronyms import acronyms_in, may_explain
from .acronyms import acronym_arrays
from .arrays import I64, Array

__all__ = ["AcronymWriter"]


class AcronymWriter:
    """Gathers what the paragraphs of a segment explain."""

    def __init__(self) -> None:
        self._found: dict[bytes, set[int]] = {}

    def add(self, text: bytes, starts: Sequence[int] | I64, sizes: Sequence[int] | I64, first: int) -> None:
        """Some paragraphs of a text in UTF-8: where they begin, ascending, and their lengths, in bytes.
        first: the number of the first of them."""
        done = -1
        for place in may_explain(text):
            at = bisect_right(starts, place) - 1
            if at <= done or at < 0:
                continue
            done = at
            start = int(starts[at])
            for short, long in acronyms_in(text[start : start + int(sizes[at])].decode()):
                self._found.setdefault(f"{short}\t{long}".encode(), set()).add(first + at)

    def arrays(self) -> dict[str, Array | bytes]:
        return acronym_arrays({pair: np.array(sorted(where)) for pair, where in self._found.items()})
