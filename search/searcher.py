"""From a query to its results: read, ask the engine, choose snippets, say what was searched."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import QueryError, QueryTooCostly
from ..index.query import Request
from .beside import Asked, beside
from .duplicates import Duplicates
from .engine import Engine
from .grammar import GRAMMAR_VERSION
from .hits import hits_of
from .options import DEFAULTS, Options
from .paging import cursor_of, offset_of
from .ranking import Ranking, clauses, plain_clauses
from .reading import Question, ReadOptions, read
from .results import QueryReading, Results
from .syntax import render

if TYPE_CHECKING:
    from .meaning import Meaning

__all__ = ["search"]


def search(engine: Engine, query: str, options: Options = DEFAULTS) -> Results:
    """The best paragraphs for a query, with exact totals and the complete reading.

    Raises QuerySyntax for a query without a word, QueryTooCostly beyond the limits, QueryError for what is no
    text, for fields and facets that are none, and for a cursor that does not fit.
    """
    if not isinstance(query, str):
        raise QueryError(f"the query is a {type(query).__name__}, not text", hint="Give it as a str")
    started = time.perf_counter()
    deadline = None if options.timeout is None else time.monotonic() + options.timeout
    visible = engine if options.where is None else engine.restricted(options.where)
    question = read(visible, query, _read_options(options, deadline))
    request = _request(question, options, deadline)
    tree = render(question.tree)
    told = _told(tree, query, options)
    if options.after:
        request = _after(options.after, visible, request, told)
    meaning = _meaning(visible, query, question, request) if options.semantic else None
    answer = visible.answer(request) if meaning is None else meaning.answer(request)
    hits = hits_of(visible, answer, question.leaves, offset=request.offset, snippets=options.snippets)
    said = beside(Asked(engine, visible, query, options, question, request, answer, meaning))
    if said.partial and options.strict:
        raise _too_slow(options)
    statistics = visible.statistics()
    return Results(
        hits=hits,
        totals=answer.totals,
        seconds=time.perf_counter() - started,
        reading=_reading(visible, query, tree, options, said.notices),
        documents=statistics.documents,
        gaps=statistics.gaps,
        incomplete=statistics.incomplete,
        near_words=said.near_words,
        offers=said.offers,
        facets=said.facets,
        explanations=said.explanations,
        folded=answer.folded,
        cursor="" if said.partial else cursor_of(visible, request, answer, told),
        partial=said.partial,
    )


def _read_options(options: Options, deadline: float | None) -> ReadOptions:
    plain = options.ranking is Ranking.PLAIN
    return ReadOptions(plain, options.strict, options.synonyms, options.acronyms, deadline)


def _request(question: Question, options: Options, deadline: float | None) -> Request:
    leaves = question.leaves
    return Request(
        question.match,
        options.scope,
        plain_clauses(leaves) if options.ranking is Ranking.PLAIN else clauses(leaves),
        options.limit,
        options.offset,
        options.group,
        where=question.where,
        sort=options.sort,
        collapse=options.collapse,
        fold=options.duplicates is Duplicates.FOLD,
        deadline=deadline,
    )


def _told(tree: str, query: str, options: Options) -> str:
    """Of what a cursor must be: all that hits and their order depend on, beside the request."""
    told = f"{tree}\n{options.ranking}\n{options.where!r}"
    return f"{told}\n{query}" if options.semantic else told  # whose words all have a part in what it means


def _after(cursor: str, engine: Engine, request: Request, told: str) -> Request:
    """The request for the page behind a cursor."""
    if request.offset:
        raise QueryError("an offset and a cursor at once", hint="Give one of them")
    return replace(request, offset=offset_of(cursor, engine, request, told))


def _meaning(engine: Engine, query: str, question: Question, request: Request) -> Meaning:
    from .meaning import Meaning  # most searches order by words

    return Meaning(engine, query, question, request)


def _reading(
    engine: Engine, query: str, tree: str, options: Options, notices: tuple[str, ...]
) -> QueryReading:
    return QueryReading(
        query=query,
        tree=tree,
        notices=notices,
        scope=options.scope,
        grammar=GRAMMAR_VERSION,
        analysers=tuple(sorted(engine.analyser_versions().items())),
        generation=engine.statistics().generation,
        ranking=options.ranking,
        where=options.where,
        sort=options.sort,
        collapse=options.collapse,
        duplicates=options.duplicates,
        semantic=options.semantic,
    )


def _too_slow(options: Options) -> QueryTooCostly:
    return QueryTooCostly(
        f"no complete answer within {options.timeout:g} s",
        hint="Allow more time, ask for rarer words, or search without --strict for what is found until then",
    )
