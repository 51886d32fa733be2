"""What the reader of Markdown takes for headings, items, tables, quotations and code."""

from __future__ import annotations

from textwrap import dedent

import pytest
from docsearch.corpus.blocks import HEADING_LONGEST, Heading
from docsearch.corpus.cutting import ROWS
from docsearch.corpus.markdown import markdown_blocks, plain_title
from docsearch.corpus.outline import outline


def read(text: str) -> list[tuple[str, str]]:
    """The kind and words of every paragraph, each heading before its own as ("#", title)."""
    text = dedent(text)
    sections, paragraphs = outline(text, markdown_blocks(text))
    marks = [(s.start, "#" * s.level, s.title) for s in sections[1:]]
    marks += [(p.start, p.kind, text[p.start : p.end]) for p in paragraphs]
    return [(kind, words) for _, kind, words in sorted(marks, key=lambda mark: mark[0])]


def test_headings_of_both_styles() -> None:
    assert read(
        """\
        # Water *Act* #
        text
        ##   Part `I`  ##
           ### Fees
        Setext
        ======
        words
        and more

        Second
        ---
        more
        """
    ) == [
        ("#", "Water Act"),
        ("text", "text"),
        ("##", "Part I"),
        ("###", "Fees"),
        ("heading", "Fees"),
        ("#", "Setext"),
        ("text", "words\nand more"),
        ("##", "Second"),
        ("text", "more"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "#hashtag",
        "####### seven",
        "    # indented",
        "\\# escaped",
        "#",
        "## ***",
        "# " + "x" * HEADING_LONGEST,
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert not any(isinstance(block, Heading) for block in markdown_blocks(text))


def test_a_heading_range_holds_its_words_only() -> None:
    text = "\n  ## The **Act** ## \nwords"
    heading = next(block for block in markdown_blocks(text) if isinstance(block, Heading))
    assert text[heading.start : heading.end] == "The **Act**"
    assert (heading.title, heading.level, text[heading.opens :][:2]) == ("The Act", 2, "##")


def test_dashes_after_a_sentence_or_several_lines_are_a_rule() -> None:
    assert read("Signed in Geneva.\n---\nAnnex") == [("text", "Signed in Geneva."), ("text", "Annex")]
    assert read("one\ntwo\n---\nthree") == [("text", "one\ntwo"), ("text", "three")]
    assert read("- item\n---\nthree") == [("item", "item"), ("text", "three")]
    assert read("a formula\n=\nb") == [("text", "a formula\n=\nb")]


def test_code_holds_no_headings() -> None:
    assert read("```python\n# no heading\n\nx\n```\nafter\n~~~\n```\n~~~\n") == [
        ("code", "# no heading\n\nx"),
        ("text", "after"),
    ]


def test_a_fence_that_never_closes_hides_nothing() -> None:
    assert read("````\ncode\n```\n\n# Heading\n\nwords") == [
        ("text", "````\ncode"),
        ("#", "Heading"),
        ("text", "words"),
    ]


def test_lists_have_one_paragraph_for_each_item() -> None:
    assert read(
        """\
        Bring:
        - a form, filled in
          by hand
        - two photos
            * in colour
        1. first
           wrapped
        2. second

        10. tenth

            a second paragraph of it
        """
    ) == [
        ("text", "Bring:"),
        ("item", "a form, filled in\n  by hand"),
        ("item", "two photos"),
        ("item", "in colour"),
        ("item", "1. first\n   wrapped"),
        ("item", "2. second"),
        ("item", "10. tenth"),
        ("text", "a second paragraph of it"),
    ]


def test_hard_wrapped_numbers_and_dashes_begin_no_item() -> None:
    for text in (
        "in der Fassung vom\n1. Juli 2014 an",
        "nach Absatz\n31. Dezember gilt",
        "the plan - if it is one\n- was dropped",
        "under section 4\n(b) of the Act",
    ):
        assert read(text) == [("text", text)]


def test_lettered_clauses_stay_with_their_sentence() -> None:
    passage = "1.2.1\tThe Rule applies to:\n(a)\tevery Person; and\n(b)\ta Fund."
    assert read(passage + "\n\n1.2.2\tNext.") == [("item", passage), ("item", "1.2.2\tNext.")]


def test_quotations() -> None:
    assert read("He said:\n> We will\n> not go.\nlazily\n>\n> > Deeper\n\n> 5 years\t4\n") == [
        ("text", "He said:"),
        ("quote", "We will\n> not go.\nlazily"),
        ("quote", "Deeper"),
        ("text", "> 5 years\t4"),
    ]


def test_tables() -> None:
    assert read("Rates\n| a | b |\n|---|---|\n| 1 | 2 |\n\nx | y\n--|--\n1 | 2\n\n+--+\n| z |\n+--+\n") == [
        ("text", "Rates"),
        ("table", "| a | b |\n|---|---|\n| 1 | 2 |"),
        ("table", "x | y\n--|--\n1 | 2"),
        ("table", "+--+\n| z |\n+--+"),
    ]


def test_a_long_table_is_cut_between_rows() -> None:
    rows = [f"| {n} | {'x' * 90} |" for n in range(100)]
    found = read("\n".join(rows))
    assert {kind for kind, _ in found} == {"table"}
    assert "\n".join(words for _, words in found) == "\n".join(rows)
    assert all(len(words) <= ROWS for _, words in found)
    assert len(found) < 10


LIST_TABLE = """\
*    *   No.

    *   Fee


*    *   1

    *   Approval of containers under
        rule 4

    *

"""


def test_a_list_table_is_a_table() -> None:
    assert read(LIST_TABLE + "after") == [("table", LIST_TABLE[9:].rstrip()), ("text", "after")]


def test_a_list_table_with_whole_texts_for_cells_is_a_list() -> None:
    cell = "A sentence of the long text. " * 40
    found = read(f"*    *   {cell}\n\n    *   {cell}\n\n*    *   short\n")
    assert [kind for kind, _ in found] == ["item", "item", "table"]


def test_definitions_belong_to_their_terms() -> None:
    assert read("Stand: new\nEnacted\n:   2006-01-17\nSource\n:   Gazette\n    2006\n\n:   alone") == [
        ("text", "Stand: new"),
        ("item", "Enacted\n:   2006-01-17"),
        ("item", "Source\n:   Gazette\n    2006"),
        ("text", "alone"),
    ]


def test_comments_rules_and_footnote_labels_are_left_out() -> None:
    assert read(
        "<!-- a\n\nnote --> seen\n\n* * *\n___\ntext[^1]\n[^1]: The note.\n[^2]:\n\nend <!-- open"
    ) == [
        ("text", "seen"),
        ("text", "text[^1]"),
        ("text", "The note."),
        ("text", "end <!-- open"),
    ]


def test_a_comment_that_never_ends_hides_nothing() -> None:
    assert read("<!-- open\n\n# Heading\n") == [
        ("text", "<!-- open"),
        ("#", "Heading"),
        ("heading", "Heading"),
    ]


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Plain  and\tsimple", "Plain and simple"),
        ("**Bold** and *thin* and ***both***", "Bold and thin and both"),
        ("_thin_ but snake_case_name", "thin but snake_case_name"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("[Scope](http://x.y/z(1)) of ![it](a.png) and [ref][1]", "Scope of it and ref"),
        ("`code` & &amp; &#167; 3", "code & & § 3"),
        (r"1\. Not \*bold\*", "1. Not *bold*"),
        ("Title[^F817_01]", "Title"),
        ("H<sub>2</sub>O <angepasst>", "H2O <angepasst>"),
        ("[^1]", "[^1]"),
    ],
)
def test_titles_are_shown_without_markup(words: str, title: str) -> None:
    assert plain_title(words) == title
