"""Web pages, each made as another kind of site would, with menus, notices and footers around the content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from . import Made
from .plans import PLANS, Part, Plan

__all__ = ["documents", "written"]

_MENU = "".join(
    f'<li><a href="/{name}">{name}</a></li>' for name in ("Home", "News", "Topics", "Contact", "Press")
)
_NOTICE = "<div class='cookie-banner'><p>We set cookies to learn how this site is used.</p></div>"
_COOKIES = "We set cookies to learn how this site is used. Accept all of them or choose your settings."


def documents() -> list[Made]:
    """A page for each plan."""
    return [_page(plan, frame) for plan, frame in zip(PLANS, _FRAMES, strict=True)]


def _page(plan: Plan, frame: Callable[[Plan, str], str]) -> Made:
    body = "".join(_elements(plan.parts))
    encoding = "cp1252" if frame is _old else "utf-8"
    return Made(
        f"{plan.name}.html",
        frame(plan, body).encode(encoding),
        tuple((part.level, part.words) for part in plan.parts if part.kind == "h"),
        tuple((words, None) for part in plan.parts for words in _paragraphs(part)),
        plan.middle,
        plan.title,
    )


def _paragraphs(part: Part) -> Iterator[str]:
    if part.kind == "t":
        yield "\n".join(" | ".join(row) for row in part.rows)
    elif part.kind != "h":
        yield f"{part.label} {part.words}".strip()


def _elements(parts: tuple[Part, ...]) -> Iterator[str]:
    """The parts as a hurried author writes them: most ends are left out."""
    listed = False
    for part in parts:
        if (part.kind == "li") != listed:
            yield "</ol>" if listed else "<ol>"
            listed = not listed
        words = escape(part.words)
        if part.kind == "h":
            yield f'<h{part.level} id="x">{words} <a href="#x">¶</a></h{part.level}>\n'
        elif part.kind == "t":
            rows = ("".join(f"<td>{escape(cell)}" for cell in row) for row in part.rows)
            yield f"<table>{''.join(f'<tr>{row}' for row in rows)}</table>"
        else:
            yield f"<{'li' if part.kind == 'li' else 'p'}>{words}\n"


def _head(plan: Plan, more: str = "") -> str:
    title = escape(plan.title)
    return f'<!DOCTYPE html>\n<html lang="{plan.language}"><head><title>{title}</title>{more}</head>'


def _modern(plan: Plan, body: str) -> str:
    return (
        f"{_head(plan)}<body>{_NOTICE}<header><nav><ul>{_MENU}</ul></nav></header>"
        f"<main>{body}</main><aside><p>You may also like this other page of ours.</p></aside>"
        "<footer><p>All rights reserved by the owner of the site.</p></footer></body></html>"
    )


def _divs(plan: Plan, body: str) -> str:
    return (
        f"{_head(plan)}<body><div id=nav-top><ul>{_MENU}</ul></div><div id=page class='with-sidebar'>"
        f"<div id=content>{body}</div><div id=sidebar><p>Subscribe to our letter.</p></div></div>"
        "<div id=footer>Imprint</div>"
    )


def _old(plan: Plan, body: str) -> str:
    """Tables for the layout, upper case, an old encoding that is stated."""
    head = "<HTML><HEAD><META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=iso-8859-1'><TITLE>"
    menu = f"<TD><UL>{_MENU}</UL></TD>"
    return f"{head}{plan.title}</TITLE><BODY><TABLE><TR>{menu}<TD>{body}</TD></TR></TABLE></BODY></HTML>"


def _article(plan: Plan, body: str) -> str:
    script = '<script>document.write("<p>Never read this.</p>")</script><style>p { color: red }</style>'
    return (
        f"{_head(plan, script)}<body><div role=navigation><ul>{_MENU}</ul></div><article>"
        f"{body}{script}</article><div role=dialog>{_COOKIES}</div><noscript>Turn scripts on.</noscript>"
    )


def _bare(plan: Plan, body: str) -> str:
    return f"{_head(plan)}{body}"


def _strict(plan: Plan, body: str) -> str:
    """XHTML in form, soup in fact."""
    head = f'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{plan.language}">'
    head += f"<head><title>{escape(plan.title)}</title></head>"
    return f"{head}<body><ul>{_MENU}</ul><br/><hr/>{body}</body></html>"


_FRAMES = (_modern, _divs, _old, _article, _bare, _strict)


def written(plan: Plan) -> str:
    """The parts of a plan as a page without anything around them."""
    return _bare(plan, "".join(_elements(plan.parts)))
