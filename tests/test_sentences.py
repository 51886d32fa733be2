"""Sentences cover the text, keep together what belongs together, and agree with Punkt elsewhere."""

from __future__ import annotations

import subprocess
import sys

import pytest
from docsearch.corpus.languages import LANGUAGES
from docsearch.corpus.sentences import sentences
from hypothesis import given
from hypothesis import strategies as st
from nltk.tokenize.punkt import PunktSentenceTokenizer

STORY = """\
The ministers of the two countries met on Tuesday. They agreed to share what they know about
precursor chemicals. "We cannot wait for another year," the host said. Shipments rose by 3.5 per
cent in 2022, and seizures fell. Who will pay for the laboratories? Nobody knew! A fund of $4.2
million was proposed. It would be run by the bank in Geneva. The plan has three parts. First, every
buyer must register. Second, the customs offices exchange their lists each month. Third, a panel
reports to parliament. Critics called the plan slow. Supporters answered that it could work (if it
was funded). The vote is due in May. Observers expect a narrow majority. The opposition wants a
longer debate.

Talks on water will follow in the autumn. The river rises in the north. Both sides have dams on it.
Neither side has published its plans. A treaty of 1961 divides the flow. It says nothing about
groundwater. Farmers in the delta complain of salt. Cities need more each summer. Engineers have
measured the loss for ten years. Their figures are not disputed. A joint commission was announced."""


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language=language)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Led by Advisor Dr. Elizabeth Sherwood-Randall.|This visit was focused."),
        ("en", "He met U.S. Secretary Antony J. Blinken in the U.S.|The talks went on."),
        ("en", "It sits in Washington, D.C.|In May it moved."),
        ("en", "See sec. 5, No. 7 and Fig. 2.|Art. 5 applies."),
        (
            "en",
            "The rates, i.e. Those of Acme Inc. and Co., rose.|They fell at 5 p.m. today, etc.|For all.",
        ),
        (
            "en",
            "Approved Dec. 24, 1973 (87 Stat. 774; D.C. Code § 1-201.01 et seq.), is amended.|Any act.",
        ),
        ("en", "1. The Act applies.|2. It ends in 3.5 days.|(a) First.|(b) Second."),
        ("en", "§ 3. Short title.|This Act may be cited."),
        ("en", "Section 4. Definitions.|4.2.1. Words have meanings."),
        ("en", "APP2.A2.Guidance.3. The systems matter."),
        ("en", "“Sec. 402. Grants are made.”|The Mayor may pay."),
        ("en", 'He said "Stop."|Then he left.|"Why?" he asked.|Wait... what?|Really!|(Yes.)|No.'),
        ("en", "It was 2010.|The end came… and went…|Then all was over."),
        ("en", "The answer is no.|The rest is art.|Fine."),
        ("en", "Cases (Res. 22-319; C.A. No. 75) are cited in Smith v. Jones.|So it is."),
        ("en", "Effective date.— The Act takes effect."),
        ("de", "Nach § 5 Abs. 1 Nr. 2 Buchst. a gilt dies.|Am 15. März 2023 trat der 2. Senat zusammen."),
        (
            "de",
            "Vgl. Art. 3 Abs. 2.|Die Frist, z. B. Montag, endet.|Dr. h.c. Müller kam usw.|Die Frist.",
        ),
        ("de", "Das Gesetz vom 20. Dezember 2001 gilt.|Satz 2 gilt nicht."),
        (
            "es",
            "El Sr. García y la Sra. López firman en EE. UU.|El acuerdo, núm. 3, rige.|¿Por qué?|Porque sí.",
        ),
        ("fr", "M. Dupont, art. 5, p. 3, a dit oui.|Le texte est clair."),
        ("ru", "В ст. 5 указано иное, т. е. другое.|Это верно."),
        ("xx", "Dr. Who came.|The rest left."),
    ],
)
def test_borders(language: str, text: str) -> None:
    assert split(text.replace("|", " "), language) == text.split("|")
    assert split(text.replace(" ", "\n").replace("|", "\n"), language) == text.replace(" ", "\n").split("|")


