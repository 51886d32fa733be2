"""Completions: they occur, they begin as typed, and they are counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from docsearch import Index, QueryError, QueryTooCostly, Record, Suggestion, open_samples
from docsearch.index.analysis.normal import fold
from docsearch.index.storage import MemoryStorage
from docsearch.search.engine import Engine
from docsearch.search.suggest import suggest
from hypothesis import given, settings
from hypothesis import strategies as st

TEXTS = [
    "Precursor chemicals are listed. A precursor chemical is watched.",
    "The list of precursor chemicals grows.\n\nPrecursor control is hard.",
    "Anti-money laundering rules.\n\nWho fights anti-money laundering?",
    "A résumé of precursors, and of anti\nmoney laundering.",
]


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add(Record(str(at), text, language="en") for at, text in enumerate(TEXTS))
    return made


def texts(index: Index, beginning: str) -> list[tuple[str, int, str]]:
    return [(each.text, each.paragraphs, each.kind) for each in index.suggest(beginning)]


@pytest.mark.parametrize(
    ("beginning", "found"),
    [
        ("prec", [("precursor", 4, "word"), ("precursor chemicals", 2, "phrase")]),
        ("precursor ", [("precursor chemicals", 2, "phrase")]),
        ("list of PREC", [("list of precursor chemicals grows", 1, "phrase")]),
        ("anti mo", [("anti money laundering", 3, "phrase"), ("anti money", 3, "word")]),
        ("anti-money ", [("anti-money laundering", 3, "phrase")]),
        ("resu", [("résumé", 1, "word")]),
        ("th", []),
        ("", []),
        ("?!", []),
        ("unheard ", []),
    ],
)
def test_what_is_offered(index: Index, beginning: str, found: list[tuple[str, int, str]]) -> None:
    offered = texts(index, beginning)
    assert [each for each in offered if each in found] == found
    assert bool(offered) == bool(found)


words = st.sampled_from(
    ["water", "waters", "trade", "trades", "treaty", "the", "of", "rights", "agua", "água"]
)
lines = st.lists(words, min_size=1, max_size=9).map(" ".join)
documents = st.lists(st.lists(lines, min_size=1, max_size=4).map("\n\n".join), min_size=1, max_size=5)


@settings(max_examples=100)
@given(documents, st.lists(words, max_size=2), st.sampled_from(["", "w", "wat", "tr", "t", "agu", "r", "z"]))
def test_suggestions_begin_as_typed_and_occur(
    engine_of: Callable[..., Engine], corpus: list[str], context: list[str], prefix: str
) -> None:
    engine = engine_of(*corpus)
    typed = " ".join([*context, prefix])
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(str(at), text, language="en") for at, text in enumerate(corpus))
        found = index.suggest(typed)
        assert found == suggest(engine, typed)  # the plain reference offers the same
        for each in found:
            assert fold(each.text.casefold()).startswith(fold(typed.casefold()))
            assert each.paragraphs == occurrences(index, each)


def occurrences(index: Index, offered: Suggestion) -> int:
    query = f'text:"{offered.text}"'
    if offered.kind == "word":
        query = " AND ".join(f'"{word}"' for word in offered.text.split())
    return index.search(query, scope="paragraph", limit=0).totals.units


@pytest.mark.parametrize(
    ("beginning", "options", "error"),
    [
        (3, {}, QueryError),
        ("w", {"limit": -1}, QueryError),
        ("w", {"limit": "3"}, QueryError),
        ("w" * 201, {}, QueryTooCostly),
    ],
)
def test_what_is_refused(
    index: Index, beginning: object, options: dict[str, object], error: type[QueryError]
) -> None:
    with pytest.raises(error) as told:
        index.suggest(beginning, **options)  # type: ignore[arg-type]
    assert told.value.hint


def test_as_many_as_asked_for(index: Index) -> None:
    everything: Sequence[Suggestion] = index.suggest("p", limit=50)
    assert index.suggest("p", limit=0) == ()
    assert len(index.suggest("p", limit=2)) == 2
    assert len(everything) == len({each.text for each in everything})


def test_the_samples_know_their_phrases() -> None:
    with open_samples() as index:
        assert "precursor chemicals" in [each.text for each in index.suggest("precursor c")]


def test_a_word_that_was_typed_is_not_offered_again(index: Index) -> None:
    assert "precursor precursor" not in [text for text, _, _ in texts(index, "precursor p")]
    assert "list of list" not in [text for text, _, _ in texts(index, "list of l")]


def test_a_word_is_offered_as_it_is_mostly_spelt() -> None:
    """`department` and `depart` have the same stem."""
    made = Index(MemoryStorage(), create=True)
    told = ["The department reports.", "Ask the department.", "A department of trade.", "Trains depart."]
    made.add(Record(str(at), text, language="en") for at, text in enumerate(told))
    assert made.suggest("depa")[0] == Suggestion("department", 4, "word")
    assert made.suggest("depa", where=made.filter("path:3"))[0] == Suggestion("depart", 1, "word")


def test_a_phrase_is_offered_however_often_its_first_word_stands_elsewhere() -> None:
    made = Index(MemoryStorage(), create=True)
    told = ["Lead lead lead.", "Lead, lead and lead again."] * 40 + ["Of many paints some are lead paint."]
    made.add(Record(str(at), text, language="en") for at, text in enumerate(told))
    assert made.suggest("lead pa")[0] == Suggestion("lead paint", 1, "phrase")
