"""From a query to its results: read, ask the engine, choose snippets, say what was searched."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from ..errors import QueryError, QueryTooCostly
from ..index.analysis.normal import normalise
from ..index.deadline import OutOfTime, is_over
from ..index.query import And, Every, FieldName, Node, Not, Or, Phrase, Request, Scope, Sort, Term, Word, walk
from ..index.records import Answer, Share
from .duplicates import Duplicates
from .engine import Engine
from .grammar import GRAMMAR_VERSION
from .hits import hits_of
from .paging import cursor_of, offset_of
from .ranking import Ranking, clauses, plain_clauses
from .reading import Question, read
from .results import NearWord, QueryReading, Results
from .syntax import render

if TYPE_CHECKING:
    from ..index.where import Filter
    from .facets import Facet
    from .meaning import Meaning
    from .offers import Offer
    from .synonyms import Synonyms

__all__ = ["ByFields", "search"]

_IN_PARAGRAPHS = (FieldName.ANY, FieldName.TEXT)
_NEAR_WORDS = 5  # suggestions for each word
_WORDS_LOOKED_UP = 32  # the first words of a query: a whole page as a query holds no slips of the finger
_DATES = {
    "published": "date of publication",
    "effective": "date from which they hold",
    "ended": "date on which they ended",
}
_FEW = 20  # paragraphs up to which a rare word may be a slip of the finger
_WORDS_TOGETHER = 8  # of a query that may be meant to stand together: longer ones are sentences
_WORDS_MISSING = 5  # of these, that suggestions are sought for


class ByFields(TypedDict, total=False):
    """Arguments of a search that speak of documents' fields."""

    where: Filter | None
    sort: Sort | None
    collapse: str


def search(
    engine: Engine,
    query: str,
    *,
    limit: int = 10,
    offset: int = 0,
    scope: Scope = Scope.DOCUMENT,
    group: bool = False,
    snippets: int = 2,
    ranking: Ranking = Ranking.DEFAULT,
    where: Filter | None = None,
    sort: Sort | None = None,
    collapse: str = "",
    facets: Sequence[str] = (),
    explain: bool = False,
    duplicates: Duplicates = Duplicates.SHOW,
    strict: bool = False,
    after: str = "",
    synonyms: Synonyms | None = None,
    timeout: float | None = None,
    acronyms: bool = True,
    semantic: bool = False,
) -> Results:
    """The best paragraphs for a query, with exact totals and the complete reading.

    limit, offset: which hits, counted in their order (with `group`: of documents); limit 0: totals only.
    scope: the unit that the Boolean operators are asked of; the best paragraphs of matching units are shown.
    group: only the best paragraph of each document.
    snippets: the most stretches of text for each hit; 0: none, and a hit's passage is fetched when asked for.
    ranking: by what the hits are ordered.
    where: of which documents to ask: the answer is that of an index which holds no others; None: of all.
    sort: by which field instead of the score. collapse: the field of whose values only the first hit is kept.
    facets: by what to count the documents that answer.
    explain: also how the score of each hit came about.
    duplicates: whether hits with nearly the same words are folded into the best; limit and offset then count
        what is left, totals count all.
    strict: refuse what could only be searched for in part.
    synonyms: what else to search for. acronyms: also those that the documents explain.
    timeout: seconds after which to be content with what was found (`Results.partial`).
    after: the cursor of the page before (`Results.cursor`), instead of an offset.
    semantic: order the first hits anew by what they mean, too (see `meaning`).
    Raises QuerySyntax for a query without a word, QueryTooCostly beyond the limits, QueryError for
    negative numbers and for arguments of other types.
    """
    if not isinstance(query, str):
        raise QueryError(f"the query is a {type(query).__name__}, not text", hint="Give it as a str")
    _check(limit=limit, offset=offset, snippets=snippets)
    started = time.perf_counter()
    deadline = None if timeout is None else _deadline(timeout)
    whole = engine
    if where is not None:
        engine = engine.restricted(where)
    plain = ranking is Ranking.PLAIN
    question = read(
        engine,
        query,
        keep_common=plain,
        strict=strict,
        synonyms=synonyms,
        deadline=deadline,
        acronyms=acronyms,
    )
    request = Request(
        question.match,
        scope,
        plain_clauses(question.leaves) if plain else clauses(question.leaves),
        limit,
        offset,
        group,
        where=question.where,
        sort=sort,
        collapse=collapse,
        fold=duplicates is Duplicates.FOLD,
        deadline=deadline,
    )
    tree = render(question.tree)
    told = f"{tree}\n{ranking}\n{where!r}"
    if semantic:
        told = f"{told}\n{query}"  # whose words all have a part in what it means
    if after:
        request = _after(after, engine, request, told)
    meaning = _meaning(engine, query, question, request) if semantic else None
    answer = engine.answer(request) if meaning is None else meaning.answer(request)
    hits = hits_of(engine, answer, question.leaves, offset=request.offset, snippets=snippets)
    beside = _beside(engine, question, request, answer, query if snippets else "", facets, explain, meaning)
    notices = (*question.notices, *_unknown_fields(whole, where, engine, request), *beside.notices)
    if not (plain or beside.partial or beside.near_words) and snippets:
        notices = (*notices, *_scattered(engine, question, request))
    if beside.partial:
        if strict:
            raise _too_slow(timeout)
        notices = (*notices, _out_of_time(timeout, facets, explain))
    statistics = engine.statistics()
    return Results(
        hits=hits,
        totals=answer.totals,
        seconds=time.perf_counter() - started,
        reading=QueryReading(
            query=query,
            tree=tree,
            notices=notices,
            scope=scope,
            grammar=GRAMMAR_VERSION,
            analysers=tuple(sorted(engine.analyser_versions().items())),
            generation=statistics.generation,
            ranking=ranking,
            where=where,
            sort=sort,
            collapse=collapse,
            duplicates=duplicates,
            semantic=semantic,
        ),
        documents=statistics.documents,
        gaps=statistics.gaps,
        incomplete=statistics.incomplete,
        near_words=beside.near_words,
        offers=beside.offers,
        facets=beside.facets,
        explanations=beside.explanations,
        folded=answer.folded,
        cursor="" if beside.partial else cursor_of(engine, request, answer, told),
        partial=beside.partial,
    )


