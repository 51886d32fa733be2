"""From a query to its results: read, ask the engine, choose snippets, say what was searched."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from ..corpus.citation import Citation, words_hash
from ..errors import QueryError
from ..index.analysis.normal import normalise
from ..index.query import And, FieldName, Not, Phrase, Request, Scope, Sort, Term, Word, walk
from ..index.records import Answer, Passage, Scored
from .engine import Engine
from .grammar import GRAMMAR_VERSION
from .ranking import clauses
from .reading import Question, read
from .results import Hit, NearWord, QueryReading, Results
from .snippets import Marking, Surfaces, snippets_of
from .syntax import render

if TYPE_CHECKING:
    from ..index.where import Filter

__all__ = ["ByFields", "search"]

_IN_PARAGRAPHS = (FieldName.ANY, FieldName.TEXT)
_NEAR_WORDS = 5  # suggestions for each word
_WORDS_LOOKED_UP = 32  # the first words of a query: a whole page as a query holds no slips of the finger
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
    where: Filter | None = None,
    sort: Sort | None = None,
    collapse: str = "",
) -> Results:
    """The best paragraphs for a query, with exact totals and the complete reading.

    limit, offset: which hits, counted in their order (with `group`: of documents); limit 0: totals only.
    scope: the unit that the Boolean operators are asked of; the best paragraphs of matching units are shown.
    group: only the best paragraph of each document.
    snippets: the most stretches of text for each hit; 0: none.
    where: which documents may answer; None: all.
    sort: by which field instead of the score. collapse: the field of whose values only the first hit is kept.
    Raises QuerySyntax for a query without a word, QueryTooCostly beyond the limits, QueryError for
    negative numbers and for arguments of other types.
    """
    if not isinstance(query, str):
        raise QueryError(f"the query is a {type(query).__name__}, not text", hint="Give it as a str")
    _check(limit=limit, offset=offset, snippets=snippets)
    started = time.perf_counter()
    question = read(engine, query)
    request = Request(
        question.match,
        scope,
        clauses(question.leaves),
        limit,
        offset,
        group,
        where=where,
        sort=sort,
        collapse=collapse,
    )
    answer = engine.answer(request)
    surfaces = cache(engine.surfaces)
    marking = Marking(surfaces, question.leaves)
    hits = tuple(_hits(engine, answer, marking, offset, snippets))
    notices = (*question.notices, *_unknown_fields(engine, request), *_apart(engine, request, answer))
    missing = islice(_missing(engine, question, surfaces, marking.text.met()), _WORDS_MISSING)
    near = tuple(_near_word(engine, word) for word in missing)
    statistics = engine.statistics()
    return Results(
        hits=hits,
        totals=answer.totals,
        seconds=time.perf_counter() - started,
        reading=QueryReading(
            query=query,
            tree=render(question.tree),
            notices=notices,
            scope=scope,
            grammar=GRAMMAR_VERSION,
            analysers=tuple(sorted(engine.analyser_versions().items())),
            generation=statistics.generation,
            where=where,
            sort=sort,
            collapse=collapse,
        ),
        documents=statistics.documents,
        gaps=statistics.gaps,
        incomplete=statistics.incomplete,
        near_words=near,
    )


def _unknown_fields(engine: Engine, request: Request) -> Iterator[str]:
    """A word to those who ask for a field that no document has."""
    if request.where is None and request.sort is None and not request.collapse:
        return
    from .narrowing import fields_of  # most searches ask for no field

    asked = fields_of(request.where, request.sort, request.collapse)
    yield from (f"No document has the field “{name}”" for name in sorted(asked - engine.fields()))


def _check(**numbers: int) -> None:
    for name, number in numbers.items():
        if not hasattr(number, "__index__"):
            raise QueryError(
                f"{name} is {ascii(number)[:40]} ({type(number).__name__}), not a whole number",
                hint=f"Give a {name} of 0 or more",
            )
        if number < 0:
            raise QueryError(f"{name} is {number}", hint=f"Give a {name} of 0 or more")


def _hits(engine: Engine, answer: Answer, marking: Marking, offset: int, most: int) -> Iterator[Hit]:
    passages = engine.passages([scored.ref for scored in answer.hits])
    for rank, (scored, passage) in enumerate(zip(answer.hits, passages, strict=True), start=offset + 1):
        yield _hit(rank, scored, passage, marking, most)


def _hit(rank: int, scored: Scored, passage: Passage, marking: Marking, most: int) -> Hit:
    paragraph = passage.paragraph
    page = None if passage.page is None else passage.page + 1
    citation = Citation(passage.ref.key, passage.section, paragraph.ordinal, words_hash(passage.text), page)
    return Hit(
        rank=rank,
        score=scored.score,
        key=passage.ref.key,
        root=passage.root,
        path=passage.path,
        title=passage.meta.title,
        meta=passage.meta,
        headings=passage.headings,
        section=passage.section,
        paragraph=paragraph.ordinal,
        line=paragraph.line,
        page=passage.page_label or ("" if page is None else str(page)),
        start=paragraph.start,
        end=paragraph.end,
        text=passage.text,
        snippets=snippets_of(passage, marking.text, most),
        citation=str(citation),
        group_size=scored.group_size,
        kind=paragraph.kind,
        title_highlights=marking.in_title(passage.meta.title),
        heading_highlights=tuple(map(marking.in_heading, passage.headings)),
    )


def _apart(engine: Engine, request: Request, answer: Answer) -> Iterator[str]:
    """A word to those who asked for several things at once and will look for them in one paragraph."""
    units = answer.totals.units
    if request.scope is Scope.PARAGRAPH or not units or not _joins(request):
        return
    narrow = engine.answer(replace(request, scope=Scope.PARAGRAPH, scoring=(), limit=0, offset=0))
    if not narrow.totals.units:
        noun, verb = (f"{request.scope}s", "do") if units > 1 else (str(request.scope), "does")
        yield f"No single paragraph holds all that is asked for together; {units:,} {noun} {verb}"


def _joins(request: Request) -> bool:
    nodes = list(walk(request.match))
    if any(isinstance(node, Word | Phrase) and node.field not in _IN_PARAGRAPHS for node in nodes):
        return False  # a title or heading is no part of the paragraphs beneath it
    return any(
        isinstance(node, And) and sum(not isinstance(child, Not) for child in node.children) > 1
        for node in nodes
    )


def _missing(engine: Engine, question: Question, surfaces: Surfaces, met: frozenset[str]) -> Iterator[Word]:
    """The words asked for that stand nowhere, each once; none of an empty index, which lacks them all.

    met: words that hits are known to hold, which need not be counted.
    """
    if not engine.statistics().documents:
        return
    nodes = [node for leaf in question.leaves for node in (leaf.node, *getattr(leaf.node, "words", ()))]
    words = {_spelling(node): replace(node, field=FieldName.ANY) for node in nodes if isinstance(node, Word)}
    for word in list(words.values())[:_WORDS_LOOKED_UP]:
        indexed = surfaces(word.terms)
        # The index may still hold words of documents that are gone.
        if not indexed or not (indexed & met or engine.frequency(word)):
            yield word


def _near_word(engine: Engine, word: Word) -> NearWord:
    """The word with those that the index holds and that are spelt alike."""
    languages = engine.statistics().languages
    found: dict[tuple[Term, ...], tuple[str, int]] = {}  # of each word the best spelling
    for language in sorted(languages, key=lambda code: (-languages[code], code)):
        for near, count in engine.near_words(_spelling(word), language, 2 * _NEAR_WORDS):
            found.setdefault(engine.analyse(near, language), (near, count))
    return NearWord(word.surface, tuple(found.values())[:_NEAR_WORDS])


def _spelling(word: Word) -> str:
    return normalise(word.surface.rstrip("*"))
