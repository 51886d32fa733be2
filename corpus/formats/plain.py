"""Plain text inside of other formats, with the structure that its form shows."""

from __future__ import annotations

from typing import Protocol

from ..blocks import Heading
from ..model import ParagraphKind
from ..plaintext import plain_blocks

__all__ = ["Target", "write_plain"]


class Target(Protocol):
    """What takes headings and paragraphs: a draft or a flow."""

    def heading(self, words: str, level: int) -> None: ...

    def paragraph(self, words: str, kind: ParagraphKind = "text") -> None: ...


def write_plain(text: str, target: Target, *, below: int = 0, kind: ParagraphKind | None = None) -> None:
    """Write the headings and paragraphs of plain text. below: the level of the heading that it stands under.
    kind: of all its paragraphs, where it is known; then nothing becomes a heading."""
    for block in plain_blocks(text):
        words = text[block.start : block.end]
        if kind is not None:
            target.paragraph(words, kind)
        elif isinstance(block, Heading):
            target.heading(block.title, block.level + below)
        else:
            target.paragraph(words, block.kind)
