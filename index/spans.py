"""Headings (or titles) that hold something, as the ranges of paragraphs beneath them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from .arrays import F64, I64, first_of_runs

__all__ = ["Spans"]


class Spans:
    """Of one language. first, last: the first paragraph beneath each, and the end of those beneath; none is
    empty. counts: how often it holds the word. shares: gives which share of its words that is (at most 1);
    few ask for it."""

    def __init__(self, first: I64, last: I64, counts: F64, shares: Callable[[], F64]) -> None:
        self.first = first
        self.last = last
        self.counts = counts
        self._tell = shares

    @cached_property
    def shares(self) -> F64:
        return self._tell()

    def begun(self, paragraphs: I64) -> F64:
        """Sum of the shares of those that begin at each paragraph, in their order."""
        edges, sums = self._begun
        found = np.zeros(len(paragraphs))
        if len(edges):
            at = edges.searchsorted(paragraphs)
            which = (edges.take(at, mode="clip") == paragraphs).nonzero()[0]
            found[which] = sums.take(at.take(which))
        return found

    @cached_property
    def _begun(self) -> tuple[I64, F64]:
        order = np.argsort(self.first, kind="stable")
        edges, shares = self.first.take(order), self.shares.take(order)
        starts = first_of_runs(edges)
        if not len(starts):
            return edges, shares
        return edges.take(starts), np.add.reduceat(shares, starts)
