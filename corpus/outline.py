"""From blocks in text order to the sections and paragraphs of a document."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .blocks import Block, Heading
from .cutting import LONGEST, pieces
from .model import Paragraph, ParagraphKind, Section

__all__ = ["outline"]

_WORD = re.compile(r"[^\W_]")


def outline(
    text: str, blocks: Iterable[Block | Heading]
) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
    """Build the sections (the lead first) and paragraphs that the blocks of a text make.

    Blocks come in text order and do not overlap. Their ranges are stripped of white space; a block without
    any word (rules, stray marks) makes no paragraph; one of more than LONGEST characters makes several.
    """
    builder = _Builder(text)
    for block in blocks:
        if type(block) is Heading:
            builder.open(block)
        else:
            builder.add(block[0], block[1], block[2])  # type: ignore[arg-type]
    return builder.finish()


@dataclass(slots=True)
class _Open:
    """A section whose end is not known yet (-1), and how many subsections it has so far."""

    heading: Heading
    parent: int | None
    path: tuple[int, ...]
    first: int
    children: int = 0
    end: int = -1
    last: int = -1


class _Builder:
    def __init__(self, text: str) -> None:
        self._text = text
        self._sections = [_Open(Heading(0, 0, 0, "", 0), None, (0,), 0)]
        self._stack: list[int] = [0]
        self._top = 0  # sections at the top so far, without the lead
        self._paragraphs: list[Paragraph] = []
        self._ordinal = 0
        self._line = 1
        self._counted = 0  # `_line` is the line of this offset

    def open(self, heading: Heading) -> None:
        """Begin a section; those of its level and deeper end here."""
        if self._sections[-1].heading.level >= heading.level:
            self._stand_in()
        self._close(heading.level, heading.opens)
        if self._stack:
            parent = self._stack[-1]
            above = self._sections[parent]
            above.children += 1
            opened = _Open(heading, parent, (*above.path, above.children), len(self._paragraphs))
        else:
            self._top += 1
            opened = _Open(heading, None, (self._top,), len(self._paragraphs))
        self._stack.append(len(self._sections))
        self._sections.append(opened)
        self._ordinal = 0

    def add(self, start: int, end: int, kind: ParagraphKind) -> None:
        """Add a paragraph, or several, to the innermost section."""
        if end - start > LONGEST:
            for piece in pieces(self._text, start, end):
                self._append(*piece, kind)
        else:
            self._append(start, end, kind)

    def finish(self) -> tuple[tuple[Section, ...], tuple[Paragraph, ...]]:
        """End all sections and return everything."""
        self._stand_in()
        self._close(0, len(self._text))
        return tuple(map(_section, self._sections)), tuple(self._paragraphs)

    def _append(self, start: int, end: int, kind: ParagraphKind) -> None:
        text = self._text
        if not _WORD.search(text, start, end):
            return
        if text[start].isspace() or text[end - 1].isspace():
            words = text[start:end]
            end -= len(words) - len(words.rstrip())
            start += len(words) - len(words.lstrip())
        self._line += text.count("\n", self._counted, start)
        self._counted = start
        self._ordinal += 1
        self._paragraphs.append(
            Paragraph(start, end, len(self._sections) - 1, self._ordinal, self._line, kind)
        )

    def _stand_in(self) -> None:
        """A section that ends without paragraphs or subsections is found by its heading."""
        heading = self._sections[-1].heading
        if not self._ordinal and heading.level:
            self.add(heading.start, heading.end, "heading")

    def _close(self, level: int, end: int) -> None:
        """End the open sections of this level and deeper, and the lead in any case."""
        while self._stack:
            innermost = self._sections[self._stack[-1]]
            if 0 < innermost.heading.level < level:
                return
            innermost.end, innermost.last = end, len(self._paragraphs)
            self._stack.pop()


def _section(known: _Open) -> Section:
    heading = known.heading
    return Section(
        title=heading.title,
        level=heading.level,
        parent=known.parent,
        path=known.path,
        heading=(heading.start, heading.end),
        start=heading.opens,
        end=known.end,
        first=known.first,
        last=known.last,
    )
