"""The postings of a term as Whoosh's matchers and collectors walk them."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.formats import Characters, Format, Positions
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.scoring import BaseScorer
from whoosh.system import pack_uint

from ..arrays import I64
from .postings import PostingList

__all__ = ["BLOCK", "BlockMatcher"]

BLOCK = 128
"""Postings whose greatest weight and least length are known together, so that Whoosh can pass over them."""


class BlockMatcher(LeafMatcher):
    """Walks a posting list block by block. Attributes `format` and `scorer` are part of Whoosh's protocol."""

    def __init__(
        self,
        postings: PostingList,
        lengths: I64 | None,
        term: tuple[str, bytes],
        format_: Format,
        scorer: BaseScorer | None = None,
    ) -> None:
        """lengths: tokens of the field by paragraph; None: all count as 1. scorer: None when only the
        paragraphs matter."""
        self.format = format_
        self.scorer = scorer
        self._postings = postings
        self._lengths = lengths
        self._term = term
        self._load(0)

    def _load(self, start: int) -> None:
        """Enter the block that begins at a multiple of BLOCK; beyond the end it is empty."""
        self._start = start
        self._block: list[int] = self._postings.paragraphs[start : start + BLOCK].tolist()
        self._at = 0
        self._weights: list[float] | None = None
        self._positions: list[list[int]] | None = None
        self._quality: tuple[float, int, int] | None = None

    def copy(self) -> BlockMatcher:
        other = BlockMatcher(self._postings, self._lengths, self._term, self.format, self.scorer)
        other._load(self._start)
        other._at = self._at
        return other

    # Moving

    def is_active(self) -> bool:
        return self._at < len(self._block)

    def reset(self) -> None:
        self._load(0)

    def id(self) -> int:
        return self._block[self._at]

    def all_ids(self) -> Iterator[int]:
        """The paragraphs from the current one on; does not move the matcher."""
        return iter(self._postings.paragraphs[self._start + self._at :].tolist())

    def next(self) -> bool:  # type: ignore[override, unused-ignore]
        """Move on; whether a new block was entered, so that its quality is worth a look."""
        if not self.is_active():
            raise ReadTooFar
        self._at += 1
        if self._at < len(self._block):
            return False
        self._load(self._start + BLOCK)
        return True

    def skip_to(self, id: int) -> bool:  # type: ignore[override, unused-ignore]
        """Move to the first paragraph not before `id`; whether a new block was entered."""
        if not self.is_active():
            raise ReadTooFar
        if id <= self._block[-1]:
            self._at = bisect_left(self._block, id, self._at)
            return False
        at = int(np.searchsorted(self._postings.paragraphs, id))
        self._load(at // BLOCK * BLOCK)
        self._at = at - self._start
        return True

    def skip_to_quality(self, minquality: float) -> int:
        """Pass over blocks that cannot score above `minquality`; how many."""
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._load(self._start + BLOCK)
            skipped += 1
        return skipped

    # The current posting

    def weight(self) -> float:
        if self._weights is None:
            weights = self._postings.weighed()[self._start : self._start + BLOCK]
            self._weights = weights.astype(np.float64).tolist()
        return self._weights[self._at]

    def value_as(self, astype: str) -> Any:
        if astype == "positions":
            if self._positions is None:
                self._positions = self._postings.positions(self._start, self._start + len(self._block))
            return self._positions[self._at]
        if astype == "frequency":
            return int(self._postings.frequencies[self._start + self._at])
        return self._characters() if astype == "characters" else super().value_as(astype)

    def _characters(self) -> list[tuple[int, int, int]]:
        """Position, start and end of each occurrence; none where the field does not keep them."""
        if self._postings.spans is None:
            return []
        _, starts, ends = self._postings.spans(np.array([self._start + self._at]))
        return list(zip(self.value_as("positions"), starts.tolist(), ends.tolist(), strict=True))

    def value(self) -> bytes:
        """The posting as the field's format encodes it, for programs that decode it themselves."""
        if isinstance(self.format, Positions):
            kind = "characters" if isinstance(self.format, Characters) else "positions"
            encoded: bytes = self.format.encode(self.value_as(kind))
            return encoded
        return pack_uint(self.value_as("frequency")) if self.format.posting_size else b""

    # The current block

    def block_max_weight(self) -> float:
        return self._block_quality()[0]

    def block_min_length(self) -> int:
        return self._block_quality()[1]

    def block_max_length(self) -> int:
        return self._block_quality()[2]

    def block_min_id(self) -> int:
        return self._block[0]

    def block_max_id(self) -> int:
        return self._block[-1]

    def _block_quality(self) -> tuple[float, int, int]:
        """Greatest weight, least and greatest length. Past the end all are 1: Whoosh looks at the quality of
        a block before it looks whether there is one."""
        if self._quality is None:
            weights = self._postings.weighed()[self._start : self._start + BLOCK]
            lengths = np.ones(1, np.int64)
            if self._lengths is not None and self._block:
                lengths = self._lengths[self._block]
            self._quality = (
                float(weights.max(initial=0 if self._block else 1)),
                int(lengths.min()),
                int(lengths.max()),
            )
        return self._quality
