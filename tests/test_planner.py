"""The planner: whatever way it chooses, its answer is the exhaustive one, to the last bit; and what is stored
for it says the truth about the postings."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from docsearch.corpus.model import Document, Reading, Source
from docsearch.index.engine import LocalEngine
from docsearch.index.evaluate import Evaluation
from docsearch.index.planner import addends, any_of, floor, frequent, packed, phrases, stored
from docsearch.index.planner.floor import Floor
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
    Term,
    Word,
)
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.writer import IndexWriter
from docsearch.search.ranking import clauses
from docsearch.search.reading import Leaf
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ["water", "trade", "treaty", "drugs", "control", "agency", "permit", "school", "tax", "rare"]
TERMS = ["water", "trade", "treati", "drug", "control", "agenc", "permit", "school", "tax", "rare", "absent"]


@pytest.fixture(scope="module", autouse=True)
def _small() -> Iterator[None]:
    """Thresholds so low that a few hundred paragraphs reach every branch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "LEAST", 12)
        patch.setattr(stored, "LONG", 6)
        patch.setattr(packed, "FEW", 20)
        patch.setattr(packed, "_CHUNK", 6)
        patch.setattr(phrases, "_MANY", 10)
        patch.setattr(any_of, "_MANY", 10)
        patch.setattr(floor, "_GROUP", 3)
        patch.setattr(floor, "_LEAST", 4)
        patch.setattr(addends, "_FEW", 2)
        patch.setattr(frequent, "_ROUNDS", (1, 2))
        yield


def reading(document: Document) -> tuple[Source, Reading]:
    digest = hashlib.sha256(document.text.encode()).digest()
    return Source(document.key, "", document.key, len(document.text), 0, digest), Reading((document,))


@pytest.fixture(scope="module")
def corpus(make_document: Callable[..., Document]) -> Callable[[int, bool], list[Document]]:
    """Documents from a seed: words as skewed as in a language, or with lengths and frequencies so alike that
    most scores tie."""

    def text(chance: random.Random, paragraphs: int, alike: bool) -> str:
        weights = [1 / (rank + 1) ** 1.3 for rank in range(len(WORDS))]
        lines = []
        for _ in range(paragraphs):
            if chance.random() < 0.1:
                lines.append("# " + " ".join(chance.choices(WORDS, weights, k=2)))
            length = 2 if alike else chance.choice([1, 2, 3, 5, 8, 30])
            lines.append(" ".join(chance.choices([*WORDS, "of"], [*weights, 1.5], k=length)))
        return "\n\n".join(lines)

    def make(seed: int, alike: bool) -> list[Document]:
        chance = random.Random(seed)
        most = chance.choice([1, 4])
        return [
            make_document(
                f"k{chance.randrange(10**6):06}-{number}",
                text(chance, chance.randint(1, most), alike),
                title=chance.choice(["", "water", "school tax"]) if most > 1 else "",
                language="es" if chance.random() < 0.1 else "en",
            )
            for number in range(chance.choice([60, 400, 700]))
        ]

    return make


@pytest.fixture(scope="module")
def engine(corpus: Callable[[int, bool], list[Document]]) -> Callable[[int, bool, int], LocalEngine]:
    """An engine over the corpus of a seed, in so many segments, with a tenth deleted."""

    @cache
    def make(seed: int, alike: bool, segments: int) -> LocalEngine:
        documents = corpus(seed, alike)
        storage = MemoryStorage()
        with IndexWriter.open(storage) as writer:
            writer._next_group = lambda early: []  # type: ignore[method-assign, misc]  # segments stay as they are
            for start in range(segments):
                writer.add(build_segment(storage, map(reading, documents[start::segments])))
            if seed % 2:
                writer.remove([document.key for document in documents[::10]])
            writer.commit()
        return LocalEngine(storage)

    return make


word = st.sampled_from(TERMS).map(
    lambda term: Word(term, (Term("en", term), Term("es", term)), FieldName.ANY)
)
weight = st.sampled_from([1.0, 1.0, 0.3])


def in_text(node: Word) -> Word:
    return replace(node, field=FieldName.TEXT)


@st.composite
def requests(draw: st.DrawFn) -> Request:
    words = draw(st.lists(word, min_size=1, max_size=5))
    match: Node
    kind = draw(st.sampled_from(["any", "any", "all", "phrase"]))
    scoring = tuple(Clause(in_text(each), draw(weight)) for each in words)
    if draw(st.booleans()):
        scoring = clauses([Leaf(each) for each in words])
    # What may stand where nothing is that is asked for.
    scoring += tuple(Clause(in_text(each), draw(weight)) for each in draw(st.lists(word, max_size=2)))
    if kind == "phrase":
        match = Phrase("p", tuple(words[:3]), draw(st.integers(0, 2)), FieldName.TEXT)
        scoring = (Clause(match), *scoring[: draw(st.integers(0, 1))])
    else:
        match = Or(tuple(words)) if kind == "any" else And(tuple(words))
    return Request(
        match,
        draw(st.sampled_from([Scope.PARAGRAPH, Scope.PARAGRAPH, Scope.DOCUMENT])),
        scoring,
        limit=draw(st.sampled_from([1, 2, 3, 10, 50])),
        offset=draw(st.sampled_from([0, 0, 2])),
        k1=draw(st.sampled_from([0.4, 0.4, 1.2, 0.6])),
        b=draw(st.sampled_from([0.75, 0.75, 0.7, 0.0])),
    )


