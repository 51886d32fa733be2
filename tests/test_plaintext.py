"""What the reader of plain text makes of blank lines, indents, enumerators and what looks like a heading."""

from __future__ import annotations

from textwrap import dedent

import pytest
from docsearch.corpus.headings import Rank, designated, heading_form, is_title, numbered
from docsearch.corpus.outline import outline
from docsearch.corpus.plaintext import plain_blocks


def read(text: str) -> list[tuple[str, str]]:
    """Paragraphs as (kind, words), headings as ("#" times level, title), in order."""
    text = dedent(text)
    sections, paragraphs = outline(text, plain_blocks(text))
    marks = [(s.start, "#" * s.level, s.title) for s in sections[1:]]
    marks += [(p.start, p.kind, text[p.start : p.end]) for p in paragraphs]
    return [(kind, words) for _, kind, words in sorted(marks, key=lambda mark: mark[0])]


def kinds(text: str) -> list[str]:
    return [kind for kind, _ in read(text)]


@pytest.mark.parametrize(
    ("line", "rank"),
    [
        ("PART II", Rank.PART),
        ("Chapter 3 - Permits", Rank.CHAPTER),
        ("Section 4.", Rank.SECTION),
        ("SEC. 3. DEFINITIONS.", Rank.SECTION),
        ("§ 404. Eviction prohibition; notice.", Rank.ARTICLE),
        ("§ 3 Örtliche Zuständigkeit", Rank.ARTICLE),
        ("Article 5", Rank.ARTICLE),
        ("Artículo 12: Permisos", Rank.ARTICLE),
        ("Abschnitt 1 - Zuständigkeit, Antragstellung", Rank.DIVISION),
        ("Dritter Abschnitt - Vollstreckung", Rank.DIVISION),
        ("FIRST SCHEDULE", Rank.PART),
        ("Annex", Rank.PART),
        ("Part One", Rank.PART),
        ("IV. FINDINGS", Rank.ROMAN),
        ("B. Costs of the scheme", Rank.LETTER),
        ("3 Scope", Rank.NUMBER),
        ("1. Purpose of this guidance", Rank.NUMBER),
        ("3.2 Scope", Rank.NUMBER + 1),
        ("A2.6 Investment risk", Rank.NUMBER + 1),
        ("GENERAL PROVISIONS", Rank.CAPS),
        ("Background of Bicentennial Framework", Rank.WORDS),
        ("Begriffsbestimmungen und Anwendungsbereich", Rank.WORDS),
        ("Who needs a licence?", Rank.QUESTION),
    ],
)
def test_forms_of_headings(line: str, rank: int) -> None:
    form = heading_form(line)
    assert form is not None
    assert form.rank == rank


