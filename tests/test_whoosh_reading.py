"""Whoosh's readers and searchers over an index equal a plain recount of its documents."""

from __future__ import annotations

import datetime as dt
import fnmatch
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from docsearch.corpus.model import (
    Document,
    Metadata,
    Paragraph,
    ParagraphKind,
    PartialDate,
    Reading,
    Section,
    Source,
)
from docsearch.index.adapter import WhooshIndex, matcher
from docsearch.index.adapter.postings import HEADING_GAP
from docsearch.index.analysis import normalise, term, tokenize
from docsearch.index.segment import build_segment
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import MemoryStorage
from docsearch.index.tables import section_paths
from docsearch.index.writer import IndexWriter
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh import query
from whoosh.reading import IndexReader
from whoosh.scoring import BM25F


@pytest.fixture(scope="module", autouse=True)
def _small_blocks() -> Iterator[None]:
    """So that the few postings of these indexes fill several blocks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matcher, "BLOCK", 2)
        yield


# Documents of any shape

Part = tuple[int, str, list[str]]
"""Level (0: the lead), heading, paragraphs."""


def document(key: str, parts: Sequence[Part], meta: Metadata) -> Document:
    """A document of the given parts, the lead first; an empty section stands for itself as a paragraph."""
    text = ""
    heads: list[tuple[int, int, int]] = []
    paragraphs: list[Paragraph] = []
    parents: list[int | None] = []
    for number, (level, heading, bodies) in enumerate(parts):
        above = [n for n in range(1, number) if parts[n][0] < level]
        parents.append(above[-1] if above else None)
        heads.append((len(text), len(text) + len(heading), len(paragraphs)))
        childless = number + 1 == len(parts) or parts[number + 1][0] <= level
        ranges = [(heads[-1][0], heads[-1][1])] if level and not bodies and childless else []
        text += heading + "\n\n" if level else ""
        for body in bodies:
            ranges.append((len(text), len(text) + len(body)))
            text += body + "\n\n"
        kind: ParagraphKind = "text" if bodies else "heading"
        paragraphs += [
            Paragraph(start, end, number, ordinal, text.count("\n", 0, start) + 1, kind)
            for ordinal, (start, end) in enumerate(ranges, 1)
        ]
    sections = []
    for number, (level, heading, _) in enumerate(parts):
        start, end, first = heads[number]
        after = next((n for n in range(number + 1, len(parts)) if not level or parts[n][0] <= level), None)
        stop, last = (len(text), len(paragraphs)) if after is None else (heads[after][0], heads[after][2])
        parent, path = parents[number], section_paths(parents)[number]
        sections.append(Section(heading, level, parent, path, (start, end), start, stop, first, last))
    return Document(key, text, tuple(sections), tuple(paragraphs), meta)


def built(batches: Iterable[Iterable[Document]]) -> WhooshIndex:
    """An index with a commit for each batch; a key that comes again replaces the document before."""
    storage = MemoryStorage()
    for batch in batches:
        with IndexWriter.open(storage) as writer:
            readings = [(Source(d.key, "root", f"{d.key}.md", 1, 1, bytes(32)), Reading((d,))) for d in batch]
            writer.add(build_segment(storage, readings))
            writer.commit()
    return WhooshIndex(Snapshot.open(storage))


WORDS = ["trade", "trades", "treaty", "água", "agua", "U.S.", "Mexico's", "S/RES/1373", "the", "tread"]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
bodies = st.lists(words, max_size=3)
metadata = st.builds(
    Metadata,
    title=words,
    language=st.sampled_from(["en", "es"]),
    source=st.sampled_from(["", "TDI", "European Commission"]),
    published=st.none() | st.builds(PartialDate, st.integers(2000, 2003), st.none() | st.integers(1, 12)),
    extra=st.dictionaries(
        st.sampled_from(["rank", "topic"]),
        st.integers(-5, 5) | st.lists(st.sampled_from(["tax", "tax law", "water"])).map(tuple),
        max_size=2,
    ),
)
documents = st.builds(
    lambda key, lead, parts, meta: document(key, [(0, "", lead or ["the"]), *parts], meta),
    st.sampled_from("abcde"),
    bodies,
    st.lists(st.tuples(st.integers(1, 3), words, bodies), max_size=3),
    metadata,
)
FIXED = [document(code, [(0, "", ["the"])], Metadata("A title", language=code)) for code in ("en", "es")]
"""So that every schema has the fields of both languages."""

batches = st.lists(st.lists(documents, min_size=1, max_size=4, unique_by=lambda d: d.key), max_size=2)
indexes = batches.map(lambda drawn: built([FIXED, *drawn]))


# The recount


@dataclass
class Row:
    """What a paragraph holds: terms in their positions by field, and values by field."""

    live: bool
    tokens: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    values: dict[str, object] = field(default_factory=dict)

    def places(self, name: str, text: str) -> list[int]:
        return [place for word, place in self.tokens.get(name, []) if word == text]


def terms_of(text: str, language: str, start: int = 0) -> list[tuple[str, int]]:
    find = term(language)
    return [(find(normalise(token.raw)), place) for place, token in enumerate(tokenize(text), start)]


def recount(index: WhooshIndex) -> list[Row]:
    """Every paragraph of the segments in order, deleted ones included, from the documents' text."""
    rows = []
    for segment in index.reader().segments() or []:
        view = segment.view  # type: ignore[attr-defined]
        for number in range(view.segment.documents):
            whole, (_, root, path, *_) = view.segment.document(number), view.segment.record(number)
            for at, paragraph in enumerate(whole.paragraphs):
                row = Row(view.is_live(number))
                row.tokens = dict(words_of(whole, at, paragraph))
                row.values = dict(values_of(whole, root, path)) | {"paragraph": at, "line": paragraph.line}
                rows.append(row)
    return rows


