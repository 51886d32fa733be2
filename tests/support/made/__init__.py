"""Files that are made for the tests, with what a good reader finds in them."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Made"]


@dataclass(frozen=True)
class Made:
    """A file and the truth about it.

    name: with its extension. headings: level and words, in order. paragraphs: words and page (from 1; None in
    formats without pages), in order. middle: a sentence from its middle.
    """

    name: str
    content: bytes
    headings: tuple[tuple[int, str], ...]
    paragraphs: tuple[tuple[str, int | None], ...]
    middle: str
    title: str = ""
