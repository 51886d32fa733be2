"""What is said beside the hits: notices, words that stand nowhere, other questions, counts, explanations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ..index.analysis.normal import normalise
from ..index.deadline import OutOfTime, is_over
from ..index.query import And, Every, FieldName, Node, Not, Or, Phrase, Request, Scope, Term, Word, walk
from ..index.records import Answer, Share
from .engine import Engine
from .options import Options
from .ranking import Ranking
from .reading import Question
from .results import NearWord

if TYPE_CHECKING:
    from .facets import Facet
    from .meaning import Meaning
    from .offers import Offer

__all__ = ["Asked", "Beside", "beside"]

_IN_PARAGRAPHS = (FieldName.ANY, FieldName.TEXT)
_NEAR_WORDS = 5  # suggestions for each word
_WORDS_LOOKED_UP = 32  # the first words of a query: a whole page as a query holds no slips of the finger
_WORDS_MISSING = 5  # of these, that suggestions are sought for
_WORDS_TOGETHER = 8  # of a query that may be meant to stand together: longer ones are sentences
_FEW = 20  # paragraphs up to which a rare word may be a slip of the finger
_DATES = {
    "published": "date of publication",
    "effective": "date from which they hold",
    "ended": "date on which they ended",
}


class Asked(NamedTuple):
    """A query that was asked, and its answer.

    everything: the engine over all documents; engine: over those that the filter of the options lets see.
    meaning: what the hits were ordered by, too.
    """

    everything: Engine
    engine: Engine
    query: str
    options: Options
    question: Question
    request: Request
    answer: Answer
    meaning: Meaning | None


class Beside(NamedTuple):
    """What is said beside the hits. partial: the answer, or this, is not whole, since time was up."""

    notices: tuple[str, ...]
    near_words: tuple[NearWord, ...] = ()
    offers: tuple[Offer, ...] = ()
    facets: tuple[Facet, ...] = ()
    explanations: tuple[tuple[Share, ...], ...] = ()
    partial: bool = False


def beside(asked: Asked) -> Beside:
    """All that is said beside the hits; when time is up, no more than that, and what was said before."""
    options = asked.options
    notices = asked.question.notices + _unknown_fields(asked)
    counted = _facets(asked)
    if counted is None:
        return Beside((*notices, _out_of_time(options)), partial=True)
    if asked.request.deadline is not None:
        asked = asked._replace(request=replace(asked.request, deadline=None))
    near = tuple(_near_word(asked.engine, word) for word in islice(_missing(asked), _WORDS_MISSING))
    notices = notices + _apart(asked) + _undated(asked)
    if options.snippets and not near and options.ranking is not Ranking.PLAIN:
        notices += _scattered(asked)
    offers = _offers(asked, near) if options.snippets else ()
    return Beside(notices, near, offers, counted, _explained(asked) if options.explain else ())


def _facets(asked: Asked) -> tuple[Facet, ...] | None:
    """Those that were asked for; None when time is up."""
    if asked.answer.partial or is_over(asked.request.deadline):
        return None
    if not asked.options.facets:
        return ()
    from .facets import facets_of  # most searches ask for none

    try:
        return facets_of(asked.engine, asked.request, asked.options.facets)
    except OutOfTime:
        return None


def _explained(asked: Asked) -> tuple[tuple[Share, ...], ...]:
    refs = [hit.ref for hit in asked.answer.hits]
    shares = asked.engine.explain(asked.request, refs)
    return shares if asked.meaning is None else asked.meaning.explained(refs, shares)


def _offers(asked: Asked, near: Sequence[NearWord]) -> tuple[Offer, ...]:
    """Other questions, where the words are not all there or little was found."""
    engine, question, totals = asked.engine, asked.question, asked.answer.totals
    if not engine.statistics().documents or (not near and totals.paragraphs > _FEW):
        return ()
    from .offers import is_frequent, offers_of, rare_words  # most searches need no other

    if totals.paragraphs <= _FEW:
        rare = (
            (_near_word(engine, word), engine.frequency(word))
            for word in islice(rare_words(engine, question), _WORDS_MISSING)
        )
        near = (*near, *(found for found, count in rare if is_frequent(found, count)))
    if not near and totals.units:
        return ()
    return offers_of(engine, asked.query, question, asked.request, totals, near)


def _out_of_time(options: Options) -> str:
    absent = [
        name for name, wanted in (("facets", options.facets), ("explanations", options.explain)) if wanted
    ]
    more = f"; {' and '.join(absent)} are left out" if absent else ""
    return (
        f"Stopped after {options.timeout:g} s with what was found until then: there may be more and better "
        f"hits, and totals are the least there are{more}"
    )


def _unknown_fields(asked: Asked) -> tuple[str, ...]:
    """A word to those who ask for a field that no document has. (Whoever restricts an answer may know of all
    fields; who sorts it, of those of visible documents.)"""
    options = asked.options
    if options.where is None and options.sort is None and not options.collapse:
        return ()
    from .narrowing import fields_of  # most searches ask for no field

    unknown = fields_of(options.where, None, "") - asked.everything.fields()
    unknown |= fields_of(None, options.sort, options.collapse) - asked.engine.fields()
    return tuple(f"No document has the field “{name}”" for name in sorted(unknown))


def _apart(asked: Asked) -> tuple[str, ...]:
    """A word to those who asked for several things at once and will look for them in one paragraph."""
    request, units = asked.request, asked.answer.totals.units
    if request.scope is Scope.PARAGRAPH or not units or not _joins(request):
        return ()
    narrow = asked.engine.answer(replace(request, scope=Scope.PARAGRAPH, scoring=(), limit=0, offset=0))
    if narrow.totals.units:
        return ()
    noun, verb = (f"{request.scope}s", "do") if units > 1 else (str(request.scope), "does")
    return (f"No single paragraph holds all that is asked for together; {units:,} {noun} {verb}",)


def _scattered(asked: Asked) -> tuple[str, ...]:
    """A word to those whose bare words all stand in some documents, but never in one paragraph."""
    if not isinstance(asked.question.match, Or):
        return ()
    groups: list[list[Node]] = []
    for leaf in asked.question.leaves:
        if leaf.near is not None or leaf.node.field not in _IN_PARAGRAPHS:
            return ()
        if leaf.added and groups:
            groups[-1].append(leaf.node)
        else:
            groups.append([leaf.node])
    if not 1 < len(groups) <= _WORDS_TOGETHER:
        return ()
    every = And(tuple(Or(tuple(group)) if len(group) > 1 else group[0] for group in groups))
    narrow = Request(every, Scope.PARAGRAPH, (), limit=0, where=asked.question.where)
    if asked.engine.answer(narrow).totals.units:
        return ()
    documents = asked.engine.answer(replace(narrow, scope=Scope.DOCUMENT)).totals.units
    if not documents:
        return ()
    noun, verb = ("documents", "do") if documents > 1 else ("document", "does")
    return (f"No single paragraph holds all of the words; {documents:,} {noun} {verb}",)


def _undated(asked: Asked) -> tuple[str, ...]:
    """A word to those who asked for dates and found nothing: how many documents have none."""
    where = asked.question.where
    if where is None or asked.answer.totals.units:
        return ()
    from .narrowing import fields_of  # as above

    told = []
    for field in sorted(fields_of(where, None, "") & _DATES.keys()):
        counts = asked.engine.counts(Request(Every(), Scope.DOCUMENT, (), limit=0), field)
        if counts.missing:
            have = "document has" if counts.missing == 1 else "documents have"
            told.append(f"{counts.missing:,} {have} no {_DATES[field]}, and so cannot answer")
    return tuple(told)


def _joins(request: Request) -> bool:
    nodes = list(walk(request.match))
    if any(isinstance(node, Word | Phrase) and node.field not in _IN_PARAGRAPHS for node in nodes):
        return False  # a title or heading is no part of the paragraphs beneath it
    return any(
        isinstance(node, And) and sum(not isinstance(child, Not) for child in node.children) > 1
        for node in nodes
    )


def _missing(asked: Asked) -> Iterator[Word]:
    """The words asked for that stand nowhere, each once; none of an empty index, which lacks them all."""
    engine = asked.engine
    if not engine.statistics().documents:
        return
    words: dict[str, Word] = {}
    found = _found(asked.question, asked.answer)
    for leaf in asked.question.leaves:
        if id(leaf.node) not in found:
            for word in (leaf.node,) if isinstance(leaf.node, Word) else leaf.node.words:
                words[word.surface] = word
    told: set[str] = set()
    for word in islice(words.values(), _WORDS_LOOKED_UP):
        anywhere = word if word.field is FieldName.ANY else replace(word, field=FieldName.ANY)
        if not engine.holds(anywhere) and (spelling := _spelling(word)) not in told:
            told.add(spelling)
            yield anywhere


def _found(question: Question, answer: Answer) -> frozenset[int]:
    """Leaves (by identity) that stand somewhere, since something matches that must hold them."""
    if not answer.totals.units:
        return frozenset()
    match = question.match
    return frozenset(map(id, match.children if isinstance(match, And) else (match,)))


def _near_word(engine: Engine, word: Word) -> NearWord:
    """The word with those that the index holds and that are spelt alike."""
    languages = engine.statistics().languages
    found: dict[tuple[Term, ...], tuple[str, int]] = {}  # of each word the best spelling
    for language in sorted(languages, key=lambda code: (-languages[code], code)):
        for near, count in engine.near_words(_spelling(word), language, 2 * _NEAR_WORDS):
            found.setdefault(engine.analyse(near, language), (near, count))
    together: dict[str, int] = {}  # of all languages
    for near, count in found.values():
        together[near] = together.get(near, 0) + count
    return NearWord(word.surface, tuple(together.items())[:_NEAR_WORDS])


def _spelling(word: Word) -> str:
    return normalise(word.surface.partition("~")[0].strip("*"))
