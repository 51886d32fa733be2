"""The whole way from a query to its results, over the reference engine."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from unittest.mock import Mock

import pytest
from docsearch.corpus.citation import Citation, words_hash
from docsearch.corpus.model import Anchor, Document, Gap
from docsearch.errors import QuerySyntax
from docsearch.index.query import Clause, FieldName, Or, Request, Scope, Word
from docsearch.search.engine import Engine
from docsearch.search.grammar import GRAMMAR_VERSION
from docsearch.search.options import Options
from docsearch.search.ranking import Ranking
from docsearch.search.results import Hit, NearWord, Results
from docsearch.search.searcher import search
from hypothesis import given
from hypothesis import strategies as st

EngineOf = Callable[..., Engine]
MakeDocument = Callable[..., Document]
ReferenceEngine = Callable[..., Engine]

LAW = """Preamble on water.

# Water

All water is held in common.

## Use

Whoever uses water pays for it.

Payment is due in March.

# Air

The air is free."""
ORDER = "Water and air.\n\nWater again."


@pytest.fixture(scope="session")
def engine(engine_of: EngineOf) -> Engine:
    return engine_of(law=LAW, order=ORDER, other="Soil.")


def places(results: Results) -> list[tuple[str, tuple[int, ...], int]]:
    return [(hit.key, hit.section, hit.paragraph) for hit in results]


# Hits


def test_a_hit_tells_its_place_and_its_words(engine: Engine) -> None:
    (hit,) = search(engine, "payment")
    assert (hit.rank, hit.key, hit.path, hit.group_size) == (1, "law", "law", 1)
    assert (hit.headings, hit.section, hit.paragraph, hit.line) == (("Water", "Use"), (1, 1), 2, 11)
    assert hit.text == "Payment is due in March." == LAW[hit.start : hit.end]
    assert hit.page == ""
    assert Citation.parse(hit.citation) == Citation("law", (1, 1), 2, words_hash(hit.text))
    (snippet,) = hit.snippets
    assert [LAW[start:end] for start, end in snippet.highlights] == ["Payment"]


def test_a_page_is_shown_by_its_label_and_cited_by_its_number(
    make_document: MakeDocument, reference_engine: ReferenceEngine
) -> None:
    document = make_document("k", "Water.\n\nAir.")
    pages = (Anchor("page", 0, 7, 3, "xiv"), Anchor("page", 7, 12, 4))
    first, second = search(reference_engine([replace(document, anchors=pages)]), '"water" OR "air"')
    assert (first.page, Citation.parse(first.citation).page) == ("xiv", 4)
    assert (second.page, Citation.parse(second.citation).page) == ("5", 5)


def test_ranks_go_on_from_page_to_page(engine: Engine) -> None:
    everything = search(engine, "water air", Options(limit=100))
    first, second = (
        search(engine, "water air", Options(limit=2)),
        search(engine, "water air", Options(limit=2, offset=2)),
    )
    assert (*first, *second) == everything[:4]
    assert [hit.rank for hit in second] == [3, 4]
    assert first.totals == second.totals == everything.totals
    assert len(search(engine, "water", Options(offset=100))) == 0


def test_grouping_shows_the_best_of_each_document(engine: Engine) -> None:
    grouped = search(engine, "water", Options(group=True))
    assert sorted((hit.key, hit.group_size) for hit in grouped) == [("law", 3), ("order", 2)]
    best = {hit.key: hit.citation for hit in reversed(search(engine, "water"))}
    assert all(hit.citation == best[hit.key] for hit in grouped)


def test_the_number_of_snippets_can_be_chosen(engine: Engine) -> None:
    assert [hit.snippets for hit in search(engine, "payment", Options(snippets=0))] == [()]


def test_without_snippets_a_passage_is_fetched_when_it_is_asked_for(engine: Engine) -> None:
    watched = Mock(wraps=engine)
    late, whole = search(watched, "water", Options(snippets=0)), search(engine, "water")
    assert [(hit.rank, hit.score, hit.key, hit.group_size) for hit in late] == [
        (hit.rank, hit.score, hit.key, hit.group_size) for hit in whole
    ]
    assert not watched.passages.called
    assert late.hits == tuple(replace(hit, snippets=()) for hit in whole)
    assert watched.passages.call_count == 1  # of the whole page


def test_a_late_hit_is_a_value_like_any_other(engine: Engine) -> None:
    def late() -> Hit:
        return search(engine, "payment", Options(snippets=0))[0]

    whole = replace(search(engine, "payment")[0], snippets=())
    assert late() == whole
    assert repr(late()) == repr(whole)
    assert late().date == whole.date
    assert copy.copy(late()) == whole
    assert pickle.loads(pickle.dumps(late())) == whole  # noqa: S301 - our own
    assert not hasattr(late(), "colour")
    with pytest.raises(dataclasses.FrozenInstanceError):
        late().text = ""  # type: ignore[misc]


def test_threads_may_ask_a_late_hit_at_once(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in range(50):
            (hit,) = search(engine, "payment", Options(snippets=0))
            assert set(pool.map(lambda name, hit=hit: getattr(hit, name), ["text"] * 8)) == {
                "Payment is due in March."
            }


def test_a_match_by_its_heading_is_marked_there(engine_of: EngineOf) -> None:
    (hit,) = search(engine_of("# Land\n\n## The forests\n\nTrees stand here."), "forest")
    assert [(snippet.text, snippet.highlights) for snippet in hit.snippets] == [("Trees stand here.", ())]
    assert (hit.headings, hit.heading_highlights) == (("Land", "The forests"), ((), ((4, 11),)))
    assert hit.title_highlights == ()


def test_a_match_by_its_title_is_marked_there(
    make_document: MakeDocument, reference_engine: ReferenceEngine
) -> None:
    engine = reference_engine([make_document("k", "# Land\n\nTrees.", title="The forest act (land)")])
    (hit,) = search(engine, '"forest act" heading:land')
    assert [hit.title[start:end] for start, end in hit.title_highlights] == ["forest act"]
    assert hit.heading_highlights == (((0, 4),),)
    (hit,) = search(engine, "land", Options(snippets=0))
    assert [hit.title[start:end] for start, end in hit.title_highlights] == ["land"]


# Plain ranking


def test_the_plain_ranking_is_bm25_of_the_words_in_the_text(engine: Engine) -> None:
    plain = search(engine, "the water", Options(ranking=Ranking.PLAIN))
    assert plain.reading.tree == "the OR water"
    assert plain.reading.notices == ()
    assert plain.reading.ranking is Ranking.PLAIN
    words = [Word(word, engine.analyse(word, "en"), FieldName.TEXT) for word in ("the", "water")]
    match = Or(tuple(replace(word, field=FieldName.ANY) for word in words))
    expected = engine.answer(Request(match, Scope.DOCUMENT, tuple(map(Clause, words))))
    assert [(hit.key, hit.score) for hit in plain] == [(each.ref.key, each.score) for each in expected.hits]
    assert plain.totals == expected.totals


def test_the_plain_ranking_scores_what_is_asked_for_once(engine: Engine) -> None:
    once, twice = (
        search(engine, query, Options(ranking=Ranking.PLAIN)) for query in ("water air", "water air water")
    )
    assert once.hits == twice.hits
    (hit,) = search(engine, "heading:use AND whoever AND -soil", Options(ranking=Ranking.PLAIN, limit=1))
    assert hit.score > 0


# Totals and scope


def test_totals_are_those_of_the_scope(engine: Engine) -> None:
    found = {scope: search(engine, "water AND air", Options(scope=scope)) for scope in Scope}
    assert [found[scope].totals.units for scope in Scope] == [1, 1, 2]
    assert [found[scope].reading.scope for scope in Scope] == list(Scope)
    assert places(found[Scope.PARAGRAPH]) == [("order", (0,), 1)]
    assert sorted(places(found[Scope.SECTION])) == [("order", (0,), 1), ("order", (0,), 2)]


def test_an_exclusion_holds_for_the_whole_document(engine: Engine) -> None:
    assert {hit.key for hit in search(engine, "water -march")} == {"order"}
    assert search(engine, "water -march", Options(scope=Scope.PARAGRAPH)).totals.units == 5
    assert places(search(engine, "NOT water")) == [("other", (0,), 1)]


def test_a_limit_of_0_gives_totals_only(engine: Engine) -> None:
    results = search(engine, "water", Options(limit=0))
    assert (results.hits, results.near_words) == ((), ())
    assert results.totals == search(engine, "water").totals


def test_an_empty_query_is_refused(engine: Engine) -> None:
    with pytest.raises(QuerySyntax):
        search(engine, " ")


# What was searched, and how the query was read


def test_results_tell_what_was_searched(
    make_document: MakeDocument, reference_engine: ReferenceEngine
) -> None:
    documents = [make_document("k", "Water."), make_document("l", "Agua.", language="es")]
    engine = reference_engine(documents, known_gaps=(Gap("m.bin", "not text"),), incomplete=True)
    results = search(engine, "the water")
    assert (results.documents, results.gaps, results.incomplete) == (2, 1, True)
    assert results.seconds >= 0
    reading = results.reading
    assert (reading.query, reading.tree) == ("the water", "water")
    assert reading.notices == ("Left out the common word “the”; quotation marks keep such words",)
    assert (reading.grammar, reading.generation) == (GRAMMAR_VERSION, 1)
    assert reading.analysers == tuple(sorted(engine.analyser_versions().items()))
    assert [language for language, _ in reading.analysers] == ["en", "es"]


def test_all_kinds_of_notices_come_together(engine: Engine) -> None:
    notices = search(engine, "(the payment AND free").reading.notices
    assert [notice.split()[0] for notice in notices] == ["Read", "Left", "No"]


@pytest.mark.parametrize(
    ("query", "scope", "told"),
    [
        ("payment AND free", Scope.DOCUMENT, "1 document does"),
        ("payment AND whoever", Scope.SECTION, "1 section does"),
        ("payment AND whoever AND NOT soil", Scope.SECTION, "1 section does"),
        ("water AND air", Scope.DOCUMENT, ""),
        ("payment AND march", Scope.DOCUMENT, ""),
        ("payment free", Scope.DOCUMENT, "1 document does"),
        ("payment AND NOT soil", Scope.DOCUMENT, ""),
        ("payment AND soil", Scope.DOCUMENT, ""),
        ("payment AND free", Scope.PARAGRAPH, ""),
        ("payment AND heading:water", Scope.DOCUMENT, ""),
    ],
)
def test_words_that_no_paragraph_holds_together(engine: Engine, query: str, scope: Scope, told: str) -> None:
    notices = search(engine, query, Options(scope=scope)).reading.notices
    assert [notice.rpartition("; ")[2] for notice in notices] == ([told] if told else [])


# Nothing found


def test_near_words_are_offered_when_nothing_is_found(engine: Engine) -> None:
    results = search(engine, "paiment sooil")
    assert results.totals.paragraphs == 0
    assert results.near_words == (NearWord("paiment", (("payment", 1),)), NearWord("sooil", (("soil", 1),)))


def test_near_words_are_offered_for_words_that_are_nowhere_alone(engine: Engine) -> None:
    assert search(engine, "payment AND soil").near_words == ()
    for query in ("watr AND soil", "watr soil"):
        assert search(engine, query).near_words == (NearWord("watr", (("water", 5),)),)
    assert search(engine, "watr soil").totals.paragraphs > 0
    assert search(engine, "soil -watr").near_words == ()


def test_words_of_phrases_and_excluded_words(engine: Engine) -> None:
    near = search(engine, '"the watr" AND -sooil AND paym* AND sooil*').near_words
    assert [each.word for each in near] == ["watr", "sooil*"]


def test_a_word_that_nothing_is_near_to_is_named_too(engine: Engine) -> None:
    results = search(engine, "water zzzzzzzz")
    assert results.hits
    assert results.near_words == (NearWord("zzzzzzzz", ()),)


def test_the_first_missing_words_are_named_once_each(engine: Engine) -> None:
    missing = [f"zzzzzzz{letter}" for letter in "abcdefgh"]
    near = search(engine, " ".join(["water", *missing, *missing])).near_words
    assert [each.word for each in near] == missing[:5]


def test_a_word_of_another_field_is_no_missing_word(engine: Engine) -> None:
    assert search(engine, "title:payment water").near_words == ()


@pytest.mark.parametrize("query", ["water air", '"in common" pay*', "payment AND free", "water -zzzz"])
def test_words_that_hits_hold_are_not_sought(engine: Engine, query: str) -> None:
    watched = Mock(wraps=engine)
    results = search(watched, query)
    assert results.hits
    assert results.near_words == ()
    assert not watched.near_words.called


def test_words_that_only_the_index_remembers_are_missing(engine: Engine) -> None:
    # An index keeps the words of documents that are gone until it is merged.
    watched = Mock(wraps=engine)
    watched.holds.side_effect = lambda word, more=0: word.surface != "payment" and engine.holds(word, more)
    near = search(watched, "payment soil", Options(limit=0)).near_words
    assert [each.word for each in near] == ["payment"]


def test_of_the_forms_of_a_word_one_is_offered(engine_of: EngineOf) -> None:
    engine = engine_of("Precursor, precursors.")
    assert search(engine, "precurser").near_words == (NearWord("precurser", (("precursor", 1),)),)


def test_an_empty_index_answers(engine_of: EngineOf) -> None:
    results = search(engine_of(), "water -air OR NOT soil*")
    assert (results.hits, results.documents, results.near_words) == ((), 0, ())


# Laws

QUERIES = st.lists(
    st.sampled_from(
        ["water", "air", '"in common"', "the", "pay*", "AND", "OR", "NOT", "-", "(", ")", " ", " "]
    ),
    min_size=1,
    max_size=8,
).map("".join)


@given(query=QUERIES, scope=st.sampled_from(Scope), group=st.booleans())
def test_results_agree_with_themselves(engine: Engine, query: str, scope: Scope, group: bool) -> None:
    if not any(map(str.isalpha, query)):
        return
    results = search(engine, query, Options(scope=scope, group=group, limit=100))
    totals = results.totals
    assert len(results) == (totals.documents if group else totals.paragraphs)
    assert len({hit.key for hit in results}) == totals.documents
    assert sum(hit.group_size for hit in results) == totals.paragraphs
    assert [hit.rank for hit in results] == list(range(1, len(results) + 1))
    assert in_order(results)
    for hit in results:
        document = engine.document(hit.key)
        assert document is not None
        assert hit.text == document.text[hit.start : hit.end]
        assert len(hit.heading_highlights) == len(hit.headings)
        marked = zip(hit.headings, hit.heading_highlights, strict=True)
        for shown, ranges in [(hit.title, hit.title_highlights), *marked]:
            assert all(0 <= start < end <= len(shown) for start, end in ranges)
        for snippet in hit.snippets:
            assert snippet.text == document.text[snippet.start : snippet.end]
            assert hit.start <= snippet.start < snippet.end <= hit.end


def in_order(results: Results) -> bool:
    keys = [(-hit.score, hit.key, hit.start) for hit in results]
    return keys == sorted(keys)


def test_words_that_stand_together_in_documents_only_are_told(engine_of: EngineOf) -> None:
    engine = engine_of(both="Ferry lines.\n\nTolls apply.", one="A ferry.", next="Ferry, toll.")
    for query, documents in (("ferry lines apply", 1), ("ferry lines", None), ("ferry bridge", None)):
        told = [each for each in search(engine, query).reading.notices if "all of the words" in each]
        expected = f"No single paragraph holds all of the words; {documents} document does"
        assert told == ([expected] if documents else [])
    assert not any(
        "all of" in each for each in search(engine, "lines apply", Options(snippets=0)).reading.notices
    )
    assert not any("all of" in each for each in search(engine, "lines apply tolls^2 -toll").reading.notices)
