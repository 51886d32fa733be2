"""What is read off a query tree: what is asked for, what it scores by, what it depends on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pytest
from docsearch.corpus.model import Document, Reading, Source
from docsearch.index.engine import LocalEngine
from docsearch.index.query import (
    And,
    AndMaybe,
    Boost,
    Clause,
    Constant,
    Every,
    FieldName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Request,
    Scope,
    Spelling,
    Term,
    Unit,
    Within,
    Word,
    asked,
    meaning,
    scoring,
    walk,
    words_of,
)
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.writer import IndexWriter


def word(text: str) -> Word:
    return Word(text, (Term("en", text),))


A, B, C, D = map(word, ["tax", "water", "school", "trade"])
PHRASE = Phrase("b c", (B, C))
NEAR = Near("a, b c", (A, PHRASE), 3)
TREE = And((AndMaybe(A, B), Within((Boost(C, 2.0), Not(D)), Unit.SECTION), Or((NEAR, Constant(Every())))))


def test_all_nodes_are_walked_parents_first() -> None:
    names = [type(node).__name__ for node in walk(TREE)]
    assert names == [
        *("And", "AndMaybe", "Word", "Word", "Within", "Boost", "Word", "Not", "Word"),
        *("Or", "Near", "Word", "Phrase", "Constant", "Every"),
    ]


def test_asked_for_is_what_is_neither_excluded_nor_optional() -> None:
    assert list(asked(TREE)) == [A, C, NEAR]


def test_a_tree_scores_by_its_boosted_words_and_constants() -> None:
    clauses, constants = scoring(Boost(TREE, 0.5))
    text = FieldName.TEXT
    assert [(clause.node.surface, clause.weight) for clause in clauses] == [
        ("tax", 0.5),
        ("water", 0.5),
        ("school", 1.0),
        ("a, b c", 0.5),
    ]
    assert all(clause.node.field is text for clause in clauses)
    assert constants == (Constant(Every(), 0.5),)
    title = Word("tax", A.terms, FieldName.TITLE)
    assert scoring(title) == ((Clause(title),), ())


def test_meaning_tells_apart_what_finds_different_things() -> None:
    spelt = Word("tax", A.terms, spelling=Spelling(("tax",)))
    nodes: list[Word | Phrase | Near | Or] = [
        *(A, B, spelt, Word("tax", A.terms, spelling=Spelling(("tax",), typed=True))),
        *(PHRASE, Phrase("b c", (B, C), 1), Phrase("c b", (C, B)), Phrase("a", (A,)), Phrase("a", (spelt,))),
        *(NEAR, Near("", (A, PHRASE), 4), Near("", (A, PHRASE), 3, True), Near("", (PHRASE, A), 3)),
        *(Or((A, B)), Or((PHRASE, B)), Near("", (Or((A, B)), C), 3), Near("", (Or((A, C)), B), 3)),
    ]
    assert len({meaning(node) for node in nodes}) == len(nodes)
    assert meaning(A) == meaning(Word("taxes", A.terms, FieldName.TITLE))
    assert meaning(NEAR) == meaning(Near("other", NEAR.children, 3, False, FieldName.TITLE))


def test_words_of_a_node_are_those_that_stand_wherever_it_does() -> None:
    assert words_of(A) == (A,)
    assert words_of(PHRASE) == (B, C)
    assert words_of(Near("n", (A, PHRASE, Or((C, D))), 2)) == (A, B, C)


@pytest.mark.parametrize("weight", [-1.0, float("inf"), float("nan")])
def test_a_weight_is_a_number_from_0_on(weight: float) -> None:
    for make in (Boost, Constant):
        with pytest.raises(ValueError, match="weight"):
            make(A, weight)


def test_sentences_hold_words_and_phrases_only() -> None:
    inside: tuple[Node, ...] = (NEAR, Within((A,), Unit.SECTION))
    for node in inside:
        with pytest.raises(ValueError, match="sentence"):
            Within((A, Not(Boost(node, 1.0))), Unit.SENTENCE)
        Within((A, node), Unit.PARAGRAPH)


def test_boosts_and_constants_reach_the_scores(make_document: Callable[..., Document]) -> None:
    documents = [make_document("a", "tax q q"), make_document("b", "water q q"), make_document("c", "q q q")]
    storage = MemoryStorage()
    with IndexWriter.open(storage) as writer:
        readings = [
            (Source(d.key, "", d.key, 0, 0, hashlib.sha256(d.text.encode()).digest()), Reading((d,)))
            for d in documents
        ]
        writer.add(build_segment(storage, readings))
        writer.commit()
    engine = LocalEngine(storage)

    def answer(tree: Node) -> list[tuple[str, float]]:
        clauses, constants = scoring(tree)
        request = Request(tree, Scope.DOCUMENT, clauses, constants=constants)
        return [(hit.ref.key, hit.score) for hit in engine.answer(request).hits]

    plain = dict(answer(Or((A, B))))
    assert plain["a"] == plain["b"] > 0
    assert answer(Or((A, Boost(B, 3.0)))) == [("b", pytest.approx(3 * plain["b"])), ("a", plain["a"])]
    assert answer(Or((Constant(Or((A, B)), 7.0), Every()))) == [("a", 7.0), ("b", 7.0), ("c", 0.0)]
    assert answer(AndMaybe(Constant(Every()), B)) == [("b", 1 + plain["b"]), ("a", 1.0), ("c", 1.0)]
