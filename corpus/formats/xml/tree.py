"""XML as a tree of elements with names in lower case and without prefixes, from untrusted files.

Expat reads it. Entities that stand for others, for files or for long texts are refused, and nothing is ever
fetched. What is not well-formed is read as web pages are: by the tags that are there.
"""

from __future__ import annotations

import re
from html.entities import html5
from xml.parsers import expat

from ....errors import Unreadable
from ..html.tokens import attributes_of, tokens
from ..html.tree import DEEPEST, Element

__all__ = ["parse"]

_ENTITY = 50  # characters that an entity may stand for
_ENTITIES = 5_000
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z][a-zA-Z0-9]{1,31};)")
_DECLARATION = re.compile(r"\s*+(?>(?:<\?xml[^>]*+>)?)")
_REFUSED = (
    "it declares entities that stand for others, for files or for long texts: "
    "expand them first, for example with xmllint --noent"
)


def parse(text: str) -> tuple[Element, str]:
    """The root of a document, and where it is damaged ("" for one that is well-formed).

    Unreadable for entities that are refused, and for what holds no element at all.
    """
    if "<!ENTITY" not in text:  # those of HTML, which a DTD declares that is not fetched
        text = _NAMED.sub(lambda found: html5.get(found[1], found[0]), text)
    builder = _Builder()
    problem = _strictly(text, builder)
    if problem:
        builder = _Builder()
        _loosely(text, builder)
    root = next((one for one in builder.root.children if isinstance(one, Element)), None)
    if root is None:
        raise Unreadable("it holds no XML element: get a sound copy")
    if problem and sum(isinstance(one, Element) for one in builder.root.children) > 1:
        root = builder.root
    return root, problem


class _Refused(Exception):
    pass


class _Builder:
    """Gathers elements; what nests too deep lies flat."""

    def __init__(self) -> None:
        self.root = Element("xml")
        self._stack = [self.root]
        self._deeper = 0
        self._names: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        known = {self._local(key): value for key, value in attributes.items()}
        element = Element(self._local(name), "xml" if known else "", [], known)
        self._stack[-1].children.append(element)
        if len(self._stack) < DEEPEST:
            self._stack.append(element)
        else:
            self._deeper += 1

    def end(self, name: str) -> None:
        if self._deeper:
            self._deeper -= 1
        elif len(self._stack) > 1:
            self._stack.pop()

    def end_any(self, name: str) -> None:
        """End the nearest element of a name, if there is one."""
        local = self._local(name)
        for place in range(len(self._stack) - 1, 0, -1):
            if self._stack[place].name == local:
                del self._stack[place:]
                return

    def data(self, words: str) -> None:
        self._stack[-1].children.append(words)

    def _local(self, name: str) -> str:
        found = self._names.get(name)
        if found is None:
            found = name.rpartition(":")[2].lower()
            if len(self._names) < 10_000:
                self._names[name] = found
        return found


def _strictly(text: str, builder: _Builder) -> str:
    """Read XML; what is wrong with it, "" for nothing. Unreadable for refused entities."""
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    declared = 0

    def declare(
        name: str, is_parameter: bool, value: str | None, base: str | None, *identity: str | None
    ) -> None:
        nonlocal declared
        declared += 1
        if is_parameter or value is None or len(value) > _ENTITY or "&" in value or declared > _ENTITIES:
            raise _Refused

    parser.EntityDeclHandler = declare
    try:
        # The text is decoded already, whatever its declaration says.
        declaration = _DECLARATION.match(text)
        start = declaration.end() if declaration else 0
        parser.Parse("\n" * text.count("\n", 0, start) + text[start:], True)
    except _Refused as error:
        raise Unreadable(_REFUSED) from error
    except expat.ExpatError as error:
        if "amplification" in str(error):
            raise Unreadable(_REFUSED) from error
        return f"line {error.lineno} ({expat.ErrorString(error.code)})"
    return ""


def _loosely(text: str, builder: _Builder) -> None:
    for kind, value, attributes in tokens(text):
        if kind == "words":
            builder.data(value)
        elif kind == "close":
            builder.end_any(value)
        else:
            builder.start(value, attributes_of(attributes))
            if attributes.endswith("/"):
                builder.end_any(value)
