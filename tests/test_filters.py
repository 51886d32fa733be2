"""Filters: whatever they let through, the answer is that of the plain reference, in every layout; scores are
those of the whole index; and what a file claims of its columns is checked."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from docsearch.corpus.model import Document, Metadata, MetaValue, PartialDate, Reading, Source
from docsearch.errors import IndexCorrupt, IndexIncompatible
from docsearch.index import narrowed
from docsearch.index.columns import Columns, ColumnWriter, column_arrays
from docsearch.index.container import Container, pack
from docsearch.index.engine import LocalEngine
from docsearch.index.evaluate import Evaluation
from docsearch.index.filters import documents_of
from docsearch.index.grouping import ByDate, ByField, ByFolder, ByHeading, Grouping
from docsearch.index.merge import merge
from docsearch.index.planner import stored
from docsearch.index.query import (
    And,
    Clause,
    Every,
    FieldName,
    Node,
    Not,
    Or,
    Phrase,
    Request,
    Scope,
    Sort,
    Term,
    Word,
)
from docsearch.index.records import Counts
from docsearch.index.segment import build_segment
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import MemoryStorage
from docsearch.index.where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range, Value
from docsearch.index.writer import IndexWriter
from docsearch.search.engine import Engine
from hypothesis import given, settings
from hypothesis import strategies as st

# What documents hold

dates = st.one_of(
    st.builds(PartialDate, st.integers(2020, 2022)),
    st.builds(PartialDate, st.integers(2020, 2022), st.sampled_from([1, 2, 12])),
    st.builds(PartialDate, st.integers(2020, 2022), st.sampled_from([1, 2, 12]), st.sampled_from([1, 28])),
)
days = st.dates(dt.date(2020, 11, 1), dt.date(2022, 2, 1))
numbers = st.one_of(
    st.integers(-3, 3),
    st.sampled_from([2**53, 2**53 + 1, -(2**63), 2**63 - 1]),
    st.sampled_from([-2.5, -1.5, 0.0, 2.0, 2.0**53]),
)
words = st.sampled_from(["a", "ab", "b", "é", "", "2021", "2021-12"])
values: st.SearchStrategy[MetaValue] = st.one_of(
    words, numbers, st.booleans(), days, st.lists(words, max_size=3).map(tuple)
)
metas = st.builds(
    Metadata,
    st.just("trade"),
    language=st.sampled_from(["en", "en", "es"]),
    type=st.sampled_from(["law", "text/plain"]),
    source=st.sampled_from(["", "a", "b"]),
    published=st.none() | dates,
    ended=st.none() | dates,
    extra=st.dictionaries(st.sampled_from(["x", "y", "type"]), values, max_size=2),
)
lines = st.lists(st.sampled_from(["trade", "water", "drugs", "the"]), min_size=1, max_size=5).map(" ".join)
texts = st.lists(st.one_of(lines, lines, lines.map("# {}".format)), min_size=1, max_size=4).map("\n\n".join)
corpora = st.lists(st.tuples(texts, metas), min_size=1, max_size=8)

# What is asked

NAMES = [
    "published",
    "published",
    "ended",
    "type",
    "source",
    "language",
    "key",
    "root",
    "x",
    "y",
    "extra.type",
]
names = st.sampled_from(NAMES)
asked: st.SearchStrategy[Value] = st.one_of(
    words,
    numbers,
    st.booleans(),
    days,
    dates,
    st.sampled_from(["2021-01", "k1", "law", "en", 2**70, -1e300, 0.5]),
)
leaves: st.SearchStrategy[Filter] = st.one_of(
    st.builds(Eq, names, asked),
    st.builds(Range, names, st.none() | asked, st.none() | asked),
    st.builds(Range, st.just("published"), st.none() | dates, st.none() | dates),
    st.builds(Exists, names),
    st.builds(Prefix, names, st.sampled_from(["", "a", "k", "l"])),
    st.builds(In, names, st.lists(asked, max_size=3).map(tuple)),
)
filters: st.SearchStrategy[Filter] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, max_size=2).map(tuple)),
        st.builds(AnyOf, st.lists(inner, max_size=2).map(tuple)),
        st.builds(Negate, inner),
    ),
    max_leaves=3,
)
word = st.builds(
    lambda text, field: Word(text, (Term("en", text), Term("es", text)), field),
    st.sampled_from(["trade", "water", "drug", "absent"]),
    st.sampled_from([FieldName.ANY, FieldName.ANY, FieldName.TEXT, FieldName.TITLE, FieldName.HEADING]),
)
phrase = st.builds(Phrase, st.just("p"), st.tuples(word, word), st.integers(0, 1), st.just(FieldName.TEXT))
leaf = st.one_of(word, word, phrase)
nodes: st.SearchStrategy[Node] = st.one_of(
    st.lists(word, min_size=1, max_size=3).map(lambda each: Or(tuple(each))),
    st.lists(leaf, min_size=1, max_size=3).map(lambda each: And(tuple(each))),
    leaf,
    st.builds(lambda one, other: And((one, Not(other))), leaf, leaf),
    st.just(Every()),
)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    match = draw(nodes)
    scored = match.children if isinstance(match, Or | And) else (match,)
    return Request(
        match,
        draw(st.sampled_from(list(Scope))),
        tuple(Clause(each) for each in scored if isinstance(each, Word | Phrase)),
        limit=draw(st.integers(0, 6)),
        offset=draw(st.integers(0, 2)),
        group=draw(st.booleans()),
        where=draw(filters),
    )


@pytest.fixture(scope="module", autouse=True)
def _small() -> object:
    """Thresholds so low that few documents reach every branch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "LEAST", 2)
        patch.setattr(narrowed, "_DRIVE", 1)
        yield


