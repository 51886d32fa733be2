"""Queries of bare words are read as the lexer and parser would read them."""

from __future__ import annotations

import pytest
from docsearch.errors import QueryError
from docsearch.search import grammar
from docsearch.search.bare import bare
from docsearch.search.syntax import leaves
from hypothesis import example, given
from hypothesis import strategies as st

WORDS = [
    "a",
    "trade",
    "AND",
    "OR",
    "NOT",
    "and",
    "Pub",
    "public",
    "L",
    "w",
    "near",
    "title",
    "s",
    "S",
    "A" * 41,
]
queries = st.tuples(
    st.sampled_from(["", '"']),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join),
    st.sampled_from(["", '"', " ", "*", "~", "é", "\n"]),
).map("".join)


def parsed(query: str) -> grammar.Parsed | str:
    try:
        return grammar.parse(query)
    except QueryError as error:
        return str(error)


@given(queries)
@example("trade AND water")
@example("trade AND water AND")
@example("AND")
@example('"a AND b"')
@example("Pub L 91")
def test_it_is_what_the_parser_reads(query: str) -> None:
    tree = bare(query)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grammar, "bare", lambda query: None)
        whole = parsed(query)
    if tree is not None:
        assert isinstance(whole, grammar.Parsed)
        assert (tree, ()) == (whole.tree, whole.notices)
        assert [leaf.span for leaf in leaves(tree)] == [leaf.span for leaf in leaves(whole.tree)]


@pytest.mark.parametrize("query", ["trade", "trade water", "trade AND water AND air", '"trade of water"'])
def test_most_queries_are_bare(query: str) -> None:
    assert bare(query) is not None


@pytest.mark.parametrize("query", ["", " a", "trade OR water", "trade AND", "trade 12", "-trade", "Pub L"])
def test_others_are_not(query: str) -> None:
    assert bare(query) is None
