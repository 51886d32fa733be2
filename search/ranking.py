"""By what the paragraphs are ordered: the addends of their scores.

BM25 over the words, and over the pairs of words that stand next to each other in the query, as they stand
side by side and as they stand near each other in the text. So, other things equal, two words side by side
come before both near, these before both apart, and these before one.

The plain ranking is BM25 over the words of the paragraphs' text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise

from ..index.query import Clause, FieldName, Phrase, Word
from .reading import Leaf

__all__ = ["HEADING", "NEAR", "PAIR", "TITLE", "WINDOW", "Ranking", "clauses", "plain_clauses"]


class Ranking(StrEnum):
    """By what the hits are ordered.

    DEFAULT: the words of the query in the text, in headings and titles, and its neighbouring words near each
    other; common words are left out beside others. PLAIN: BM25 over the words and phrases of the query, all
    of them, in the paragraphs' text.
    """

    DEFAULT = "default"
    PLAIN = "plain"


PAIR = 0.3
"""Weight of two neighbouring words of the query side by side, in their order; a single word has 1."""

NEAR = 0.1
"""Weight of the two within `WINDOW` words of each other, in either order."""

WINDOW = 8

HEADING = 0.25
"""Weight of a word in the headings above a paragraph."""

TITLE = 0.15
"""Weight of a word in the document's title, which its top heading often repeats."""

FIRST = 0.7
"""Weight, at the first paragraph beneath it, of a heading or title that holds the whole of a short query:
who types the name of a section wants to begin reading there."""

ALONE = 2.0
"""The same for a query of a single word or designator (`48-904.01`): more than any text that mentions it."""

_MOST_WHOLE = 4  # words; longer queries are questions, not names
_MOST_PAIRED = 32  # words: a whole page as a query is told apart by its words alone


def clauses(leaves: Sequence[Leaf]) -> tuple[Clause, ...]:
    """The scoring clauses of a query's leaves. Common words score only where there are no others."""
    nodes = [leaf.node for leaf in leaves if not leaf.common] or [leaf.node for leaf in leaves]
    nodes = list(dict.fromkeys(nodes))
    whole = _whole(nodes)
    found = [clause for node in nodes[:_MOST_PAIRED] for clause in _of_node(node, first=node == whole)]
    found += [Clause(_in_text(node)) for node in nodes[_MOST_PAIRED:]]
    if whole is not None and len(nodes) > 1:
        found += _of_headings(whole, FIRST)
    found += [clause for left, right in _neighbours(nodes[:_MOST_PAIRED]) for clause in _of_pair(left, right)]
    return tuple(dict.fromkeys(found))


def plain_clauses(leaves: Sequence[Leaf]) -> tuple[Clause, ...]:
    """The clauses of the plain ranking: every word and phrase in the text, once."""
    if len(leaves) == 1:
        return (Clause(_plainly(leaves[0].node)),)
    return tuple(map(Clause, dict.fromkeys([_plainly(leaf.node) for leaf in leaves])))


def _plainly(node: Word | Phrase) -> Word | Phrase:
    return node if node.field is FieldName.TEXT else _in_field(node, FieldName.TEXT)


def _in_field(node: Word | Phrase, field: FieldName) -> Word | Phrase:
    if isinstance(node, Word):
        return Word(node.surface, node.terms, field)
    return Phrase(node.surface, node.words, node.slop, field)


def _of_node(node: Word | Phrase, *, first: bool) -> Iterator[Clause]:
    yield Clause(_in_text(node))
    if node.field is FieldName.ANY:
        yield from _of_headings(node, ALONE if first else 0.0)


def _in_text(node: Word | Phrase) -> Word | Phrase:
    return _in_field(node, FieldName.TEXT) if node.field is FieldName.ANY else node


def _of_headings(node: Word | Phrase, first: float) -> Iterator[Clause]:
    yield Clause(_in_field(node, FieldName.HEADING), HEADING, first)
    yield Clause(_in_field(node, FieldName.TITLE), TITLE, first)


def _whole(nodes: Sequence[Word | Phrase]) -> Word | Phrase | None:
    """The query as one: what a heading must hold to be a heading for it. None for a long query."""
    words = [word for node in nodes for word in (node.words if isinstance(node, Phrase) else (node,))]
    if len(nodes) == 1:
        return nodes[0]
    if len(words) > _MOST_WHOLE or any(node.field is not FieldName.ANY for node in nodes):
        return None
    if any(_starred(word) for word in words):
        return None
    return Phrase(" ".join(word.surface for word in words), tuple(words))


def _neighbours(nodes: Sequence[Word | Phrase]) -> Iterator[tuple[Word, Word]]:
    """Words that stand next to each other across the border of two nodes (a phrase scores as one)."""
    for left, right in pairwise(nodes):
        last = left if isinstance(left, Word) else left.words[-1]
        first = right if isinstance(right, Word) else right.words[0]
        in_text = {left.field, right.field} <= {FieldName.ANY, FieldName.TEXT}
        if in_text and not _starred(last) and not _starred(first) and last.terms != first.terms:
            yield last, first


def _starred(word: Word) -> bool:
    return word.surface.endswith("*")


def _of_pair(left: Word, right: Word) -> Iterator[Clause]:
    yield Clause(_phrase(left, right), PAIR)
    yield Clause(_phrase(left, right, WINDOW - 2), NEAR)
    yield Clause(_phrase(right, left, WINDOW - 2), NEAR)


def _phrase(left: Word, right: Word, slop: int = 0) -> Phrase:
    return Phrase(f"{left.surface} {right.surface}", (left, right), slop, FieldName.TEXT)
