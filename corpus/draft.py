"""A document of a format that is not text, written block by block into its canonical text.

A reader tells what it meets, in reading order: pages, headings, paragraphs. The text is their words, one
block after another with an empty line between, so that every range of it is a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .blocks import HEADING_LONGEST, Block, Heading
from .members import TooMuch
from .metadata import describe
from .model import Anchor, Document, MetaValue, ParagraphKind
from .outline import outline

__all__ = ["LONGEST", "MOST", "Draft", "clean"]

MOST = 2_000_000
"""Headings and paragraphs of one document."""

LONGEST = 200_000_000
"""Characters of one document. Formats that store words once can show them very often."""

_OPENING = 5  # paragraphs that may hold a dateline or a `Date:` line
_WORD = re.compile(r"[^\W_]")
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r" ?\n[ \n]*")


def clean(words: str) -> str:
    """Words as a canonical text holds them: no control characters, white space folded, single line breaks.

    >>> clean("  The\\t Act\\x00 \\r\\n\\n of  2020 ")
    'The Act\\nof 2020'
    """
    # Cells and lines mostly are clean, and there are millions.
    if words.isascii() and words.isprintable() and "  " not in words:
        return words.strip()
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    return _BREAKS.sub("\n", _SPACES.sub(" ", _NOT_TEXT.sub(" ", words))).strip()


class Draft:
    """Gathers the blocks of one document. Blocks without a word are passed over."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block | Heading] = []
        self._opening: list[str] = []
        self._leading: str | None = None
        self._anchors: list[Anchor] = []
        self._open: dict[str, tuple[int, int, str]] = {}
        self._pages = 0

    def __bool__(self) -> bool:
        """Whether there is a block."""
        return bool(self._blocks)

    def heading(self, words: str, level: int, *, titular: bool = True) -> None:
        """Add a heading of a level of 1 and more; one that is too long to be one becomes a paragraph.

        titular: whether it names the document when nothing stands before it (a sheet's name does not).
        """
        words = clean(words).replace("\n", " ")
        if len(words) > HEADING_LONGEST:
            self.paragraph(words)
        elif _WORD.search(words):
            if titular and not self._blocks:
                self._leading = words
            start = self._write(words)
            self._blocks.append(Heading(start, self._length, max(1, level), words, start))

    def paragraph(self, words: str, kind: ParagraphKind = "text") -> None:
        """Add a paragraph; line breaks in it are kept, empty lines are not."""
        words = clean(words)
        if _WORD.search(words):
            start = self._write(words)
            self._blocks.append(Block(start, self._length, kind))
            if len(self._opening) < _OPENING:
                self._opening.append(words)

    def run_on(self, words: str, *, space: bool = True) -> None:
        """Go on with the last paragraph, on a page that has begun since.

        space: whether a space stands between; without it a word goes on.
        """
        words = clean(words)
        if not self._blocks or isinstance(self._blocks[-1], Heading):
            self.paragraph(words)
        elif words:
            last = self._blocks[-1]
            glue = " " if space else ""
            for kind, (start, index, label) in self._open.items():
                self._open[kind] = (min(start, self._length + len(glue)), index, label)
            self._parts.append(glue + words)
            self._length += len(glue) + len(words)
            self._blocks[-1] = last._replace(end=self._length)

    def page(self, label: str = "", index: int | None = None) -> None:
        """Begin a page (or slide): what follows stands on it. index: from 0; without it the next one."""
        number = self._pages if index is None else index
        self._pages = number + 1
        self._begin("page", number, label)

    def sheet(self, name: str, index: int) -> None:
        """Begin a sheet of a workbook; the last cell ends. index: from 0."""
        self._finish("cell")
        self._begin("sheet", index, name)

    def cell(self, label: str, index: int) -> None:
        """Begin a cell or row: its label as people write it (`A5`), its row from 0."""
        self._begin("cell", index, label)

    def document(
        self,
        *,
        key: str,
        name: str,
        media_type: str,
        fields: Mapping[str, MetaValue] | None = None,
    ) -> Document | None:
        """The document, with metadata as `metadata.describe` finds it; None when no block holds a word.

        fields: what the format states of itself, by the names of front matter (title, published, language,
            source, place, effective, ended) and any others (author, subject), in lower case.
        """
        text = "".join(self._parts)
        sections, paragraphs = outline(text, self._blocks)
        if not paragraphs:
            return None
        for kind in ("page", "sheet", "cell"):
            self._finish(kind)
        meta = describe(
            name=name,
            media_type=media_type,
            fields=fields or {},
            heading=self._leading,
            opening=self._opening,
            body=text,
        )
        anchors = tuple(sorted(self._anchors, key=lambda anchor: (anchor.start, -anchor.end)))
        return Document(key, text, sections, paragraphs, meta, anchors)

    def _write(self, words: str) -> int:
        """Append words to the text; where they begin. TooMuch beyond the limits: what was written stands."""
        if self._length + len(words) > LONGEST or len(self._blocks) >= MOST:
            raise TooMuch(
                f"it has more than {LONGEST:,} characters or {MOST:,} paragraphs: split it into several files"
            )
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(words)
        self._length += len(words)
        return start

    def _begin(self, kind: str, index: int, label: str) -> None:
        self._finish(kind)
        self._open[kind] = (self._length + 2 if self._parts else 0, index, clean(label).replace("\n", " "))

    def _finish(self, kind: str) -> None:
        """End the open anchor of a kind; one without words is dropped."""
        start, index, label = self._open.pop(kind, (self._length, 0, ""))
        if start < self._length:
            self._anchors.append(Anchor(kind, start, self._length, index, label))  # type: ignore[arg-type]