layouts = st.tuples(st.integers(0, 5), st.booleans(), st.sampled_from([1, 3]))


@settings(max_examples=400)
@given(layout=layouts, question=requests())
def test_a_planned_answer_is_the_exhaustive_one(
    engine: Callable[..., LocalEngine], layout: tuple[int, bool, int], question: Request
) -> None:
    asked = engine(*layout)
    assert asked.answer(question) == Evaluation(asked.views, question).exhaustive()


places = st.sampled_from([FieldName.ANY, FieldName.TEXT, FieldName.HEADING, FieldName.TITLE])
leaf: st.SearchStrategy[Node] = st.one_of(
    st.builds(replace, word, field=places),
    st.builds(
        Phrase, st.just("p"), st.lists(word, min_size=2, max_size=4).map(tuple), st.integers(0, 2), places
    ),
)
tree: st.SearchStrategy[Node] = st.recursive(
    st.one_of(leaf, leaf, st.just(Every())),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(lambda each: And(tuple(each))),
        st.lists(inner, min_size=1, max_size=4).map(lambda each: And(tuple(each))),
        st.lists(inner, min_size=1, max_size=3).map(lambda each: Or(tuple(each))),
        st.builds(Not, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(
    layout=layouts,
    question=requests(),
    match=tree,
    scope=st.sampled_from([Scope.PARAGRAPH, Scope.PARAGRAPH, Scope.DOCUMENT, Scope.SECTION]),
    group=st.booleans(),
)
def test_so_is_that_of_any_tree(
    engine: Callable[..., LocalEngine],
    layout: tuple[int, bool, int],
    question: Request,
    match: Node,
    scope: Scope,
    group: bool,
) -> None:
    asked = engine(*layout)
    request = replace(question, match=match, scope=scope, group=group)
    assert asked.answer(request) == Evaluation(asked.views, request).exhaustive()


@settings(max_examples=60)
@given(seed=st.integers(0, 5), alike=st.booleans(), question=requests())
def test_the_layout_changes_no_bit(
    engine: Callable[..., LocalEngine], seed: int, alike: bool, question: Request
) -> None:
    assert engine(seed, alike, 1).answer(question) == engine(seed, alike, 3).answer(question)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_stored_is_true_of_the_postings(engine: Callable[..., LocalEngine], seed: int) -> None:
    segment = engine(seed, False, 1).views[0].segment
    field = segment.field("text", "en")
    assert field is not None
    seen = 0
    for number in range(len(field.terms)):
        long = field.long.get(number)
        if long is None:
            continue
        seen += 1
        postings = field.postings(number)
        units, tf = postings.units.astype(np.int64), field.frequencies(postings)
        everything = np.arange(segment.paragraphs)
        which, ranks = long.find(everything)
        assert which.tolist() == units.tolist()
        assert ranks.tolist() == list(range(len(units)))
        for k1, b, average in ((0.4, 0.75, 7.0), (0.4, 0.75, 4.0), (0.9, 0.6, 5.0)):
            factor = field.long.factor(k1, b, average)
            if factor is not None:
                impact = tf / (tf + k1 * (1 - b + b * field.lengths[units] / average))
                assert (long.codes * factor >= impact).all()
        for code in (0, 1, 100, 255):
            assert long.counts[code] == np.count_nonzero(long.codes >= code)
        assert long.highest == long.codes.max()
        for block in range(len(long.blocks)):
            inside = long.codes[units // stored.BLOCK == block]
            assert long.blocks[block] == (inside.max() if len(inside) else 0)
    assert seen > 1


def test_a_floor_is_the_last_of_the_best_and_keeps_what_ties() -> None:
    least = Floor(2)
    least.offer(np.array([3.0]))
    assert least.value == 0
    least.offer(np.array([3.0, 1.0, 2.0]))
    assert 2.0 * (1 - 1e-9) < least.value < 2.0
    least.settle(np.array([3.0, 1.0, 2.0]))
    least.offer(np.array([2.5]))
    assert 2.5 * (1 - 1e-9) < least.value < 2.5
    least.offer(np.array([0.5, 0.1]))
    assert least.value > 2.4


@pytest.mark.parametrize("need", [0.0, 1.0, 2.5, 3.0, 3.5, 5.0, 6.0, 7.0])
def test_holding_is_the_sum_of_the_bounds_held(need: float) -> None:
    bounds = [3.0, 2.0, 1.0]
    bitmaps = [np.array([sum(1 << n for n in range(8) if n >> at & 1)], np.uint64) for at in range(3)]
    expected = 0
    for held in range(1, 8):
        total = sum(bound for at, bound in enumerate(bounds) if held >> at & 1)
        expected |= (total >= need) << held
    found = frequent.holding(bitmaps, bounds, need)
    assert (0 if found is None else int(found[0])) == expected
