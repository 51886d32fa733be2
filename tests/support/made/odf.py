"""OpenDocument files, written part by part."""

from __future__ import annotations

import datetime as dt
from html import escape

from . import Made
from .plans import PLANS, Part, Plan
from .tables import BOOKS, Book, Sheet, Value, shown
from .zipped import HEAD, zipped

__all__ = ["URIS", "documents", "ods", "odt", "workbooks"]

_URN = "urn:oasis:names:tc:opendocument:xmlns"
URIS = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in (
        *((name, f"{_URN}:{name}:1.0") for name in ("office", "text", "table", "style", "meta")),
        ("draw", f"{_URN}:drawing:1.0"),
        ("fo", f"{_URN}:xsl-fo-compatible:1.0"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
    )
)
_STYLES = """<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/>
<text:list-level-style-number text:level="3" style:num-format="I" text:display-levels="3"/></text:list-style>
<text:list-style style:name="L2">
<text:list-level-style-bullet text:level="1" text:bullet-char="•"/></text:list-style>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T2" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Contents_20_1"/>
<style:style style:name="ta2" style:family="table">
<style:table-properties table:display="false"/></style:style>"""


def _file(kind: str, body: str, meta: str, styles: str) -> bytes:
    media_type = f"application/vnd.oasis.opendocument.{kind}"
    return zipped(
        {
            "mimetype": media_type,
            "content.xml": f"{HEAD}<office:document-content {URIS}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:{kind}>{body}</office:{kind}></office:body>"
            "</office:document-content>",
            "meta.xml": f"{HEAD}<office:document-meta {URIS}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
            "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0"/>',
        }
    )


def odt(body: str, meta: str = "", styles: str = _STYLES) -> bytes:
    """A text of a body (XML)."""
    return _file("text", body, meta, styles)


def ods(body: str) -> bytes:
    """A workbook of tables (XML)."""
    return _file("spreadsheet", body, "", _STYLES)


def documents() -> list[Made]:
    """A text for each plan."""
    return list(map(_document, PLANS))


def _document(plan: Plan) -> Made:
    parts = list(plan.parts)
    body, number = [], 0
    truth: list[tuple[str, int | None]] = []
    for part, after in zip(parts, [*parts[1:], Part("p")], strict=True):
        if part.kind == "n":
            truth.append((part.words, None))
            continue
        note = ""
        if after.kind == "n":
            number += 1
            note = (
                f'<text:note text:note-class="footnote"><text:note-citation>{number}</text:note-citation>'
                f"<text:note-body><text:p>{escape(after.words)}</text:p></text:note-body></text:note>"
            )
        body.append(_block(part, note))
        if part.kind == "t":
            truth.append(("\n".join(" | ".join(row) for row in part.rows), None))
        elif part.kind != "h":
            truth.append((f"{part.label} {part.words}".strip(), None))
    author = f"<meta:initial-creator>{escape(plan.author)}</meta:initial-creator>"
    meta = f"<dc:title>{escape(plan.title)}</dc:title>{author}"
    headings = tuple((part.level, part.words) for part in parts if part.kind == "h")
    return Made(f"{plan.name}.odt", odt("".join(body), meta), headings, tuple(truth), plan.middle, plan.title)


def _block(part: Part, note: str) -> str:
    words = escape(part.words).replace(" ", "<text:s/>", 1) + note
    if part.kind == "h":
        return f'<text:h text:outline-level="{part.level}">{words}</text:h>'
    if part.kind == "li":
        more = "" if part.label == "1." else ' text:continue-numbering="true"'
        return (
            f'<text:list text:style-name="L1"{more}><text:list-item><text:p>{words}</text:p></text:list-item>'
            "</text:list>"
        )
    if part.kind == "t":
        rows = [[f"<text:p>{escape(cell)}</text:p>" for cell in row] for row in part.rows]
        rows[-1][-1] = rows[-1][-1].replace("</text:p>", f"{note}</text:p>")
        return "<table:table>" + "".join(map(_row, rows)) + "</table:table>"
    return f"<text:p>{words}</text:p>"


def _row(cells: list[str]) -> str:
    return (
        "<table:table-row>"
        + "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
        + "</table:table-row>"
    )


def workbooks() -> list[Made]:
    """A workbook for each book."""
    return list(map(_workbook, BOOKS))


def _workbook(book: Book) -> Made:
    return Made(
        f"{book.name}.ods",
        ods("".join(map(_sheet, book.sheets))),
        tuple((1, sheet.name + " (hidden sheet)" * sheet.hidden) for sheet in book.sheets),
        tuple((words, None) for sheet in book.sheets for words in sheet.paragraphs),
        book.middle,
    )


def _sheet(sheet: Sheet) -> str:
    cells = '<table:table-cell table:number-columns-repeated="9"/>'
    empty = f'<table:table-row table:number-rows-repeated="2">{cells}</table:table-row>'
    above = _row_of((sheet.above,)) + empty if sheet.above else ""
    head = _row_of(sheet.head) if sheet.head else ""
    style = ' table:style-name="ta2"' * sheet.hidden
    name = escape(sheet.name, quote=True)
    rows = "".join(map(_row_of, sheet.rows))
    return f'<table:table table:name="{name}"{style}>{above}{head}{rows}</table:table>'


def _row_of(values: tuple[Value, ...]) -> str:
    return "<table:table-row>" + "".join(map(_cell, values)) + "</table:table-row>"


def _cell(value: Value) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        kind = 'office:value-type="string"'
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    else:
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}><text:p>{escape(shown(value))}</text:p></table:table-cell>"
