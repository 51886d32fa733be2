"""Other questions to ask, offered where they help: another spelling, and, where nothing was found, the
nearest readings that find something. Each was asked before it is offered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ..errors import QueryError
from ..index.analysis.normal import normalise
from ..index.analysis.tokens import tokenize
from ..index.query import FieldName, Request, Scope, Word
from ..index.records import Totals
from .engine import Engine
from .reading import Question, ReadOptions, read
from .results import NearWord
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
    any_of,
    boosted,
    leaves,
    render,
)

__all__ = ["Offer", "is_frequent", "offers_of", "rare_words"]

_MOST = 3  # offers
_TRIED = 24  # readings, at most
_RARE = 2  # paragraphs with a word that may be a slip
_FREQUENT = 20  # times as many have the word that was meant
_MORE_FREQUENT = 50  # times as many: then a word that is less alike is meant
_LEAST_LETTERS = 5
_WIDER = {Scope.PARAGRAPH: (Scope.SECTION, Scope.DOCUMENT), Scope.SECTION: (Scope.DOCUMENT,)}


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that finds something. why: in what it differs, in a few words; documents, paragraphs: what
    it finds, as in `Totals`."""

    query: str
    scope: Scope
    why: str
    documents: int
    paragraphs: int


def offers_of(
    engine: Engine, query: str, question: Question, request: Request, totals: Totals, near: Sequence[NearWord]
) -> tuple[Offer, ...]:
    """What to offer for a question that found so much: another spelling if it finds more; a fact about
    documents in the place of words that no text has; if nothing was found, up to three readings, those that
    find least first: they are the nearest."""
    found = list(_spelt(engine, query, question, request, totals, near))
    if near and (missing := _missing(engine, question)):
        from .elsewhere import facts_instead  # most words stand somewhere

        found += _asked(engine, question, request, facts_instead(engine, question.asked, missing))
    if totals.units:
        return tuple(found)
    found += _wider(engine, query, question, request)
    readings = _asked(engine, question, request, _variants(question.asked))
    found += sorted(readings, key=lambda offer: (offer.documents, offer.paragraphs, offer.query))
    if not found:
        every = any_of(leaves(question.asked, excluded=False))
        found += _asked(engine, question, request, [(every, "any of the words")])
    return tuple({offer.query: offer for offer in reversed(found)}.values())[::-1][:_MOST]


def rare_words(engine: Engine, question: Question) -> Iterator[Word]:
    """Words of the query that stand somewhere, but so rarely that they may be slips: none of an index so
    small that no word can be much more frequent."""
    if engine.statistics().paragraphs < _FREQUENT:
        return
    for leaf in question.leaves:
        word = leaf.node
        if (
            not leaf.added
            and isinstance(word, Word)
            and len(word.surface) >= _LEAST_LETTERS
            and word.surface.isalpha()
        ):
            anywhere = replace(word, field=FieldName.ANY)
            if not engine.holds(anywhere, _RARE) and engine.frequency(anywhere):
                yield anywhere


# Another spelling


def _spelt(
    engine: Engine, query: str, question: Question, request: Request, totals: Totals, near: Sequence[NearWord]
) -> Iterator[Offer]:
    meant = {normalise(each.word): best for each in near if (best := _best(each))}
    corrected = _replaced(query, question.asked, meant)
    if corrected != query:
        for offer in _ask(engine, question, request, corrected, "another spelling"):
            if offer.paragraphs > totals.paragraphs:
                yield offer


def _best(near: NearWord) -> str:
    """The word that is meant: the nearest, of these one of which letters were left out (`watr`: water, not
    war), unless another is far more frequent."""
    best, most = next(iter(near.suggestions), ("", 0))
    whole = ((word, count) for word, count in near.suggestions if _is_left_from(near.word, word))
    longer, count = next(whole, (best, most))
    if count * 2 >= most:
        best, most = longer, count
    for word, count in near.suggestions:
        if count > _MORE_FREQUENT * most:
            best, most = word, count
    return best


def _is_left_from(typed: str, word: str) -> bool:
    """Whether the letters typed are those of the word, some left out."""
    rest = iter(word)
    return all(letter in rest for letter in normalise(typed))


