"""Programs as the chapters of Whoosh's documentation describe them, on an index with a schema of their own:
quick start, schema, indexing, sorting and faceting, highlighting, key terms."""

# mypy: allow-untyped-calls

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
import whoosh
from docsearch.errors import IndexProblem
from docsearch.whoosh_index import RowIndex, create_in, create_in_memory, exists_in, open_dir
from whoosh import columns, fields, highlight, index, query, sorting, writing
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema, SchemaClass
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser


def found(ix: Any, asked: str | query.Query, field: str = "content", **how: Any) -> list[str]:
    if isinstance(asked, str):
        asked = QueryParser(field, ix.schema).parse(asked)
    with ix.searcher() as searcher:
        return [hit["path"] for hit in searcher.search(asked, limit=None, **how)]


def notes() -> Schema:
    return Schema(path=ID(stored=True, unique=True), content=TEXT(stored=True))


# Quick start


def test_quick_start(tmp_path: Path) -> None:
    schema = Schema(title=TEXT(stored=True), path=ID(stored=True), content=TEXT)
    assert not exists_in(tmp_path / "ix")
    ix = create_in(tmp_path / "ix", schema)
    writer = ix.writer()
    writer.add_document(title="Rivers", path="/r", content="A treaty on the river binds both banks.")
    writer.add_document(title="Steel", path="/s", content="No treaty covers steel; tariffs do.")
    writer.commit()
    with ix.searcher() as searcher:
        results = searcher.search(QueryParser("content", ix.schema).parse("river"))
        assert results[0].fields() == {"title": "Rivers", "path": "/r"}
    assert isinstance(ix, index.Index)
    assert exists_in(tmp_path / "ix")
    again = open_dir(tmp_path / "ix")
    assert found(again, "treaty AND steel") == ["/s"]
    assert found(again, "treaty NOT steel") == ["/r"]
    assert (again.doc_count(), again.is_empty()) == (2, False)


def test_a_folder_without_an_index(tmp_path: Path) -> None:
    with pytest.raises(index.EmptyIndexError):
        open_dir(tmp_path)
    assert not exists_in(tmp_path)


def test_several_indexes_in_one_folder(tmp_path: Path) -> None:
    for name in ("users", "products"):
        with create_in(tmp_path, notes(), indexname=name).writer() as writer:
            writer.add_document(path=name, content="x")
    assert found(open_dir(tmp_path, indexname="users"), query.Every()) == ["users"]
    assert not exists_in(tmp_path)


# The schema


def test_fields_come_and_go(tmp_path: Path) -> None:
    ix = create_in(tmp_path, notes())
    with ix.writer() as writer:
        writer.add_document(path="a", content="river")
    ix.add_field("tag", KEYWORD(stored=True))
    with ix.writer() as writer:
        writer.add_document(path="b", content="steel", tag="trade")
    assert found(ix, "tag:trade") == ["b"]
    ix.remove_field("content")
    assert ix.schema.names() == ["path", "tag"]
    with ix.searcher() as searcher:
        assert [*searcher.documents()] == [{"path": "a"}, {"path": "b", "tag": "trade"}]
    ix.add_field("content", NUMERIC(int, stored=True, sortable=True))
    with ix.writer() as writer:
        writer.add_document(path="c", content=7)
    for _ in range(2):  # before the merge, and after it
        assert found(open_dir(tmp_path), "content:[5 to]") == ["c"]
        assert found(ix, query.Every(), sortedby=["content", "path"]) == ["c", "a", "b"]
        assert found(ix, query.Term("content", "river")) == []
        ix.optimize()


def test_names_with_wildcards_and_classes(tmp_path: Path) -> None:
    class Mail(SchemaClass):
        path = ID(stored=True)
        body = TEXT(analyzer=StemmingAnalyzer())

    ix = create_in(tmp_path, Mail)
    with ix.writer() as writer:
        writer.add_field("*_day", DATETIME(stored=True), glob=True)
        writer.add_document(path="a", body="treaties", signed_day=dt.datetime(2023, 5, 1))
    ix = open_dir(tmp_path)
    assert found(ix, "treaty", "body") == ["a"]
    assert found(ix, "signed_day:202305", "body") == ["a"]
    with pytest.raises(fields.UnknownFieldError), ix.writer() as writer:
        writer.add_document(path="b", unheard="of")


# Indexing


