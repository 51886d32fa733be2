"""The text of an RTF file: paragraphs, tables, notes, and the styles that tell headings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .docx_styles import heading_level
from .flow import Flow
from .rtf_groups import NOTE, Group

__all__ = ["Body"]

_SIGNS = {
    "tab": "\t",
    **dict.fromkeys(("line", "lbr", "nestrow"), "\n"),
    **dict.fromkeys(("emspace", "enspace", "qmspace"), " "),
    "nestcell": " | ",
    "emdash": "—",
    "endash": "–",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "bullet": "•",
}
_ENDS = frozenset(("par", "sect", "page"))
_CONTENTS = re.compile(r"(?:toc|contents|verzeichnis) ?(?:\d|heading)", re.IGNORECASE)
_BULLET = re.compile(r"[•·▪◦‣\uf0b7-]\s*\t\s*")
_NUMBER = re.compile(r"(\(?(?:[0-9]{1,3}|[a-zA-Z]{1,4})[.)])\s*\t")
_WORD = re.compile(r"[^\W_]")


@dataclass(slots=True)
class _Line:
    """A paragraph so far. label: what its list shows, None outside of lists. loud: all letters are bold."""

    words: list[str] = field(default_factory=list)
    label: str | None = None
    loud: bool = True


@dataclass(slots=True)
class _Shape:
    """How paragraphs are from the last `\\pard` on."""

    style: int = 0
    level: int | None = None
    in_table: bool = False


@dataclass(slots=True)
class _Style:
    number: int = 0
    level: int | None = None
    based_on: int | None = None
    name: str = ""


class Body:
    """Takes the words and control words of the text, and writes a flow."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._line = _Line()
        self._shape = _Shape()
        self._styles: dict[int, _Style] = {}
        self._style: _Style | None = None  # the one that is being defined
        self._cells: list[str] = []
        self._rows: list[list[str]] = []
        self._label: list[str] | None = None
        self._outer: list[tuple[_Line, _Shape]] = []  # lines that notes interrupt
        self._notes: list[str] = []

    def begin(self, destination: str) -> None:
        """A destination begins: a style, the number of an item, a note."""
        if destination in ("listtext", "pntext"):
            self._label = []
        elif destination == NOTE:
            self._outer.append((self._line, self._shape))
            self._line, self._shape = _Line(), _Shape()

    def end(self, destination: str) -> None:
        """It ends."""
        if destination in ("listtext", "pntext") and self._label is not None:
            label = "".join(self._label).strip()
            self._line.label = label if _WORD.search(label) else ""
            self._label = None
        elif destination == NOTE and self._outer:
            words = _joined(self._line)
            self._line, self._shape = self._outer.pop()
            self._notes.append(words)
        elif destination == "stylesheet":
            self._end_style()

    def say(self, words: str, group: Group) -> None:
        """Take words as they are."""
        if group.destination == "stylesheet":
            if self._style is not None:
                self._style.name = (self._style.name + words)[:200]
                if ";" in words:
                    self._end_style()
        elif not (group.hidden or group.deleted):
            if self._label is not None:
                self._label.append(words)
                return
            self._line.words.append(words)
            if not group.bold and not words.isspace():
                self._line.loud = False

    def word(self, word: str, number: int | None, group: Group) -> None:
        """Take a control word."""
        if group.destination == "stylesheet":
            self._define(word, number)
        elif word in _SIGNS:
            self.say(_SIGNS[word], group)
        elif word in _ENDS:
            self._end_paragraph()
        elif word == "pard":
            self._shape = _Shape()
        elif word == "s":
            self._shape.style = number or 0
        elif word == "outlinelevel":
            self._shape.level = number
        elif word == "intbl":
            self._shape.in_table = True
        elif word == "cell":
            self._cells.append(_joined(self._line))
            self._line = _Line()
        elif word == "row":
            self._rows.append(self._cells)
            self._cells = []

    def finish(self) -> None:
        """Write what is still held back."""
        while self._outer:
            self.end(NOTE)
        self._shape.in_table = False
        self._end_paragraph()
        self._end_table()

    def _end_paragraph(self) -> None:
        if self._outer:
            self._line.words.append("\n")
            return
        if self._shape.in_table:
            self._line.words.append("\n")
            return
        self._end_table()
        line, self._line = self._line, _Line()
        self._write(line)
        self._write_notes()

    def _write(self, line: _Line) -> None:
        words = _joined(line)
        if not words or _CONTENTS.match(self._name(self._shape.style)):
            return
        level = self._level()
        if level:
            self._flow.heading(words, level)
            return
        in_list = line.label is not None
        if not in_list and (bullet := _BULLET.match(words)):
            words, in_list = words[bullet.end() :], True
        in_list = in_list or _NUMBER.match(words) is not None
        self._flow.paragraph(words, "item" if in_list else "text", loud=line.loud)

    def _write_notes(self) -> None:
        notes, self._notes = self._notes, []
        for words in notes:
            self._flow.paragraph(words)

    def _end_table(self) -> None:
        rows, self._rows = self._rows, []
        if self._cells:
            rows.append(self._cells)
            self._cells = []
        if any(len(row) > 1 for row in rows):
            self._flow.table(rows)
        else:  # a frame around text
            for row in rows:
                for cell in row:
                    for words in cell.split("\n"):
                        self._flow.paragraph(words)
        if rows:
            self._write_notes()

    def _level(self) -> int:
        """The level of a heading that the paragraph is; 0 for none."""
        level = self._shape.level
        number: int | None = self._shape.style
        for _ in range(30):
            style = self._styles.get(number) if number is not None else None
            if level is not None or style is None:
                break
            level = style.level
            if level is None and (named := heading_level(style.name)):
                return named
            number = style.based_on
        return level + 1 if level is not None and 0 <= level < 9 else 0

    def _name(self, style: int) -> str:
        return self._styles[style].name if style in self._styles else ""

    def _define(self, word: str, number: int | None) -> None:
        """Take a control word within the list of styles."""
        if word in ("s", "cs", "ds", "ts"):
            self._style = _Style(number or 0) if word == "s" else None
        elif self._style is None:
            if word == "outlinelevel":
                self._style = _Style(0, number)
        elif word == "outlinelevel":
            self._style.level = number
        elif word == "sbasedon":
            self._style.based_on = None if number == self._style.number else number

    def _end_style(self) -> None:
        style, self._style = self._style, None
        if style is not None and len(self._styles) < 10_000:
            style.name = style.name.strip().rstrip(";").strip()
            self._styles[style.number] = style


def _joined(line: _Line) -> str:
    """The words of a paragraph with the number that its list shows; halves of characters are joined."""
    words = "".join(line.words)
    if not words.isascii():
        words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    words = words.strip()
    return f"{line.label} {words}" if line.label and words else words
