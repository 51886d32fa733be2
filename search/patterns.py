"""Words with `*` and `?` in a query: which stretches of a chunk are one word or one pattern.

`*` stands for any letters or none, at the beginning, within and at the end of a word; `?` for exactly one
letter, within a word only: at its end it is punctuation (`which chemicals?`), and before a name and an equals
sign it is part of an address (`a.org/b?c=d`).
"""

from __future__ import annotations

import re

from ..index.analysis.normal import fold, normalise
from ..index.analysis.tokens import Token, asked

__all__ = ["folded_pattern", "is_pattern", "parts", "without_strays"]

_WILD = re.compile(r"[*?]+")
_NAMED = re.compile(r"\w*=")

_SHORT = 40  # letters of a word that no limit on words cuts


def is_pattern(raw: str) -> bool:
    """
    >>> is_pattern("wom?n"), is_pattern("women")
    (True, False)
    """
    return "*" in raw or "?" in raw


def parts(text: str) -> list[Token]:
    """The words and patterns of a text, in order, with their ranges.

    >>> [part.raw for part in parts("wom?n's *work* why?")]
    ['wom?n', '*work*', 'why']
    """
    if text.isalnum() and text.isascii() and len(text) <= _SHORT:
        return [Token(text, 0, len(text))]  # as `asked` would: nearly every word
    tokens = asked(text)
    if not is_pattern(text):
        return tokens
    ranges: list[tuple[int, int]] = []
    for token in tokens:
        start, end = _widened(text, token)
        if ranges and _joins(text, ranges[-1][1], token.start):
            ranges[-1] = ranges[-1][0], end
        else:
            ranges.append((start, end))
    return [Token(text[start:end], start, end) for start, end in ranges]


def _widened(text: str, token: Token) -> tuple[int, int]:
    """The range of a token with the stars that touch it."""
    start, end = token.start, token.end
    while start and text[start - 1] == "*":
        start -= 1
    while text[end : end + 1] == "*":
        end += 1
    return start, end


def _joins(text: str, end: int, start: int) -> bool:
    """Do only `*` and `?` stand between what ends and what starts? end: behind the stars."""
    while end and text[end - 1] == "*":
        end -= 1
    return bool(_WILD.fullmatch(text, end, start)) and not (
        text[start - 1] == "?" and _NAMED.match(text, start)
    )


def without_strays(text: str, found: list[Token]) -> str:
    """The text, with a hyphen for each `*` and `?` that belongs to none of the parts."""
    if not is_pattern(text):
        return text
    kept = list(re.sub(r"[*?]", "-", text))
    for part in found:
        kept[part.start : part.end] = part.raw
    return "".join(kept)


def folded_pattern(raw: str) -> str:
    """The pattern as indexed words are compared with it: as `normalise` and `fold` leave them.

    >>> folded_pattern("Organi**aciÓn")
    'organi*acion'
    """
    pieces = re.split(r"([*?]+)", raw)
    told = (piece if _WILD.fullmatch(piece) else fold(normalise(piece)) for piece in pieces if piece)
    return re.sub(r"\*[*]+", "*", "".join(told))
