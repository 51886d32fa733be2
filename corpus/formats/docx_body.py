"""The body of a Word document, walked in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .docx_styles import Label, Numbering, Role, Styles, flag, number_of
from .flow import Flow
from .xmltree import Element, at

__all__ = ["Body", "Notes"]

_CELL_LONGEST = 700  # characters; a table with longer cells arranges text, and is read as text

# What holds blocks, or runs, and is nothing of its own.
_TRANSPARENT = frozenset(
    (
        *("w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:sdtContent", "w:hyperlink", "w:fldSimple"),
        *("w:dir", "w:bdo", "w:ruby", "w:rubyBase", "w:body", "w:txbxContent"),
    )
)
_BREAKS = {"w:br": "\n", "w:cr": "\n", "w:tab": "\t", "w:ptab": "\t", "w:noBreakHyphen": "-"}
_SYMBOLS = range(0xE000, 0xF900)  # letters of symbol fonts, which mean nothing in others


class Notes:
    """The notes of a document by kind and id, and which are still to be written."""

    def __init__(self, footnotes: Element | None, endnotes: Element | None) -> None:
        self._known = {
            (kind, note.get("w:id", "")): note
            for kind, tree in (("footnote", footnotes), ("endnote", endnotes))
            for note in (tree.findall(f"w:{kind}") if tree is not None else ())
            if note.get("w:type", "normal") == "normal"
        }

    def take(self, kind: str, identity: str) -> Element | None:
        """A note, once: None for one that is not there, or was taken before."""
        return self._known.pop((kind, identity), None)


@dataclass(slots=True)
class _Line:
    """The words of a paragraph so far, and what hangs on it.

    bold: whether all words so far are; None where no run says.
    """

    words: list[str] = field(default_factory=list)
    bold: bool | None = None
    notes: list[Element] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)


class Body:
    """Writes blocks of a document into a flow. Recursion is bounded by the depth of the tree.

    inserted: how many files are inserted as they are, which Word makes text of when it opens the document.
    """

    def __init__(self, flow: Flow, styles: Styles, numbering: Numbering, notes: Notes) -> None:
        self.inserted = 0
        self._flow, self._styles, self._numbering, self._notes = flow, styles, numbering, notes
        self._line = _Line()
        self._endnotes: list[Element] = []
        self._fields: list[bool] = []  # of each open field, whether its result has begun

    def read(self, parent: Element) -> None:
        """Read the blocks of an element."""
        for child in parent:
            if child.tag == "w:p":
                self._paragraph(child)
            elif child.tag == "w:tbl":
                self._table(child)
            elif child.tag == "w:sdt":
                if not _is_contents(child):
                    self._read_within(child)
            elif child.tag == "mc:AlternateContent":
                self._read_within(_chosen(child))
            elif child.tag == "w:altChunk":
                self.inserted += 1
            elif child.tag in _TRANSPARENT:
                self.read(child)

    def finish(self) -> None:
        """Write what is still held back: a last paragraph without its end, and the endnotes."""
        self._write(Role(), None)
        for note in self._endnotes:
            self.read(note)

    def _read_within(self, element: Element | None) -> None:
        content = element.find("w:sdtContent") if element is not None and element.tag == "w:sdt" else element
        if content is not None:
            self.read(content)

    def _paragraph(self, element: Element) -> None:
        properties = element.find("w:pPr")
        self._inline(element)
        mark = properties.find("w:rPr") if properties is not None else None
        if mark is not None and mark.find("w:del") is not None:
            return  # its end was deleted: its words belong to the next paragraph
        role, label = self._role(properties)
        self._write(role, label)

    def _role(self, properties: Element | None) -> tuple[Role, Label | None]:
        """What a paragraph is, and its number, which is counted here."""
        if properties is None:
            role = self._styles.role(None)
        else:
            role = self._styles.role(_value(properties, "w:pStyle"))
            outline = number_of(_value(properties, "w:outlineLvl"))
            if outline is not None and not role.contents:
                role = role._replace(level=outline + 1 if 0 <= outline < 9 else 0)
            if (own := properties.find("w:numPr")) is not None:
                role = role._replace(numbered=_numbered(own, role))
        label = self._numbering.label(*role.numbered) if role.numbered else None
        return role, label

    def _write(self, role: Role, label: Label | None) -> None:
        """Write the words gathered so far as one paragraph, then its boxes and notes."""
        line, self._line = self._line, _Line()
        words = "".join(line.words).strip()
        if words and not role.contents:
            if label is not None and label.words:
                words = f"{label.words} {words}"
            if role.level:
                self._flow.heading(words, role.level)
            else:
                kind = "item" if label is not None and role.kind == "text" else role.kind
                self._flow.paragraph(words, kind, loud=line.bold if line.bold is not None else role.bold)
        for box in line.boxes:
            self.read(box)
        for note in line.notes:
            self.read(note)

    def _inline(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == "w:r":
                self._run(child)
            elif tag == "w:sdt":
                if flag(child.find("w:sdtPr"), "w:showingPlcHdr") is not True:
                    self._inline_within(child)
            elif tag == "m:t":
                self._add(child.text or "")
            elif tag == "mc:AlternateContent":
                self._inline_within(_chosen(child))
            elif tag in _TRANSPARENT or tag.startswith("m:"):
                self._inline(child)

    def _inline_within(self, element: Element | None) -> None:
        content = element.find("w:sdtContent") if element is not None and element.tag == "w:sdt" else element
        if content is not None:
            self._inline(content)

    def _run(self, run: Element) -> None:
        properties = run.find("w:rPr")
        if flag(properties, "w:vanish"):
            return
        before = len(self._line.words)
        for child in run:
            self._piece(child)
        if any(not words.isspace() for words in self._line.words[before:]):
            bold = flag(properties, "w:b")
            if bold is not None or self._line.bold is not None:
                self._line.bold = bool(bold) and self._line.bold is not False

    def _piece(self, child: Element) -> None:
        tag = child.tag
        if tag == "w:t":
            self._add(child.text or "")
        elif tag in _BREAKS:
            self._add(_BREAKS[tag])
        elif tag == "w:fldChar":
            self._field(child.get("w:fldCharType", ""))
        elif tag == "w:sym":
            self._symbol(child.get("w:char", ""))
        elif tag in ("w:footnoteReference", "w:endnoteReference"):
            self._note(tag[2:-9], child.get("w:id", ""))
        elif tag == "mc:AlternateContent":
            chosen = _chosen(child)
            if chosen is not None:
                self._line.boxes.extend(_boxes(chosen))
        elif tag in ("w:drawing", "w:pict", "w:object"):
            self._line.boxes.extend(_boxes(child))
        elif tag in _TRANSPARENT:
            self._inline(child)

    def _add(self, words: str) -> None:
        if all(self._fields):
            self._line.words.append(words)

    def _field(self, change: str) -> None:
        """Follow a field (`PAGE`, `REF`): its instruction is no text, its result is."""
        if change == "begin" and len(self._fields) < 100:
            self._fields.append(False)
        elif change == "separate" and self._fields:
            self._fields[-1] = True
        elif change == "end" and self._fields:
            self._fields.pop()

    def _symbol(self, code: str) -> None:
        try:
            number = int(code, 16)
        except ValueError:
            return
        if number < 0x110000 and number not in _SYMBOLS:
            self._add(chr(number))

    def _note(self, kind: str, identity: str) -> None:
        note = self._notes.take(kind, identity)
        if note is not None:
            (self._line.notes if kind == "footnote" else self._endnotes).append(note)

    def _table(self, table: Element) -> None:
        """Read a table row by row; one that only arranges text, cell by cell."""
        rows = [list(_cells(row)) for row in _within(table, "w:tr") if at(row, "w:trPr/w:del") is None]
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
        for row in rows:
            for cell in row:
                if next(cell.iter("w:tbl"), None) is not None or _length(cell) > _CELL_LONGEST:
                    return True
                styles = (self._styles.role(_value(p, "w:pPr/w:pStyle")) for p in _within(cell, "w:p"))
                if any(role.level for role in styles):
                    return True
        return False

    def _cell(self, cell: Element, below: _Line) -> str:
        """The words of a cell, with the numbers of its items; notes and boxes are left for `below`."""
        parts = []
        for paragraph in _within(cell, "w:p"):
            self._line = _Line()
            self._inline(paragraph)
            _, label = self._role(paragraph.find("w:pPr"))
            words = "".join(self._line.words).strip()
            parts.append(f"{label.words} {words}" if label and label.words and words else words)
            below.boxes += self._line.boxes
            below.notes += self._line.notes
        self._line = _Line()
        return "\n".join(filter(None, parts))


def _value(parent: Element, path: str) -> str | None:
    found = at(parent, path)
    return None if found is None else found.get("w:val")


def _numbered(own: Element, role: Role) -> tuple[str, int] | None:
    """The list of a paragraph that states one, or only its level; None where it opts out."""
    list_id = _value(own, "w:numId") or (role.numbered[0] if role.numbered else None)
    level = number_of(_value(own, "w:ilvl"), role.numbered[1] if role.numbered else 0)
    return None if list_id in (None, "0") else (list_id or "", level or 0)


def _is_contents(element: Element) -> bool:
    gallery = at(element, "w:sdtPr/w:docPartObj/w:docPartGallery")
    return gallery is not None and gallery.get("w:val", "").lower() == "table of contents"


def _chosen(alternatives: Element) -> Element | None:
    """The first of several renderings of one content, so that it is read once."""
    choice = alternatives.find("mc:Choice")
    return choice if choice is not None else alternatives.find("mc:Fallback")


def _boxes(element: Element) -> Iterator[Element]:
    """The contents of text boxes, without those inside of others: these are met in turn."""
    for child in element:
        if child.tag == "w:txbxContent":
            yield child
        elif child.tag == "mc:AlternateContent":
            chosen = _chosen(child)
            if chosen is not None:
                yield from _boxes(chosen)
        else:
            yield from _boxes(child)


def _within(parent: Element, tag: str) -> Iterator[Element]:
    """The children of a tag, those in content controls and accepted insertions included."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag == "w:sdt" or child.tag in _TRANSPARENT:
            yield from _within(child, tag)


def _cells(row: Element) -> Iterator[Element]:
    return (cell for cell in _within(row, "w:tc") if at(cell, "w:tcPr/w:cellDel") is None)


def _length(cell: Element) -> int:
    return sum(len(words.text or "") for words in cell.iter("w:t"))
