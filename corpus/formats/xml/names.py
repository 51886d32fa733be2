"""Which elements are what, in Akoma Ntoso, USLM and the older bills of Congress, DocBook, JATS and TEI."""

from __future__ import annotations

from ..html.names import named
from ..html.tree import Element

__all__ = ["APART", "DIVISIONS", "LEFT_OUT", "NOTES", "QUOTED", "UNITS", "is_leaf", "lead_of"]

DIVISIONS = named(
    "book tome part subpart title subtitle division subdivision chapter subchapter section article rule "
    "schedule annex appendix preamble preface conclusions attachment"
)
"""Whose number is a heading, even without a heading of its own."""

UNITS = named(
    "subsection paragraph subparagraph clause subclause item subitem point indent alinea subrule proviso "
    "level li listitem list-item transitional quotedtext"
)
"""Whose number and heading stand before their text."""

QUOTED = named(
    "quotedstructure quotedcontent quoted-block embeddedstructure embeddedtext blockquote disp-quote quote"
)
NOTES = named("authorialnote footnote fn note-ref")
LEFT_OUT = named("toc tableofcontents toc-entry script style")

APART = named(
    "p para block blocklist blockcontainer list item li table tgroup content intro wrapup chapeau "
    "continuation ul ol quotedstructure quotedcontent quoted-block sec section paragraph subparagraph "
    "clause subclause subsection point div figure text pre programlisting lg "
    "itemizedlist orderedlist listitem dl"
)
"""What is a paragraph or holds some, even where it stands among words."""

_NUMBERS = named("num enum no number label enbez")
_HEADINGS = named(
    "heading header head title subheading headline caption ti titel bridgehead article-title crossheading"
)


def lead_of(element: Element) -> tuple[str, str, frozenset[int]]:
    """The number and heading of an element, and which of its children they are, by `id()`."""
    number = ""
    headings: list[str] = []
    taken: set[int] = set()
    for child in element.children:
        if isinstance(child, str):
            if child.strip():
                break
        elif child.name in _NUMBERS and is_leaf(child) and not number:
            number = _line(child)
            taken.add(id(child))
        elif child.name in _HEADINGS and is_leaf(child) and len(headings) < 2:
            headings.append(_line(child))
            taken.add(id(child))
        elif taken or child.name not in ("meta", "info", "a", "marker", "pb"):
            break
    return number, " — ".join(filter(None, headings)), frozenset(taken)


def is_leaf(element: Element) -> bool:
    """Whether an element holds words, and none that stand apart."""
    return not any(one.name in APART or one.name in _NUMBERS for one in element.elements())


def _line(element: Element) -> str:
    return " ".join(element.words().split())