@dataclass(frozen=True, slots=True)
class _Beside:
    """What is said beside the hits. partial: the answer, or this, is not whole, since time was up."""

    notices: tuple[str, ...] = ()
    near_words: tuple[NearWord, ...] = ()
    offers: tuple[Offer, ...] = ()
    facets: tuple[Facet, ...] = ()
    explanations: tuple[tuple[Share, ...], ...] = ()
    partial: bool = False


def _beside(
    engine: Engine,
    question: Question,
    request: Request,
    answer: Answer,
    query: str,
    facets: Sequence[str],
    explain: bool,
    meaning: Meaning | None,
) -> _Beside:
    """query: as typed, for offers; "" where none are wanted."""
    if answer.partial or is_over(request.deadline):
        return _Beside(partial=True)
    try:
        counted = _facets(engine, request, facets) if facets else ()
    except OutOfTime:
        return _Beside(partial=True)
    request = replace(request, deadline=None) if request.deadline is not None else request
    near = tuple(
        _near_word(engine, word) for word in islice(_missing(engine, question, answer), _WORDS_MISSING)
    )
    return _Beside(
        notices=(*_apart(engine, request, answer), *_undated(engine, question, answer)),
        near_words=near,
        offers=_offers(engine, query, question, request, answer, near) if query else (),
        facets=counted,
        explanations=_explained(engine, request, answer, meaning) if explain else (),
    )


def _meaning(engine: Engine, query: str, question: Question, request: Request) -> Meaning:
    from .meaning import Meaning  # most searches order by words

    return Meaning(engine, query, question, request)


def _explained(
    engine: Engine, request: Request, answer: Answer, meaning: Meaning | None
) -> tuple[tuple[Share, ...], ...]:
    refs = [hit.ref for hit in answer.hits]
    shares = engine.explain(request, refs)
    return shares if meaning is None else meaning.explained(refs, shares)


def _deadline(timeout: float) -> float:
    """When time is up, as `time.monotonic` tells it."""
    if not isinstance(timeout, int | float) or not 0 < timeout < float("inf"):
        raise QueryError(f"{timeout!r} is no time limit", hint="Give seconds, more than 0: 2, 0.5")
    return time.monotonic() + timeout


def _too_slow(timeout: float | None) -> QueryTooCostly:
    return QueryTooCostly(
        f"no complete answer within {timeout:g} s",
        hint="Allow more time, ask for rarer words, or search without --strict for what is found until then",
    )


def _out_of_time(timeout: float | None, facets: Sequence[str], explain: bool) -> str:
    absent = [name for name, asked in (("facets", facets), ("explanations", explain)) if asked]
    more = f"; {' and '.join(absent)} are left out" if absent else ""
    return (
        f"Stopped after {timeout:g} s with what was found until then: there may be more and better hits, "
        f"and totals are the least there are{more}"
    )


def _after(cursor: str, engine: Engine, request: Request, told: str) -> Request:
    """The request for the page behind a cursor."""
    if request.offset:
        raise QueryError("an offset and a cursor at once", hint="Give one of them")
    return replace(request, offset=offset_of(cursor, engine, request, told))


