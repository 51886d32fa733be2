"""The documents made for the tests, over all formats: headings, pages and paragraphs are found again."""

from __future__ import annotations

import pytest
from made.measure import FORMATS, documents, measure


@pytest.mark.parametrize("name", FORMATS)
def test_every_document_says_what_it_should(name: str) -> None:
    figures = measure(documents(name))
    assert figures.documents >= 6
    assert figures.middles == figures.documents
    assert figures.recall >= 0.8
    assert figures.pages >= 0.98


def test_there_are_many() -> None:
    assert sum(len(documents(name)) for name in FORMATS) >= 60


@pytest.mark.parametrize("name", ["docx.documents", "odf.documents", "rtf.documents", "epub.documents"])
def test_office_documents_have_all_headings(name: str) -> None:
    assert measure(documents(name)).f1 == 1


def test_the_measure_can_fail() -> None:
    one, other, *_ = documents("docx.documents")
    swapped = type(one)(one.name, other.content, one.headings, one.paragraphs, one.middle)
    figures = measure((swapped,))
    assert (figures.right, figures.found, figures.middles) == (0, 0, 0)
