"""The run of a word processor's document: headings and paragraphs, before it is known which are headings.

Many documents style no heading at all; their authors made lines bold, or only wrote `PART II`. Where that is
so, lines that have the form of a heading become headings, with the levels that their forms imply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..cutting import ROWS
from ..draft import Draft, clean
from ..headings import ALONE_LONGEST, Form, Rank, heading_form, is_label, levels
from ..model import ParagraphKind

__all__ = ["Flow", "row_paragraphs"]

_MOST_HEADINGS = 0.5  # of a document's paragraphs; where more are bold, it is how the text is set


_Found = tuple[int, Form]


def row_paragraphs(rows: list[list[str]]) -> Iterator[str]:
    """The rows of a table, each a line with bars between its cells; many rows make several paragraphs.

    >>> list(row_paragraphs([["Year", "Fee"], ["2020", ""], ["", ""]]))
    ['Year | Fee\\n2020']
    """
    lines = [" | ".join(clean(cell).replace("\n", " ") for cell in row if cell.strip()) for row in rows]
    group: list[str] = []
    size = 0
    for line in filter(None, lines):
        if group and size + len(line) > ROWS:
            yield "\n".join(group)
            group, size = [], 0
        group.append(line)
        size += len(line) + 1
    if group:
        yield "\n".join(group)


@dataclass(slots=True)
class _Piece:
    """level: of a heading; 0 for a paragraph. loud: a paragraph that its look sets apart."""

    words: str
    kind: ParagraphKind = "text"
    level: int = 0
    loud: bool = False


class Flow:
    """Gathers headings, paragraphs and tables in reading order, and writes them to a draft."""

    def __init__(self) -> None:
        self._pieces: list[_Piece] = []

    def heading(self, words: str, level: int) -> None:
        self._pieces.append(_Piece(words, level=level))

    def paragraph(self, words: str, kind: ParagraphKind = "text", *, loud: bool = False) -> None:
        """loud: all of it is set apart: bold, or larger than the text."""
        if words and not words.isspace():
            self._pieces.append(_Piece(words, kind, loud=loud))

    def table(self, rows: list[list[str]]) -> None:
        """Rows of cells, as `row_paragraphs` words them."""
        for words in row_paragraphs(rows):
            self.paragraph(words, "table")

    def write(self, draft: Draft, *, guess: bool = True) -> None:
        """Write everything to a draft. guess: whether lines that are set apart may become headings."""
        # A title alone may be all that was styled.
        if guess and not any(piece.level for piece in self._pieces[1:]):
            self._find_headings()
        for piece in self._pieces:
            if piece.level:
                draft.heading(piece.words, piece.level)
            else:
                draft.paragraph(piece.words, piece.kind)

    def _find_headings(self) -> None:
        found = [(index, form) for index, piece in enumerate(self._pieces) if (form := _form(piece))]
        found = [
            one
            for one, before, after in zip(found, [None, *found], [*found[1:], None], strict=False)
            if self._stands_alone(one, before, after)
        ]
        if not found or len(found) > _MOST_HEADINGS * len(self._pieces):
            return
        places = [index for index, _ in found]
        adjacent = [after == place + 1 for place, after in zip(places, [*places[1:], -1], strict=True)]
        titles = [clean(self._pieces[place].words) for place in places]
        found_levels = levels([form for _, form in found], titles, opens=places[0] == 0, adjacent=adjacent)
        for place, level in zip(places, found_levels, strict=True):
            self._pieces[place].level = level

    def _stands_alone(self, one: _Found, before: _Found | None, after: _Found | None) -> bool:
        """Whether a line is bold, or not one of several alike in a row, which are a list or an address."""
        place, form = one
        if self._pieces[place].loud:
            return True
        alike = (other for other in (before, after) if other and other[1].rank == form.rank)
        return all(abs(other[0] - place) > 1 for other in alike)


def _form(piece: _Piece) -> Form | None:
    """How a paragraph looks like a heading; None when it does not."""
    line = clean(piece.words)
    kinds = ("text", "item") if piece.loud else ("text",)
    if piece.level or piece.kind not in kinds or len(line) > ALONE_LONGEST or is_label(line):
        return None
    form = heading_form(line.replace("\n", " "))
    if not piece.loud:
        return form if form and (form.rank < Rank.ROMAN or form.rank == Rank.CAPS) else None
    # Bold vouches for the sentence form; a bold line that ends a sentence is a call-out.
    return form or (Form(Rank.WORDS) if line[:1].isalnum() and line[-1:] not in ".,;:!" else None)
