"""The content of a page: what is left without menus, banners, cookie notices, asides and footers.

Three readings are tried, the strictest first: the element that says it is the content, without what is
beside it; the page without what says it is something else; all of it. One that would lose much of the text
gives way to the next: losing text is worse than keeping a menu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .names import named
from .tree import Element
from .visible import Measure, Measures, is_shown

__all__ = ["Content", "content_of"]

_ASIDE_ROLES = named(
    "navigation search banner contentinfo complementary dialog alertdialog menu menubar toolbar"
)
_ASIDE_NAMES = named(
    "nav navbar navigation navi menu topmenu mainmenu submenu breadcrumb breadcrumbs "
    "sidebar footer cookie cookies cookiebar cookiebanner consent gdpr onetrust social "
    "share sharing sharebar newsletter subscribe advert ad ads advertisement promo popup "
    "modal skip skiplink skiplinks pagination pager masthead toolbar toc"
)
_CONSENT = named("cookie cookies cookiebar cookiebanner consent gdpr onetrust")
_CONTENT_NAMES = named(
    "content main maincontent bodycontent pagecontent article articlebody primary inhalt contenu contenido"
)
_SECTIONING = frozenset({"article", "main", "section", "blockquote", "td"})
_NAME_PARTS = re.compile(r"[^\s_-]+")
_JOINED = re.compile(r"[\s]+")

_MOST = 0.5  # of the page's text; what holds more of it is no side show, whatever its name
_ENOUGH = 0.4  # of the text that a looser reading keeps
_FEW, _SHARE = 250, 0.15  # or so many characters, which are that share of it
_LINKED = 0.75  # of a block's text stands in links: a menu
_LINKS = 4
_LINK_LENGTH = 40  # characters; longer links are titles of documents


@dataclass(frozen=True, slots=True)
class Content:
    """elements: what to read, in order. dropped: elements below that are passed over, by `id()`."""

    elements: tuple[Element, ...]
    dropped: frozenset[int] = field(default=frozenset())


def content_of(root: Element) -> Content:
    """What to read of a page."""
    measures = Measures(root)
    asides = tuple(_asides(root, measures, measures[root].plain, inside=False))
    dropped = frozenset(map(id, asides))
    menus = frozenset(map(id, _menus(root, measures, dropped)))
    rest = measures[root].plain - sum(measures[aside].plain for aside in asides)
    consent = sum(measures[aside].plain for aside in asides if _names(aside) & _CONSENT)
    chosen = _declared(root, measures, dropped, rest)
    if chosen is not None:
        kept = _kept(chosen, measures, dropped)
        if _suffices(kept.plain, rest):
            return Content((*_title(root, chosen), chosen), dropped)
    if _suffices(rest, measures[root].plain - consent):
        kept = _kept(root, measures, dropped | menus)
        return Content(
            (root,), dropped | menus if kept.plain >= _FEW or kept.all >= measures[root].all / 2 else dropped
        )
    return Content((root,))


def _suffices(kept: int, of: int) -> bool:
    return kept >= _ENOUGH * of or (kept >= _FEW and kept >= _SHARE * of)


def _names(element: Element) -> frozenset[str]:
    """The parts of its class and id: `site-footer` is a footer."""
    if not element.written:
        return frozenset()
    written = f"{element.get('class')} {element.get('id')}".lower()
    return frozenset(_NAME_PARTS.findall(written))


def _asides(element: Element, measures: Measures, total: int, *, inside: bool) -> Iterator[Element]:
    """The outermost elements that are beside the content. inside: an article or section lies around it."""
    inside = inside or element.name in _SECTIONING
    for child in element.children:
        if isinstance(child, str) or not is_shown(child):
            continue
        if _is_aside(child, inside=inside) and _is_minor(child, measures, total):
            yield child
        else:
            yield from _asides(child, measures, total, inside=inside)


def _is_aside(element: Element, *, inside: bool) -> bool:
    name = element.name
    if name in ("nav", "dialog") or element.get("role").lower() in _ASIDE_ROLES:
        return True
    if name == "header":  # the title of a page may stand nowhere else
        return not inside and not any(one.name == "h1" for one in element.elements())
    if name in ("footer", "aside") and not inside:
        return True
    if name in ("main", "article", "p", "li", "td", "tr", "body", "a", "span", "input"):
        return False
    return bool(_names(element) & _ASIDE_NAMES)


def _is_minor(element: Element, measures: Measures, total: int) -> bool:
    """Whether little would be lost with an element: not most of the page, nor its title alone."""
    return measures[element].plain <= _MOST * total


def _menus(element: Element, measures: Measures, dropped: frozenset[int]) -> Iterator[Element]:
    """The outermost blocks that are little but short links."""
    for child in element.children:
        if isinstance(child, str) or id(child) in dropped:
            continue
        if child.name in ("ul", "ol", "div", "table", "p", "dl", "section", "center") and _is_menu(
            measures[child]
        ):
            yield child
        else:
            yield from _menus(child, measures, dropped)


def _is_menu(measure: Measure) -> bool:
    return (
        measure.links >= _LINKS
        and measure.linked >= _LINKED * measure.all
        and measure.linked <= _LINK_LENGTH * measure.links
    )


def _declared(root: Element, measures: Measures, dropped: frozenset[int], rest: int) -> Element | None:
    """The element that says it is the content; None where several or none do."""
    found = [one for one in _below(root, dropped) if one.name == "main" or one.get("role") == "main"]
    if len(found) == 1:
        return found[0]
    articles = [one for one in _below(root, dropped) if one.name == "article" and measures[one].all]
    if len(articles) == 1:
        return articles[0]
    named = (
        one for one in _below(root, dropped) if one.name in ("div", "section", "td") and _is_content(one)
    )
    return next((one for one in named if measures[one].plain >= _MOST * rest), None)


def _is_content(element: Element) -> bool:
    if not element.written:
        return False
    names = f"{element.get('id')} {element.get('class')}".lower().replace("-", "").replace("_", "")
    return bool(_CONTENT_NAMES & frozenset(_JOINED.split(names)))


def _below(element: Element, dropped: frozenset[int]) -> Iterator[Element]:
    left = element.children[::-1]
    while left:
        child = left.pop()
        if not isinstance(child, str) and id(child) not in dropped and is_shown(child):
            yield child
            left.extend(reversed(child.children))


def _kept(element: Element, measures: Measures, dropped: frozenset[int]) -> Measure:
    """How much text is left without what is dropped."""
    whole = measures[element]
    lost = [measures[one] for one in _outermost(element, dropped)]
    return Measure(whole.all - sum(m.all for m in lost), whole.linked - sum(m.linked for m in lost))


def _outermost(element: Element, dropped: frozenset[int]) -> Iterator[Element]:
    for child in element.children:
        if isinstance(child, Element):
            if id(child) in dropped:
                yield child
            else:
                yield from _outermost(child, dropped)


def _title(root: Element, chosen: Element) -> tuple[Element, ...]:
    """The page's only `h1`, where it stands outside of the content that has none."""
    heads = [one for one in root.elements() if one.name == "h1" and is_shown(one)]
    within = {id(one) for one in chosen.elements()}
    return tuple(heads) if len(heads) == 1 and id(heads[0]) not in within else ()
