"""What is like a text: by which words, and that it shares them."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from docsearch import CitationUnresolved, Index, QueryError, Record
from docsearch.cli.render import similar as drawn
from docsearch.cli.render.style import Style
from docsearch.index.storage import MemoryStorage
from docsearch.search.engine import Engine
from docsearch.search.similar import similar
from hypothesis import given, settings
from hypothesis import strategies as st

FILLING = [Record(f"filling-{at}", f"The committee met in session {at}.", language="en") for at in range(60)]
RECORDS = [
    Record(
        "boats",
        "Fishing boats burn fuel.\n\nThe committee met. Subsidies for fuel and fishing.",
        language="en",
    ),
    Record("fleet", "A fishing fleet.\n\nA subsidy for fuel is a subsidy for fishing.", language="en"),
    Record("rent", "Rent subsidies help tenants.", language="en"),
]


@pytest.fixture(scope="module")
def index() -> Index:
    made = Index(MemoryStorage(), create=True)
    made.add([*RECORDS, *FILLING])
    return made


def test_a_document_is_like_those_that_share_its_words(index: Index) -> None:
    found = index.similar("boats")
    assert found.source == "boats"
    assert [near.hit.key for near in found.hits] == ["fleet", "rent"]
    assert set(found.hits[0].shared) == {"fuel", "Fishing", "Subsidies"}
    assert "committee" not in [each.word for each in found.words]  # everybody has it
    assert found.totals.documents == 2
    assert [near.hit.key for near in index.similar("boats", group=False).hits] == ["fleet", "fleet", "rent"]
    assert found.hits[0].hit.snippets[0].highlights


def test_a_paragraph_is_compared_by_its_own_words(index: Index) -> None:
    (cited,) = index.search("tenants", limit=1)
    assert [near.hit.key for near in index.similar(cited.citation).hits] == ["fleet", "boats"]


def test_weights_are_those_of_the_formula(index: Index) -> None:
    words = {each.word: each for each in index.similar(text="fuel fuel fuel fishing unheard").words}
    assert set(words) == {"fuel", "fishing"}
    total = index.status().paragraphs
    for word, times in (("fuel", 3), ("fishing", 1)):
        count = index.search(f"text:{word}", scope="paragraph").totals.units
        rarity = math.log(1 + (total - count + 0.5) / (count + 0.5))
        assert words[word].paragraphs == count
        assert words[word].weight == pytest.approx((1 + math.log(times)) * rarity)


@pytest.mark.parametrize(
    "options", [{}, {"citation": "boats", "text": "x"}, {"text": 3}, {"text": "x", "limit": -1}]
)
def test_what_is_refused(index: Index, options: dict[str, Any]) -> None:
    with pytest.raises(QueryError) as told:
        index.similar(**options)
    assert told.value.hint


@pytest.mark.parametrize("citation", ["unheard", "unheard@1:s1:p1:x00000000", "boats@1:nonsense"])
def test_what_leads_nowhere_is_told(index: Index, citation: str) -> None:
    with pytest.raises(CitationUnresolved):
        index.similar(citation)


@pytest.mark.parametrize("text", ["the of and", "?!", "unheard words", "12 34"])
def test_a_text_without_distinctive_words_is_like_nothing(index: Index, text: str) -> None:
    found = index.similar(text=text)
    assert (found.words, found.hits) == ((), ())


lines = st.lists(
    st.sampled_from(["water", "waters", "trade", "treaty", "the", "rivers", "agua", "água", "1373"]),
    min_size=1,
    max_size=6,
).map(" ".join)
corpora = st.lists(st.lists(lines, min_size=1, max_size=3).map("\n\n".join), min_size=1, max_size=6)


@settings(max_examples=80)
@given(corpora, lines, st.booleans())
def test_the_reference_finds_the_same(
    engine_of: Callable[..., Engine], corpus: list[str], text: str, group: bool
) -> None:
    expected = similar(engine_of(*corpus), text=text, group=group)
    with Index(MemoryStorage(), create=True) as index:
        index.add(Record(str(at), each, language="en") for at, each in enumerate(corpus))
        found = index.similar(text=text, group=group)
    assert found.words == expected.words
    assert found.totals == expected.totals
    scores = [near.hit.score for near in expected.hits]
    assert [near.hit.score for near in found.hits] == pytest.approx(scores)
    assert all(near.shared for near in found.hits)


def test_copies_are_one_hit_that_names_them() -> None:
    copied = "The treaty lists every precursor that traders of chemicals must declare before export."
    with Index(MemoryStorage(), create=True) as made:
        made.add([*FILLING, *(Record(key, copied, language="en") for key in ("a", "b", "c"))])
        (hit,) = [near.hit for near in made.similar(text="precursor declare export").hits]
        assert (hit.key, sorted(hit.duplicates)) == ("a", ["b", "c"])
        (other,) = [near.hit for near in made.similar("a").hits]
        assert (other.key, other.duplicates) == ("b", ("c",))
        assert "nearly the same words: c" in drawn.render(made.similar("a"), Style(colour=False), 100)
