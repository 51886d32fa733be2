"""dc-law as PDFs: acts set by reportlab, some sections to a file, in layouts that differ in what is hard."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from .progress import say

__all__ = ["LAYOUTS", "Set", "set_acts"]

LAYOUTS = ("one column", "two columns", "outline", "indented")
_SECTIONS = 3  # of the corpus in one file
_WIDTH, _HEIGHT = 595.3, 841.9  # A4, in points
_MARGIN = 60.0


@dataclass
class Set:
    """A file, and what was set in it. headings: level and words."""

    layout: str
    path: Path
    pages: int = 0
    paragraphs: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)


def set_acts(corpus: Path, folder: Path, files: int) -> list[Set]:
    """Set the first sections of a corpus in so many files, the layouts taking turns."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = _sections(corpus)
    made: list[Set] = []
    for number in range(files):
        parts = list(islice(sections, _SECTIONS))
        if not parts:
            break
        one = Set(LAYOUTS[number % len(LAYOUTS)], folder / f"acts-{number:05d}.pdf")
        _set(one, [block for part in parts for block in part])
        made.append(one)
        if number % 250 == 249:
            say(f"set: {number + 1} files")
    return made


def _sections(corpus: Path) -> Iterator[list[str]]:
    """The blocks of one section after the other, without front matter."""
    for path in sorted(corpus.rglob("*.md")):
        blocks = [" ".join(block.split()) for block in path.read_text(encoding="utf-8").split("\n\n")]
        yield [block for block in blocks if block and not block.startswith("---")]


def _set(one: Set, blocks: Sequence[str]) -> None:
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    columns = 2 if one.layout == "two columns" else 1
    gutter = 20.0
    width = (_WIDTH - 2 * _MARGIN - gutter * (columns - 1)) / columns
    frames = [
        Frame(_MARGIN + place * (width + gutter), _MARGIN, width, _HEIGHT - 2 * _MARGIN, 0, 0, 0, 0)
        for place in range(columns)
    ]

    def furnish(canvas: Any, document: Any) -> None:
        one.pages = canvas.getPageNumber()
        canvas.setFont("Times-Italic", 9)
        canvas.drawString(_MARGIN, _HEIGHT - 36, "Laws of the District")
        canvas.drawRightString(_WIDTH - _MARGIN, _HEIGHT - 36, f"{one.pages}")

    document = BaseDocTemplate(str(one.path), pagesize=(_WIDTH, _HEIGHT), title=one.path.stem, invariant=1)
    document.addPageTemplates(PageTemplate(frames=frames, onPage=furnish))
    document.build(list(_story(one, blocks)))


def _story(one: Set, blocks: Sequence[str]) -> Iterator[Any]:
    from reportlab.lib.enums import TA_JUSTIFY
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    class Heading(Paragraph):  # type: ignore[misc]
        """A heading with an entry in the outline."""

        def draw(self) -> None:
            super().draw()
            key = f"h{id(self)}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(self.entry[1], key, self.entry[0] - 1)

    body = ParagraphStyle("body", fontName="Times-Roman", fontSize=10, leading=12, spaceAfter=6)
    if one.layout in ("two columns", "indented"):
        body.alignment = TA_JUSTIFY
    if one.layout == "indented":
        body.firstLineIndent, body.spaceAfter = 14, 0
    sizes = (17, 13.5, 12, 11)
    styles = [
        ParagraphStyle(
            "h", fontName="Times-Bold", fontSize=size, leading=1.2 * size, spaceBefore=8, spaceAfter=4
        )
        for size in sizes
    ]
    for block in blocks:
        if not block.startswith("#"):
            one.paragraphs.append(block)
            yield Paragraph(escape(block), body)
            continue
        level = min(len(block) - len(block.lstrip("#")), len(sizes))
        words = block.lstrip("# ")
        one.headings.append((level, words))
        heading = (Heading if one.layout == "outline" else Paragraph)(escape(words), styles[level - 1])
        heading.entry = level, words
        yield heading
