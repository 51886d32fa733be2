"""Searches from arrays equal those of a stock searcher over the same segments."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest
from docsearch.corpus.model import MetaValue
from docsearch.corpus.record import Record
from docsearch.errors import IndexCorrupt
from docsearch.index.adapter import WhooshIndex
from docsearch.index.adapter.postings import PostingList, Words
from docsearch.index.adapter.vector import leaves as leaves_of_queries
from docsearch.index.adapter.vector import prune, sets
from docsearch.index.adapter.vector import spans as spans_of_documents
from docsearch.index.adapter.vector.nodes import Leaf
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
from hypothesis import event, given, settings
from hypothesis import strategies as st
from whoosh import collectors, query, sorting
from whoosh.matching import ListMatcher
from whoosh.matching.wrappers import InverseMatcher
from whoosh.query import spans
from whoosh.query.compound import Otherwise
from whoosh.query.positional import Ordered, Sequence
from whoosh.scoring import BM25F, TF_IDF, BaseScorer, Frequency, MultiWeighting, WeightingModel
from whoosh.searching import Results, Searcher


def _mended(find_next: Callable[[InverseMatcher], None]) -> Callable[[InverseMatcher], None]:
    """Where Whoosh's InverseMatcher runs out of what it inverts, it gives the next number, deleted or not."""

    def mended(matcher: InverseMatcher) -> None:
        find_next(matcher)
        while matcher._id < matcher.limit and matcher.missing(matcher._id):
            matcher._id += 1
            find_next(matcher)

    return mended


@pytest.fixture(scope="module", autouse=True)
def _no_deleted_documents() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(InverseMatcher, "_find_next", _mended(InverseMatcher._find_next))
        yield


