"""Nearness in crowded paragraphs, where the same words could serve several children; and its cost."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest
from docsearch.corpus.model import Document, Reading, Source
from docsearch.errors import QueryTooCostly
from docsearch.index.engine import LocalEngine
from docsearch.index.matching.overlaps import fits
from docsearch.index.query import Clause, FieldName, Near, Not, Or, Phrase, Request, Scope, Term, Word
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.writer import IndexWriter
from docsearch.search.engine import Engine
from hypothesis import example, given, settings
from hypothesis import strategies as st


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


def word(*letters: str) -> Word:
    return Word("/".join(letters), tuple(Term("en", letter) for letter in letters), FieldName.TEXT)


def asked(node: Near) -> Request:
    return Request(node, Scope.PARAGRAPH, (Clause(node),), limit=100)


letters = st.sampled_from("xyz")
words = st.lists(letters, min_size=1, max_size=2, unique=True).map(lambda each: word(*each))
phrases = st.builds(
    Phrase, st.just("p"), st.lists(words, min_size=1, max_size=2).map(tuple), st.sampled_from([0, 0, 1])
)
choices = st.lists(st.one_of(words, phrases), min_size=1, max_size=2).map(lambda each: Or(tuple(each)))
nears = st.builds(
    Near,
    st.just("n"),
    st.lists(st.one_of(words, words, words, phrases, choices), min_size=1, max_size=5).map(tuple),
    st.integers(1, 6),
    st.booleans(),
    st.just(FieldName.TEXT),
)
lines = st.lists(st.sampled_from("xyzv"), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=400)
@given(st.lists(lines, min_size=1, max_size=4), nears)
@example(["x x y"], Near("n", (word("x"), word("x"), word("y")), 2, False, FieldName.TEXT))
@example(["x y"], Near("n", (word("x"), word("x", "y"), word("y")), 2, False, FieldName.TEXT))
def test_crowded_paragraphs_match_as_in_the_reference(
    make_document: Callable[..., Document],
    reference_engine: Callable[[Sequence[Document]], Engine],
    texts: list[str],
    near: Near,
) -> None:
    documents = [make_document(f"k{number}", text) for number, text in enumerate(texts)]
    found, expected = local(documents).answer(asked(near)), reference_engine(documents).answer(asked(near))
    assert found.totals == expected.totals
    assert [hit.ref for hit in found.hits] == [hit.ref for hit in expected.hits]
    assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)


@pytest.mark.parametrize(
    ("text", "distance", "ordered", "matches"),
    [
        ("tax q q q q school", 5, False, True),
        ("tax q q q q school", 4, False, False),
        ("school q tax", 5, False, True),
        ("school q tax", 5, True, False),
        ("tax q school", 2, True, True),
    ],
)
def test_two_words_are_within_as_many_positions_as_they_differ_by(
    make_document: Callable[..., Document], text: str, distance: int, ordered: bool, matches: bool
) -> None:
    near = Near("n", (word("tax"), word("school")), distance, ordered)
    assert bool(local([make_document("k", text)]).answer(asked(near)).hits) is matches


def test_of_phrases_the_words_between_them_count(make_document: Callable[..., Document]) -> None:
    engine = local([make_document("k", "drug control q q state agency")])
    first = Phrase("drug control", (word("drug"), word("control")))
    second = Phrase("state agency", (word("state"), word("agenc")))
    assert engine.answer(asked(Near("n", (second, first), 3))).totals.units == 1
    assert engine.answer(asked(Near("n", (second, first), 2))).totals.units == 0


def test_many_words_take_no_exponential_time(make_document: Callable[..., Document]) -> None:
    names = [f"v{number}" for number in range(200)]
    every = [word(*names[:at], *names[at + 1 :]) for at in range(0, 200, 4)]
    engine = local([make_document("k", " ".join(names))])
    for near, units in (
        (Near("n", tuple(word(name) for name in reversed(names)), 199), 1),
        (Near("n", tuple(word(name) for name in reversed(names)), 198), 0),
        (Near("n", tuple(word(name) for name in names), 199, ordered=True), 1),
        (Near("n", (word(*names),) * 200, 199), 1),
        (Near("n", (word(*names),) * 201, 500), 0),
        (Near("n", tuple(every), 49), 1),
        (Near("n", tuple(every), 48), 0),
    ):
        assert engine.answer(asked(near)).totals.units == units


def test_phrases_that_may_overlap_are_few(make_document: Callable[..., Document]) -> None:
    phrases = tuple(
        Phrase("p", (word(left), word(right))) for left, right in zip("abcdefgh", "bcdefghi", strict=True)
    )
    engine = local([make_document("k", "a b q c d q e f q g h")])
    assert engine.answer(asked(Near("n", phrases[::2], 8))).totals.units == 1
    Near("n", phrases, 9)
    with pytest.raises(QueryTooCostly):
        Near("n", (*phrases, phrases[0]), 9)
    apart = tuple(Phrase("p", (word(f"{at}"), word(f"{at}x"))) for at in range(100))
    Near("n", apart, 9)
    Near("n", (*phrases, phrases[0]), 9, ordered=True)


def test_what_has_no_place_is_refused() -> None:
    for children, distance in (((Not(word("x")),), 1), ((word("x"),), 0), ((Or((Or((word("x"),)),)),), 1)):
        with pytest.raises(ValueError, match="position"):
            Near("n", children, distance)  # type: ignore[arg-type]


positions = st.lists(st.integers(0, 5), max_size=4, unique=True)


@given(st.lists(positions, max_size=5))
def test_ranges_of_one_position_are_shared_out_as_longer_ones_are(lists: list[list[int]]) -> None:
    # Twice as far apart and twice as long, the same ranges take the other way.
    short = [[(at, at) for at in each] for each in lists]
    long = [[(2 * at, 2 * at + 1) for at in each] for each in lists]
    assert fits(short) is fits(long)