def words_of(whole: Document, at: int, paragraph: Paragraph) -> Iterable[tuple[str, list[tuple[str, int]]]]:
    language = whole.meta.language
    yield f"text_{language}", terms_of(whole.text[paragraph.start : paragraph.end], language)
    headings: list[tuple[str, int]] = []
    for section in whole.sections:
        if section.first == at:
            start = headings[-1][1] + 1 + HEADING_GAP if headings else 0
            headings += terms_of(section.title, language, start)
    if headings:
        yield f"heading_{language}", headings
    if at == 0:
        yield f"title_{language}", terms_of(whole.meta.title, language)


def values_of(whole: Document, root: str, path: str) -> Iterable[tuple[str, object]]:
    meta = whole.meta
    yield from (("key", whole.key), ("title", meta.title), ("root", root), ("path", path))
    yield from (("type", meta.type), ("language", meta.language))
    if meta.source:
        yield "source", meta.source
    if meta.published:
        yield "published", dt.datetime.combine(meta.published.first_day, dt.time())
    yield from ((f"meta_{name}", value) for name, value in meta.extra.items() if value != ())


def live(rows: Sequence[Row], test: Callable[[Row], bool]) -> list[int]:
    return [number for number, row in enumerate(rows) if row.live and test(row)]


# Reading


@settings(max_examples=40)
@given(indexes)
def test_postings_of_words_equal_a_recount(index: WhooshIndex) -> None:
    rows, reader = recount(index), index.reader()
    expected: dict[tuple[str, str], dict[int, list[int]]] = {}
    for number, row in enumerate(rows):
        for name, tokens in row.tokens.items():
            for text, place in tokens:
                expected.setdefault((name, text), {}).setdefault(number, []).append(place)
    names = {name for row in rows for name in row.tokens}
    found = [(name, text.decode()) for name, text in reader.all_terms() if name in names]
    assert found == sorted(expected)
    for (name, text), postings in expected.items():
        alive = {number: places for number, places in postings.items() if rows[number].live}
        assert read(reader, name, text) == alive
        check_statistics(reader, rows, name, text, postings)