def test_incremental_indexing(tmp_path: Path) -> None:
    source = tmp_path / "texts"
    source.mkdir()
    ix = create_in(tmp_path / "ix", Schema(path=ID(unique=True, stored=True), time=STORED, content=TEXT))

    def bring_up_to_date() -> None:
        known, seen = {}, set()
        with ix.searcher() as searcher, ix.writer() as writer:
            for stored in searcher.reader().all_stored_fields():
                known[stored["path"]] = stored["time"]
            for file in sorted(source.iterdir()):
                seen.add(file.name)
                time = file.stat().st_mtime
                if known.get(file.name) != time:
                    writer.update_document(path=file.name, time=time, content=file.read_text())
            for gone in known.keys() - seen:
                writer.delete_by_term("path", gone)

    for name, text in (("a", "river"), ("b", "steel"), ("c", "steel mill")):
        (source / name).write_text(text)
    bring_up_to_date()
    (source / "a").write_text("steel dam")
    os.utime(source / "a", (1, 1))
    (source / "c").unlink()
    bring_up_to_date()
    assert sorted(found(ix, "steel")) == ["a", "b"]
    assert ix.doc_count() == 2


def test_deleting_and_cancelling() -> None:
    ix = create_in_memory(notes())
    with ix.writer() as writer:
        for path in "abcd":
            writer.add_document(path=path, content=f"note {path}x")
    ix.delete_by_term("path", "a")
    ix.delete_by_query(query.Term("content", "bx"))
    writer = ix.writer()
    assert writer.delete_by_term("content", "note") == 2
    assert (writer.has_deletions(), writer.deleted_count(), writer.is_deleted(3)) == (True, 4, True)
    writer.add_document(path="e", content="note")
    writer.cancel()
    assert found(ix, "note") == ["c", "d"]
    with pytest.raises(writing.IndexingError):
        writer.commit()
    with ix.writer() as writer, pytest.raises(writing.IndexingError, match="No document ID"):
        writer.delete_document(99)


def test_update_needs_a_unique_field() -> None:
    ix = create_in_memory(Schema(path=ID(stored=True), content=TEXT))
    for _ in range(2):
        with ix.writer() as writer:
            writer.update_document(path="a", content="x")
    assert ix.doc_count() == 2


def test_merging_when_and_how() -> None:
    ix = create_in_memory(notes())
    for number in range(3):
        with ix.writer() as writer:
            writer.merge = False
            writer.add_document(path=str(number), content="note")
    assert len(ix.reader().leaf_readers()) == 3
    with ix.writer() as writer:
        writer.add_document(path="3", content="note")
    assert len(ix.reader().leaf_readers()) == 1  # a tier of four
    for policy, left in ((writing.NO_MERGE, 5), (writing.OPTIMIZE, 6), (writing.CLEAR, 1)):
        writer = ix.writer()
        writer.add_document(path=policy.__name__, content="note")
        writer.commit(mergetype=policy)
        assert ix.doc_count() == left
    writer = ix.writer()
    writer.add_document(path="own", content="note")
    writer.commit(mergetype=lambda writer, segments: segments[:0])
    assert found(ix, "note") == ["own"]


def test_stored_values_of_many_kinds(tmp_path: Path) -> None:
    ix = create_in(tmp_path, Schema(path=ID(stored=True), note=STORED, title=TEXT(stored=True)))
    values: list[Any] = [
        1,
        2.5,
        None,
        True,
        "é\ud800",
        b"\0\xff",
        dt.date(2023, 1, 2),
        dt.datetime(2023, 1, 2, 3),
        float("inf"),
    ]
    values += [[1, [2]], (1, "x"), {"a": {"bytes": 1}}, {}]
    with ix.writer() as writer:
        for number, value in enumerate(values):
            writer.add_document(path=str(number), note=value, title="Shown", _stored_title="Kept")
        with pytest.raises(IndexProblem, match="'note' cannot store"):
            writer.add_document(path="odd", note=object())
    with open_dir(tmp_path).searcher() as searcher:
        stored = [each.get("note") for each in searcher.documents()]
        assert stored == values
        assert [type(value) for value in stored] == [type(value) for value in values]
        assert len(searcher.search(query.Term("title", "shown"), limit=None)) == len(values)
        assert searcher.document(path="0")["title"] == "Kept"


def test_groups_of_documents() -> None:
    schema = Schema(path=ID(stored=True), kind=ID, content=TEXT)
    answers = []
    for ix in (create_in_memory(schema), RamStorage().create_index(schema)):
        with ix.writer() as writer:
            for name, methods in (("Counter", ["add", "close"]), ("Meter", ["read"])):
                with writer.group():
                    writer.add_document(path=name, kind="class", content=name)
                    for method in methods:
                        writer.add_document(path=f"{name}.{method}", kind="method", content=method)
        classes = query.Term("kind", "class")
        answers.append(found(ix, query.NestedParent(classes, query.Term("content", "close"))))
        answers.append(found(ix, query.NestedChildren(classes, query.Term("content", "meter"))))
    assert answers[:2] == answers[2:] == [["Counter"], ["Meter.read"]]


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    ix = create_in(tmp_path, notes())
    first = ix.writer()
    with pytest.raises(index.LockError):
        open_dir(tmp_path).writer(timeout=0.1)
    later = writing.AsyncWriter(ix, delay=0.01)  # type: ignore[abstract, unused-ignore]
    later.add_document(path="a", content="late")
    later.commit()
    first.cancel()
    later.join()
    assert found(ix, "late") == ["a"]


