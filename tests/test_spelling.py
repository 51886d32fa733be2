"""Exact words: those that the texts, read word by word, spell as asked; however the texts are read again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from docsearch.corpus.model import Document, Reading, Source
from docsearch.errors import IndexCorrupt
from docsearch.index import texts as stored
from docsearch.index.engine import LocalEngine
from docsearch.index.matching import reread, spelling
from docsearch.index.query import (
    Clause,
    FieldName,
    Near,
    Node,
    Phrase,
    Request,
    Scope,
    Spelling,
    Term,
    Unit,
    Within,
    Word,
)
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.writer import IndexWriter
from docsearch.search.engine import Engine
from hypothesis import given, settings
from hypothesis import strategies as st

SPELT = ["trade", "Trade", "trades", "trading", "TRADE", "U.S", "us", "US", "águas", "A\u0301guas", "water"]


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """So little is read at a time that a few paragraphs take several batches."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "_BATCH", 40)
        patch.setattr(stored, "_GAP", 20)
        yield


def local(documents: Sequence[Document]) -> LocalEngine:
    storage = MemoryStorage()
    readings = [
        (Source(d.key, "", d.key, 0, 0, hashlib.sha256(d.text.encode()).digest()), Reading((d,)))
        for d in documents
    ]
    with IndexWriter.open(storage) as writer:
        writer.add(build_segment(storage, readings))
        writer.commit()
    return LocalEngine(storage)


TERMS = tuple(Term("en", each) for each in ("trade", "us", "agua", "water"))
words = st.builds(
    Word,
    st.just("w"),
    st.lists(st.sampled_from(TERMS), min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from(list(FieldName)),
    st.one_of(
        st.none(),
        st.builds(
            Spelling, st.lists(st.sampled_from(SPELT), min_size=1, max_size=3).map(tuple), st.booleans()
        ),
    ),
)
pairs = st.lists(words, min_size=1, max_size=2).map(tuple)
nodes = st.one_of(
    words,
    words,
    st.builds(Phrase, st.just("p"), pairs, st.integers(0, 2), st.sampled_from(list(FieldName))),
    st.builds(Near, st.just("n"), pairs, st.integers(1, 3), st.booleans(), st.sampled_from(list(FieldName))),
    st.builds(Within, pairs, st.just(Unit.SENTENCE)),
)
lines = st.lists(st.sampled_from([*SPELT, "é.", "of"]), min_size=1, max_size=7).map(" ".join)
texts = st.lists(st.one_of(lines, lines, lines.map("# {}".format)), min_size=1, max_size=6).map("\n\n".join)


@settings(max_examples=400)
@given(st.lists(st.tuples(texts, lines), min_size=1, max_size=4), nodes)
def test_words_are_found_as_they_are_spelt(
    make_document: Callable[..., Document],
    reference_engine: Callable[[Sequence[Document]], Engine],
    rows: list[tuple[str, str]],
    node: Node,
) -> None:
    documents = [make_document(f"k{at}", text, title=title) for at, (text, title) in enumerate(rows)]
    documents = [document for document in documents if document.paragraphs]
    clauses = (Clause(node),) if isinstance(node, Word | Phrase | Near) else ()
    question = Request(node, Scope.PARAGRAPH, clauses, limit=100)
    found, expected = local(documents).answer(question), reference_engine(documents).answer(question)
    assert found.totals == expected.totals
    assert sorted(hit.ref for hit in found.hits) == sorted(hit.ref for hit in expected.hits)
    assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)


def exact(*surfaces: str, typed: bool = False) -> Word:
    return Word(surfaces[0], TERMS, FieldName.TEXT, Spelling(surfaces, typed))


def units(engine: LocalEngine, node: Node) -> int:
    return engine.answer(Request(node, Scope.PARAGRAPH, ())).totals.units


def test_no_text_is_read_for_a_word_that_is_spelt_one_way(
    make_document: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = local([make_document("k", "trade of water\n\ntrades\n\nwater")])
    assert units(engine, exact("trade")) == 1

    class Read(Exception):
        pass

    def read(*_: object) -> None:
        raise Read

    monkeypatch.setattr(spelling, "_check", read)  # whoever reads calls it
    assert units(engine, exact("water")) == 2
    assert units(engine, exact("trade", "trades")) == 2
    assert units(engine, exact("trading")) == 0
    with pytest.raises(Read):
        units(engine, exact("trade"))


def test_capitals_and_stops_count_only_as_typed(make_document: Callable[..., Document]) -> None:
    engine = local([make_document("k", "the US\n\nus\n\nthe U.S. of\n\nno")])
    assert units(engine, exact("us")) == 3
    assert units(engine, exact("US", typed=True)) == 1
    assert units(engine, exact("U.S", typed=True)) == 1


def test_accents_count_and_their_encoding_does_not(make_document: Callable[..., Document]) -> None:
    engine = local([make_document("k", "águas\n\naguas\n\na\u0301guas")])
    assert units(engine, exact("águas")) == 2
    assert units(engine, exact("águas", typed=True)) == 2
    assert units(engine, exact("aguas")) == 1


def test_a_word_beyond_its_text_is_told_as_damage(
    make_document: Callable[..., Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = local([make_document("k", "of trade\n\nof trades")])
    monkeypatch.setattr(reread, "find_words", lambda buffer: (np.array([2]), np.array([4])))
    with pytest.raises(IndexCorrupt):
        units(engine, exact("trade"))