@pytest.fixture(scope="module", autouse=True)
def _as_if_there_were_many() -> Iterator[None]:
    """So that the few documents of these indexes are pruned, and their spans compared in several rounds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prune, "_WORTH", 0)
        patch.setattr(spans_of_documents, "_PAIRS", 3)
        patch.setattr(sets, "_RARE", 2)
        yield


# Indexes

WORDS = ["trade", "trades", "treaty", "treat", "agua", "água", "tread", "red", "read", "1373", "the"]
TERMS = ["trade", "treati", "treat", "agua", "tread", "red", "read", "1373", "the", "none"]


def record(draw: random.Random, key: str) -> Record:
    def words(least: int, most: int) -> str:
        return " ".join(draw.choices(WORDS, k=draw.randint(least, most)))

    text = "\n\n".join(("# " if draw.random() < 0.3 else "") + words(1, 9) for _ in range(draw.randint(1, 4)))
    extra: dict[str, MetaValue] = {}
    if draw.random() < 0.6:
        extra["rank"] = draw.randint(-3, 3)
    if draw.random() < 0.5:
        extra["tags"] = tuple(draw.choices(["tax", "water"], k=2))
    published = dt.date(draw.randint(2000, 2003), draw.randint(1, 12), 1) if draw.random() < 0.7 else None
    return Record(
        key,
        text,
        title=words(1, 3),
        type="text/markdown",
        language=draw.choice(["en", "en", "es"]),
        source=draw.choice(["", "TDI", "Ministry"]),
        published=published,
        extra=extra,
    )


@cache
def index_of(seed: int) -> WhooshIndex:
    """A small index of one to three segments, most of them with deletions."""
    draw = random.Random(seed)
    with Index(MemoryStorage(), create=True) as index:
        keys = [f"d{number}" for number in range(draw.randint(2, 40))]
        index.add([Record("en", "the", language="en"), Record("es", "the", language="es")])
        for _ in range(draw.randint(1, 3)):
            index.add([record(draw, key) for key in draw.sample(keys, draw.randint(1, len(keys)))])
        if draw.random() < 0.8:
            index.delete(draw.sample(keys, len(keys) // 4))
        return index.whoosh


indexes = st.integers(0, 60).map(index_of)

# Queries

boosts = st.sampled_from([1.0, 1.0, 0.5, 2.5, -0.5, 0.0])
fields = st.sampled_from(["text_en", "text_en", "text_en", "text_es", "heading_en", "title_en", "meta_tags"])
texts = st.sampled_from(["text_en", "text_en", "heading_en", "title_es"])
words = st.sampled_from(TERMS)
bounds = st.tuples(st.integers(-3, 12), st.integers(-3, 12)).map(sorted)
moments = st.builds(dt.datetime, st.integers(2000, 2003), st.integers(1, 12), st.just(1))
constant = st.booleans()

terms = st.builds(query.Term, fields, words, boost=boosts)
phrases = st.builds(
    query.Phrase, texts, st.lists(words, min_size=1, max_size=3), slop=st.integers(1, 4), boost=boosts
)
patterns = st.one_of(
    st.builds(
        query.Prefix,
        fields,
        st.sampled_from(["t", "tre", "1", "x", ""]),
        boost=boosts,
        constantscore=constant,
    ),
    st.builds(
        query.Wildcard,
        fields,
        st.sampled_from(["t*e", "*a?e", "1?7*", "tre?d", "*", "r[ex]*"]),
        boost=boosts,
        constantscore=constant,
    ),
    st.builds(query.Regex, fields, st.sampled_from(["tr.*", "r?e.d", ".*", "(a|t).*", "the$"]), boost=boosts),
    st.builds(
        query.FuzzyTerm,
        fields,
        st.sampled_from(["trede", "tread", "agu", "uz"]),
        boost=boosts,
        maxdist=st.integers(1, 2),
        prefixlength=st.integers(0, 2),
        constantscore=constant,
    ),
    st.builds(query.Variations, fields, st.sampled_from(["treat", "read"]), boost=boosts),
    st.builds(
        lambda name, pair, start, end, boost, const: query.TermRange(
            name, pair[0], pair[1], start, end, boost=boost, constantscore=const
        ),
        fields,
        st.tuples(words, words).map(sorted),
        st.booleans(),
        st.booleans(),
        boosts,
        constant,
    ),
)
ranges = st.one_of(
    st.builds(
        lambda name, pair, boost, const: query.NumericRange(
            name, pair[0], pair[1], boost=boost, constantscore=const
        ),
        st.sampled_from(["line", "paragraph", "meta_rank"]),
        bounds,
        boosts,
        constant,
    ),
    st.tuples(moments, moments).map(sorted).map(lambda pair: query.DateRange("published", pair[0], pair[1])),
)
whole = st.one_of(
    st.builds(query.Every, boost=boosts),
    st.builds(query.Every, st.sampled_from(["text_en", "heading_en", "source", "meta_tags"]), boost=boosts),
    st.just(query.NullQuery),
)

placed = st.recursive(
    st.one_of(
        st.builds(query.Term, texts, words, boost=boosts),
        phrases.filter(lambda q: len(q.words) > 1),
        st.builds(query.Prefix, texts, st.sampled_from(["t", "re"])),
    ),
    lambda child: st.one_of(
        st.lists(child, min_size=2, max_size=3).map(query.Or),
        st.builds(
            spans.SpanNear,
            child,
            child,
            slop=st.integers(0, 4),
            ordered=st.booleans(),
            mindist=st.integers(0, 2),
        ),
        st.builds(
            spans.SpanNear2,
            st.lists(child, min_size=1, max_size=3),
            slop=st.integers(0, 4),
            ordered=st.booleans(),
            mindist=st.integers(0, 2),
        ),
        st.builds(spans.SpanFirst, child, limit=st.integers(0, 3)),
        st.lists(child, min_size=1, max_size=3).map(spans.SpanOr),
        st.builds(spans.SpanNot, child, child),
        st.builds(spans.SpanContains, child, child),
        st.builds(spans.SpanBefore, child, child),
        st.builds(spans.SpanCondition, child, child),
        st.builds(Sequence, st.lists(child, min_size=1, max_size=3), slop=st.integers(1, 3), boost=boosts),
        st.builds(Ordered, st.lists(child, min_size=1, max_size=3), boost=boosts),
    ),
    max_leaves=4,
)
leaves = st.one_of(terms, terms, terms, phrases, patterns, ranges, whole, placed)
queries = st.recursive(
    leaves,
    lambda child: st.one_of(
        st.builds(query.And, st.lists(child, min_size=1, max_size=3), boost=boosts),
        st.builds(query.Or, st.lists(child, min_size=1, max_size=4), boost=boosts),
        st.builds(query.DisjunctionMax, st.lists(child, min_size=1, max_size=3), boost=boosts),
        st.builds(query.Not, child),
        st.builds(query.AndNot, child, child),
        st.builds(query.AndMaybe, child, child),
        st.builds(query.Require, child, child),
        st.builds(Otherwise, child, child),
        st.builds(query.ConstantScoreQuery, child, score=boosts),
    ),
    max_leaves=6,
)
coordinated = st.builds(
    query.Or, st.lists(terms, min_size=1, max_size=4), boost=boosts, scale=st.sampled_from([0.5, 0.9])
)
weightings = st.sampled_from(
    [
        BM25F(),
        BM25F(B=0.3, K1=2.0, text_en_B=0.9),
        TF_IDF(),
        Frequency(),
        MultiWeighting(BM25F(), heading_en=TF_IDF(), title_en=Frequency()),
    ]
)

# The law


class Failed(Exception):
    """Whoosh itself could not run the query, or not rightly."""


def drops_hits(q: query.Query) -> bool:
    """Whether Whoosh may drop hits: where the optional part of an AndMaybe counts against a document."""
    nodes = [q]
    for node in nodes:  # `children` of spans are not all of them
        nodes += [*node.children(), *(part for part in vars(node).values() if isinstance(part, query.Query))]
    negative = any(getattr(node, "boost", 1.0) < 0 or getattr(node, "score", 1.0) < 0 for node in nodes)
    return negative and any(isinstance(node, query.AndMaybe) for node in nodes)


def stock(index: WhooshIndex, weighting: WeightingModel, q: query.Query, **kwargs: Any) -> Results:
    """All results of a stock searcher."""
    if drops_hits(q):
        raise Failed
    searcher = Searcher(index.reader(), weighting=weighting, fromindex=index)
    try:
        return searcher.search(q, optimize=False, **kwargs)
    except Exception as error:
        raise Failed from error


def close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def check_ranking(fast: Results, expected: Results, limit: int | None) -> None:
    """The same documents and scores, and the same order where scores differ."""
    scores = {number: score for score, number in expected.top_n}
    assert len(fast) == len(scores)
    assert fast.docs() == fast.docset == scores.keys()
    assert fast.has_exact_length()
    assert fast.scored_length() == min(len(scores), limit or len(scores))
    assert [number for _, number in fast.top_n] == [*dict.fromkeys(number for _, number in fast.top_n)]
    for (score, number), (wanted, _) in zip(fast.top_n, expected.top_n, strict=False):
        assert close(score, wanted)
        assert close(score, scores[number])
    ranked = [(-score, number) for score, number in fast.top_n]
    assert ranked == sorted(ranked)


@settings(max_examples=400)
@given(indexes, queries | coordinated, weightings, st.none() | st.integers(1, 12))
def test_documents_scores_and_totals_are_those_of_a_stock_searcher(
    index: WhooshIndex, q: query.Query, weighting: WeightingModel, limit: int | None
) -> None:
    try:
        expected = stock(index, weighting, q, limit=None)
    except Failed:
        return
    with index.searcher(weighting=weighting) as searcher:
        check_ranking(searcher.search(q, limit=limit), expected, limit)


any_query = queries | coordinated


@settings(max_examples=200)
@given(
    indexes,
    queries | st.lists(terms, min_size=1, max_size=6).map(query.Or),
    st.sampled_from([query.Or.DEFAULT_MATCHER, query.Or.ARRAY_MATCHER]),
    st.none() | st.integers(1, 6),
)
def test_both_ways_in_which_whoosh_unites(
    index: WhooshIndex, q: query.Query, kind: int, limit: int | None
) -> None:
    """The one is for large segments, the other for small ones, which these indexes would always be."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(query.Or, "matcher_type", kind)
        try:
            expected = stock(index, BM25F(), q, limit=None)
        except Failed:
            return
        with index.searcher() as searcher:
            check_ranking(searcher.search(q, limit=limit), expected, limit)