def test_a_blank_line_always_ends_a_sentence() -> None:
    assert split("A heading\n\n  \nsees Dr.\n \nElizabeth") == ["A heading", "sees Dr.", "Elizabeth"]


def test_items_on_lines_of_their_own_are_sentences() -> None:
    text = "It must:\n(a)\tpay;\n(b) report; and\n(c) wait—\n 1. a day; or\n a) two.\nAll of it."
    assert split(text) == [
        "It must:",
        "(a)\tpay;",
        "(b) report; and",
        "(c) wait—",
        "1. a day; or",
        "a) two.",
        "All of it.",
    ]
    assert split("as said in paragraph\n(a) of the Act;\nand so on") == [
        "as said in paragraph\n(a) of the Act;\nand so on"
    ]


def test_a_stretch_of_the_text() -> None:
    text = "One. Two. Three."
    assert sentences(text, 5) == [(5, 9), (10, 16)]
    assert sentences(text, 3, 12) == [(3, 4), (5, 9), (10, 12)]
    assert sentences(text, -6) == [(10, 16)]
    assert sentences(text, 9, 4) == sentences(text, 50) == sentences(" \n ") == []


PIECES = st.sampled_from(
    [
        *(
            "The law",
            "it",
            "U.S.",
            "Dr.",
            "No.",
            "5",
            "§",
            "(a)",
            "1.",
            "Art. 5",
            "“So",
            "end.”",
            "why?",
            "J.",
            "...",
            "…",
        ),
        *(
            ".",
            "?!",
            " ",
            "\n",
            "\n\n",
            "\t",
            ";\n(b) ",
            "—",
            "* ",
            "3.5",
            "z. B.",
            "\r\n",
            "\x85",
            "etc.",
            "i.e.",
        ),
    ]
)
TEXTS = st.text() | st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS, st.sampled_from([*LANGUAGES, "xx"]), st.data())
def test_sentences_cover_the_stretch(text: str, language: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = sentences(text, start, end, language)
    covered = [position for first, last in found for position in range(first, last)]
    assert covered == sorted(set(covered))
    assert all(start <= position < end for position in covered)
    missing = set(range(start, end)) - set(covered)
    assert all(text[position].isspace() for position in missing)
    for first, last in found:
        assert text[first:last] == text[first:last].strip() != ""
        assert "\n\n" not in text[first:last]


@given(TEXTS, st.data())
def test_a_stretch_is_read_as_if_it_stood_alone(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    alone = [(start + first, start + last) for first, last in sentences(text[start:end])]
    assert sentences(text, start, end) == alone


@pytest.mark.parametrize(
    "part", ["A. ", "1. ", ".", ". ", " ", "\n", "(", ";\n", ".    ", "a.\n \n", "x", '."', "; and"]
)
def test_long_monotonous_texts_end(part: str) -> None:
    text = part * 100_000
    assert sum(last - first for first, last in sentences(text)) <= len(text)


def test_punkt_agrees_on_plain_prose() -> None:
    ours = set(sentences(STORY))
    theirs = set(PunktSentenceTokenizer().span_tokenize(STORY))
    assert len(ours) > 25
    assert len(ours & theirs) >= 0.95 * len(ours | theirs)


def test_abbreviations_that_punkt_does_not_know() -> None:
    text = "The visit was led by Advisor Dr. Elizabeth Sherwood-Randall. It was focused."
    assert len(list(PunktSentenceTokenizer().span_tokenize(text))) == 3
    assert len(sentences(text)) == 2


def test_importing_is_cheap() -> None:
    code = (
        "import sys; import docsearch.corpus.sentences;"
        "sys.exit(any(name in sys.modules for name in ('nltk', 'whoosh', 'yaml', 'numpy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
