"""What a query means in an index: its words analysed in every language that the index holds.

Common words (articles, prepositions: the stop lists) are left out of what is matched and scored while other
words remain beside them. They are kept where they are asked for: in quotation marks, under AND, NOT or `+`,
in a named field, with a star, and as acronyms (`WHO rules`, `U.S. law`). Which words are common depends on
the index: those in the stop list of the language that most paragraphs are in, and those of its other
languages that in truth stand in more than a tenth of all paragraphs. So `die` is searched for in an English
index with some German documents, but not in one that is half German.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..corpus.languages import stop_words
from ..errors import QueryTooCostly
from ..index.analysis.normal import fold, normalise
from ..index.analysis.tokens import Token, asked, is_lone_sign, tokenize
from ..index.query import And, Every, FieldName, Node, Not, Or, Phrase, Term, Word
from .engine import Engine
from .grammar import parse
from .signs import has_signs, parted
from .syntax import AllOf, AnyOf, Chunk, Except, Preferring, Quoted, Syntax, all_of, any_of, leaves

__all__ = ["MAX_EXPANSIONS", "MAX_PREFIXES", "Leaf", "Question", "read"]

MAX_EXPANSIONS = 200
"""Terms that a prefix stands for at most, in each language."""

MAX_OF_SIGN = 4_000
"""Pairs of signs that a single one (of Chinese, for instance) stands for as their first, in each language."""

MAX_PREFIXES = 50
"""Different words with a star in one query."""

_OFTEN = 0.1  # of all paragraphs: matching them all would bury the rest
_NAMED = 8  # common words named in a notice


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase that is asked for (one that is excluded is not).

    common: a word of the stop lists. at: the place of its first word among all words that were typed.
    """

    node: Word | Phrase
    common: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """A query as an index reads it.

    tree: without the common words that were left out.
    match: the same for an engine; every And in it has a child that is no Not, and no Not stands elsewhere.
    leaves: in the order of the query.
    """

    tree: Syntax
    match: Node
    leaves: tuple[Leaf, ...]
    notices: tuple[str, ...]


def read(engine: Engine, query: str, *, keep_common: bool = False) -> Question:
    """Read a query. keep_common: leave no word out. Raises QuerySyntax when it holds no word, QueryTooCostly
    beyond the limits."""
    parsed = parse(query)
    if keep_common:
        return _question(engine, parsed.tree, frozenset(), parsed.notices, {})
    common = _CommonWords(engine, parsed.tree)
    tree = _without_common(parsed.tree, common)
    notices = (*parsed.notices, *_left_out(parsed.tree, tree))
    if has_signs(query):
        tree, more = parted(engine, tree)
        notices = (*notices, *more)
    return _question(engine, tree, common, notices, _places(parsed.tree))


def _places(tree: Syntax) -> dict[tuple[int, int], int]:
    """By the span of a leaf, how many words stand before it."""
    found: dict[tuple[int, int], int] = {}
    words = 0
    for leaf in leaves(tree):
        found[leaf.span] = words
        words += sum(1 for _ in tokenize(leaf.text))
    return found


def _question(
    engine: Engine,
    tree: Syntax,
    common: Container[Syntax],
    notices: tuple[str, ...],
    places: Mapping[tuple[int, int], int],
) -> Question:
    reader = _Reader(engine, common)
    match = _standing(reader.node(tree))
    asked = tuple(reader.leaf(leaf, places.get(leaf.span, 0)) for leaf in leaves(tree, excluded=False))
    return Question(tree, match, asked, (*notices, *reader.notices))


def _left_out(before: Syntax, after: Syntax) -> Iterator[str]:
    kept = {leaf.span for leaf in leaves(after)}
    words = list(dict.fromkeys(f"“{leaf.text}”" for leaf in leaves(before) if leaf.span not in kept))
    if not words:
        return
    noun = "word" if len(words) == 1 else "words"
    if len(words) > _NAMED:
        words[_NAMED:] = [f"{len(words) - _NAMED} more"]
    named = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    yield f"Left out the common {noun} {named}; quotation marks keep such words"


class _CommonWords:
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
        if not isinstance(leaf, Chunk):
            return False
        found = self._chunks.get(leaf.text)
        if found is None:
            words = (normalise(token.raw) for token in tokenize(leaf.text))
            found = self._chunks[leaf.text] = "*" not in leaf.text and all(map(self._is_common, words))
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


