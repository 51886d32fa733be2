"""EPUB books: the chapters in the order of the spine, read as web pages that are content throughout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from ...errors import CorpusError, Unreadable
from ..draft import Draft
from ..model import Gap, MetaValue, Reading
from ..reading import EMPTY
from .html import decode_page, write_page
from .package import Package, beside
from .xmltree import Element, at, parse

__all__ = ["read_epub"]

_FIELDS = {
    "dc:title": "title",
    "dc:creator": "author",
    "dc:language": "language",
    "dc:publisher": "source",
    "dc:date": "published",
    "dc:subject": "subject",
    "dc:identifier": "identifier",
    "dc:description": "description",
}
_LONGEST = 64 << 20  # bytes of a chapter
_PAGES = frozenset(("application/xhtml+xml", "text/html", "application/x-dtbook+xml"))
_HEADING = re.compile(r"<h[1-6][\s>]", re.IGNORECASE)
# In XML any element may end where it begins; a web page's reader takes `<title/>` for the start of a title.
_CLOSED = re.compile(r"<([a-zA-Z][\w:.-]*)((?:\s[^<>]*)?)/>")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
_NOTE_MARK = re.compile(
    r"<a\s[^<>]{0,300}?(?:epub:type|role)=[\"'](?:doc-)?noteref[\"'][^<>]{0,300}>.{0,200}?</a>", re.DOTALL
)
_DAY = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


def read_epub(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an EPUB book. A reader, as `registry.Reader` says.

    A chapter without a heading has that of the table of contents, which is not read itself. A chapter that is
    missing, damaged or protected is a gap, and the others are read.
    """
    book = _Book(Package(content, "an EPUB book"))
    draft = Draft()
    gaps: list[Gap] = []
    for chapter in book.chapters():
        try:
            book.write(draft, chapter)
        except CorpusError as error:
            gaps.append(Gap(key, error.message, f"chapter {chapter}"))
    document = draft.document(key=key, name=name, media_type=media_type, fields=book.fields())
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


@dataclass(frozen=True, slots=True)
class _Item:
    """part: its name. properties: `nav`, `cover-image`."""

    part: str
    media_type: str
    properties: frozenset[str]


class _Book:
    def __init__(self, package: Package) -> None:
        self._package = package
        main = _main(package)
        self._tree = parse(package.pieces(main), main)
        self._items = {
            one.get("id", ""): _Item(
                _named(main, one.get("href", "")),
                one.get("media-type", "").lower(),
                frozenset(one.get("properties", "").split()),
            )
            for one in self._tree.iter("opf:item")
        }
        self._protected = _protected(package)
        self._contents = self._read_contents()

    def chapters(self) -> list[str]:
        """The parts of the chapters in reading order, each once."""
        chosen = (self._items.get(one.get("idref", "")) for one in self._tree.iter("opf:itemref"))
        return list(
            dict.fromkeys(
                item.part
                for item in chosen
                if item is not None and item.media_type in _PAGES and "nav" not in item.properties
            )
        )

    def write(self, draft: Draft, part: str) -> None:
        """Write a chapter."""
        if part in self._protected:
            raise Unreadable("it is protected: get a copy without copy protection")
        text = decode_page(self._package.read(part, _LONGEST)).text
        if part in self._contents and not _HEADING.search(text):
            draft.heading(*self._contents[part])
        write_page(_NOTE_MARK.sub("", _CLOSED.sub(_opened, text)), draft)

    def fields(self) -> dict[str, MetaValue]:
        """What the book states of itself, by the names of front matter."""
        found: dict[str, list[str]] = {}
        metadata = self._tree.find("opf:metadata")
        for element in metadata.iter() if metadata is not None else ():
            name, value = _FIELDS.get(element.tag), " ".join("".join(element.itertext()).split())
            if name == "published":
                # The first date is that of publication, unless it says otherwise.
                day = _DAY.match(value)
                value = day[0] if day and element.get("opf:event", "publication") == "publication" else ""
            if name and value:
                found.setdefault(name, []).append(value[:2_000])
        several = ("author", "subject")
        return {name: "; ".join(all) if name in several else all[0] for name, all in found.items()}

    def _read_contents(self) -> dict[str, tuple[str, int]]:
        """The heading and level that the table of contents has for each chapter; the first one of each."""
        found: dict[str, tuple[str, int]] = {}
        for item in self._items.values():
            is_nav = "nav" in item.properties
            if not is_nav and item.media_type != "application/x-dtbncx+xml":
                continue
            try:
                tree = parse(self._package.pieces(item.part), item.part)
            except CorpusError:
                continue  # headings are found without it
            for target, words, level in _nav(tree) if is_nav else _ncx(tree, 1):
                found.setdefault(_named(item.part, target), (words, level))
        return found


def _main(package: Package) -> str:
    """The part that lists all others."""
    home = "META-INF/container.xml"
    if home in package:
        for root in parse(package.pieces(home), home).iter("container:rootfile"):
            if (part := root.get("full-path", "")) in package:
                return part
    found = next((name for name in package.names() if name.lower().endswith(".opf")), None)
    if found is None:
        raise Unreadable(
            "an EPUB book without a list of its parts: it is damaged, or made by a faulty program"
        )
    return found


def _protected(package: Package) -> frozenset[str]:
    home = "META-INF/encryption.xml"
    if home not in package:
        return frozenset()
    tree = parse(package.pieces(home), home)
    return frozenset(
        unquote(one.get("URI", "")).lstrip("/") for one in tree.iter() if one.tag.endswith(":CipherReference")
    )


def _named(part: str, target: str) -> str:
    return beside(part, unquote(target.partition("#")[0]))


def _opened(tag: re.Match[str]) -> str:
    name = tag[1]
    return tag[0] if name.lower() in _VOID else f"<{name}{tag[2]}></{name}>"


def _ncx(parent: Element, level: int) -> Iterator[tuple[str, str, int]]:
    """Targets, headings and levels of a table of contents of EPUB 2."""
    for child in parent:
        if child.tag == "ncx:navPoint":
            content, label = child.find("ncx:content"), at(child, "ncx:navLabel/ncx:text")
            if content is not None and label is not None:
                yield content.get("src", ""), label.text or "", level
            yield from _ncx(child, level + 1)
        elif child.tag == "ncx:navMap":
            yield from _ncx(child, level)


def _nav(tree: Element) -> Iterator[tuple[str, str, int]]:
    """The same of EPUB 3."""
    for nav in tree.iter("h:nav"):
        if nav.get("epub:type", "toc") == "toc":
            yield from _links(nav, 0)


def _links(parent: Element, level: int) -> Iterator[tuple[str, str, int]]:
    for child in parent:
        if child.tag == "h:a":
            yield child.get("href", ""), "".join(child.itertext()), max(1, level)
        else:
            yield from _links(child, level + (child.tag == "h:ol"))