def _replaced(query: str, tree: Syntax, meant: dict[str, str]) -> str:
    """The query as typed, with other words in the places of some."""
    places = [
        (token.start, token.end, word)
        for leaf in leaves(tree, excluded=False)
        for token in tokenize(query, *leaf.span)
        if (word := meant.get(normalise(token.raw))) and query[token.end : token.end + 1] != "*"
    ]
    for start, end, word in sorted(set(places), reverse=True):
        query = query[:start] + word + query[end:]
    return query


def is_frequent(near: NearWord, rare: int) -> bool:
    """Whether the best word is so frequent that a rare one is likely a slip."""
    best = _best(near)
    return any(word == best and count >= _FREQUENT * rare for word, count in near.suggestions)


# Other readings


def _missing(engine: Engine, question: Question) -> list[str]:
    """The words that stand nowhere."""
    words = [leaf.node for leaf in question.leaves if isinstance(leaf.node, Word)]
    return [word.surface for word in words if not engine.holds(replace(word, field=FieldName.ANY))]


def _wider(engine: Engine, query: str, question: Question, request: Request) -> Iterator[Offer]:
    for scope in _WIDER.get(request.scope, ()):
        for offer in _ask(
            engine, question, replace(request, scope=scope), query, f"asked of the whole {scope}"
        ):
            yield offer
            return


def _variants(tree: Syntax) -> Iterator[tuple[Syntax, str]]:
    """The tree with one thing asked for less, and what that is."""
    match tree:
        case AllOf(children):
            for at, child in enumerate(children):
                rest = (*children[:at], *children[at + 1 :])
                if any(not isinstance(each, Except) for each in rest):
                    yield all_of(rest), f"without {_shown(child)}"
            for at, child in enumerate(children):
                for other, why in _variants(child):
                    yield all_of((*children[:at], other, *children[at + 1 :])), why
        case AnyOf(children):
            for at, child in enumerate(children):
                for other, why in _variants(child):
                    yield any_of((*children[:at], other, *children[at + 1 :])), why
        case Preferring(required, optional):
            yield any_of((*required, *optional)), "nothing required"
        case Quoted(text, field, span):
            words = [Chunk(token.raw, field, span) for token in tokenize(text)]
            if len(words) > 1:
                yield all_of(words), f"the words of {_shown(tree)} apart"
            if field is not FieldName.ANY:
                yield replace(tree, field=FieldName.ANY), f"not only in the {field}"
        case Chunk(text, field, span) if field is not FieldName.ANY:
            yield replace(tree, field=FieldName.ANY), f"not only in the {field}"
        case Nearby(left, right):
            yield all_of((left, right)), f"not only near each other: {_shown(tree)}"
        case Scoped(child, unit):
            yield child, f"not only in one {unit}"
        case Boosted(child, weight):
            yield from ((boosted(other, weight), why) for other, why in _variants(child))
        case Narrowed(child, facts) if child is not None:
            yield child, f"without {_shown(Narrowed(None, facts))}"
            yield from ((Narrowed(other, facts), why) for other, why in _variants(child))


def _shown(tree: Syntax) -> str:
    return f"“{render(tree)}”".replace("“NOT ", "the exclusion of “")


def _asked(
    engine: Engine, question: Question, request: Request, variants: Iterable[tuple[Syntax, str]]
) -> list[Offer]:
    return [
        offer
        for variant, why in islice(variants, _TRIED)
        for offer in _ask(engine, question, request, render(variant), why)
    ]


def _ask(engine: Engine, asked: Question, request: Request, query: str, why: str) -> Iterator[Offer]:
    """An offer if the question finds something."""
    try:
        question = read(engine, query, ReadOptions(acronyms=asked.acronyms))
    except QueryError:
        return
    match = replace(
        request,
        match=question.match,
        where=question.where,
        scoring=(),
        limit=0,
        offset=0,
        sort=None,
        collapse="",
    )
    totals = engine.answer(match).totals
    if totals.units:
        yield Offer(query, request.scope, why, totals.documents, totals.paragraphs)
