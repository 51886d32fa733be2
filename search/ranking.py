"""By what the paragraphs are ordered: the addends of their scores.

BM25 over the words, and over the pairs of words that stand next to each other in the query, as they stand
side by side and as they stand near each other in the text. So, other things equal, two words side by side
come before both near, these before both apart, and these before one.

The plain ranking is BM25 over the words of the paragraphs' text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ..index.query import Clause, FieldName, Phrase, Term, Word, meaning
from .asking import ASKING, DEFINING
from .reading import Leaf

__all__ = [
    "APART",
    "DEFINED",
    "HEADING",
    "NAMED",
    "NEAR",
    "PAIR",
    "PART",
    "TITLE",
    "WINDOW",
    "Ranking",
    "clauses",
    "plain_clauses",
]


class Ranking(StrEnum):
    """By what the hits are ordered.

    DEFAULT: the words of the query in the text, in headings and titles, and its neighbouring words near each
    other; common words are left out beside others. PLAIN: BM25 over the words and phrases of the query, all
    of them, in the paragraphs' text.
    """

    DEFAULT = "default"
    PLAIN = "plain"


PAIR = 0.5
"""Weight of two neighbouring words of the query side by side, in their order; a single word has 1."""

APART = 0.35
"""The same of two between which the query has common words, at most as far apart as there (`theft of
chemicals`): they belong together less often."""

NAMED = 1.2
"""Weight in the text of a word with a capital within a longer query: a name, or a term that is defined.
Where all words have one, as in a title that was pasted, it tells none from the others."""

NEAR = 0.2
"""Weight of the two within `WINDOW` words of each other, in either order; of short queries only."""

WINDOW = 8

PART = 0.6
"""Weight of a word that the query joins with others (`third-party`), where the whole counts as one word."""

HEADING = 0.2
"""Weight of a word in the headings above a paragraph."""

TITLE = 0.1
"""Weight of a word in the document's title, which its top heading often repeats."""

FIRST = 1.0
"""Weight, at the first paragraph beneath it, of a heading or title that is a short query, and of the share of
its words that are the query's where it is longer: who types the name of a section wants to begin reading
there."""

ALONE = 2.0
"""The same for a query of a single word or designator (`48-904.01`): more than any text that mentions it."""

NUMBERED = 4.0
"""The same for a word and a number (`Section 2`), of which both score in a text that mentions them."""

DEFINED = 3.0
"""Weight of a short query right before the word that defines it (`“tender” means`)."""

ASKED = 0.05
"""Weight of a word of asking (*clarify*) in a longer query: what holds nothing else comes last."""

MOST_TWICE = 2
"""A word that the query repeats counts twice, however often it does."""

_MOST_WHOLE = 4  # words; longer queries are questions, not names
_LEAST_LEFT = 5  # other words, beside which words of asking do not score
_WIDEST = 4  # places from one word to the next, of those that are common words in between
_MOST_PAIRED = 32  # words: a whole page as a query is told apart by its words alone
_ROMAN = frozenset("IVXLC")
_LEAST_PART = 3  # letters

_MEANS = {"en": "mean", "de": "bezeichnet", "es": "signif", "fr": "désign"}


def clauses(leaves: Sequence[Leaf]) -> tuple[Clause, ...]:
    """The scoring clauses of a query's leaves. Common words score only where there are no others, words of
    asking where there are few."""
    if not leaves:
        return ()
    added = [leaf for leaf in leaves if leaf.added]
    leaves, asking = _parted([leaf for leaf in leaves if not leaf.added] if added else leaves)
    counted = _counted(leaves)
    nodes = [each.node for each in counted]
    neighbours = list(_neighbours(leaves[:_MOST_PAIRED]))
    slop = max((apart for _, _, apart in neighbours), default=1) - 1
    whole = _whole(nodes, slop)
    numbered = _is_numbered(nodes)
    designator = nodes[1] if numbered and isinstance(nodes[1], Phrase) else None
    short = len(nodes) <= _MOST_WHOLE
    found = [
        clause
        for each in counted[:_MOST_PAIRED]
        for clause in _weighed(
            _of_node(
                each.node, each.times, _first(each.node, whole, designator), named=each.named and not short
            ),
            each.weight,
        )
    ]
    found += [Clause(_in_text(each.node), each.times * each.weight) for each in counted[_MOST_PAIRED:]]
    if whole is not None and len(nodes) > 1:
        found += _of_headings(whole, NUMBERED if numbered else FIRST)
    for left, right, apart in neighbours:
        found += _of_pair(left, right, apart, near=short)
    if whole is not None and whole.field in (FieldName.ANY, FieldName.TEXT):
        found += _defined(nodes, slop)  # behind the pairs, from where it is looked for
    found += [Clause(_in_text(each.node), ASKED) for each in _counted(asking) if each.node not in nodes]
    for leaf in added:
        found += _weighed(_of_node(leaf.node, 1), leaf.weight)
    return tuple(dict.fromkeys(found))


