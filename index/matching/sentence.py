"""Questions asked of single sentences: their text is read again, of those paragraphs that have the words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...corpus.sentences import sentences
from ..arrays import I64, Bool, union
from ..leaves import Leaves
from ..query import And, AndMaybe, Boost, Constant, Every, Near, Node, Not, Or, Phrase, Within, Word
from .ranges import UNIT_BITS, Place, languages_of
from .reread import Reread, reread

__all__ = ["in_sentence"]

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
            found.append(units[_Sentences(leaves, batch, units, language).units_of(tree)])
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


class _Sentences:
    """The sentences of some paragraphs: number i begins at byte `starts[i]` of the batch's buffer, in
    paragraph `units[of[i]]`."""

    def __init__(self, leaves: Leaves, batch: Reread, units: I64, language: str) -> None:
        self._leaves = leaves
        self._batch = batch
        self._units = units
        self._language = language
        starts = [_starts(text, language) for text in batch.texts]
        counts = np.fromiter(map(len, starts), np.int64, len(starts))
        self._of = np.repeat(np.arange(len(starts)), counts)
        flat = np.fromiter((start for some in starts for start in some), np.int64, int(counts.sum()))
        self._starts = flat + batch.begins[self._of]

    def units_of(self, node: Node) -> Bool:
        """Which of the paragraphs have a matching sentence."""
        return np.bincount(self._of[self._mask(node)], minlength=len(self._units)) > 0

    def _mask(self, node: Node) -> Bool:
        match node:
            case Word() | Phrase():
                return self._leaf(node)
            case Not(child):
                return ~self._mask(child)
            case And(children) | Or(children):
                return self._combined(children, every=isinstance(node, And))
            case AndMaybe(required=child) | Boost(child) | Constant(child):
                return self._mask(child)
            case Every():
                return np.ones(len(self._starts), np.bool_)
            case Near() | Within():
                raise AssertionError("refused when the question was made")

    def _combined(self, children: Sequence[Node], *, every: bool) -> Bool:
        if not children:
            return np.zeros(len(self._starts), np.bool_)
        combined = self._mask(children[0])
        for child in children[1:]:
            combined = combined & self._mask(child) if every else combined | self._mask(child)
        return combined

    def _leaf(self, node: Word | Phrase) -> Bool:
        mask = np.zeros(len(self._starts), np.bool_)
        field = self._leaves.view.segment.field("text", self._language)
        if field is None or self._language not in languages_of(node):
            return mask
        ranges = Place(self._leaves, field, self._language, "text", self._units).ranges(node)
        first, last = self._of_words(ranges.first), self._of_words(ranges.last)
        mask[first[first == last]] = True
        return mask

    def _of_words(self, keys: I64) -> I64:
        """The sentence in which each word begins."""
        words = self._batch.words(keys >> UNIT_BITS, keys & _POSITIONS)
        return np.asarray(self._starts.searchsorted(self._batch.starts[words], side="right") - 1)


def _starts(text: bytes, language: str) -> list[int]:
    """Where the sentences of a text begin, in bytes."""
    string = text.decode()
    starts = [start for start, _ in sentences(string, language=language)]
    if len(string) == len(text):
        return starts
    sizes = [len(string[start:end].encode()) for start, end in zip([0, *starts[:-1]], starts, strict=True)]
    return np.cumsum(sizes).tolist() if sizes else []
