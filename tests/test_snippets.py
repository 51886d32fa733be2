"""Snippets: verbatim, on sentence borders, with the words of the query marked as they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from docsearch.corpus.model import Metadata, Paragraph
from docsearch.corpus.sentences import sentences
from docsearch.index.analysis.normal import normalise
from docsearch.index.analysis.tokens import tokenize
from docsearch.index.query import FieldName, Spelling, Word
from docsearch.index.records import Passage, Ref
from docsearch.search.engine import Engine
from docsearch.search.reading import Leaf, read
from docsearch.search.results import Snippet
from docsearch.search.snippets import ROOM, WHOLE, Marks, highlights_of, marks_of, snippets_of
from hypothesis import given
from hypothesis import strategies as st

EngineOf = Callable[..., Engine]

OFFSET = 100
"""Where the paragraphs of these tests begin in their documents."""


def passage(text: str) -> Passage:
    return Passage(
        ref=Ref("k", 0),
        meta=Metadata(title=""),
        headings=(),
        section=(0,),
        paragraph=Paragraph(OFFSET, OFFSET + len(text), 0, 1, 1),
        text=text,
        page=None,
        page_label="",
        root="",
        path="k",
    )


def marks(*patterns: str) -> Marks:
    """Marks of words and phrases as they are spelt."""
    return Marks([[frozenset({word}) for word in pattern.split()] for pattern in patterns])


def shown(text: str, snippet: Snippet) -> str:
    """The snippet with its highlights in brackets."""
    parts, at = [], snippet.start
    for start, end in snippet.highlights:
        parts += [text[at - OFFSET : start - OFFSET], f"[{text[start - OFFSET : end - OFFSET]}]"]
        at = end
    return "".join([*parts, text[at - OFFSET : snippet.end - OFFSET]])


def cut(text: str, found: Marks, most: int = 2) -> list[str]:
    return [shown(text, snippet) for snippet in snippets_of(passage(text), found, most)]


def asked(engine_of: EngineOf, text: str, query: str, most: int = 2) -> list[str]:
    engine = engine_of(text)
    return cut(text, marks_of(engine.surfaces, read(engine, query).leaves), most)


def sentence(number: int, *words: str) -> str:
    """A sentence of some 90 characters that holds the words."""
    start = f"In session {number} the committee went on to consider"
    return f"{start} {' '.join(words)} and other business of the day."


# What is marked


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("chemical", "Precursor [chemicals] and [chemical] waste."),
        ("precursor chemicals", "[Precursor chemicals] and [chemical] waste."),
        ("chemicals precursor", "[Precursor] [chemicals] and [chemical] waste."),
        ('"precursor chemicals"', "[Precursor chemicals] and chemical waste."),
        ('"precursor chemicals" waste', "[Precursor chemicals] and chemical [waste]."),
        ("precursor-chemicals", "[Precursor chemicals] and chemical waste."),
        ("chemical waste precursor", "[Precursor] [chemicals] and [chemical waste]."),
        ("precursor chemicals waste", "[Precursor chemicals] and [chemical waste]."),
        ('"precursor chemicals" and chemical', "[Precursor chemicals] and [chemical] waste."),
        ('precursor-chemicals "and chemical"', "[Precursor chemicals and chemical] waste."),
        ("precursor AND waste", "[Precursor] chemicals and chemical [waste]."),
        ("precursor -absent", "[Precursor] chemicals and chemical waste."),
        ("precursor OR NOT waste", "[Precursor] chemicals and chemical waste."),
        ("+precursor waste", "[Precursor] chemicals and chemical [waste]."),
        ("was* pre*", "[Precursor] chemicals and chemical [waste]."),
        ("and the", "Precursor chemicals [and] chemical waste."),
        ("precursor and", "[Precursor] chemicals and chemical waste."),
        ("title:precursor heading:chemicals waste", "Precursor chemicals and chemical [waste]."),
        ("text:precursor", "[Precursor] chemicals and chemical waste."),
        ("NOT precursor", "Precursor chemicals and chemical waste."),
    ],
)
def test_what_is_marked(engine_of: EngineOf, query: str, marked: str) -> None:
    assert asked(engine_of, "Precursor chemicals and chemical waste.", query) == [marked]


def test_a_phrase_is_marked_across_a_line_break(engine_of: EngineOf) -> None:
    text = "the U.S.\nborder, the self-\nemployed"
    assert asked(engine_of, text, "U.S. border self-employed") == [
        "the [U.S.\nborder], the [self-\nemployed]"
    ]


def test_accents_and_possessives_are_marked_as_they_stand(engine_of: EngineOf) -> None:
    assert asked(engine_of, "Mexico's new señor", "mexico senor") == ["[Mexico]'s new [señor]"]


@pytest.mark.parametrize(
    ("pattern", "marked"),
    [
        ("12 a", "of [12(a)](2), 12(b) and [(12) a] (see 12)."),
        ("12 a 2", "of [12(a)(2)], 12(b) and (12) a (see 12)."),
        ("b and", "of 12(a)(2), 12[(b) and] (12) a (see 12)."),
        ("12", "of [12](a)(2), [12](b) and ([12]) a (see [12])."),
        ("see 12", "of 12(a)(2), 12(b) and (12) a ([see 12])."),
    ],
)
def test_a_mark_takes_in_the_brackets_that_belong_to_it(pattern: str, marked: str) -> None:
    assert cut("of 12(a)(2), 12(b) and (12) a (see 12).", marks(pattern)) == [marked]


def test_a_bracket_at_the_end_of_a_stretch_is_marked_too() -> None:
    (snippet,) = cut("x" * 2_000 + " section 1.2[b(c)] " + "x" * 2_000, marks("1 2 b c"))
    assert "section [1.2[b(c)]]" in snippet


@pytest.mark.parametrize(
    ("query", "field", "marked"),
    [
        ("water title:air heading:sea", FieldName.TITLE, ["Water, air"]),
        ("water title:air heading:sea", FieldName.HEADING, ["Water", "sea"]),
        ("water title:air text:sea", FieldName.HEADING, ["Water"]),
        ('"air and" sea -water', FieldName.TITLE, ["air and sea"]),
        ("sea air", FieldName.TITLE, ["air", "sea"]),
        ("and sea", FieldName.TITLE, ["sea"]),
        ("fire", FieldName.TITLE, []),
    ],
)
def test_titles_and_headings_are_marked_where_they_are_asked_for(
    engine_of: EngineOf, query: str, field: FieldName, marked: list[str]
) -> None:
    text = "Water, air and sea"
    engine = engine_of(text)
    found = highlights_of(marks_of(engine.surfaces, read(engine, query).leaves, field), text)
    assert [text[start:end] for start, end in found] == marked


# Which stretches are shown


def test_a_short_paragraph_is_shown_whole() -> None:
    text = "water " * (WHOLE // 6)
    assert [snippet.text for snippet in snippets_of(passage(text), marks("fire"))] == [text]


def test_without_anything_to_mark_the_beginning_is_shown() -> None:
    text = " ".join(sentence(number, "rivers") for number in range(9))
    (snippet,) = snippets_of(passage(text), marks("fire"))
    assert snippet.highlights == ()
    assert snippet.text == " ".join(sentence(number, "rivers") for number in range(3))


def test_one_stretch_is_enough_when_it_holds_every_word() -> None:
    text = " ".join(sentence(n, *words) for n, words in enumerate([[], [], [], ["water", "air"], [], [], []]))
    (snippet,) = cut(text, marks("water", "air"))
    assert snippet.startswith("In session 3 ")
    assert "[water] [air]" in snippet


def test_two_stretches_where_the_words_stand_apart() -> None:
    words = [["water"], [], [], [], [], [], [], ["air"], [], []]
    text = " ".join(sentence(number, *each) for number, each in enumerate(words))
    assert cut(text, marks("water", "air")) == [
        sentence(0, "[water]"),
        sentence(7, "[air]"),
    ]


def test_one_stretch_when_only_one_is_asked_for() -> None:
    words = [["water"], [], [], [], [], [], [], ["air", "sea"], [], []]
    text = " ".join(sentence(number, *each) for number, each in enumerate(words))
    (snippet,) = cut(text, marks("water", "air", "sea"), 1)
    assert snippet.startswith("In session 7 ")


def test_none_when_none_is_asked_for() -> None:
    assert snippets_of(passage("water"), marks("water"), 0) == ()


def test_words_side_by_side_are_preferred() -> None:
    words = [["water", "and", "air"], [], [], [], [], ["water", "air"], [], []]
    text = " ".join(sentence(number, *each) for number, each in enumerate(words))
    (snippet,) = cut(text, marks("water", "air", "water air"))
    assert "session 5" in snippet
    assert "[water air]" in snippet


def test_the_earlier_of_equals_is_shown() -> None:
    text = " ".join(sentence(number, "water") for number in range(9))
    (snippet,) = snippets_of(passage(text), marks("water"))
    assert snippet.start == OFFSET


def test_the_end_of_a_paragraph_is_shown_with_what_precedes_it() -> None:
    text = " ".join([*(sentence(number) for number in range(9)), "Then water."])
    (snippet,) = cut(text, marks("water"))
    assert snippet.startswith("In session ")
    assert snippet.endswith("Then [water].")
    assert 200 <= len(snippet) <= ROOM + 2


def test_a_long_sentence_is_cut_at_words_around_what_is_marked() -> None:
    text = "rivers, lakes, seas, " * 50 + "water, " + "rivers, lakes, seas, " * 50
    (snippet,) = snippets_of(passage(text), marks("water"))
    assert "water" in snippet.text
    assert len(snippet.text) <= ROOM
    assert text[snippet.start - OFFSET - 1] == " "
    assert text[snippet.end - OFFSET] == " "
    marked = snippet.highlights[0][0] - snippet.start
    assert 20 < marked < ROOM - 50


def test_a_stretch_without_white_space_is_cut_somewhere() -> None:
    text = "x" * 2_000 + ",water," + "x" * 2_000
    snippets = snippets_of(passage(text), marks("water"))
    assert ["water" in snippet.text for snippet in snippets] == [True]
    assert len(snippets[0].text) <= ROOM


@pytest.mark.parametrize(
    "text",
    [
        "water air fire. " * 12_000,
        "a. " * 60_000,
        "x" * 200_000,
        "water " * 30_000,
        " " * 200_000 + "water",
        "".join("\n\nwater" for _ in range(25_000)),
    ],
)
def test_an_enormous_paragraph_is_cut(text: str) -> None:
    # By an algorithm that is not linear this would not end.
    found = marks("water", "sea", "a", *["water " * 50] * 3, "earth")
    assert 1 <= len(snippets_of(passage(text), found)) <= 2


# Laws

WORDS = st.sampled_from(["water", "Water", "air", "fire", "sea", "x" * 130, "é", "12", "U.S."])
TEXTS = (
    st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", " ", ". ", ".\n", "\n", "; ", "-"])), min_size=1)
    .flatmap(lambda parts: st.integers(1, 12).map(lambda times: parts * times))
    .map(lambda parts: "".join(word + gap for word, gap in parts).strip())
)
PATTERNS = st.lists(
    st.sampled_from(["water", "air", "water air", "air water", "sea", "fire fire", "us"]),
    max_size=4,
    unique=True,
)


@given(text=TEXTS | st.text(min_size=1, max_size=600), patterns=PATTERNS, most=st.integers(1, 4))
def test_snippets_are_verbatim_and_highlights_lie_in_them(text: str, patterns: list[str], most: int) -> None:
    document = "·" * OFFSET + text + "·"
    snippets = snippets_of(passage(text), marks(*patterns), most)
    assert 1 <= len(snippets) <= most
    borders = [OFFSET - 1]
    for snippet in snippets:
        assert snippet.text == document[snippet.start : snippet.end] != ""
        assert OFFSET <= snippet.start < snippet.end <= OFFSET + len(text)
        assert borders[-1] < snippet.start
        borders += [snippet.start, snippet.end]
        assert ordered_within(snippet)
    assert sum(len(snippet.text) for snippet in snippets) <= max(WHOLE, ROOM + most)


def ordered_within(snippet: Snippet) -> bool:
    edges = [edge for pair in snippet.highlights for edge in pair]
    inside = all(snippet.start <= edge <= snippet.end for edge in edges)
    disjoint = all(
        end <= start for (_, end), (start, _) in zip(snippet.highlights, snippet.highlights[1:], strict=False)
    )
    return inside and disjoint and all(start < end for start, end in snippet.highlights)


@given(text=TEXTS, patterns=PATTERNS)
def test_snippets_hold_something_to_mark_if_the_paragraph_does(text: str, patterns: list[str]) -> None:
    found = marks(*patterns)
    if any(each.end - each.start < 100 for each in found.find(text)):
        assert any(snippet.highlights for snippet in snippets_of(passage(text), found))


@given(text=TEXTS, patterns=PATTERNS)
def test_marks_find_what_a_plain_search_finds(text: str, patterns: list[str]) -> None:
    tokens = list(tokenize(text))
    surfaces = [normalise(token.raw) for token in tokens]
    expected = {
        (tokens[at].start, tokens[at + len(words) - 1].end, 1 << which)
        for which, words in enumerate(pattern.split() for pattern in patterns)
        for at in range(len(tokens) - len(words) + 1)
        if surfaces[at : at + len(words)] == words
    }
    assert {(each.start, each.end, each.what) for each in marks(*patterns).find(text)} == expected


@given(text=TEXTS)
def test_a_stretch_begins_with_a_sentence_unless_that_is_long(text: str) -> None:
    starts = {start: end - start for start, end in sentences(text)}
    for snippet in snippets_of(passage(text), marks("water"), 1):
        begins_inside = snippet.start - OFFSET not in starts
        assert not begins_inside or max(starts.values()) > 100


def test_of_an_exact_word_no_other_spelling_is_marked(engine_of: EngineOf) -> None:
    text = "Permits permit what is permitted."
    engine = engine_of(text)
    exact = Word("permits", engine.analyse("permits", "en"), spelling=Spelling(("permits",)))
    assert cut(text, marks_of(engine.surfaces, [Leaf(exact)])) == ["[Permits] permit what is permitted."]
