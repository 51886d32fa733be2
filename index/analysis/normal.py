"""How a token is spelt in the index: its surface before stemming, and its term after.

`normalise` keeps what a stemmer needs (accents, ß); `fold` takes the accents off what the stemmer leaves.
Both are idempotent and never return an empty string for a word.
"""

from __future__ import annotations

import re
import unicodedata

from .tokens import JOINERS, char_class

__all__ = ["LONGEST", "clip", "fold", "normalise"]

LONGEST = 255
"""Bytes in UTF-8 of the longest surface or term. Of a longer word only the beginning is read, so that
encoded binaries and runaway lines stay cheap; its length fits in a byte."""

# Left out of a spelling: the stops of abbreviations, apostrophes, what is invisible, variation selectors.
_DROPPED = frozenset(
    ".'\u2019\u034f" + JOINERS + "".join(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
)
_LATIN_OR_GREEK = (
    "0-9A-Za-zÆÐØÞßæðøþ\u0110-\u02af\u0370-\u03ff\u1d00-\u1dbf"
    "\u1e00-\u1fff\u2c60-\u2c7f\ua720-\ua7ff\uab30-\uab6f"
)
_FOLDED_ARABIC = re.compile(
    r"(?<=\u0627)[\u064b-\u0655\u0670]+"  # alef with hamza or madda is often typed as a plain alef
    r"|[\u064b-\u0652\u0670]+"  # vowel signs
)
_FOLDED_MARKS = re.compile(
    rf"(?<=[{_LATIN_OR_GREEK}])[\u0300-\u036f]+"
    r"|(?<=[еЕ])\u0308+"  # ё is е in most Russian print; й is a letter of its own
)
_FOLDED_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "æ": "ae",
        "œ": "oe",
        "ß": "ss",
        "ı": "i",
        "þ": "th",
        "ð": "d",
        "ς": "σ",
        "\u0671": "\u0627",
    }
)
_DOTTED_I = re.compile("i\u0307+")  # what `lower` makes of İ
_DIGIT = re.compile(r"(?![0-9])\d")


class _Spelling(dict[int, str]):
    """The plain spelling of a code point, found when first met.

    Compatibility forms that stand for letters and digits become these (the ligature ﬁ, full-width and
    mathematical letters, Arabic presentation forms, the 2 of CO₂), before a stemmer sees them. Those that
    stand for more, such as ½, which would become `1⁄2`, stay; so do letters that stand for marks alone.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = unicodedata.normalize("NFKC", char)
        classes = {char_class(part) for part in plain}
        if char in _DROPPED:
            plain = ""
        elif not classes <= set("wasmc") or (
            plain and char_class(plain[0]) == "m"
        ):  # Thai ำ would begin with one
            plain = char
        self[code] = plain
        return plain


_SPELLING = _Spelling()


def clip(text: str) -> str:
    """The longest beginning of `text` that takes at most `LONGEST` bytes in UTF-8."""
    if len(text) * 4 <= LONGEST:
        return text
    return text.encode()[:LONGEST].decode(errors="ignore")  # "ignore" can only meet a cut last character


def normalise(raw: str) -> str:
    """The surface of a token as it stands in a text: composed (NFC), in lower case, compatibility forms
    replaced, without stops, apostrophes and invisible characters, at most `LONGEST` bytes.

    Dotted İ becomes a plain i; ß and dotless ı stay. What would leave nothing is returned as it is.

    >>> normalise("U.S"), normalise("ŒUVRE"), normalise("o\\ufb03ce"), normalise("CO₂")
    ('us', 'œuvre', 'office', 'co2')
    """
    raw = clip(raw)
    if raw.isascii():
        return raw.replace(".", "").replace("'", "").lower() or raw
    plain = unicodedata.normalize("NFC", raw.translate(_SPELLING)).lower()
    return clip(unicodedata.normalize("NFC", _DOTTED_I.sub("i", plain))) or raw


def fold(term: str) -> str:
    """A surface or stem without its accents: marks off Latin and Greek letters, ligatures and barred
    letters resolved, ё as е, Arabic vowel signs off and alef forms unified, decimal digits of any script as
    ASCII. Other scripts are left alone.

    >>> fold("información"), fold("straße"), fold("søknad"), fold("йёлка"), fold("أُمَّة")
    ('informacion', 'strasse', 'soknad', 'йелка', 'امة')
    """
    if term.isascii():
        return term
    apart = unicodedata.normalize("NFD", term.translate(_SPELLING))
    letters = _DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), apart).translate(_FOLDED_LETTERS)
    bare = _FOLDED_MARKS.sub("", _FOLDED_ARABIC.sub("", letters))
    return unicodedata.normalize("NFC", bare) or term
