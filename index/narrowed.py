"""A view of which only some documents may answer.

To matching and planning, the others are as good as deleted. To statistics they are not: scores do not depend
on what a question is narrowed to, so that whatever scoring counts is counted in the whole view.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from .arrays import I64, U64, Bool, set_at, spread
from .filters import documents_of
from .leaves import Leaf, Leaves
from .planner.listed import Listed, ListedLeaf, ListedTerm, Scratch
from .query import FieldName, Placed
from .snapshot import Norms, View
from .where import Filter

__all__ = ["NarrowedLeaves", "narrow"]

_DRIVE = 4  # postings for each allowed paragraph from which these are looked up in the postings


def narrow(whole: Leaves, where: Filter) -> NarrowedLeaves:
    """The leaves of the view's documents that a filter lets through."""
    return NarrowedLeaves(_Narrowed(whole.view, documents_of(whole.view.segment, where)), whole)


class _Narrowed(View):
    """The view with fewer live documents, and with its own statistics."""

    def __init__(self, whole: View, documents: Bool) -> None:
        super().__init__(whole.segment, whole.deleted)
        self._whole = whole
        live = whole.live_documents
        self._left = documents if live is None else documents & live

    @cached_property
    def live_documents(self) -> Bool:
        return self._left

    @cached_property
    def live_paragraphs(self) -> Bool:
        segment = self.segment
        if segment.documents == segment.paragraphs:  # one in each
            return self._left
        return np.repeat(self._left, np.diff(segment.first_paragraphs))

    @cached_property
    def live_bits(self) -> U64:
        words = 2 * max(-(-self.segment.paragraphs // 128), 1)
        packed = np.zeros(words * 8, np.uint8)
        bits = np.packbits(self.live_paragraphs, bitorder="little")
        packed[: len(bits)] = bits
        return packed.view("<u8")

    @cached_property
    def allowed_count(self) -> int:
        segment = self.segment
        if segment.documents == segment.paragraphs:
            return int(np.count_nonzero(self._left))
        return len(self.allowed)

    @cached_property
    def allowed(self) -> I64:
        """Numbers of the paragraphs that may answer."""
        segment = self.segment
        documents = set_at(self._left)
        if segment.documents == segment.paragraphs:
            return documents
        firsts = segment.first_paragraphs[documents]
        return spread(firsts, segment.first_paragraphs[documents + 1] - firsts)

    # Statistics

    @cached_property
    def counts(self) -> tuple[int, int, int]:
        return self._whole.counts

    def languages(self) -> Iterator[tuple[str, int]]:
        return self._whole.languages()

    def lengths(self, language: str) -> tuple[int, int]:
        return self._whole.lengths(language)

    def norms(self, language: str, k1: float, b: float, average: float) -> Norms:
        return self._whole.norms(language, k1, b, average)

    def borrow(self) -> Scratch:
        return self._whole.borrow()

    def give_back(self, scratch: Scratch) -> None:
        self._whole.give_back(scratch)


class NarrowedLeaves(Leaves):
    """The leaves of a narrowed view, cut out of those of the whole one.

    Few allowed paragraphs are looked up in a word's postings, which then are a short list to the planner,
    however frequent the word is.
    """

    view: _Narrowed

    def __init__(self, view: _Narrowed, whole: Leaves) -> None:
        super().__init__(view, whole.deadline)
        self._whole = whole

    def find(self, node: Placed, field: FieldName, told: object = None) -> tuple[Leaf, ...]:
        leaves = (self._live(leaf, field) for leaf in self._whole.find(node, field, told))
        return tuple(leaf for leaf in leaves if len(leaf.units))

    def close(self) -> None:
        super().close()
        self._whole.close()

    def _live(self, leaf: Leaf, field: FieldName) -> Leaf:
        if field is FieldName.HEADING:
            # Of the few sections alone: a mask of all would take longer.
            documents = self.view.segment.first_sections.searchsorted(leaf.units, side="right") - 1
            keep = self.view.live_documents.take(documents)
        else:
            live = self.view.live_paragraphs if field is FieldName.TEXT else self.view.live_documents
            keep = live.take(leaf.units)
        return Leaf(leaf.language, leaf.units[keep], leaf.frequencies[keep])

    def _list(self, node: Placed) -> Iterator[Listed]:
        for listed in self._whole.text(node):
            if isinstance(listed, ListedTerm):
                yield self._narrowed(listed)
            else:
                units, tf = listed.all()
                keep = self.view.live_paragraphs.take(units).nonzero()[0]
                yield ListedLeaf(listed.language, units.take(keep), tf.take(keep))

    def _narrowed(self, term: ListedTerm) -> Listed:
        view = self.view
        if view.allowed_count * _DRIVE < len(term.postings):
            which, tf = term.at(view.allowed, self.scratch)
            return ListedLeaf(term.language, view.allowed.take(which), tf)
        bits = None if term.long is None else view.live_bits
        return ListedTerm(term.field, term.language, term.number, view.live_paragraphs, bits)
