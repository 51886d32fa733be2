"""RTF: styles and outline levels are headings, lists have the numbers that the file shows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from ...errors import Unreadable
from ..draft import Draft
from ..model import Gap, MetaValue, Reading
from ..reading import EMPTY
from .flow import Flow
from .rtf_body import Body
from .rtf_groups import SKIPPED, Group
from .rtf_tokens import CHARSETS, Token, tokens

__all__ = ["read_rtf", "write_rtf"]

_DEEPEST = 5_000
_FIELDS = {
    **{name: name for name in ("title", "author", "subject", "keywords", "category")},
    "doccomm": "description",
    "creatim": "file_created",
    "revtim": "file_modified",
}
_DAY = {"yr": 0, "mo": 1, "dy": 2}


def read_rtf(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read an RTF document. A reader, as `registry.Reader` says.

    Comments, deleted and hidden words, running heads and feet, pictures and field codes are left out. A
    footnote is a paragraph behind the one that it belongs to.
    """
    data = content.encode("cp1252", "replace") if isinstance(content, str) else content
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{\\rtf"):
        raise Unreadable(
            "it looks like an RTF document, but does not begin as one: it is damaged or mislabelled"
        )
    reader = _Reader()
    reader.read(tokens(data))
    draft = Draft()
    reader.flow.write(draft)
    fields = reader.fields()
    document = draft.document(key=key, name=name, media_type=media_type, fields=fields)
    gaps = [Gap(key, "its end is missing: it was cut short; what was there is read")] if reader.is_cut else []
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


def write_rtf(data: bytes, draft: Draft) -> None:
    """Write the text of an RTF document to a draft, for formats that hold one. Unreadable as `read_rtf`."""
    if data.lstrip().startswith(b"{\\rtf"):
        reader = _Reader()
        reader.read(tokens(data))
        reader.flow.write(draft)


class _Reader:
    """Follows groups and their destinations; what is text goes to the body.

    is_cut: whether groups were still open at the end.
    """

    def __init__(self) -> None:
        self.flow = Flow()
        self._body = Body(self.flow)
        self._groups = [Group()]
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default_font = 0
        self._skip = 0  # what is still to be passed over behind `\u`, for programs without Unicode
        self._bytes = bytearray()
        self._info: dict[str, str] = {}
        self._dates: dict[str, list[int]] = {}
        self.is_cut = False

    def read(self, found: Iterator[Token]) -> None:
        for token in found:
            if token.kind == "text":
                self._text(token.data)
                continue
            self._flush()
            if token.kind == "{":
                self._open()
            elif token.kind == "}":
                self._close()
            elif token.kind == "sign":
                self._sign(token.word)
            else:
                self._word(token.word, token.number)
        self._flush()
        self.is_cut = len(self._groups) > 1
        while len(self._groups) > 1:
            self._finish(self._groups.pop())
        self._body.finish()

    def fields(self) -> dict[str, MetaValue]:
        """What the document states of itself, by the names of front matter."""
        found: dict[str, MetaValue] = {}
        for word, name in _FIELDS.items():
            if value := " ".join(self._info.get(word, "").split()):
                found[name] = value[:2_000]
            if (day := self._dates.get(word)) and all(day):
                found[name] = f"{day[0]:04d}-{day[1]:02d}-{day[2]:02d}"
        return found

    def _open(self) -> None:
        if len(self._groups) > _DEEPEST:
            raise Unreadable(f"it nests more than {_DEEPEST:,} groups deep")
        self._skip = 0
        self._groups.append(self._groups[-1].inner())

    def _close(self) -> None:
        self._skip = 0
        if len(self._groups) > 1:
            self._finish(self._groups.pop())

    def _finish(self, group: Group) -> None:
        """A group has ended: so does its destination, where it began one."""
        if group.begins:
            self._body.end(group.destination)

    def _text(self, data: bytes) -> None:
        group = self._groups[-1]
        if self._skip:
            passed = min(self._skip, len(data))
            self._skip -= passed
            data = data[passed:]
        if data and group.destination not in SKIPPED:
            self._bytes += data

    def _flush(self) -> None:
        """Decode the bytes gathered: letters of East Asian fonts take two tokens."""
        if self._bytes:
            group = self._groups[-1]
            codec = self._fonts.get(group.font, self._codec)
            self._say(self._bytes.decode(codec, "replace"))
            self._bytes.clear()

    def _say(self, words: str) -> None:
        group = self._groups[-1]
        if group.destination == "fonttbl" or group.destination in SKIPPED:
            return
        if group.destination in _FIELDS:
            self._info[group.destination] = (self._info.get(group.destination, "") + words)[:10_000]
        else:
            self._body.say(words, group)

    def _sign(self, sign: str) -> None:
        if self._skip:
            self._skip -= 1
        elif sign == "*":
            self._groups[-1].optional = True
        elif sign in "\r\n":
            self._body.word("par", None, self._groups[-1])
        elif sign == "~":
            self._say(" ")
        elif sign == "_":
            self._say("-")
        elif sign in "\\{}":
            self._say(sign)

    def _word(self, word: str, number: int | None) -> None:
        group = self._groups[-1]
        if self._skip and word != "u":
            self._skip -= 1
        elif word == "u":
            self._skip = group.unicode_skip
            self._say(_character(number or 0))
        elif word == "uc":
            group.unicode_skip = min(max(number or 0, 0), 10)
        elif word == "ansicpg":
            self._codec = _codec(number, self._codec)
        elif word == "mac":
            self._codec = "mac_roman"
        elif word == "deff":
            self._default_font = number or 0
            group.font = self._default_font
        elif word == "f":
            group.font = number or 0
        elif word == "fcharset" and group.destination == "fonttbl":
            self._font(group.font, number or 0)
        elif word in _DAY and group.destination in ("creatim", "revtim"):
            self._dates.setdefault(group.destination, [0, 0, 0])[_DAY[word]] = min(abs(number or 0), 9_999)
        elif not group.begin(word):
            if word == "plain":
                group.font = self._default_font
            group.format(word, number)
            if group.destination not in SKIPPED and group.destination not in _FIELDS:
                self._body.word(word, number, group)
        elif group.begins:
            self._body.begin(group.destination)

    def _font(self, font: int, charset: int) -> None:
        if charset in CHARSETS and charset != 0 and len(self._fonts) < 10_000:
            self._fonts[font] = CHARSETS[charset]


def _codec(number: int | None, otherwise: str) -> str:
    name = {65001: "utf-8", 10000: "mac_roman", 936: "gb18030"}.get(number or 0, f"cp{number}")
    try:
        # Only what turns bytes into text: `codecs` knows others.
        return (
            codecs.lookup(name).name if re.fullmatch(r"cp[0-9]+|utf-8|mac_roman|gb18030", name) else otherwise
        )
    except LookupError:
        return otherwise


def _character(number: int) -> str:
    """The character of `\\u`, whose number is signed; surrogates are joined where the paragraph ends."""
    return chr(number & 0xFFFF)
