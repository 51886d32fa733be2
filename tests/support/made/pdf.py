"""PDFs of several layouts, set by reportlab, with the page on which each paragraph begins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Table, TableStyle
from reportlab.platypus.doctemplate import NextPageTemplate

from . import Made
from .plans import PLANS, Part, Plan, h, li, p

__all__ = ["LAYOUTS", "Layout", "documents", "long_plan", "made"]

_MARGIN = 56.0


@dataclass(frozen=True)
class Layout:
    """How a document is set.

    outline: whether it has bookmarks. heads: running heads and feet with page numbers. numbered: its
    headings have numbers, and the letters of the text's size, bold. indented: paragraphs are told apart by
    their first lines, not by space.
    """

    name: str
    size: tuple[float, float] = A4
    columns: int = 1
    outline: bool = False
    heads: bool = False
    numbered: bool = False
    indented: bool = False
    justified: bool = False
    font: str = "Times"
    title: bool = True


LAYOUTS = (
    Layout("plain"),
    Layout("columns", columns=2, heads=True, justified=True),
    Layout("outline", size=A5, outline=True, heads=True, font="Helvetica"),
    Layout("numbered", size=A5, numbered=True, heads=True),
    Layout("indented", size=A5, indented=True, justified=True, heads=True),
    Layout("three", columns=3, outline=True, font="Helvetica"),
)
_BOLD = {"Times": "Times-Bold", "Helvetica": "Helvetica-Bold"}
_ROMAN = {"Times": "Times-Roman", "Helvetica": "Helvetica"}


@dataclass
class _Setting:
    """What was set where: the truth as it comes about."""

    layout: Layout
    styles: dict[str, ParagraphStyle]
    headings: list[tuple[int, str]] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)
    pages: dict[int, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    shift: int = 0

    def heading(self, words: str, level: int) -> Paragraph:
        if self.layout.numbered and level > self.shift:
            depth = level - self.shift
            self.numbers = [*self.numbers, 0, 0, 0][:depth]
            self.numbers[-1] += 1
            words = f"{'.'.join(map(str, self.numbers))} {words}"
        self.headings.append((level, words))
        mark = f'<onDraw name="bookmark" label="{len(self.headings) - 1}"/>'
        return Paragraph(mark + escape(words), self.styles[f"h{min(level, 4)}"])

    def paragraph(self, words: str, style: str, *, shown: str | None = None) -> Paragraph:
        number = len(self.paragraphs)
        self.paragraphs.append(words)
        mark = f'<onDraw name="record" label="{number}"/>'
        return Paragraph(mark + escape(words if shown is None else shown), self.styles[style])

    def table(self, rows: Sequence[Sequence[str]]) -> Flowable:
        number = len(self.paragraphs)
        self.paragraphs.append("\n".join(" | ".join(row) for row in rows))
        mark = Paragraph(f'<onDraw name="record" label="{number}"/>', self.styles["mark"])
        return [
            mark,
            Table(rows, hAlign="LEFT", style=TableStyle([("FONTNAME", (0, 0), (-1, -1), "Helvetica")])),
        ]

    def flowables(self, parts: Sequence[Part]) -> list[Flowable]:
        found: list[Flowable] = []
        for part in parts:
            if part.kind == "h":
                found.append(self.heading(part.words, part.level + self.shift))
            elif part.kind == "t":
                found.extend(self.table(part.rows))
            elif part.kind == "li":
                found.append(self.paragraph(f"{part.label} {part.words}", "item"))
            elif part.kind == "p":
                found.append(self.paragraph(part.words, "text"))
        return found


def _styles(layout: Layout) -> dict[str, ParagraphStyle]:
    bold, roman = _BOLD[layout.font], _ROMAN[layout.font]
    text = ParagraphStyle("text", fontName=roman, fontSize=10, leading=12.5, spaceAfter=6)
    if layout.justified:
        text.alignment = TA_JUSTIFY
    if layout.indented:
        text.firstLineIndent, text.spaceAfter = 14, 0
    styles = {"text": text, "item": ParagraphStyle("item", parent=text, leftIndent=14, firstLineIndent=-14)}
    if layout.indented:
        styles["item"].firstLineIndent = 0
    sizes = (10.5, 10.5, 10.5, 10.5) if layout.numbered else (17, 14, 12, 11)
    for level, size in enumerate(sizes, 1):
        if level == 1 and layout.title:
            size = 17
        styles[f"h{level}"] = ParagraphStyle(
            f"h{level}",
            fontName=bold,
            fontSize=size,
            leading=1.2 * size,
            spaceBefore=10,
            spaceAfter=5,
            keepWithNext=1,
        )
    styles["mark"] = ParagraphStyle("mark", fontSize=1, leading=1, keepWithNext=1)
    return styles


def made(plan: Plan, layout: Layout) -> Made:
    """A plan, set in a layout."""
    setting = _Setting(layout, _styles(layout), shift=1 if layout.title else 0)
    story: list[Flowable] = [NextPageTemplate("rest")]
    if layout.title:
        story.append(setting.heading(plan.title, 1))
    story += setting.flowables(plan.parts)
    buffer = BytesIO()
    document = BaseDocTemplate(
        buffer,
        pagesize=layout.size,
        title=plan.title,
        author=plan.author,
        lang=plan.language,
        invariant=1,
    )
    document.addPageTemplates(_templates(plan, layout, setting))
    document.build(story)
    pages = [setting.pages[number] for number in range(len(setting.paragraphs))]
    paragraphs = tuple(zip(setting.paragraphs, pages, strict=True))
    name = f"{plan.name}-{layout.name}.pdf"
    return Made(name, buffer.getvalue(), tuple(setting.headings), paragraphs, plan.middle, plan.title)


def _templates(plan: Plan, layout: Layout, setting: _Setting) -> list[PageTemplate]:
    width, height = layout.size
    gutter = 18.0
    column = (width - 2 * _MARGIN - gutter * (layout.columns - 1)) / layout.columns
    frames = [
        Frame(_MARGIN + place * (column + gutter), _MARGIN, column, height - 2 * _MARGIN, 0, 0, 0, 0)
        for place in range(layout.columns)
    ]
    drawn = _page_drawer(plan, layout, setting)
    return [PageTemplate("first", frames, onPage=drawn), PageTemplate("rest", frames, onPage=drawn)]


def _page_drawer(plan: Plan, layout: Layout, setting: _Setting) -> Callable[[Canvas, Any], None]:
    def record(canvas: Canvas, kind: str, label: str) -> None:
        setting.pages.setdefault(int(label), canvas.getPageNumber())

    def bookmark(canvas: Canvas, kind: str, label: str) -> None:
        if layout.outline:
            level, words = setting.headings[int(label)]
            canvas.bookmarkPage(f"h{label}", fit="XYZ", top=canvas.absolutePosition(0, 0)[1] + 12)
            canvas.addOutlineEntry(words, f"h{label}", level - 1)

    def draw(canvas: Canvas, document: Any) -> None:
        canvas.setNamedCB("record", record)
        canvas.setNamedCB("bookmark", bookmark)
        if layout.heads:
            number = str(canvas.getPageNumber())
            canvas.setFont("Helvetica", 8)
            canvas.drawString(_MARGIN, layout.size[1] - 34, plan.author)
            canvas.drawRightString(layout.size[0] - _MARGIN, layout.size[1] - 34, plan.title)
            canvas.drawCentredString(layout.size[0] / 2, 30, number)

    return draw


_SUBJECTS = [
    "The inspector",
    "Every operator",
    "The council",
    "A licence holder",
    "The tribunal",
    "The harbour office",
]
_VERBS = ["records", "publishes", "reviews", "must keep", "may withhold", "hands over", "explains"]
_OBJECTS = [
    "the results of each measurement",
    "a plan for dry summers",
    "all complaints of the past year",
    "the names of the contractors",
    "its reasons in plain language",
    "the maps of the catchment",
    "a register of pumps",
]
_WHEN = [
    "before the first of April",
    "whenever the well-known limits are exceeded",
    "without charging a fee",
    "in co-operation with the neighbouring districts",
    "within a fortnight of the request",
    "unless a court decides otherwise",
]


def sentence(number: int) -> str:
    """One of some thousands of sentences."""
    words = [
        choices[number // step % len(choices)]
        for choices, step in ((_SUBJECTS, 1), (_VERBS, 5), (_OBJECTS, 3), (_WHEN, 11))
    ]
    return f"{' '.join(words)}; case {number}."


def long_plan(chapters: int = 6) -> Plan:
    """A report of many paragraphs of several lines, over several pages."""
    parts: list[Part] = []
    number = 0
    for chapter in range(chapters):
        parts.append(h(1, f"Waters of the {_ORDER[chapter % len(_ORDER)]} district"))
        for section in range(2):
            parts.append(
                h(
                    2,
                    f"{_TOPICS[(chapter + section) % 4]} in the {_ORDER[chapter % len(_ORDER)]} year",
                )
            )
            for length in (3, 6, 4):
                parts.append(p(" ".join(sentence(number + step) for step in range(length))))
                number += length
            parts += [li(f"({letter})", sentence(number + step)) for step, letter in enumerate("abc")]
            number += 3
    middle = sentence(number // 2)
    return Plan("waters", "Report on the Waters", "Water Board", "en", tuple(parts), middle)


_ORDER = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
_TOPICS = ("Measurements", "Complaints", "Permits and fees", "Works on the banks")


@cache
def documents() -> tuple[Made, ...]:
    """The documents to measure by: each plan in a layout of its own, and a long one in all."""
    short = tuple(made(plan, layout) for plan, layout in zip(PLANS, LAYOUTS, strict=False))
    return short + tuple(made(long_plan(), layout) for layout in LAYOUTS)