@settings(max_examples=150)
@given(
    indexes,
    any_query,
    st.none() | st.integers(1, 12),
    st.none() | leaves | queries,
    st.none() | leaves,
    st.sampled_from(["queries", "sets", "results"]),
)
def test_filters_and_masks(
    index: WhooshIndex,
    q: query.Query,
    limit: int | None,
    allow: query.Query | None,
    restrict: query.Query | None,
    form: str,
) -> None:
    def in_form(searcher: Searcher, chosen: query.Query | None) -> Any:
        if chosen is None or form == "queries":
            return chosen
        results = searcher.search(chosen, limit=None)
        return results if form == "results" else set(results.docs())

    try:
        plain = Searcher(index.reader(), fromindex=index)
        both = [in_form(plain, allow), in_form(plain, restrict)]
        expected = stock(index, BM25F(), q, limit=None, filter=both[0], mask=both[1])
        everything = len(stock(index, BM25F(), q, limit=None))
    except Exception as error:  # noqa: BLE001 - whatever Whoosh fails with
        event(f"Whoosh: {type(error).__name__}")
        return
    with index.searcher() as searcher:
        both = [in_form(searcher, allow), in_form(searcher, restrict)]
        fast = searcher.search(q, limit=limit, filter=both[0], mask=both[1])
        check_ranking(fast, expected, limit)
        if any(both):
            assert fast.filtered_count == everything - len(fast)
            assert (fast.allowed, fast.restricted) == tuple(both)


