"""PDFs become documents with headings, paragraphs in reading order and pages; what cannot be read is told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from docsearch.corpus.model import Document, Reading
from docsearch.corpus.registry import read_bytes
from hypothesis import given, settings
from hypothesis import strategies as st
from made import Made
from made.pdf import LAYOUTS, documents, long_plan, made
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4


def read(content: bytes) -> Reading:
    return read_bytes("k", "k.pdf", content)


def document(content: bytes) -> Document:
    reading = read(content)
    assert len(reading.documents) == 1, reading.gaps
    return reading.documents[0]


def drawn(draw: Callable[[Canvas], object], *, pages: int = 1, **options: object) -> bytes:
    """A PDF of pages that `draw` sets, with nothing else on them."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, **options)
    for _ in range(pages):
        canvas.setFont("Times-Roman", 11)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(canvas: Canvas, texts: list[str], x: float = 72, y: float = 700, leading: float = 13.5) -> None:
    for place, text in enumerate(texts):
        canvas.drawString(x, y - place * leading, text)


def texts(document: Document) -> list[str]:
    return [document.text[p.start : p.end] for p in document.paragraphs]


def pages(document: Document) -> list[int]:
    """The page, from 1, on which each paragraph begins."""
    return [
        next(a.index + 1 for a in document.anchors if a.start <= p.start < a.end) for p in document.paragraphs
    ]


@pytest.mark.parametrize("known", documents(), ids=lambda known: known.name)
def test_made_documents_are_found_again(known: Made) -> None:
    found = document(known.content)
    assert [(s.level, s.title) for s in found.sections if s.title] == list(known.headings)
    told = dict(zip(texts(found), pages(found), strict=True))
    missing = [words for words, page in known.paragraphs if told.get(words) != page]
    # A sentence that ends with its column is taken for the end of its paragraph.
    assert len(missing) <= 0.03 * len(known.paragraphs), missing
    assert len(told) <= 1.03 * len(known.paragraphs) + 1  # a running head of a single page
    assert known.middle in found.text
    assert found.meta.title == known.title


def test_printed_numbers_become_labels_where_the_file_states_none() -> None:
    found = document(made(long_plan(), LAYOUTS[1]).content)
    assert [anchor.label for anchor in found.anchors][:3] == ["1", "2", "3"]


def test_hyphens_at_line_ends_are_joined_and_others_are_kept() -> None:
    found = document(
        drawn(
            lambda canvas: lines(
                canvas,
                [
                    "The authority follows inter-",
                    "national law, keeps a well-",
                    "known register, as the well-known law of 1990 and its EU-",
                    "Regulation ask.",
                ],
            )
        )
    )
    assert texts(found) == [
        "The authority follows international law, keeps a well-known register, as the well-known law of 1990 "
        "and its EU-Regulation ask."
    ]


def test_two_columns_written_row_by_row() -> None:
    left = [
        "The council may at any time ask the",
        "holder of a permit for a report on",
        "the waters that it uses, and for the",
        "names of all who work there.",
    ]
    right = [
        "The holder answers within a month,",
        "and in a language that the council",
        "understands; a report that is late is",
        "taken for none at all.",
    ]

    def draw(canvas: Canvas) -> None:
        for row, pair in enumerate(zip(left, right, strict=True)):
            for x, text in zip((72, 310), pair, strict=True):
                canvas.drawString(x, 700 - 13.5 * row, text)

    assert " ".join(texts(document(drawn(draw)))) == f"{' '.join(left)} {' '.join(right)}"


def test_a_paragraph_over_a_page_break_stands_on_both_pages() -> None:
    sides, second = iter((True, False)), "and goes on upon the next one without a stop."

    def draw(canvas: Canvas) -> None:
        if next(sides):
            canvas.drawString(
                72, 90, "The sentence begins at the foot of a page, where it reaches the edge of it"
            )
        else:
            canvas.drawString(72, 750, second)

    found = document(drawn(draw, pages=2))
    (paragraph,) = found.paragraphs
    assert found.text.endswith(f"edge of it {second}")
    assert [(a.index, found.text[a.start : a.end]) for a in found.anchors][1] == (1, second)
    assert paragraph.end == len(found.text)


def test_document_information() -> None:
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, lang="de-AT")
    canvas.setTitle("Microsoft Word - Wassergesetz")
    canvas.setAuthor("Amt der Landesregierung")
    canvas.setKeywords("Wasser; Recht")
    canvas.drawString(72, 700, "Das Wasser ist frei.")
    canvas.save()
    meta = document(buffer.getvalue()).meta
    assert (meta.title, meta.language, meta.type) == ("Wassergesetz", "de", "application/pdf")
    assert meta.extra["author"] == "Amt der Landesregierung"
    assert meta.extra["keywords"] == ("Wasser", "Recht")
    assert isinstance(meta.extra["file_created"], dt.date)
    assert meta.published is None


def _scan(canvas: Canvas) -> None:
    canvas.drawInlineImage(Image.new("L", (20, 30), 200), 0, 0, WIDTH, HEIGHT)


