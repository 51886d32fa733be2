"""Presentations: slides are pages."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document
from made import Made
from made.pptx import documents, presentation, shape


def read(content: bytes) -> Document:
    reading = read_bytes("key", "talk.pptx", content)
    assert not reading.gaps
    (only,) = reading.documents
    return only


def words(content: bytes) -> list[str]:
    document = read(content)
    return [document.text[one.start : one.end] for one in document.paragraphs]


def page_of(document: Document, place: int) -> int | None:
    pages = [one.index + 1 for one in document.anchors if one.kind == "page" and one.start <= place < one.end]
    return pages[0] if pages else None


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_titles_words_and_slides(made: Made) -> None:
    document = read(made.content)
    assert [(one.level, one.title) for one in document.sections[1:]] == list(made.headings)
    found = [
        (document.text[one.start : one.end], page_of(document, one.start)) for one in document.paragraphs
    ]
    shown = [pair for pair in found if pair[0] not in {title for _, title in made.headings}]
    assert shown == list(made.paragraphs)


def test_numbers_as_shown() -> None:
    letters = '<a:buAutoNum type="alphaUcParenBoth" startAt="3"/>'
    assert words(presentation([(shape(["one", "two"], "body", letters), "")])) == ["(C) one", "(D) two"]


def test_hidden_slides_say_so() -> None:
    document = read(presentation([(shape("Fees", "title") + shape("words"), "")], 'show="0"'))
    assert document.sections[1].title == "Fees (hidden slide)"


def test_groups_and_line_breaks() -> None:
    group = f"<p:grpSp>{shape('one')}<p:grpSp>{shape('two')}</p:grpSp></p:grpSp>"
    broken = shape("x").replace("<a:r>", "<a:r><a:t>first</a:t></a:r><a:br/><a:r>", 1)
    assert words(presentation([(group + broken, "")])) == ["one", "two", "first\nx"]


def test_a_damaged_slide_spares_the_others() -> None:
    reading = read_bytes("key", "a.pptx", presentation([("<p:sp>", ""), (shape("good"), "")]))
    assert [gap.part for gap in reading.gaps] == ["slide 1"]
    assert reading.documents[0].text == "good"
    assert [one.index for one in reading.documents[0].anchors] == [1]