def matched(index: WhooshIndex, q: query.Query) -> dict[int, set[tuple[str, bytes]]]:
    """The terms that match in each document, as Whoosh's matchers tell when one walks with them."""
    found = {}
    with Searcher(index.reader(), fromindex=index) as searcher:
        for leaf, offset in searcher.leaf_searchers():
            matcher = q.matcher(leaf, searcher.context(needs_current=True))
            for step in itertools.count():
                # As Whoosh's collectors do, which can drop what scores below 0.
                matcher = matcher if step % 10 else matcher.replace(0)
                if not matcher.is_active():
                    break
                number = matcher.id()
                if terms := set(matcher.matching_terms(number)):
                    found[number + offset] = terms
                matcher.next()
    return found


@settings(max_examples=150)
@given(indexes, any_query, st.none() | st.integers(1, 5))
def test_matched_terms(index: WhooshIndex, q: query.Query, limit: int | None) -> None:
    try:
        expected = stock(index, BM25F(), q, limit=None, terms=True)
        by_document = matched(index, q)
    except Failed:
        return
    with index.searcher() as searcher:
        fast = searcher.search(q, limit=limit, terms=True)
        check_ranking(fast, expected, limit)
        assert fast.has_matched_terms()
        assert {number: {*terms} for number, terms in fast.docterms.items()} == by_document
        assert fast.matched_terms() == {term for terms in by_document.values() for term in terms}
        for term, docs in fast.termdocs.items():
            assert set(docs) == {number for number, terms in by_document.items() if term in terms}
        for hit in fast:
            # The collector also reports terms of branches that do not match, where their matchers stopped.
            assert set(hit.matched_terms()) <= set(expected.docterms.get(hit.docnum, []))


@settings(max_examples=60)
@given(indexes, st.lists(terms, min_size=1, max_size=5), st.sampled_from([query.Or, query.And]))
def test_matched_terms_come_in_the_order_of_whoosh(
    index: WhooshIndex, children: list[query.Query], kind: type[query.Or] | type[query.And]
) -> None:
    q = kind(children)
    with index.searcher() as searcher:
        fast = searcher.search(q, limit=None, terms=True)
        expected = stock(index, BM25F(), q, limit=None, terms=True)
    assert fast.docterms == expected.docterms
    assert {term: [*docs] for term, docs in fast.termdocs.items()} == {
        term: [*docs] for term, docs in expected.termdocs.items()
    }


