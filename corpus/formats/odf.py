"""OpenDocument files: texts, workbooks and presentations, read as those of Microsoft Office are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import CorpusError, Unreadable
from ..draft import Draft
from ..model import Gap, MetaValue, Reading
from ..reading import EMPTY
from .columns import Cell, Row, Rows, letter_of
from .flow import Flow
from .odf_body import Body, rows_of, words_of
from .odf_styles import Styles
from .package import Package
from .xmltree import Element, at, parse

__all__ = ["read_odp", "read_ods", "read_odt"]

_FIELDS = {
    "dc:title": "title",
    "meta:initial-creator": "author",
    "dc:creator": "author",
    "dc:subject": "subject",
    "meta:keyword": "keywords",
    "dc:description": "description",
    "meta:creation-date": "file_created",
    "dc:date": "file_modified",
}
_TIME = re.compile(r"PT([0-9]{1,4})H([0-9]{2})M.*")
_WIDEST = 16_384  # columns
_FURNITURE = frozenset(("date-time", "footer", "header", "page-number", "page"))


def read_odt(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an OpenDocument text (`.odt`, `.ott`). A reader, as `registry.Reader` says.

    Annotations, deleted words, running heads and feet, and indexes are left out.
    """
    file = _File(content, "an OpenDocument text", "office:text")
    flow = Flow()
    body = Body(flow, file.styles)
    body.read(file.body)
    body.finish()
    draft = Draft()
    flow.write(draft)
    return file.reading(draft, [], key, name, media_type)


def read_ods(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an OpenDocument workbook (`.ods`). A reader, as `registry.Reader` says."""
    file = _File(content, "an OpenDocument workbook", "office:spreadsheet")
    draft = Draft()
    gaps: list[Gap] = []
    for index, table in enumerate(file.body.findall("table:table")):
        sheet = table.get("table:name", "")
        try:
            hidden = file.styles.is_hidden("table", table.get("table:style-name", ""))
            _write_sheet(draft, table, sheet + " (hidden sheet)" * hidden, sheet, index)
        except CorpusError as error:
            gaps.append(Gap(key, error.message, f"sheet {sheet}"))
    return file.reading(draft, gaps, key, name, media_type)


def read_odp(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an OpenDocument presentation (`.odp`). A reader, as `registry.Reader` says."""
    file = _File(content, "an OpenDocument presentation", "office:presentation")
    draft = Draft()
    for index, page in enumerate(file.body.findall("draw:page")):
        draft.page(index=index)
        _write_page(draft, page, file.styles)
    return file.reading(draft, [], key, name, media_type)


class _File:
    """What the three have in common. body: the element of the content that `kind` names."""

    def __init__(self, content: bytes | str, what: str, kind: str) -> None:
        self._package = package = Package(content, what)
        if _is_encrypted(package):
            raise Unreadable(f"it is encrypted: save {what} without a password")
        tree = parse(package.pieces("content.xml"), "content.xml")
        body = at(tree, f"office:body/{kind}")
        if body is None:
            raise Unreadable(f"it looks like {what}, but holds none: it is damaged, or mislabelled")
        self.body = body
        self.styles = Styles(_part(package, "styles.xml"), tree.find("office:automatic-styles"))

    def reading(self, draft: Draft, gaps: list[Gap], key: str, name: str, media_type: str) -> Reading:
        document = draft.document(key=key, name=name, media_type=media_type, fields=self._fields())
        if document is None:
            return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
        return Reading((document,), tuple(gaps))

    def _fields(self) -> dict[str, MetaValue]:
        tree = _part(self._package, "meta.xml")
        found: dict[str, MetaValue] = {}
        for element in tree.iter() if tree is not None else ():
            name, value = _FIELDS.get(element.tag), " ".join((element.text or "").split())
            if name and value and (name not in found or element.tag == "meta:initial-creator"):
                found[name] = value[:10] if name.startswith("file_") else value[:2_000]
        return found


def _is_encrypted(package: Package) -> bool:
    manifest = _part(package, "META-INF/manifest.xml")
    return manifest is not None and next(manifest.iter("manifest:encryption-data"), None) is not None


def _part(package: Package, name: str) -> Element | None:
    """The tree of a part; None where it is missing or cannot be read."""
    if name not in package:
        return None
    try:
        return parse(package.pieces(name), name)
    except CorpusError:
        return None


def _write_sheet(draft: Draft, table: Element, heading: str, name: str, index: int) -> None:
    rows = Rows(draft)
    begun = False
    number = 0
    for cells, times in rows_of(table):
        found = list(_cells(cells))
        if found and not begun:
            begun = True
            draft.sheet(name, index)
            draft.heading(heading, 1, titular=False)
        for again in range(times if found else 0):
            rows.add(Row(number + again, f"{letter_of(found[0].column)}{number + again + 1}", found))
        number += times
    rows.finish()


def _cells(cells: list[tuple[Element, int]]) -> Iterator[Cell]:
    column = 0
    for element, times in cells:
        words, number = _value(element)
        if words:
            for again in range(min(times, _WIDEST - column)):
                if (cell := Cell.of(column + again, words, number)) is not None:
                    yield cell
        column = min(_WIDEST, column + times)


def _value(cell: Element) -> tuple[str, bool | None]:
    """The words of a cell, and whether they are a number or a date; None to tell by the words."""
    kind = cell.get("office:value-type", "")
    if kind in ("float", "currency", "percentage"):
        return _number(cell.get("office:value", ""), kind == "percentage"), True
    if kind == "date":
        day, _, time = cell.get("office:date-value", "").partition("T")
        return f"{day} {time[:5]}" if time and time[:5] != "00:00" else day, True
    if kind == "time":
        found = _TIME.fullmatch(cell.get("office:time-value", ""))
        return (f"{found[1]}:{found[2]}" if found else words_of(cell)), True
    if kind == "boolean":
        return cell.get("office:boolean-value", "").upper(), True
    return words_of(cell), None


def _number(value: str, percent: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    if percent:
        return f"{number * 100:.12g}%"
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _write_page(draft: Draft, page: Element, styles: Styles) -> None:
    """Write a slide: its title, what is on it, its notes."""
    frames = [frame for frame in page if frame.tag.startswith("draw:")]
    titles = [frame for frame in frames if frame.get("presentation:class") == "title"]
    for title in titles:
        draft.heading(" ".join(map(words_of, title.iter("draw:text-box"))), 1)
    notes = page.find("presentation:notes")
    flow = Flow()
    body = Body(flow, styles)
    for frame in [*frames, *(notes if notes is not None else ())]:
        if frame not in titles and frame.get("presentation:class") not in _FURNITURE:
            body.read(frame)
    flow.write(draft, guess=False)
