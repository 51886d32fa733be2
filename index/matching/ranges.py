"""Where words and phrases lie, as ranges of positions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..arrays import I64, Bool, union
from ..query import Or, Phrase, Word, words_of

if TYPE_CHECKING:
    from ..field import Field
    from ..leaves import Leaves

__all__ = ["UNIT_BITS", "Place", "Ranges", "floor_of", "languages_of"]

UNIT_BITS = np.int64(32)


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges of positions in some units: from the first word to the last, both `index of unit << 32 |
    position`. Sorted by (last, first), distinct, equally long."""

    first: I64
    last: I64

    def __len__(self) -> int:
        return len(self.last)

    def take(self, which: I64 | Bool) -> Ranges:
        return Ranges(self.first[which], self.last[which])


@dataclass(frozen=True, slots=True)
class Place:
    """The field of one language in a view, and in it the units that are looked at (sorted, distinct)."""

    leaves: Leaves
    field: Field
    language: str
    kind: str
    units: I64

    @classmethod
    def of_all(cls, nodes: Iterable[Word | Phrase | Or], leaves: Leaves, language: str, kind: str) -> Place:
        """The units in which all nodes can stand: those with all their words, however these are spelt."""
        field = leaves.view.segment.field(kind, language)
        assert field is not None
        units: I64 | None = None
        for node in dict.fromkeys(nodes):
            here = _possible(node, leaves, language, kind)
            units = here if units is None else units[leaves.locate(units, here, kind)[0]]
            if not len(units):
                break
        return cls(leaves, field, language, kind, np.empty(0, np.int64) if units is None else units)

    def ranges(self, node: Word | Phrase | Or) -> Ranges:
        """All ranges of the node in the units; of a phrase the shortest for each end."""
        if isinstance(node, Word):
            keys = self._keys(node)
            return Ranges(keys, keys)
        if isinstance(node, Phrase):
            return self._phrase(node)
        parts = [self.ranges(child) for child in node.children if isinstance(child, Word | Phrase)]
        if not parts:
            return Ranges(np.empty(0, np.int64), np.empty(0, np.int64))
        first = np.concatenate([part.first for part in parts])
        last = np.concatenate([part.last for part in parts])
        order = np.lexsort((first, last))
        first, last = first[order], last[order]
        new = np.append(True, (first[1:] != first[:-1]) | (last[1:] != last[:-1]))[: len(first)]
        return Ranges(first[new], last[new])

    def _phrase(self, phrase: Phrase) -> Ranges:
        empty = np.empty(0, np.int64)
        if not phrase.words:
            return Ranges(empty, empty)
        keys = self._keys(phrase.words[0])
        found = Ranges(keys, keys)
        for word in phrase.words[1:]:
            keys = self._keys(word)
            before = found.last.searchsorted(keys) - 1
            least = np.maximum(keys - (1 + phrase.slop), floor_of(keys))
            follows = (before >= 0) & (found.last.take(before, mode="clip") >= least) if len(found) else None
            if follows is None or not follows.any():
                return Ranges(empty, empty)
            found = Ranges(found.first[before[follows]], keys[follows])
        return found

    def _keys(self, word: Word) -> I64:
        return self.leaves.keys(word, self.field, self.language, self.units, self.kind)


def floor_of(keys: I64) -> I64:
    """Position 0 of the unit of each key."""
    return (keys >> UNIT_BITS) << UNIT_BITS


def languages_of(node: Word | Phrase | Or) -> set[str]:
    """Languages in which the node can stand."""
    if isinstance(node, Or):
        return {
            code
            for child in node.children
            if isinstance(child, Word | Phrase)
            for code in languages_of(child)
        }
    words = [{term.language for term in word.terms} for word in words_of(node)]
    return set.intersection(*words) if words else set()


def _possible(node: Word | Phrase | Or, leaves: Leaves, language: str, kind: str) -> I64:
    if isinstance(node, Or):
        bound = leaves.bound(kind)
        parts = [
            _possible(child, leaves, language, kind)
            for child in node.children
            if isinstance(child, Word | Phrase) and language in languages_of(child)
        ]
        return union([part for part in parts if len(part)], bound)
    units: I64 | None = None
    for word in words_of(node):
        here = leaves.units(replace(word, spelling=None), kind, language)
        units = here if units is None else units[leaves.locate(units, here, kind)[0]]
    return np.empty(0, np.int64) if units is None else units
