"""Acronyms that the documents themselves explain, in queries and as a list.

A word of a query that is such an acronym also finds what it stands for, as a phrase, and words in a row that
it stands for also find the acronym, at a low weight. `Index.acronyms` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..corpus.citation import Citation, words_hash
from ..errors import QueryError
from ..index.acronyms import Acronyms
from ..index.query import FieldName, Request, Scope, Word
from ..index.records import Explained, Passage
from .engine import Engine
from .patterns import is_pattern
from .synonyms import Applied, Synonyms, key_of, written
from .syntax import Chunk, Quoted, Syntax, leaves

if TYPE_CHECKING:
    from ..index.where import Filter

__all__ = ["WEIGHT", "Acronym", "acronyms", "with_acronyms"]

WEIGHT = 0.3
"""Weight of an acronym's long form, and of the acronym where its long form was typed."""

_MOST_FORMS = 4  # of one acronym, in a query
_MOST_ADDED = 40  # to one query
_LONGEST = 12  # words in a row that are looked up together
_LOOKED_AT = 8  # paragraphs that tell whether a word in small letters is an acronym
_NAMED = 3
_REMEMBERED = 1024  # words of which that is known at once
_SHORTEST = 3  # letters of an acronym in small letters


@dataclass(frozen=True, slots=True)
class Acronym:
    """An acronym and words that it stands for. paragraphs: how many explain it, once for each way of writing;
    citation: of one of them, in the document `key`."""

    short: str
    long: str
    paragraphs: int
    key: str
    citation: str


def acronyms(engine: Engine, prefix: str = "", *, where: Filter | None = None) -> tuple[Acronym, ...]:
    """The acronyms that begin so (capitals aside), in alphabetical order, the most frequent words first.

    QueryError for a prefix that is no text."""
    if not isinstance(prefix, str):
        raise QueryError(f"the beginning is a {type(prefix).__name__}, not text", hint="Give it as a str")
    if where is not None:
        engine = engine.restricted(where)
    told = engine.acronyms().listed(prefix)
    passages = engine.passages([each.first() for each in told])
    return tuple(_listed(each, passage) for each, passage in zip(told, passages, strict=True))


def _listed(told: Explained, passage: Passage) -> Acronym:
    page = None if passage.page is None else passage.page + 1
    cited = Citation(
        passage.ref.key, passage.section, passage.paragraph.ordinal, words_hash(passage.text), page
    )
    return Acronym(told.short, told.long, told.paragraphs, passage.ref.key, str(cited))


def with_acronyms(engine: Engine, tree: Syntax, synonyms: Synonyms | None) -> tuple[Syntax, tuple[str, ...]]:
    """The tree with what acronyms in it stand for, and with acronyms for words in it, and what to tell of it.

    What is excluded, exact or a pattern stays as it is, and so do words that have synonyms.
    """
    applied = _Applied(engine, tree, synonyms)
    tree = applied.tree(tree, WEIGHT)
    if not applied.told:
        return tree, ()
    named = list(dict.fromkeys(applied.told))
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return tree, (f"Searched also for {', '.join(named[:_NAMED])}{more}, as the documents explain",)


class _Applied(Applied):
    """One pass over a tree; `told` gathers what is searched for beside what was typed."""

    def __init__(self, engine: Engine, tree: Syntax, synonyms: Synonyms | None) -> None:
        self._engine = engine
        self._known: Acronyms = engine.acronyms()
        # Of several words in capitals throughout, none is an acronym for that.
        texts = [leaf.text for leaf in leaves(tree)]
        self._shouted = len(texts) > 1 and not any(map(str.islower, "".join(texts)))
        self._synonyms = synonyms
        self._left = _MOST_ADDED
        self.told: list[str] = []

    def _leaf(self, leaf: Chunk | Quoted, weight: float) -> list[Syntax]:
        if not _is_plain(leaf) or self._has_synonyms(leaf.text):
            return [leaf]
        found = self._known.long_forms(leaf.text)
        if found and self._is_meant(leaf.text, found):
            return [leaf, *self._added(leaf, [each.long for each in found], leaf.text, weight)]
        return [leaf, *self._shortened(leaf, [leaf.text], weight)]

    def _rows(self, children: Sequence[Syntax], weight: float) -> Iterator[Syntax]:
        for end, last in enumerate(children):
            if isinstance(last, Chunk) and end and self._known.is_known(last.text):
                row: list[str] = []
                for child in reversed(children[max(0, end + 1 - _LONGEST) : end + 1]):
                    if not isinstance(child, Chunk) or not _is_plain(child) or child.field is not last.field:
                        break
                    row.insert(0, child.text)
                    if len(row) > 1:
                        yield from self._shortened(child, row, weight)

    def _shortened(self, leaf: Chunk | Quoted, words: Sequence[str], weight: float) -> list[Syntax]:
        if self._has_synonyms(" ".join(words)):
            return []
        found = self._known.short_forms(words)
        if not found:
            return []
        return self._added(leaf, [each.short for each in found], " ".join(words), weight)

    def _added(self, leaf: Chunk | Quoted, texts: Sequence[str], typed: str, weight: float) -> list[Syntax]:
        chosen = list(dict.fromkeys(texts))[: min(_MOST_FORMS, self._left)]
        self._left -= len(chosen)
        self.told += [f"“{text}” ({typed})" for text in chosen]
        return [written(leaf, text, weight) for text in chosen]

    def _has_synonyms(self, text: str) -> bool:
        return self._synonyms is not None and key_of(text) in self._synonyms.rules

    def _is_meant(self, word: str, found: Sequence[Explained]) -> bool:
        """Whether the acronym is meant, and not a word that is spelt like it: it has its capitals, or stands
        everywhere with them."""
        if not self._shouted and any(word.startswith(each.short) for each in found):
            return True
        letters = [char for char in word if char.isalpha()]
        if not self._shouted and 2 * sum(map(str.isupper, letters)) > len(letters) > 1:
            return True
        return len(letters) >= _SHORTEST and self._stands_in_capitals(word.casefold(), found)

    def _stands_in_capitals(self, word: str, found: Sequence[Explained]) -> bool:
        """word: in small letters."""
        meant = self._known.meant
        if word not in meant:
            if len(meant) >= _REMEMBERED:
                meant.clear()
            meant[word] = self._is_written_so(word, found)
        return meant[word]

    def _is_written_so(self, word: str, found: Sequence[Explained]) -> bool:
        languages = sorted(self._engine.statistics().languages)
        terms = tuple(term for code in languages for term in self._engine.analyse(word, code))
        asked = Word(word, terms, FieldName.TEXT)
        answer = self._engine.answer(Request(asked, Scope.PARAGRAPH, (), limit=_LOOKED_AT))
        forms = "|".join(sorted({re.escape(each.short) for each in found}))
        capitals = re.compile(rf"(?<!\w)(?:{forms})(?!\w{{2}})")
        # One by one: for most words the first text tells.
        texts = (each.text for hit in answer.hits for each in self._engine.spoken([hit.ref]))
        return all(map(capitals.search, texts))


def _is_plain(leaf: Chunk | Quoted) -> bool:
    edits = leaf.edits if isinstance(leaf, Chunk) else leaf.slop
    return not (leaf.exact or edits or is_pattern(leaf.text))