def read(reader: IndexReader, name: str, text: str) -> dict[int, list[int]]:
    at, found = reader.postings(name, text), {}
    while at.is_active():
        found[at.id()] = at.value_as("positions")
        assert at.weight() == at.value_as("frequency") == len(found[at.id()])
        format_ = reader.schema[name].format
        assert format_ is not None
        assert format_.decode_as("positions", at.value()) == found[at.id()]
        at.next()
    return found


def check_statistics(
    reader: IndexReader, rows: Sequence[Row], name: str, text: str, postings: dict[int, list[int]]
) -> None:
    """Deleted paragraphs count in statistics, as Whoosh counts them."""
    info = reader.term_info(name, text)
    lengths = [len(rows[number].tokens[name]) for number in postings]
    assert (info.weight(), info.doc_frequency()) == (sum(map(len, postings.values())), len(postings))
    assert info.max_weight() == max(map(len, postings.values()))
    assert (info.min_length(), info.max_length()) == (min(lengths), max(lengths))
    assert (info.min_id(), info.max_id()) == (min(postings), max(postings))
    assert reader.frequency(name, text) == info.weight()
    assert reader.doc_frequency(name, text) == len(postings)
    assert reader.field_length(name) == sum(len(row.tokens.get(name, [])) for row in rows)
    for number in postings:
        assert reader.doc_field_length(number, name) == len(rows[number].tokens[name])


@settings(max_examples=30)
@given(indexes)
def test_whole_values_are_found_where_they_stand(index: WhooshIndex) -> None:
    rows = recount(index)
    with index.searcher() as searcher:
        for name in ("key", "title", "path", "source", "type", "language", "published", "paragraph", "line"):
            for value in {row.values[name] for row in rows if name in row.values}:
                found = [*searcher.document_numbers(**{name: value})]
                assert found == live(rows, lambda row, n=name, v=value: row.values.get(n) == v)  # type: ignore[misc]
            for text in searcher.lexicon(name):
                numbers = [*searcher.reader().postings(name, text).all_ids()]
                assert numbers == sorted({number for number in numbers if rows[number].live})
            standing = live(rows, lambda row, n=name: n in row.values)  # type: ignore[misc]
            assert [*searcher.docs_for_query(query.Every(name))] == standing


@settings(max_examples=30)
@given(indexes)
def test_stored_fields_say_what_a_paragraph_holds(index: WhooshIndex) -> None:
    rows, reader = recount(index), index.reader()
    types = {name: type(index.schema[name]).__name__ for name in index.schema.names()}
    for number, row in enumerate(rows):
        stored = reader.stored_fields(number)
        for name, value in row.values.items():
            if types[name] == "KEYWORD":
                value = list(dict.fromkeys(map(str, value if isinstance(value, tuple) else (value,))))
            assert stored.pop(name) == value
        for name, tokens in row.tokens.items():
            language = name.rpartition("_")[2]
            assert [text for text, _ in terms_of(stored.pop(name), language)] == [text for text, _ in tokens]
        assert stored == {}


@settings(max_examples=30)
@given(indexes)
def test_counts_and_deletions(index: WhooshIndex) -> None:
    rows, reader = recount(index), index.reader()
    assert index.doc_count_all() == reader.doc_count_all() == len(rows)
    assert index.doc_count() == reader.doc_count() == sum(row.live for row in rows)
    assert [reader.is_deleted(number) for number in range(len(rows))] == [not row.live for row in rows]
    assert [*reader.all_doc_ids()] == live(rows, lambda row: True)
    assert reader.has_deletions() == (not all(row.live for row in rows))
    assert not index.is_empty()
    for leaf, _ in reader.leaf_readers():
        assert not leaf.is_deleted(leaf.doc_count_all())  # where Whoosh looks when it inverts a matcher


# Scores


def bm25(rows: Sequence[Row], number: int, name: str, text: str) -> float:
    """BM25 as Whoosh defines it (`whoosh.scoring.BM25F` and `WeightingModel.idf`)."""
    row, b, k1 = rows[number], 0.75, 1.2
    frequency = len(row.places(name, text))
    if not frequency:
        return 0.0
    df = sum(bool(other.places(name, text)) for other in rows)
    average = sum(len(other.tokens.get(name, [])) for other in rows) / len(rows)
    idf = math.log(len(rows) / (df + 1)) + 1
    length = len(row.tokens[name]) / average
    return idf * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length))


