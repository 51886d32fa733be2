"""Which stretches of a text are words: the token law, and its reference in plain Python.

The law. Every character has a class:

    w   a letter or number (Unicode categories L*, N*), other than the ASCII letters and those of class c
    a   an ASCII letter; `s` where it is s or S
    c   a letter of a script that is written without spaces between words, or (Korean) with endings joined to
        them: Chinese, Japanese, Korean, Thai, Lao, Khmer, Burmese
    m   a mark (M*), what is invisible inside a word (soft hyphen, zero-width (non-)joiner, Arabic tatweel),
        and what completes a Korean syllable or a Japanese half-width letter
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

5. Each letter of class c, with the marks behind it, is a *sign*, and every sign begins a token: the sign
   with the one that follows it directly, or alone at the end of a run. `情報公開` is `情報`, `報公`, `公開`,
   `開`. These tokens overlap, so that any stretch of a run is found by its pairs side by side (`asked` gives
   those to look for), and each has a position. For the other rules c is a word character; a run of `w a s m`
   ends before it.

All rules look at no more than two characters on either side, so that `docsearch.index.inverter` can apply
them to whole arrays; a test holds the two together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

__all__ = ["JOINERS", "Token", "asked", "char_class", "first_sign", "is_lone_sign", "is_sign", "tokenize"]

JOINERS = "\u00ad\u200c\u200d\u0640"
"""Invisible (or merely decorative) characters that continue a word without being part of its spelling."""

_ABBREVIATION = r"(?<![wasmc])[as](?:\.[as](?![wasmc]))+"
_POSSESSIVE = r"(?<=[wasmc])'s(?![wasmc])(?!\.[as](?![wasmc]))"
_SCAN = re.compile(rf"{_POSSESSIVE}|({_ABBREVIATION}|[wasm]+)|(cm*)(?=(cm*)?)")

_SIGN = re.compile("cm*")
_UNSPACED = (
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u115f\u1780-\u17ff\ua960-\ua97f"  # Thai to Khmer, Korean initials
    "\u3005-\u3007\u3031-\u3035\u303b\u303c\u3041-\u31ff\u3400-\u4dbf\u4e00-\u9fff"  # kana, hangul, Han
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uffdc"  # syllables, and forms for compatibility
    "\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)
_COMPLETING = re.compile("[\u1160-\u11ff\ud7b0-\ud7fb\uff9e\uff9f]")
"""What stands behind the letter that it is part of, when a syllable is written letter by letter."""


class Token(NamedTuple):
    """A word as it stands in the text: `raw` is the half-open character range `[start, end)`."""

    raw: str
    start: int
    end: int


@cache
def _unspaced() -> re.Pattern[str]:
    # Not at the top: most queries have no such sign, and this takes as long as a small search.
    return re.compile(_UNSPACED)


def char_class(char: str) -> str:
    """The class of one character, as the module's docstring names them."""
    if char.isascii():
        if char in "sS":
            return "s"
        return "a" if char.isalpha() else "w" if char.isdigit() else char if char in ".'" else " "
    if char == "\u2019":
        return "'"
    category = unicodedata.category(char)[0]
    if category == "M" or char in JOINERS or _COMPLETING.match(char):
        return "m"
    if _unspaced().match(char) and (category == "L" or char == "\u3007"):  # the zero of Chinese numbers
        return "c"
    return "w" if category in "LN" else " "


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
    here = text[start:end]
    if here.isascii() and here.isalpha():  # as most words of a query
        yield Token(here, start, start + len(here))
        return
    classes = here.translate(_CLASSES)
    for found in _SCAN.finditer(classes):
        if found[2] is not None:
            first, last = start + found.start(), start + max(found.end(2), found.end(3))
            yield Token(text[first:last], first, last)
            continue
        word = found[1]
        if word is None or not word.strip("m"):  # a possessive, or marks without a letter
            continue
        first, last = start + found.start(), start + found.end()
        yield Token(text[first:last], first, last)


def asked(text: str) -> list[Token]:
    """The tokens that a query for `text` asks for: all but the last of each run of two or more signs, which
    in a document stands only where the run ends.

    >>> [token.raw for token in asked("情報公開 法")]
    ['情報', '報公', '公開', '法']
    """
    kept, end = [], -1
    for token in tokenize(text):
        if token.end != end:  # else it lies within the token before it
            kept.append(token)
        end = token.end
    return kept


def is_sign(char: str) -> bool:
    """Is a character a letter of class c?"""
    return _CLASSES[ord(char)] == "c"


def first_sign(word: str) -> str:
    """The first sign of a token that begins with one; else empty."""
    found = _SIGN.match(word.translate(_CLASSES))
    return word[: found.end()] if found else ""


def is_lone_sign(word: str) -> bool:
    """Whether a token is a single sign: in documents it stands so only at the end of a run, and as the first
    of two elsewhere."""
    return not word.isascii() and bool(word) and first_sign(word) == word
