"""Questions asked of single sentences: their text is read again, of those paragraphs that have the words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate

import numpy as np

from ...corpus.sentences import sentences
from ..arrays import I64, Bool, distinct, union
from ..leaves import Leaves
from ..query import (
    And,
    AndMaybe,
    Boost,
    Constant,
    Every,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Within,
    Word,
    meaning,
    walk,
)
from .ranges import UNIT_BITS, Place, languages_of
from .reread import Reread, reread

__all__ = ["MARKS", "in_sentence", "sentence_starts"]

MARKS = b".!?\n\xe2\xd8\xe3\xef"
"""Between two sentences stands one of these bytes, the last four of them as the first ones of `…`, `؟`, `。`
and `？`."""

_MARKS = bytes(byte in MARKS for byte in range(256))
_POSITIONS = (np.int64(1) << UNIT_BITS) - 1


def in_sentence(leaves: Leaves, node: Within) -> I64:
    """The paragraphs (sorted) with a sentence in which all children stand."""
    tree = And(node.children)
    segment = leaves.view.segment
    found = []
    for language in segment.languages:
        paragraphs = _possible(leaves, tree, language)
        if paragraphs is None:
            paragraphs = _all(leaves, language)
        for batch in reread(segment, "text", paragraphs):
            units = paragraphs[batch.begin : batch.end]
            found.append(units[_Batch(leaves, batch, units, language).matching(tree)])
            if leaves.deadline.enough():
                break
    return union([part for part in found if len(part)], segment.paragraphs)


def _all(leaves: Leaves, language: str) -> I64:
    segment = leaves.view.segment
    of_language = segment.language_of == segment.languages.index(language)
    if leaves.view.live_documents is not None:
        of_language = of_language & leaves.view.live_documents
    return np.flatnonzero(of_language[segment.document_of])


def _possible(leaves: Leaves, node: Node, language: str) -> I64 | None:
    """Paragraphs of the language that have the words for a matching sentence; None: all may."""
    match node:
        case Word() | Phrase():
            if language not in languages_of(node) or leaves.view.segment.field("text", language) is None:
                return np.empty(0, np.int64)
            return Place.of_all([node], leaves, language, "text").units
        case And(children):
            parts = [part for child in children if (part := _possible(leaves, child, language)) is not None]
            if not parts:
                return None if children else np.empty(0, np.int64)
            units = parts[0]
            for part in parts[1:]:
                units = units[leaves.locate(units, part, "text")[0]]
            return units
        case Or(children):
            either = [_possible(leaves, child, language) for child in children]
            some = [part for part in either if part is not None]
            if len(some) < len(either):
                return None
            return union([part for part in some if len(part)], leaves.bound("text"))
        case AndMaybe(required=child) | Boost(child) | Constant(child):
            return _possible(leaves, child, language)
        case Not() | Every() | Near() | Within():
            return None


class _Batch:
    """Some paragraphs, their words, and where among these the leaves of a question stand."""

    def __init__(self, leaves: Leaves, batch: Reread, units: I64, language: str) -> None:
        self._leaves = leaves
        self._batch = batch
        self._units = units
        self._language = language
        self._known: dict[object, tuple[I64, I64]] = {}

    def matching(self, node: Node) -> Bool:
        """Which of the paragraphs have a matching sentence."""
        begins = self._batch.begins
        if any(isinstance(each, Not) for each in walk(node)):
            return self._with(node, self._sentences(range(len(begins))))
        # What stands together in a part of a sentence does so in the sentence: few are left to be cut well.
        parts = np.frombuffer(self._batch.buffer.translate(_MARKS), np.bool_).nonzero()[0]
        parts = parts[parts >= begins[0]]
        found = self._with(node, _merged(begins, parts))
        rest = self._sentences((~found).nonzero()[0].tolist())
        return found | self._with(node, _merged(begins, rest))

    def _sentences(self, paragraphs: Iterable[int]) -> I64:
        """Where the sentences of some paragraphs begin."""
        found = [
            self._batch.begins[at]
            + np.array(sentence_starts(self._batch.texts[at], self._language), np.int64)
            for at in paragraphs
        ]
        return np.concatenate(found) if found else np.empty(0, np.int64)

    def _with(self, node: Node, starts: I64) -> Bool:
        """Which paragraphs have a matching one of the stretches that begin at `starts` (sorted, distinct)."""
        matching = starts[self._mask(node, starts)]
        of = self._batch.begins.searchsorted(matching, side="right") - 1
        return np.bincount(of, minlength=len(self._units)) > 0

    def _mask(self, node: Node, starts: I64) -> Bool:
        match node:
            case Word() | Phrase():
                mask = np.zeros(len(starts), np.bool_)
                first, last = (starts.searchsorted(ends, side="right") - 1 for ends in self._ends(node))
                mask[first[first == last]] = True
                return mask
            case Not(child):
                return ~self._mask(child, starts)
            case And(children) | Or(children):
                return self._combined(children, starts, every=isinstance(node, And))
            case AndMaybe(required=child) | Boost(child) | Constant(child):
                return self._mask(child, starts)
            case Every():
                return np.ones(len(starts), np.bool_)
            case Near() | Within():
                raise AssertionError("refused when the question was made")

    def _combined(self, children: Sequence[Node], starts: I64, *, every: bool) -> Bool:
        if not children:
            return np.zeros(len(starts), np.bool_)
        combined = self._mask(children[0], starts)
        for child in children[1:]:
            other = self._mask(child, starts)
            combined = combined & other if every else combined | other
        return combined

    def _ends(self, node: Word | Phrase) -> tuple[I64, I64]:
        """Where the first and the last word of each occurrence of the node begin."""
        key = meaning(node)
        if key not in self._known:
            field = self._leaves.view.segment.field("text", self._language)
            if field is None or self._language not in languages_of(node):
                self._known[key] = (np.empty(0, np.int64), np.empty(0, np.int64))
            else:
                place = Place(self._leaves, field, self._language, "text", self._units)
                ranges = place.ranges(node)
                self._known[key] = (self._begin(ranges.first), self._begin(ranges.last))
        return self._known[key]

    def _begin(self, keys: I64) -> I64:
        words = self._batch.words(keys >> UNIT_BITS, keys & _POSITIONS)
        return np.asarray(self._batch.starts[words])


def _merged(left: I64, right: I64) -> I64:
    return distinct(np.sort(np.concatenate((left, right))))


def sentence_starts(text: bytes, language: str) -> list[int]:
    """Where the sentences of a text begin, in bytes."""
    string = text.decode()
    starts = [start for start, _ in sentences(string, language=language)]
    if len(string) == len(text):
        return starts
    sizes = [len(string[start:end].encode()) for start, end in zip([0, *starts[:-1]], starts, strict=True)]
    return list(accumulate(sizes))
