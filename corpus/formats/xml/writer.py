"""From elements of XML to headings and paragraphs, whatever the vocabulary.

An element with words of its own, or without elements in it, is a paragraph; one that holds only others is a
section when it begins with a heading, and else shows nothing itself. Numbers stand where they are printed:
before the heading of a division, before the words of a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...cutting import ROWS
from ...draft import Draft, clean
from ..html.tree import Element
from .names import APART, DIVISIONS, LEFT_OUT, NOTES, QUOTED, UNITS, lead_of

__all__ = ["write"]

_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[^\W\d_]{3}|§")
_SHORT = 200  # characters of a value in a row
_BREAKS = frozenset({"br", "eol", "lb"})
_VERBATIM = frozenset({"pre", "programlisting", "code-block", "preformat", "screen"})


def write(root: Element, draft: Draft, *, left_out: frozenset[str] = frozenset()) -> None:
    """Write the content of a document to a draft. left_out: names of elements that are not content."""
    writer = _Writer(draft, LEFT_OUT | left_out)
    writer.block(root, 1)
    writer.flush()


class _Writer:
    """mark: numbers that stand before the next paragraph. quoted: how many quotations are open."""

    def __init__(self, draft: Draft, left_out: frozenset[str]) -> None:
        self._draft = draft
        self._left_out = left_out
        self._line: list[str] = []
        self._notes: list[str] = []
        self._mark = ""
        self._quoted = 0

    def block(self, element: Element, level: int) -> None:
        """Write an element that stands apart. level: of a heading in it."""
        name = element.name
        if name in self._left_out:
            return
        self.flush()
        if name in _VERBATIM:
            self._paragraph(element.words(), "code")
        elif name in ("table", "tgroup"):
            self._table(element)
        elif name in QUOTED:
            self._quoted += 1
            self._section(element, level)
            self._quoted -= 1
        elif name in NOTES:
            self._paragraph(self._note(element))
        else:
            self._section(element, level)

    def flush(self) -> None:
        """End the paragraph; the notes on it follow."""
        words, notes = "".join(self._line), self._notes
        self._line, self._notes = [], []
        if words.strip():
            self._paragraph(words)
        for note in notes:
            self._draft.paragraph(note)

    def _paragraph(self, words: str, kind: str = "") -> None:
        if not clean(words):
            return
        mark, self._mark = self._mark, ""
        if kind == "code":
            self._draft.paragraph(mark + words, "code")
        else:
            self._draft.paragraph(
                mark + words.strip(), "quote" if self._quoted else "item" if mark else "text"
            )

    def _section(self, element: Element, level: int) -> None:
        number, heading, taken = lead_of(element)
        below = level
        before = self._mark
        if element.name in UNITS:
            self._mark += _run_in(number, heading)
        elif self._is_headed(element, number, heading):
            below = level + self._heading(_joined(number, heading), level)
        elif number:
            self._mark += f"{number} "
        self._children(element, below, taken)
        self.flush()
        if self._mark and self._mark != before:  # a number without words, of a repealed clause
            self._draft.paragraph(self._mark, "item")
            self._mark = before if before and not self._mark.startswith(before) else ""

    def _is_headed(self, element: Element, number: str, heading: str) -> bool:
        if heading:
            return True
        return bool(number) and element.name in DIVISIONS and _WORDS.search(number) is not None

    def _heading(self, words: str, level: int) -> int:
        """Write a heading; by how much it lowers what follows. In a quotation it is part of that."""
        self._mark = ""
        if self._quoted:
            self._draft.paragraph(words, "quote")
            return 0
        self._draft.heading(words, level)
        return 1

    def _children(self, element: Element, level: int, taken: frozenset[int]) -> None:
        children = [child for child in element.children if isinstance(child, str) or id(child) not in taken]
        mixed = any(isinstance(child, str) and child.strip() for child in children)
        if not mixed and (row := _row(children)):
            self._paragraph(row)
            return
        for child in children:
            if isinstance(child, str):
                self._line.append(_SPACES.sub(" ", child))
            elif self._is_apart(child, mixed=mixed):
                self.block(child, level)
            else:
                self._inline(child, level)

    def _is_apart(self, child: Element, *, mixed: bool) -> bool:
        if child.name in NOTES or child.name in _BREAKS:
            return False
        return not mixed or child.name in APART or child.name in QUOTED

    def _inline(self, element: Element, level: int) -> None:
        if element.name in self._left_out:
            return
        if element.name in _BREAKS:
            self._line.append("\n")
        elif element.name in NOTES:
            mark = element.get("marker") or element.get("label")
            self._line.append(f" [{mark}]" if mark else "")
            self._notes.append(self._note(element))
        else:
            for child in element.children:
                if isinstance(child, str):
                    self._line.append(_SPACES.sub(" ", child))
                elif self._is_apart(child, mixed=True):
                    self.block(child, level)
                else:
                    self._inline(child, level)

    def _note(self, element: Element) -> str:
        mark = element.get("marker") or element.get("label")
        words = _line(element)
        return f"[{mark}] {words}" if mark and not words.startswith(mark) else words

    def _table(self, element: Element) -> None:
        for caption in element.elements():
            if caption.name in ("caption", "title", "heading"):
                self._paragraph(_line(caption))
        group: list[str] = []
        for row in _rows(element):
            if group and sum(map(len, group)) + len(row) > ROWS:
                self._draft.paragraph("\n".join(group), "table")
                group = []
            group.append(row)
        self._draft.paragraph("\n".join(group), "table")


def _joined(number: str, heading: str) -> str:
    """`Chapter 1 Dues`, `Chapter 1—Dues`."""
    return number + heading if number.endswith("—") else f"{number} {heading}".strip()


def _run_in(number: str, heading: str) -> str:
    """What stands before the words of a paragraph: `(a) In general.— `."""
    if heading and heading[-1] not in ".—–-:;":
        heading += "."
    return "".join(f"{part} " for part in (number, heading) if part)


def _rows(table: Element) -> Iterator[str]:
    for row in table.elements():
        if row.name in ("tr", "row"):
            cells = (_line(cell) for cell in row.children if isinstance(cell, Element))
            if line := " | ".join(filter(None, cells)):
                yield line


def _row(children: list[Element | str]) -> str:
    """Short values under names of their own as a row, `Port: North; Depth: 7`; "" for all else."""
    values = [child for child in children if isinstance(child, Element)]
    names = {one.name for one in values}
    if len(values) < 2 or 2 * len(names) <= len(values) or names & APART:
        return ""
    lines = [(one.name, _line(one)) for one in values]
    if any(len(words) > _SHORT for _, words in lines) or any(_holds_elements(one) for one in values):
        return ""
    return "; ".join(f"{name}: {words}" for name, words in lines if words)


def _holds_elements(element: Element) -> bool:
    return any(isinstance(child, Element) for child in element.children)


def _line(element: Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    for child in element.children:
        if isinstance(child, str):
            yield child
        else:
            yield " " if child.name in APART or child.name in _BREAKS else ""
            yield from _pieces(child)
