"""What a query means in an index: words in its languages, common words, prefixes, the tree for the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from docsearch.corpus.model import Document
from docsearch.errors import QueryTooCostly
from docsearch.index.query import And, Every, FieldName, Not, Or, Phrase, Request, Scope, Term, Word, walk
from docsearch.search import reading
from docsearch.search.engine import Engine
from docsearch.search.reading import read
from docsearch.search.syntax import AllOf, AnyOf, Chunk, Except, Preferring, Quoted, Syntax, leaves, render
from hypothesis import given
from hypothesis import strategies as st

EngineOf = Callable[..., Engine]


@pytest.fixture(scope="session")
def english(engine_of: EngineOf) -> Engine:
    return engine_of(
        "Water rules for the rivers.\n\nAir and water.", "Soil is not air.", "# Rivers\n\nThe sea."
    )


@pytest.fixture(scope="session")
def mixed(
    make_document: Callable[..., Document], reference_engine: Callable[[list[Document]], Engine]
) -> Callable[[int, int], Engine]:
    def make(english: int, german: int) -> Engine:
        texts = [("en", f"They cast iron in casting house {n}.") for n in range(english)]
        texts += [("de", f"Die Freiheit und die Würde {n}.") for n in range(german)]
        return reference_engine(
            [
                make_document(f"{language}{at}", text, language=language)
                for at, (language, text) in enumerate(texts)
            ]
        )

    return make


def tree(engine: Engine, query: str) -> str:
    return render(read(engine, query).tree)


# Words


def test_a_word_stands_for_its_terms_in_every_language_of_the_index(
    mixed: Callable[[int, int], Engine],
) -> None:
    match = read(mixed(2, 2), "castings").match
    assert match == Word("castings", (Term("de", "casting"), Term("en", "cast")))


def test_a_word_without_accents_also_stands_for_those_with(mixed: Callable[[int, int], Engine]) -> None:
    match = read(mixed(1, 1), "wurde").match
    assert isinstance(match, Word)
    assert Term("de", "wurd") in match.terms


def test_a_chunk_of_several_words_is_a_phrase(english: Engine) -> None:
    match = read(english, "water-rules").match
    assert isinstance(match, Phrase)
    assert (match.surface, match.slop, [word.surface for word in match.words]) == (
        "water-rules",
        0,
        ["water", "rules"],
    )


def test_a_quotation_of_one_word_is_a_word(english: Engine) -> None:
    assert read(english, '"water"').match == read(english, "water").match


def test_fields_reach_the_nodes(english: Engine) -> None:
    match = read(english, 'title:"water rules"').match
    assert isinstance(match, Phrase)
    assert match.field is FieldName.TITLE


def test_a_star_within_quotation_marks_expands_the_word_before_it(english: Engine) -> None:
    match = read(english, '"wat* rules"').match
    assert isinstance(match, Phrase)
    assert match.words[0] == Word("wat*", (Term("en", "water"),))


def test_an_empty_index_reads_every_query(engine_of: EngineOf) -> None:
    assert read(engine_of(), "the water").match == Or((Word("the", ()), Word("water", ())))


# Prefixes


def test_a_prefix_stands_for_the_most_frequent_words_and_says_how_many(engine_of: EngineOf) -> None:
    numbers = range(reading.MAX_EXPANSIONS + 5)
    engine = engine_of("x204 x204 x203.\n\n" + " ".join(f"x{number}" for number in numbers))
    question = read(engine, "x*")
    assert isinstance(question.match, Word)
    assert len(question.match.terms) == reading.MAX_EXPANSIONS
    assert question.match.terms[:2] == (Term("en", "x203"), Term("en", "x204"))
    assert question.notices == ("Searched for the 200 most frequent of the 205 words that “x*” stands for",)


def test_a_prefix_ignores_accents(engine_of: EngineOf) -> None:
    engine = engine_of("La información pública.", language="es")
    for query in ("informacio*", "informació*", "INFORMACIÓ*"):
        match = read(engine, query).match
        assert isinstance(match, Word)
        assert len(match.terms) == 1


def test_too_many_prefixes_are_too_costly(english: Engine) -> None:
    stars = [f"a{number}*" for number in range(reading.MAX_PREFIXES)]
    read(english, " ".join([*stars, *stars]))
    with pytest.raises(QueryTooCostly, match="50"):
        read(english, " ".join([*stars, "b*"]))


# Common words


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("the water of the rivers", "water OR rivers"),
        ("the OR water", "water"),
        ("water and/or air", "water OR air"),
        ("and/or water/the", "water/the"),
        ("(the of) AND water", "(the OR of) AND water"),
        ("the of", "the OR of"),
        ("the", "the"),
        ("water +the", "+the water"),
        ("the +water", "water"),
        ("the +water rivers", "+water rivers"),
        ("the AND water", "the AND water"),
        ("water -the", "water AND NOT the"),
        ('"the" water', '"the" OR water'),
        ('"of the water"', '"of the water"'),
        ("title:the water", "title:the OR water"),
        ("th* water", "th* OR water"),
        ("WHO rules", '"WHO" OR rules'),
        ("who rules", "rules"),
        ("WHO RULES", "RULES"),
        ("WHO", "WHO"),
        ("the WHO", '"WHO"'),
        ("title:WHO rules", 'title:"WHO" OR rules'),
        ("U.S. rules", '"U.S" OR rules'),
        ("us rules", "rules"),
        ("The Rules", "Rules"),
    ],
)
def test_which_common_words_are_left_out(english: Engine, query: str, kept: str) -> None:
    assert tree(english, query) == kept


def test_what_was_left_out_is_told(english: Engine) -> None:
    assert read(english, "the water of the sea").notices == (
        "Left out the common words “the” and “of”; quotation marks keep such words",
    )
    assert read(english, "the of").notices == ()
    many = read(english, "a an the this that these those such same other water").notices
    assert many == (
        "Left out the common words “a”, “an”, “the”, “this”, “that”, “these”, “those”, “such” and 2 more; "
        "quotation marks keep such words",
    )


def test_common_words_that_are_kept_are_known_as_such(english: Engine) -> None:
    asked = [(leaf.node.surface, leaf.common) for leaf in read(english, "the AND water AND NOT of").leaves]
    assert asked == [("the", True), ("water", False)]


def test_a_word_common_in_another_language_is_kept_where_it_is_rare(
    mixed: Callable[[int, int], Engine],
) -> None:
    assert tree(mixed(19, 1), "die casting") == "die OR casting"
    assert tree(mixed(11, 9), "die casting") == "casting"
    assert tree(mixed(0, 1), "die casting") == "casting"
    assert tree(mixed(1, 0), "die casting") == "die OR casting"


# The tree


def test_exclusions_alone_are_asked_of_everything(english: Engine) -> None:
    assert isinstance(read(english, "NOT water").match, And)
    assert [type(node) for node in walk(read(english, "-water -air").match)] == [
        And,
        Every,
        Not,
        Word,
        Not,
        Word,
    ]
    assert [type(node) for node in walk(read(english, "sea OR NOT water").match)] == [
        Or,
        Word,
        And,
        Every,
        Not,
        Word,
    ]


def test_an_exclusion_beside_something_is_asked_of_it(english: Engine) -> None:
    assert [type(node) for node in walk(read(english, "sea -water").match)] == [And, Word, Not, Word]


def test_optional_words_are_not_matched_but_asked_for(english: Engine) -> None:
    question = read(english, "+water sea")
    assert question.match == read(english, "water").match
    assert [leaf.node.surface for leaf in question.leaves] == ["water", "sea"]


def test_excluded_words_are_not_asked_for(english: Engine) -> None:
    question = read(english, "water -sea -(air OR NOT soil)")
    assert [leaf.node.surface for leaf in question.leaves] == ["water"]


# Laws

PIECES = st.sampled_from(
    [
        *["water", "air", "soil", "SEA", "the", "WHO", "of", "rule*", '"air and water"', "title:rivers"],
        *[" ", " ", " ", " ", " AND ", " OR ", " NOT ", " -", " +", "(", ")"],
    ]
)
QUERIES = st.lists(PIECES, max_size=14).map("".join).filter(lambda query: any(map(str.isalpha, query)))


@given(QUERIES)
def test_the_printed_reading_is_read_alike(english: Engine, query: str) -> None:
    question = read(english, query)
    again = read(english, render(question.tree))
    assert (again.tree, again.match, again.leaves) == (question.tree, question.match, question.leaves)


@given(QUERIES)
def test_no_exclusion_stands_alone(english: Engine, query: str) -> None:
    match = read(english, query).match
    inside = {id(child) for node in walk(match) if isinstance(node, And) for child in node.children}
    for node in walk(match):
        if isinstance(node, Not):
            assert id(node) in inside
        if isinstance(node, And):
            assert not all(isinstance(child, Not) for child in node.children)


BOOLEAN = st.recursive(
    st.sampled_from(["water", "air", "soil", "sea"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' '.join(parts)})"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' AND '.join(parts)})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} -{pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"(+{pair[0]} {pair[1]})"),
        inner.map(lambda part: f"(NOT {part})"),
    ),
    max_leaves=6,
)
TEXTS = st.dictionaries(
    st.sampled_from("uvw"),
    st.lists(st.sets(st.sampled_from(["water", "air", "soil", "sea"]), min_size=1), min_size=1, max_size=3),
    min_size=1,
)


@given(query=BOOLEAN, texts=TEXTS, scope=st.sampled_from(Scope))
def test_a_boolean_query_is_the_set_operation(
    engine_of: EngineOf, query: str, texts: Mapping[str, list[set[str]]], scope: Scope
) -> None:
    engine = engine_of(**{key: "\n\n".join(map(" ".join, units)) for key, units in texts.items()})
    question = read(engine, query)
    whole = [set[str]().union(*units) for units in texts.values()]
    units = [unit for each in texts.values() for unit in each] if scope is Scope.PARAGRAPH else whole
    totals = engine.answer(Request(question.match, scope, ())).totals
    assert totals.units == sum(holds(question.tree, unit) for unit in units)


def holds(node: Syntax, words: set[str]) -> bool:
    match node:
        case Chunk() | Quoted():
            return node.text in words
        case AnyOf():
            return any(holds(child, words) for child in node.children)
        case AllOf():
            return all(holds(child, words) for child in node.children)
        case Except():
            return not holds(node.child, words)
        case Preferring():
            return all(holds(child, words) for child in node.required)
    raise AssertionError(node)


def test_the_words_of_the_boolean_law_are_their_own_terms(engine_of: EngineOf) -> None:
    engine = engine_of("water air soil sea")
    for leaf in leaves(read(engine, "water air soil sea").tree):
        assert engine.analyse(leaf.text, "en") == (Term("en", leaf.text),)
