"""Where in its source a paragraph stands: line, page, slide, sheet, row, as far as the source has such."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import formats
from .model import Anchor

__all__ = ["Place", "has_lines", "has_slides", "locate"]

_SLIDES = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.presentation",
    }
)


class Place(NamedTuple):
    """page: index from 0, None where there are no pages; page_label: as printed, else "".
    sheet: its name, of a workbook; cell: row or cell as people write it (`row 5`, `A5`); else ""."""

    page: int | None = None
    page_label: str = ""
    sheet: str = ""
    cell: str = ""


def locate(anchors: Iterable[Anchor], start: int) -> Place:
    """The place of a character of the text."""
    found: dict[str, Anchor] = {}
    for anchor in anchors:
        if anchor.start <= start < max(anchor.end, anchor.start + 1):
            found.setdefault(anchor.kind, anchor)
    page, sheet, cell = found.get("page"), found.get("sheet"), found.get("cell")
    return Place(
        page.index if page else None,
        page.label if page else "",
        (sheet.label or str(sheet.index + 1)) if sheet else "",
        (cell.label or f"row {cell.index + 1}") if cell else "",
    )


def has_lines(media_type: str) -> bool:
    """Whether the text of such a source is the source itself, so that its lines are those of the file. What a
    reader of another format gives has lines of its own making."""
    return media_type.startswith("text/") and media_type not in formats.HOMES


def has_slides(media_type: str) -> bool:
    """Whether its pages are slides."""
    return media_type in _SLIDES
