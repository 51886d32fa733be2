"""The laws of sections and paragraphs, for any text and both readers: no word lost or twice, all in order."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.blocks import Block, Heading
from docsearch.corpus.cutting import LONGEST, ROWS, pieces, row_groups
from docsearch.corpus.markdown import markdown_blocks
from docsearch.corpus.model import Document, Metadata, Paragraph, Section
from docsearch.corpus.outline import outline
from docsearch.corpus.plaintext import plain_blocks
from hypothesis import example, given
from hypothesis import strategies as st

WORD = re.compile(r"[^\W_]")

LINES = (
    "# Water", "### Fees #", "Title\n=====", "Purpose\n---", "---", "* * *", "Plain words, and more of them.",
    "- item one", "  - nested", "* star", "1. first", "2. second", "(a) clause;", "(b) clause", "i. roman",
    "3.2.1 The licensee", "> quoted words", ">", "> 5 years", "| a | b |", "|---|---|", "x | y", "-|-",
    "+--+--+", "term", ":   definition", ": x", "    indented words", "\tTabbed", "*    *   cell",
    "    *   cell", "*    *", "PART II", "CHAPTER III", "Article 5", "Article 5 Scope",
    "Section 4. Notice.", "§ 3 Zweck", "ANNEX",
    "Background of the Framework", "What is it?", "Background and purpose", "15 March 2023", "a  b     c", "",
    "", "", "word " * 40, "\f", "\xa0", "\u2003x", "[ref]: http://x", "\\# no", "**bold** _it_", "&amp; <b>",
)  # fmt: skip
SKIPPED = (
    "```python",
    "```",
    "~~~",
    "<!-- note",
    "-->",
    "[^1]: a note",
    "[^1]:",
)  # may hide words in Markdown

lines = st.one_of(st.sampled_from(LINES), st.text(max_size=12))
texts = st.lists(lines, max_size=14).map("\n".join)
texts_with_skipped_lines = st.lists(st.one_of(lines, st.sampled_from(SKIPPED)), max_size=14).map("\n".join)

Blocks = Callable[[str], Iterator[Block | Heading]]
READERS = pytest.mark.parametrize("blocks", [markdown_blocks, plain_blocks])


def read(text: str, found: Iterator[Block | Heading]) -> Document:
    sections, paragraphs = outline(text, found)
    return Document("k", text, sections, paragraphs, Metadata("t"))


def check_paragraphs(document: Document) -> None:
    text, end = document.text, 0
    ordinals: dict[int, int] = {}
    for paragraph in document.paragraphs:
        words = text[paragraph.start : paragraph.end]
        assert end <= paragraph.start < paragraph.end <= len(text)
        assert words == words.strip()
        assert WORD.search(words)
        assert len(words) <= LONGEST
        assert paragraph.line == text.count("\n", 0, paragraph.start) + 1
        ordinals[paragraph.section] = ordinals.get(paragraph.section, 0) + 1
        assert paragraph.ordinal == ordinals[paragraph.section]
        end = paragraph.end


def check_sections(document: Document) -> None:
    sections = document.sections
    lead = sections[0]
    first_heading = sections[1].start if len(sections) > 1 else len(document.text)
    assert lead == Section("", 0, None, (0,), (0, 0), 0, first_heading, 0, lead.last)
    children: dict[int | None, int] = {}
    for index, section in enumerate(sections[1:], 1):
        parent = None if section.parent is None else sections[section.parent]
        children[section.parent] = children.get(section.parent, 0) + 1
        assert section.path == (*(parent.path if parent else ()), children[section.parent])
        assert section.level > (parent.level if parent else 0)
        assert section.title == " ".join(section.title.split()) != ""
        assert section.start <= section.heading[0] < section.heading[1] <= section.end
        later = [s for s in sections[index + 1 :] if s.level <= section.level]
        assert section.end == (later[0].start if later else len(document.text))
        if parent:
            assert section.parent is not None
            assert section.parent < index
            assert parent.start < section.start
            assert section.end <= parent.end


def check_membership(document: Document) -> None:
    sections, paragraphs = document.sections, document.paragraphs
    for index, paragraph in enumerate(paragraphs):
        around = [n for n, s in enumerate(sections) if s.first <= index < s.last]
        assert around[-1] == paragraph.section
        assert all(sections[n].start <= paragraph.start < paragraph.end <= sections[n].end for n in around)
        if paragraph.kind == "heading":
            section = sections[paragraph.section]
            assert (section.first, section.last) == (index, index + 1)
            assert section.heading == (paragraph.start, paragraph.end)
    # A section without a paragraph of its own has subsections.
    owned = {paragraph.section for paragraph in paragraphs}
    parents = {section.parent for section in sections}
    assert all(index in owned | parents for index in range(1, len(sections)))


def lost_words(document: Document, body: int = 0) -> list[str]:
    """What stands outside all paragraphs and headings and yet holds a word."""
    spans: set[tuple[int, int]] = {(p.start, p.end) for p in document.paragraphs}
    spans |= {section.heading for section in document.sections[1:]}
    borders = [(body, body), *sorted(spans), (len(document.text), len(document.text))]
    between = [(left[1], right[0]) for left, right in pairwise(borders)]
    assert all(start <= end for start, end in between)  # disjoint
    return [document.text[start:end] for start, end in between if WORD.search(document.text[start:end])]


@READERS
@given(text=texts_with_skipped_lines)
def test_the_laws_hold_for_any_text(blocks: Blocks, text: str) -> None:
    document = read(text, blocks(text))
    check_paragraphs(document)
    check_sections(document)
    check_membership(document)
    assert read(text, blocks(text)) == document


@given(texts_with_skipped_lines)
def test_plain_text_loses_no_word(text: str) -> None:
    assert lost_words(read(text, plain_blocks(text))) == []


@given(texts)
@example("# Water\n\n- a\n  - b\n\n| a |\n\n> q\n")
def test_markdown_loses_no_word_but_in_comments_fences_and_labels(text: str) -> None:
    text = re.sub(r"<!--|`{3}|~{3}|\[\^", "", text)
    assert lost_words(read(text, markdown_blocks(text))) == []


@READERS
@given(st.lists(st.tuples(st.integers(0, 4), st.text("ab.\n *#1)(|>-:", max_size=8)), max_size=12))
def test_the_laws_hold_for_dense_marks(blocks: Blocks, parts: Sequence[tuple[int, str]]) -> None:
    text = "".join(" " * count + part for count, part in parts)
    document = read(text, blocks(text))
    check_paragraphs(document)
    check_sections(document)
    check_membership(document)


def test_a_checker_complains_of_a_lost_word() -> None:
    document = read("one\n\ntwo", plain_blocks("one\n\ntwo"))
    missing = Document("k", document.text, document.sections, document.paragraphs[:1], document.meta)
    assert lost_words(missing) == ["\n\ntwo"]


ARTICLE = "\n\n".join(
    [f"Paragraph {n} of the lead says at some length what the two ministers agreed." for n in range(1, 10)]
    + ["Background of Joint Framework"]
    + [f"Paragraph {n} of the background says where the framework came from." for n in range(1, 8)]
)


def test_a_news_article_has_a_lead_and_a_background() -> None:
    (document,) = read_bytes("k", "article.txt", ARTICLE.encode()).documents
    lead, background = document.sections
    assert (lead.first, lead.last, background.first, background.last) == (0, 9, 9, 16)
    assert (background.title, background.path) == ("Background of Joint Framework", (1,))
    fourth = document.paragraphs[3]
    assert (fourth.section, fourth.ordinal, fourth.line) == (0, 4, 7)


def test_headings_nest_and_leaves_stand_for_themselves() -> None:
    text = "lead\n\n# A\n\n### B\n\ntext\n\n## C\n\n# D\n"
    document = read(text, markdown_blocks(text))
    assert [(s.title, s.level, s.parent, s.path, s.first, s.last) for s in document.sections] == [
        ("", 0, None, (0,), 0, 1),
        ("A", 1, None, (1,), 1, 3),
        ("B", 3, 1, (1, 1), 1, 2),
        ("C", 2, 1, (1, 2), 2, 3),
        ("D", 1, None, (2,), 3, 4),
    ]
    assert document.paragraphs[2:] == (
        Paragraph(27, 28, 3, 1, 9, "heading"),
        Paragraph(32, 33, 4, 1, 11, "heading"),
    )


def test_without_words_there_is_the_lead_alone() -> None:
    for text in ("", "\n\n", "---\n\n***\n"):
        assert outline(text, markdown_blocks(text)) == (
            (Section("", 0, None, (0,), (0, 0), 0, len(text), 0, 0),),
            (),
        )


@given(
    st.sampled_from(["word ", "Sentence ends. ", "line of words\n", "x"]),
    st.integers(1, 4 * LONGEST),
    st.integers(0, 50),
)
def test_pieces_cover_a_range_in_order(unit: str, length: int, start: int) -> None:
    text = (unit * (length + start))[: length + start]
    found = list(pieces(text, start, len(text)))
    assert [piece[0] for piece in found[1:]] == [piece[1] for piece in found[:-1]]
    assert (found[0][0], found[-1][1]) == (start, len(text))
    assert all(0 < end - begin <= LONGEST for begin, end in found)


def test_a_cut_prefers_sentences_to_lines_to_spaces() -> None:
    for unit, border in (
        ("A sentence of it.\n", "\n"),
        ("One. two three ", "One. "),
        ("a line\n", "\n"),
        ("some clause; or\n(a) more. And so on ", "\n"),
        ("ab ", " "),
    ):
        text = unit * (2 * LONGEST // len(unit))
        cuts = [end for _, end in pieces(text, 0, len(text))][:-1]
        assert cuts
        assert all(text[:cut].endswith(border) for cut in cuts)


@given(st.lists(st.integers(0, ROWS + 200), max_size=12))
def test_row_groups_hold_whole_lines(lengths: list[int]) -> None:
    text = "\n".join("r" * length for length in lengths)
    groups = list(row_groups(text, 0, len(text)))
    assert "".join(text[start:end] for start, end in groups) == text
    for start, end in groups:
        assert start == 0 or text[start - 1] == "\n"
        assert end - start <= ROWS or "\n" not in text[start:end].rstrip("\n")


def _corpora() -> Path:
    if not os.environ.get("DOCSEARCH_CORPORA"):
        pytest.skip("DOCSEARCH_CORPORA is not set")
    return Path(os.environ["DOCSEARCH_CORPORA"])


@pytest.mark.corpus
def test_every_passage_of_the_rulebooks_begins_a_paragraph_and_none_runs_into_another() -> None:
    folder = _corpora() / "obliqa"
    with (folder / "passages.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for path in sorted((folder / "docs").glob("*.md")):
        (document,) = read_bytes(path.name, path.name, path.read_bytes()).documents
        passages = [row for row in rows if row["file"] == path.name]
        starts = {paragraph.line for paragraph in document.paragraphs}
        assert {int(row["first_line"]) for row in passages if row["kind"] == "para"} <= starts
        owner = {
            line: row["docid"]
            for row in passages
            for line in range(int(row["first_line"]), int(row["last_line"]) + 1)
        }
        for p in document.paragraphs:
            last = p.line + document.text.count("\n", p.start, p.end)
            assert len({owner[line] for line in range(p.line, last + 1) if line in owner}) <= 1


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["dc-law", "de-gesetze"])
def test_the_laws_hold_for_real_files(name: str) -> None:
    files = sorted((_corpora() / name).rglob("*.md"))[::200]
    assert files
    for path in files:
        reading = read_bytes("k", path.name, path.read_bytes())
        assert not reading.gaps, (path, reading.gaps)
        (document,) = reading.documents
        check_paragraphs(document)
        check_sections(document)
        check_membership(document)
