"""Which words of a query are common ones, and which of these are left out.

Common words (articles, prepositions: the stop lists) are left out of what is matched and scored while other
words remain beside them. They are kept where they are asked for: in quotation marks, under AND, NOT or `+`,
in a named field, with a star, and as acronyms (`WHO rules`, `U.S. law`). Which words are common depends on
the index: those in the stop list of the language that most paragraphs are in, and those of its other
languages that in truth stand in more than a tenth of all paragraphs. So `die` is searched for in an English
index with some German documents, but not in one that is half German.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..corpus.languages import stop_words
from ..index.analysis.normal import normalise
from ..index.analysis.tokens import tokenize
from ..index.query import FieldName, Word
from .engine import Engine
from .patterns import is_pattern
from .syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Chunk,
    Except,
    Preferring,
    Quoted,
    Scoped,
    Syntax,
    all_of,
    any_of,
    boosted,
    leaves,
)

__all__ = ["CommonWords", "left_out", "without_common"]

_OFTEN = 0.1  # of all paragraphs: matching them all would bury the rest
_NAMED = 8  # common words named in a notice


class CommonWords:
    """Tells which chunks of a query are common words in an index."""

    def __init__(self, engine: Engine, tree: Syntax) -> None:
        self._engine = engine
        statistics = engine.statistics()
        self._paragraphs = statistics.paragraphs
        by_size = sorted(statistics.languages, key=lambda code: (-statistics.languages[code], code))
        self._main, self._others = by_size[:1], by_size[1:]
        # A query in capitals throughout says nothing about which of its words are acronyms.
        self._shouted = not any(char.islower() for leaf in leaves(tree) for char in leaf.text)
        self._known: dict[str, bool] = {}
        self._chunks: dict[str, bool] = {}

    def __contains__(self, leaf: object) -> bool:
        """Is it a chunk, without a star, that holds common words only (`the`, `and/or`)?"""
        if not isinstance(leaf, Chunk) or leaf.exact or leaf.edits:
            return False
        found = self._chunks.get(leaf.text)
        if found is None:
            words = (normalise(token.raw) for token in tokenize(leaf.text))
            found = self._chunks[leaf.text] = not is_pattern(leaf.text) and all(map(self._is_common, words))
        return found

    def is_acronym(self, leaf: Chunk) -> bool:
        return "." in leaf.text or (len(leaf.text) > 1 and leaf.text.isupper() and not self._shouted)

    def _is_common(self, word: str) -> bool:
        if word not in self._known:
            self._known[word] = self._decide(word)
        return self._known[word]

    def _decide(self, word: str) -> bool:
        if any(word in stop_words(language) for language in self._main):
            return True
        if not any(word in stop_words(language) for language in self._others):
            return False
        terms = (term for code in (*self._main, *self._others) for term in self._engine.analyse(word, code))
        return self._engine.frequency(Word(word, tuple(terms))) > _OFTEN * self._paragraphs


def without_common(tree: Syntax, common: CommonWords) -> Syntax:
    """The tree without its common words; acronyms that are spelt like one stand in quotation marks."""
    match tree:
        case Chunk() if tree in common and common.is_acronym(tree):
            return Quoted(tree.text, tree.field, tree.span)
        case AnyOf():
            return any_of(_rest(tree.children, common) or tree.children)
        case AllOf():
            return all_of(without_common(child, common) for child in tree.children)
        case Except():
            return Except(without_common(tree.child, common))
        case Boosted():
            return boosted(without_common(tree.child, common), tree.weight)
        case Scoped():
            return Scoped(without_common(tree.child, common), tree.unit)
        case Preferring():
            required = tuple(without_common(child, common) for child in tree.required)
            optional = _rest(tree.optional, common)
            return Preferring(required, optional) if optional else all_of(required)
    return tree


def _rest(children: Sequence[Syntax], common: CommonWords) -> tuple[Syntax, ...]:
    """The children without those that are bare common words."""
    parts = (without_common(child, common) for child in children)
    return tuple(
        part
        for part in parts
        if not (isinstance(part, Chunk) and part.field is FieldName.ANY and part in common)
    )


def left_out(before: Syntax, after: Syntax) -> Iterator[str]:
    """What to say of the words that stand in the one tree and not in the other."""
    kept = {leaf.span for leaf in leaves(after)}
    words = list(dict.fromkeys(f"“{leaf.text}”" for leaf in leaves(before) if leaf.span not in kept))
    if not words:
        return
    noun = "word" if len(words) == 1 else "words"
    if len(words) > _NAMED:
        words[_NAMED:] = [f"{len(words) - _NAMED} more"]
    named = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    yield f"Left out the common {noun} {named}; quotation marks keep such words"