def reading(document: Document) -> tuple[Source, Reading]:
    digest = hashlib.sha256(document.text.encode()).digest()
    return Source(document.key, "", document.key, len(document.text), 0, digest), Reading((document,))


def written(documents: Sequence[Document], size: int, gone: Sequence[Document] = ()) -> MemoryStorage:
    """Some documents a segment, with others added and deleted again among them."""
    storage = MemoryStorage()
    with IndexWriter.open(storage) as writer:
        writer._next_group = lambda early: []  # type: ignore[method-assign, misc]  # segments stay as they are
        for start in range(0, len(documents), size):
            group = [*documents[start : start + size], *gone[start : start + size]]
            writer.add(build_segment(storage, map(reading, group)))
        writer.remove([document.key for document in gone])
        writer.commit()
    return storage


@pytest.fixture(scope="module")
def documents_from(make_document: Callable[..., Document]) -> Callable[..., list[Document]]:
    def make(rows: Sequence[tuple[str, Metadata]], name: str = "k") -> list[Document]:
        documents = [
            replace(make_document(f"{name}{number}", text), meta=meta)
            for number, (text, meta) in enumerate(rows)
        ]
        return [document for document in documents if document.paragraphs]

    return make


@settings(max_examples=500)
@given(rows=corpora, size=st.integers(1, 8), gone=st.integers(0, 3), question=requests())
def test_filtered_answers_are_those_of_the_reference(
    documents_from: Callable[..., list[Document]],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, Metadata]],
    size: int,
    gone: int,
    question: Request,
) -> None:
    documents = documents_from(rows)
    engine = LocalEngine(written(documents, size, documents_from(rows[:gone], "gone")))
    found, expected = engine.answer(question), reference_engine(documents).answer(question)
    assert found.totals == expected.totals
    assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)
    if len({round(hit.score, 9) for hit in expected.hits}) == len(expected.hits):
        assert [(hit.ref, hit.group_size) for hit in found.hits] == [
            (hit.ref, hit.group_size) for hit in expected.hits
        ]
    assert found == Evaluation(engine.views, question).exhaustive()


sorts = st.none() | st.builds(Sort, names, st.booleans())


@settings(max_examples=500)
@given(
    rows=corpora,
    size=st.integers(1, 8),
    gone=st.integers(0, 3),
    question=requests(),
    sort=sorts,
    collapse=st.just("") | names,
    filtered=st.booleans(),
)
def test_sorted_and_collapsed_answers_are_those_of_the_reference(
    documents_from: Callable[..., list[Document]],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, Metadata]],
    size: int,
    gone: int,
    question: Request,
    sort: Sort | None,
    collapse: str,
    filtered: bool,
) -> None:
    documents = documents_from(rows)
    question = replace(question, sort=sort, collapse=collapse, where=question.where if filtered else None)
    if sort is None:
        question = replace(question, scoring=())  # ties of scores are broken by the last bit
    found = LocalEngine(written(documents, size, documents_from(rows[:gone], "gone"))).answer(question)
    expected = reference_engine(documents).answer(question)
    assert found.totals == expected.totals
    assert [(hit.ref, hit.group_size) for hit in found.hits] == [
        (hit.ref, hit.group_size) for hit in expected.hits
    ]
    assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)


