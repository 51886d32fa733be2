"""Excel workbooks: a sheet is a section, a row is a paragraph with the names of its columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ...errors import CorpusError, Unreadable
from ..draft import Draft
from ..model import Gap, Reading
from ..reading import EMPTY
from .columns import Cell, Row, Rows, letter_of
from .ooxml import core_properties, embedded, main_part, part, relations
from .package import Package
from .xlsx_numbers import Formats
from .xmltree import Element, elements, parse

__all__ = ["read_xlsx"]

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _Sheet(NamedTuple):
    name: str
    target: str
    hidden: bool


def read_xlsx(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an Excel workbook (`.xlsx`, `.xlsm`). A reader, as `registry.Reader` says.

    Formulas count by the values that were stored with them; hidden sheets are read, and their headings say
    so. A sheet that cannot be read is a gap, and the others are read.
    """
    package = Package(content, "an Excel workbook")
    book = _Workbook(package)
    draft = Draft()
    gaps: list[Gap] = embedded(package, key)
    for index, sheet in enumerate(book.sheets):
        try:
            unstored = book.write(draft, sheet, index)
        except CorpusError as error:
            gaps.append(Gap(key, error.message, f"sheet {sheet.name}"))
        else:
            if unstored:
                gaps.append(Gap(key, _unstored(unstored), f"sheet {sheet.name}"))
    fields = core_properties(package)
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


def _unstored(count: int) -> str:
    formulas = "1 formula has" if count == 1 else f"{count:,} formulas have"
    return f"{formulas} no stored value: open the file in a spreadsheet program and save it"


class _Workbook:
    def __init__(self, package: Package) -> None:
        self._package = package
        main = main_part(package, "xl/workbook.xml")
        tree = parse(package.pieces(main), main)
        related = relations(package, main)
        if tree.tag != "s:workbook":
            raise Unreadable(f"its part {main} is no workbook: it is damaged, or of another program")
        properties = tree.find("s:workbookPr")
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true", "on")
        self._formats = Formats(part(package, related, "styles"), since_1904)
        self._strings = _strings(
            package, next((r.target for r in related.values() if r.kind == "sharedStrings"), "")
        )
        # Sheets of charts, and those whose part is not named, hold no rows. Each part is read once.
        found: dict[str, _Sheet] = {}
        for sheet in tree.iter("s:sheet"):
            relation = related.get(sheet.get("r:id", ""))
            if relation is not None and relation.kind not in ("chartsheet", "dialogsheet"):
                hidden = sheet.get("state", "visible") != "visible"
                found.setdefault(relation.target, _Sheet(sheet.get("name", ""), relation.target, hidden))
        self.sheets = list(found.values())

    def write(self, draft: Draft, sheet: _Sheet, index: int) -> int:
        """Write a sheet; how many formulas in it have no stored value."""
        rows = Rows(draft)
        begun = False
        unstored = 0
        for row, formulas in self._rows(sheet.target):
            unstored += formulas
            if row.cells and not begun:
                begun = True
                draft.sheet(sheet.name, index)
                draft.heading(sheet.name + " (hidden sheet)" * sheet.hidden, 1, titular=False)
            rows.add(row)
        rows.finish()
        return unstored

    def _rows(self, target: str) -> Iterator[tuple[Row, int]]:
        number = -1
        for element in elements(self._package.pieces(target), target, frozenset(("s:row",))):
            stated = element.get("r", "")
            number = (
                int(stated) - 1 if stated.isascii() and stated.isdigit() and len(stated) < 8 else number + 1
            )
            yield self._row(element, number)

    def _row(self, element: Element, index: int) -> tuple[Row, int]:
        cells: list[Cell] = []
        column, unstored = -1, 0
        for one in element:
            if one.tag != "s:c":
                continue
            place = _REFERENCE.fullmatch(one.get("r", ""))
            column = _column(place[1]) if place else column + 1
            words, number = self._value(one)
            if (cell := Cell.of(column, words, number)) is not None:
                cells.append(cell)
            unstored += not words and one.find("s:f") is not None and one.get("t", "n") == "n"
        label = f"{letter_of(cells[0].column)}{index + 1}" if cells else ""
        return Row(index, label, cells), unstored

    def _value(self, cell: Element) -> tuple[str, bool | None]:
        """The words of a cell, and whether they are a number or a date; None to tell by the words."""
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find("s:is")
            return (_words(inline) if inline is not None else ""), None
        value = cell.findtext("s:v", "")
        if kind == "s":
            place = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
            return (self._strings[place] if 0 <= place < len(self._strings) else ""), None
        if kind == "b":
            return {"1": "TRUE", "0": "FALSE"}.get(value, value), True
        if kind == "e":
            return "", None
        return (self._formats.shown(value, cell.get("s")), True) if kind == "n" else (value, None)


def _strings(package: Package, target: str) -> list[str]:
    if target not in package:
        return []
    return [_words(item) for item in elements(package.pieces(target), target, frozenset(("s:si",)))]


def _words(item: Element) -> str:
    """The words of a string item, its runs joined, without the guides to pronunciation."""
    parts = [item.findtext("s:t", "")]
    parts += [run.findtext("s:t", "") for run in item if run.tag == "s:r"]
    return "".join(parts)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
