"""The query tree: what `search` asks and an engine answers. Values only; words are already analysed.

No numpy array, segment or Whoosh matcher stands in a tree, so that another engine (a cluster) can be
handed the same one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, assert_never

from ..errors import QueryTooCostly

if TYPE_CHECKING:
    from .where import Filter

__all__ = [
    "And",
    "AndMaybe",
    "Boost",
    "Clause",
    "Constant",
    "Every",
    "FieldName",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Placed",
    "Request",
    "Scope",
    "Sort",
    "Spelling",
    "Term",
    "Unit",
    "Within",
    "Word",
    "asked",
    "children_of",
    "meaning",
    "scoring",
    "walk",
    "words_of",
]


class Scope(StrEnum):
    """The unit of which a Boolean question is asked."""

    PARAGRAPH = "paragraph"
    SECTION = "section"
    DOCUMENT = "document"


class Unit(StrEnum):
    """What `Within` can ask for: a scope, or a sentence of a paragraph."""

    SENTENCE = "sentence"
    PARAGRAPH = "paragraph"
    SECTION = "section"
    DOCUMENT = "document"


class FieldName(StrEnum):
    """Where a word is looked for. ANY: the text, the headings or the title.

    A heading's words (the title's likewise) count as standing at the first paragraph of its span: there a
    word of ANY field is found, and counted, once. Who asks for HEADING or TITLE asks for a property of all
    paragraphs beneath it: every unit with such a paragraph matches, and the first one stands for them.
    """

    ANY = "any"
    TEXT = "text"
    HEADING = "heading"
    TITLE = "title"


class Term(NamedTuple):
    """An indexed form in the field of one language: `Term("en", "chemic")`.

    A named tuple, since nothing is hashed as often while a question is answered.
    """

    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Spelling:
    """Exact, unstemmed words: of the occurrences of a word's terms only those that are spelt so.

    surfaces: words as `analysis.normalise` leaves them (accents kept, lower case), any of which may stand.
    typed: they are words as typed instead, and an occurrence must have the same letters, capitals and stops
    (both composed, NFC): `Spelling(("WHO",), typed=True)` is not met by `who` or `W.H.O`.
    """

    surfaces: tuple[str, ...]
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """Matches where any of its terms occurs. `surface`: as typed, for messages (`chemicals`, `chem*`).

    No terms: a word that no indexed language can hold; it matches nothing.
    spelling: which occurrences of the terms count; None: all. The terms must be those of the spelling's words
    (see `Engine.analyse`), and an occurrence of another term never counts.
    """

    surface: str
    terms: tuple[Term, ...]
    field: FieldName = FieldName.ANY
    spelling: Spelling | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Its words in order at successive positions of one paragraph, or of one heading.

    slop: how many further positions may lie between two successive words (0: none).
    All words must be of the phrase's own field; the field of the inner words is ignored.
    """

    surface: str
    words: tuple[Word, ...]
    slop: int = 0
    field: FieldName = FieldName.ANY


@dataclass(frozen=True, slots=True)
class Near:
    """Its children near each other in one paragraph, or in one heading: `w/5` and `pre/5` of dtSearch.

    Positions count the words of a paragraph from 0. A child occurs at a half-open range of them: a word at
    one; a phrase from its first word to its last (with a slop, of all ranges with the same end the
    shortest); an Or of words and phrases wherever one of them does. A match is one range of each child, no
    two of which overlap, such that from the last word of the leftmost range to the first word of the
    rightmost there are at most `distance` steps: of two words, that their positions differ by at most
    `distance`. This is `NEAR(a b c, distance - 1)` of SQLite FTS5; of Lucene's SpanNearQuery it is the slop
    `distance - 1` for two words, but more children take no room of their own.

    ordered: the ranges must stand in the order of the children. What is counted (the frequency) is at how
    many positions a match ends. A single child is near itself; none match nothing.

    Raises ValueError on a child that is no word, phrase or Or of such, or a distance below 1; QueryTooCostly
    when unordered with more than `MOST_OVERLAPPING` children of which phrases may overlap others: to find
    ranges for them takes exponential time.
    """

    surface: str
    children: tuple[Word | Phrase | Or, ...]
    distance: int
    ordered: bool = False
    field: FieldName = FieldName.ANY

    def __post_init__(self) -> None:
        if self.distance < 1:
            raise ValueError(f"words are at least 1 position apart, not {self.distance}")
        for child in self.children:
            if not isinstance(child, Word | Phrase) and not _is_choice(child):
                raise ValueError(f"{type(child).__name__} stands at no position of its own")
        if not self.ordered and len(self.children) > MOST_OVERLAPPING:
            _check_overlaps(self.children)