def test_buffered_writing() -> None:
    ix = create_in_memory(
        Schema(path=ID(stored=True, unique=True), content=TEXT(chars=True), n=NUMERIC(sortable=True))
    )
    buffered = writing.BufferedWriter(ix, period=0, limit=3)
    for path, content in (("a", "river river"), ("b", "steel"), ("a", "dam"), ("c", "river bank")):
        buffered.update_document(path=path, content=content, n=len(content))
    with buffered.searcher() as searcher:
        assert {hit["path"] for hit in searcher.search(query.Every())} == {"a", "b", "c"}
    buffered.close()
    assert sorted(found(ix, query.Every())) == ["a", "b", "c"]
    assert found(ix, '"river bank"') == ["c"]
    if whoosh.__version__ >= (3,):  # Whoosh-Reloaded's BufferedWriter loses values of columns on its way
        assert found(ix, query.Every(), sortedby="n") == ["a", "b", "c"]


def test_a_stock_index_is_copied() -> None:
    schema = Schema(
        path=ID(stored=True), content=TEXT(StemmingAnalyzer(), stored=True), n=NUMERIC(sortable=True)
    )
    stock = RamStorage().create_index(schema)
    for path in "ab":
        with stock.writer() as writer:
            writer.add_document(path=path, content=f"two rivers {path}", n=3)
            writer.add_document(path=f"gone {path}", content="rivers")
    stock.delete_by_query(query.Prefix("path", "gone"))
    ix = create_in_memory(schema)
    with ix.writer() as writer:
        writer.add_reader(stock.reader())
    assert found(ix, '"two river"') == ["a", "b"]
    assert [*ix.reader().column_reader("n")] == [3, 3]


def test_readers_keep_what_they_saw(tmp_path: Path) -> None:
    ix = create_in(tmp_path, notes())
    with ix.writer() as writer:
        writer.add_document(path="a", content="river")
    other = open_dir(tmp_path)
    searcher = other.searcher()
    with ix.writer() as writer:
        writer.update_document(path="a", content="dam")
    ix.optimize()
    assert [hit["path"] for hit in searcher.search(query.Term("content", "river"))] == ["a"]
    assert not searcher.up_to_date()
    assert not other.up_to_date()
    assert len(searcher.refresh().search(query.Term("content", "river"))) == 0
    assert other.refresh().up_to_date()
    assert other.latest_generation() == other.refresh().latest_generation() > other.generation
    assert other.last_modified() > 0


# Sorting and faceting


@pytest.fixture
def shop(tmp_path: Path) -> RowIndex:
    schema = Schema(
        path=ID(stored=True, sortable=True),
        content=TEXT,
        price=NUMERIC(float, sortable=True),
        day=DATETIME(sortable=True),
        kind=ID(sortable=columns.RefBytesColumn()),  # type: ignore[arg-type, unused-ignore]
        tags=KEYWORD(commas=True, lowercase=True),
        seen=fields.COLUMN(columns.NumericColumn("i", default=-1)),
    )
    ix = create_in(tmp_path, schema)
    rows = [("a", 3.5, 2, "tool", "New, Red"), ("b", 1.25, 1, "toy", "red"), ("c", 2.0, 3, "tool", "old")]
    for path, price, day, kind, tags in rows:
        with ix.writer() as writer:
            writer.merge = False
            when = dt.datetime(2023, 1, day)
            writer.add_document(
                path=path, content="thing", price=price, day=when, kind=kind, tags=tags, seen=day * 10
            )
    return ix


def test_sorting_by_columns(shop: RowIndex) -> None:
    assert found(shop, "thing", sortedby="price") == ["b", "c", "a"]
    assert found(shop, "thing", sortedby="day", reverse=True) == ["c", "a", "b"]
    both = [sorting.FieldFacet("kind"), sorting.FieldFacet("price", reverse=True)]
    assert found(shop, "thing", sortedby=both) == ["a", "c", "b"]
    with shop.searcher() as searcher:
        seen = searcher.reader().column_reader("seen")
        assert [seen[number] for number in range(3)] == [20, 10, 30]


def test_faceting_and_collapsing(shop: RowIndex) -> None:
    with shop.searcher() as searcher:
        facets = sorting.Facets().add_field("kind").add_field("tags", allow_overlap=True)
        facets.add_facet("price", sorting.RangeFacet("price", 0.0, 4.0, 2.0))  # type: ignore[arg-type, unused-ignore]
        results = searcher.search(query.Every(), groupedby=facets, maptype=sorting.Count)
        assert results.groups("kind") == {"tool": 2, "toy": 1}
        assert results.groups("tags") == {"red": 2, "new": 1, "old": 1}
        assert sum(results.groups("price").values()) == 3
        cheapest = searcher.search(query.Every(), collapse="kind", collapse_order=sorting.FieldFacet("price"))
        assert sorted(hit["path"] for hit in cheapest) == ["b", "c"]


