"""What a part of a query finds in one segment: documents now, scores, spans and terms when asked.

Everything is asked about a sorted array of documents which the node has. The rules, odd ones included, are
those of Whoosh's matchers (`whoosh.matching`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from ...arrays import F64, I64, union
from ..postings import PostingList
from .sets import NONE, common, difference, flags, ranks
from .spans import Spans, merged, outside, together

__all__ = [
    "Best",
    "Boosted",
    "Constant",
    "Coordinated",
    "Excluding",
    "Intersection",
    "Leaf",
    "Matched",
    "Node",
    "Nothing",
    "Optional",
    "Required",
    "Scorer",
    "SpanUnion",
    "Spanned",
    "Term",
    "Union",
    "WithoutSpans",
    "outside_of",
]

Term = tuple[str, bytes]
Matched = Iterator[tuple[Term, I64]]
"""Terms, and in which of the documents each matched."""

Order = Callable[[], Sequence[int]]
"""In which order the children's terms are told."""


class Scorer(Protocol):
    """What a weighting makes of a term."""

    def score(self, frequencies: F64, docs: I64) -> F64:
        """Scores; shape of both."""
        ...

    def most(self, frequency: float) -> float | None:
        """What no score exceeds up to this frequency; None: unknown."""
        ...


class Node:
    """docs: the matching documents, sorted. positive: no score can be 0 or less. spannable: spans can be
    asked."""

    docs: I64
    positive = True
    spannable = False

    def score(self, docs: I64) -> F64:
        """Scores of the documents; shape of `docs`."""
        raise NotImplementedError

    def spans(self, docs: I64) -> Spans:
        """Where the query stands in each of the documents."""
        raise NotImplementedError

    def terms(self, docs: I64) -> Matched:
        """Which terms of the query match which of the documents."""
        raise NotImplementedError


class Nothing(Node):
    docs = NONE
    spannable = True

    def score(self, docs: I64) -> F64:
        return np.zeros(len(docs))

    def spans(self, docs: I64) -> Spans:
        return Spans(NONE, NONE, NONE)

    def terms(self, docs: I64) -> Matched:
        return iter(())


class Constant(Node):
    """Documents that all score the same. term: the one that they hold, where Whoosh would tell."""

    def __init__(self, docs: I64, value: float, term: Term | None = None) -> None:
        self.docs = docs
        self._value = value
        self._term = term
        self.positive = value > 0

    def score(self, docs: I64) -> F64:
        return np.full(len(docs), float(self._value))

    def terms(self, docs: I64) -> Matched:
        return iter(()) if self._term is None else iter([(self._term, docs)])


class Leaf(Node):
    """The postings of a term."""

    def __init__(self, postings: PostingList, term: Term, scorer: Scorer) -> None:
        self.docs = postings.paragraphs
        self.spannable = postings.places is not None
        self._postings = postings
        self.positive = postings.weights is None or bool((postings.weights > 0).all())
        self.term = term
        self._scorer = scorer

    def score(self, docs: I64) -> F64:
        weights = self._postings.weighed()
        if len(docs) != len(self.docs):
            weights = weights[ranks(docs, self.docs)]
        return self._scorer.score(weights.astype(np.float64), docs)

    def spans(self, docs: I64) -> Spans:
        if self._postings.places is None:
            raise NotImplementedError
        owners, positions = self._postings.places(ranks(docs, self.docs))
        return Spans(owners, positions, positions)

    def terms(self, docs: I64) -> Matched:
        yield self.term, docs

    def most(self) -> float | None:
        """What no score exceeds; None: unknown."""
        return self._scorer.most(float(self._postings.weighed().max(initial=0)))


class Boosted(Node):
    def __init__(self, child: Node, boost: float) -> None:
        self.docs = child.docs
        self.positive = child.positive and boost > 0
        self.spannable = child.spannable
        self.spans = child.spans  # type: ignore[method-assign]
        self.terms = child.terms  # type: ignore[method-assign]
        self.child = child
        self.boost = boost

    def score(self, docs: I64) -> F64:
        return self.child.score(docs) * self.boost


