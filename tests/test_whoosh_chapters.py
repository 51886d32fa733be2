"""The chapters of Whoosh's documentation, read against an index of docsearch."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator

import pytest
from docsearch.corpus.model import MetaValue
from docsearch.corpus.record import Record
from docsearch.errors import DocsearchError, IndexCorrupt, IndexIncompatible, IndexProblem
from docsearch.index.adapter import WhooshIndex, schema_from_json, schema_to_json
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
from whoosh import fields, highlight, query, sorting
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import FuzzyTermPlugin, MultifieldParser, QueryParser
from whoosh.searching import Hit, Results, Searcher

BRIEF = """# Water and trade

The river treaty binds both states. It was signed in 2019.

## Trade in chemicals

Exports of precursor chemicals need a licence under S/RES/1373. Chemical traders keep records.

### Licences

A licence for chemicals lasts one year.
"""
SPEECH = """Tariffs on steel

Tariffs are taxes. Those who buy pay them, and trade suffers.

Steel is not a chemical, and no licence is needed.
"""
AGUA = "El agua es un derecho.\n\nLa información sobre el agua es pública."


def records() -> list[Record]:
    march = dt.date(2023, 3, 15)
    of_brief: dict[str, MetaValue] = {"tags": ("water", "trade"), "rank": 2}
    return [
        Record("brief", BRIEF, type="text/markdown", source="TDI", published=march, extra=of_brief),
        Record("speech", SPEECH, source="Ministry", published="2024", extra={"tags": ("trade",), "rank": 1}),
        Record("agua", AGUA, language="es", extra={"rank": 3, "draft": True, "reviewed": march}),
        Record("gone", "Chemicals that nobody shall find.", source="TDI"),
    ]


@pytest.fixture(scope="module")
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as opened:
        first, *others = records()
        opened.add([first])
        opened.add(others)
        opened.delete(["gone"])
        yield opened


@pytest.fixture(scope="module")
def view(index: Index) -> WhooshIndex:
    return index.whoosh


@pytest.fixture
def searcher(view: WhooshIndex) -> Iterator[Searcher]:
    with view.searcher() as opened:
        yield opened


def places(results: Results) -> list[tuple[str, int]]:
    return [(hit["key"], hit["paragraph"]) for hit in results]


def found(searcher: Searcher, text: str, field: str = "text_en") -> set[tuple[str, int]]:
    return set(places(searcher.search(QueryParser(field, searcher.schema).parse(text), limit=None)))


# The schema


def test_the_schema_has_stock_types(view: WhooshIndex) -> None:
    types = {name: type(field) for name, field in view.schema.items()}
    assert types["text_en"] is types["heading_es"] is types["title_en"] is fields.TEXT
    assert types["key"] is types["source"] is fields.ID
    assert types["published"] is types["meta_reviewed"] is fields.DATETIME
    assert types["line"] is types["meta_rank"] is fields.NUMERIC
    assert types["meta_draft"] is fields.BOOLEAN
    assert types["meta_tags"] is fields.KEYWORD


def test_a_schema_survives_as_json(view: WhooshIndex) -> None:
    described = schema_to_json(view.schema)
    again = schema_from_json(described)
    assert again.names() == view.schema.names()
    assert schema_to_json(again) == described
    for name, field in view.schema.items():
        twin = again[name]
        assert (type(twin), twin.format, twin.stored) == (type(field), field.format, field.stored)
        assert repr(twin.analyzer) == repr(field.analyzer)


def test_a_stock_index_can_be_made_with_the_schema(view: WhooshIndex) -> None:
    stock = RamStorage().create_index(schema_from_json(schema_to_json(view.schema)))
    with stock.writer() as writer:
        writer.add_document(text_en="Exports of chemicals", published=dt.datetime(2023, 3, 15), meta_rank=2)
    with stock.searcher() as searcher:
        asked = QueryParser("text_en", stock.schema).parse("chemical published:2023")
        assert len(searcher.search(asked)) == 1


def test_a_foreign_schema_is_refused() -> None:
    for field in (fields.TEXT(stored=True), fields.ID(), fields.STORED(), fields.NUMERIC(int, stored=True)):
        with pytest.raises(IndexProblem, match="'odd' has a type or options"):
            schema_to_json(fields.Schema(odd=field))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("", IndexCorrupt),
        ("[]", IndexCorrupt),
        ('{"version": 1}', IndexCorrupt),
        ('{"version": 1, "fields": {"key": "id"}}', IndexCorrupt),
        ('{"version": 1, "fields": {"_key": {"type": "id"}}}', IndexCorrupt),
        ('{"version": 1, "fields": {"text_en": {"type": "words"}}}', IndexCorrupt),
        ('{"version": 1, "fields": {"key": {"type": "pickle"}}}', IndexIncompatible),
        ('{"version": 1, "fields": {"key": {"type": []}}}', IndexIncompatible),
        ('{"version": 2, "fields": {}}', IndexIncompatible),
    ],
)
def test_a_schema_that_is_not_ours_is_refused(content: str, error: type[DocsearchError]) -> None:
    with pytest.raises(error) as raised:
        schema_from_json(content)
    assert raised.value.hint


def test_metadata_of_several_types_becomes_keywords() -> None:
    values: list[MetaValue] = [1, 2.5, "x", ("x", "y, z"), True, dt.date(2023, 3, 15), 2**70]
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(f"d{at}", "Words.", extra={"odd": value}) for at, value in enumerate(values))
        with index.whoosh.searcher() as searcher:
            assert isinstance(searcher.schema["meta_odd"], fields.KEYWORD)
            for text, key in [("1", "d0"), ("2.5", "d1"), ("true", "d4"), ("2023-03-15", "d5")]:
                assert [hit["key"] for hit in searcher.documents(meta_odd=text)] == [key]
            assert [hit["key"] for hit in searcher.documents(meta_odd="x")] == ["d2", "d3"]
            assert [hit["meta_odd"] for hit in searcher.documents(meta_odd="y, z")] == [["x", "y, z"]]


def test_integers_and_fractions_are_numbers_and_names_are_made_plain() -> None:
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(key, "Words.", extra={"see also": value}) for key, value in (("a", 1), ("b", 0.5)))
        with index.whoosh.searcher() as searcher:
            results = searcher.search(query.Every(), sortedby="meta_see_also")
            assert [(hit["key"], hit["meta_see_also"]) for hit in results] == [("b", 0.5), ("a", 1.0)]
            assert found(searcher, "meta_see_also:[0.7 to]") == {("a", 0)}


# Parsing user queries


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("chemicals", {("brief", 1), ("brief", 2), ("speech", 1)}),
        ("chemicals licence", {("brief", 1), ("brief", 2), ("speech", 1)}),
        ("chemicals NOT steel", {("brief", 1), ("brief", 2)}),
        ("tariffs OR treaty", {("brief", 0), ("speech", 0)}),
        ('"precursor chemicals"', {("brief", 1)}),
        ('"exports chemicals"', set()),
        ('"exports chemicals"~3', {("brief", 1)}),
        ("S/RES/1373", {("brief", 1)}),
        ("S/1373", set()),
        ("* NOT chemicals", {("brief", 0), ("speech", 0)}),
        ("chemicals*", {("brief", 1), ("brief", 2), ("speech", 1)}),
        ("chem* AND source:Ministry", {("speech", 1)}),
        ("li?en*", {("brief", 1), ("brief", 2), ("speech", 1)}),
        ("heading_en:trade", {("brief", 0), ("brief", 1)}),
        ("heading_en:(licences)", {("brief", 2)}),
        ("title_en:water", {("brief", 0)}),
        ("meta_rank:[2 TO 3]", {("brief", 0), ("brief", 1), ("brief", 2), ("agua", 0), ("agua", 1)}),
        ("meta_draft:yes", {("agua", 0), ("agua", 1)}),
        ("meta_tags:water chemicals", {("brief", 1), ("brief", 2)}),
        ("published:[20230101 to 20231231] treaty", {("brief", 0)}),
        ("published:2024 trade", {("speech", 0)}),
        ("line:[1 TO 3]", {("brief", 0), ("speech", 0), ("agua", 0), ("agua", 1)}),
        ("text_es:informacion", {("agua", 1)}),
        ("text_es:Información", {("agua", 1)}),
        ("[t TO ti]", {("brief", 0), ("speech", 0)}),
        ("nobody", set()),
    ],
)
def test_user_queries(searcher: Searcher, text: str, expected: set[tuple[str, int]]) -> None:
    assert found(searcher, text) == expected


def test_several_fields_and_fuzzy_terms(view: WhooshIndex, searcher: Searcher) -> None:
    parser = MultifieldParser(["text_en", "text_es"], view.schema)
    spanish_or_english = places(searcher.search(parser.parse("agua OR steel")))
    assert set(spanish_or_english) == {("agua", 0), ("agua", 1), ("speech", 1)}
    fuzzy = QueryParser("text_en", view.schema)
    fuzzy.add_plugin(FuzzyTermPlugin())
    assert places(searcher.search(fuzzy.parse("traety~2"))) == [("brief", 0)]


# Searching


def test_pages_filters_and_masks(searcher: Searcher) -> None:
    everything = query.Every()
    page = searcher.search_page(everything, 2, pagelen=3, sortedby="line")
    assert (page.total, page.pagecount, len([*page])) == (7, 3, 3)
    chemicals, ministry = query.Term("text_en", "chemic"), query.Term("source", "Ministry")
    assert places(searcher.search(chemicals, filter=ministry)) == [("speech", 1)]
    assert {key for key, _ in places(searcher.search(chemicals, mask=ministry))} == {"brief"}


def test_collapsing_leaves_the_best_paragraph_of_each_document(searcher: Searcher) -> None:
    results = searcher.search(query.Term("text_en", "chemic"), collapse="key", limit=None)
    assert sorted(key for key, _ in places(results)) == ["brief", "speech"]
    assert sum(results.collapsed_counts.values()) == 1


def test_matched_terms_and_stored_fields(searcher: Searcher) -> None:
    asked = query.Or([query.Term("text_en", "precursor"), query.Term("text_en", "licenc")])
    results = searcher.search(asked, terms=True)
    assert results.matched_terms() == {("text_en", b"precursor"), ("text_en", b"licenc")}
    best = results[0]
    assert best.matched_terms() == [("text_en", b"precursor"), ("text_en", b"licenc")]
    assert best["heading_en"] == "Trade in chemicals"
    assert best["published"] == dt.datetime(2023, 3, 15)
    assert (best["meta_tags"], best["meta_rank"], best["line"]) == (["water", "trade"], 2, 7)
    assert best["text_en"].startswith("Exports of precursor chemicals")


def test_documents_by_their_values(searcher: Searcher) -> None:
    assert [stored["paragraph"] for stored in searcher.documents(key="brief")] == [0, 1, 2]
    assert searcher.document(key="gone") is None
    stored = searcher.document(key="agua", paragraph=1)
    assert stored is not None
    assert stored["text_es"] == "La información sobre el agua es pública."


# Sorting and faceting


def test_sorting(searcher: Searcher) -> None:
    asked = query.Term("text_en", "licenc")
    assert places(searcher.search(asked, sortedby=["source", "line"])) == [
        ("speech", 1), ("brief", 1), ("brief", 2),
    ]  # fmt: skip
    newest = sorting.MultiFacet([sorting.FieldFacet("published", reverse=True), sorting.FieldFacet("line")])
    assert places(searcher.search(asked, sortedby=newest)) == [("speech", 1), ("brief", 1), ("brief", 2)]
    by_key = searcher.search(query.Every(), sortedby=sorting.FieldFacet("key", reverse=True), limit=None)
    assert [key for key, _ in places(by_key)] == ["speech"] * 2 + ["brief"] * 3 + ["agua"] * 2
    undated = searcher.search(query.Every(), sortedby="published", limit=None)
    assert [key for key, _ in places(undated)][-2:] == ["agua", "agua"]


def test_faceting(searcher: Searcher) -> None:
    facets = sorting.Facets()
    facets.add_field("source").add_field("language")
    facets.add_field("meta_tags", allow_overlap=True).add_field("meta_draft")
    first, last, year = dt.datetime(2023, 1, 1), dt.datetime(2025, 1, 1), dt.timedelta(days=365)
    facets.add_facet("year", sorting.DateRangeFacet("published", first, last, year))  # type: ignore[arg-type]
    facets.add_query("chemistry", {"chemicals": query.Term("text_en", "chemic")}, other="rest")
    results = searcher.search(query.Every(), limit=None, groupedby=facets, maptype=sorting.Count)
    assert results.groups("source") == {"TDI": 3, "Ministry": 2, "": 2}
    assert results.groups("language") == {"en": 5, "es": 2}
    assert results.groups("meta_tags") == {"water": 3, "trade": 5, None: 2}
    assert results.groups("chemistry") == {"chemicals": 3, "rest": 4}
    assert sorted(results.groups("year").values()) == [2, 2, 3]


# Highlighting


def test_highlights_mark_the_words_as_they_stand(searcher: Searcher) -> None:
    asked = QueryParser("text_en", searcher.schema).parse("chemical licences")
    results = searcher.search(asked, sortedby="line", filter=query.Term("key", "brief"))
    results.fragmenter = highlight.WholeFragmenter()
    results.formatter = highlight.UppercaseFormatter()
    marked = [hit.highlights("text_en") for hit in results]
    assert marked[0].startswith("Exports of precursor CHEMICALS need a LICENCE under S/RES/1373. CHEMICAL")
    assert marked[1] == "A LICENCE for CHEMICALS lasts one year."


def test_fragments_come_from_the_stored_text(searcher: Searcher) -> None:
    hit: Hit = searcher.search(query.Term("text_en", "chemic"), filter=query.Term("key", "brief"))[0]
    hit.results.fragmenter = highlight.ContextFragmenter(maxchars=40, surround=10)
    fragments = hit.highlights("text_en", top=2)
    assert '<b class="match term0">chemicals</b>' in fragments.lower()


# Key terms


def test_key_terms_and_similar_paragraphs(searcher: Searcher) -> None:
    number = searcher.document_number(key="brief", paragraph=1)
    assert number is not None
    terms = [term for term, _ in searcher.key_terms([number], "text_en", numterms=5)]
    assert {"chemic", "export"} <= set(terms)
    similar = searcher.more_like(number, "text_en")
    assert {("brief", 2), ("speech", 1)} <= set(places(similar))
    assert ("brief", 1) not in places(similar)
    assert "chemic" in searcher.suggest("text_en", "chamic")


# Generations, and what is refused


def test_segments_and_schema_are_left_alone(view: WhooshIndex) -> None:
    with pytest.raises(IndexProblem, match="for reading only") as raised:
        view.reader().leaf_readers()[0][0].segment().delete_document(0)  # type: ignore[union-attr]
    assert "docsearch" in raised.value.hint
    with view.writer() as writer:
        with pytest.raises(IndexProblem, match="follow from its documents"):
            writer.add_field("more", fields.ID())
        with pytest.raises(IndexProblem, match="follow from its documents"):
            writer.remove_field("key")


def test_a_view_keeps_its_generation_until_it_is_refreshed() -> None:
    with Index(MemoryStorage(), create=True) as index:
        index.add([Record("a", "Water.")])
        view = index.whoosh
        assert index.whoosh is view
        searcher = view.searcher()
        index.add([Record("b", "Water and trade.")])
        assert not view.up_to_date()
        assert (view.doc_count(), view.refresh().doc_count(), index.whoosh.doc_count()) == (1, 2, 2)
        assert not searcher.up_to_date()
        fresh = searcher.refresh()
        assert fresh.up_to_date()
        assert fresh.refresh() is fresh
        assert places(fresh.search(query.Term("text_en", "water"))) == [("a", 0), ("b", 0)]
        assert view.refresh().refresh().up_to_date()
        assert view.refresh().last_modified() >= view.last_modified() > 0


def test_an_index_without_documents() -> None:
    with Index(MemoryStorage(), create=True) as index:
        index.add([Record("a", "Water.")])
        index.delete(["a"])
        view = index.whoosh
        assert view.is_empty()
        assert (view.doc_count(), view.doc_count_all()) == (0, 0)
        with view.searcher() as searcher:
            assert searcher.up_to_date()
            assert len(searcher.search(query.Every())) == 0
            assert found(searcher, "key:a") == set()


def test_a_search_does_not_load_whoosh() -> None:
    program = """
import json, sys
from docsearch.corpus.record import Record
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index
index = Index(MemoryStorage(), create=True)
index.add([Record("a", "Water and trade.")])
assert index.search("water trade").totals.paragraphs == 1
before = sorted(name for name in sys.modules if name.startswith(("whoosh.", "docsearch.index.adapter")))
index.whoosh
print(json.dumps([before, "whoosh.reading" in sys.modules]))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    before, after = json.loads(run.stdout)
    assert not {name for name in before if not name.startswith(("whoosh.lang", "whoosh.compat"))}
    assert after