def test_scanned_pages_are_gaps_and_empty_ones_are_not() -> None:
    kinds = iter("tssbt")

    def draw(canvas: Canvas) -> None:
        kind = next(kinds)
        if kind == "t":
            canvas.drawString(72, 700, "A page with words on it.")
        elif kind == "s":
            _scan(canvas)

    reading = read(drawn(draw, pages=5))
    assert [(g.part, g.reason) for g in reading.gaps] == [
        ("pages 2-3", "scanned pages without text; try --ocr")
    ]
    assert pages(reading.documents[0]) == [1, 5]


def test_a_file_of_scans_gives_no_document() -> None:
    reading = read(drawn(_scan))
    assert reading.documents == ()
    assert [g.told() for g in reading.gaps] == ["page 1: scanned page without text; try --ocr"]


def test_a_page_that_decodes_to_nonsense_is_a_gap() -> None:
    words = (
        "The operator of a plant shall keep the records of all measurements for a period of ten years and the"
    )
    shifted = "".join(chr(ord(letter) - 29) if letter != " " else " " for letter in words)
    reading = read(drawn(lambda canvas: lines(canvas, [shifted] * 8)))
    assert reading.documents == ()
    assert "decodes to nonsense" in reading.gaps[0].reason


def test_encrypted_files() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 700, "A secret paragraph that only few may read.")

    locked = read(drawn(draw, encrypt=StandardEncryption("user", "owner")))
    assert [g.reason for g in locked.gaps] == [
        "it is encrypted and opens with a password only: save a copy without the password"
    ]
    opened = read(drawn(draw, encrypt=StandardEncryption("", "owner")))
    assert texts(opened.documents[0]) == ["A secret paragraph that only few may read."]


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF\n", b"%PDF-" + bytes(2_000)])
def test_damaged_files(content: bytes) -> None:
    reading = read(content)
    assert reading.documents == ()
    assert [g.reason for g in reading.gaps] == [
        "it is too damaged to be read as PDF: open it in a viewer and save it anew"
    ]


_GOOD = documents()[0].content


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(_GOOD) - 1), st.integers(0, 255)), max_size=30),
    st.integers(0, len(_GOOD)),
    st.booleans(),
)
def test_no_bytes_make_the_reader_fail(changes: list[tuple[int, int]], cut: int, cuts: bool) -> None:
    content = bytearray(_GOOD)
    for place, value in changes:
        content[place] = value
    reading = read(bytes(content[:cut] if cuts else content))
    assert reading.documents or reading.gaps


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_behind_the_signature(content: bytes) -> None:
    assert read(b"%PDF-1.5\n" + content).gaps


def test_raised_numbers_of_notes_do_not_cling_to_words() -> None:
    def draw(canvas: Canvas) -> None:
        x = 72.0
        for text, size, rise in (
            ("The fees of autumn", 11, 0),
            ("12", 6, 4),
            (" apply to 40", 11, 0),
            ("3", 6, 4),
            (" ponds of 30 km", 11, 0),
            ("2", 6, 4),
            (" and more.", 11, 0),
        ):
            canvas.setFont("Times-Roman", size)
            canvas.drawString(x, 700 + rise, text)
            x += canvas.stringWidth(text, "Times-Roman", size)

    assert texts(document(drawn(draw))) == ["The fees of autumn apply to 40 3 ponds of 30 km2 and more."]


def test_a_language_that_the_words_belie_is_not_believed() -> None:
    words = "Der Rat hat die Verordnung über die Ausfuhr von Waffen mit der Mehrheit der Stimmen angenommen."
    meta = document(drawn(lambda canvas: lines(canvas, [words] * 3), lang="en-US")).meta
    assert (meta.language, meta.language_guessed) == ("de", True)


def test_a_report_set_by_an_office_program() -> None:
    """Two columns under a title of full width, notes at their foot, a list, and a table below the columns."""
    content = (Path(__file__).parent / "data" / "pdf" / "report.pdf").read_bytes()
    found = document(content)
    words = texts(found)
    assert [section.title for section in found.sections[1:]] == [
        "Report of the Water Committee on Measurements, Registers and Fees in the Year",
        "1. Background of the inquiry",
        "2. Findings",
        "3. Proposals",
        "4. Costs and next steps",
        "Annex: fees",
    ]
    numbers = [int(number) for number in re.findall(r"\((\d+)\)", found.text)]
    assert numbers == [1, 2, 3, 4, 8, 9, 10, 11, 15, 16, 17, 18, 22, 23, 24, 25, 51, 52, 53]
    notes = [text for text in words if "the tax that applies" in text]
    assert notes == [
        f"{number} Amounts are given without the tax that applies since the spring, note {number}."
        for number in range(1, 5)
    ]
    assert words.count("Keep the old wells open.") == 4
    (table,) = [found.text[p.start : p.end] for p in found.paragraphs if p.kind == "table"]
    assert table.split("\n")[:2] == [
        "Use | Fee for a year | Remarks",
        "Private well | 40 crowns | Free of charge for wells that are less than eight metres deep and serve "
        "one house only",
    ]
    assert "Water Committee –" not in found.text
    assert "Page 1 of" not in found.text
