"""EPUB books, written part by part."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from . import Made
from .plans import PLANS, Part, Plan
from .zipped import HEAD, zipped

__all__ = ["book", "chapter", "documents"]

_CONTAINER = f"""{HEAD}<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>"""


def book(
    chapters: Sequence[str],
    metadata: str = "",
    contents: Sequence[str] = (),
    more: dict[str, str] | None = None,
) -> bytes:
    """A book of chapters (XHTML), whose parts are named against their order. contents: their headings."""
    total = len(chapters)
    names = [f"text/part {total - number}.xhtml" for number in range(total)]
    listed = "".join(
        f'<item id="c{number}" href="{escape(name).replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(names)
    )
    spine = '<itemref idref="nav"/>' + "".join(f'<itemref idref="c{number}"/>' for number in range(total))
    links = "".join(
        f'<li><a href="{name.replace(" ", "%20")}#top">{escape(words)}</a></li>'
        for name, words in zip(names, contents, strict=False)
    )
    nav = (
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        f'<nav epub:type="toc"><h1>Contents</h1><ol>{links}</ol></nav></body></html>'
    )
    return zipped(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": _CONTAINER,
            "OEBPS/book.opf": f'{HEAD}<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
            f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{listed}'
            '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
            f"</manifest><spine>{spine}</spine></package>",
            "OEBPS/nav.xhtml": nav,
            **{f"OEBPS/{name}": text for name, text in zip(names, chapters, strict=True)},
            **(more or {}),
        }
    )


def chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml">'
        f'<head><title/></head><body><a id="top"/>{body}</body></html>'
    )


def documents() -> list[Made]:
    """A book for each plan: each heading of the first level begins a chapter."""
    return list(map(_document, PLANS))


def _document(plan: Plan) -> Made:
    chapters: list[list[Part]] = [[]]
    for part in plan.parts:
        if part.kind == "h" and part.level == 1 and chapters[-1]:
            chapters.append([])
        chapters[-1].append(part)
    meta = f"<dc:title>{escape(plan.title)}</dc:title><dc:creator>{escape(plan.author)}</dc:creator>"
    meta += f"<dc:language>{plan.language}</dc:language><dc:date>2019-06-01T00:00:00Z</dc:date>"
    return Made(
        f"{plan.name}.epub",
        book([chapter(_body(parts)) for parts in chapters], meta),
        tuple((part.level, part.words) for part in plan.parts if part.kind == "h"),
        tuple((_words(part), None) for part in plan.parts if part.kind != "h"),
        plan.middle,
        plan.title,
    )


def _words(part: Part) -> str:
    words = "\n".join(" | ".join(row) for row in part.rows) if part.rows else part.words
    return f"{part.label} {words}".strip()


def _body(parts: Sequence[Part]) -> str:
    body, items = [], ""
    for part in [*parts, Part("p")]:
        if part.kind == "li":
            items += f"<li>{escape(part.words)}</li>"
            continue
        if items:
            body.append(f"<ol>{items}</ol>")
            items = ""
        words = escape(part.words)
        if part.kind == "h":
            body.append(f"<h{part.level}>{words}</h{part.level}>")
        elif part.kind == "t":
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in part.rows)
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
        elif words:
            body.append(f"<p>{words}</p>")
    return "".join(body)