@settings(max_examples=60)
@given(indexes, any_query, st.sampled_from([{"scored": False}, {"reverse": True}]))
def test_unscored_and_reversed(index: WhooshIndex, q: query.Query, how: dict[str, bool]) -> None:
    try:
        expected = stock(index, BM25F(), q, limit=5, **how)
    except Failed:
        return
    with index.searcher() as searcher:
        fast = searcher.search(q, limit=5, **how)
    assert len(fast) == len(expected)
    assert fast.docset == expected.docset
    if "scored" in how:
        assert fast.top_n == expected.top_n
    else:
        assert all(close(a, b) for (a, _), (b, _) in zip(fast.top_n, expected.top_n, strict=True))
        assert fast.top_n == sorted(fast.top_n, key=lambda item: (item[0], -item[1]))


def by_value(name: str) -> st.SearchStrategy[sorting.FieldFacet]:
    return st.builds(sorting.FieldFacet, st.just(name), reverse=st.booleans())


one_facet = st.sampled_from(["source", "key", "line", "published", "meta_rank", "language"]).flatmap(by_value)
orders = st.one_of(
    st.sampled_from(["source", "line", "published"]),
    one_facet,
    st.lists(one_facet, min_size=1, max_size=3),
    st.lists(one_facet, min_size=1, max_size=3).map(sorting.MultiFacet),
    st.just(sorting.ScoreFacet()),
    st.just([sorting.FieldFacet("language"), sorting.ScoreFacet()]),
    st.just(sorting.StoredFieldFacet("line")),
)


@settings(max_examples=150)
@given(
    indexes,
    any_query,
    orders,
    st.none() | st.integers(1, 9),
    st.booleans(),
    st.none() | leaves,
    st.booleans(),
)
def test_sorting(
    index: WhooshIndex,
    q: query.Query,
    order: Any,
    limit: int | None,
    reverse: bool,
    allow: query.Query | None,
    terms: bool,
) -> None:
    how = {"sortedby": order, "limit": limit, "reverse": reverse, "filter": allow, "terms": terms}
    try:
        expected = stock(index, BM25F(), q, **how)
    except Failed:
        return
    with index.searcher() as searcher:
        fast = searcher.search(q, **how)
    assert [number for _, number in fast.top_n] == [number for _, number in expected.top_n]
    assert len(fast) == len(expected)
    assert fast.docs() == expected.docs()
    if "ScoreFacet" not in repr(order):
        assert fast.top_n == expected.top_n


@settings(max_examples=60)
@given(indexes, any_query, st.sampled_from(["source", "language", "published"]), st.booleans())
def test_grouping(index: WhooshIndex, q: query.Query, name: str, count: bool) -> None:
    how: dict[str, Any] = {"groupedby": name, "maptype": sorting.Count if count else None, "limit": 3}
    try:
        expected = stock(index, BM25F(), q, **how)
    except Failed:
        return
    with index.searcher() as searcher:
        fast = searcher.search(q, **how)
    assert fast.q is q
    assert len(fast) == len(expected)
    assert fast.docset == expected.docset
    for name, group in expected.groups().items():
        assert fast.groups()[name] == group if count else sorted(fast.groups()[name]) == sorted(group)


@settings(max_examples=60)
@given(
    indexes, any_query, st.sampled_from(["source", "key"]), st.integers(1, 2), st.sampled_from([None, "line"])
)
def test_collapsing(index: WhooshIndex, q: query.Query, name: str, keep: int, order: str | None) -> None:
    how = {"collapse": name, "collapse_limit": keep, "collapse_order": order, "limit": None}
    try:
        expected = stock(index, BM25F(), q, **how)
    except Failed:
        return
    with index.searcher() as searcher:
        fast = searcher.search(q, **how)
    assert fast.collapsed_counts == expected.collapsed_counts
    assert [number for _, number in fast.top_n] == [number for _, number in expected.top_n]