@dataclass(frozen=True, slots=True)
class Within:
    """All children within one unit: `Within((a, Not(b)), Unit.SECTION)` asks of a section what And asks of
    the scope.

    It stands at paragraphs, as a word does: of every unit with all children at those paragraphs at which
    something stands that was asked for, or else, when it matches by what it lacks, at its first one. A unit
    of the request's scope matches when it holds such a paragraph.

    A sentence (`corpus.sentences`) holds a word that begins in it, and a phrase whose words all do. Only the
    text has sentences: words in headings and titles do not count, whatever their field. The children are
    then words, phrases, And, Or, Not, AndMaybe, Boost, Constant and Every; ValueError on others.
    """

    children: tuple[Node, ...]
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit is Unit.SENTENCE:
            for child in self.children:
                for node in walk(child):
                    if isinstance(node, Near | Within):
                        raise ValueError(f"{type(node).__name__} cannot be asked of a sentence")


@dataclass(frozen=True, slots=True)
class AndMaybe:
    """Matches where `required` does; `optional` adds to the score of what matches (see `scoring`)."""

    required: Node
    optional: Node


@dataclass(frozen=True, slots=True)
class Boost:
    """Matches where the child does; its score counts `weight` times (see `scoring`). ValueError when the
    weight is negative, infinite or no number."""

    child: Node
    weight: float

    def __post_init__(self) -> None:
        _check_weight(self.weight)


@dataclass(frozen=True, slots=True)
class Constant:
    """Matches where the child does. As an addend of the score it adds `score`, once, to every paragraph that
    the child matches when it is asked of paragraphs. ValueError as of `Boost`."""

    child: Node
    score: float = 1.0

    def __post_init__(self) -> None:
        _check_weight(self.score)


@dataclass(frozen=True, slots=True)
class And:
    """Matches where all children do."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Matches where one child or more does."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Matches where the child does not."""

    child: Node


@dataclass(frozen=True, slots=True)
class Every:
    """Matches every unit."""


Placed = Word | Phrase | Near
"""What stands at positions, and so has a frequency."""

Node = Word | Phrase | Near | Within | And | AndMaybe | Or | Not | Boost | Constant | Every

MOST_OVERLAPPING = 8
"""Children of an unordered Near among which are phrases that may overlap others."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One addend of a paragraph's score: `weight` x BM25 of the node.

    A clause of field TEXT scores the paragraph's own words. A clause of field HEADING or TITLE is spread:
    every paragraph in the section (or document) gets it, and the first of them, at which the heading
    stands, gets it once more with the weight `first`.
    """

    node: Placed
    weight: float = 1.0
    first: float = 0.0


