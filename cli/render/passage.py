"""The paragraph that a citation names, for a person, in its context."""

from __future__ import annotations

from ...corpus.located import has_lines, locate
from ...corpus.model import Document, Paragraph
from ...search.citing import Resolved
from . import words
from .markup import displayed
from .page import BAR, NO_BAR, Around, Neighbour
from .rich import lines, span
from .safe import one_line
from .style import Role, Style
from .text import heading

__all__ = ["headings", "line", "page_label", "render"]


def render(citation: str, found: Resolved, near: Around, style: Style, width: int) -> str:
    """Title and place, then the paragraphs: the cited one behind a bar, its neighbours dim."""
    document, cited = found.document, found.paragraph
    middle = Neighbour(document.text[cited.start : cited.end], near.heading, cited.kind)
    blocks = [
        _head(found, style, width),
        *(_paragraph(document, one, "dim", NO_BAR, style, width) for one in near.before),
        _paragraph(document, middle, "plain", BAR, style, width),
        *(_paragraph(document, one, "dim", NO_BAR, style, width) for one in near.after),
        [style.paint(one_line(citation), "dim")],
    ]
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def headings(document: Document, section: int) -> tuple[str, ...]:
    """Titles of the sections around and including one, outermost first, without the lead's empty one."""
    names = []
    at: int | None = section
    while at is not None:
        names.append(document.sections[at].title)
        at = document.sections[at].parent
    return tuple(name for name in reversed(names) if name)


def page_label(document: Document, place: int) -> str:
    """The page at a character of the text: its printed label, else its number from 1, else ""."""
    found = locate(document.anchors, place)
    return found.page_label or ("" if found.page is None else str(found.page + 1))


def line(document: Document, paragraph: Paragraph) -> int | None:
    """The paragraph's first line in its source, from 1; None where that has no lines."""
    return paragraph.line if has_lines(document.meta.type) else None


def _head(found: Resolved, style: Style, width: int) -> list[str]:
    document, paragraph = found.document, found.paragraph
    title = document.meta.title
    above = tuple(words.shown_headings(headings(document, paragraph.section), paragraph.kind))
    found_at = locate(document.anchors, paragraph.start)
    place = words.whereabouts(
        paragraph.ordinal,
        page_label(document, paragraph.start),
        line(document, paragraph),
        media_type=document.meta.type,
        sheet=found_at.sheet,
        cell=found_at.cell,
    )
    trail = words.trail(title, above, place, width)
    shown = heading(span(one_line(title), "title"), document.meta, width, style)
    return [*shown, *lines(span(trail), width, style)]


def _paragraph(
    document: Document, one: Neighbour, ground: Role, indent: str, style: Style, width: int
) -> list[str]:
    """A paragraph under its heading, if it has one to show."""
    markdown = document.meta.type == "text/markdown"
    shown = displayed(one.text, (0, len(one.text)), kind=one.kind, markdown=markdown, ground=ground)
    title = lines(span(one_line(one.heading_above), "title"), width, style, NO_BAR)
    return [*title, *[""] * bool(title)] + [
        line for text in shown for line in lines(text, width, style, indent)
    ]
