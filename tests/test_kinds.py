"""Types of files by their short names: in queries, in filters, in what facets offer and in what is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from docsearch import Index, QueryError
from docsearch.cli.render import facets as drawn
from docsearch.cli.render.style import Style
from docsearch.corpus.formats import HOMES
from docsearch.index.storage import MemoryStorage
from docsearch.search.kinds import media_types, short_name

GUIDE = Path(__file__).parent.parent / "docs" / "query-language.md"
CONTAINERS = {f"application/{each}" for each in ("zip", "x-tar", "gzip", "x-bzip2", "x-xz")}
TEXTS = {
    "page.html": "<html><body><p>Water for the page.</p></body></html>",
    "note.md": "# Note\n\nWater for the note.\n",
    "plain.txt": "Water for the plain text.\n",
    "rows.csv": "Port,Good\nNorth,Water\nSouth,Water and salt\n",
    "letter.eml": "From: a@example.org\nSubject: Water\nTo: b@example.org\n\nWater by letter.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("mixed")
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    memo = docx.Document()
    memo.add_paragraph("Water for the memo.")
    memo.save(str(folder / "memo.docx"))
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Port", "Good"])
    book.worksheets[0].append(["North", "Water"])
    book.save(folder / "book.xlsx")
    with Index(MemoryStorage(), create=True) as made:
        assert not made.update([folder]).gaps
        yield made


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *[(name.rpartition(".")[2], name) for name in (*TEXTS, "memo.docx", "book.xlsx")],
        ("DOCX", "memo.docx"),
        ("word", "memo.docx"),
        ("mail", "letter.eml"),
        ("htm", "page.html"),
        ("message/rfc822", "letter.eml"),
        ("plain", "plain.txt"),
        ("*wordprocessing*", "memo.docx"),
    ],
)
def test_a_file_is_found_by_the_name_of_its_type(index: Index, typed: str, name: str) -> None:
    assert [hit.path for hit in index.search(f"water type:{typed}", group=True)] == [name]
    found = index.search("water", where=index.filter(f"type:{typed}"), group=True)
    assert [hit.path for hit in found] == [name]


def test_facets_offer_short_names(index: Index) -> None:
    (facet,) = index.search("water", facets=["type"]).facets
    assert len(facet.values) == len(TEXTS) + 2
    for value in facet.values:
        assert [hit.meta.type for hit in index.search(f"water {value.typed}", group=True)] == [value.value]
    drawing = drawn.render([facet], Style(colour=False), 80, 10)
    assert "  docx  1  type:docx\n" in drawing
    assert "officedocument" not in drawing


def test_unknown_types_are_told_with_short_names(index: Index) -> None:
    (notice,) = index.search("water type:pdf").reading.notices
    assert "docx" in notice
    assert "officedocument" not in notice
    with pytest.raises(QueryError, match="docx"):
        index.filter("type:pdf")


def test_every_format_that_is_read_has_a_short_name() -> None:
    """Or one behind its slash that can be guessed."""
    for media_type in HOMES.keys() - CONTAINERS:
        name = short_name(media_type)
        guessed = {"application/mbox", "application/xml", "text/xml"}
        assert media_types(name) == (media_type,) or media_type in guessed


def test_the_guide_lists_them() -> None:
    (listed,) = re.findall(r"Types of files have short names:(.*?);", GUIDE.read_text(), re.DOTALL)
    named = set(re.findall(r"`(\w+)`", listed))
    assert named == {
        short_name(each) for each in HOMES.keys() - CONTAINERS if "/" not in short_name(each)
    } | {
        "xml",
        "txt",
        "md",
    }
