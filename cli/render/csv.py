"""Hits as CSV, for a spreadsheet: one line each, under a line of names."""

from __future__ import annotations

import csv
import io

from ...search.results import Hit
from . import words
from .page import Page
from .safe import one_line

__all__ = ["COLUMNS", "cell", "render"]

COLUMNS = (
    "rank",
    "score",
    "title",
    "date",
    "date_guessed",
    "place",
    "source",
    "headings",
    "section",
    "paragraph",
    "page",
    "sheet",
    "cell",
    "line",
    "snippet",
    "citation",
    "key",
)


def render(page: Page) -> str:
    """The names and then a line for each hit. Lines end in a line feed; cells are quoted where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_row(hit) for hit in page.results)
    return out.getvalue()


def cell(text: str) -> str:
    """Text as one line that no spreadsheet takes for a formula: what begins like one gets a leading `'`.

    >>> cell("=1+1"), cell("§ 4"), cell("-2 %")
    ("'=1+1", '§ 4', "'-2 %")
    """
    line = one_line(text)
    # Looked for in the text itself, too: a tab or carriage return at its beginning is folded away.
    risky = line[:1] in tuple("=+-@＝＋－＠") or text[:1] in tuple("\t\r")
    return f"'{line}" if line and risky else line


def _row(hit: Hit) -> list[str]:
    date = hit.date
    return [
        str(hit.rank),
        f"{hit.score:.6g}",
        cell(hit.title),
        str(date or ""),
        "" if date is None else str(date.guessed).lower(),
        cell(hit.meta.place),
        cell(hit.meta.source),
        cell(" › ".join(hit.headings)),
        ".".join(map(str, hit.section)),
        str(hit.paragraph),
        cell(hit.page),
        cell(hit.sheet),
        cell(hit.cell),
        str(hit.line or ""),
        cell(words.joined_snippets(hit)),
        cell(hit.citation),
        cell(hit.key),
    ]
