"""PowerPoint presentations: a slide is a page, its title a heading; the notes follow what is on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...errors import CorpusError
from ..draft import Draft
from ..model import Gap, ParagraphKind, Reading
from ..reading import EMPTY
from .docx_styles import number_of
from .flow import row_paragraphs
from .numerals import letters, roman
from .ooxml import Relation, core_properties, embedded, main_part, relations
from .package import Package
from .xmltree import Element, at, parse

__all__ = ["read_pptx"]

_TITLES = frozenset(("title", "ctrTitle"))
_FURNITURE = frozenset(("dt", "ftr", "sldNum", "hdr", "sldImg"))  # date, foot, number: on every slide
_NUMBERS = re.compile(r"(arabic|alphaLc|alphaUc|romanLc|romanUc)(Period|ParenR|ParenBoth|Plain)")
_LEVELS = 9


def read_pptx(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a PowerPoint presentation (`.pptx`, `.pptm`, `.ppsx`). A reader, as `registry.Reader` says.

    Comments and what stands on every slide are left out; hidden slides are read, and their titles say so. A
    slide that cannot be read is a gap, and the others are read.
    """
    package = Package(content, "a PowerPoint presentation")
    main = main_part(package, "ppt/presentation.xml")
    tree = parse(package.pieces(main), main)
    related = relations(package, main)
    draft = Draft()
    gaps: list[Gap] = embedded(package, key)
    identities = dict.fromkeys(slide.get("r:id", "") for slide in tree.iter("p:sldId"))
    for index, identity in enumerate(identities):
        relation = related.get(identity)
        try:
            draft.page(index=index)
            _Slide(package, draft, relation.target if relation else "").write()
        except CorpusError as error:
            gaps.append(Gap(key, error.message, f"slide {index + 1}"))
    fields = core_properties(package)
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


class _Slide:
    """Writes one slide into a draft."""

    def __init__(self, package: Package, draft: Draft, part: str) -> None:
        self._package, self._draft = package, draft
        self._tree = parse(package.pieces(part), part)
        self._related: dict[str, Relation] = relations(package, part)

    def write(self) -> None:
        shapes = list(_shapes(at(self._tree, "p:cSld/p:spTree")))
        titles = [shape for shape in shapes if _placeholder(shape) in _TITLES]
        hidden = " (hidden slide)" * (self._tree.get("show") in ("0", "false"))
        for title in titles:
            words = " ".join(words for words, _ in _paragraphs(title.find("p:txBody")))
            if words.strip():
                self._draft.heading(words + hidden, 1)
        for shape in shapes:
            if shape not in titles:
                self._shape(shape)
        self._notes()

    def _shape(self, shape: Element) -> None:
        if shape.tag == "p:graphicFrame":
            self._frame(shape)
            return
        kind = _placeholder(shape)
        if kind in _FURNITURE:
            return
        for words, numbered in _paragraphs(shape.find("p:txBody")):
            self._draft.paragraph(words, "item" if numbered or kind in ("body", "obj") else "text")

    def _frame(self, frame: Element) -> None:
        """A table, or a drawing of boxes, whose words stand in a part of their own."""
        for table in frame.iter("a:tbl"):
            rows = [[_joined(cell) for cell in row.findall("a:tc")] for row in table.findall("a:tr")]
            for words in row_paragraphs(rows):
                self._draft.paragraph(words, "table")
        for diagram in frame.iter("dgm:relIds"):
            relation = self._related.get(diagram.get("r:dm", ""))
            if relation is not None and relation.target in self._package:
                tree = parse(self._package.pieces(relation.target), relation.target)
                self._all(tree.iter("dgm:t"), "item")

    def _notes(self) -> None:
        for relation in self._related.values():
            if relation.kind == "notesSlide" and relation.target in self._package:
                tree = parse(self._package.pieces(relation.target), relation.target)
                shapes = _shapes(at(tree, "p:cSld/p:spTree"))
                bodies = (shape.find("p:txBody") for shape in shapes if _placeholder(shape) == "body")
                self._all((body for body in bodies if body is not None), "text")

    def _all(self, bodies: Iterator[Element], kind: ParagraphKind) -> None:
        for body in bodies:
            for words, _ in _paragraphs(body):
                self._draft.paragraph(words, kind)


def _shapes(parent: Element | None) -> Iterator[Element]:
    """The shapes in a tree in their order, those of groups in place."""
    for child in parent if parent is not None else ():
        if child.tag in ("p:sp", "p:graphicFrame"):
            yield child
        elif child.tag == "p:grpSp":
            yield from _shapes(child)
        elif child.tag == "mc:AlternateContent":
            choice = child.find("mc:Choice")
            yield from _shapes(choice if choice is not None else child.find("mc:Fallback"))


def _placeholder(shape: Element) -> str:
    """What a shape is for (`title`, `body`, `dt`); "" for one that was put there freely."""
    found = at(shape, "p:nvSpPr/p:nvPr/p:ph")
    return "" if found is None else found.get("type", "obj")


def _paragraphs(body: Element | None) -> Iterator[tuple[str, bool]]:
    """The paragraphs of a text body, and whether each is numbered; the number stands before its words."""
    counts: dict[int, int] = {}
    for paragraph in body.findall("a:p") if body is not None else ():
        words = _words(paragraph)
        if not words.strip():
            continue
        properties = paragraph.find("a:pPr")
        numbers = properties.find("a:buAutoNum") if properties is not None else None
        level = number_of(properties.get("lvl"), 0) or 0 if properties is not None else 0
        level = min(max(level, 0), _LEVELS)
        for deeper in range(level + (numbers is not None), _LEVELS + 1):
            counts.pop(deeper, None)
        if numbers is None:
            yield words, False
            continue
        counts[level] = counts.get(level, (number_of(numbers.get("startAt"), 1) or 1) - 1) + 1
        yield f"{_numbered(counts[level], numbers.get('type', ''))} {words}", True


def _numbered(number: int, form: str) -> str:
    found = _NUMBERS.fullmatch(form)
    kind, ending = (found[1], found[2]) if found else ("arabic", "Period")
    words = str(number) if kind == "arabic" else roman(number) if kind[0] == "r" else letters(number)
    words = words.upper() if kind.endswith("Uc") else words
    return {"Period": f"{words}.", "ParenR": f"{words})", "ParenBoth": f"({words})"}.get(ending, words)


def _words(paragraph: Element) -> str:
    parts = []
    for child in paragraph.iter():
        if child.tag in ("a:t", "m:t"):
            parts.append(child.text or "")
        elif child.tag == "a:br":
            parts.append("\n")
    return "".join(parts)


def _joined(cell: Element) -> str:
    return " ".join(words for words, _ in _paragraphs(cell.find("a:txBody")))
