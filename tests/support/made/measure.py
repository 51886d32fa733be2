"""How well the made documents are read, by format: `python bench/reading.py` prints the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module

from docsearch.corpus import read_bytes
from docsearch.corpus.model import Document

from made import Made

__all__ = ["FORMATS", "Figures", "documents", "measure", "table"]

FORMATS = (
    *(
        "pdf.documents",
        "docx.documents",
        "odf.documents",
        "rtf.documents",
        "html.documents",
        "epub.documents",
    ),
    *("mail.documents", "outlook.documents", "pptx.documents", "xlsx.documents", "odf.workbooks"),
    *("delimited.documents", "json.documents", "xml.documents"),
)


@dataclass(slots=True)
class Figures:
    """Counts over the documents of a format. right: headings that are there with their level. on_page: of the
    paragraphs that were found and whose page is known. found: paragraphs in the very words."""

    documents: int = 0
    headings: int = 0
    read_headings: int = 0
    right: int = 0
    paragraphs: int = 0
    found: int = 0
    paged: int = 0
    on_page: int = 0
    middles: int = 0

    @property
    def f1(self) -> float:
        """Of headings: 1.0 where there are none and none was read."""
        total = self.headings + self.read_headings
        return 2 * self.right / total if total else 1.0

    @property
    def recall(self) -> float:
        return self.found / self.paragraphs if self.paragraphs else 1.0

    @property
    def pages(self) -> float:
        return self.on_page / self.paged if self.paged else 1.0


def documents(name: str) -> tuple[Made, ...]:
    """The documents that a function of a module here makes: `odf.workbooks`."""
    module, _, function = name.partition(".")
    return tuple(getattr(import_module(f"made.{module}"), function)())


def measure(made: tuple[Made, ...]) -> Figures:
    """Read them all and count."""
    figures = Figures()
    for one in made:
        _count(figures, one, read_bytes(f"made/{one.name}", one.name, one.content).documents)
    return figures


def table() -> str:
    """The figures of all formats, as a table in Markdown."""
    lines = [
        "| made by | documents | heading F1 | right page | paragraph recall | sentence from the middle |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in FORMATS:
        one = measure(documents(name))
        pages = f"{one.pages:.3f}" if one.paged else "–"
        headings = f"{one.f1:.3f}" if one.headings or one.read_headings else "–"
        lines.append(
            f"| {name} | {one.documents} | {headings} | {pages} | {one.recall:.3f} "
            f"| {one.middles} of {one.documents} |"
        )
    return "\n".join(lines) + "\n"


def _count(figures: Figures, made: Made, read: tuple[Document, ...]) -> None:
    headings = [(one.level, one.title) for each in read for one in each.sections if one.level]
    figures.documents += 1
    figures.headings += len(made.headings)
    figures.read_headings += len(headings)
    figures.right += (Counter(headings) & Counter(made.headings)).total()
    pages: dict[str, set[int | None]] = {}
    for words, page in _paragraphs(read):
        pages.setdefault(words, set()).add(page)
    for words, page in made.paragraphs:
        there = pages.get(_folded(words))
        figures.paragraphs += 1
        figures.found += there is not None
        if there is not None and page is not None:
            figures.paged += 1
            figures.on_page += page in there
    figures.middles += any(_folded(made.middle) in words for words in pages)


def _paragraphs(read: tuple[Document, ...]) -> Iterator[tuple[str, int | None]]:
    for document in read:
        anchors = [one for one in document.anchors if one.kind == "page"]
        for one in document.paragraphs:
            page = next((a.index + 1 for a in anchors if a.start <= one.start < a.end), None)
            yield _folded(document.text[one.start : one.end]), page


def _folded(words: str) -> str:
    return " ".join(words.split())