# Highlighting, key terms, spelling


def test_highlighting() -> None:
    ix = create_in_memory(Schema(path=ID(stored=True), content=TEXT(stored=True, chars=True)))
    with ix.writer() as writer:
        writer.add_document(path="a", content="The river rises. " * 3 + "Then a treaty binds the banks.")
    with ix.searcher() as searcher:
        results = searcher.search(query.Or([query.Term("content", "treaty"), query.Term("content", "banks")]))
        assert '<b class="match term0">treaty</b>' in results[0].highlights("content")
        results.fragmenter = highlight.PinpointFragmenter(maxchars=30, surround=5)
        results.formatter = highlight.UppercaseFormatter()
        assert "TREATY" in results[0].highlights("content")


@pytest.mark.parametrize("content", [TEXT(stored=True), TEXT(vector=True), TEXT(stored=True, vector=True)])
def test_key_terms_and_more_like_this(content: TEXT) -> None:
    schema = Schema(path=ID(stored=True), content=content)
    texts = ["river treaty river banks", "river banks", "steel tariffs", "steel and trade"]
    answers = []
    for ix in (create_in_memory(schema), RamStorage().create_index(schema)):
        with ix.writer() as writer:
            for number, text in enumerate(texts):
                writer.add_document(path=str(number), content=text)
        with ix.searcher() as searcher:
            terms = searcher.key_terms([0], "content", numterms=3)
            hit = searcher.search(query.Term("content", "treaty"))[0]
            similar = [each["path"] for each in hit.more_like_this("content")]
            answers.append(([(term, round(score, 9)) for term, score in terms], similar))
    assert answers[0] == answers[1]
    assert answers[0][1] == ["1"]


def test_suggestions_come_from_the_words_as_written() -> None:
    schema = Schema(path=ID, content=TEXT(StemmingAnalyzer(), spelling=True))
    answers = []
    for ix in (create_in_memory(schema), RamStorage().create_index(schema)):
        with ix.writer() as writer:
            writer.add_document(path="a", content="renderings of special rivers")
        with ix.searcher() as searcher:
            answers.append((searcher.suggest("content", "specail"), searcher.suggest("content", "rendeings")))
    assert answers[0] == answers[1] == (["special"], ["renderings"])


# What a reader tells


def lengthy(made: Any) -> Any:
    """An index whose fields have lengths or none, made by one of the two libraries."""
    with made.writer() as writer:
        writer.add_document(path="/a", body="alpha beta", seen=dt.datetime(2024, 5, 1), pages=3)
        writer.add_document(path="/b", body="gamma", seen=dt.datetime(2024, 6, 1), pages=7)
    return made.reader()


def test_a_reader_tells_what_whooshs_does(tmp_path: Path) -> None:
    schema = Schema(path=ID(stored=True), body=TEXT, seen=DATETIME, pages=NUMERIC)
    ours = lengthy(create_in(tmp_path / "ours", schema))
    (tmp_path / "stock").mkdir()
    stock = lengthy(index.create_in(str(tmp_path / "stock"), schema))
    assert ours.doc_field_length(0, "nofield", 7) == stock.doc_field_length(0, "nofield", 7) == 7
    for field, text in (("body", "b"), ("body", "zz"), ("path", ""), ("seen", b"")):
        assert list(ours.terms_from(field, text)) == list(stock.terms_from(field, text))
        assert [term for term, _ in ours.iter_from(field, text)] == [
            t for t, _ in stock.iter_from(field, text)
        ]
    assert list(ours.all_terms()) == list(stock.all_terms())
    assert list(ours.expand_prefix("body", "b")) == [b"beta"]
    told = [
        [(term, info.min_length(), info.max_length()) for term, info in reader] for reader in (ours, stock)
    ]
    assert told[0] == told[1]


def test_a_fault_of_the_caller_is_not_told_as_damage(tmp_path: Path) -> None:
    def share(searcher: Any, number: int) -> float:
        return 1 / number

    def nowhere(searcher: Any, number: int) -> str:
        return "ab"[number + 2]

    ix = create_in(tmp_path / "ix", notes())
    with ix.writer() as writer:
        writer.add_document(path="/a", content="one")
    with ix.searcher() as searcher:
        for facet, error in ((share, ZeroDivisionError), (nowhere, IndexError)):
            with pytest.raises(error) as caught:
                searcher.search(query.Every(), sortedby=sorting.FunctionFacet(facet))
            assert not isinstance(caught.value, IndexProblem)