def _parted(leaves: Sequence[Leaf]) -> tuple[list[Leaf], list[Leaf]]:
    """What tells paragraphs apart, and the words of asking, where enough is left beside them."""
    kept = [leaf for leaf in leaves if not leaf.common] or list(leaves)
    asking = [leaf for leaf in kept if leaf.node.surface.casefold() in ASKING and leaf.weight == 1]
    told = [leaf for leaf in kept if leaf not in asking]
    return (told, asking) if len(told) >= _LEAST_LEFT else (kept, [])


@dataclass(slots=True)
class _Asked:
    """What is asked for: how often (`MOST_TWICE`), with what weight, and whether in capitals (`NAMED`)."""

    node: Word | Phrase
    times: float = 0.0
    weight: float = 0.0
    named: bool = False


def _counted(leaves: Sequence[Leaf]) -> list[_Asked]:
    """What is asked for, each once, in the order of the query."""
    found: dict[object, _Asked] = {}
    telling = any(leaf.node.surface[:1].islower() for leaf in leaves)  # not all have a capital
    for leaf in leaves:
        node = leaf.node
        asked = found.setdefault((meaning(node), node.field), _Asked(node))
        asked.times = min(asked.times + 1, MOST_TWICE)
        asked.weight = max(asked.weight, leaf.weight)
        asked.named = asked.named or (telling and leaf.at > 0 and node.surface[:1].isupper())
    return list(found.values())


def plain_clauses(leaves: Sequence[Leaf]) -> tuple[Clause, ...]:
    """The clauses of the plain ranking: every word and phrase in the text, once."""
    if len(leaves) == 1:
        return (Clause(_plainly(leaves[0].node), leaves[0].weight),)
    weights: dict[Word | Phrase, float] = {}
    for leaf in leaves:
        node = _plainly(leaf.node)
        weights[node] = max(weights.get(node, 0.0), leaf.weight)
    return tuple(Clause(node, weight) for node, weight in weights.items())


def _plainly(node: Word | Phrase) -> Word | Phrase:
    return node if node.field is FieldName.TEXT else _in_field(node, FieldName.TEXT)


def _in_field(node: Word | Phrase, field: FieldName) -> Word | Phrase:
    if isinstance(node, Word):
        return Word(node.surface, node.terms, field, node.spelling)
    return Phrase(node.surface, node.words, node.slop, field)


def _of_node(
    node: Word | Phrase, times: float, first: float = 0.0, *, named: bool = False
) -> Iterator[Clause]:
    yield Clause(_in_text(node), times * (NAMED if named else 1.0))
    if node.field is FieldName.ANY:
        yield from _of_headings(node, first, times)
        yield from (Clause(_in_text(word), PART) for word in _parts(node))


def _weighed(found: Iterator[Clause], weight: float) -> Iterator[Clause]:
    """The clauses, each with so many times its weight."""
    if weight == 1:
        return found
    return (Clause(each.node, each.weight * weight, each.first * weight) for each in found)


def _parts(node: Word | Phrase) -> Iterator[Word]:
    """The words of a compound; none of what stands in quotation marks, and of designators."""
    if isinstance(node, Phrase) and not any(char.isspace() or char.isdigit() for char in node.surface):
        yield from (word for word in node.words if len(word.surface) >= _LEAST_PART)


