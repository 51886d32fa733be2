"""The query tree: what `search` asks and an engine answers. Values only; words are already analysed.

No numpy array, segment or Whoosh matcher stands in a tree, so that another engine (a cluster) can be
handed the same one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .where import Filter

__all__ = [
    "And",
    "Clause",
    "Every",
    "FieldName",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Request",
    "Scope",
    "Sort",
    "Term",
    "Word",
    "meaning",
    "walk",
]


class Scope(StrEnum):
    """The unit of which a Boolean question is asked."""

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
class Word:
    """Matches where any of its terms occurs. `surface`: as typed, for messages (`chemicals`, `chem*`).

    No terms: a word that no indexed language can hold; it matches nothing.
    """

    surface: str
    terms: tuple[Term, ...]
    field: FieldName = FieldName.ANY


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


Node = Word | Phrase | And | Or | Not | Every


@dataclass(frozen=True, slots=True)
class Clause:
    """One addend of a paragraph's score: `weight` x BM25 of the node (a Word or Phrase).

    A clause of field TEXT scores the paragraph's own words. A clause of field HEADING or TITLE is spread:
    every paragraph in the section (or document) gets it, and the first of them, at which the heading
    stands, gets it once more with the weight `first`.
    """

    node: Word | Phrase
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
    scoring: the clauses that order the paragraphs; empty: document order, score 0.
    k1, b: BM25's saturation and length normalisation.
    limit, offset: which hits to return, counted after ordering (and after grouping).
    group: keep only the best paragraph of each document.
    where: of which documents the question is asked; None: of all. Scores stay the same.
    sort: by what to order; None: by score.
    collapse: keep only the first hit of the documents with the same value in this field (the least of
        several); documents without one stay as they are. Empty: none.
    """

    match: Node
    scope: Scope
    scoring: tuple[Clause, ...]
    limit: int = 10
    offset: int = 0
    group: bool = False
    k1: float = 0.6
    b: float = 0.7
    where: Filter | None = None
    sort: Sort | None = None
    collapse: str = ""


def walk(node: Node) -> Iterator[Node]:
    """The node and all nodes beneath it, parents first."""
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, And | Or):
            stack.extend(current.children[::-1])
        elif isinstance(current, Not):
            stack.append(current.child)


def meaning(node: Word | Phrase) -> object:
    """What a leaf depends on: its terms, wherever they are asked for and however they were typed."""
    if isinstance(node, Word):
        return node.terms
    return tuple(word.terms for word in node.words), node.slop