@dataclass(frozen=True, slots=True)
class Sort:
    """By the values of a field instead of the score (`ordering` says how)."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A whole question.

    match: which units (of `scope`) answer.
    scoring: the clauses that order the paragraphs; empty, and no constants: document order, score 0.
    constants: what adds a fixed score, after the clauses.
    k1, b: BM25's saturation (a repeated word adds little, since rules repeat their subject) and length
        normalisation; found with the weights of `search.ranking`.
    limit, offset: which hits to return, counted after ordering (and after grouping).
    group: keep only the best paragraph of each document.
    where: of which documents the question is asked; None: of all. Scores stay the same.
    sort: by what to order; None: by score.
    collapse: keep only the first hit of the documents with the same value in this field (the least of
        several); documents without one stay as they are. Empty: none.
    deadline: of `time.monotonic()`; from then on the engine answers with what it has found, and says so
        (`Answer.partial`): hits are real ones, their scores of the clauses that were reached, totals lower
        bounds. None: no limit.
    fold: fold hits that are alike to a better one into it (`folding` says how). `offset` and `limit` count
        those that are left; totals count all.
    """

    match: Node
    scope: Scope
    scoring: tuple[Clause, ...]
    limit: int = 10
    offset: int = 0
    group: bool = False
    k1: float = 0.4
    b: float = 0.75
    where: Filter | None = None
    sort: Sort | None = None
    collapse: str = ""
    constants: tuple[Constant, ...] = ()
    fold: bool = False
    deadline: float | None = field(default=None, compare=False)


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes beneath it, parents first. The words inside a phrase are no nodes of the tree;
    the children of a Near are."""
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(children_of(current)[::-1])


def asked(node: Node) -> Iterator[Placed]:
    """What is asked for: all words, phrases and Nears that are not excluded, nor merely optional."""
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Placed):
            yield current
        elif isinstance(current, AndMaybe):
            stack.append(current.required)
        elif not isinstance(current, Not):
            stack.extend(reversed(children_of(current)))


def children_of(node: Node) -> tuple[Node, ...]:
    """The nodes directly beneath a node; the words inside a phrase are none."""
    match node:
        case And() | Or() | Near() | Within():
            return node.children
        case AndMaybe():
            return node.required, node.optional
        case Not() | Boost() | Constant():
            return (node.child,)
        case Word() | Phrase() | Every():
            return ()
        case _:
            assert_never(node)


def words_of(node: Placed) -> tuple[Word, ...]:
    """Words of which each stands wherever the node does (those of an Or need not)."""
    if isinstance(node, Word):
        return (node,)
    if isinstance(node, Phrase):
        return node.words
    return tuple(word for child in node.children if not isinstance(child, Or) for word in words_of(child))


def scoring(node: Node) -> tuple[tuple[Clause, ...], tuple[Constant, ...]]:
    """The clauses and constants by which the tree itself scores, for `Request`: every word, phrase and Near
    that is not excluded, optional ones too, with the product of the boosts around it; a Constant instead of
    all that is beneath it.

    >>> word = Word("tax", (Term("en", "tax"),))
    >>> scoring(AndMaybe(word, Boost(Constant(word, 2.0), 3.0)))[0][0].weight
    1.0
    >>> scoring(Boost(Constant(word, 2.0), 3.0))[1][0].score
    6.0
    """
    clauses: list[Clause] = []
    constants: list[Constant] = []
    stack: list[tuple[Node, float]] = [(node, 1.0)]
    while stack:
        current, weight = stack.pop()
        if isinstance(current, Placed):
            clauses.append(Clause(_scored(current), weight))
        elif isinstance(current, Constant):
            constants.append(replace(current, score=current.score * weight))
        elif not isinstance(current, Not):
            factor = current.weight if isinstance(current, Boost) else 1.0
            stack.extend((child, weight * factor) for child in reversed(children_of(current)))
    return tuple(clauses), tuple(constants)


def _scored(node: Placed) -> Placed:
    """The node in the one field that a clause scores: of ANY that is the text."""
    return replace(node, field=FieldName.TEXT) if node.field is FieldName.ANY else node


def meaning(node: Word | Phrase | Near | Or) -> object:
    """What a leaf depends on: its terms, wherever they are asked for and however they were typed."""
    match node:
        case Word():
            return node.terms if node.spelling is None else (node.terms, node.spelling)
        case Phrase():
            return tuple(map(meaning, node.words)), node.slop
        case Near():
            return "near", tuple(map(meaning, node.children)), node.distance, node.ordered
        case Or():
            return "or", tuple(meaning(child) for child in node.children if isinstance(child, Word | Phrase))


def _is_choice(node: Node) -> bool:
    return isinstance(node, Or) and all(isinstance(child, Word | Phrase) for child in node.children)


def _check_overlaps(children: tuple[Word | Phrase | Or, ...]) -> None:
    """QueryTooCostly when phrases may overlap other children."""
    parts = [child.children if isinstance(child, Or) else (child,) for child in children]
    phrases = [part for some in parts for part in some if isinstance(part, Phrase)]
    shared = any(phrase.slop for phrase in phrases)
    seen: dict[Term, tuple[int, bool]] = {}
    for number, some in enumerate(parts):
        for part in some:
            if not isinstance(part, Word | Phrase):
                continue
            for term in {term for word in words_of(part) for term in word.terms}:
                before, in_phrase = seen.get(term, (number, False))
                long = in_phrase or isinstance(part, Phrase)
                shared = shared or (before != number and long)
                seen[term] = (number, long)
    if shared:
        raise QueryTooCostly(
            f"{len(children)} phrases and words near each other may overlap; the limit is {MOST_OVERLAPPING}",
            hint="Ask for fewer phrases near each other, or for their order as well",
        )


def _check_weight(weight: float) -> None:
    if not 0 <= weight < float("inf"):
        raise ValueError(f"a weight is a number from 0 on, not {weight}")