@pytest.mark.parametrize(
    "line",
    [
        "Section 4. The Minister shall make rules.",
        "part 3 of the plan",
        "15 March 2023",
        "March 15, 2023",
        "Berlin, 3. März 2023",
        "12 members were present",
        "1. The minister may make rules.",
        "2. Tiere und",
        "By Jane Doe",
        "Date: 15 March",
        "Effective: 1 May 2020",
        "Entry into force: 2020-05-01",
        "To: All Staff",
        "Dear Ms Smith",
        "Introduction ........ 3",
        "Name   Place",
        "www@example.org",
        "The objects of these rules are:",
        "WHEREAS",
        "(6) NOTICE",
        "lower case words",
        "Kept. Then lost",
        "12 345 67",
        "-",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    assert heading_form(line) is None


def test_titles_are_told_from_sentences() -> None:
    assert is_title("Ministers of the Environment and Trade")
    assert not is_title("Ministers meet in Geneva")
    assert not is_title("The Right to")
    assert designated("Articles of Association") is None
    assert designated("Article 5 of the Convention") is None
    assert numbered("31 Dec 2023") is None


ACT = """\
WATER RESOURCES ACT 2019

An Act to provide for the protection and
use of water resources.

PART I
PRELIMINARY

1. Short title

This Act may be cited as the Water Resources Act 2019.

2. Licences

(1) No person shall abstract water
except under a licence.
(2) A licence is not required for—
(a) domestic use, or under section
(c) of the old Act;
(b) fire fighting; or
(c) an emergency.


PART II
FEES

3. Fees

The Minister may prescribe fees.

SCHEDULE

Transitional provisions

Old licences remain in force.

John Smith
Minister for Water
"""


def test_an_act_has_parts_sections_and_clauses() -> None:
    assert read(ACT) == [
        ("#", "WATER RESOURCES ACT 2019"),
        ("text", "An Act to provide for the protection and\nuse of water resources."),
        ("##", "PART I PRELIMINARY"),
        ("###", "1. Short title"),
        ("text", "This Act may be cited as the Water Resources Act 2019."),
        ("###", "2. Licences"),
        ("item", "(1) No person shall abstract water\nexcept under a licence."),
        ("item", "(2) A licence is not required for—"),
        ("item", "(a) domestic use, or under section\n(c) of the old Act;"),
        ("item", "(b) fire fighting; or"),
        ("item", "(c) an emergency."),
        ("##", "PART II FEES"),
        ("###", "3. Fees"),
        ("text", "The Minister may prescribe fees."),
        ("##", "SCHEDULE Transitional provisions"),
        ("text", "Old licences remain in force."),
        ("text", "John Smith\nMinister for Water"),
    ]


def test_a_regulation_has_chapters_sections_and_articles_in_this_order() -> None:
    text = """\
        CHAPTER III

        Rights of the data subject

        Section 1

        Transparency

        Article 12

        Transparent information and communication

        1. The controller shall act.

        Section 2

        Article 13

        Information shall be given without delay.
        """
    assert [mark for mark in read(text) if mark[0].startswith("#")] == [
        ("#", "CHAPTER III Rights of the data subject"),
        ("##", "Section 1 Transparency"),
        ("###", "Article 12 Transparent information and communication"),
        ("##", "Section 2"),
        ("###", "Article 13"),
    ]


def test_sections_that_open_articles_are_inside_them() -> None:
    text = "\n\n".join(
        ["Article I", "Section 1.", "It has powers.", "Section 2.", "It meets.", "Article II", "And so on."]
    )
    assert [kind for kind in kinds(text) if kind.startswith("#")] == ["#", "##", "##", "#"]


def test_numbered_reports_and_their_matter() -> None:
    text = """\
        Trade and Climate: A Review

        By Jane Doe

        15 March 2023

        1. Introduction

        Border measures have grown.

        1.1 Scope

        Three regions are covered.

        2. Findings

        They are few.

        Conclusion

        Much remains to be done.
        """
    assert [mark for mark in read(text) if mark[0].startswith("#")] == [
        ("#", "Trade and Climate: A Review"),
        ("##", "1. Introduction"),
        ("###", "1.1 Scope"),
        ("##", "2. Findings"),
        ("##", "Conclusion"),
    ]


def test_short_lines_among_their_like_are_a_list() -> None:
    assert kinds("The list of fruit:\n\n1. Apples\n\n2. Pears\n\n3. Plums\n\nThat is all there is.\n") == [
        "text", "item", "item", "item", "text",
    ]  # fmt: skip
    assert (
        kinds("It was signed by:\n\nMary Jones\n\nJohn Smith\n\nAnn Other\n\nThe rest were absent.\n")
        == ["text"] * 5
    )
    assert (
        kinds("1. A term that is\nexplained here.\n\n2. Biotope\n\n3. A third term that\nis explained.\n")
        == ["item"] * 3
    )


def test_a_signature_at_the_end_and_a_lone_line_are_paragraphs() -> None:
    assert kinds("The Act is hereby promulgated.\n\nThe President\n") == ["text", "text"]
    assert read("Hello World") == [("text", "Hello World")]


def test_a_sentence_stands_out_between_sentences_only() -> None:
    body = (
        "The fund pays for small farms, and obliges the authority to answer their complaints within a month."
    )
    assert kinds(f"It was long.\n\nWhat the law says\n\n{body}\n") == ["text", "#", "text"]
    assert kinds(f"It was long, and\n\nWhat the law says\n\n{body}\n") == ["text"] * 3
    assert kinds("It was long.\n\nThe law sets up\n\n(a) a fund for small farms\nand for others;\n") == [
        "text", "text", "item",
    ]  # fmt: skip
    assert kinds(f"Minister says new law will help\n\n{body}\n") == ["#", "text"]


def test_questions_are_headings_where_there_are_several() -> None:
    answer = "It is a chemical that is used to make another one."
    one = f"Facts\n\n{answer}\n\nWhat is it?\n\n{answer}\n"
    assert kinds(one) == ["#", "text", "text", "text"]
    assert kinds(f"{one}\nWho needs it?\n\n{answer}\n") == ["#", "text", "##", "text", "##", "text"]


def test_underlined_headings() -> None:
    assert read(
        "Policy\n======\nIt says who.\n\nPurpose\n-------\n\nWords.\n\n====\nOver\n====\n\nMore.\n"
    ) == [
        ("#", "Policy"),
        ("text", "It says who."),
        ("##", "Purpose"),
        ("text", "Words."),
        ("#", "Over"),
        ("text", "More."),
    ]


def test_a_heading_right_above_its_text() -> None:
    assert read("Article 5\nThe Parties shall cooperate in\ngood faith.\n") == [
        ("#", "Article 5"),
        ("text", "The Parties shall cooperate in\ngood faith."),
    ]
    assert read("§ 3 Zweck\nDas Gesetz dient dem Schutz des Wassers und\nder Luft.\n")[0] == (
        "#",
        "§ 3 Zweck",
    )
    # Here the first line is full: the next word would not have fitted.
    assert kinds("§ 87a Absatz 1 gilt, soweit eine elektronische\nÜbermittlung der Daten erfolgt.\n") == [
        "text"
    ]
    assert kinds("Section 8 Housing Choice\nvouchers are issued by the agency.\n") == ["text"]


def test_wrapped_lines_belong_to_one_paragraph_and_items_to_their_own() -> None:
    text = (
        "Three steps are needed:\n1. Agree on a method,\n   and soon.\n2. Share data.\n- also\n• and that\n"
    )
    assert read(text) == [
        ("text", "Three steps are needed:"),
        ("item", "1. Agree on a method,\n   and soon."),
        ("item", "2. Share data."),
        ("item", "also"),
        ("item", "and that"),
    ]
    assert kinds("It applies from the\n1. Juli 2014 and under section\n(b) of the\nAct.") == ["text"]


def test_sequences_carry_on_without_stops() -> None:
    assert kinds("a) flour\nb) milk\nc) eggs\n") == ["item"] * 3
    assert kinds("Bring\ni. flour\nii. milk\n") == ["text", "item", "item"]
    assert kinds("3.1 one\n3.2 two\n3.3 three\n") == ["item"] * 3


def test_paragraphs_by_first_line_indents() -> None:
    assert read(
        "   The Committee met to consider the\nreport. It took note.\n   The Chair recalled it, and\nspoke."
    ) == [
        ("text", "The Committee met to consider the\nreport. It took note."),
        ("text", "The Chair recalled it, and\nspoke."),
    ]


def test_paragraphs_by_hanging_indents() -> None:
    assert (
        kinds('"controller" means a person\n    who decides;\n"processor" means a person\n    who acts.\n')
        == ["text"] * 2
    )


def test_lines_that_were_never_wrapped_are_paragraphs() -> None:
    long = "The law sets up a fund for small farms. " * 5
    assert read(f"{long}\n{long}\nNext Steps\n{long}\n") == [
        ("text", long.strip()),
        ("text", long.strip()),
        ("#", "Next Steps"),
        ("text", long.strip()),
    ]


def test_double_spaced_text_has_paragraphs_by_its_indents() -> None:
    lines = [
        "and it went on to say what had been agreed in the",
        "course of the meeting, and who had agreed to it, in",
    ] * 4
    paragraph = "\n\n".join([*lines, "the end of the day."])
    text = (
        f"     First, the delegate rose to speak,\n\n{paragraph}\n\n     Then another spoke,\n\n{paragraph}\n"
    )
    assert [words.split()[0] for _, words in read(text)] == ["First,", "Then"]


def test_tables_by_their_gaps() -> None:
    text = "Measure        Start    Sectors\nEU CBAM        2023     six\nUK CBAM        2027     five\n"
    assert read(text) == [("table", text.rstrip())]
    assert kinds("1.1\tThe first rule says\n1.2\tand the second\n") == ["item", "item"]
    assert kinds("a\t1\nb\t2\n" * 500).count("table") > 1


def test_page_breaks_are_white_space() -> None:
    assert read("It ends here.\n\f\nIt begins here.\n") == [
        ("text", "It ends here."),
        ("text", "It begins here."),
    ]
