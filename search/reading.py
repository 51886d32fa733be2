"""What a query means in an index: its words analysed in every language that the index holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from ..errors import QueryTooCostly
from ..index.analysis.normal import fold, normalise
from ..index.analysis.tokens import Token, is_lone_sign, tokenize
from ..index.deadline import is_over
from ..index.query import (
    And,
    Every,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Spelling,
    Term,
    Within,
    Word,
)
from .common_words import CommonWords, left_out, without_common
from .engine import Engine
from .grammar import Parsed, parse
from .patterns import folded_pattern, is_pattern, parts
from .signs import has_signs, parted
from .syntax import (
    AllOf,
    AnyOf,
    Boosted,
    Chunk,
    Except,
    Narrowed,
    Nearby,
    Preferring,
    Quoted,
    Scoped,
    Syntax,
    all_of,
    children_of,
    leaves,
    render,
)

if TYPE_CHECKING:
    from ..index.where import Filter
    from .synonyms import Synonyms

__all__ = ["MAX_EXPANSIONS", "MAX_PREFIXES", "Leaf", "Question", "ReadOptions", "read"]

MAX_EXPANSIONS = 200
"""Terms that a prefix stands for at most, in each language."""

MAX_OF_SIGN = 4_000
"""Pairs of signs that a single one (of Chinese, for instance) stands for as their first, in each language."""

MAX_PREFIXES = 50
"""Different words with a star in one query."""

Find = Callable[[str, str, int], tuple[tuple[Term, ...], int]]
"""Terms for a word in a language, at most so many, and how many there are."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A word or phrase that is asked for (one that is excluded is not).

    common: a word of the stop lists. at: the place of its first word among all words that were typed.
    weight: how many times it counts. near: what it must stand near to, itself included; None: anywhere.
    added: it means the same as a word that was typed, which stands before it.
    """

    node: Word | Phrase
    common: bool = False
    at: int = field(default=0, compare=False)
    weight: float = 1.0
    near: Near | None = None
    added: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A query as an index reads it.

    tree: without the common words that were left out.
    match: the same for an engine; every And in it has a child that is no Not, and no Not stands elsewhere.
    leaves: in the order of the query.
    where: the filter that the query itself names (`type:law`).
    typed: the tree without what means the same and was added. acronyms: whether these could be.
    """

    tree: Syntax
    match: Node
    leaves: tuple[Leaf, ...]
    notices: tuple[str, ...]
    where: Filter | None = None
    typed: Syntax | None = None
    acronyms: bool = True

    @property
    def asked(self) -> Syntax:
        """The tree without what was added to what was typed."""
        return self.tree if self.typed is None else self.typed


class ReadOptions(NamedTuple):
    """How a query is read.

    keep_common: leave no word out.
    strict: refuse a word that stands for more words than are searched for, instead of saying so.
    synonyms: what else to search for, which the tree shows. acronyms: also those that the documents explain,
        and what they stand for, unless no word is left out.
    deadline: as in `Request`: from then on patterns stand for no words, since no answer will be given.
    """

    keep_common: bool = False
    strict: bool = False
    synonyms: Synonyms | None = None
    acronyms: bool = True
    deadline: float | None = None


_DEFAULTS = ReadOptions()


def read(engine: Engine, query: str, options: ReadOptions = _DEFAULTS) -> Question:
    """Read a query. Raises QuerySyntax when it holds no word, QueryTooCostly beyond the limits."""
    parsed = parse(query)
    if isinstance(parsed.tree, Narrowed):
        return _narrowed(engine, parsed, parsed.tree, options)
    return _words(engine, parsed, options)


def _narrowed(engine: Engine, parsed: Parsed, root: Narrowed, options: ReadOptions) -> Question:
    """The question of a query with facts."""
    from .filtering import filter_of  # most queries say nothing of documents

    told, notices = filter_of(engine, root.facts)
    if root.child is None:
        return Question(root, Every(), (), (*parsed.notices, *notices), told)
    question = _words(engine, Parsed(root.child, (*parsed.notices, *notices)), options, told)
    typed = None if question.typed is None else Narrowed(question.typed, root.facts)
    return replace(question, tree=Narrowed(question.tree, root.facts), typed=typed)


