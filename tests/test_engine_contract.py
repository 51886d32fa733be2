"""The engine's contract: over random documents and random questions, in several segments and with deletions,
the local engine answers as the plain reference does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

import pytest
from docsearch.corpus.model import Document, Reading, Source
from docsearch.index.engine import LocalEngine
from docsearch.index.planner import packed, phrases, stored
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
)
from docsearch.index.segment import build_segment
from docsearch.index.storage import MemoryStorage
from docsearch.index.writer import IndexWriter
from docsearch.search.engine import Engine
from hypothesis import example, given, settings
from hypothesis import strategies as st

WORDS = [
    "trade",
    "trades",
    "Trades",
    "treaty",
    "water",
    "agua",
    "água",
    "A\u0301gua",
    "the",
    "drugs",
    "control",
]
SPELLINGS = ["trade", "trades", "Trades", "treaty", "agua", "água", "Água", "drugs", "absent"]
TERMS = {
    "en": ["trade", "treati", "water", "agua", "the", "drug", "control", "absent"],
    "es": ["trad", "treaty", "water", "agu", "the", "drugs", "control"],
}


@pytest.fixture(scope="module", autouse=True, params=["as it is", "every branch"])
def _thresholds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Once with thresholds so low that two paragraphs are many, and words in two of them frequent."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "every branch":
            patch.setattr(stored, "LEAST", 2)
            patch.setattr(stored, "LONG", 4)
            patch.setattr(packed, "FEW", 3)
            patch.setattr(packed, "_CHUNK", 2)
            patch.setattr(phrases, "_MANY", 1)
            patch.setattr(phrases, "_PLACES", 1)
            patch.setattr(phrases, "_WIDEST", 20)
        yield


line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
sentenced = st.lists(
    st.tuples(st.sampled_from(WORDS), st.sampled_from([" ", " ", ". ", "! É"])), min_size=1, max_size=7
)
body = st.one_of(line, sentenced.map(lambda pairs: "".join(word + mark for word, mark in pairs).capitalize()))
heading = st.builds("{} {}".format, st.sampled_from(["#", "##", "###"]), line)
text = st.lists(st.one_of(body, body, heading), min_size=1, max_size=6).map("\n\n".join)
corpus = st.lists(st.tuples(text, line, st.sampled_from(["en", "en", "es"])), min_size=1, max_size=7)

term = st.sampled_from(sorted(TERMS)).flatmap(
    lambda language: st.sampled_from(TERMS[language]).map(lambda each: Term(language, each))
)
fields = st.sampled_from(list(FieldName))
spelling = st.builds(Spelling, st.lists(st.sampled_from(SPELLINGS), max_size=4).map(tuple), st.booleans())
word = st.builds(
    Word,
    st.just("w"),
    st.lists(term, max_size=3, unique=True).map(tuple),
    fields,
    st.one_of(st.none(), st.none(), spelling),
)
phrase = st.builds(
    Phrase, st.just("p"), st.lists(word, min_size=1, max_size=3).map(tuple), st.integers(0, 3), fields
)
choice = st.lists(st.one_of(word, word, phrase), min_size=1, max_size=2).map(lambda each: Or(tuple(each)))
near = st.builds(
    Near,
    st.just("n"),
    st.lists(st.one_of(word, word, phrase, choice), min_size=1, max_size=4).map(tuple),
    st.integers(1, 4),
    st.booleans(),
    fields,
)
leaf = st.one_of(word, word, phrase, near)
weights = st.sampled_from([0.0, 0.3, 1.0, 2.5])


def groups(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[tuple[Node, ...]]:
    return st.lists(inner, min_size=1, max_size=3).map(tuple)


in_sentence: st.SearchStrategy[Node] = st.recursive(
    st.one_of(word, word, phrase, st.just(Every())),
    lambda inner: st.one_of(
        st.builds(And, groups(inner)),
        st.builds(Or, groups(inner)),
        st.builds(Not, inner),
        st.builds(AndMaybe, inner, inner),
        st.builds(Boost, st.builds(Constant, inner), weights),
    ),
    max_leaves=4,
)
sentence = st.builds(Within, groups(in_sentence), st.just(Unit.SENTENCE))
node: st.SearchStrategy[Node] = st.recursive(
    st.one_of(leaf, leaf, leaf, sentence, st.just(Every())),
    lambda inner: st.one_of(
        st.builds(And, groups(inner)),
        st.builds(Or, groups(inner)),
        st.builds(Not, inner),
        st.builds(AndMaybe, inner, inner),
        st.builds(Boost, inner, weights),
        st.builds(Constant, inner, weights),
        st.builds(Within, groups(inner), st.sampled_from([Unit.PARAGRAPH, Unit.SECTION, Unit.DOCUMENT])),
    ),
    max_leaves=6,
)
clause = st.builds(Clause, leaf, st.sampled_from([1.0, 0.3]), st.sampled_from([0.0, 0.5]))
request = st.builds(
    Request,
    node,
    st.sampled_from(list(Scope)),
    st.lists(clause, max_size=4).map(tuple),
    st.integers(0, 6),
    st.integers(0, 3),
    st.booleans(),
    constants=st.lists(st.builds(Constant, node, weights), max_size=2).map(tuple),
)


def reading(document: Document) -> tuple[Source, Reading]:
    digest = hashlib.sha256(document.text.encode()).digest()
    return Source(document.key, "", document.key, len(document.text), 0, digest), Reading((document,))


def local(documents: Sequence[Document], size: int, gone: Sequence[Document]) -> LocalEngine:
    """An engine over the documents, some a segment, with others added and deleted again among them."""
    storage = MemoryStorage()
    with IndexWriter.open(storage) as writer:
        writer._next_group = lambda early: []  # type: ignore[method-assign, misc]  # segments stay as they are
        for start in range(0, len(documents), size):
            group = [*documents[start : start + size], *gone[start : start + size]]
            writer.add(build_segment(storage, map(reading, group)))
        writer.remove([document.key for document in gone])
        writer.commit()
    return LocalEngine(storage)


@pytest.fixture(scope="module")
def engines(
    make_document: Callable[..., Document], reference_engine: Callable[[Sequence[Document]], Engine]
) -> Callable[..., tuple[LocalEngine, Engine, list[Document]]]:
    def make(
        rows: list[tuple[str, str, str]], size: int, gone: int
    ) -> tuple[LocalEngine, Engine, list[Document]]:
        documents = [
            make_document(f"k{number}", text, title=title, language=language)
            for number, (text, title, language) in enumerate(rows)
        ]
        documents = [document for document in documents if document.paragraphs]
        others = [
            make_document(f"gone{number}", text, title=title, language=language)
            for number, (text, title, language) in enumerate(rows[:gone])
        ]
        return local(documents, size, others), reference_engine(documents), documents

    return make


sizes = st.integers(1, 4)


@settings(max_examples=500)
@given(rows=corpus, size=sizes, gone=st.integers(0, 3), question=request)
def test_answers_are_those_of_the_reference(
    engines: Callable[..., tuple[LocalEngine, Engine, list[Document]]],
    rows: list[tuple[str, str, str]],
    size: int,
    gone: int,
    question: Request,
) -> None:
    engine, reference, _ = engines(rows, size, gone)
    found, expected = engine.answer(question), reference.answer(question)
    assert found.totals == expected.totals
    assert [hit.score for hit in found.hits] == pytest.approx([hit.score for hit in expected.hits], abs=1e-9)
    if len({round(hit.score, 9) for hit in expected.hits}) == len(expected.hits) or not question.scoring:
        assert [hit.ref for hit in found.hits] == [hit.ref for hit in expected.hits]
        assert [hit.group_size for hit in found.hits] == [hit.group_size for hit in expected.hits]


def test_what_matches_without_a_score_is_found_too(
    engines: Callable[..., tuple[LocalEngine, Engine, list[Document]]],
) -> None:
    engine, reference, _ = engines([("drugs", "trade", "en")], 1, 0)
    drug = Word("drug", (Term("en", "drug"),))
    question = Request(drug, Scope.PARAGRAPH, (Clause(Word("x", (), FieldName.TEXT)),), limit=1)
    assert len(engine.answer(question).hits) == 1
    assert engine.answer(question) == reference.answer(question)


@settings(max_examples=100)
@given(rows=corpus, size=sizes, other=sizes, gone=st.integers(0, 3), question=request)
def test_the_layout_changes_no_bit_of_an_answer(
    engines: Callable[..., tuple[LocalEngine, Engine, list[Document]]],
    rows: list[tuple[str, str, str]],
    size: int,
    other: int,
    gone: int,
    question: Request,
) -> None:
    assert engines(rows, size, gone)[0].answer(question) == engines(rows, other, 0)[0].answer(question)


@settings(max_examples=60)
@example(rows=[("trade", "x", "en"), ("trades the", "x", "en")], size=1, gone=0, surface="trade").via(
    "a word spelt otherwise in another segment"
)
@given(rows=corpus, size=sizes, gone=st.integers(0, 3), surface=st.sampled_from([*WORDS, "drug", "absent"]))
def test_words_mean_the_same(
    engines: Callable[..., tuple[LocalEngine, Engine, list[Document]]],
    rows: list[tuple[str, str, str]],
    size: int,
    gone: int,
    surface: str,
) -> None:
    engine, reference, _ = engines(rows, size, gone)
    assert engine.statistics().languages == reference.statistics().languages
    assert engine.analyser_versions() == reference.analyser_versions()
    for language in reference.statistics().languages:
        terms = engine.analyse(surface, language)
        assert terms == reference.analyse(surface, language)
        assert engine.surfaces(terms) == reference.surfaces(terms)
        for field in FieldName:
            asked = Word(surface, terms, field)
            assert engine.frequency(asked) == reference.frequency(asked)
            for more_than in (0, 1, 5):
                assert engine.holds(asked, more_than) == reference.holds(asked, more_than)
        for length in (1, 2, len(surface)):
            for limit in (1, 100):
                assert engine.prefix(surface[:length], language, limit) == reference.prefix(
                    surface[:length], language, limit
                )
        for pattern in (f"*{surface[1:3]}?*", f"{surface[0]}*{surface[-1]}", "????", "*a*"):
            for limit in (1, 100):
                assert engine.wildcard(pattern, language, limit) == reference.wildcard(
                    pattern, language, limit
                )
        for distance, prefix in ((1, 0), (2, 1), (2, 3)):
            for limit in (2, 100):
                assert engine.fuzzy(surface, language, distance, limit, prefix) == reference.fuzzy(
                    surface, language, distance, limit, prefix
                )
        near = dict(engine.near_words(surface, language, 100))
        assert near.items() <= dict(reference.near_words(surface, language, 100)).items()


@settings(max_examples=60)
@given(rows=corpus, size=sizes, gone=st.integers(0, 3))
def test_documents_and_passages_come_back(
    engines: Callable[..., tuple[LocalEngine, Engine, list[Document]]],
    rows: list[tuple[str, str, str]],
    size: int,
    gone: int,
) -> None:
    engine, reference, documents = engines(rows, size, gone)
    assert engine.keys() == reference.keys() == tuple(sorted(document.key for document in documents))
    assert engine.keys("k1") == reference.keys("k1")
    assert engine.document("gone0") is None
    everything = Request(Every(), Scope.PARAGRAPH, (), limit=100)
    for document in documents:
        assert engine.document(document.key) == document
    refs = [hit.ref for hit in reference.answer(everything).hits]
    assert engine.spoken(refs) == reference.spoken(refs)
    for found, expected in zip(engine.passages(refs), reference.passages(refs), strict=True):
        assert (found.text, found.paragraph, found.headings, found.section, found.meta) == (
            expected.text,
            expected.paragraph,
            expected.headings,
            expected.section,
            expected.meta,
        )
