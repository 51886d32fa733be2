"""Excel workbooks, written part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from html import escape

from . import Made
from .tables import BOOKS, Book, Sheet, Value
from .zipped import HEAD, relations, zipped

__all__ = ["MAIN", "cell", "documents", "workbook"]

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_CONTENT = f"""{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""
_STYLES = """<numFmts count="2"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/>
<numFmt numFmtId="165" formatCode="0.00&quot; days&quot;"/></numFmts><cellXfs>
<xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="10"/>
<xf numFmtId="165"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="46"/></cellXfs>"""


def workbook(
    sheets: Sequence[tuple[str, str, str]], strings: Sequence[str] = (), properties: str = ""
) -> bytes:
    """A workbook. sheets: name, state and rows (XML). strings: XML of the shared strings."""
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
        for number, (name, state, _) in enumerate(sheets, 1)
    )
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    return zipped(
        {
            "[Content_Types].xml": _CONTENT,
            "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f"{HEAD}<workbook {MAIN} {_R}>{properties}<sheets>{listed}</sheets>"
            "</workbook>",
            "xl/_rels/workbook.xml.rels": relations(
                *targets, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")
            ),
            "xl/styles.xml": f"{HEAD}<styleSheet {MAIN}>{_STYLES}</styleSheet>",
            "xl/sharedStrings.xml": f"{HEAD}<sst {MAIN}>"
            + "".join(f"<si>{one}</si>" for one in strings)
            + "</sst>",
            **{
                f"xl/worksheets/sheet{number}.xml": f"{HEAD}<worksheet {MAIN}><sheetData>{rows}"
                "</sheetData></worksheet>"
                for number, (_, _, rows) in enumerate(sheets, 1)
            },
        }
    )


def cell(reference: str, value: str, kind: str = "n", style: int = 0, formula: str = "") -> str:
    """The XML of a cell with its stored value."""
    stored = f"<f>{formula}</f>" if formula else ""
    return f'<c r="{reference}" t="{kind}" s="{style}">{stored}<v>{escape(value)}</v></c>'


def documents() -> list[Made]:
    """A workbook for each book."""
    return list(map(_document, BOOKS))


def _document(book: Book) -> Made:
    strings: list[str] = []
    sheets = [
        (sheet.name, "hidden" if sheet.hidden else "visible", _rows(sheet, strings)) for sheet in book.sheets
    ]
    return Made(
        f"{book.name}.xlsx",
        workbook(sheets, [f"<t>{escape(words)}</t>" for words in strings]),
        tuple((1, sheet.name + " (hidden sheet)" * sheet.hidden) for sheet in book.sheets),
        tuple((words, None) for sheet in book.sheets for words in sheet.paragraphs),
        book.middle,
    )


def _rows(sheet: Sheet, strings: list[str]) -> str:
    rows: list[tuple[int, Sequence[Value]]] = [(1, (sheet.above,))] if sheet.above else []
    number = 3 if sheet.above else 1
    if sheet.head:
        rows.append((number, sheet.head))
        number += 1
    rows += [(number + place, row) for place, row in enumerate(sheet.rows)]
    return "".join(
        f'<row r="{number}">'
        + "".join(_cell(f"{'ABCDEF'[at]}{number}", value, strings) for at, value in enumerate(row))
        + "</row>"
        for number, row in rows
    )


def _cell(reference: str, value: Value, strings: list[str]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        strings.append(value)
        return cell(reference, str(len(strings) - 1), "s")
    if isinstance(value, dt.date):
        return cell(reference, str((value - dt.date(1899, 12, 30)).days), style=1)
    return cell(reference, str(value))
