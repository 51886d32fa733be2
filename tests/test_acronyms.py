"""Acronyms: what texts explain, what is kept of it, and what it does in queries."""

from __future__ import annotations

import random
from dataclasses import replace

import docsearch
import pytest
from docsearch import Record
from docsearch.corpus.acronyms import acronyms_in, may_explain
from docsearch.errors import IndexCorrupt, QueryError
from docsearch.index.acronyms import Row, stored_acronyms
from docsearch.index.container import Container, pack
from docsearch.index.query import Request
from docsearch.index.records import Answer
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
from docsearch.search.synonyms import Synonyms
from hypothesis import given, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Financial Action Task Force (FATF)", [("FATF", "Financial Action Task Force")]),
        ("FATF (Financial Action Task Force) met", [("FATF", "Financial Action Task Force")]),
        ("ultimate beneficial owners (UBOs) are", [("UBO", "ultimate beneficial owners")]),
        ("Anti-Money Laundering (the “AML”)", [("AML", "Anti-Money Laundering")]),
        ("the Office of Tax and Revenue (OTR)", [("OTR", "Office of Tax and Revenue")]),
        ("by the Department of Health (“DOH”)", [("DOH", "Department of Health")]),
        (
            "Organisation for Economic\nCo-operation and Development (OECD)",
            [("OECD", "Organisation for Economic Co-operation and Development")],
        ),
        ("das Kreditwesengesetz (KWG) und", [("KWG", "Kreditwesengesetz")]),
        ("das Bürgerliche Gesetzbuch („BGB“)", [("BGB", "Bürgerliche Gesetzbuch")]),
        ("le Groupe d'action financière (GAFI)", [("GAFI", "Groupe d'action financière")]),
        ("la Unidad de Inteligencia Financiera (UIF)", [("UIF", "Unidad de Inteligencia Financiera")]),
        ("Центральный банк России (ЦБР)", [("ЦБР", "Центральный банк России")]),
        ("hereinafter the United Nations (U.N.)", [("UN", "United Nations")]),
        ("of the United Nations (UN)", [("UN", "United Nations")]),
        ("It ended. Task Force (FATF)", []),
        ("included in (II) and (iv)", []),
        ("a word (a) and another (B)", []),
        ("the Commission (EU) No 5", []),
        ("the company (CEO)", []),
        ("without any", []),
        ("", []),
    ],
)
def test_texts_explain_acronyms(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(acronyms_in(text)) == expected


PIECES = [
    *(
        "Financial Action Task Force",
        "financial action task forces",
        "Fishing And Trade Forum",
        "water",
        "é. ",
    ),
    *(
        "(FATF)",
        "FATF",
        "(“FATF”)",
        "(FATFs)",
        "(Financial Action Task Force)",
        "(",
        ")",
        "; ",
        "\n",
        "(KWG)",
    ),
    *("Kreditwesengesetz", "ÄÖ (Ämter Österreichs)", "(ÄÖ)", "Ämter Österreichs"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@given(st.lists(TEXTS, max_size=5))
def test_where_nothing_may_be_explained_nothing_is(texts: list[str]) -> None:
    """In a text of several paragraphs each place that explains something has a candidate in its paragraph."""
    encoded = [text.encode() for text in texts]
    places = list(may_explain(b"".join(encoded)))
    start = 0
    for text, each in zip(texts, encoded, strict=True):
        if list(acronyms_in(text)):
            assert any(start <= place < start + len(each) for place in places)
        start += len(each)


@given(st.text(alphabet="aAbB fFT(é).“-ß\u0130\U0001d400\n", max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for short, long in acronyms_in(text):
        assert short
        assert long
        assert "\t" not in short + long
        assert long in " ".join(text.split()) or any(mark in text for mark in "“")


def made(*batches: list[Record]) -> Index:
    index = Index(MemoryStorage(), create=True)
    for batch in batches:
        if batch:
            index.add(batch)
    return index


def reference(records: dict[str, str]) -> dict[tuple[str, str], tuple[int, str]]:
    """By pair, in how many paragraphs it stands, and the first document with it."""
    found: dict[tuple[str, str], list[str]] = {}
    for key, text in sorted(records.items()):
        for paragraph in text.split("\n\n"):
            for pair in set(acronyms_in(paragraph)):
                found.setdefault(pair, []).append(key)
    return {pair: (len(keys), keys[0]) for pair, keys in found.items()}


def rows_of(index: Index) -> dict[tuple[str, str], tuple[int, str]]:
    rows: tuple[Row, ...] = tuple(index.engine.acronyms()._rows)
    return {(row.short, row.long): (row.paragraphs, row.first().key) for row in rows}


SENTENCES = st.lists(
    st.sampled_from(
        [
            "The Financial Action Task Force (FATF) met.",
            "All financial action task forces (FATFs) met.",
            "A Fishing And Trade Forum (FATF) met.",
            "The FATF met at the water.",
            "Das Kreditwesengesetz (KWG) gilt.",
        ]
    ),
    min_size=1,
    max_size=4,
).map("\n\n".join)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), SENTENCES), max_size=10), st.integers(0, 9))
def test_an_index_knows_what_its_documents_explain(changes: list[tuple[str, str]], seed: int) -> None:
    """Whatever was replaced and deleted, in whatever segments and order, before and after a purge."""
    held: dict[str, str] = {}
    with Index(MemoryStorage(), create=True) as index:
        index.add([Record("z", "Water.")])
        for key, text in changes:
            index.add([Record(key, text, language="en")])
            held[key] = text
        if held:
            gone = random.Random(seed).choice(sorted(held))
            index.delete([gone])
            del held[gone]
        assert rows_of(index) == reference(held)
        index.purge()
        assert rows_of(index) == reference(held)
        with made(
            [Record("z", "Water."), *(Record(key, text, language="en") for key, text in held.items())]
        ) as other:
            assert [replace(each, citation="") for each in index.acronyms()] == [
                replace(each, citation="") for each in other.acronyms()
            ]


def test_passages_explain_what_records_do() -> None:
    texts = {"a": "Water", "b": "Water (WW).\n\nThe Financial Action Task Force (FATF)", "c": "é (FATF) É Ö"}
    with Index(MemoryStorage(), create=True) as passages, Index(MemoryStorage(), create=True) as records:
        passages.add_passages(texts.items())
        records.add([Record(key, text, language="en") for key, text in texts.items()])
        assert rows_of(passages) == rows_of(records) == {("FATF", "Financial Action Task Force"): (1, "b")}


RECORDS = [
    Record("a", "The Financial Action Task Force (FATF) met.\n\nA car is no boat."),
    Record("b", "The FATF published a report. The Act holds."),
    Record("c", "Capital Adequacy Ratio (CAR) rules of the Financial Action Task Force (“FATF”)."),
    Record("d", "The financial action task force spoke of cars. They act."),
    Record("e", "A Fishing and Trade Forum (FATF), the Agency for Clean Tides (ACT)."),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return made(RECORDS)


BOTH = 'FATF OR "Financial Action Task Force"^0.3 OR "Fishing and Trade Forum"^0.3'


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("FATF", BOTH),
        ("report FATF", f"report OR {BOTH}"),
        ("fatf", BOTH.replace("FATF", "fatf")),
        ("financial action task force", "financial OR action OR task OR force OR FATF^0.3"),
        (
            "Financial Actions Task Forces report",
            "Financial OR Actions OR Task OR Forces OR report OR FATF^0.3",
        ),
        ('"financial action task force"', '"financial action task force" OR FATF^0.3'),
        ("fishing trade forum", "fishing OR trade OR forum OR FATF^0.3"),
        ("+report FATF", f"+report {BOTH}".replace("FATF OR", "(FATF OR") + ")"),
        ("report AND FATF", f"report AND ({BOTH})"),
        ("report -FATF", "report AND NOT FATF"),
        ("=FATF FAT*", "=FATF OR FAT*"),
        ("car", "car"),
        ("CAR", 'CAR OR "Capital Adequacy Ratio"^0.3'),
        ("act", "act"),
        ("ACT report", 'ACT OR "Agency for Clean Tides"^0.3 OR report'),
        ("ACT REPORT", "ACT OR REPORT"),
        ("financial report", "financial OR report"),
        ("force", "force"),
        ("water", "water"),
    ],
)
def test_queries_find_the_other_form(index: Index, query: str, tree: str) -> None:
    found = index.search(query)
    assert found.reading.tree == tree
    alone = index.search(query, acronyms=False)
    if alone.reading.tree == tree:
        assert found.hits == alone.hits
        assert found.reading.notices == alone.reading.notices
    else:
        assert any("as the documents explain" in notice for notice in found.reading.notices)
        assert {hit.key for hit in alone} <= {hit.key for hit in found}
    assert (
        index.search(query, ranking="plain").reading.tree
        == index.search(query, ranking="plain", acronyms=False).reading.tree
    )


