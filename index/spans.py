"""Headings (or titles) that hold something, as the ranges of paragraphs beneath them."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from .arrays import F64, I64, first_of_runs

__all__ = ["Spans"]


class Spans:
    """Of one language. first, last: the first paragraph beneath each, and the end of those beneath; none is
    empty. counts: how often it holds the word. shares: which share of its words that is (at most 1)."""

    def __init__(self, first: I64, last: I64, counts: F64, shares: F64) -> None:
        self.first = first
        self.last = last
        self.counts = counts
        self.shares = shares

    def above(self, paragraphs: I64) -> F64:
        """Sum of the counts around each paragraph. Counts are whole numbers: no order changes it."""
        return _up_to(self._opened, paragraphs) - _up_to(self._closed, paragraphs)

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
    def _opened(self) -> tuple[I64, F64]:
        return _summed(self.first, self.counts)

    @cached_property
    def _closed(self) -> tuple[I64, F64]:
        return _summed(self.last, self.counts)

    @cached_property
    def _begun(self) -> tuple[I64, F64]:
        order = np.argsort(self.first, kind="stable")
        edges, shares = self.first.take(order), self.shares.take(order)
        starts = first_of_runs(edges)
        if not len(starts):
            return edges, shares
        return edges.take(starts), np.add.reduceat(shares, starts)


def _summed(edges: I64, counts: F64) -> tuple[I64, F64]:
    """The edges in their order, and the sums of the counts before each and after the last."""
    order = np.argsort(edges, kind="stable")
    sums = np.zeros(len(edges) + 1)
    counts.take(order).cumsum(out=sums[1:])
    return edges.take(order), sums


def _up_to(summed: tuple[I64, F64], paragraphs: I64) -> F64:
    """Sum of the counts whose edge lies at or before each paragraph."""
    edges, sums = summed
    return sums.take(edges.searchsorted(paragraphs, side="right"))
