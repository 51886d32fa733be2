"""From a query to the node that answers it in one segment.

Each kind of query has a function here, which follows its `matcher` method in `whoosh.query`: which children
it makes, in which context, and what becomes of its boost. A query of any other class, one derived by a
program included, is `Unknown`.
"""

# mypy: allow-untyped-calls
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from whoosh import query
from whoosh.query import spans as span_queries
from whoosh.query.compound import Otherwise
from whoosh.query.positional import Ordered
from whoosh.query.positional import Sequence as InSequence
from whoosh.util import make_binary_tree, make_weighted_tree

from ...arrays import I64, union
from .leaves import Asked, Unknown, expanded, term
from .nodes import (
    Best,
    Boosted,
    Constant,
    Coordinated,
    Excluding,
    Intersection,
    Leaf,
    Node,
    Nothing,
    Optional,
    Required,
    Spanned,
    SpanUnion,
    Union,
    WithoutSpans,
    outside_of,
)
from .sets import NONE, complement
from .spans import Spans, before, containing, near

__all__ = ["evaluate"]

_NEWER = hasattr(span_queries.SpanQuery, "_span_context")
"""Whoosh 3 asks for spans where a matcher would not keep them, and applies the boost of a pattern to its
terms; Whoosh-Reloaded 2.7 does neither."""

_SMALL = 5000
"""Segments up to this many documents are small to `whoosh.query.Or`."""


def evaluate(q: Any, asked: Asked) -> Node:
    """The node of a query. `Unknown` when it, or a part of it, cannot be answered here."""
    answer = _ANSWERS.get(type(q))
    if answer is None:
        raise Unknown(q)
    return answer(q, asked)


# Terms and patterns


def _term(q: Any, asked: Asked) -> Node:
    if q.minquality:
        raise Unknown(q)
    return term(asked, q.fieldname, q.text, q.boost)


def _multi(q: Any, asked: Asked) -> Node:
    texts = expanded(asked, q)
    boost = q.boost if _NEWER else 1.0
    if len(texts) < 2:
        return term(asked, q.fieldname, texts[0], boost) if texts else Nothing()
    if q.constantscore:
        asked = replace(asked, weighting=None)
    children = [term(asked, q.fieldname, text, boost) for text in texts]
    order = _order([query.Term(q.fieldname, text) for text in texts], asked, 1)
    array = _as_array(query.Or.matcher_type, len(children), None, asked)
    return _union(children, asked, 1.0 if _NEWER else q.boost, None, order, array=array)


def _pattern(everything: str, q: Any, asked: Asked) -> Node:
    if q.text == everything:
        return _every(query.Every(q.fieldname, boost=q.boost), asked)
    return _multi(q, asked)


def _every(q: Any, asked: Asked) -> Node:
    value = q.boost or 1.0
    if q.fieldname in (None, "", "*"):
        return Constant(complement(NONE, asked.segment.live, asked.size), value)
    if q.fieldname not in asked.searcher.schema:
        raise Unknown(q)
    source = asked.segment.terms(q.fieldname)
    live = asked.segment.live
    if source.lengths is not None:
        return Constant(np.flatnonzero(source.lengths if live is None else source.lengths * live), value)
    found = union([source.postings(number).paragraphs for number in range(len(source.words))], asked.size)
    return Constant(found if live is None else found[live[found]], value)


def _numeric(q: Any, asked: Asked) -> Node:
    return evaluate(q._compile_query(asked.searcher.reader()), asked)


def _constant(q: Any, asked: Asked) -> Node:
    child = evaluate(q.child, asked.inside())
    if asked.current or isinstance(child, Nothing):
        return child
    return Constant(child.docs, q.score or 1.0, child.term if isinstance(child, Leaf) else None)


# Combinations


@dataclass(frozen=True, eq=False)
class _Branch:
    """Children in the order in which a tree of Whoosh's matchers has them."""

    numbers: tuple[int, ...]

    def __lt__(self, other: _Branch) -> bool:
        return False

    def __add__(self, other: _Branch) -> _Branch:
        return _Branch(self.numbers + other.numbers)


def _order(subqueries: Sequence[Any], asked: Asked, sign: int) -> Callable[[], Sequence[int]]:
    """The order that Whoosh gives subqueries by the number of documents it expects of them."""

    def order() -> Sequence[int]:
        reader = asked.searcher.reader()
        weights = [sign * q.estimate_size(reader) for q in subqueries]
        branches = [(weight, _Branch((number,))) for number, weight in enumerate(weights)]
        found: tuple[int, ...] = make_weighted_tree(_Branch.__add__, branches).numbers
        return found

    return order


def _boosted(node: Node, boost: float) -> Node:
    return node if boost == 1.0 else Boosted(node, boost)


def _unboosted(node: Node) -> Node:
    return node.child if isinstance(node, Boosted) else node


def _children(queries: Sequence[Any], asked: Asked) -> list[Node]:
    return [evaluate(child, asked) for child in queries]


