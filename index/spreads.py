"""What headings and titles add to scores: of all such clauses of a request in one view at once, since each is
short, and to begin a step costs as much as to do it.

A clause has a row. A paragraph stands in it at `row << 32 | paragraph`, so that the edges of all spans are
one sorted array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arrays import F64, I64, Bool
from .arrays import spread as spread_out
from .query import Clause
from .spans import Spans

__all__ = ["Spread", "Spreads"]

_ROW = 32  # bits
_MANY = 4  # times all blocks: more are not gone over one by one


@dataclass(frozen=True, slots=True)
class Spread:
    """A clause of a heading or title. factor: what multiplies its weights, from its rarity. spans: where it
    stands above some paragraph, of each language; one at least."""

    clause: Clause
    factor: float
    spans: tuple[Spans, ...]


class Spreads:
    """Of some clauses, one at least."""

    def __init__(self, spreads: Sequence[Spread], k1: float) -> None:
        self._spreads = spreads
        self._k1 = k1
        self._weights = np.array([[spread.clause.weight] for spread in spreads])
        self._factors = np.array([[spread.factor] for spread in spreads])
        every = [(row, spans) for row, spread in enumerate(spreads) for spans in spread.spans]
        self._firsts = np.concatenate([spans.first for _, spans in every])
        self._lasts = np.concatenate([spans.last for _, spans in every])
        self._counts = np.concatenate([spans.counts for _, spans in every])
        self._rows = np.array([row for row, _ in every]).repeat([len(spans.first) for _, spans in every])
        self._begins = np.arange(len(spreads))[:, None] << _ROW

    def scores(self, paragraphs: I64) -> F64:
        """Of each clause (a row) for each paragraph."""
        above = self.above(paragraphs)
        scores = above + self._k1
        np.divide(above, scores, out=scores)
        scores *= self._weights
        for row, spread in enumerate(self._spreads):
            if first := spread.clause.first:
                here = np.zeros(len(paragraphs))
                for spans in spread.spans:
                    here += spans.begun(paragraphs)
                scores[row] += first * (here / (here + self._k1))
        scores *= self._factors
        return scores

    def above(self, paragraphs: I64) -> F64:
        """Of each clause (a row) how often the headings above each paragraph hold it. Counts are whole
        numbers: no order of adding changes them."""
        wanted = paragraphs + self._begins
        # All that ends in the rows before has begun there.
        return _up_to(self._opened, wanted) - _up_to(self._closed, wanted)

    def bounds(self, blocks: int, size: int) -> F64:
        """For each of so many blocks, of `size` paragraphs each, the most that all clauses can add to one of
        these, but for rounding: their whole weights wherever they stand."""
        total: F64 = (self._weights * self._factors)[:, 0] @ self._touched(blocks, size)
        for spread in self._spreads:
            if first := spread.clause.first:
                begun = np.zeros(blocks)
                for spans in spread.spans:
                    begun += np.bincount(spans.first // size, spans.shares, blocks)
                total += first * spread.factor * (begun / (begun + self._k1))
        return total

    def _touched(self, blocks: int, size: int) -> Bool:
        """Over which blocks each clause's spans reach; shape (clauses, blocks)."""
        touched = np.zeros((len(self._spreads), blocks), np.bool_)
        flat = touched.reshape(-1)
        begins = self._rows * blocks
        firsts, lasts = self._firsts // size + begins, (self._lasts - 1) // size + begins
        flat[firsts] = True
        flat[lasts] = True
        wide = (lasts > firsts + 1).nonzero()[0]
        if len(wide):
            between = firsts.take(wide) + 1
            widths = lasts.take(wide) - between
            if int(widths.sum()) > _MANY * len(flat):
                flat[:] = True  # headings beneath headings for each of which half an index stands
            else:
                flat[spread_out(between, widths)] = True
        return touched

    @cached_property
    def _opened(self) -> tuple[I64, F64]:
        return _summed(self._firsts + (self._rows << _ROW), self._counts)

    @cached_property
    def _closed(self) -> tuple[I64, F64]:
        return _summed(self._lasts + (self._rows << _ROW), self._counts)


def _summed(edges: I64, counts: F64) -> tuple[I64, F64]:
    """The edges in their order, and the sums of the counts before each and after the last."""
    if not (edges[1:] >= edges[:-1]).all():
        order = np.argsort(edges, kind="stable")
        edges, counts = edges.take(order), counts.take(order)
    sums = np.zeros(len(edges) + 1)
    counts.cumsum(out=sums[1:])
    return edges, sums


def _up_to(summed: tuple[I64, F64], wanted: I64) -> F64:
    """Sum of the counts whose edge lies at or before each."""
    edges, sums = summed
    return sums.take(edges.searchsorted(wanted, side="right"))
