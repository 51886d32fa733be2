"""PowerPoint presentations, written part by part."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from . import Made
from .plans import PLANS, Part, Plan
from .zipped import HEAD, relations, zipped

__all__ = ["documents", "presentation", "shape"]

_URIS = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_CONTENT = f"""{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/></Types>"""


def shape(words: str | Sequence[str], kind: str | None = None, properties: str = "") -> str:
    """A shape with paragraphs. kind: of its placeholder; "" for one without a type; None for a free shape."""
    lines = [words] if isinstance(words, str) else words
    place = "" if kind is None else f'<p:ph type="{kind}"/>' if kind else '<p:ph idx="1"/>'
    text = "".join(
        f"<a:p><a:pPr>{properties}</a:pPr><a:r><a:t>{escape(line)}</a:t></a:r></a:p>" for line in lines
    )
    return f"<p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr><p:txBody>{text}</p:txBody></p:sp>"


def table(rows: Sequence[Sequence[str]]) -> str:
    cells = "".join(
        "<a:tr>"
        + "".join(
            f"<a:tc><a:txBody><a:p><a:r><a:t>{escape(c)}</a:t></a:r></a:p></a:txBody></a:tc>" for c in row
        )
        + "</a:tr>"
        for row in rows
    )
    return (
        f"<p:graphicFrame><a:graphic><a:graphicData><a:tbl>{cells}</a:tbl></a:graphicData></a:graphic>"
        "</p:graphicFrame>"
    )


def presentation(slides: Sequence[tuple[str, str]], attributes: str = "") -> bytes:
    """Slides of shapes and notes (XML). The parts are named against their order, as editing leaves them."""
    total = len(slides)
    order = [(number, total + 1 - number) for number in range(1, total + 1)]
    listed = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number, _ in order)
    parts = {
        "[Content_Types].xml": _CONTENT,
        "_rels/.rels": relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"{HEAD}<p:presentation {_URIS}><p:sldIdLst>{listed}"
        "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": relations(
            *(("slide", f"slides/slide{file}.xml") for _, file in order)
        ),
    }
    for (shapes, notes), (_, file) in zip(slides, order, strict=True):
        tree = f"<p:cSld><p:spTree>{shapes}</p:spTree></p:cSld>"
        parts[f"ppt/slides/slide{file}.xml"] = f"{HEAD}<p:sld {_URIS} {attributes}>{tree}</p:sld>"
        if notes:
            home = f"ppt/slides/_rels/slide{file}.xml.rels"
            parts[home] = relations(("notesSlide", f"../notesSlides/notesSlide{file}.xml"))
            tree = f"<p:cSld><p:spTree>{shape('7', 'sldNum')}{notes}</p:spTree></p:cSld>"
            parts[f"ppt/notesSlides/notesSlide{file}.xml"] = f"{HEAD}<p:notes {_URIS}>{tree}</p:notes>"
    return zipped(parts)


def documents() -> list[Made]:
    """A presentation for each plan: each heading begins a slide; footnotes are its notes."""
    return list(map(_document, PLANS))


def _document(plan: Plan) -> Made:
    slides: list[list[Part]] = [[]]
    for part in plan.parts:
        if part.kind == "h" and slides[-1]:
            slides.append([])
        slides[-1].append(part)
    truth: list[tuple[str, int | None]] = []
    made = []
    for page, parts in enumerate(slides, 1):
        made.append(_slide(parts))
        noted = [part for part in parts if part.kind == "n"]
        for part in [*(part for part in parts if part.kind not in "hn"), *noted]:
            words = "\n".join(" | ".join(row) for row in part.rows) if part.rows else part.words
            truth.append((f"{part.label} {words}".strip(), page))
    headings = tuple((1, part.words) for part in plan.parts if part.kind == "h")
    return Made(f"{plan.name}.pptx", presentation(made), headings, tuple(truth), plan.middle)


def _slide(parts: Sequence[Part]) -> tuple[str, str]:
    shapes, items, notes = [shape("Ministry of Slides", "ftr")], [], ""
    for part in [*parts, Part("p")]:
        if part.kind == "li":
            items.append(part.words)
            continue
        if items:
            shapes.append(shape(items, "", '<a:buAutoNum type="arabicPeriod"/>'))
            items = []
        if part.kind == "t":
            shapes.append(table(part.rows))
        elif part.kind == "n":
            notes = shape(part.words, "body")
        elif part.words:
            shapes.append(shape(part.words, "title" if part.kind == "h" else None))
    # The title is often drawn last.
    shapes.sort(key=lambda one: 'type="title"' in one)
    return "".join(shapes), notes
