"""What a text reader finds, one after another, in the order of the text: headings and paragraphs to be.

Ranges are half-open character ranges of the canonical text. White space around the words does no harm:
`outline` strips it, drops what holds no word, and cuts what is too long.
"""

from __future__ import annotations

from typing import NamedTuple

from .model import ParagraphKind

__all__ = ["HEADING_LONGEST", "Block", "Heading"]

HEADING_LONGEST = 1_000
"""Characters. A longer line is no heading, whatever its markup says: its words must stay readable."""


class Block(NamedTuple):
    """A paragraph to be."""

    start: int
    end: int
    kind: ParagraphKind = "text"


class Heading(NamedTuple):
    """A heading.

    start, end: its words. level: 1 and more. title: as shown, not empty. opens: where its first line,
    markup included, begins.
    """

    start: int
    end: int
    level: int
    title: str
    opens: int
