"""The order of paragraphs: what must come before what, other things being equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from docsearch.corpus.model import Document
from docsearch.index.query import Clause, FieldName, Phrase, Word
from docsearch.search.engine import Engine
from docsearch.search.ranking import APART, ASKED, DEFINED, HEADING, NAMED, NEAR, PAIR, PART, TITLE, clauses
from docsearch.search.reading import read
from docsearch.search.searcher import search

EngineOf = Callable[..., Engine]
MakeDocument = Callable[..., Document]
ReferenceEngine = Callable[[Sequence[Document]], Engine]

FILLER = ["committee", "session", "agenda", "minutes", "chair", "member", "vote", "motion", "clerk", "note"]


def text(*at: tuple[int, str]) -> str:
    """Thirty words of filler, with words put in at places."""
    words = FILLER * 3
    for place, word in at:
        words[place] = word
    return " ".join(words)


def order(engine: Engine, query: str) -> list[str]:
    return [hit.key for hit in search(engine, query)]


def kinds(engine: Engine, query: str) -> list[tuple[str, FieldName, float]]:
    return [(each.node.surface, each.node.field, each.weight) for each in clauses(read(engine, query).leaves)]


# Order

SPREADS = {
    "e-beside": text((10, "precursor"), (11, "chemicals")),
    "d-near": text((10, "precursor"), (15, "chemicals")),
    "c-apart": text((2, "precursor"), (25, "chemicals")),
    "b-one": text((10, "precursor")),
    "a-none": text(),
}


@pytest.mark.parametrize(
    "query", ["precursor chemicals", "precursor AND chemicals", "the precursor chemicals"]
)
def test_side_by_side_then_near_then_apart_then_one(engine_of: EngineOf, query: str) -> None:
    expected = ["e-beside", "d-near", "c-apart", "b-one"][: 3 if "AND" in query else 4]
    assert order(engine_of(**SPREADS), query) == expected


def test_forms_of_the_words_count_alike(engine_of: EngineOf) -> None:
    engine = engine_of(
        b=text((10, "precursors"), (11, "chemical")), a=text((2, "precursors"), (25, "chemical"))
    )
    assert order(engine, "precursor chemicals") == ["b", "a"]


def test_near_counts_in_either_order_but_side_by_side_as_typed(engine_of: EngineOf) -> None:
    engine = engine_of(
        c=text((10, "precursor"), (11, "chemicals")),
        b=text((10, "chemicals"), (11, "precursor")),
        a=text((2, "chemicals"), (25, "precursor")),
    )
    assert order(engine, "precursor chemicals") == ["c", "b", "a"]


def test_three_words_in_a_row_come_before_two(engine_of: EngineOf) -> None:
    engine = engine_of(
        b=text((10, "chemical"), (11, "weapons"), (12, "treaty")),
        a=text((10, "chemical"), (11, "weapons"), (25, "treaty")),
    )
    assert order(engine, "chemical weapons treaty") == ["b", "a"]


def test_a_phrase_and_its_neighbour(engine_of: EngineOf) -> None:
    engine = engine_of(
        b=text((10, "data"), (11, "protection"), (12, "officer")),
        a=text((10, "data"), (11, "protection"), (25, "officer")),
    )
    assert order(engine, '"data protection" officer') == ["b", "a"]


def test_a_rarer_word_counts_more(engine_of: EngineOf) -> None:
    engine = engine_of(
        a=text((3, "treaty")), b=text((4, "treaty")), c=text((5, "treaty")), z=text((6, "precursor"))
    )
    assert order(engine, "treaty precursor")[0] == "z"


def test_a_heading_lifts_the_paragraphs_below_it(engine_of: EngineOf) -> None:
    engine = engine_of(
        a="# Other matters\n\n" + text((10, "water")), b="# Protection\n\n" + text((10, "water"))
    )
    assert order(engine, "water protection") == ["b", "a"]


def test_an_outer_heading_lifts_too(engine_of: EngineOf) -> None:
    engine = engine_of(
        a="# Other matters\n\n## Rules\n\n" + text((10, "water")),
        b="# Protection\n\n## Rules\n\n" + text((10, "water")),
    )
    assert order(engine, "water protection") == ["b", "a"]


def test_the_title_lifts(make_document: MakeDocument, reference_engine: ReferenceEngine) -> None:
    body = text((10, "water"))
    engine = reference_engine(
        [make_document("a", body, title="Other matters"), make_document("b", body, title="Water protection")]
    )
    assert order(engine, "water protection") == ["b", "a"]


def test_a_heading_that_is_the_query_begins_the_answer(engine_of: EngineOf) -> None:
    engine = engine_of(
        a="# Duties\n\n" + text((5, "refusal"), (20, "licence")),
        b="# Import licence refusal\n\n" + text() + "\n\n" + text((3, "licence")),
        c="# § 48-904.01\n\n" + text(),
        d="This section is referenced in § 48-904.01. See § 48-904.01.",
    )
    assert search(engine, "import licence refusal")[0].text == text()
    assert search(engine, "48-904.01")[0].key == "c"
    assert search(engine, "§ 48-904.01")[0].key == "c"


def test_a_question_is_not_taken_for_a_heading(engine_of: EngineOf) -> None:
    query = "which import licence was refused by the authority after the hearing"
    assert all(each.first == 0 for each in clauses(read(engine_of("x"), query).leaves))


def test_the_text_weighs_more_than_headings_and_title(
    make_document: MakeDocument, reference_engine: ReferenceEngine
) -> None:
    engine = reference_engine(
        [
            make_document("a", "# Chemicals\n\n" + text((10, "precursor")), title="Chemicals"),
            make_document("b", "# Rules\n\n" + text((10, "precursor"), (25, "chemicals")), title="Rules"),
        ]
    )
    assert order(engine, "precursor chemicals") == ["b", "a"]


@pytest.mark.parametrize(
    ("language", "query", "beside", "apart"),
    [
        ("de", "gefährliche stoffe", ("gefährlicher", "stoff"), ("stoffe", "gefährlich")),
        ("es", "sustancias químicas", ("sustancia", "química"), ("químicas", "sustancias")),
        ("es", "sustancias quimicas", ("sustancia", "química"), ("químicas", "sustancias")),
    ],
)
def test_order_in_other_languages(
    engine_of: EngineOf, language: str, query: str, beside: tuple[str, str], apart: tuple[str, str]
) -> None:
    engine = engine_of(
        b=text((10, beside[0]), (11, beside[1])),
        a=text((2, apart[0]), (25, apart[1])),
        language=language,
    )
    assert order(engine, query) == ["b", "a"]


def test_equal_paragraphs_come_in_the_order_of_their_keys(engine_of: EngineOf) -> None:
    same = text((10, "water"))
    engine = engine_of(b=f"{same}\n\n{same}", a=same)
    assert [(hit.key, hit.paragraph) for hit in search(engine, "water")] == [("a", 1), ("b", 1), ("b", 2)]


# Clauses


def test_what_two_words_are_scored_by(engine_of: EngineOf) -> None:
    assert kinds(engine_of("x"), "precursor chemicals") == [
        ("precursor", FieldName.TEXT, 1.0),
        ("precursor", FieldName.HEADING, HEADING),
        ("precursor", FieldName.TITLE, TITLE),
        ("chemicals", FieldName.TEXT, 1.0),
        ("chemicals", FieldName.HEADING, HEADING),
        ("chemicals", FieldName.TITLE, TITLE),
        ("precursor chemicals", FieldName.HEADING, HEADING),
        ("precursor chemicals", FieldName.TITLE, TITLE),
        ("precursor chemicals", FieldName.TEXT, PAIR),
        ("precursor chemicals", FieldName.TEXT, NEAR),
        ("chemicals precursor", FieldName.TEXT, NEAR),
        ("precursor chemicals means", FieldName.TEXT, DEFINED),
    ]


def test_a_word_of_a_named_field_is_scored_there_alone(engine_of: EngineOf) -> None:
    assert kinds(engine_of("x"), "title:water") == [("water", FieldName.TITLE, 1.0)]
    assert kinds(engine_of("x"), "heading:water text:air") == [
        ("water", FieldName.HEADING, 1.0),
        ("air", FieldName.TEXT, 1.0),
    ]


def test_common_words_score_only_when_alone(engine_of: EngineOf) -> None:
    surfaces = {surface for surface, _, _ in kinds(engine_of("x"), "the AND water")}
    assert surfaces == {"water", "water means"}
    assert {surface for surface, _, _ in kinds(engine_of("x"), "the")} == {"the", "the means"}


def test_excluded_words_do_not_score(engine_of: EngineOf) -> None:
    assert {surface for surface, _, _ in kinds(engine_of("x"), "water -air")} == {"water", "water means"}
    assert kinds(engine_of("x"), "NOT air") == []


def test_a_repeated_word_scores_twice_at_most(engine_of: EngineOf) -> None:
    twice = clauses(read(engine_of("x"), "water waters").leaves)
    assert twice == clauses(read(engine_of("x"), "water waters water WATER").leaves)
    weights = [clause.weight for clause in twice if clause.node.surface == "water"]
    assert weights == [2.0, 2 * HEADING, 2 * TITLE]


def test_words_of_a_compound_score_a_little_beside_it(engine_of: EngineOf) -> None:
    weights = {
        surface: weight
        for surface, field, weight in kinds(engine_of("x"), "third-party air")
        if field is FieldName.TEXT
    }
    assert (weights["third-party"], weights["third"], weights["party"]) == (1.0, PART, PART)
    assert not any(
        weight == PART
        for _, _, weight in kinds(engine_of("x"), '48-904.01 "data protection"')
        if weight != PAIR
    )


def test_words_of_asking_score_only_in_short_queries(engine_of: EngineOf) -> None:
    query = "specific example of an import licence that an authority refused after a hearing"
    weights = {surface: weight for surface, _, weight in reversed(kinds(engine_of("x"), query))}
    assert {weights[word] for word in ("import", "licence", "authority", "refused", "hearing")} == {1.0}
    assert {weights[word] for word in ("specific", "example")} == {ASKED}
    assert ("specific", FieldName.TEXT, 1.0) in kinds(engine_of("x"), "specific licence")


def test_neighbours_may_stand_as_far_apart_as_in_the_query(engine_of: EngineOf) -> None:
    engine = engine_of(
        b=text((10, "theft"), (11, "of"), (12, "chemicals")), a=text((10, "theft"), (14, "chemicals"))
    )
    assert order(engine, "theft of chemicals reported by operators") == ["b", "a"]


def test_neighbours_with_words_between_belong_together_less(engine_of: EngineOf) -> None:
    weights = {
        surface: weight
        for surface, field, weight in kinds(engine_of("x"), "theft of chemicals reported in the border zone")
        if field is FieldName.TEXT
    }
    assert weights["theft chemicals"] == weights["reported border"] == APART < PAIR
    assert weights["chemicals reported"] == weights["border zone"] == PAIR


def test_names_within_a_longer_query_weigh_more(engine_of: EngineOf) -> None:
    query = "Must an operator tell the Chemicals Board about theft of export papers"
    weights = {
        surface: weight
        for surface, field, weight in reversed(kinds(engine_of("x"), query))
        if field is FieldName.TEXT
    }
    assert weights["Chemicals"] == weights["Board"] == NAMED > 1.0
    assert weights["operator"] == weights["papers"] == 1.0
    assert ("Operators", FieldName.TEXT, 1.0) in kinds(
        engine_of("x"), query.replace("Must an o", "O").replace("tor ", "tors ")
    )
    assert ("Board", FieldName.TEXT, 1.0) in kinds(engine_of("x"), "Chemicals Board")
    assert ("Board", FieldName.HEADING, HEADING) in kinds(engine_of("x"), query)


@pytest.mark.parametrize(
    "query",
    [
        "THEFT OF EXPORT PAPERS FROM THE CHEMICALS BOARD",
        "Theft of Export Papers from the Chemicals Board",
        "Theft 2023 Export Papers Chemicals Board",
    ],
)
def test_capitals_of_all_words_tell_none_from_the_others(engine_of: EngineOf, query: str) -> None:
    words = ("theft", "export", "papers", "chemicals", "board")
    weights = {
        surface.casefold(): weight
        for surface, field, weight in reversed(kinds(engine_of("x"), query))
        if field is FieldName.TEXT
    }
    assert {word: weights[word] for word in words} == dict.fromkeys(words, 1.0)


def test_a_definition_begins_the_answer(engine_of: EngineOf) -> None:
    engine = engine_of(
        c='In these rules, "tender" means an offer that a bidder makes in answer to an invitation.',
        b="# Tender\n\nA tender is sealed.",
        a="A tender, a second tender and a third tender.",
    )
    assert order(engine, "tender") == ["c", "b", "a"]
    assert order(engine, "definition of tender")[0] == "c"


def test_a_heading_that_is_the_query_comes_before_one_that_holds_it(engine_of: EngineOf) -> None:
    engine = engine_of(a=f"# Attempt to commit robbery\n\n{text()}", b=f"# Robbery\n\n{text()}")
    assert order(engine, "robbery") == ["b", "a"]


@pytest.mark.parametrize("query", ["Section 2", "Part II", "Article 14"])
def test_a_numbered_heading_comes_before_what_mentions_it(engine_of: EngineOf, query: str) -> None:
    word, number = query.split()
    mentioned = text((3, word), (4, number))
    engine = engine_of(a=mentioned, b=f"# {query}. Definitions\n\n{text()}", c=text((4, word)))
    assert order(engine, query)[0] == "b"


def test_a_designator_names_a_heading_also_behind_a_word(engine_of: EngineOf) -> None:
    mentioned = text((3, "sections"), (4, "42-17.04"), (9, "section"))
    engine = engine_of(a=mentioned, b=f"# § 42-17.04. Payments\n\n{text()}", c=text((4, "section")))
    assert order(engine, "section 42-17.04")[0] == "b"


def test_pairs_are_made_of_single_words_without_stars(engine_of: EngineOf) -> None:
    pairs = [
        each.node
        for each in clauses(read(engine_of("x"), '"data protection" officer rule*').leaves)
        if each.weight in (PAIR, NEAR)
        and isinstance(each.node, Phrase)
        and each.node.surface != "data protection"
    ]
    assert {pair.surface for pair in pairs} == {"protection officer", "officer protection"}


def test_clauses_of_a_long_query_are_bounded(engine_of: EngineOf) -> None:
    found = clauses(read(engine_of("x"), " ".join(f"w{number}" for number in range(500))).leaves)
    assert sum(isinstance(each.node, Phrase) for each in found) == 31
    assert sum(each.node.field is FieldName.TEXT and isinstance(each.node, Word) for each in found) == 500
    assert all(isinstance(each, Clause) and each.weight > 0 for each in found)
