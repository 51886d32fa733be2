"""`type:law`, `date:2023..2024`, `meta.author:"A. Smith"`: what a query says of documents."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from .syntax import Facts
from .when import asked_date, span_of

__all__ = ["BEGINNING", "DATES", "NAMES", "Found", "facts_at"]

NAMES = {
    "type": "type",
    "lang": "language",
    "source": "source",
    "place": "place",
    "path": "path",
    "root": "root",
}
"""The names for values of documents, and the fields that they speak of."""

DATES = {"date": "published", "effective": "effective", "ended": "ended"}
"""The names for dates that lie in a span, and the fields that they speak of."""

_SIDES = ("since", "before", "after", "until")
_ALIASES = {"language": "lang", "published": "date"}

BEGINNING = re.compile(
    rf"(?P<name>{'|'.join((*NAMES, *DATES, *_SIDES, *_ALIASES))}|meta\.[^\W\d][\w-]*):(?=[^\s:/)])",
    re.IGNORECASE,
)
_QUOTED = r'"([^"“”„«»]*)"|[“”„]([^"“”„«»]*)[”“]|«([^"“”„«»]*)»'
_VALUE = re.compile(rf'{_QUOTED}|([^\s()"“”„«»]+)')
_BETWEEN = re.compile(r"(?:\s|,)*(?:OR(?=[\s(])|\|\|?)?(?:\s|,)*")
_TRAILING = ".,;:!?'’"
_MOST_VALUES = 100


class Found(NamedTuple):
    """Facts as they stand in a query up to `end`; None where a date was named that is none."""

    facts: Facts | None
    name: str
    end: int


def facts_at(query: str, at: int) -> Found | None:
    """The facts that begin at a place of a query; None when none do."""
    beginning = BEGINNING.match(query, at)
    if beginning is None:
        return None
    name = beginning["name"]
    name = name if name.lower().startswith("meta.") else name.lower()
    name = "meta." + name[5:] if name[:5].lower() == "meta." else _ALIASES.get(name, name)
    values, end = _values(query, beginning.end(), dated=name in DATES or name in _SIDES)
    if not values:
        return None
    if name not in DATES and name not in _SIDES:
        return Found(Facts(name, values), name, end)
    told = _dated(name, values[0]) if len(values) == 1 else None
    return Found(told, name, end)


def _values(query: str, at: int, *, dated: bool) -> tuple[tuple[str, ...], int]:
    if query[at] != "(" or dated:
        found = _VALUE.match(query, at)
        if found is None:
            return (), at
        value = _text(found)
        quoted = found[4] is None
        return ((value,) if value else ()), found.end() if quoted else at + len(value)
    values: list[str] = []
    at += 1
    while len(values) < _MOST_VALUES:
        between = _BETWEEN.match(query, at)
        at = between.end() if between else at
        if query[at : at + 1] == ")":
            return tuple(dict.fromkeys(values)), at + 1
        found = _VALUE.match(query, at)
        if found is None:
            return (), at
        at = found.end()
        values += filter(None, [_text(found)])
    return (), at


def _text(found: re.Match[str]) -> str:
    if found[4] is not None:
        return found[4].rstrip(_TRAILING) if ".." not in found[4][-2:] else found[4]
    return " ".join((found[1] or found[2] or found[3] or "").split())


def _dated(name: str, value: str) -> Facts | None:
    """The facts with the date written out, whatever the day."""
    today = dt.date.today()
    if name in _SIDES:
        date = asked_date(value, today)
        return None if date is None else Facts(name, (str(date),))
    span = span_of(value, today)
    if span is None:
        return None
    low, high = span
    text = str(low) if low == high else f"{low or ''}..{high or ''}"
    return Facts(name, (text,))