def _alone(q: Any, asked: Asked) -> Node | None:
    """What a combination is without children, or with one (whose boost alone counts)."""
    if len(q.subqueries) > 1:
        return None
    return evaluate(q.subqueries[0], asked) if q.subqueries else Nothing()


def _and(q: Any, asked: Asked) -> Node:
    if (alone := _alone(q, asked)) is not None:
        return alone
    children = _children(q.subqueries, asked.moving())
    return _boosted(Intersection(children, _order(q.subqueries, asked, -1)), q.boost)


def _or(q: Any, asked: Asked) -> Node:
    if q.matcher_type == query.Or.SPLIT_MATCHER:
        raise Unknown(q)
    if (alone := _alone(q, asked)) is not None:
        return alone
    children = _children(q.subqueries, asked.inside())
    order = _order(q.subqueries, asked, 1)
    array = _as_array(q.matcher_type, len(children), q.scale, asked)
    return _union(children, asked, q.boost, q.scale, order, array=array)


def _as_array(kind: int, count: int, scale: float | None, asked: Asked) -> bool:
    """Whether `whoosh.query.Or` keeps an array of scores for this many children."""
    if kind != query.Or.AUTO_MATCHER:
        return kind == query.Or.ARRAY_MATCHER
    many = count >= query.Or.TOO_MANY_CLAUSES
    return many or not (asked.current or scale or count == 2 or asked.size > _SMALL)


def _union(
    children: list[Node],
    asked: Asked,
    boost: float,
    scale: float | None,
    order: Callable[[], Sequence[int]],
    *,
    array: bool,
) -> Node:
    """Any of several, in one of the two ways of `whoosh.query.Or`."""
    if array:
        flat = 1.0 if asked.weighting is None else None
        node = WithoutSpans(children, asked.size, each=boost, flat=flat)
        if not node.positive:
            raise Unknown("an array of scores that may not be positive")
        return node
    whole = _boosted(Union(children, asked.size, order), boost)
    if not scale:
        return whole
    if asked.weighting is None:
        return whole
    if not asked.top or not all(isinstance(child, Leaf | Nothing) for child in map(_unboosted, children)):
        raise Unknown("terms to be counted elsewhere than at the top, in a list of terms")
    return Coordinated(whole, children, scale, guarded=_NEWER)


def _best(q: Any, asked: Asked) -> Node:
    if (alone := _alone(q, asked)) is not None:
        return alone
    return _boosted(
        Best(_children(q.subqueries, asked.inside()), asked.size, _order(q.subqueries, asked, 1)), q.boost
    )


def _excluding(q: Any, asked: Asked) -> Node:
    if asked.moved:
        raise Unknown(q)  # whether Whoosh looks at the first document depends on who moves the matcher there
    return Excluding(evaluate(q.a, asked.inside()), evaluate(q.b, asked.boolean()))


def _otherwise(q: Any, asked: Asked) -> Node:
    first = evaluate(q.a, asked)
    return first if len(first.docs) else evaluate(q.b, asked)


def _required(q: Any, asked: Asked) -> Node:
    return Required(evaluate(q.a, asked.moving()), evaluate(q.b, asked.boolean()))


def _optional(q: Any, asked: Asked) -> Node:
    if asked.moved:
        raise Unknown(q)  # Whoosh may then leave the second matcher behind, and its score and terms out
    node = Optional(evaluate(q.a, asked.inside()), evaluate(q.b, asked.moving()))
    if not node.positive:
        raise Unknown(q)  # Whoosh may then drop what it takes for too low a score
    return node


def _not(q: Any, asked: Asked) -> Node:
    child = evaluate(q.query, asked.boolean())
    return Constant(complement(child.docs, asked.segment.live, asked.size), 1.0)


# Positions


def _phrase(q: Any, asked: Asked) -> Node:
    if q.fieldname not in asked.searcher.schema:
        return Nothing()
    field = asked.searcher.schema[q.fieldname]
    if not q.words or not field.format or not field.format.supports("positions"):
        raise Unknown(q)
    leaves = [term(asked, q.fieldname, word) for word in q.words]
    if any(isinstance(leaf, Nothing) for leaf in leaves):
        return Nothing()
    return _boosted(_in_a_row(leaves, q.slop, 1, ordered=True), q.boost)


def _with_spans(asked: Asked) -> Asked:
    return asked.moving().with_current() if _NEWER else asked.moving()


def _spannable(*nodes: Node) -> None:
    """`Unknown` when spans would have to be asked of a node that has none."""
    if not all(node.spannable or not len(node.docs) for node in nodes):
        raise Unknown("spans of a query without")


