"""From the elements of a page to headings and paragraphs in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...draft import Draft, clean
from ...model import ParagraphKind
from ..flow import Flow
from ..plain import write_plain
from .content import Content
from .lists import Numbering, is_enumerated
from .tables import enumerated_rows, has_strays, is_layout, rows_of
from .tree import BLOCKS, HEADINGS, Element
from .visible import is_shown

__all__ = ["write"]

_SPACES = re.compile(r"\s+")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_UNSEEN = re.compile("[\xad\u200b\ufeff\u2060]")  # soft hyphens and other marks that show no width
_RUNS = re.compile(r"\S[^\n]*\n[^\S\n]*\n+[^\S\n]*\S")

# Headings of the Official Journal of the European Union, which are paragraphs with classes.
_OFFICIAL = {"doc-ti": 1, "ti-section-1": 1, "ti-section-2": 2, "ti-art": 3, "sti-art": 4}


def write(content: Content, draft: Draft) -> None:
    """Write a page's content to a draft."""
    flow = Flow()
    writer = _Writer(flow, content.dropped)
    for element in content.elements:
        writer.element(element)
    writer.flush()
    flow.write(draft)


class _Writer:
    """mark: what stands before the next paragraph: an item's number, a defined term. bold: how many bold
    elements are open. plain: whether the paragraph has words that are not bold."""

    def __init__(self, flow: Flow, dropped: frozenset[int]) -> None:
        self._flow = flow
        self._dropped = dropped
        self._line: list[str] = []
        self._kind: ParagraphKind = "text"
        self._mark = ""
        self._bold = 0
        self._plain = False

    def element(self, element: Element) -> None:
        """Write an element, its borders included."""
        if id(element) in self._dropped or not is_shown(element):
            return
        name = element.name
        if level := _heading_level(element):
            self.flush()
            self._flow.heading(self._words(element), level)
        elif name in _WRITERS:
            _WRITERS[name](self, element)
        elif name in BLOCKS:
            self.flush()
            self._children(element)
            self.flush()
        else:
            self._children(element)

    def flush(self) -> None:
        """End the paragraph."""
        words = _UNSEEN.sub("", "".join(self._line))
        self._line.clear()
        loud, self._plain = not self._plain, False
        for part in _EMPTY_LINE.split(words):
            if part and not part.isspace():
                mark = "" if self._mark[-1:] == " " and is_enumerated(part) else self._mark
                self._flow.paragraph(mark + part.strip(), self._kind, loud=loud)
                self._mark = ""

    def _children(self, element: Element) -> None:
        for child in element.children:
            if isinstance(child, str):
                self._add(_SPACES.sub(" ", child))
            else:
                self.element(child)

    def _add(self, words: str) -> None:
        self._line.append(words)
        if not self._bold and not words.isspace():
            self._plain = True

    def _within(self, element: Element, kind: ParagraphKind) -> None:
        """Write a block whose paragraphs are of a kind."""
        self.flush()
        before, self._kind = self._kind, kind
        self._children(element)
        self.flush()
        self._kind = before

    def _words(self, element: Element) -> str:
        """All words of an element as one line."""
        return clean(_UNSEEN.sub("", "".join(self._pieces(element)))).replace("\n", " ")

    def _pieces(self, element: Element) -> Iterator[str]:
        for child in element.children:
            if isinstance(child, str):
                yield child
            elif id(child) not in self._dropped and is_shown(child):
                apart = child.name == "br" or child.name in BLOCKS
                yield " " if apart else ""
                yield from self._pieces(child)
                yield " " if apart else ""

    def line_break(self, element: Element) -> None:
        self._line.append("\n")

    def quote(self, element: Element) -> None:
        self._within(element, "quote")

    def quotation(self, element: Element) -> None:
        self._line.append("“")
        self._children(element)
        self._line.append("”")

    def superscript(self, element: Element) -> None:
        """A reference to a note, set apart from the word before it; other raised figures are part of it."""
        note = any(one.name == "a" for one in element.elements())
        words = self._words(element)
        self._add(f" [{words}]" if note and words.isalnum() else words)

    def bold(self, element: Element) -> None:
        self._bold += 1
        self._children(element)
        self._bold -= 1

    def listing(self, element: Element) -> None:
        """A list, its items with the numbers that are shown before them."""
        self.flush()
        numbering = Numbering(element)
        for child in element.children:
            if isinstance(child, Element) and child.name == "li":
                self._item(child, numbering)
            elif isinstance(child, Element):
                self.element(child)
            else:
                self._add(_SPACES.sub(" ", child))
        self.flush()

    def _item(self, item: Element, numbering: Numbering) -> None:
        if id(item) in self._dropped or not is_shown(item):
            return
        self.flush()
        self._mark = numbering.mark(item)
        self._within(item, "item")
        self._mark = ""

    def term(self, element: Element) -> None:
        """A term, which stands before its definition."""
        self.flush()
        self._mark = f"{self._mark}{self._words(element)}\n".lstrip()

    def definition(self, element: Element) -> None:
        self._within(element, "item")
        if self._mark:
            self._line.append(" ")

    def definitions(self, element: Element) -> None:
        self.flush()
        self._children(element)
        self.flush()
        self._flow.paragraph(self._mark, "item")
        self._mark = ""

    def preformatted(self, element: Element) -> None:
        """Lines as they are: a text that was wrapped by hand, or code."""
        self.flush()
        words = "".join(self._lines(element))
        if any(one.name in ("code", "samp", "kbd") for one in element.elements()) or not _RUNS.search(words):
            self._flow.paragraph(self._mark + words, "code")
            self._mark = ""
            return
        write_plain(words, self._flow, below=1)

    def _lines(self, element: Element) -> Iterator[str]:
        for child in element.children:
            if isinstance(child, str):
                yield child.replace("\r\n", "\n").replace("\r", "\n")
            elif child.name == "br":
                yield "\n"
            elif is_shown(child):
                yield from self._lines(child)

    def table(self, element: Element) -> None:
        """A table row by row; one that only lays the page out is read as what stands in it."""
        self.flush()
        rows = list(rows_of(element))
        if not has_strays(element) and enumerated_rows([[self._words(cell) for cell in row] for row in rows]):
            self._enumerated(rows)
            return
        if is_layout(element):
            self._children(element)
            self.flush()
            return
        for caption in (one for one in element.elements() if one.name == "caption"):
            self._flow.paragraph(self._words(caption))
        self._flow.table([[self._words(cell) for cell in row] for row in rows])

    def _enumerated(self, rows: list[list[Element]]) -> None:
        """Items that are set as a table: a number, and what it stands before, with tables in it perhaps."""
        for row in rows:
            cells = [cell for cell in row if self._words(cell)]
            if cells:
                self._mark += f"{self._words(cells[0])} "
                self._within(cells[1], "item")
                self._mark = ""


_WRITERS = {
    "br": _Writer.line_break,
    "blockquote": _Writer.quote,
    "q": _Writer.quotation,
    "sup": _Writer.superscript,
    **dict.fromkeys(("b", "strong"), _Writer.bold),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _Writer.listing),
    "dl": _Writer.definitions,
    "dt": _Writer.term,
    "dd": _Writer.definition,
    **dict.fromkeys(("pre", "listing", "xmp"), _Writer.preformatted),
    "table": _Writer.table,
}


def _heading_level(element: Element) -> int:
    """The level of a heading; 0 for what is none."""
    if element.name in HEADINGS:
        return int(element.name[1])
    if element.name == "p" and element.written:
        return _OFFICIAL.get(element.get("class").removeprefix("oj-"), 0)
    if element.written and element.get("role") == "heading":
        level = element.get("aria-level")
        return int(level) if level.isascii() and level.isdigit() and len(level) == 1 else 2
    return 0