def _words(engine: Engine, parsed: Parsed, options: ReadOptions, where: Filter | None = None) -> Question:
    synonyms = options.synonyms
    if options.keep_common:
        tree, more = synonyms.applied(parsed.tree) if synonyms else (parsed.tree, ())
        return _question(_Reader(engine, (), options), tree, (*parsed.notices, *more), {}, where)
    common = CommonWords(engine, parsed.tree)
    tree = without_common(parsed.tree, common)
    notices = (*parsed.notices, *left_out(parsed.tree, tree))
    if any(has_signs(leaf.text) for leaf in leaves(parsed.tree)):
        tree, more = parted(engine, tree)
        notices = (*notices, *more)
    typed = tree
    if options.acronyms:
        tree, more = _with_acronyms(engine, tree, synonyms)
        notices = (*notices, *more)
    if synonyms:
        tree, more = synonyms.applied(tree)
        notices = (*notices, *more)
    question = _question(_Reader(engine, common, options), tree, notices, _places(parsed.tree), where)
    return replace(question, typed=typed, acronyms=options.acronyms)


def _with_acronyms(engine: Engine, tree: Syntax, synonyms: Synonyms | None) -> tuple[Syntax, tuple[str, ...]]:
    known = engine.acronyms()
    if not any(known.is_known(leaf.text) for leaf in leaves(tree, excluded=False)):
        return tree, ()
    from .acronyms import with_acronyms  # most queries hold none

    return with_acronyms(engine, tree, synonyms)


def _places(tree: Syntax) -> dict[tuple[int, int], int]:
    """By the span of a leaf, how many words stand before it."""
    found: dict[tuple[int, int], int] = {}
    words = 0
    for leaf in leaves(tree):
        found[leaf.span] = words
        words += sum(1 for _ in tokenize(leaf.text))
    return found


def _question(
    reader: _Reader,
    tree: Syntax,
    notices: tuple[str, ...],
    places: Mapping[tuple[int, int], int],
    where: Filter | None,
) -> Question:
    match = _standing(reader.node(tree))
    asked = []
    spans: set[tuple[int, int]] = set()
    for leaf, weight, near in _asked(tree):
        found = reader.leaf(leaf, places.get(leaf.span, 0), weight, near)
        asked.append(replace(found, added=True) if leaf.span in spans else found)
        spans.add(leaf.span)
    return Question(tree, match, tuple(asked), (*notices, *reader.notices), where)


def _asked(tree: Syntax) -> Iterator[tuple[Chunk | Quoted, float, Nearby | None]]:
    """What is asked for, in the order of the query, with its weight and what it must be near to."""
    stack: list[tuple[Syntax, float, Nearby | None]] = [(tree, 1.0, None)]
    while stack:
        node, weight, near = stack.pop()
        if isinstance(node, Chunk | Quoted):
            yield node, weight, near
        elif not isinstance(node, Except):
            factor = node.weight if isinstance(node, Boosted) else 1.0
            within = node if isinstance(node, Nearby) else near
            stack.extend((child, weight * factor, within) for child in reversed(children_of(node)))