TERMS = ["trade", "treati", "agua", "us", "mexico", "s", "1373", "the", "tread"]
fields = st.sampled_from(["text_en", "text_es", "heading_en", "title_es"])
word_terms = st.lists(st.tuples(fields, st.sampled_from(TERMS)), min_size=1, max_size=4, unique=True)


@settings(max_examples=40)
@given(indexes, word_terms, st.sampled_from([query.Or, query.And]))
def test_scores_are_those_of_whoosh(
    index: WhooshIndex, terms: list[tuple[str, str]], kind: type[query.Or] | type[query.And]
) -> None:
    rows, matches = recount(index), any if kind is query.Or else all
    expected = {
        number: sum(bm25(rows, number, *each) for each in terms)
        for number in live(rows, lambda row: matches(row.places(*each) for each in terms))
    }
    asked = kind([query.Term(*each) for each in terms])
    with index.searcher(weighting=BM25F()) as searcher:
        found = {hit.docnum: hit.score for hit in searcher.search(asked, limit=None, optimize=False)}
        assert found.keys() == expected.keys()
        assert all(math.isclose(found[number], expected[number], rel_tol=1e-9) for number in found)
        for limit in (1, 3):
            best = searcher.search(asked, limit=limit, optimize=True)
            scores = sorted(expected.values(), reverse=True)[:limit]
            assert all(math.isclose(hit.score, score) for hit, score in zip(best, scores, strict=True))


# Queries of every kind


def brute(asked: Any) -> Callable[[Row], bool]:
    """Whether a row matches, from the definitions in Whoosh's documentation (whose types are partial)."""
    if isinstance(asked, query.And):
        return lambda row: all(brute(child)(row) for child in asked.subqueries)
    if isinstance(asked, query.Or):
        return lambda row: any(brute(child)(row) for child in asked.subqueries)
    if isinstance(asked, query.Not):
        return lambda row: not brute(asked.query)(row)
    if isinstance(asked, query.Phrase):
        return lambda row: follows(row, asked)
    if isinstance(asked, query.DateRange):
        return in_range("published", asked.startdate, asked.enddate)
    if isinstance(asked, query.NumericRange):
        return in_range(asked.fieldname, asked.start, asked.end)
    if isinstance(asked, query.Every):
        return lambda row: asked.fieldname is None or asked.fieldname in row.tokens
    return lambda row: any(accepts(asked, text) for text, _ in row.tokens.get(asked.fieldname, []))


def accepts(asked: Any, text: str) -> bool:
    if isinstance(asked, query.Term):
        return bool(text == asked.text)
    if isinstance(asked, query.Prefix):
        return text.startswith(asked.text)
    if isinstance(asked, query.Wildcard):
        return fnmatch.fnmatchcase(text, asked.text)
    if isinstance(asked, query.FuzzyTerm):
        start = asked.text[: asked.prefixlength]
        return text.startswith(start) and edits(asked.text, text) <= asked.maxdist
    if isinstance(asked, query.TermRange):
        return asked.start is not None and asked.end is not None and asked.start <= text <= asked.end
    raise TypeError(asked)


def follows(row: Row, asked: query.Phrase) -> bool:
    ends = set(row.places(asked.fieldname, asked.words[0]))
    for word in asked.words[1:]:
        here = row.places(asked.fieldname, word)
        ends = {place for place in here if any(1 <= place - end <= asked.slop for end in ends)}
    return bool(ends)


def in_range(name: str, start: Any, end: Any) -> Callable[[Row], bool]:
    return lambda row: name in row.values and start <= row.values[name] <= end


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row: list[int] = [*range(len(other) + 1)]
    for at, char in enumerate(one, 1):
        before, row = row, [at]
        for to, against in enumerate(other, 1):
            row.append(min(before[to] + 1, row[-1] + 1, before[to - 1] + (char != against)))
    return row[-1]


