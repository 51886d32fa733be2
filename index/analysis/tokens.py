"""Which stretches of a text are words: the token law, and its reference in plain Python.

The law. Every character has a class:

    w   a letter or number (Unicode categories L*, N*), other than the ASCII letters
    a   an ASCII letter; `s` where it is s or S
    m   a mark (M*), and what is invisible inside a word: soft hyphen, zero-width (non-)joiner, Arabic tatweel
    .   a full stop
    '   an apostrophe, straight or curly
        (a space) anything else, the underscore included

1. A token is a maximal run of `w a s m` that holds at least one of `w a s`. Marks continue a word, so
   decomposed text (NFD) has the tokens of composed text.
2. A full stop belongs to a token when an ASCII letter stands on each side of it, and each of the two has no
   word character on its other side: `U.S.` is the token `U.S`, `e.g.` is `e.g`, `Inc.` is `Inc`.
3. A possessive, an apostrophe and `s` or `S` that follow a word character and precede neither a word
   character nor a stop of rule 2, is no token and takes no position: `Mexico's` is `Mexico`.
4. Everything else separates: `S/RES/1373` is `S`, `RES`, `1373`; `48-904.01` is `48`, `904`, `01`; `l'État`
   is `l`, `État`. A query for such a word is a phrase, so that whole and part are both found.

All rules look at no more than two characters on either side, so that `docsearch.index.inverter` can apply
them to whole arrays; a test holds the two together. Scripts without spaces (Chinese, Thai) are not cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["JOINERS", "Token", "char_class", "tokenize"]

JOINERS = "\u00ad\u200c\u200d\u0640"
"""Invisible (or merely decorative) characters that continue a word without being part of its spelling."""

_ABBREVIATION = r"(?<![wasm])[as](?:\.[as](?![wasm]))+"
_POSSESSIVE = r"(?<=[wasm])'s(?![wasm])(?!\.[as](?![wasm]))"
_SCAN = re.compile(rf"{_POSSESSIVE}|({_ABBREVIATION}|[wasm]+)")


class Token(NamedTuple):
    """A word as it stands in the text: `raw` is the half-open character range `[start, end)`."""

    raw: str
    start: int
    end: int


def char_class(char: str) -> str:
    """The class of one character, as the module's docstring names them."""
    if char.isascii():
        if char in "sS":
            return "s"
        return "a" if char.isalpha() else "w" if char.isdigit() else char if char in ".'" else " "
    if char == "\u2019":
        return "'"
    category = unicodedata.category(char)[0]
    return "m" if category == "M" or char in JOINERS else "w" if category in "LN" else " "


class _Classes(dict[int, str]):
    """Classes by code point, found when first met: a table of all of Unicode would slow every start."""

    def __missing__(self, code: int) -> str:
        found = self[code] = char_class(chr(code))
        return found


_CLASSES = _Classes()


def tokenize(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of `text[start:end]`, in order; positions count them from 0.

    The range is read as if it stood alone (what lies outside it has no influence), but the tokens' ranges
    are of `text`. `start` and `end` are not negative; a range past the end is cut short.

    >>> [token.raw for token in tokenize("Mexico's U.S. border, § 48-904.01")]
    ['Mexico', 'U.S', 'border', '48', '904', '01']
    """
    classes = text[start:end].translate(_CLASSES)
    for found in _SCAN.finditer(classes):
        word = found[1]
        if word is None or not word.strip("m"):  # a possessive, or marks without a letter
            continue
        first, last = start + found.start(), start + found.end()
        yield Token(text[first:last], first, last)
