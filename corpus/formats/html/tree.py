"""HTML as a tree of elements, whatever was written: tag soup is closed where browsers close it, and what
nests too deep lies flat, so that a walk may recurse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from .names import named
from .tokens import attributes_of, tokens

__all__ = ["BLOCKS", "DEEPEST", "HEADINGS", "Element", "parse"]

DEEPEST = 120
"""Elements in elements. Real pages reach 60."""


@dataclass(slots=True)
class Element:
    """children: elements and words. attributes: as written, until `get` is asked for one."""

    name: str
    written: str = ""
    children: list[Element | str] = field(default_factory=list)
    _read: dict[str, str] | None = None

    def get(self, name: str) -> str:
        """The value of an attribute; "" when it is not there."""
        if not self.written:
            return ""
        if self._read is None:
            self._read = attributes_of(self.written)
        return self._read.get(name, "")

    def has(self, name: str) -> bool:
        """Whether an attribute is there, with a value or without one."""
        self.get(name)
        return self._read is not None and name in self._read

    def elements(self) -> Iterator[Element]:
        """The elements below, in their order."""
        return (node for node in self._nodes() if not isinstance(node, str))

    def words(self) -> str:
        """All words below, as they are written."""
        return "".join(node for node in self._nodes() if isinstance(node, str))

    def _nodes(self) -> Iterator[Element | str]:
        left = self.children[::-1]
        while left:
            node = left.pop()
            yield node
            if not isinstance(node, str):
                left.extend(reversed(node.children))


_VOID = named("area base br col embed hr img input link meta param source track wbr")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
"""Names of headings."""
BLOCKS = HEADINGS | named(
    "address article aside blockquote body center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form header hgroup hr html legend li listing main "
    "menu nav noscript ol p pre section summary table tbody td tfoot th thead tr ul xmp "
    "caption"
)
"""Names of elements that begin and end lines."""

_IN_HEAD = named("base basefont bgsound link meta noframes noscript script style template title")
_ENDS_PARAGRAPH = BLOCKS - named("td th tr tbody thead tfoot caption body html noscript")
_ENDS_HEADING = HEADINGS | named("p ul ol dl table blockquote pre")

# What an opening tag closes, and which open elements keep what lies around them from being closed.
_CLOSES = {
    **dict.fromkeys(("li",), (frozenset({"li"}), named("ul ol menu dir table td th"))),
    **dict.fromkeys(("dt", "dd"), (frozenset({"dt", "dd"}), named("dl table td th"))),
    **dict.fromkeys(("td", "th"), (frozenset({"td", "th", "caption"}), frozenset({"tr", "table"}))),
    "tr": (frozenset({"tr", "td", "th", "caption"}), frozenset({"table"})),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot"),
        (
            named("tbody thead tfoot tr td th caption colgroup"),
            frozenset({"table"}),
        ),
    ),
    **dict.fromkeys(("option", "optgroup"), (frozenset({"option"}), frozenset({"select", "table"}))),
}
_PARAGRAPH_STOPS = named("table td th caption button object")
_CELLS = named("td th caption")


def parse(text: str) -> Element:
    """The root element `html` of a page. Any text; linear in its length."""
    builder = _Builder()
    for kind, value, attributes in tokens(text):
        if kind == "words":
            builder.words(value)
        elif kind == "open":
            builder.open(value, attributes)
        else:
            builder.close(value)
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root = Element("html")
        self._stack = [self.root]

    def words(self, words: str) -> None:
        if self._stack[-1].name == "head" and not words.isspace():
            self._stack.pop()
        self._stack[-1].children.append(words)

    def open(self, name: str, attributes: str) -> None:
        name = name.rpartition(":")[2] if name.startswith(("html:", "xhtml:", "h:")) else name
        if name in ("html", "body"):
            self._merge(name, attributes)
            return
        if self._stack[-1].name == "head" and name not in _IN_HEAD:
            self._stack.pop()
        self._close_implied(name)
        element = Element(name, attributes)
        self._stack[-1].children.append(element)
        if name not in _VOID and len(self._stack) < DEEPEST:
            self._stack.append(element)

    def close(self, name: str) -> None:
        name = name.rpartition(":")[2] if name.startswith(("html:", "xhtml:", "h:")) else name
        if name in HEADINGS:
            self._close_to(HEADINGS, _CELLS)
        elif name == "br":
            self._stack[-1].children.append(Element("br"))
        elif name not in ("body", "html"):
            # The end of an emphasis or link does not end the paragraphs in it, nor the cells around it.
            stops = _CELLS - {name} if name in BLOCKS or name == "head" else BLOCKS
            self._close_to(frozenset({name}), frozenset() if name == "table" else stops)

    def _merge(self, name: str, attributes: str) -> None:
        """`html` and `body` are there already: keep what the root's tag says."""
        if self._stack[-1].name == "head":
            self._stack.pop()
        if name == "html" and not self.root.written:
            self.root.written = attributes

    def _close_implied(self, name: str) -> None:
        if name in _ENDS_HEADING:
            self._close_to(HEADINGS, _CELLS)
        if name in _ENDS_PARAGRAPH:
            self._close_to(frozenset({"p"}), _PARAGRAPH_STOPS)
        if name in _CLOSES:
            closed, stops = _CLOSES[name]
            while self._close_to(closed, stops):
                pass

    def _close_to(self, names: frozenset[str], stops: frozenset[str]) -> bool:
        """Close the innermost open element of these names, unless one of `stops` lies around it nearer."""
        for place in range(len(self._stack) - 1, 0, -1):
            here = self._stack[place].name
            if here in names:
                del self._stack[place:]
                return True
            if here in stops:
                return False
        return False