def test_whether_small_letters_mean_an_acronym_is_found_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    index = made(RECORDS)
    asked: list[Request] = []
    answer = index.engine.answer

    def told(request: Request) -> Answer:
        asked.append(request)
        return answer(request)

    monkeypatch.setattr(index.engine, "answer", told)
    for query, tree in (("car", "car"), ("fatf", BOTH.replace("FATF", "fatf"))):
        first = index.search(query, snippets=0)
        looked = len(asked)
        again = index.search(query, snippets=0)
        assert (looked, len(asked) - looked) == (2, 1)
        assert first.reading.tree == again.reading.tree == tree
        asked.clear()
    index.add([Record("f", "A fatf of the old kind.")])
    index.refresh()
    assert index.search("fatf").reading.tree == "fatf"


def test_the_other_form_is_found_and_marked_and_counts_less(index: Index) -> None:
    found = index.search("FATF report")
    assert [hit.key for hit in found][-1] == "d"
    hit = found[-1]
    text = RECORDS[3].text
    assert [text[start:end] for start, end in hit.snippets[0].highlights] == ["financial action task force"]


def test_the_users_own_synonyms_come_first(index: Index) -> None:
    own = Synonyms.parse(["FATF => water"])
    assert index.search("FATF", synonyms=own).reading.tree == "water"


