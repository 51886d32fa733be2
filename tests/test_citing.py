"""From a citation back to its paragraph, before and after edits."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docsearch.corpus.citation import Citation
from docsearch.corpus.model import Document
from docsearch.errors import CitationUnresolved
from docsearch.search.citing import context, resolve
from docsearch.search.engine import Engine
from docsearch.search.options import Options
from docsearch.search.searcher import search
from hypothesis import given
from hypothesis import strategies as st

EngineOf = Callable[..., Engine]

TEXT = """Preamble.

# One

First rule.

Second rule.

## Inner

Third rule.

# Two

Fourth rule."""


def cite(engine: Engine, query: str) -> str:
    return search(engine, query)[0].citation


@pytest.mark.parametrize("query", ["preamble", '"first rule"', '"third rule"', '"fourth rule"'])
def test_what_stands_as_cited_is_found_exactly(engine_of: EngineOf, query: str) -> None:
    engine = engine_of(law=TEXT)
    (hit,) = search(engine, query)
    resolved = resolve(engine, hit.citation)
    assert (resolved.status, resolved.note, resolved.text) == ("exact", "", hit.text)
    assert resolved.paragraph.start == hit.start
    assert resolve(engine, Citation.parse(hit.citation)) == resolved


def test_other_line_breaks_and_capitals_are_the_same_words(engine_of: EngineOf) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    edited = engine_of(law=TEXT.replace("Second rule.", "SECOND\nrule"))
    assert resolve(edited, citation).status == "exact"


@pytest.mark.parametrize(
    ("old", "new", "now"),
    [
        ("Second rule.", "A new one.\n\nSecond rule.", "paragraph 3 of section 1"),
        ("# One", "# Zero\n\nNone.\n\n# One", "paragraph 2 of section 2"),
        ("# One\n\n", "", "paragraph 3 of the lead"),
    ],
)
def test_the_same_words_elsewhere_have_moved(engine_of: EngineOf, old: str, new: str, now: str) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    resolved = resolve(engine_of(law=TEXT.replace(old, new)), citation)
    assert (resolved.status, resolved.text) == ("moved", "Second rule.")
    assert now in resolved.note
    assert "paragraph 2 of section 1" in resolved.note


def test_of_equal_words_the_nearest_is_found(engine_of: EngineOf) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    moved = TEXT.replace("Preamble.", "Second rule.").replace(
        "First rule.\n\nSecond rule.", "X.\n\nY.\n\nSecond rule."
    )
    resolved = resolve(engine_of(law=moved), citation)
    assert (resolved.status, resolved.document.sections[resolved.paragraph.section].path) == ("moved", (1,))


def test_equal_words_do_not_hide_the_cited_place(engine_of: EngineOf) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    resolved = resolve(engine_of(law=TEXT.replace("First rule.", "Second rule.")), citation)
    assert (resolved.status, resolved.paragraph.ordinal) == ("exact", 2)


def test_other_words_at_the_place_have_changed(engine_of: EngineOf) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    resolved = resolve(engine_of(law=TEXT.replace("Second rule.", "Another.")), citation)
    assert (resolved.status, resolved.text) == ("changed", "Another.")
    assert "no longer stand in this document" in resolved.note


def test_a_renamed_document_is_followed(
    make_document: Callable[..., Document], reference_engine: Callable[..., Engine]
) -> None:
    engine = reference_engine([make_document("law", TEXT)], renamed={"old": "law"})
    citation = cite(engine, '"second rule"')
    former = citation.replace("law@", "old@")
    assert former != citation
    found = resolve(engine, former)
    assert (found.status, found.document.key) == ("exact", "law")
    assert found.note == "The document is now called law"


def test_neither_words_nor_place(engine_of: EngineOf) -> None:
    citation = cite(engine_of(law=TEXT), '"fourth rule"')
    with pytest.raises(CitationUnresolved, match="paragraph 1 of section 2") as caught:
        resolve(engine_of(law="Preamble."), citation)
    assert (caught.value.path, bool(caught.value.hint)) == ("law", True)


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (TEXT.replace("\n\nSecond rule.", ""), "paragraph 2 of section 1: it has 1 paragraph there"),
        ("A.\n\n# Zero\n\n## Inner\n\nB.\n\nC.", "paragraph 2 of section 1: it has 0 paragraphs there"),
        ("A.\n\nB.", "paragraph 2 of section 1: it has 0 sections and 2 paragraphs"),
    ],
)
def test_a_place_that_is_gone_is_told_with_what_is_there(engine_of: EngineOf, now: str, says: str) -> None:
    citation = cite(engine_of(law=TEXT), '"second rule"')
    with pytest.raises(CitationUnresolved, match=says):
        resolve(engine_of(law=now), citation)


def test_no_citation(engine_of: EngineOf) -> None:
    with pytest.raises(CitationUnresolved, match="not a citation"):
        resolve(engine_of(law=TEXT), "law, section 3")


def test_a_document_that_is_gone_and_those_like_it(engine_of: EngineOf) -> None:
    citation = cite(engine_of(**{"acts/water.txt": TEXT}), "preamble")
    others = ["archive/water.txt", "acts/water-2.txt", "acts/tax.txt", "zoo/x.txt"]
    with pytest.raises(CitationUnresolved, match="no such document") as caught:
        resolve(engine_of(**dict.fromkeys(others, TEXT)), citation)
    assert caught.value.path == "acts/water.txt"
    assert caught.value.hint == "Similar documents are: archive/water.txt, acts/water-2.txt, acts/tax.txt"
    with pytest.raises(CitationUnresolved) as caught:
        resolve(engine_of(unlike=TEXT), citation)
    assert "removed or renamed" in caught.value.hint


# Context


def test_a_paragraph_in_its_context(engine_of: EngineOf) -> None:
    engine = engine_of(law=TEXT)
    resolved = resolve(engine, cite(engine, '"second rule"'))

    def around(before: int, after: int) -> list[str]:
        return [TEXT[each.start : each.end] for each in context(resolved, before, after)]

    assert [TEXT[each.start : each.end] for each in context(resolved)] == around(1, 1)
    assert around(1, 1) == ["First rule.", "Second rule.", "Third rule."]
    assert around(0, 0) == ["Second rule."]
    assert around(9, 9) == ["Preamble.", "First rule.", "Second rule.", "Third rule.", "Fourth rule."]
    assert around(-1, -1) == ["Second rule."]


# Law


@given(
    texts=st.lists(st.sampled_from(["One.", "Two.", "# Three", "## Four", "Five."]), min_size=1, max_size=9)
)
def test_every_hit_resolves_to_itself(engine_of: EngineOf, texts: list[str]) -> None:
    engine = engine_of(law="\n\n".join(texts))
    for hit in search(engine, "one two five three four", Options(limit=100)):
        resolved = resolve(engine, hit.citation)
        assert (resolved.status, resolved.paragraph.start) == ("exact", hit.start)


def test_an_argument_that_is_no_text_is_no_citation(engine_of: EngineOf) -> None:
    with pytest.raises(CitationUnresolved, match="not a citation"):
        resolve(engine_of(law=TEXT), "\udcff@1:s0:p1:x00000000")