def _without_common(tree: Syntax, common: _CommonWords) -> Syntax:
    """The tree without its common words; acronyms that are spelt like one stand in quotation marks."""
    match tree:
        case Chunk() if tree in common and common.is_acronym(tree):
            return Quoted(tree.text, tree.field, tree.span)
        case AnyOf():
            return any_of(_rest(tree.children, common) or tree.children)
        case AllOf():
            return all_of(_without_common(child, common) for child in tree.children)
        case Except():
            return Except(_without_common(tree.child, common))
        case Preferring():
            required = tuple(_without_common(child, common) for child in tree.required)
            optional = _rest(tree.optional, common)
            return Preferring(required, optional) if optional else all_of(required)
    return tree


def _rest(children: Sequence[Syntax], common: _CommonWords) -> tuple[Syntax, ...]:
    """The children without those that are bare common words."""
    parts = (_without_common(child, common) for child in children)
    return tuple(
        part
        for part in parts
        if not (isinstance(part, Chunk) and part.field is FieldName.ANY and part in common)
    )


class _Reader:
    """Turns syntax into nodes of the query tree; `notices` gathers what was cut short."""

    def __init__(self, engine: Engine, common: Container[Syntax]) -> None:
        self._engine = engine
        self._common = common
        self._languages = sorted(engine.statistics().languages)
        self._expansions: dict[str, tuple[Term, ...]] = {}
        self._analysed: dict[str, tuple[Term, ...]] = {}
        self._read: dict[Chunk | Quoted, Word | Phrase] = {}
        self.notices: list[str] = []

    def node(self, tree: Syntax) -> Node:
        match tree:
            case Chunk() | Quoted():
                return self._leaf(tree)
            case AnyOf():
                return Or(tuple(_standing(self.node(child)) for child in tree.children))
            case AllOf():
                return _standing(And(tuple(self.node(child) for child in tree.children)))
            case Except():
                return Not(_standing(self.node(tree.child)))
            case Preferring():
                return self.node(all_of(tree.required))

    def leaf(self, leaf: Chunk | Quoted, at: int) -> Leaf:
        return Leaf(self._leaf(leaf), leaf in self._common, at)

    def _leaf(self, leaf: Chunk | Quoted) -> Word | Phrase:
        found = self._read.get(leaf)
        if found is None:
            found = self._read[leaf] = self._analyse(leaf)
        return found

    def _analyse(self, leaf: Chunk | Quoted) -> Word | Phrase:
        words = tuple(self._word(leaf, token) for token in asked(leaf.text))
        return words[0] if len(words) == 1 else Phrase(leaf.text, words, field=leaf.field)

    def _word(self, leaf: Chunk | Quoted, token: Token) -> Word:
        if leaf.text[token.end : token.end + 1] == "*":
            return Word(f"{token.raw}*", self._expand(token.raw), leaf.field)
        if is_lone_sign(token.raw):
            return Word(token.raw, self._expand(token.raw, MAX_OF_SIGN), leaf.field)
        return Word(token.raw, self._terms(token.raw), leaf.field)

    def _terms(self, raw: str) -> tuple[Term, ...]:
        word = normalise(raw)
        found = self._analysed.get(word)
        if found is None:
            # Terms of different languages differ.
            found = tuple(term for code in self._languages for term in self._engine.analyse(word, code))
            self._analysed[word] = found
        return found

    def _expand(self, raw: str, most: int = MAX_EXPANSIONS) -> tuple[Term, ...]:
        prefix = fold(normalise(raw))
        if prefix in self._expansions:
            return self._expansions[prefix]
        if len(self._expansions) == MAX_PREFIXES:
            raise QueryTooCostly(
                f"the query holds more than {MAX_PREFIXES} different words with a star",
                hint="Leave out stars, or search for fewer words at a time",
            )
        found = [self._engine.prefix(prefix, code, most) for code in self._languages]
        terms = tuple(term for some, _ in found for term in some)
        total = sum(count for _, count in found)
        if total > len(terms):
            some = f"the {len(terms):,} most frequent of the {total:,} words"
            self.notices.append(f"Searched for {some} that “{raw}*” stands for")
        self._expansions[prefix] = terms
        return terms


def _standing(node: Node) -> Node:
    """The node, as one that does not consist of exclusions only."""
    children = node.children if isinstance(node, And) else (node,)
    return And((Every(), *children)) if all(isinstance(child, Not) for child in children) else node
