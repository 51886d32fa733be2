"""Delimited files, with the delimiters, encodings and quotation marks that are met."""

from __future__ import annotations

import csv
import io
from typing import Literal

from . import Made
from .tables import BOOKS, Book, shown

__all__ = ["documents"]

_FLAVOURS: tuple[tuple[str, str, Literal[0, 1]], ...] = (
    *(
        (",", "utf-8", csv.QUOTE_MINIMAL),
        (";", "cp1252", csv.QUOTE_MINIMAL),
        ("\t", "utf-16", csv.QUOTE_MINIMAL),
    ),
    *((",", "utf-8-sig", csv.QUOTE_ALL), (";", "utf-8", csv.QUOTE_ALL), ("|", "utf-8", csv.QUOTE_MINIMAL)),
)


def documents() -> list[Made]:
    """A file for the first sheet of each book."""
    return [_document(book, *flavour) for book, flavour in zip(BOOKS, _FLAVOURS, strict=True)]


def _document(book: Book, delimiter: str, encoding: str, quoting: Literal[0, 1]) -> Made:
    sheet = book.sheets[0]
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, quoting=quoting)
    writer.writerow(sheet.head)
    writer.writerows([["" if value is None else shown(value) for value in row] for row in sheet.rows])
    ending = "tsv" if delimiter == "\t" else "csv"
    paragraphs = sheet.paragraphs[bool(sheet.above) :]
    return Made(
        f"{book.name}.{ending}",
        buffer.getvalue().encode(encoding),
        (),
        tuple((words, None) for words in paragraphs),
        book.middle,
    )
