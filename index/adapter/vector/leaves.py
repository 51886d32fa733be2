"""From terms and patterns to nodes: postings, the scores that a weighting gives them, and expansion."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, cast

from whoosh import query
from whoosh.scoring import BM25F, TF_IDF, Frequency, MultiWeighting

from ....errors import IndexCorrupt
from ...arrays import F64, I64, Bool
from ..postings import PostingList, TermSource
from .nodes import Boosted, Leaf, Node, Nothing, Scorer

__all__ = ["Asked", "Unknown", "expanded", "scored_by_arrays", "term"]


class Unknown(Exception):
    """The evaluator does not know a query, or not in its place: Whoosh's matchers answer it."""


class Searched(Protocol):
    """What is needed of a segment (`codec.ViewSegment`)."""

    @property
    def live(self) -> Bool | None: ...
    def terms(self, name: str) -> TermSource: ...
    def doc_count_all(self) -> int: ...
    def segment_id(self) -> str: ...


@dataclass(frozen=True)
class Asked:
    """How a query is asked of a segment; from `SearchContext`, and from where it stands in the tree.

    searcher: of the segment. current, weighting: as in Whoosh's `SearchContext` (`needs_current`). moved:
    Whoosh would move the query's matcher to chosen documents, instead of reading it from end to end. top:
    this is the whole query, in a search for the best scores.
    """

    searcher: Any
    current: bool
    weighting: Any
    moved: bool = False
    top: bool = True

    @property
    def segment(self) -> Searched:
        return cast("Searched", self.searcher.reader().segment())

    @property
    def size(self) -> int:
        return self.segment.doc_count_all()

    def boolean(self) -> Asked:
        """Only documents matter."""
        return Asked(self.searcher, current=False, weighting=None, moved=True, top=False)

    def with_current(self) -> Asked:
        return replace(self, current=True)

    def inside(self) -> Asked:
        return replace(self, top=False) if self.top else self

    def moving(self) -> Asked:
        return replace(self, moved=True, top=False)


def scored_by_arrays(weighting: Any) -> bool:
    """Whether the scores of a weighting are known here."""
    if type(weighting) is MultiWeighting:
        return all(map(scored_by_arrays, [weighting.default, *weighting.weightings.values()]))
    return type(weighting) in (BM25F, TF_IDF, Frequency)


def term(asked: Asked, name: str, text: Any, boost: float = 1.0) -> Node:
    """The node of a term; text as Whoosh's field takes it, or bytes."""
    schema = asked.searcher.schema
    if name not in schema:
        return Nothing()
    try:
        content: bytes = schema[name].to_bytes(text)
    except ValueError:
        return Nothing()
    try:
        source = asked.segment.terms(name)
    except KeyError:
        return Nothing()  # a field that came into the schema after the segment
    number = source.words.find(content)
    if number < 0:
        return Nothing()
    scorer = _scorer(asked, asked.weighting or asked.searcher.weighting, name, content)
    leaf = Leaf(_postings(asked, source, number), (name, content), scorer)
    return leaf if boost == 1.0 else Boosted(leaf, boost)


def _postings(asked: Asked, source: TermSource, number: int) -> PostingList:
    postings = source.postings(number)
    if len(postings) and int(postings.paragraphs.max()) >= asked.size:
        raise IndexCorrupt(
            "a word stands beyond the end of its segment",
            path=asked.segment.segment_id(),
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
    return postings.among(asked.segment.live)


def _scorer(asked: Asked, weighting: Any, name: str, content: bytes) -> Scorer:
    """The scores of `whoosh.scoring`; statistics are the whole index's."""
    if type(weighting) is MultiWeighting:
        return _scorer(asked, weighting.weightings.get(name, weighting.default), name, content)
    idf = partial(asked.searcher.get_parent().idf, name, content)
    if type(weighting) is TF_IDF:
        return ByFrequency(idf)
    if type(weighting) is BM25F and asked.searcher.schema[name].scorable:
        return ByLength(idf, weighting, partial(asked.searcher.norms, name, weighting))
    return ByFrequency(lambda: 1.0)


@dataclass(frozen=True, slots=True)
class ByFrequency:
    """Frequencies times a factor, as of `Frequency` and `TF_IDF`."""

    factor: Callable[[], float]

    def score(self, frequencies: F64, docs: I64) -> F64:
        return frequencies * self.factor()

    def most(self, frequency: float) -> float:
        return frequency * self.factor()


@dataclass(frozen=True, slots=True)
class ByLength:
    """BM25F of one field. norms: see `ViewSearcher.norms`."""

    idf: Callable[[], float]
    weighting: BM25F
    norms: Callable[[], tuple[F64, float]]

    def score(self, frequencies: F64, docs: I64) -> F64:
        scores = frequencies * (self.weighting.K1 + 1)
        frequencies += self.norms()[0][docs]
        scores /= frequencies
        scores *= self.idf()
        return scores

    def most(self, frequency: float) -> float | None:
        least = self.norms()[1]
        k1 = self.weighting.K1
        # With a norm below 0 (B outside [0, 1]) the score need not grow with the frequency.
        return self.idf() * (frequency * (k1 + 1) / (frequency + least)) if least >= 0 and k1 >= 0 else None


# Patterns


def expanded(asked: Asked, q: Any) -> list[bytes]:
    """The terms of the segment's field that a query of several terms stands for, as Whoosh orders them."""
    reader = asked.searcher.reader()
    if q.fieldname not in reader.schema:
        raise Unknown(q)  # Whoosh has its own words for that
    words = asked.segment.terms(q.fieldname).words
    if type(q) is query.Prefix:
        prefix = reader.schema[q.fieldname].to_bytes(q.text)
        return [words[number] for number in words.prefixed(prefix)]
    if type(q) is query.Wildcard or type(q) is query.Regex:
        return _matching(reader.schema[q.fieldname], words, q)
    found: Iterable[bytes] = q._btexts(reader)
    return [text for text in found if text]


def _matching(field: Any, words: Any, q: Any) -> list[bytes]:
    prefix = q._find_prefix(q.text)
    match = re.compile(q._get_pattern()).match
    chosen = words.prefixed(field.to_bytes(prefix)) if prefix else range(len(words))
    texts = (words[number] for number in chosen)
    return [text for text in texts if text and match(field.from_bytes(text))]
