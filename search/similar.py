"""More like this: the paragraphs that share the distinctive words of a text.

A word is distinctive when the text says it often and few paragraphs of the index have it: tf-idf with the
logarithm of the frequency (Salton and Buckley, "Term-weighting approaches in automatic text retrieval",
1988).
Paragraphs are ordered by BM25 over these words.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..corpus.citation import Citation
from ..corpus.languages import stop_words
from ..errors import CitationUnresolved, QueryError
from ..index.analysis.normal import normalise
from ..index.analysis.tokens import tokenize
from ..index.query import Clause, FieldName, Or, Request, Scope, Term, Word
from ..index.records import Totals
from ..index.where import Eq, Filter, Negate
from .citing import resolve
from .engine import Engine
from .hits import hits_of
from .reading import Leaf
from .results import Hit

__all__ = ["DistinctiveWord", "Similar", "SimilarHit", "similar"]

_MOST = 25  # distinctive words, as Lucene's MoreLikeThis takes
_COUNTED = 400  # words of a long text, those that it says most often, of which it is asked how rare they are
_READ = 1_000_000  # characters of a text
_SHORTEST = 3  # letters; shorter ones are signs and abbreviations
_TOO_OFTEN = 0.1  # of all paragraphs: who shares such a word shares little


@dataclass(frozen=True, slots=True)
class DistinctiveWord:
    """A word of the text as it is written there, how many paragraphs of the index have it, in any of its
    forms. said: 1 and the logarithm of how often the text says it. weight: this times the word's rarity."""

    word: str
    paragraphs: int
    said: float
    weight: float


@dataclass(frozen=True, slots=True)
class SimilarHit:
    """A paragraph that is like the text, and the distinctive words that they share, weightiest first."""

    hit: Hit
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Similar:
    """What is like a text.

    source: the key of the document that was asked about, which is left out; "" for a text from elsewhere.
    words: by which it was looked for, the weightiest first. hits: the nearest first. totals: of all
        paragraphs that share a word.
    """

    source: str
    words: tuple[DistinctiveWord, ...]
    hits: tuple[SimilarHit, ...]
    totals: Totals


def similar(
    engine: Engine,
    citation: str | Citation = "",
    *,
    text: str = "",
    limit: int = 10,
    group: bool = True,
    where: Filter | None = None,
) -> Similar:
    """The paragraphs nearest to the cited one, to a whole document (by its key), or to a text.

    group: of each document its nearest paragraph. The document that is asked about is left out. Paragraphs in
    nearly the same words are one hit, which names the documents of the others (`Hit.duplicates`).
    Raises CitationUnresolved where the citation, or the key, leads nowhere; QueryError unless there is
    either a citation or a text.
    """
    if bool(citation) == bool(text) or not isinstance(text, str):
        raise QueryError("nothing to compare with", hint="Give either a citation (or key) or a text")
    if not isinstance(limit, int) or limit < 0:
        raise QueryError(f"limit is {limit!r}", hint="Give a limit of 0 or more")
    if where is not None:
        engine = engine.restricted(where)
    languages = engine.statistics().languages
    key, language = "", min(languages, key=lambda code: (-languages[code], code), default="en")
    if citation:
        key, text, language = _cited(engine, citation)
    words = _distinctive(engine, text, language)
    if not words:
        return Similar(key, (), (), Totals(0, 0, 0))
    return _nearest(engine, key, words, limit, group)


def _cited(engine: Engine, citation: str | Citation) -> tuple[str, str, str]:
    """Key, words and language of what is cited: a paragraph, or a document by its key."""
    if isinstance(citation, str) and (document := engine.document(citation)) is not None:
        titles = " ".join([document.meta.title, *(section.title for section in document.sections)])
        paragraphs = (document.text[each.start : each.end] for each in document.paragraphs)
        return document.key, "\n".join([titles, *paragraphs]), document.meta.language
    if isinstance(citation, str) and "@" not in citation:
        raise CitationUnresolved(
            "the index holds no such document",
            path=citation,
            hint="Give the citation of a hit, the key of a document, or a file that is there",
        )
    found = resolve(engine, citation)
    return found.document.key, found.text, found.document.meta.language


def _distinctive(engine: Engine, text: str, language: str) -> list[tuple[DistinctiveWord, Word]]:
    """The words by which the text is told from others, the weightiest first. language: of which forms are one
    word."""
    statistics = engine.statistics()
    languages = sorted(statistics.languages)
    common = frozenset().union(*map(stop_words, languages))
    raws: dict[str, Counter[str]] = {}
    for token in tokenize(text, 0, _READ):
        word = normalise(token.raw)
        if len(word) >= _SHORTEST and word not in common and not word.isdigit():
            raws.setdefault(word, Counter())[token.raw] += 1
    said = sorted(raws, key=lambda word: (-raws[word].total(), word))[:_COUNTED]
    forms: dict[tuple[Term, ...], list[str]] = {}
    for word in said:
        forms.setdefault(engine.analyse(word, language), []).append(word)
    found = []
    for spellings in forms.values():
        terms = {term for word in spellings for code in languages for term in engine.analyse(word, code)}
        asked = Word(spellings[0], tuple(sorted(terms)), FieldName.TEXT)
        count = engine.frequency(asked)
        if 0 < count <= max(_TOO_OFTEN * statistics.paragraphs, 1):
            said_so = 1 + math.log(sum(raws[word].total() for word in spellings))
            rarity = math.log(1 + (statistics.paragraphs - count + 0.5) / (count + 0.5))
            written = raws[spellings[0]].most_common(1)[0][0]
            found.append((DistinctiveWord(written, count, said_so, said_so * rarity), asked))
    found.sort(key=lambda each: (-each[0].weight, each[0].word))
    return found[:_MOST]


def _nearest(
    engine: Engine, key: str, words: Sequence[tuple[DistinctiveWord, Word]], limit: int, group: bool
) -> Similar:
    clauses = tuple(Clause(asked, told.said) for told, asked in words)
    request = Request(
        Or(tuple(asked for _, asked in words)),
        Scope.PARAGRAPH,
        clauses,
        limit,
        group=group,
        where=Negate(Eq("key", key)) if key else None,
        fold=True,
    )
    answer = engine.answer(request)
    leaves = tuple(Leaf(asked) for _, asked in words)
    hits = hits_of(engine, answer, leaves, offset=0, snippets=2)
    return Similar(
        key,
        tuple(told for told, _ in words),
        tuple(SimilarHit(hit, tuple(_shared(engine, hit, words))) for hit in hits),
        answer.totals,
    )


def _shared(engine: Engine, hit: Hit, words: Sequence[tuple[DistinctiveWord, Word]]) -> Iterable[str]:
    language = hit.meta.language
    here = {normalise(token.raw) for token in tokenize(hit.text)}
    terms = {term for word in here for term in engine.analyse(word, language)}
    return (told.word for told, asked in words if terms.intersection(asked.terms))
