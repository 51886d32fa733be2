"""The query language: what every spelling is read as, and that nothing cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docsearch.errors import QuerySyntax, QueryTooCostly
from docsearch.index.analysis.tokens import tokenize
from docsearch.index.query import FieldName
from docsearch.search import grammar, lexer, tidying
from docsearch.search.grammar import parse
from docsearch.search.syntax import (
    AllOf,
    AnyOf,
    Chunk,
    Except,
    Preferring,
    Quoted,
    Syntax,
    all_of,
    any_of,
    but_not,
    leaves,
    render,
)
from hypothesis import example, given
from hypothesis import strategies as st

DOCS = Path(__file__).parent.parent / "docs" / "query-language.md"


def documented() -> list[tuple[str, str, bool]]:
    """The rows of the page's tables: query, reading, whether it comes with a notice."""
    row = re.compile(r"\| `(?P<query>[^\n]+?)` \| `(?P<tree>[^\n]+?)` \|(?: (?P<notice>[^|\n]*) \|)?")
    rows = row.finditer(DOCS.read_text(encoding="utf-8"))
    return [
        (found["query"].replace("\\|", "|"), found["tree"], bool((found["notice"] or "").strip()))
        for found in rows
    ]


def reading(query: str) -> str:
    return render(parse(query).tree)


@pytest.mark.parametrize(("query", "tree", "noticed"), documented())
def test_the_documented_readings(query: str, tree: str, noticed: bool) -> None:
    parsed = parse(query)
    assert render(parsed.tree) == tree
    assert bool(parsed.notices) == noticed


def test_the_page_documents_something() -> None:
    assert len(documented()) > 30


# Structure


def test_words_carry_their_columns() -> None:
    spans = [(leaf.text, leaf.span) for leaf in leaves(parse('water "two  words" -x').tree)]
    assert spans == [("water", (0, 5)), ("two words", (6, 18)), ("x", (20, 21))]


def test_side_by_side_binds_closer_than_any_operator() -> None:
    assert parse("a b AND c").tree == AllOf((AnyOf((Chunk("a"), Chunk("b"))), Chunk("c")))
    assert parse("a AND b OR c").tree == AnyOf((AllOf((Chunk("a"), Chunk("b"))), Chunk("c")))


def test_an_exclusion_holds_for_the_parentheses_that_it_stands_in() -> None:
    assert parse("a OR b -c") == parse("-c a OR b")
    assert parse("a OR b -c").tree == AllOf((AnyOf((Chunk("a"), Chunk("b"))), Except(Chunk("c"))))
    assert parse("x OR (a OR b -c)").tree == AnyOf((Chunk("x"), parse("a OR b -c").tree))


def test_an_excluded_operand_stays_where_it_is() -> None:
    assert parse("a OR -b").tree == AnyOf((Chunk("a"), Except(Chunk("b"))))


def test_an_exclusion_of_an_exclusion_is_none() -> None:
    assert parse("NOT NOT a") == parse("a")
    assert parse("-(-a)") == parse("a")


def test_required_words_make_the_others_optional() -> None:
    assert parse("a +b c").tree == Preferring((Chunk("b"),), (Chunk("a"), Chunk("c")))
    assert parse("+a +b").tree == AllOf((Chunk("a"), Chunk("b")))


def test_a_field_holds_for_what_its_parentheses_hold_and_the_innermost_wins() -> None:
    expected = AnyOf(
        (Chunk("a", FieldName.TITLE), Quoted("b c", FieldName.TITLE), Chunk("d", FieldName.TEXT))
    )
    assert parse('title:(a "b c" text:d)').tree == expected
    assert parse("heading:title:a").tree == Chunk("a", FieldName.TITLE)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ('say "two words', "column 5"),
        ('5" pipes', "column 2"),
        ("a) b", "column 2"),
        ("(a b", "column 1"),
        ("a () b", "column 3"),
        ("AND a", "AND at column 1"),
        ("a OR", "OR at column 3"),
        ("a AND OR b", "AND at column 3"),
        ("a NOT", "NOT at column 3"),
        ("a - b", "column 3"),
        ("a --b", "“--” at column 3"),
        ("a * b", "column 3"),
        ("a : b", "title, heading, text"),
        ("foo:bar", "title, heading, text"),
        ("a title:", "“title:” at column 3"),
        ("a && b", "write AND"),
        ("a || b", "write OR"),
        ("a !b", "write NOT"),
        ('a ""', "column 3"),
        ("NOT", "as words"),
        ("w/5", "as words"),
        ("a w/5", "w/5 at column 3"),
        ("a w/5 NOT b", "“w/5” at column 3"),
        ("(a w/5 b) w/3 c", "“w/3” at column 11"),
        ("a w/5 title:b", "“w/5” at column 3"),
        ("(a w/5 b) /s c", "“/s” at column 11"),
        ("a OR type:law", "“type:law” at column 6"),
        ("type:law OR a", "OR at column 10"),
        ("date:tea b", "“date:” at column 1"),
        ("since:soon b", "“since:” at column 1"),
        ("a b~7", "“~7” at column 4"),
        ("a b-c~1", "“~” at column 6"),
        ("=chem* b", "column 2"),
    ],
)
def test_what_was_forgiven_is_told(query: str, told: str) -> None:
    (notice,) = parse(query).notices
    assert told in notice


