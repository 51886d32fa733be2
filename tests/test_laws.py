"""Laws that hold of answers in any corpus: of sets, scopes, totals, facets and timelines."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from docsearch import Index, Record, Results
from docsearch.index.storage import MemoryStorage
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ("aspen", "birch", "cedar", "dogwood")
SCOPES = ("paragraph", "section", "document")
NOTHING = "zelkova"  # stands nowhere

paragraph = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
section = st.lists(paragraph, min_size=1, max_size=3).map("\n\n".join)
text = st.lists(section, min_size=1, max_size=3).map(
    lambda parts: "\n\n".join(f"# Part {at}\n\n{part}" for at, part in enumerate(parts, 1))
)
date = st.one_of(st.just(""), st.sampled_from(["2019", "2020-05", "2020-06-01", "2023-02-11"]))
facts = st.tuples(st.sampled_from(["", "North", "South"]), date)
corpus = st.lists(st.tuples(text, facts), min_size=1, max_size=6)

leaf = st.one_of(
    st.sampled_from(WORDS),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
    st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)).map(lambda pair: f"({pair[0]} w/2 {pair[1]})"),
    st.sampled_from([word[:2] + "*" for word in WORDS] + [f"={word}" for word in WORDS]),
)
positive = st.recursive(
    leaf,
    lambda inner: st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda p: f"({' '.join(p)})"),
    max_leaves=4,
)
query = st.one_of(positive, st.tuples(positive, positive).map(lambda pair: f"({pair[0]} AND NOT {pair[1]})"))
scope = st.sampled_from(SCOPES)
several = settings(max_examples=60, deadline=None)


@dataclass(frozen=True)
class Asked:
    """An index, in as many segments as there are halves, and one scope."""

    index: Index
    scope: str

    def __call__(self, query: str, scope: str = "") -> Results:
        return self.index.search(query, scope=scope or self.scope, limit=1000, duplicates="show", snippets=0)

    def units(self, query: str) -> int:
        return self(query).totals.units

    def documents(self, query: str, scope: str = "") -> set[str]:
        return {hit.key for hit in self(query, scope)}


def asked(documents: list[tuple[str, tuple[str, str]]], scope: str = "document") -> Asked:
    index = Index(MemoryStorage(), create=True)
    records = [
        Record(f"d/{at}", text, title="Trees", place=place, published=date)
        for at, (text, (place, date)) in enumerate(documents)
    ]
    half = len(records) // 2
    for part in filter(None, (records[:half], records[half:])):
        index.add(part)
    return Asked(index, scope)


@several
@given(corpus, query, query, scope)
def test_counts_of_unions_and_intersections(
    documents: list[tuple[str, tuple[str, str]]], one: str, other: str, scope: str
) -> None:
    ask = asked(documents, scope)
    either, both = ask.units(f"{one} OR {other}"), ask.units(f"{one} AND {other}")
    assert either + both == ask.units(one) + ask.units(other)
    assert both <= min(ask.units(one), ask.units(other))


@several
@given(corpus, query, query, scope)
def test_exclusion_is_the_complement(
    documents: list[tuple[str, tuple[str, str]]], one: str, other: str, scope: str
) -> None:
    ask = asked(documents, scope)
    assert ask.units(f"{one} AND NOT {other}") + ask.units(f"{one} AND {other}") == ask.units(one)
    assert ask.units(f"NOT {one}") + ask.units(one) == ask.units(f"NOT {NOTHING}")


@several
@given(corpus, positive, positive, positive, scope)
def test_de_morgan(
    documents: list[tuple[str, tuple[str, str]]], one: str, other: str, third: str, scope: str
) -> None:
    ask = asked(documents, scope)
    neither = ask.units(f"{one} AND NOT ({other} OR {third})")
    assert neither == ask.units(f"{one} AND NOT {other} AND NOT {third}")
    not_both = ask.units(f"{one} AND NOT ({other} AND {third})")
    assert not_both == ask.units(f"({one} AND NOT {other}) OR ({one} AND NOT {third})")


@several
@given(corpus, query, query)
def test_documents_are_sets(documents: list[tuple[str, tuple[str, str]]], one: str, other: str) -> None:
    ask = asked(documents)
    left, right = ask.documents(one), ask.documents(other)
    assert ask.documents(f"{one} AND {other}") == left & right
    assert ask.documents(f"{one} OR {other}") == left | right
    assert ask.documents(f"{one} AND NOT {other}") == left - right


@several
@given(corpus, positive)
def test_a_wider_scope_finds_no_fewer_documents(
    documents: list[tuple[str, tuple[str, str]]], one: str
) -> None:
    ask = asked(documents)
    found = [ask.documents(one, scope) for scope in SCOPES]
    assert found[0] <= found[1] <= found[2]


@several
@given(corpus, query, st.sampled_from(SCOPES))
def test_a_scope_can_be_typed(documents: list[tuple[str, tuple[str, str]]], one: str, scope: str) -> None:
    ask = asked(documents)
    typed = ask(f"{scope}:({one})", scope)
    assert typed.totals == ask(one, scope).totals
    assert [hit.citation for hit in typed] == [hit.citation for hit in ask(one, scope)]


@several
@given(corpus, query, scope)
def test_totals_count_what_is_shown(
    documents: list[tuple[str, tuple[str, str]]], one: str, scope: str
) -> None:
    ask = asked(documents, scope)
    found = ask(one)
    assert found.totals.paragraphs == len(found) == len({hit.citation for hit in found})
    assert found.totals.documents == len({hit.key for hit in found})
    if scope != "section":
        assert found.totals.units == getattr(found.totals, f"{scope}s")
    grouped = ask.index.search(one, scope=scope, group=True, limit=1000, snippets=0, duplicates="show")
    assert len(grouped) == found.totals.documents
    assert sum(hit.group_size for hit in grouped) == found.totals.paragraphs


@several
@given(corpus, query, scope)
def test_facets_and_timelines_add_up(
    documents: list[tuple[str, tuple[str, str]]], one: str, scope: str
) -> None:
    ask = asked(documents, scope)
    found = ask.index.search(one, scope=scope, facets=["place", "year", "lang", "type"], snippets=0)
    for facet in found.facets:
        assert facet.documents == found.totals.documents
        assert sum(value.documents for value in facet.values) + facet.missing == facet.documents
        for value in facet.values:
            narrowed = ask.index.search(one, scope=scope, where=value.where, limit=0)
            assert narrowed.totals.documents == value.documents
    drawn = ask.index.timeline(one, scope=scope, step="month")
    counted = sum(bucket.documents for bucket in (*drawn.buckets, *drawn.imprecise))
    assert counted + drawn.undated == drawn.documents == found.totals.documents


def test_the_laws_are_asked_of_something() -> None:
    ask = asked([("# Part 1\n\naspen birch\n\ncedar", ("North", "2020")), ("birch", ("", ""))])
    assert [ask.units(each) for each in ("aspen", "birch", "aspen AND cedar", "NOT aspen")] == [1, 2, 1, 1]
    with pytest.raises(AssertionError):
        test_a_wider_scope_finds_no_fewer_documents.hypothesis.inner_test(  # type: ignore[attr-defined]
            [("# Part 1\n\naspen\n\nbirch", ("", ""))], "(aspen AND NOT birch)"
        )