@settings(max_examples=60)
@given(indexes, any_query)
def test_documents_for_a_query(index: WhooshIndex, q: query.Query) -> None:
    try:
        expected = [*Searcher(index.reader()).docs_for_query(q)]
    except Exception as error:  # noqa: BLE001 - whatever Whoosh fails with
        event(f"Whoosh: {type(error).__name__}")
        return
    assert [*index.searcher().docs_for_query(q)] == expected


# What else a program does with results


class Halved(BM25F):
    """A weighting of a program's own."""

    def scorer(self, searcher: Any, fieldname: str, text: Any, qf: Any = 1) -> Any:
        class Scorer(BaseScorer):
            def score(self, matcher: Any) -> float:
                return float(matcher.weight()) / 2

        return Scorer()


class Own(query.Term):
    """A query of a program's own: the term's documents, all scored alike."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        ids = [*super().matcher(searcher, context).all_ids()]
        return ListMatcher(ids, all_weights=7.0)


TRADE, THE = query.Term("text_en", "trade"), query.Term("text_en", "the")
NESTED = query.NestedParent(query.Term("language", "en"), TRADE)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(
    ("weighting", "q"),
    [
        (Halved(), query.Or([TRADE, THE])),
        (BM25F(), Own("text_en", "trade")),
        (BM25F(), query.Or([Own("text_en", "trade"), THE])),
        (BM25F(), query.And([query.AndNot(TRADE, THE), query.AndMaybe(TRADE, THE)])),
        (BM25F(), query.And([TRADE, query.Or([TRADE, THE], scale=0.9)])),
        (BM25F(), NESTED),
    ],
)
def test_what_is_not_known_is_answered_by_whoosh(
    seed: int, weighting: WeightingModel, q: query.Query
) -> None:
    index = index_of(seed)
    expected = stock(index, weighting, q, limit=None)
    with index.searcher(weighting=weighting) as searcher:
        found = searcher.search(q, limit=None)
        assert {number: score for score, number in found.top_n} == pytest.approx(
            {number: score for score, number in expected.top_n}
        )
        assert found.docs() == expected.docs()
        allowed = searcher.search(TRADE, limit=None, filter=q)
        assert allowed.docs() == searcher.search(TRADE, limit=None).docs() & expected.docs()


@pytest.mark.parametrize("seed", range(6))
def test_results_can_be_combined(seed: int) -> None:
    """What `Results` changes in place, with results of both kinds."""
    index = index_of(seed)
    for change in ("extend", "upgrade", "upgrade_and_extend", "filter"):
        with index.searcher() as searcher:
            fast = [searcher.search(q, limit=None).copy() for q in (TRADE, THE)]
            slow = [stock(index, BM25F(), q, limit=None) for q in (TRADE, THE)]
            for one, other in (fast, slow):
                getattr(one, change)(other)
            assert fast[0].docs() == slow[0].docs()
            assert [number for _, number in fast[0].top_n] == [number for _, number in slow[0].top_n]
            assert [*fast[0].items()] == [(number, score) for score, number in fast[0].top_n]


def test_pages_key_terms_and_highlights() -> None:
    index = index_of(3)
    with index.searcher() as searcher:
        whole = searcher.search(TRADE, limit=None)
        page = searcher.search_page(TRADE, 2, pagelen=3)
        assert (page.total, page.pagecount) == (len(whole), -(-len(whole) // 3))
        assert [hit.docnum for hit in page] == [hit.docnum for hit in whole[3:6]]
        plain = stock(index, BM25F(), TRADE, limit=None)
        assert whole.key_terms("text_en") == plain.key_terms("text_en")
        assert [hit.highlights("text_en") for hit in whole] == [hit.highlights("text_en") for hit in plain]
        assert [hit.fields() for hit in whole] == [hit.fields() for hit in plain]
        assert whole.runtime >= 0
        assert "b class=" in whole[0].highlights("text_en")
        similar = searcher.more_like(whole[0].docnum, "text_en")
        assert whole[0].docnum not in similar.docs()


def test_empty_filters_are_as_whoosh_takes_them() -> None:
    index = index_of(3)
    empty: list[Any] = [set(), query.NullQuery]
    for how in [{kind: nothing} for kind in ("filter", "mask") for nothing in empty]:
        expected = stock(index, BM25F(), TRADE, limit=None, **how)
        with index.searcher() as searcher:
            check_ranking(searcher.search(TRADE, limit=None, **how), expected, None)


def test_arguments_are_checked_as_whoosh_checks_them() -> None:
    with index_of(3).searcher() as searcher:
        with pytest.raises(ValueError, match="limit must be >= 1"):
            searcher.search(TRADE, limit=0)
        with pytest.raises(TypeError, match="unexpected keyword"):
            searcher.search(TRADE, sorted_by="line")
        with pytest.raises(Exception, match="filter object"):
            searcher.search(TRADE, filter=5)


def test_a_collector_of_ones_own() -> None:
    with index_of(3).searcher() as searcher:
        collector = collectors.TimeLimitCollector(searcher.collector(limit=None), 60, use_alarm=False)
        searcher.search_with_collector(TRADE, collector)
        assert collector.results().docs() == searcher.search(TRADE, limit=None).docs()


def test_matched_terms_outlive_the_searcher() -> None:
    q = query.Or([TRADE, THE])
    with index_of(3).searcher() as searcher:
        results = searcher.search(q, limit=3, terms=True)
    assert results.matched_terms() == {("text_en", b"trade"), ("text_en", b"the")}
    assert results[0].matched_terms()
    assert len(results.docterms) == len(results)
    with pytest.raises(KeyError):
        results.docterms[10_000]


def test_many_terms_are_an_array_of_scores_to_whoosh() -> None:
    index = index_of(3)
    q = query.Or([query.Term("text_en", f"none{number}") for number in range(1100)] + [TRADE, THE])
    for terms in (False, True):
        expected = stock(index, BM25F(), q, limit=None, terms=terms)
        with index.searcher() as searcher:
            results = searcher.search(q, limit=None, terms=terms)
            check_ranking(results, expected, None)


def test_postings_beyond_the_segment_are_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    beyond = PostingList(np.array([1, 1_000_000]), np.array([1, 1]))
    monkeypatch.setattr(Words, "postings", lambda *_: beyond)
    with index_of(3).searcher() as searcher, pytest.raises(IndexCorrupt, match="beyond") as raised:
        searcher.search(TRADE)
    assert raised.value.hint


def test_ranges_of_spans() -> None:
    """Where two documents lie side by side, or a span holds others, no span leaks into the next."""
    one, other = np.array([0, 0, 1]), np.array([0, 1, 1])
    a = spans_of_documents.Spans(one, np.array([0, 5, 0]), np.array([3, 5, 9]))
    b = spans_of_documents.Spans(other, np.array([1, 2, 9]), np.array([2, 2, 9]))
    assert spans_of_documents.containing(a, b).owned().tolist() == [0, 1]
    assert spans_of_documents.outside(a, b).starts.tolist() == [5]
    assert spans_of_documents.before(a, b).owned().tolist() == []
    assert spans_of_documents.merged(a).starts.tolist() == [0, 5, 0]


def test_weights_of_postings_count_where_there_are_some() -> None:
    @dataclass(frozen=True)
    class Weighed(PostingList):
        weights: Any = None

    docs = np.array([1, 4])
    scorer = leaves_of_queries.ByFrequency(lambda: 2.0)
    weighed = Leaf(Weighed(docs, np.array([1, 3]), None, np.array([0.5, 2.5])), ("f", b"t"), scorer)
    assert (weighed.score(docs).tolist(), weighed.most(), weighed.positive) == ([1.0, 5.0], 5.0, True)
    assert weighed.score(docs[1:]).tolist() == [5.0]
    plain = Leaf(PostingList(docs, np.array([1, 3])), ("f", b"t"), scorer)
    assert plain.score(docs).tolist() == [2.0, 6.0]