@pytest.mark.parametrize(
    "query",
    [
        "a, b. c!",
        "l'État",
        "S/RES/1373",
        "48-904.01",
        "10:30",
        "https://a.org/b",
        "R & D",
        "a – b",
        "¿qué?",
        "what? a",
        "a.org/b?c=d",
    ],
)
def test_ordinary_punctuation_needs_no_notice(query: str) -> None:
    assert parse(query).notices == ()


def test_many_notices_are_summed_up() -> None:
    notices = parse("a " + "* " * 400).notices
    assert len(notices) == grammar.MAX_NOTICES
    assert notices[-1] == "Forgave 389 more things of the kind"


@pytest.mark.parametrize("query", ["", "   ", '""', "(((", "- + *", "§ …", "“”", "\u0301"])
def test_only_a_query_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(QuerySyntax) as caught:
        parse(query)
    assert caught.value.position == 0
    assert caught.value.hint


# Limits


@pytest.mark.parametrize("query", ["x" * 10_001, "a " * 1_001, "(" * 51 + "a"])
def test_a_query_beyond_the_limits_is_too_costly(query: str) -> None:
    with pytest.raises(QueryTooCostly, match=r"10,000|1,000|50"):
        parse(query)


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10_000,
        "a " * 1_000,
        "(" * 50 + "a" + ")" * 50,
        "NOT " * 999 + "a",
        "-(" * 50 + "a",
        "title:" * 999 + "a",
        "a" + "(" * 50,
        '"' * 9_998 + "a",
        "“ " * 999 + "a",
        "a AND " * 999 + "a",
    ],
)
def test_the_largest_queries_are_read(query: str) -> None:
    assert list(leaves(parse(query).tree))


# Laws

FRAGMENTS = st.sampled_from(
    [
        *"abc",
        *'"()-+*?:“”«!&|_,.§',
        *" " * 8,
        *[" AND ", " OR ", " NOT ", "AND", "NOT(", "title:", " text:", "heading:(", "foo:"],
        *[" w/5 ", " pre/3 ", " NEAR/2 ", " /s ", " /p ", "section:(", "sentence:(", "=", "==", "exact:"],
        *["~1", "~", "^2", "^0.5", ")^3", '"~2', "wom?n", "*ation", "type:law", "-lang:en", "type:(a OR b)"],
        *["date:2023..2024", 'since:"last year"', "before:", "meta.x:", " path:a/b", "effective:2020.."],
        *[
            "chem*",
            "4(a)(2)",
            "S/RES/1373",
            "21 U.S.C. § 802 (b)",
            "§ 802",
            "U.S.",
            "l'État",
            "Mexico's",
            "10:30",
            "x//y",
            "и",
            "\u0301",
            "²",
        ],
    ]
)
QUERIES = st.lists(FRAGMENTS, max_size=25).map("".join) | st.text(max_size=40)


def words(text: str) -> set[str]:
    return {token.raw.lower() for token in tokenize(text)}


def readable(query: str) -> bool:
    """Does a query hold a word, beside what follows words (`^3`, `~2`)?"""
    return bool(words(re.sub(r"[~^][0-9.]*", " ", query)))


def squeezed(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


@given(QUERIES)
@example("a OR_ b")
@example("a~1~1")
@example("a^2~1 b")
@example("a w/5 =a w/5 a")
@example("_title:a")
@example("AND, b")
@example("\u0301AND")
@example("a.*b o\u0301*x")
@example("4(a*)(2)")
@example("a??b?*c “d?e”")
@example("+(a AND NOT b) c")
def test_a_rendered_tree_reads_as_itself(query: str) -> None:
    if not words(query):
        with pytest.raises(QuerySyntax):
            parse(query)
    if not readable(query):
        return
    tree = parse(query).tree
    again = parse(render(tree))
    assert again.tree == tree


@given(QUERIES)
@example("a")
@example('water "Sea  air" AND fire')
@example("water AND AND fire")
def test_the_short_cuts_of_simple_queries_change_nothing(query: str) -> None:
    short: list[str] = []
    long: list[str] = []
    quick = list(lexer.lex(query, short.append))
    with pytest.MonkeyPatch.context() as patch:
        never = re.compile(r"(?!)")
        patch.setattr(lexer, "_SIMPLE", never)
        patch.setattr(lexer, "_SIMPLE_QUOTED", never)
        patch.setattr(tidying, "_is_plain", lambda lexemes: False)
        slow = list(lexer.lex(query, long.append))
        assert (quick, short) == (slow, long)
        tidied = tidying.tidy(slow, long.append)
    assert (tidying.tidy(quick, short.append), short) == (tidied, long)


@given(QUERIES.filter(readable))
def test_a_rendered_tree_needs_no_forgiveness(query: str) -> None:
    assert parse(render(parse(query).tree)).notices == ()


@given(QUERIES.filter(readable))
@example('"chem*U.S.')
def test_every_leaf_holds_a_word_of_the_query_at_its_columns(query: str) -> None:
    for leaf in leaves(parse(query).tree):
        start, end = leaf.span
        assert words(leaf.text)
        assert squeezed(leaf.text) in squeezed(query[start:end])


TREES: st.SearchStrategy[Syntax] = st.recursive(
    st.builds(Chunk, st.sampled_from(["a", "b", "c*", "d-e"]), st.sampled_from(FieldName))
    | st.builds(Quoted, st.sampled_from(["a", "b c"]), st.sampled_from(FieldName)),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(all_of)
        | st.lists(inner, min_size=1, max_size=3).map(any_of)
        | inner.map(but_not)
    ),
    max_leaves=12,
)


@given(TREES)
def test_every_tree_can_be_written(tree: Syntax) -> None:
    assert parse(render(tree)).tree == tree
