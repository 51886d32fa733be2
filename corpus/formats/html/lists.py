"""The numbers that browsers show before the items of a list."""

from __future__ import annotations

import re

from ..numerals import roman
from .tree import Element

__all__ = ["Numbering", "is_enumerated"]

_UNMARKED = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.IGNORECASE)
_STYLED = re.compile(
    r"list-style(?:-type)?\s*:[^;]*\b((?:lower|upper)-(?:alpha|latin|roman))\b", re.IGNORECASE
)
_STYLES = {
    "lower-alpha": "a",
    "lower-latin": "a",
    "upper-alpha": "A",
    "upper-latin": "A",
    "lower-roman": "i",
    "upper-roman": "I",
}
_ENUMERATED = re.compile(
    r"\s*(?:[(\[]?(?:\d{1,4}[a-z]?|[a-z]{1,2}|[ivxlc]{1,6})[.)\]]|§|\d+(?:\.\d+)+)", re.IGNORECASE
)
_WHOLE = re.compile(r"-?[0-9]{1,6}")


def is_enumerated(words: str) -> bool:
    """Whether words begin with a number of their own: `(a)`, `2.`, `§`."""
    return _ENUMERATED.match(words) is not None


class Numbering:
    """Counts the items of one list. Bullets are not counted, and show no mark."""

    def __init__(self, element: Element) -> None:
        style = element.get("style")
        self._counts = element.name == "ol" and not _UNMARKED.search(style)
        styled = _STYLED.search(style)
        self._type = _STYLES[styled[1].lower()] if styled else element.get("type").strip()
        self._step = -1 if element.has("reversed") else 1
        items = sum(1 for child in element.children if isinstance(child, Element) and child.name == "li")
        first = items if self._step < 0 else 1
        self._next = _number(element.get("start"), first)

    def mark(self, item: Element) -> str:
        """What stands before an item: `3. `, `c. `; "" in a list without numbers."""
        number = _number(item.get("value"), self._next)
        self._next = number + self._step
        if not self._counts or _UNMARKED.search(item.get("style")):
            return ""
        return f"{_spelt(number, item.get('type').strip() or self._type)}. "


def _number(written: str, otherwise: int) -> int:
    written = written.strip()
    return int(written) if _WHOLE.fullmatch(written) else otherwise


def _spelt(number: int, style: str) -> str:
    if style in ("i", "I") and 0 < number < 4_000:
        spelt = roman(number)
    elif style in ("a", "A") and number > 0:
        spelt = _letters(number)
    else:
        return str(number)
    return spelt.upper() if style.isupper() else spelt


def _letters(number: int) -> str:
    """As browsers count: z, then aa, ab."""
    spelt = ""
    while number:
        number, place = divmod(number - 1, 26)
        spelt = chr(ord("a") + place) + spelt
    return spelt
