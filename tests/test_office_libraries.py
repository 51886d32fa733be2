"""Files that other programs wrote: python-docx, openpyxl, python-pptx, LibreOffice."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made.plans import PLANS, Plan
from made.tables import BOOKS, Book

DATA = Path(__file__).parent / "data" / "office"


def read(content: bytes, name: str) -> Document:
    reading = read_bytes("key", name, content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(document: Document) -> list[str]:
    return [document.text[one.start : one.end] for one in document.paragraphs]


def headings(document: Document) -> list[tuple[int, str]]:
    return [(one.level, one.title) for one in document.sections[1:]]


def shown(plan: Plan) -> list[str]:
    """What a plan says, without headings and notes; the libraries write bulleted lists."""
    return [
        "\n".join(" | ".join(row) for row in part.rows) if part.rows else part.words
        for part in plan.parts
        if part.kind not in "hn"
    ]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_python_docx(plan: Plan) -> None:
    made = docx.Document()
    made.core_properties.title = plan.title
    for part in plan.parts:
        if part.kind == "h":
            made.add_heading(part.words, part.level)
        elif part.kind == "t":
            table = made.add_table(0, len(part.rows[0]))
            for row in part.rows:
                for cell, words_of_cell in zip(table.add_row().cells, row, strict=True):
                    cell.text = words_of_cell
        elif part.kind != "n":
            made.add_paragraph(part.words, "List Bullet" if part.kind == "li" else None)
    stream = io.BytesIO()
    made.save(stream)
    document = read(stream.getvalue(), "a.docx")
    assert document.meta.title == plan.title
    assert headings(document) == [(part.level, part.words) for part in plan.parts if part.kind == "h"]
    assert words(document) == shown(plan)


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
def test_openpyxl(book: Book) -> None:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for sheet in book.sheets:
        page = made.create_sheet(sheet.name)
        page.sheet_state = "hidden" if sheet.hidden else "visible"
        for row in [(sheet.above,), ()] if sheet.above else []:
            page.append(row)
        for line in (sheet.head, *sheet.rows) if sheet.head else sheet.rows:
            page.append(line)
    stream = io.BytesIO()
    made.save(stream)
    document = read(stream.getvalue(), "a.xlsx")
    assert words(document) == [line for sheet in book.sheets for line in sheet.paragraphs]


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_python_pptx(plan: Plan) -> None:
    made = pptx.Presentation()
    for part in plan.parts:
        if part.kind == "h":
            slide = made.slides.add_slide(made.slide_layouts[1])
            slide.shapes.title.text = part.words
            slide.placeholders[1].text = "On this slide"
        if part.kind == "n" and made.slides:
            made.slides[-1].notes_slide.notes_text_frame.text = part.words
    stream = io.BytesIO()
    made.save(stream)
    document = read(stream.getvalue(), "a.pptx")
    assert headings(document) == [(1, part.words) for part in plan.parts if part.kind == "h"]
    assert words(document).count("On this slide") == len(headings(document))
    assert all(part.words in words(document) for part in plan.parts if part.kind == "n")
    pages = [one.index for one in document.anchors if one.kind == "page"]
    assert pages == list(range(len(headings(document))))


@pytest.mark.parametrize("ending", ["odt", "rtf"])
def test_libreoffice_texts(ending: str) -> None:
    plan = PLANS[0]
    document = read((DATA / f"harbour-dues.{ending}").read_bytes(), f"a.{ending}")
    assert headings(document) == [(part.level, part.words) for part in plan.parts if part.kind == "h"]
    wanted = [
        "\n".join(" | ".join(row) for row in part.rows) if part.rows else f"{part.label} {part.words}".strip()
        for part in plan.parts
        if part.kind != "h"
    ]
    assert words(document) == wanted


def test_libreoffice_workbooks() -> None:
    document = read((DATA / "grants.ods").read_bytes(), "a.ods")
    assert words(document) == [line for sheet in BOOKS[0].sheets for line in sheet.paragraphs]
    assert dt.date(2021, 3, 9).isoformat() in document.text


def test_libreoffice_presentations() -> None:
    document = read((DATA / "dues.odp").read_bytes(), "a.odp")
    assert headings(document) == [(1, "Dues for the use of the harbour"), (1, "Disputes")]
    assert words(document) == ["Every vessel pays.", "The tribunal reviews bills.", "Ask within thirty days."]
    pages = [(one.index, document.text[one.start : one.end].split("\n")[0]) for one in document.anchors]
    assert pages == [(0, "Dues for the use of the harbour"), (1, "Disputes")]


@pytest.mark.parametrize(("name", "told"), [("old.doc", "Word document"), ("old.xls", "Excel workbook")])
def test_what_cannot_be_read_is_told(name: str, told: str) -> None:
    (gap,) = read_bytes("key", name, (DATA / name).read_bytes()).gaps
    assert f"old {told}" in gap.reason
    assert "save it as" in gap.reason


def test_files_with_a_password() -> None:
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0"))
    header[30:32] = (9).to_bytes(2, "little")
    names = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    directory = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in names)
    (gap,) = read_bytes("key", "a.docx", bytes(header) + directory).gaps
    assert "save it without a password" in gap.reason