full_metas = st.builds(
    Metadata,
    st.just("trade"),
    published=st.none() | dates,
    extra=st.fixed_dictionaries({}, optional={"x": values, "y": st.sampled_from([-2.5, -1.5, 0.0, 3.5])}),
)
full = st.lists(
    st.tuples(st.sampled_from(["trade", "trade\n\ntrade water"]), full_metas), min_size=3, max_size=8
)
field = st.sampled_from(["x", "y", "published"])


@settings(max_examples=500)
@given(
    rows=full,
    size=st.integers(1, 8),
    sort=st.builds(Sort, field, st.booleans()),
    collapse=st.just("") | field,
    limit=st.integers(1, 5),
    group=st.booleans(),
)
def test_documents_with_values_are_in_the_order_of_the_reference(
    documents_from: Callable[..., list[Document]],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, Metadata]],
    size: int,
    sort: Sort,
    collapse: str,
    limit: int,
    group: bool,
) -> None:
    documents = documents_from(rows)
    question = Request(Every(), Scope.PARAGRAPH, (), limit, 0, group, sort=sort, collapse=collapse)
    found = LocalEngine(written(documents, size)).answer(question)
    assert found == reference_engine(documents).answer(question)


@pytest.mark.parametrize(("descending", "first"), [(False, "k1"), (True, "k0")])
def test_of_a_value_the_first_in_the_order_is_kept(
    documents_from: Callable[..., list[Document]], descending: bool, first: str
) -> None:
    extras: list[dict[str, MetaValue]] = [{"x": "text"}, {"x": 5}, {}]
    documents = documents_from([("trade", Metadata("t", source="s", extra=extra)) for extra in extras])
    question = Request(Every(), Scope.DOCUMENT, (), sort=Sort("x", descending), collapse="source")
    (hit,) = LocalEngine(written(documents, 3)).answer(question).hits
    assert (hit.ref.key, hit.group_size) == (first, 3)


@settings(max_examples=300)
@given(
    rows=corpora,
    size=st.integers(1, 8),
    gone=st.integers(0, 3),
    question=requests(),
    name=names,
    filtered=st.booleans(),
)
def test_counts_are_those_of_the_reference(
    documents_from: Callable[..., list[Document]],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, Metadata]],
    size: int,
    gone: int,
    question: Request,
    name: str,
    filtered: bool,
) -> None:
    documents = documents_from(rows)
    question = replace(question, where=question.where if filtered else None)
    engine = LocalEngine(written(documents, size, documents_from(rows[:gone], "gone")))
    found, expected = engine.counts(question, name), reference_engine(documents).counts(question, name)
    assert [(type(value), value, count) for value, count in found.values] == [
        (type(value), value, count) for value, count in expected.values
    ]
    assert found.missing == expected.missing


groupings: st.SearchStrategy[Grouping] = st.one_of(
    st.builds(ByField, names),
    st.builds(ByDate, names, st.sampled_from(["decade", "year", "month", "day"])),
    st.just(ByFolder()),
    st.just(ByHeading()),
)


@settings(max_examples=400)
@given(
    rows=corpora,
    size=st.integers(1, 8),
    gone=st.integers(0, 3),
    question=requests(),
    by=st.lists(groupings, min_size=1, max_size=3),
    filtered=st.booleans(),
)
def test_documents_are_counted_as_by_the_reference(
    documents_from: Callable[..., list[Document]],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, Metadata]],
    size: int,
    gone: int,
    question: Request,
    by: list[Grouping],
    filtered: bool,
) -> None:
    documents = [
        replace(document, key=f"{('', 'a/', 'a/b/', '/c//')[at % 4]}{document.key}")
        for at, document in enumerate(documents_from(rows))
    ]
    question = replace(question, where=question.where if filtered else None)
    engine = LocalEngine(written(documents, size, documents_from(rows[:gone], "gone")))
    found, expected = engine.grouped(question, by), reference_engine(documents).grouped(question, by)
    assert [typed_values(counts) for counts in found] == [typed_values(counts) for counts in expected]
    total = engine.answer(replace(question, limit=0)).totals.documents
    (languages,) = engine.grouped(question, [ByField("language")])
    assert total == sum(count for _, count in languages.values)


def typed_values(counts: Counts) -> tuple[object, ...]:
    return counts.missing, [(type(value), value, count) for value, count in counts.values]