def test_offers_are_of_what_was_typed(index: Index) -> None:
    offers = index.search("FATF AND zebra AND report").offers
    assert offers
    assert not any("^0.3" in offer.query for offer in offers)


def test_the_list(index: Index) -> None:
    told = [(each.short, each.long, each.paragraphs, each.key) for each in index.acronyms()]
    assert told == [
        ("ACT", "Agency for Clean Tides", 1, "e"),
        ("CAR", "Capital Adequacy Ratio", 1, "c"),
        ("FATF", "Financial Action Task Force", 2, "a"),
        ("FATF", "Fishing and Trade Forum", 1, "e"),
    ]
    assert [each.short for each in index.acronyms("f")] == ["FATF", "FATF"]
    assert index.resolve(index.acronyms("car")[0].citation).document.key == "c"
    assert [each.key for each in index.acronyms("FATF", where=docsearch.Prefix("key", "c"))] == ["c"]
    assert index.acronyms("zz") == ()
    with pytest.raises(QueryError, match="int"):
        index.acronyms(3)  # type: ignore[arg-type]


GOOD = {"pairs": b"AB\tA B", "pair_ends": [6], "starts": [0, 1], "paragraphs": [1]}


@pytest.mark.parametrize(
    "bad",
    [
        {"pairs": b"AB A B"},
        {"pairs": b"\xff\tA B"},
        {"pair_ends": [5]},
        {"pair_ends": [7]},
        {"pair_ends": [3, 3], "starts": [0, 1, 1]},
        {"starts": [0]},
        {"starts": [1, 1]},
        {"starts": [0, 2]},
        {"paragraphs": [2]},
        {"paragraphs": []},
    ],
)
def test_forged_tables_are_told(bad: dict[str, object]) -> None:
    import numpy as np

    def container(values: dict[str, object]) -> Container:
        arrays = {
            f"acronym/{name}": value if isinstance(value, bytes) else np.array(value, np.uint32)
            for name, value in values.items()
        }
        return Container(memoryview(b"".join(pack("segment", arrays, {}))), "forged", "segment")

    assert stored_acronyms(container(dict(GOOD)), 2).pairs == (b"AB\tA B",)
    with pytest.raises(IndexCorrupt):
        stored_acronyms(container({**GOOD, **bad}), 2)
