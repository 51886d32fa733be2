"""Whether what a segment holds of a document can be one: only such go into an index again, or to a caller."""

from __future__ import annotations

from collections.abc import Sequence

from ..corpus.model import Anchor, Metadata, Paragraph

__all__ = ["check_anchors", "check_meta", "check_paragraphs", "check_sections"]

_MOST = 1 << 32


def check_sections(
    levels: Sequence[int], parents: Sequence[int | None], spans: Sequence[Sequence[int]], paragraphs: int
) -> None:
    """ValueError unless sections nest, each in an earlier one of a lower level (so that they are not deep),
    and their spans are of the document's paragraphs.

    spans: (start, length of the heading, first paragraph, end of the paragraphs) of each.
    """
    for at, (level, parent, (start, length, first, last)) in enumerate(
        zip(levels, parents, spans, strict=True)
    ):
        if parent is not None and not (0 <= parent < at and levels[parent] < level):
            raise ValueError("sections do not nest")
        if not (0 <= level < 256 and 0 <= start < _MOST and 0 <= length < _MOST):
            raise ValueError("a section is nowhere")
        if not 0 <= first <= last <= paragraphs:
            raise ValueError("a section holds no paragraphs of its document")


def check_paragraphs(paragraphs: Sequence[Paragraph], sections: int, length: int) -> None:
    """ValueError unless paragraphs follow each other in a text of so many characters, in sections of it."""
    before = 0
    for each in paragraphs:
        if not before <= each.start <= each.end <= length:
            raise ValueError("paragraphs do not follow each other")
        if not (0 <= each.section < sections and 0 <= each.line < _MOST):
            raise ValueError("a paragraph is nowhere")
        before = each.end


def check_meta(meta: Metadata, *texts: object) -> None:
    """TypeError unless what is text is text."""
    for text in (meta.title, meta.language, meta.type, meta.source, meta.place, *meta.extra, *texts):
        if type(text) is not str:
            raise TypeError("no text")
        text.encode()
    for value in meta.extra.values():
        if isinstance(value, tuple) and not all(type(item) is str for item in value):
            raise TypeError("a list of something else than texts")


def check_anchors(anchors: Sequence[Anchor]) -> None:
    """TypeError or ValueError unless anchors are of ranges, and labelled with text."""
    for each in anchors:
        texts: tuple[object, ...] = (each.kind, each.label)
        numbers: tuple[object, ...] = (each.start, each.end, each.index)
        if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
            raise TypeError("neither numbers nor texts")
        if not (0 <= each.start <= each.end < _MOST and 0 <= each.index < _MOST):
            raise ValueError("an anchor is nowhere")