@settings(max_examples=100)
@given(rows=corpora, size=st.integers(1, 4), gone=st.integers(0, 2), question=requests())
def test_a_filter_changes_no_score(
    documents_from: Callable[..., list[Document]],
    rows: list[tuple[str, Metadata]],
    size: int,
    gone: int,
    question: Request,
) -> None:
    engine = LocalEngine(written(documents_from(rows), size, documents_from(rows[:gone], "gone")))
    question = replace(question, limit=100, offset=0, group=False)
    whole = {hit.ref: hit.score for hit in engine.answer(replace(question, where=None)).hits}
    assert all(whole[hit.ref] == hit.score for hit in engine.answer(question).hits)


@settings(max_examples=100)
@given(rows=corpora, size=st.integers(1, 4), others=corpora)
def test_merged_columns_are_those_built_at_once(
    documents_from: Callable[..., list[Document]],
    rows: list[tuple[str, Metadata]],
    size: int,
    others: list[tuple[str, Metadata]],
) -> None:
    documents = documents_from(rows)
    if not documents:
        return
    storage = written(documents, size, documents_from(others, "gone"))
    merged = merge(storage, Snapshot.open(storage).views)
    built = build_segment(storage, map(reading, documents)).file
    assert built is not None
    assert columns_of(storage, merged.name) == columns_of(storage, built.name)


def test_merging_rounds_no_integer(documents_from: Callable[..., list[Document]]) -> None:
    metas = [Metadata("t", extra={"x": value}) for value in (0, 2**63 - 1, 2**53 + 1)]
    documents = documents_from([("water", meta) for meta in metas])
    storage = written(documents, 2)  # the first segment takes eight unsigned bytes from 0 on
    merged = merge(storage, Snapshot.open(storage).views)
    columns = Columns(Container(storage.read(merged.name), merged.name, "segment"), 3)
    assert [columns.of("x")[0].value(at) for at in range(3)] == [0, 2**63 - 1, 2**53 + 1]


def columns_of(storage: MemoryStorage, name: str) -> tuple[object, dict[str, tuple[str, bytes]]]:
    container = Container(storage.read(name), name, "segment")
    arrays = {
        key: (dtype.str, container.array(key, dtype.str).tobytes())
        for key, (dtype, _, _) in container._directory.items()
        if key.startswith("column/")
    }
    return container.meta["columns"], arrays


@pytest.mark.parametrize(
    ("published", "low", "high", "within"),
    [
        (PartialDate(2023, 3), "2023-03-31", None, True),
        (PartialDate(2023, 3), "2023-04", None, False),
        (PartialDate(2023), None, "2023-01-01", True),
        (PartialDate(2023, 3, 5), "2023-03", "2023-03", True),
        (PartialDate(2023, 3, 5), dt.date(2023, 3, 6), None, False),
        (PartialDate(2023), "no date", None, False),
    ],
)
def test_a_partial_date_lies_in_a_range_that_it_overlaps(
    documents_from: Callable[..., list[Document]],
    published: PartialDate,
    low: Value | None,
    high: Value | None,
    within: bool,
) -> None:
    documents = documents_from([("water", Metadata("t", published=published))])
    segment = Snapshot.open(written(documents, 1)).views[0].segment
    assert documents_of(segment, Range("published", low, high)).tolist() == [within]


def test_documents_with_the_same_metadata_cost_one_value() -> None:
    writer = ColumnWriter()
    meta = Metadata("t", type="law", published=PartialDate(2023), extra={"x": ("a", "b")})
    for _ in range(1000):
        writer.add(meta, "root")
    writer.add(meta, "root", 1000)
    listed, arrays = column_arrays(writer.columns(), 2000)
    assert [(name, kind, having) for name, kind, having, _ in listed] == [
        ("published", "date", 2000),
        ("root", "string", 2000),
        ("type", "string", 2000),
        ("x", "string", 2000),
    ]
    assert {name: len(array) for name, array in arrays.items()} == {
        **{f"column/0/{name}": 1 for name in ("base", "values", "lasts")},
        "column/1/values": 1,
        "column/1/words": 4,
        "column/1/word_ends": 2,
        "column/2/values": 1,
        "column/2/words": 3,
        "column/2/word_ends": 2,
        "column/3/starts": 2001,
        "column/3/values": 4000,
        "column/3/words": 2,
        "column/3/word_ends": 3,
    }


def test_integers_beyond_64_bits_are_kept_as_text(documents_from: Callable[..., list[Document]]) -> None:
    documents = documents_from([("water", Metadata("t", extra={"x": 2**64}))])
    segment = Snapshot.open(written(documents, 1)).views[0].segment
    assert documents_of(segment, Eq("x", str(2**64))).tolist() == [True]


