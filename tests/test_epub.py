"""EPUB books: chapters in their order."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made import Made
from made.epub import book, chapter, documents
from made.zipped import zipped


def read(content: bytes) -> Document:
    reading = read_bytes("key", "book.epub", content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(content: bytes) -> list[str]:
    document = read(content)
    return [document.text[one.start : one.end] for one in document.paragraphs]


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_chapters(made: Made) -> None:
    document = read(made.content)
    assert [(one.level, one.title) for one in document.sections[1:]] == list(made.headings)
    assert words(made.content) == [paragraph for paragraph, _ in made.paragraphs]
    assert document.meta.title == made.title
    assert document.meta.extra["author"]
    assert not document.meta.language_guessed
    assert str(document.meta.published) == "2019-06-01"


def test_headings_of_the_table_of_contents() -> None:
    content = book([chapter("<p>one</p>"), chapter("<h2>Own</h2><p>two</p>")], contents=["First", "Second"])
    assert [(one.level, one.title) for one in read(content).sections[1:]] == [(1, "First"), (2, "Own")]


def test_chapters_that_cannot_be_read_are_told() -> None:
    protection = '<encryption xmlns:e="x"><e:CipherReference URI="OEBPS/text/part%202.xhtml"/></encryption>'
    chapters = [chapter("<p>one</p>"), chapter("<p>two</p>")]
    reading = read_bytes("key", "a.epub", book(chapters, more={"META-INF/encryption.xml": protection}))
    assert [gap.part for gap in reading.gaps] == ["chapter OEBPS/text/part 2.xhtml"]
    assert "protect" in reading.gaps[0].reason
    assert reading.documents[0].text == "two"


def test_marks_of_notes_do_not_part_words() -> None:
    mark = '<a href="#n" epub:type="noteref"><sup>1</sup></a>'
    assert words(book([chapter(f"<p>The fee{mark} is due.</p>")])) == ["The fee is due."]


def test_a_book_without_its_list() -> None:
    content = zipped({"mimetype": "application/epub+zip", "META-INF/container.xml": "<a/>"})
    assert "list of its parts" in read_bytes("key", "a.epub", content).gaps[0].reason