class _Several(Node):
    """children: as the query has them."""

    def __init__(self, children: Sequence[Node], order: Order | None = None) -> None:
        self.positive = all(child.positive for child in children)
        self.children = children
        self._order = order

    def terms(self, docs: I64) -> Matched:
        order = range(len(self.children)) if self._order is None else self._order()
        for number in order:
            child = self.children[number]
            here = common([docs, child.docs])
            if len(here):
                yield from child.terms(here)

    def spans(self, docs: I64) -> Spans:
        parts = []
        for child in self.children:
            here = common([docs, child.docs])
            parts.append(child.spans(here).told_of(np.searchsorted(docs, here)))
        return together(parts)


class Union(_Several):
    """Any of the children; scores are summed.

    each: what every child's score is multiplied by before. flat: a score for all instead.
    """

    def __init__(
        self,
        children: Sequence[Node],
        bound: int,
        order: Order | None = None,
        *,
        each: float = 1.0,
        flat: float | None = None,
    ) -> None:
        super().__init__(children, order)
        self.spannable = all(child.spannable or not len(child.docs) for child in children)
        self.positive = flat is not None or (self.positive and each > 0)
        self.plain = flat is None and each == 1.0
        self.bound = bound
        self._each = each
        self._flat = flat

    @cached_property
    def docs(self) -> I64:  # type: ignore[override]
        return union([child.docs for child in self.children], self.bound)

    def score(self, docs: I64) -> F64:
        if self._flat is not None:
            return np.full(len(docs), self._flat)
        total = sum(len(child.docs) for child in self.children)
        if total * 16 < self.bound or len(docs) * 16 < total:
            return self._score_some(docs)
        sums = np.zeros(self.bound)
        for child in self.children:
            sums[child.docs] += child.score(child.docs) * self._each
        return sums[docs]

    def _score_some(self, docs: I64) -> F64:
        sums = np.zeros(len(docs))
        for child in self.children:
            here = common([docs, child.docs])
            sums[np.searchsorted(docs, here)] += child.score(here) * self._each
        return sums


class WithoutSpans(Union):
    """A union that Whoosh holds as an array of scores: it knows neither spans nor terms."""

    def __init__(self, children: Sequence[Node], bound: int, *, each: float, flat: float | None) -> None:
        super().__init__(children, bound, each=each, flat=flat)
        self.spannable = False

    def terms(self, docs: I64) -> Matched:
        return iter(())


class Intersection(_Several):
    """All of the children; scores are summed."""

    def __init__(self, children: Sequence[Node], order: Order | None = None) -> None:
        super().__init__(children, order)
        self.docs = common([child.docs for child in children])
        self.spannable = all(child.spannable for child in children)

    def score(self, docs: I64) -> F64:
        sums = np.zeros(len(docs))
        for child in self.children:
            sums += child.score(docs)
        return sums


class Best(_Several):
    """Any of the children; the best score counts.

    Whoosh compares what its matchers stand at, which for a child without the document is its next one. So it
    is here.
    """

    def __init__(self, children: Sequence[Node], bound: int, order: Order | None = None) -> None:
        super().__init__(children, order)
        self.docs = union([child.docs for child in children], bound)
        self.spannable = all(child.spannable or not len(child.docs) for child in children)

    def score(self, docs: I64) -> F64:
        best = np.full(len(docs), -np.inf)
        for child in self.children:
            if not len(child.docs):
                continue
            here = docs[: int(np.searchsorted(docs, child.docs[-1], side="right"))]
            count = len(here)
            scores = child.score(child.docs)[_next(here, child.docs)]
            np.maximum(best[:count], scores, out=best[:count])
        return best


def _next(docs: I64, among: I64) -> I64:
    """Indices of the first members of `among` that are not before each document; there is one for each."""
    if len(docs) * 16 < len(among):
        return np.searchsorted(among, docs)
    held = flags(among, int(among[-1]) + 1)
    upto = held.cumsum()
    return np.asarray(upto[docs] - held[docs])