def _defined(nodes: Sequence[Word | Phrase], slop: int) -> Iterator[Clause]:
    """All words of a short query in a row, and then the word that defines them."""
    words = [word for node in nodes for word in (node.words if isinstance(node, Phrase) else (node,))]
    told = [word for word in words if word.surface.casefold() not in DEFINING] or words
    languages = {term.language for word in told for term in word.terms} & _MEANS.keys()
    if languages and not any(map(_starred, told)):
        means = Word("means", tuple(Term(language, _MEANS[language]) for language in sorted(languages)))
        surface = " ".join(word.surface for word in (*told, means))
        yield Clause(Phrase(surface, (*told, means), slop, FieldName.TEXT), DEFINED)


def _in_text(node: Word | Phrase) -> Word | Phrase:
    return _in_field(node, FieldName.TEXT) if node.field is FieldName.ANY else node


def _of_headings(node: Word | Phrase, first: float, times: float = 1.0) -> Iterator[Clause]:
    yield Clause(_in_field(node, FieldName.HEADING), times * HEADING, first)
    yield Clause(_in_field(node, FieldName.TITLE), times * TITLE, first)


def _whole(nodes: Sequence[Word | Phrase], slop: int) -> Word | Phrase | None:
    """The query as one: what a heading must hold to be a heading for it. None for a long query.

    slop: how many common words may lie between two of its words."""
    words = [word for node in nodes for word in (node.words if isinstance(node, Phrase) else (node,))]
    if len(nodes) == 1:
        return nodes[0]
    if len(words) > _MOST_WHOLE or any(node.field is not FieldName.ANY for node in nodes):
        return None
    if any(_starred(word) for word in words):
        return None
    return Phrase(" ".join(word.surface for word in words), tuple(words), slop)


def _first(node: Word | Phrase, whole: Word | Phrase | None, designator: Word | Phrase | None) -> float:
    """What the node adds at the first paragraph beneath a heading that it is."""
    if node == designator:
        return NUMBERED
    return ALONE if node == whole else 0.0


def _is_numbered(nodes: Sequence[Word | Phrase]) -> bool:
    """Is the query a word and a number (`Section 2`, `Part IV`), as headings are numbered?"""
    if len(nodes) != 2 or not nodes[0].surface.isalpha():
        return False
    number = nodes[1].surface
    return number[:1].isdigit() or _ROMAN.issuperset(number)


def _neighbours(leaves: Sequence[Leaf]) -> Iterator[tuple[Word, Word, int]]:
    """Words that stand next to each other across the border of two leaves (a phrase scores as one), and how
    many places apart."""
    seen: set[tuple[object, object]] = set()
    for before, after in pairwise(leaves):
        left, right = before.node, after.node
        last = left if isinstance(left, Word) else left.words[-1]
        first = right if isinstance(right, Word) else right.words[0]
        key = meaning(last), meaning(first)
        in_text = {left.field, right.field} <= {FieldName.ANY, FieldName.TEXT}
        if not in_text or _starred(last) or _starred(first) or last.terms == first.terms or key in seen:
            continue
        seen.add(key)
        length = 1 if isinstance(left, Word) else len(left.words)
        yield last, first, min(max(after.at - before.at - length + 1, 1), _WIDEST)


def _starred(word: Word) -> bool:
    """Does the word stand for several (`chem*`, `wom?n`, `chemcal~1`)?"""
    return any(mark in word.surface for mark in "*?~")


def _of_pair(left: Word, right: Word, apart: int, *, near: bool) -> Iterator[Clause]:
    yield Clause(_phrase(left, right, apart - 1), PAIR if apart == 1 else APART)
    if near:
        yield Clause(_phrase(left, right, WINDOW - 2), NEAR)
        yield Clause(_phrase(right, left, WINDOW - 2), NEAR)


def _phrase(left: Word, right: Word, slop: int = 0) -> Phrase:
    return Phrase(f"{left.surface} {right.surface}", (left, right), slop, FieldName.TEXT)