def _in_a_row(nodes: Sequence[Node], slop: int, least: int, *, ordered: bool) -> Node:
    """`SpanNear2`: every span of the first is carried on to the next."""
    _spannable(*nodes)

    def find(docs: I64) -> Spans:
        at = docs
        found = nodes[0].spans(docs)
        for node in nodes[1:]:
            # Only documents that are still in question have their positions read.
            left = found.owned()
            at, found = _narrowed(at, found, left)
            found = near(found, node.spans(at), slop, least, ordered=ordered, first=True)
        return found.told_of(_places(docs, at))

    return Spanned(Intersection(nodes), find)


def _narrowed(docs: I64, spans: Spans, left: I64) -> tuple[I64, Spans]:
    """Only the documents at the indices `left`, which all spans have as owners."""
    if len(left) == len(docs):
        return docs, spans
    return docs[left], Spans(np.searchsorted(left, spans.owners), spans.starts, spans.ends)


def _places(docs: I64, some: I64) -> I64:
    return np.searchsorted(docs, some)


def _near2(q: Any, asked: Asked) -> Node:
    nodes = _children(q.qs, _with_spans(asked))
    if not nodes:
        raise Unknown(q)
    return _in_a_row(nodes, q.slop, q.mindist, ordered=q.ordered)


def _pair(choose: Callable[[Spans, Spans], Spans], a: Node, b: Node) -> Node:
    _spannable(a, b)
    return Spanned(Intersection([a, b]), lambda docs: choose(a.spans(docs), b.spans(docs)))


def _near(slop: int, least: int, ordered: bool, a: Node, b: Node) -> Node:
    return _pair(lambda one, other: near(one, other, slop, least, ordered=ordered, first=False), a, b)


def _near1(q: Any, asked: Asked) -> Node:
    a, b = _children([q.a, q.b], _with_spans(asked))
    return _near(q.slop, q.mindist, q.ordered, a, b)


def _sequence(q: Any, asked: Asked) -> Node:
    if (alone := _alone(q, asked)) is not None:
        return alone
    nodes = _children(q.subqueries, asked.moving().with_current())
    return _boosted(make_binary_tree(partial(_near, q.slop, 1, q.ordered), nodes), q.boost)


def _ordered(q: Any, asked: Asked) -> Node:
    if (alone := _alone(q, asked)) is not None:
        return alone
    nodes = _children(q.subqueries, asked.moving())
    return _boosted(make_binary_tree(partial(_pair, before), nodes), q.boost)


def _of_two(choose: Callable[[Spans, Spans], Spans], q: Any, asked: Asked) -> Node:
    a, b = _children([q.a, q.b], _with_spans(asked))
    return _pair(choose, a, b)


def _condition(q: Any, asked: Asked) -> Node:
    a, b = _children([q.a, q.b], _with_spans(asked))
    _spannable(a)
    return Spanned(Intersection([a, b]), a.spans)


def _first(q: Any, asked: Asked) -> Node:
    child = evaluate(q.q, replace(_with_spans(asked), moved=asked.moved))
    _spannable(child)

    def find(docs: I64) -> Spans:
        spans = child.spans(docs)
        return spans.among(spans.ends <= q.limit)

    return Spanned(child, find)


def _any_spans(q: Any, asked: Asked) -> Node:
    nodes = _children(q.subqs, replace(_with_spans(asked), moved=asked.moved))
    if not nodes:
        raise Unknown(q)
    _spannable(*nodes)
    return nodes[0] if len(nodes) == 1 else SpanUnion(nodes, asked.size)


def _outside(q: Any, asked: Asked) -> Node:
    if asked.moved:
        raise Unknown(q)  # as of `AndMaybe`
    asked = _with_spans(asked)
    a, b = evaluate(q.a, replace(asked, moved=False)), evaluate(q.b, asked)
    _spannable(a, b)
    return outside_of(a, b)


_ANSWERS: Mapping[type, Callable[[Any, Asked], Node]] = {
    query.Term: _term,
    query.Prefix: partial(_pattern, ""),
    query.Wildcard: partial(_pattern, "*"),
    query.Regex: partial(_pattern, ".*"),
    query.FuzzyTerm: _multi,
    query.Variations: _multi,
    query.TermRange: _multi,
    query.NumericRange: _numeric,
    query.DateRange: _numeric,
    query.Every: _every,
    type(query.NullQuery): lambda q, asked: Nothing(),
    query.ConstantScoreQuery: _constant,
    query.And: _and,
    query.Or: _or,
    query.DisjunctionMax: _best,
    query.AndNot: _excluding,
    Otherwise: _otherwise,
    query.Require: _required,
    query.AndMaybe: _optional,
    query.Not: _not,
    query.Phrase: _phrase,
    InSequence: _sequence,
    Ordered: _ordered,
    span_queries.SpanNear: _near1,
    span_queries.SpanNear2: _near2,
    span_queries.SpanFirst: _first,
    span_queries.SpanOr: _any_spans,
    span_queries.SpanNot: _outside,
    span_queries.SpanContains: partial(_of_two, containing),
    span_queries.SpanBefore: partial(_of_two, before),
    span_queries.SpanCondition: _condition,
}
