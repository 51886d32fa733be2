"""Which paragraphs match: a question asked of the paragraph, as sets that are met from the rarest on.

A set can be read whole (`units`), or asked which of some paragraphs it holds (`within`). What all of some
words hold is read from the rarest of them alone; the others are asked. Frequent words answer from bitmaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from ..arrays import I64, union
from ..leaves import Leaves
from ..query import And, Every, FieldName, Near, Node, Not, Or, Phrase, Placed, Word, walk
from .listed import Listed
from .meeting import Found, meet, narrow

__all__ = ["find", "is_known"]

_LEAVES = frozenset((Word, Phrase, Near))
_KNOWN = frozenset((*_LEAVES, And, Or, Not, Every))
_SPREAD = (FieldName.HEADING, FieldName.TITLE)


def is_known(node: Node) -> bool:
    """Whether sets can answer the question: whether it is made of nodes that this module knows."""
    return type(node) in _LEAVES or all(type(each) in _KNOWN for each in walk(node))


def find(leaves: Leaves, node: Node) -> Found:
    """The live paragraphs of a view that match."""
    return _set_of(leaves, node).find()


class _Set:
    """Live paragraphs of a view. most: no fewer than it has."""

    most: int

    def find(self) -> Found:
        return Found(self.units())

    def units(self) -> I64:
        """All of it, sorted and distinct."""
        return self.find().units

    def within(self, units: I64) -> I64:
        """Which of some live paragraphs it holds: ascending indices."""
        raise NotImplementedError


class _OfList(_Set):
    """Where a word, phrase or nearness stands in the text of one language."""

    def __init__(self, leaves: Leaves, listed: Listed) -> None:
        self.leaves = leaves
        self.listed = listed
        self.most = listed.most

    def find(self) -> Found:
        units, ranks = self.listed.ranked()
        return Found(units, {self.listed: ranks})

    def within(self, units: I64) -> I64:
        return self.listed.find(units, self.leaves.scratch)[0]


class _OfUnits(_Set):
    """Paragraphs that were found in another way: beneath a heading, say."""

    def __init__(self, leaves: Leaves, units: I64) -> None:
        self.leaves = leaves
        self.most = len(units)
        self._units = units

    def units(self) -> I64:
        return self._units

    def within(self, units: I64) -> I64:
        return self.leaves.scratch.find(self._units, units)[0]


class _All(_Set):
    """What all of some sets hold, and none of some others."""

    def __init__(self, leaves: Leaves, parts: Iterable[_Set], without: Sequence[_Set]) -> None:
        self.leaves = leaves
        self.parts = sorted(parts, key=lambda part: part.most)
        self.without = without
        self.most = self.parts[0].most

    def find(self) -> Found:
        terms = [part.listed for part in self.parts if isinstance(part, _OfList)]
        others = [part for part in self.parts if not isinstance(part, _OfList)]
        if terms and terms[0].most <= self.parts[0].most:
            found = meet(terms, self.leaves.scratch)
        else:
            found = others.pop(0).find()
            narrow(found, terms, self.leaves.scratch)
        for part in others:
            if not len(found.units):
                return found
            found.keep(part.within(found.units))
        for part in self.without:
            if len(found.units):
                found.keep(_others(part.within(found.units), len(found.units)))
        return found

    def within(self, units: I64) -> I64:
        which = np.arange(len(units))
        for part in self.parts:
            which = which.take(part.within(units.take(which)))
        for part in self.without:
            which = which.take(_others(part.within(units.take(which)), len(which)))
        return which


class _Any(_Set):
    """What any of some sets holds."""

    def __init__(self, leaves: Leaves, parts: Sequence[_Set]) -> None:
        self.leaves = leaves
        self.parts = parts
        self.most = sum(part.most for part in parts)

    def units(self) -> I64:
        found = [part.units() for part in self.parts if part.most]
        return union([units for units in found if len(units)], self.leaves.view.segment.paragraphs)

    def within(self, units: I64) -> I64:
        held = np.zeros(len(units), np.bool_)
        for part in self.parts:
            if part.most:
                held[part.within(units)] = True
        return held.nonzero()[0]


class _Every(_Set):
    """Every live paragraph, but for those of some sets."""

    def __init__(self, leaves: Leaves, without: Sequence[_Set]) -> None:
        self.leaves = leaves
        self.without = without
        self.most = leaves.view.segment.paragraphs

    def units(self) -> I64:
        live = self.leaves.view.live_paragraphs
        left = np.ones(self.most, np.bool_) if live is None else live.copy()
        for part in self.without:
            left[part.units()] = False
        return left.nonzero()[0]

    def within(self, units: I64) -> I64:
        held = np.ones(len(units), np.bool_)
        for part in self.without:
            held[part.within(units)] = False
        return held.nonzero()[0]


def _others(which: I64, count: int) -> I64:
    """The numbers below `count` that are not among `which`."""
    left = np.ones(count, np.bool_)
    left[which] = False
    return left.nonzero()[0]


def _set_of(leaves: Leaves, node: Node) -> _Set:
    if isinstance(node, Placed):
        return _of_leaf(leaves, node)
    if isinstance(node, Or):
        parts = []
        for child in node.children:
            parts.append(_set_of(leaves, child))
            if leaves.deadline.enough():
                break
        return _any_of(leaves, parts)
    children = node.children if isinstance(node, And) else (node,)
    if not children:
        return _any_of(leaves, [])
    without = [_set_of(leaves, child.child) for child in children if isinstance(child, Not)]
    parts = [_set_of(leaves, child) for child in children if not isinstance(child, Not | Every)]
    if not parts:
        return _Every(leaves, without)
    return parts[0] if len(parts) == 1 and not without else _All(leaves, parts, without)


def _of_leaf(leaves: Leaves, node: Placed) -> _Set:
    if node.field in _SPREAD:
        return _OfUnits(leaves, leaves.beneath(node, node.field))
    parts: list[_Set] = [_OfList(leaves, listed) for listed in leaves.text(node)]
    if node.field is FieldName.ANY and leaves.view.segment.has_headings:
        for field in _SPREAD:
            if leaves.deadline.enough():
                break
            parts += [_OfUnits(leaves, units) for units in leaves.paragraphs(node, field)]
    return _any_of(leaves, parts)


def _any_of(leaves: Leaves, parts: Sequence[_Set]) -> _Set:
    return parts[0] if len(parts) == 1 else _Any(leaves, parts)