class Excluding(Node):
    """What is in a and not in b; a's scores.

    Whoosh does not look at the first document of a when b begins before it.
    """

    def __init__(self, a: Node, b: Node) -> None:
        self.docs = difference(a.docs, b.docs)
        self.positive = a.positive
        self.score = a.score  # type: ignore[method-assign]
        self.terms = a.terms  # type: ignore[method-assign]
        if len(a.docs) and len(b.docs) and b.docs[0] < a.docs[0]:
            self.docs = union([a.docs[:1], self.docs], int(a.docs[-1]) + 1)


class Required(Node):
    """What is in both; a's scores, the terms of both."""

    def __init__(self, a: Node, b: Node) -> None:
        self.docs = common([a.docs, b.docs])
        self.positive = a.positive
        self.score = a.score  # type: ignore[method-assign]
        self._both = a, b

    def terms(self, docs: I64) -> Matched:
        for child in self._both:
            yield from child.terms(docs)


class Optional(Node):
    """What is in a; b's score is added where it stands too."""

    def __init__(self, a: Node, b: Node) -> None:
        self.docs = a.docs
        self.positive = a.positive and b.positive
        self._a = a
        self._b = b

    def score(self, docs: I64) -> F64:
        scores = self._a.score(docs).copy()
        both = common([docs, self._b.docs])
        scores[np.searchsorted(docs, both)] += self._b.score(both)
        return scores

    def terms(self, docs: I64) -> Matched:
        yield from self._a.terms(docs)
        both = common([docs, self._b.docs])
        if len(both):
            yield from self._b.terms(both)


class Coordinated(Node):
    """A union of terms whose scores are lower where few of them match ("SQR", of Apple's V-Twin).

    Every `_AGAIN` documents Whoosh's collectors drop the matchers that have run out, and the number of terms
    falls with them. So it does here.

    guarded: a single term is left as it is (newer releases of Whoosh).
    """

    _AGAIN = 10

    def __init__(self, whole: Node, children: Sequence[Node], scale: float, *, guarded: bool) -> None:
        self.docs = whole.docs
        self.terms = whole.terms  # type: ignore[method-assign]
        self.positive = False
        self._whole = whole
        self.children = children
        self._scale = scale
        self._guarded = guarded

    def score(self, docs: I64) -> F64:
        scores = self._whole.score(docs)
        matching = np.zeros(len(docs), np.int64)
        for child in self.children:
            matching[np.searchsorted(docs, common([docs, child.docs]))] += 1
        count = self._counts()[np.searchsorted(self.docs, docs) // self._AGAIN]
        with np.errstate(divide="ignore", invalid="ignore"):
            lowered = (scores + (matching - 1) / (count - self._scale) ** 2) * ((count - 1) / count)
        if self._guarded:
            return np.where((count <= 1) | (count == self._scale), scores, lowered)
        return np.where(count == self._scale, 0.0, lowered)

    def _counts(self) -> I64:
        """How many terms are left, for every `_AGAIN` documents."""
        lasts = np.sort([child.docs[-1] if len(child.docs) else -1 for child in self.children])
        return len(lasts) - np.searchsorted(lasts, self.docs[:: self._AGAIN])


class Spanned(Node):
    """Those documents of a node in which the spans that `find` gives are any."""

    spannable = True

    def __init__(self, child: Node, find: Callable[[I64], Spans]) -> None:
        self.docs = child.docs[find(child.docs).owned()] if len(child.docs) else NONE
        self.positive = child.positive
        self.score = child.score  # type: ignore[method-assign]
        self.terms = child.terms  # type: ignore[method-assign]
        self.spans = find  # type: ignore[method-assign, assignment]


class SpanUnion(Union):
    """A union whose spans are merged where they overlap or touch."""

    def spans(self, docs: I64) -> Spans:
        return merged(super().spans(docs))


def outside_of(a: Node, b: Node) -> Node:
    """Documents of a where it stands outside all spans of b; scored like `Optional`."""

    def find(docs: I64) -> Spans:
        both = common([docs, b.docs])
        return outside(a.spans(docs), b.spans(both).told_of(np.searchsorted(docs, both)))

    return Spanned(Optional(a, b), find)
