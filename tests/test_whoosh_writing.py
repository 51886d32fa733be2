"""An index with a caller's own schema: the same answers as Whoosh gives over its own storage."""

# mypy: allow-untyped-calls

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from docsearch.whoosh_index import create_in_memory
from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from whoosh import fields, query
from whoosh.analysis import (
    DelimitedAttributeFilter,
    FancyAnalyzer,
    LowercaseFilter,
    RegexTokenizer,
    StandardAnalyzer,
    StemmingAnalyzer,
)
from whoosh.fields import Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import QueryParser
from whoosh.scoring import BM25F, TF_IDF, Frequency


@pytest.fixture(autouse=True)
def exact_lengths(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoosh rounds the length of a field, from 11 words on, to what fits a byte; our storage does not."""
    for name in ("length_to_byte", "byte_to_length"):
        monkeypatch.setattr(f"whoosh.codec.whoosh3.{name}", lambda length: min(length or 0, 255))


def plain_schema() -> Schema:
    return Schema(
        key=fields.ID(unique=True, stored=True, sortable=True),
        body=fields.TEXT(stored=True),
        tags=fields.KEYWORD(stored=True, commas=True, lowercase=True, scorable=True),
        rank=fields.NUMERIC(int, stored=True, sortable=True),
        day=fields.DATETIME(stored=True, sortable=True),
        ready=fields.BOOLEAN(stored=True),
        note=fields.STORED,
    )


def rich_schema() -> Schema:
    boosted = RegexTokenizer(r"\S+") | DelimitedAttributeFilter() | LowercaseFilter()
    return Schema(
        key=fields.ID(unique=True, stored=True),
        body=fields.TEXT(StemmingAnalyzer(), chars=True, spelling=True, field_boost=2.0, sortable=True),
        tags=fields.TEXT(boosted, phrase=False),
        rank=fields.NUMERIC(int, 64, signed=True, shift_step=8, field_boost=1.5),
        day=fields.NUMERIC(float),
        ready=fields.NGRAMWORDS(2, 3, stored=True),
        note=fields.NGRAM(2, 3, phrase=True),
    )


def fancy_schema() -> Schema:
    schema = Schema(
        key=fields.ID(unique=True, stored=True),
        body=fields.TEXT(FancyAnalyzer(), vector=True, stored=True, multitoken_query="phrase"),
        tags=fields.IDLIST(stored=True),
        rank=fields.NUMERIC(int, decimal_places=2, stored=True),
        day=fields.KEYWORD(lowercase=True),
        ready=fields.TEXT(StandardAnalyzer(stoplist=None, minsize=0)),
    )
    schema.add("*", fields.TEXT(stored=True), glob=True)
    return schema


WORDS = [
    "river",
    "treaty",
    "Wi-Fi",
    "a",
    "the",
    "traders",
    "trade",
    "trading",
    "x^2.5",
    "ÉTÉ",
    "naïve",
    "2023",
]
texts = st.lists(st.sampled_from(WORDS), max_size=7).map(" ".join)
days = st.dates(dt.date(2020, 1, 1), dt.date(2024, 12, 31)).map(
    lambda day: dt.datetime(day.year, day.month, 1)
)
booleans: st.SearchStrategy[Any] = st.booleans()
VALUES: dict[Callable[[], Schema], dict[str, st.SearchStrategy[Any]]] = {
    plain_schema: {
        "body": texts,
        "tags": st.lists(st.sampled_from(["Water", "trade law", "x"]), max_size=3).map(", ".join),
        "rank": st.integers(-3, 9),
        "day": days,
        "ready": booleans,
        "note": st.one_of(st.none(), st.text(max_size=3), st.tuples(st.integers(), st.binary(max_size=3))),
        "_stored_body": texts,
        "_boost": st.sampled_from([0.5, 3.0]),
    },
    rich_schema: {
        "body": st.one_of(texts, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)),
        "tags": texts,
        "rank": st.integers(-(2**62), 2**62),
        "day": st.floats(-5, 5),
        "ready": texts,
        "note": texts,
        "_body_boost": st.sampled_from([0.25, 2.0]),
        "_tags_boost": st.sampled_from([0.1, 7.0]),
    },
    fancy_schema: {
        "body": texts,
        "tags": texts,
        "rank": st.integers(-9999, 9999).map(lambda cents: Decimal(cents) / 100),
        "day": texts,
        "ready": texts,
        "other": texts,
    },
}
KEYS = ["k1", "k2", "k3", "k4"]


def documents(make: Callable[[], Schema]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"key": st.sampled_from(KEYS)}, optional=VALUES[make])


TERMS = [
    "river",
    "trade",
    "treati",
    "treaty",
    "wi",
    "fi",
    "été",
    "x",
    "water",
    "trade law",
    "2023",
    "tr",
    "na",
]
NAMES = ["body", "tags", "ready", "note", "day"]
leaves = st.one_of(
    st.builds(
        query.Term, st.sampled_from(["body", "tags", "ready", "key"]), st.sampled_from([*TERMS, *KEYS])
    ),
    st.builds(query.Prefix, st.sampled_from(["body", "tags"]), st.sampled_from(["t", "tr", "r"])),
    st.builds(query.Wildcard, st.just("body"), st.sampled_from(["tr*", "*e*", "r?ver"])),
    st.builds(
        query.FuzzyTerm, st.just("body"), st.sampled_from(["trede", "rivr"]), maxdist=st.integers(1, 2)
    ),
    st.builds(query.Phrase, st.just("body"), st.lists(st.sampled_from(TERMS), min_size=2, max_size=2)),
    st.builds(query.Every, st.one_of(st.none(), st.sampled_from(["body", "tags"]))),
    st.builds(query.TermRange, st.just("body"), st.sampled_from(["a", "m"]), st.sampled_from(["s", "z"])),
)
queries = st.recursive(
    leaves,
    lambda child: st.one_of(
        st.lists(child, min_size=2, max_size=3).map(query.And),
        st.lists(child, min_size=2, max_size=3).map(query.Or),
        st.tuples(child, child).map(lambda pair: query.AndNot(pair[0], pair[1])),
        st.tuples(child, child).map(lambda pair: query.AndMaybe(pair[0], pair[1])),
        st.lists(child, min_size=2, max_size=2).map(query.DisjunctionMax),
    ),
    max_leaves=4,
)
PARSED = [
    "trade river",
    '"river treaty"~3',
    "body:(river OR x) NOT trade",
    "tags:water",
    "key:k1",
    "wi-fi",
    "trad*",
]
NUMBERS = {
    plain_schema: [
        "rank:[-1 to 3]",
        "rank:4",
        "day:2021",
        "day:[20200101 to 202206]",
        "ready:yes",
        "rank:{0 to]",
    ],
    rich_schema: ["rank:[0 to]", "rank:[to -5]", "day:[-1 to 2.5]", "ready:trade", "note:riv"],
    fancy_schema: ["rank:[-1.5 to 20]", "rank:0.5", "other:river"],
}


def same_answers(ours: Any, stock: Any, asked: query.Query, weighting: Any = BM25F) -> None:
    """The same documents and scores, in the same order: documents have the same numbers here and there."""
    with ours.searcher(weighting=weighting()) as one, stock.searcher(weighting=weighting()) as other:
        found, expected = (s.search(asked, limit=None, optimize=False) for s in (one, other))
        assert [(hit.docnum, hit.fields()) for hit in found] == [
            (hit.docnum, hit.fields()) for hit in expected
        ]
        for hit, true in zip(found, expected, strict=True):
            assert math.isclose(hit.score, true.score, rel_tol=1e-9), (asked, hit.score, true.score)


def same_content(ours: Any, stock: Any) -> None:
    """The same terms, statistics, postings, columns and stored values, segment by segment."""
    one, other = ours.reader(), stock.reader()
    assert (one.doc_count(), one.doc_count_all()) == (other.doc_count(), other.doc_count_all())
    if not one.doc_count_all():
        return
    assert [*one.all_doc_ids()] == [*other.all_doc_ids()]
    assert [*one.iter_docs()] == [*other.iter_docs()]
    # Whoosh posts the words of spelling fields to the first document of a segment, whosever they are.
    terms = sorted(term for term in one.all_terms() if not term[0].startswith("spell_"))
    assert terms == sorted(term for term in other.all_terms() if not term[0].startswith("spell_"))
    for name, text in terms:
        assert postings(one, name, text) == postings(other, name, text)
        mine, theirs = one.term_info(name, text), other.term_info(name, text)
        assert math.isclose(mine.weight(), theirs.weight(), rel_tol=1e-6)
        assert mine.doc_frequency() == theirs.doc_frequency()
        assert mine.max_weight() == theirs.max_weight()
    for name, field in one.schema.items():
        assert one.field_length(name) == other.field_length(name), name
        if field.column_type and other.has_column(name):
            mine, theirs = (each.column_reader(name, translate=False) for each in (one, other))
            assert [*mine] == [*theirs]


def postings(reader: Any, name: str, text: bytes) -> list[tuple[Any, ...]]:
    matcher, found = reader.postings(name, text), []
    field = reader.schema[name]
    kinds = [kind for kind in ("positions", "characters") if field.format.supports(kind)]
    while matcher.is_active():
        values = [matcher.value_as(kind) for kind in kinds]
        length = reader.doc_field_length(matcher.id(), name)
        found.append((matcher.id(), matcher.weight(), matcher.value_as("frequency"), length, *values))
        matcher.next()
    return found


def stock_of(schema: Schema) -> Any:
    return RamStorage().create_index(schema)


makers = st.sampled_from([plain_schema, rich_schema, fancy_schema])


class Writing(RuleBasedStateMachine):
    """The same calls to our writer and to Whoosh's; a plain dict knows what must be there."""

    @initialize(make=makers)
    def begin(self, make: Callable[[], Schema]) -> None:
        self.make = make
        self.ours, self.stock = create_in_memory(make()), stock_of(make())
        self.writers: list[Any] = []
        self.committed: list[dict[str, Any]] = []
        self.begun: list[dict[str, Any]] = []
        self.gone: set[int] = set()

    def write(self) -> list[Any]:
        if not self.writers:
            self.writers = [self.ours.writer(), self.stock.writer()]
        return self.writers

    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        document = data.draw(documents(self.make))
        for writer in self.write():
            writer.add_document(**document)
        self.begun.append(document)

    @rule(data=st.data())
    def update(self, data: st.DataObject) -> None:
        document = data.draw(documents(self.make))
        same = {at for at, old in enumerate(self.committed) if old["key"] == document["key"]}
        assume(len(same) < 2)  # where Whoosh, other than its documentation says, replaces only one of them
        for writer in self.write():
            writer.update_document(**document)
        self.gone |= same
        self.begun.append(document)

    @rule(key=st.sampled_from(KEYS))
    def delete_by_term(self, key: str) -> None:
        for writer in self.write():
            writer.delete_by_term("key", key)
        self.gone |= {at for at, old in enumerate(self.committed) if old["key"] == key}

    @rule(word=st.sampled_from(KEYS), other=st.sampled_from(KEYS))
    def delete_by_query(self, word: str, other: str) -> None:
        for writer in self.write():
            writer.delete_by_query(query.Or([query.Term("key", word), query.Term("key", other)]))
        self.gone |= {at for at, old in enumerate(self.committed) if old["key"] in (word, other)}

    @precondition(lambda self: self.writers)
    @rule(optimize=st.booleans())
    def commit(self, optimize: bool) -> None:
        for writer in self.writers:
            writer.commit(merge=False)
        if optimize:  # not in one go, where Whoosh puts the new documents before the old ones
            self.ours.optimize()
            self.stock.optimize()
        kept = [old for at, old in enumerate(self.committed) if at not in self.gone]
        self.committed = [*kept, *self.begun]
        self.writers, self.begun, self.gone = [], [], set()

    @precondition(lambda self: self.writers)
    @rule()
    def cancel(self) -> None:
        for writer in self.writers:
            writer.cancel()
        self.writers, self.begun, self.gone = [], [], set()

    @rule(asked=queries, weighting=st.sampled_from([BM25F, TF_IDF, Frequency]))
    def ask(self, asked: query.Query, weighting: Any) -> None:
        same_answers(self.ours, self.stock, asked, weighting)

    @rule(data=st.data())
    def ask_in_words(self, data: st.DataObject) -> None:
        text = data.draw(st.sampled_from([*PARSED, *NUMBERS[self.make]]))
        asked = QueryParser("body", self.ours.schema).parse(text)
        assert asked == QueryParser("body", self.stock.schema).parse(text)
        same_answers(self.ours, self.stock, asked)

    @invariant()
    def the_same_is_there(self) -> None:
        if not hasattr(self, "ours"):
            return
        assert self.ours.doc_count() == len(self.committed)
        found = sorted(stored["key"] for stored in self.ours.reader().all_stored_fields())
        assert found == sorted(document["key"] for document in self.committed)

    def teardown(self) -> None:
        if hasattr(self, "ours"):
            for writer in self.writers:
                writer.cancel()
            same_content(self.ours, self.stock)


TestWriting = Writing.TestCase
TestWriting.settings = settings(max_examples=60, stateful_step_count=15, deadline=None)
