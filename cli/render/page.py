"""What a printer is given: results, and what the command line knows besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ...corpus.model import Document, ParagraphKind
from ...search.results import Results

__all__ = ["BAR", "NO_BAR", "Around", "Neighbour", "Page", "around"]


BAR, NO_BAR = "▌ ", "  "
"""What the lines of a paragraph begin with, and those of its neighbours, where these are shown."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A paragraph near another. `heading`: the title of its section where another section ends before it
    (or, for the first one shown, where the paragraph in the middle is in another), else ""."""

    text: str
    heading: str
    kind: ParagraphKind = "text"

    @property
    def heading_above(self) -> str:
        """The heading to show over it; a heading that stands for itself has none but itself."""
        return "" if self.kind == "heading" else self.heading


@dataclass(frozen=True, slots=True)
class Around:
    """The paragraphs before and after one, in document order; `heading` is that of the one in the middle."""

    before: tuple[Neighbour, ...]
    heading: str
    after: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """index: path of the index, "" when it stands in memory. options: what a further command needs to reach
    the same index (`" --index PATH"`, or ""). around: neighbours by citation, where they were asked for.
    facet_values: the most values to show of a facet. cursors: whether pages are asked for by cursors."""

    results: Results
    index: str = ""
    options: str = ""
    around: Mapping[str, Around] = field(default_factory=dict)
    facet_values: int = 10
    cursors: bool = False


def around(document: Document, paragraph: int, count: int) -> Around:
    """`count` paragraphs on either side of one (its index, from 0), fewer at the ends of the document."""
    low = max(0, paragraph - count)
    shown = []
    section = document.paragraphs[paragraph].section
    for one in document.paragraphs[low : paragraph + 1 + count]:
        heading = document.sections[one.section].title if one.section != section else ""
        shown.append(Neighbour(document.text[one.start : one.end], heading, one.kind))
        section = one.section
    middle = paragraph - low
    return Around(tuple(shown[:middle]), shown[middle].heading, tuple(shown[middle + 1 :]))
