"""RTF as tokens: braces, control words, bytes of text; binary stretches are stepped over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

__all__ = ["CHARSETS", "Token", "tokens"]

_TOKEN = re.compile(
    rb"(?P<brace>[{}])"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})?\ ?"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<sign>[^a-zA-Z])"
    rb"|(?P<text>[^\\{}\r\n]+)"
    rb"|[\r\n]+|\\",
    re.DOTALL,
)

CHARSETS = {
    0: "cp1252",
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
"""The codecs of fonts by their `\\fcharset`."""


class Token(NamedTuple):
    """kind and value: `{` and `}`; a word and its number; a sign (`~`); bytes of text."""

    kind: Literal["{", "}", "word", "sign", "text"]
    word: str = ""
    number: int | None = None
    data: bytes = b""


_OPEN, _CLOSE = Token("{"), Token("}")


def tokens(content: bytes) -> Iterator[Token]:
    """The tokens of any bytes, in linear time."""
    place = 0
    while found := _TOKEN.match(content, place):
        place = found.end()
        kind = found.lastgroup
        if kind == "brace":
            yield _OPEN if found["brace"] == b"{" else _CLOSE
        elif kind in ("word", "number"):
            word = found["word"].decode("ascii")
            number = int(found["number"]) if found["number"] else None
            if word == "bin":
                place += max(0, number or 0)
            else:
                yield Token("word", word, number)
        elif kind == "hex":
            yield Token("text", data=bytes((int(found["hex"], 16),)))
        elif kind == "sign":
            yield Token("sign", found["sign"].decode("latin-1"))
        elif kind == "text":
            yield Token("text", data=found["text"])
