"""XML as trees of elements with short names (`w:p`), from parts that nobody vouches for.

Expat reads it. No entity may be declared, so none can expand or fetch; depth and number of elements are
bounded, so that walking a tree may recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from ...errors import Unreadable
from ..members import TooMuch

__all__ = ["DEEPEST", "Element", "at", "elements", "parse"]

DEEPEST = 150
"""Elements in elements. Text boxes in tables in text boxes reach 60."""

_MOST = 4_000_000  # elements of one tree: a thousand pages have a million

_PREFIXES = {
    uri: prefix
    for prefix, uris in (
        (
            "w",
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main "
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
        (
            "s",
            "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
            "http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (
            "p",
            "http://schemas.openxmlformats.org/presentationml/2006/main "
            "http://purl.oclc.org/ooxml/presentationml/main",
        ),
        (
            "a",
            "http://schemas.openxmlformats.org/drawingml/2006/main http://purl.oclc.org/ooxml/drawingml/main",
        ),
        (
            "r",
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships "
            "http://purl.oclc.org/ooxml/officeDocument/relationships",
        ),
        (
            "m",
            "http://schemas.openxmlformats.org/officeDocument/2006/math "
            "http://purl.oclc.org/ooxml/officeDocument/math",
        ),
        ("dgm", "http://schemas.openxmlformats.org/drawingml/2006/diagram"),
        ("mc", "http://schemas.openxmlformats.org/markup-compatibility/2006"),
        ("rel", "http://schemas.openxmlformats.org/package/2006/relationships"),
        ("cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
        ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
        ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
        ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
        ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
        ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
        ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
        ("presentation", "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"),
        ("manifest", "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"),
        ("opf", "http://www.idpf.org/2007/opf"),
        ("ncx", "http://www.daisy.org/z3986/2005/ncx/"),
        ("container", "urn:oasis:names:tc:opendocument:xmlns:container"),
        ("epub", "http://www.idpf.org/2007/ops"),
        ("h", "http://www.w3.org/1999/xhtml"),
        ("xml", "http://www.w3.org/XML/1998/namespace"),
    )
    for uri in uris.split()
}


class _Names(dict[str, str]):
    """Short names by expat's (`uri}local`); `?:local` for namespaces that no reader asks about."""

    def __missing__(self, name: str) -> str:
        uri, mark, local = name.rpartition("}")
        short = f"{_PREFIXES.get(uri, '?')}:{local}" if mark else name
        if len(self) < 10_000:
            self[name] = short
        return short


class _Parser:
    """Expat with the guards, on its way to handlers of starts, ends and words."""

    def __init__(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], object],
        end: Callable[[str], object],
        data: Callable[[str], object],
        most: int,
    ) -> None:
        self._part = part
        self._start, self._end, self._most = start, end, most
        self._depth = self._count = 0
        self._names = _Names()
        self._expat = parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._finish
        parser.CharacterDataHandler = data
        parser.EntityDeclHandler = self._refuse

    def feed(self, piece: bytes, final: bool = False) -> None:
        try:
            self._expat.Parse(piece, final)
        except expat.ExpatError as error:
            where = f"line {error.lineno}" if error.lineno < 1_000 else f"byte {self._expat.ErrorByteIndex:,}"
            raise Unreadable(f"its part {self._part} is damaged at {where}: get a sound copy") from error
        except (LookupError, ValueError) as error:
            raise Unreadable(f"its part {self._part} is in an encoding that is not known") from error

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > DEEPEST:
            raise TooMuch(f"its part {self._part} nests more than {DEEPEST} elements deep")
        if self._count > self._most:
            raise TooMuch(f"its part {self._part} holds more than {self._most:,} elements")
        names = self._names
        if attributes:
            attributes = {names[key]: value for key, value in attributes.items()}
        self._start(names[name], attributes)

    def _finish(self, name: str) -> None:
        self._depth -= 1
        self._end(self._names[name])

    def _refuse(self, *declaration: object) -> None:
        raise Unreadable(
            f"its part {self._part} declares entities, which no program does that writes such files"
        )


def parse(pieces: Iterable[bytes], part: str) -> Element:
    """The tree of a part. Names are `prefix:local` by a list of known namespaces, whatever the part has.

    Unreadable for what is no well-formed XML, or declares entities; TooMuch beyond the limits.
    """
    builder = TreeBuilder()
    parser = _Parser(part, builder.start, builder.end, builder.data, _MOST)
    for piece in pieces:
        parser.feed(piece)
    parser.feed(b"", final=True)
    return builder.close()


def elements(pieces: Iterable[bytes], part: str, wanted: frozenset[str]) -> Iterator[Element]:
    """The wanted elements of a part as trees, one after another, in bounded memory; errors as `parse`'s.

    A wanted element inside of another stays in its tree.
    """
    collector = _Collector(wanted)
    parser = _Parser(part, collector.start, collector.end, collector.data, 1 << 62)
    for piece in pieces:
        parser.feed(piece)
        yield from collector.taken()
    parser.feed(b"", final=True)
    yield from collector.taken()


def at(element: Element, path: str) -> Element | None:
    """The first element at a path of names (`w:pPr/w:pStyle`); None when there is none. `find` itself takes
    single names only: in paths it resolves prefixes, which are done with here."""
    found: Element | None = element
    for name in path.split("/"):
        if found is None:
            return None
        found = found.find(name)
    return found


class _Collector:
    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._builder: TreeBuilder | None = None
        self._depth = self._count = 0
        self._done: list[Element] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._builder is None:
            if name not in self._wanted:
                return
            self._builder = TreeBuilder()
            self._count = 0
        self._depth += 1
        self._count += 1
        if self._count > _MOST:
            raise TooMuch(f"one of its elements holds more than {_MOST:,} others")
        self._builder.start(name, attributes)

    def data(self, words: str) -> None:
        if self._builder is not None:
            self._builder.data(words)

    def end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end(name)
        self._depth -= 1
        if not self._depth:
            self._done.append(self._builder.close())
            self._builder = None

    def taken(self) -> list[Element]:
        done, self._done = self._done, []
        return done