# Damage


def packed(listed: object, arrays: dict[str, object]) -> Columns:
    meta = {} if listed is None else {"columns": listed}
    content = memoryview(b"".join(pack("segment", arrays, meta)))  # type: ignore[arg-type]
    return Columns(Container(content, "segment-x", "segment"), 3)


def sound() -> tuple[list[list[object]], dict[str, object]]:
    writer = ColumnWriter()
    writer.add(Metadata("t", published=PartialDate(2023), extra={"x": ("a", "b"), "n": 1}), "root")
    writer.add(Metadata("t", published=PartialDate(2022, 2), extra={"x": "c", "n": 2}), "root")
    writer.add(Metadata("t"), "root")
    return column_arrays(writer.columns(), 3)


def test_what_is_sound_is_read() -> None:
    columns = packed(*sound())
    read = {
        name: [column.value(at) for column in columns.of(name) for at in range(len(column.values))]
        for name in ("published", "x", "n", "root")
    }
    assert read == {
        "published": [PartialDate(2023), PartialDate(2022, 2)],
        "x": ["a", "b", "c"],
        "n": [1, 2],
        "root": ["root"] * 3,
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("documents", [1, 1]),
        ("documents", [0, 3]),
        ("documents", [0]),
        ("starts", [0, 3, 3]),
        ("starts", [0, 1, 4]),
        ("starts", [1, 2, 3]),
        ("values", [0, 1, 3]),
        ("values", [0]),
        ("word_ends", [0, 2, 1, 3]),
        ("word_ends", [0, 1, 2, 9]),
        ("word_ends", []),
        ("words", []),
    ],
)
def test_a_damaged_column_of_text_is_told(name: str, value: list[int]) -> None:
    listed, arrays = sound()
    number = [each[0] for each in listed].index("x")
    before = arrays[f"column/{number}/{name}"]
    dtype = "u1" if isinstance(before, bytes) else before.dtype  # type: ignore[attr-defined]
    arrays[f"column/{number}/{name}"] = np.array(value, dtype)
    with pytest.raises(IndexCorrupt):
        packed(listed, arrays).of("x")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("base", [0]),
        ("base", [dt.date.max.toordinal()]),
        ("base", [-(2**63)]),
        ("base", [1, 1]),
        ("lasts", [0, 0]),
        ("values", [999, 0]),
        ("values", [1] * 3),
    ],
)
def test_a_damaged_column_of_dates_is_told(name: str, value: list[int]) -> None:
    listed, arrays = sound()
    number = [each[0] for each in listed].index("published")
    before = arrays[f"column/{number}/{name}"]
    arrays[f"column/{number}/{name}"] = np.array(value, before.dtype)  # type: ignore[attr-defined, arg-type]
    with pytest.raises(IndexCorrupt):
        packed(listed, arrays).of("published")


@pytest.mark.parametrize(
    "listed",
    [
        5,
        [5],
        [["x", "date", 1]],
        [["x", "blob", 1, 1]],
        [["x", "int", 0, 1]],
        [["x", "int", 4, 4]],
        [["x", [], 1, 1]],
    ],
)
def test_a_damaged_list_of_columns_is_told(listed: object) -> None:
    with pytest.raises(IndexCorrupt):
        packed(listed, {}).of("x")


def test_an_index_without_columns_says_so() -> None:
    with pytest.raises(IndexIncompatible, match="kept no columns"):
        packed(None, {}).of("x")


large = st.sampled_from(
    [2**53 - 1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2**64, 10**400, -(10**400), 0, 0.5]
)
bounds = st.none() | large | large.map(lambda value: float(min(max(value, -(2**70)), 2**70)))
stored_numbers = st.one_of(st.floats(-1, 1), st.sampled_from([2.0**53, 2.0**63, -1.0 * 2**53, 2**53 + 1, 5]))


@settings(max_examples=200)
@given(number=stored_numbers, low=bounds, high=bounds)
def test_numbers_compare_exactly(
    documents_from: Callable[..., list[Document]], number: float, low: float | None, high: float | None
) -> None:
    documents = documents_from([("water", Metadata("t", extra={"x": number}))])
    segment = Snapshot.open(written(documents, 1)).views[0].segment
    within = (low is None or low <= number) and (high is None or number <= high)
    assert documents_of(segment, Range("x", low, high)).tolist() == [within]