class _Reader:
    """Turns syntax into nodes of the query tree; `notices` gathers what was cut short."""

    def __init__(self, engine: Engine, common: Container[Syntax], options: ReadOptions) -> None:
        self._engine = engine
        self._common = common
        self._strict = options.strict
        self._deadline = options.deadline
        self._languages = sorted(engine.statistics().languages)
        self._expansions: dict[str, tuple[Term, ...]] = {}
        self._analysed: dict[str, tuple[Term, ...]] = {}
        self._read: dict[int, Word | Phrase] = {}  # by the identity of a leaf of the tree, which outlives it
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
            case Nearby():
                return self._near(tree)
            case Scoped():
                return self._within(tree)
            case Boosted():
                return self.node(tree.child)
            case Narrowed():
                return Every() if tree.child is None else self.node(tree.child)

    def leaf(self, leaf: Chunk | Quoted, at: int, weight: float, near: Nearby | None) -> Leaf:
        within = None if near is None else self._near(near)
        return Leaf(self._leaf(leaf), leaf in self._common, at, weight, within)

    def _near(self, tree: Nearby) -> Near:
        children = self._placed(tree.left), self._placed(tree.right)
        field = next(leaves(tree)).field
        return Near(render(tree), children, tree.distance, tree.ordered, field)

    def _placed(self, tree: Syntax) -> Word | Phrase | Or:
        if isinstance(tree, AnyOf):
            return Or(tuple(self._leaf(leaf) for leaf in leaves(tree)))
        return self._leaf(next(leaves(tree)))

    def _within(self, tree: Scoped) -> Within:
        inner = _standing(self.node(tree.child))
        children = inner.children if isinstance(inner, And) else (inner,)
        return Within(children, tree.unit)

    def _leaf(self, leaf: Chunk | Quoted) -> Word | Phrase:
        found = self._read.get(id(leaf))
        if found is None:
            found = self._read[id(leaf)] = self._analyse(leaf)
        return found

    def _analyse(self, leaf: Chunk | Quoted) -> Word | Phrase:
        words = tuple(self._word(leaf, token) for token in parts(leaf.text))
        if len(words) == 1:
            return words[0]
        slop = leaf.slop if isinstance(leaf, Quoted) else 0
        return Phrase(leaf.text, words, slop, leaf.field)

    def _word(self, leaf: Chunk | Quoted, token: Token) -> Word:
        raw = token.raw
        if is_pattern(raw):
            return Word(raw, self._matching(raw), leaf.field)
        if isinstance(leaf, Chunk) and leaf.edits:
            return Word(f"{raw}~{leaf.edits}", self._alike(raw, leaf.edits), leaf.field)
        if is_lone_sign(raw):
            return Word(
                raw, self._expand(raw, fold(normalise(raw)), self._engine.prefix, MAX_OF_SIGN), leaf.field
            )
        return Word(raw, self._terms(raw), leaf.field, _spelling(raw, leaf.exact))

    def _terms(self, raw: str) -> tuple[Term, ...]:
        word = normalise(raw)
        found = self._analysed.get(word)
        if found is None:
            # Terms of different languages differ.
            found = tuple(term for code in self._languages for term in self._engine.analyse(word, code))
            self._analysed[word] = found
        return found

    def _matching(self, raw: str) -> tuple[Term, ...]:
        """The terms of the words that a pattern stands for."""
        pattern = folded_pattern(raw)
        if pattern.endswith("*") and not is_pattern(pattern[:-1]):
            return self._expand(raw, pattern[:-1], self._engine.prefix)
        return self._expand(raw, pattern, self._engine.wildcard)

    def _alike(self, raw: str, edits: int) -> tuple[Term, ...]:
        def find(word: str, language: str, most: int) -> tuple[tuple[Term, ...], int]:
            return self._engine.fuzzy(word, language, edits, most)

        return self._expand(f"{raw}~{edits}", fold(normalise(raw)), find)

    def _expand(self, shown: str, key: str, find: Find, most: int = MAX_EXPANSIONS) -> tuple[Term, ...]:
        if shown in self._expansions:
            return self._expansions[shown]
        if len(self._expansions) == MAX_PREFIXES:
            raise QueryTooCostly(
                f"the query holds more than {MAX_PREFIXES} different words with `*`, `?` or `~`",
                hint="Leave out some of these, or search for fewer words at a time",
            )
        found = [find(key, code, most) for code in self._languages if not is_over(self._deadline)]
        terms = tuple(term for some, _ in found for term in some)
        total = sum(count for _, count in found)
        if total > len(terms):
            if self._strict:
                raise QueryTooCostly(
                    f"“{shown}” stands for {total:,} words; at most {most:,} are searched for",
                    hint="Write more of its letters, or search without --strict for the most frequent ones",
                )
            some = f"the {len(terms):,} most frequent of the {total:,} words"
            self.notices.append(f"Searched for {some} that “{shown}” stands for")
        self._expansions[shown] = terms
        return terms


def _spelling(raw: str, exact: str) -> Spelling | None:
    """Which occurrences of a word count: `=` its own form only, `==` its capitals, too."""
    if exact == "==":
        return Spelling((unicodedata.normalize("NFC", raw),), typed=True)
    return Spelling((normalise(raw),)) if exact else None


def _standing(node: Node) -> Node:
    """The node, as one that does not consist of exclusions only."""
    if isinstance(node, Word | Phrase):
        return node  # nearly always
    children = node.children if isinstance(node, And) else (node,)
    return And((Every(), *children)) if all(isinstance(child, Not) for child in children) else node
