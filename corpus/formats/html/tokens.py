"""HTML cut into tags and words, as browsers cut it, with two differences: no markup that is left open hides
what follows it, and the work is linear in the length of whatever is given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal, NamedTuple

__all__ = ["Token", "attributes_of", "tokens"]


class Token(NamedTuple):
    """kind: of a tag whether it opens or closes. value: its name in lower case, or the words, with their
    character references resolved. attributes: of an opening tag, as written."""

    kind: Literal["open", "close", "words"]
    value: str
    attributes: str = ""


# Quotation marks count only behind an equals sign; one that never ends is a character like others.
_INSIDE = r"(?:[^>=]|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+"
_TAG = re.compile(rf"<(/?)([a-zA-Z][^\s/>]*+)({_INSIDE})>")
_PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"([^\s=/>\"'][^\s=/>]*+)(?:\s*+=\s*+(\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+")
_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")
_RAW_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])[^>]*+>", re.IGNORECASE) for name in _RAW}
_UNSEEN = frozenset({"script", "style", "iframe"})


def tokens(text: str) -> Iterator[Token]:
    """The tags and words of a page in their order; comments and declarations are left out."""
    scan = _Scanner(text)
    while scan.at < len(text):
        yield from scan.step()


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag, names in lower case; of two with one name the first counts."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(written):
        if value[:1] in ("'", '"') and value[-1:] == value[:1]:
            value = value[1:-1]
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


class _Scanner:
    """at: how far the text has been read. What was once looked for in vain is not looked for again."""

    def __init__(self, text: str) -> None:
        self.at = 0
        self._text = text
        self._tag = _TAG
        self._missing: set[str] = set()

    def step(self) -> Iterator[Token]:
        """The words up to the next tag, and that tag."""
        start = self._text.find("<", self.at)
        if start < 0:
            start = len(self._text)
        if start > self.at:
            yield Token("words", unescape(self._text[self.at : start]))
        self.at = start
        if start < len(self._text):
            yield from self._markup()

    def _markup(self) -> Iterator[Token]:
        text, at = self._text, self.at
        following = text[at + 1 : at + 2]
        if following == "!" or following == "?" or (following == "/" and not text[at + 2 : at + 3].isalpha()):
            yield from self._declaration()
        elif tag := self._tag_at(at):
            yield from self._tag_found(tag)
        else:
            self.at = at + 1
            yield Token("words", "<")

    def _tag_at(self, at: int) -> re.Match[str] | None:
        tag = self._tag.match(self._text, at)
        if tag is None and self._tag is _TAG and self._text[at + 1 : at + 3].strip("/")[:1].isalpha():
            # A tag without an end: from here on none reaches over the next angle bracket.
            self._tag = _PLAIN_TAG
            tag = self._tag.match(self._text, at)
        return tag

    def _tag_found(self, tag: re.Match[str]) -> Iterator[Token]:
        self.at = tag.end()
        name = tag[2].lower()
        if tag[1]:
            yield Token("close", name)
            return
        yield Token("open", name, tag[3])
        if name in _RAW_ENDS and not tag[3].endswith("/"):
            yield from self._raw(name)

    def _raw(self, name: str) -> Iterator[Token]:
        """What stands in an element whose words are no markup; left open, a script reaches to the end."""
        end = None if name in self._missing else _RAW_ENDS[name].search(self._text, self.at)
        if end is None:
            self._missing.add(name)
            if name in _UNSEEN:
                self.at = len(self._text)
            return
        words = self._text[self.at : end.start()]
        self.at = end.end()
        yield Token("words", words if name in _UNSEEN else unescape(words))
        yield Token("close", name)

    def _declaration(self) -> Iterator[Token]:
        """Past a comment or declaration; the words of a CDATA section."""
        text, at = self._text, self.at
        if text.startswith("<!--", at):
            inner = 2 if text.startswith(("<!-->", "<!--->"), at) else 4
            self._past(at + inner, "-->", at + 4)
        elif text.startswith("<![CDATA[", at):
            self._past(at, "]]>", at + 9)
            yield Token("words", text[at + 9 : self.at].removesuffix("]]>"))
        else:
            self._past(at, ">", at + 2)

    def _past(self, start: int, mark: str, otherwise: int) -> None:
        """Go on behind the next mark; where there is none, behind what began."""
        end = -1 if mark in self._missing else self._text.find(mark, start)
        if end < 0:
            self._missing.add(mark)
        self.at = end + len(mark) if end >= 0 else otherwise