def _offers(
    engine: Engine, query: str, question: Question, request: Request, answer: Answer, near: Sequence[NearWord]
) -> tuple[Offer, ...]:
    """Other questions, where the words are not all there or little was found."""
    if not engine.statistics().documents or (not near and answer.totals.paragraphs > _FEW):
        return ()
    from .offers import is_frequent, offers_of, rare_words  # most searches need no other

    if answer.totals.paragraphs <= _FEW:
        rare = (
            (_near_word(engine, word), engine.frequency(word))
            for word in islice(rare_words(engine, question), _WORDS_MISSING)
        )
        near = (*near, *(found for found, count in rare if is_frequent(found, count)))
    if not near and answer.totals.units:
        return ()
    return offers_of(engine, query, question, request, answer.totals, near)


def _facets(engine: Engine, request: Request, names: Sequence[str]) -> tuple[Facet, ...]:
    from .facets import facets_of  # most searches ask for none

    return facets_of(engine, request, names)


def _unknown_fields(whole: Engine, where: Filter | None, engine: Engine, request: Request) -> Iterator[str]:
    """A word to those who ask for a field that no document has. (Whoever restricts an answer may know of all
    fields; who sorts it, of those of visible documents.)"""
    if where is None and request.sort is None and not request.collapse:
        return
    from .narrowing import fields_of  # most searches ask for no field

    unknown = fields_of(where, None, "") - whole.fields()
    unknown |= fields_of(None, request.sort, request.collapse) - engine.fields()
    yield from (f"No document has the field “{name}”" for name in sorted(unknown))


def _check(**numbers: int) -> None:
    for name, number in numbers.items():
        if type(number) is int and number >= 0:
            continue
        if not hasattr(number, "__index__"):
            raise QueryError(
                f"{name} is {ascii(number)[:40]} ({type(number).__name__}), not a whole number",
                hint=f"Give {name} as 0 or more",
            )
        if number < 0:
            raise QueryError(f"{name} is {number}", hint=f"Give {name} as 0 or more")


def _apart(engine: Engine, request: Request, answer: Answer) -> Iterator[str]:
    """A word to those who asked for several things at once and will look for them in one paragraph."""
    units = answer.totals.units
    if request.scope is Scope.PARAGRAPH or not units or not _joins(request):
        return
    narrow = engine.answer(replace(request, scope=Scope.PARAGRAPH, scoring=(), limit=0, offset=0))
    if not narrow.totals.units:
        noun, verb = (f"{request.scope}s", "do") if units > 1 else (str(request.scope), "does")
        yield f"No single paragraph holds all that is asked for together; {units:,} {noun} {verb}"


def _scattered(engine: Engine, question: Question, request: Request) -> Iterator[str]:
    """A word to those whose bare words all stand in some documents, but never in one paragraph."""
    if not isinstance(request.match, Or):
        return
    groups: list[list[Node]] = []
    for leaf in question.leaves:
        if leaf.near is not None or leaf.node.field not in _IN_PARAGRAPHS:
            return
        if leaf.added and groups:
            groups[-1].append(leaf.node)
        else:
            groups.append([leaf.node])
    if not 1 < len(groups) <= _WORDS_TOGETHER:
        return
    every = And(tuple(Or(tuple(group)) if len(group) > 1 else group[0] for group in groups))
    narrow = Request(every, Scope.PARAGRAPH, (), limit=0, where=request.where)
    if engine.answer(narrow).totals.units:
        return
    documents = engine.answer(replace(narrow, scope=Scope.DOCUMENT)).totals.units
    if documents:
        noun, verb = ("documents", "do") if documents > 1 else ("document", "does")
        yield f"No single paragraph holds all of the words; {documents:,} {noun} {verb}"


def _undated(engine: Engine, question: Question, answer: Answer) -> Iterator[str]:
    """A word to those who asked for dates and found nothing: how many documents have none."""
    if answer.totals.units or question.where is None:
        return
    from .narrowing import fields_of  # as above

    for field in sorted(fields_of(question.where, None, "") & _DATES.keys()):
        counts = engine.counts(Request(Every(), Scope.DOCUMENT, (), limit=0), field)
        if counts.missing:
            have = "document has" if counts.missing == 1 else "documents have"
            yield f"{counts.missing:,} {have} no {_DATES[field]}, and so cannot answer"


def _joins(request: Request) -> bool:
    nodes = list(walk(request.match))
    if any(isinstance(node, Word | Phrase) and node.field not in _IN_PARAGRAPHS for node in nodes):
        return False  # a title or heading is no part of the paragraphs beneath it
    return any(
        isinstance(node, And) and sum(not isinstance(child, Not) for child in node.children) > 1
        for node in nodes
    )


def _missing(engine: Engine, question: Question, answer: Answer) -> Iterator[Word]:
    """The words asked for that stand nowhere, each once; none of an empty index, which lacks them all."""
    if not engine.statistics().documents:
        return
    words: dict[str, Word] = {}
    found = _found(question, answer)
    for leaf in question.leaves:
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
