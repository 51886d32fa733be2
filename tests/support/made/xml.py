"""XML as parliaments, publishers and news rooms hand it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from . import Made
from .plans import PLANS, Part, Plan

__all__ = ["documents", "feed"]

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def documents() -> list[Made]:
    """A file for each plan."""
    return [_made(plan, *shape) for plan, shape in zip(PLANS, _SHAPES, strict=True)]


def feed(plan: Plan, *, atom: bool) -> bytes:
    """A feed whose first entry is a plan."""
    page = "".join(f"<p>{escape(words)}</p>" for words in _words(plan))
    if atom:
        body = f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{page}</div></content>'
        entry = f"<entry><title>{escape(plan.title)}</title><id>tag:x,2021:{plan.name}</id>{body}"
        entry += '<link href="https://x.example/1"/><published>2021-05-04T10:00:00Z</published></entry>'
        text = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{entry}<entry><id>2</id></entry></feed>'
    else:
        entry = f"<item><title>{escape(plan.title)}</title><guid>https://x.example/{plan.name}</guid>"
        entry += "<pubDate>Tue, 04 May 2021 10:00:00 GMT</pubDate><link>https://x.example/1</link>"
        entry += (
            f"<description>Short.</description><content:encoded><![CDATA[{page}]]></content:encoded></item>"
        )
        text = f"<rss version='2.0'><channel><title>News</title>{entry}<item/></channel></rss>"
    return (_HEAD + text).encode()


def _made(plan: Plan, ending: str, shape: Callable[[Plan], str]) -> Made:
    return Made(
        f"{plan.name}.{ending}",
        (_HEAD + shape(plan)).encode(),
        tuple((part.level, part.words) for part in plan.parts if part.kind == "h"),
        tuple((words, None) for words in _words(plan)),
        plan.middle,
        plan.title,
    )


def _words(plan: Plan) -> list[str]:
    return [f"{one.label} {one.words}".strip() for one in plan.parts if one.kind in ("p", "li", "n")]


def _nested(
    plan: Plan, names: tuple[str, ...], heading: str, content: Callable[[Part], str]
) -> Iterator[str]:
    """The parts, those under a heading within an element; its name tells the level."""
    levels: list[int] = []
    for part in plan.parts:
        if part.kind != "h":
            yield content(part)
            continue
        while levels and levels[-1] >= part.level:
            yield f"</{names[levels.pop() - 1]}>"
        levels.append(part.level)
        yield f"<{names[part.level - 1]}><{heading}>{escape(part.words)}</{heading}>"
    while levels:
        yield f"</{names[levels.pop() - 1]}>"


def _akoma(plan: Plan) -> str:
    def content(part: Part) -> str:
        if part.kind == "t":
            return ""
        number = f"<num>{part.label}</num>" if part.label else ""
        return f"<paragraph>{number}<content><p>{escape(part.words)}</p></content></paragraph>\n"

    body = "".join(_nested(plan, ("part", "chapter", "section"), "heading", content))
    return (
        '<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta><identification>'
        '<FRBRWork><FRBRdate date="2021-05-04" name="enacted"/></FRBRWork><FRBRExpression>'
        f'<FRBRlanguage language="{plan.language}"/></FRBRExpression></identification></meta>'
        f"<preface><docTitle>{escape(plan.title)}</docTitle></preface><body>{body}</body></act></akomaNtoso>"
    )


def _uslm(plan: Plan) -> str:
    def content(part: Part) -> str:
        if part.kind == "t":
            return ""
        number = f'<num value="x">{part.label}</num>' if part.label else ""
        return f"<paragraph>{number}<content>{escape(part.words)}</content></paragraph>"

    body = "".join(_nested(plan, ("title", "chapter", "section"), "heading", content))
    return (
        '<lawDoc xmlns="http://schemas.gpo.gov/xml/uslm" xmlns:dc="http://purl.org/dc/elements/1.1/"><meta>'
        f"<dc:title>{escape(plan.title)}</dc:title><dc:date>2021-05-04</dc:date></meta><main>{body}</main></lawDoc>"
    )


def _docbook(plan: Plan) -> str:
    def content(part: Part) -> str:
        return "" if part.kind == "t" else f"<para>{escape(f'{part.label} {part.words}'.strip())}</para>"

    body = "".join(_nested(plan, ("sect1", "sect2", "sect3"), "title", content))
    info = f"<articleinfo><title>{escape(plan.title)}</title><pubdate>2021-05-04</pubdate></articleinfo>"
    return f'<!DOCTYPE article SYSTEM "docbook.dtd">\n<article lang="{plan.language}">{info}{body}</article>'


def _tei(plan: Plan) -> str:
    def content(part: Part) -> str:
        return "" if part.kind == "t" else f"<p>{escape(f'{part.label} {part.words}'.strip())}</p>"

    body = "".join(_nested(plan, ("div", "div", "div"), "head", content))
    head = f"<titleStmt><title>{escape(plan.title)}</title></titleStmt>"
    head += '<publicationStmt><date when="2021-05-04">May</date></publicationStmt>'
    return (
        f'<TEI xml:lang="{plan.language}"><teiHeader>{head}</teiHeader><text><body>{body}</body></text></TEI>'
    )


_SHAPES = (
    ("akn", _akoma),
    ("xml", _uslm),
    ("xml", _docbook),
    ("xml", _tei),
    ("xml", _akoma),
    ("xml", _uslm),
)