moments = st.builds(dt.datetime, st.integers(2000, 2003), st.integers(1, 12), st.just(1))
bounds = st.tuples(st.integers(-1, 12), st.integers(-1, 12)).map(sorted)
leaves = st.one_of(
    st.builds(query.Term, fields, st.sampled_from(TERMS)),
    st.builds(
        query.Phrase, fields, st.lists(st.sampled_from(TERMS), min_size=2, max_size=3), slop=st.integers(1, 3)
    ),
    st.builds(query.Prefix, fields, st.sampled_from(["t", "tr", "tre", "1", "x"])),
    st.builds(query.Wildcard, fields, st.sampled_from(["t*e", "*a?e", "1?7*", "tre?d", "*", "u?"])),
    st.builds(
        query.FuzzyTerm,
        fields,
        st.sampled_from(["trede", "tread", "agu", "uz"]),
        maxdist=st.integers(1, 2),
        prefixlength=st.integers(0, 2),
    ),
    st.tuples(fields, st.tuples(st.sampled_from(TERMS), st.sampled_from(TERMS)).map(sorted)).map(
        lambda drawn: query.TermRange(drawn[0], drawn[1][0], drawn[1][1])
    ),
    bounds.map(lambda pair: query.NumericRange("line", pair[0], pair[1])),
    bounds.map(lambda pair: query.NumericRange("paragraph", pair[0], pair[1])),
    st.tuples(moments, moments).map(sorted).map(lambda pair: query.DateRange("published", pair[0], pair[1])),
    st.just(query.Every()),
    st.builds(query.Every, fields),
)
queries = st.recursive(
    leaves,
    lambda child: st.one_of(
        st.lists(child, min_size=2, max_size=3).map(query.And),
        st.lists(child, min_size=2, max_size=3).map(query.Or),
        st.tuples(child, child).map(lambda pair: query.And([pair[0], query.Not(pair[1])])),
    ),
    max_leaves=5,
)


@settings(max_examples=120)
@given(indexes, queries)
def test_every_kind_of_query_finds_what_it_says(index: WhooshIndex, asked: query.Query) -> None:
    rows = recount(index)
    with index.searcher() as searcher:
        found = searcher.search(asked, limit=None, optimize=False)
        assert sorted(hit.docnum for hit in found) == live(rows, brute(asked))


@settings(max_examples=20)
@given(st.lists(documents, min_size=1, max_size=3, unique_by=lambda d: d.key), queries)
def test_a_bare_not_finds_all_the_others(drawn: list[Document], asked: query.Query) -> None:
    # Only without deletions: where Whoosh's InverseMatcher runs out of what it inverts, it gives the next
    # number unasked, deleted or not.
    index = built([FIXED, drawn])
    rows = recount(index)
    with index.searcher() as searcher:
        found = searcher.search(query.Not(asked), limit=None, optimize=False)
        assert sorted(hit.docnum for hit in found) == live(rows, brute(query.Not(asked)))


# Sorting and grouping


@settings(max_examples=40)
@given(indexes, st.sampled_from(["key", "published", "line", "source"]), st.booleans())
def test_results_sort_and_group_by_values(index: WhooshIndex, name: str, reverse: bool) -> None:
    rows = recount(index)
    missing: object = {"published": dt.datetime.max, "source": ""}.get(name)

    def value(number: int) -> object:
        return rows[number].values.get(name, missing)

    with index.searcher() as searcher:
        results = searcher.search(query.Every(), limit=None, sortedby=name, reverse=reverse, groupedby=name)
        found = [value(hit.docnum) for hit in results]
        assert found == sorted(found, reverse=reverse)  # type: ignore[type-var]
        groups: dict[object, list[int]] = {}
        for number in live(rows, lambda row: True):
            groups.setdefault(value(number), []).append(number)
        assert {key: sorted(numbers) for key, numbers in results.groups(name).items()} == groups
