"""The text of an OpenDocument file, walked in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..model import ParagraphKind
from .docx_styles import number_of
from .flow import Flow
from .odf_styles import Counter, ListStyle, Styles
from .xmltree import Element

__all__ = ["Body", "repeated", "rows_of", "words_of"]

_CELL_LONGEST = 700  # characters; a table with longer cells arranges text, and is read as text

# Indexes repeat what stands elsewhere.
_LEFT_OUT = frozenset(
    (
        *("text:table-of-content", "text:illustration-index", "text:table-index", "text:object-index"),
        *("text:user-index", "text:alphabetical-index", "text:tracked-changes", "office:forms"),
        *("office:annotation", "text:page-number", "text:hidden-text", "text:ruby-text", "text:number"),
        *("text:sequence-decls", "text:variable-decls", "text:user-field-decls", "presentation:notes"),
    )
)
_CODE = re.compile(r"(?:preformatted text|source ?code)", re.IGNORECASE)
_QUOTE = re.compile(r"(?:block )?quot(?:e|ations?)|block text", re.IGNORECASE)
_CONTENTS = re.compile(r"contents (?:\d|heading)", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    """The words of a paragraph so far, and what hangs on it. loud: whether all its letters are bold."""

    words: list[str] = field(default_factory=list)
    loud: bool = True
    notes: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


@dataclass(slots=True)
class _Item:
    """Where a paragraph stands in lists. pending: the number that its item shows is not written yet."""

    style: ListStyle | None
    style_name: str
    level: int
    counter: Counter
    start: int | None = None
    pending: bool = True


class Body:
    """Writes blocks into a flow. Recursion is bounded by the depth of the tree."""

    def __init__(self, flow: Flow, styles: Styles) -> None:
        self._flow, self._styles = flow, styles
        self._outline = Counter()
        self._counters: dict[str, Counter] = {}  # by the ids and by the styles of lists, the last of each
        self._endnotes: list[Element] = []

    def read(self, parent: Element, item: _Item | None = None) -> None:
        """Read the blocks of an element. item: of the list that it is part of."""
        for child in parent:
            tag = child.tag
            if tag in ("text:h", "text:p"):
                self._paragraph(child, item)
            elif tag == "text:list":
                for part, inner in self._items(child, item):
                    self.read(part, inner)
            elif tag == "table:table":
                self._table(child)
            elif tag in _LEFT_OUT or self._is_hidden(child):
                continue
            else:
                self.read(child, item)

    def finish(self) -> None:
        """Write the endnotes."""
        notes, self._endnotes = self._endnotes, []
        for note in notes:
            self.read(note)

    def _is_hidden(self, element: Element) -> bool:
        if element.tag != "text:section":
            return False
        shown = element.get("text:display", "true") != "none"
        return not shown or self._styles.is_hidden("section", element.get("text:style-name", ""))

    def _items(self, element: Element, within: _Item | None) -> Iterator[tuple[Element, _Item]]:
        """The items of a list, and where each stands. within: the item that the list is part of."""
        name = element.get("text:style-name") or (within.style_name if within else "")
        counter = within.counter if within else self._counter(element, name)
        for identity in (name, element.get("xml:id", "")):
            self._counters[identity] = counter
        level = within.level + 1 if within else 1
        for child in element:
            if child.tag in ("text:list-item", "text:list-header"):
                start = number_of(child.get("text:start-value"))
                counts = child.tag == "text:list-item"
                yield child, _Item(self._styles.lists.get(name), name, level, counter, start, counts)

    def _counter(self, element: Element, style: str) -> Counter:
        """The counter of a list at the top: a new one, unless it goes on with another."""
        if (continued := element.get("text:continue-list")) is not None:
            return self._counters.get(continued, Counter())
        if element.get("text:continue-numbering") == "true":
            return self._counters.get(style, Counter())
        return Counter()

    def _paragraph(self, element: Element, item: _Item | None) -> None:
        line = _Line()
        name = element.get("text:style-name", "")
        self._inline(element, line, self._styles.is_bold("paragraph", name) or False)
        words = "".join(line.words).strip()
        names = self._styles.names(name) or [name]
        if words and not any(map(_CONTENTS.match, names)):
            self._write(element, words, names, line.loud, item)
        for box in line.boxes:
            self.read(box)
        for note in line.notes:
            self.read(note)

    def _write(self, element: Element, words: str, names: list[str], loud: bool, item: _Item | None) -> None:
        name = element.get("text:style-name", "")
        level = self._styles.level(name)
        if element.tag == "text:h":
            level = number_of(element.get("text:outline-level"), 0) or level or 1
        label = self._label(element, level, item)
        if label:
            words = f"{label} {words}"
        if level > 0:
            self._flow.heading(words, level)
        else:
            self._flow.paragraph(words, _kind(names, label is not None or item is not None), loud=loud)

    def _label(self, element: Element, level: int, item: _Item | None) -> str | None:
        """The number that stands before a paragraph, which is counted here; None where it is in no list."""
        if item is not None and item.pending and item.style is not None:
            item.pending = False
            return item.counter.label(item.style, item.level, item.start)
        if item is None and element.tag == "text:h" and element.get("text:is-list-header") != "true":
            return self._outline.label(self._styles.outline, level)
        return None

    def _inline(self, parent: Element, line: _Line, bold: bool) -> None:
        self._add(line, parent.text, bold)
        for child in parent:
            self._piece(child, line, bold)
            self._add(line, child.tail, bold)

    def _piece(self, child: Element, line: _Line, bold: bool) -> None:
        tag = child.tag
        if tag == "text:span":
            name = child.get("text:style-name", "")
            if not self._styles.is_hidden("text", name):
                own = self._styles.is_bold("text", name)
                self._inline(child, line, bold if own is None else own)
        elif tag in ("text:s", "text:tab"):
            line.words.append(" ")
        elif tag == "text:line-break":
            line.words.append("\n")
        elif tag == "text:note":
            self._note(child, line)
        elif tag.startswith(("draw:", "table:")):
            line.boxes.append(_wrapped(child))
        elif tag not in _LEFT_OUT:
            self._inline(child, line, bold)

    def _add(self, line: _Line, words: str | None, bold: bool) -> None:
        if words:
            line.words.append(words.replace("\n", " "))
            if not bold and not words.isspace():
                line.loud = False

    def _note(self, note: Element, line: _Line) -> None:
        body = note.find("text:note-body")
        if body is not None:
            (self._endnotes if note.get("text:note-class") == "endnote" else line.notes).append(body)

    def _table(self, table: Element) -> None:
        rows = [[cell for cell, _ in row] for row, _ in rows_of(table)]
        if self._arranges(rows):
            for row in rows:
                for cell in row:
                    self.read(cell)
            return
        below = _Line()
        self._flow.table([[self._cell(cell, below) for cell in row] for row in rows])
        for box in below.boxes:
            self.read(box)
        for note in below.notes:
            self.read(note)

    def _arranges(self, rows: list[list[Element]]) -> bool:
        if max(map(len, rows), default=0) < 2:
            return True
        return any(
            next(cell.iter("table:table"), None) is not None
            or next(cell.iter("text:h"), None) is not None
            or sum(map(len, cell.itertext())) > _CELL_LONGEST
            for row in rows
            for cell in row
        )

    def _cell(self, cell: Element, below: _Line) -> str:
        parts = []
        for paragraph, item in self._paragraphs(cell, None):
            line = _Line()
            self._inline(paragraph, line, bold=False)
            words = "".join(line.words).strip()
            label = self._label(paragraph, 0, item) if words and item else ""
            parts.append(f"{label} {words}" if label else words)
            below.boxes += line.boxes
            below.notes += line.notes
        return "\n".join(filter(None, parts))

    def _paragraphs(self, element: Element, item: _Item | None) -> Iterator[tuple[Element, _Item | None]]:
        """The paragraphs in a cell and the items they are in, without those that hang on others."""
        for child in element:
            if child.tag in ("text:p", "text:h"):
                yield child, item
            elif child.tag == "text:list":
                for part, inner in self._items(child, item):
                    yield from self._paragraphs(part, inner)
            elif child.tag not in _LEFT_OUT:
                yield from self._paragraphs(child, item)


def _wrapped(element: Element) -> Element:
    """An element as the only child of another, so that `read` meets it."""
    parent = Element("box")
    parent.append(element)
    return parent


def _kind(names: list[str], in_list: bool) -> ParagraphKind:
    for name in names[:2]:
        if _CODE.match(name):
            return "code"
        if _QUOTE.fullmatch(name):
            return "quote"
    return "item" if in_list else "text"


def repeated(element: Element, what: str) -> int:
    """How often a row or cell stands there; at least once."""
    return max(1, number_of(element.get(f"table:number-{what}-repeated"), 1) or 1)


def rows_of(table: Element) -> Iterator[tuple[list[tuple[Element, int]], int]]:
    """The rows of a table, each with its cells, and how often each of them stands there."""
    for child in table:
        if child.tag == "table:table-row":
            cells = [
                (cell, repeated(cell, "columns"))
                for cell in child
                if cell.tag in ("table:table-cell", "table:covered-table-cell")
            ]
            yield cells, repeated(child, "rows")
        elif child.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from rows_of(child)


def words_of(cell: Element) -> str:
    """The words of a cell of a sheet, without its annotations."""
    parts = []
    for paragraph in cell:
        if paragraph.tag == "text:p":
            parts.append(_plain(paragraph))
    return "\n".join(parts)


def _plain(element: Element) -> str:
    words = [element.text or ""]
    for child in element:
        if child.tag in ("text:s", "text:tab", "text:line-break"):
            words.append(" ")
        elif child.tag not in _LEFT_OUT:
            words.append(_plain(child))
        words.append(child.tail or "")
    return "".join(words)
