"""Feeds (RSS, Atom): each entry is a document."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from ...draft import Draft, clean
from ...members import member_key
from ...model import Document, Gap, MetaValue, Reading
from ...reading import EMPTY
from ..html import write_element, write_page
from ..html.tree import Element

__all__ = ["is_feed", "read_feed"]

_BODIES = ("encoded", "content", "body", "description", "summary")
_DATES = ("pubdate", "published", "date", "issued", "updated", "modified")


def is_feed(root: Element) -> bool:
    """Whether a document is a feed by its root."""
    return root.name in ("rss", "feed") or (
        root.name == "rdf" and any(one.name == "channel" for one in root.elements())
    )


def read_feed(root: Element, *, key: str, media_type: str) -> Reading:
    """Make documents of the entries of a feed; their keys end in what they call themselves, or a number."""
    documents: list[Document] = []
    gaps: list[Gap] = []
    seen: set[str] = set()
    common = _common(root)
    entries = (one for one in root.elements() if one.name in ("item", "entry"))
    for number, entry in enumerate(entries, start=1):
        identity = _words(entry, "guid", "id") or entry.get("about") or _link(entry)
        identity = str(number) if not identity or identity in seen or len(identity) > 300 else identity
        seen.add(identity)
        member = member_key(key, identity.partition("://")[2] or identity)
        draft = _written(entry)
        document = draft.document(
            key=member, name=f"{number}", media_type=media_type, fields=common | _fields(entry)
        )
        if document is None:
            gaps.append(Gap(member, EMPTY))
        else:
            documents.append(document)
    return Reading(tuple(documents), tuple(gaps) if documents or gaps else (Gap(key, EMPTY),))


def _written(entry: Element) -> Draft:
    """The longest of an entry's texts; its title where there is none."""
    draft = Draft()
    bodies = [child for child in _children(entry) if child.name in _BODIES and child.words().strip()]
    if bodies:
        body = max(bodies, key=lambda one: len(one.words()))
        if any(isinstance(child, Element) for child in body.children):
            write_element(body, draft)
        else:
            write_page(body.words(), draft)
    if not draft:
        draft.heading(_words(entry, "title"), 1)
    return draft


def _common(root: Element) -> dict[str, MetaValue]:
    """What the feed says for all its entries."""
    channel = next((one for one in root.elements() if one.name == "channel"), root)
    found = {"source": _words(channel, "title"), "language": _words(channel, "language") or root.get("lang")}
    return {name: value for name, value in found.items() if value}


def _fields(entry: Element) -> dict[str, MetaValue]:
    found: dict[str, MetaValue] = {
        "title": _words(entry, "title"),
        "published": next(filter(None, (_date(_words(entry, name)) for name in _DATES)), ""),
        "author": _author(entry),
        "url": _link(entry),
        "keywords": ", ".join(
            filter(None, (_term(one) for one in _children(entry) if one.name == "category"))
        ),
        "description": _words(entry, "description", "summary")[:500],
    }
    if "<" in str(found["description"]):
        del found["description"]
    return {name: value for name, value in found.items() if value}


def _date(written: str) -> str:
    """A date as front matter has it: those of RSS are dates of mail."""
    try:
        return parsedate_to_datetime(written).date().isoformat() if written[:1].isalpha() else written
    except (ValueError, TypeError, IndexError, OverflowError):
        return written


def _author(entry: Element) -> str:
    for child in _children(entry):
        if child.name in ("creator", "author"):
            return _words(child, "name") or clean(child.words()).replace("\n", " ")[:200]
    return ""


def _term(category: Element) -> str:
    return clean(category.get("term") or category.words())[:100]


def _link(entry: Element) -> str:
    for child in _children(entry):
        if child.name == "link" and child.get("rel") in ("", "alternate"):
            return clean(child.get("href") or child.words())[:500]
    return ""


def _words(element: Element, *names: str) -> str:
    """The words of the first child of one of these names."""
    for name in names:
        for child in _children(element):
            if child.name == name and (words := clean(child.words()).replace("\n", " ")):
                return words[:500]
    return ""


def _children(element: Element) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element))
