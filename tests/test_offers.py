"""Questions that are offered: each finds what it says, and none is offered where it helps nobody."""

from __future__ import annotations

import pytest
from docsearch import Index, Record, Scope, open_samples
from docsearch.index.storage import MemoryStorage
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = {
    "rivers": "Water flows in rivers.\n\nTreaties divide water.",
    "drugs": "Fentanyl is a drug. Chemicals make it.\n\nPrecursor chemicals are listed, said the minister.",
    "trade": "Trade in chemicals.\n\nTariffs on trade.",
}


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add(Record(key, text, title=key, language="en") for key, text in TEXTS.items())
    made.add(Record(f"more-{at}", "The minister spoke of fentanyl.") for at in range(30))
    made.add([Record("slip", "The ministre spoke of fentanil.")])
    return made


@pytest.mark.parametrize(
    ("query", "scope", "offers"),
    [
        ("precursr", "document", [("precursor", "another spelling")]),
        (
            "watr AND rivers",
            "document",
            [("water AND rivers", "another spelling"), ("rivers", "without “watr”")],
        ),
        ("fentanil", "document", [("fentanyl", "another spelling")]),  # it is there, once
        ("fentanyl", "document", []),
        ("water AND tariffs", "document", [("tariffs", "without “water”"), ("water", "without “tariffs”")]),
        (
            "water AND treaties AND rivers",
            "paragraph",
            [("water AND treaties AND rivers", "asked of the whole section")],
        ),
        (
            '"chemicals precursor"',
            "document",
            [("chemicals AND precursor", 'the words of “"chemicals precursor"” apart')],
        ),
        ("title:fentanyl", "document", [("fentanyl", "not only in the title")]),
        ("water AND NOT rivers", "document", [("water", "without the exclusion of “rivers”")]),
        ("zzzzzz", "document", []),
        ("water AND zzzzzz", "document", [("water", "without “zzzzzz”")]),
    ],
)
def test_what_is_offered(index: Index, query: str, scope: str, offers: list[tuple[str, str]]) -> None:
    found = index.search(query, scope=scope).offers
    assert [(offer.query, offer.why) for offer in found][: len(offers)] == offers
    assert bool(found) == bool(offers)


def test_spelling_is_corrected_in_its_place(index: Index) -> None:
    (offer, *_) = index.search('+watr "precursor chemicls" -tariffs').offers
    assert offer.query == '+water "precursor chemicals" -tariffs'


words = st.sampled_from(
    ["water", "watr", "rivers", "trade", "tariffs", "chemicals", "chemicls", "zzz", "the"]
)
operands = st.one_of(words, st.lists(words, min_size=2, max_size=3).map(lambda each: f'"{" ".join(each)}"'))
queries = st.lists(operands, min_size=1, max_size=4).flatmap(
    lambda each: st.sampled_from([" AND ".join(each), " ".join(each), " OR ".join(each), " -".join(each)])
)


@settings(max_examples=150)
@given(queries, st.sampled_from(list(Scope)))
def test_an_offer_finds_what_it_says(index: Index, query: str, scope: Scope) -> None:
    results = index.search(query, scope=scope)
    assert len(results.offers) <= 3
    for offer in results.offers:
        again = index.search(offer.query, scope=offer.scope, limit=0)
        assert (again.totals.documents, again.totals.paragraphs) == (offer.documents, offer.paragraphs)
        assert (offer.query, offer.scope) != (query, scope)
        assert offer.paragraphs > results.totals.paragraphs
        assert not results.totals.units or offer.why == "another spelling"


@pytest.fixture(scope="module")
def known() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add(
        [
            Record("a", "Ports and cranes.", source="Harbour Institute", extra={"author": "Maria Keller"}),
            Record("b", "Ports and quays.", published="2021", extra={"author": ("Jan Keller", "Ana Ruíz")}),
            Record("c", "Ferries.", published="2022", source="Harbour Board", extra={"tags": "a*b", "n": 7}),
        ]
    )
    return made


@pytest.mark.parametrize(
    ("query", "offer", "keys"),
    [
        ("Keller", 'meta.author:"*Keller*"', {"a", "b"}),
        ("maria keller", 'meta.author:"Maria Keller"', {"a"}),
        ("ruiz ports", 'ports meta.author:"Ana Ruíz"', {"b"}),
        ("author:ruiz", 'meta.author:"Ana Ruíz"', {"b"}),
        ("institute", 'source:"Harbour Institute"', {"a"}),
        ("harbour", 'source:"*harbour*"', {"a", "c"}),
    ],
)
def test_what_only_facts_say_is_offered_as_one(known: Index, query: str, offer: str, keys: set[str]) -> None:
    offered = known.search(query).offers
    assert offer in [each.query for each in offered]
    assert {hit.key for hit in known.search(offer)} == keys
    (first,) = [each for each in offered if each.query == offer]
    assert "stands in the field" in first.why
    assert first.documents == len(keys)


def test_facts_are_offered_for_words_alone_and_visible_ones(known: Index) -> None:
    for query in ("ports", '"keller keller"', "NOT keller", "title:keller", "ports AND unheard"):
        assert not [each for each in known.search(query).offers if "field" in each.why], query
    assert not known.search("keller", where={"key": "c"}).offers
    hidden = [each.query for each in known.search("keller", where={"key": "a"}).offers]
    assert hidden == ['meta.author:"Maria Keller"']


def test_documents_without_a_date_are_counted(known: Index) -> None:
    assert known.search("date:1999").reading.notices == (
        "1 document has no date of publication, and so cannot answer",
    )
    assert known.search("ports effective:1999").reading.notices == (
        "3 documents have no date from which they hold, and so cannot answer",
    )
    assert not known.search("date:2022").reading.notices
    assert not known.search("date:1999", where={"key": "b"}).reading.notices


def test_an_empty_index_offers_nothing() -> None:
    with Index(MemoryStorage(), create=True) as empty:
        empty.add([])
        assert empty.search("water").offers == ()


def test_a_word_of_two_languages_is_offered_once() -> None:
    with Index(MemoryStorage(), create=True) as made:
        made.add(Record(f"en{at}", "The port is open.", language="en") for at in range(2))
        made.add([Record("es", "El port es grande.", language="es")])
        (near,) = made.search("portt").near_words
    assert ("port", 3) in near.suggestions
    assert len({word for word, _ in near.suggestions}) == len(near.suggestions)


def test_a_search_without_snippets_is_for_programs_and_offers_nothing() -> None:
    with open_samples() as index:
        assert index.search("precursr").offers
        assert not index.search("precursr", snippets=0).offers
