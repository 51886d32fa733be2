"""Citations of laws as people type them: `21 USC 802`, `21 U.S.C. § 802`, `Pub. L. 117-58`, `§ 802 (b)`.

Stops, spaces and section signs differ from one writer to the next, the words do not: a citation is read as
its words in a row, which section signs and stops in the text do not part.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Cited", "citation_at"]

_SECTION = r"\d[0-9A-Za-z]*(?:[-–.:/]\d[0-9A-Za-z]*)*"
_SUBSECTIONS = r"(?:\s?\([0-9A-Za-z]{1,5}\))*"
_PLACE = rf"(?:§+\s*|sec(?:tion|\.)?\s*)?(?P<section>{_SECTION}{_SUBSECTIONS})"
_BEHIND = r"(?![0-9A-Za-z^~*])"
_VOLUMES = {
    "USC": r"U\.?\s?S\.?\s?C(?:ode|\.)?(?:\s?A\.?)?",
    "CFR": r"C\.?\s?F\.?\s?R\.?(?:\s?(?:part|pt\.?))?",
    "Stat": r"Stat\.?",
    "FR": r"Fed\.?\s?Reg\.?",
}
_VOLUME = tuple(
    (name, re.compile(rf"(?P<title>\d{{1,3}})\s?{form}\s?{_PLACE}{_BEHIND}", re.IGNORECASE))
    for name, form in _VOLUMES.items()
)
_PUBLIC_LAW = re.compile(
    rf"(?:Pub(?:lic|\.)?\s?L(?:aw|\.)?|P\.\s?L\.)\s?(?:No\.?\s?)?(?P<law>\d{{1,3}}[-–]\d{{1,4}}){_BEHIND}",
    re.IGNORECASE,
)
_SIGNED = re.compile(rf"§+\s*(?P<section>{_SECTION}{_SUBSECTIONS}){_BEHIND}")
_UNSIGNED = re.compile(rf"(?P<section>{_SECTION}(?:\s?\([0-9A-Za-z]{{1,5}}\))+){_BEHIND}")
_NAMED_BEFORE = re.compile(
    r"(?:\b(?:sections?|sec|ss|article|art|rule|regulation|reg)\b\.?\s?)\Z", re.IGNORECASE
)
_WORD_BEFORE = re.compile(r"[^\W_]")
_SPACED = re.compile(r"\s+\(")
_REPORTERS = {"FR": "Fed. Reg."}


class Cited(NamedTuple):
    """A citation as it is looked for, and where it ends in the query."""

    text: str
    end: int


def citation_at(query: str, at: int) -> Cited | None:
    """The citation that begins at a place of a query; None when none does.

    >>> citation_at("21 U.S.C. § 802 (b)", 0), citation_at("§48-904.01", 0)
    (Cited(text='21 USC 802(b)', end=19), Cited(text='48-904.01', end=10))
    """
    char = query[at]
    if char not in "§Pp" and not char.isdecimal():
        return None
    if at and _WORD_BEFORE.match(query, at - 1):
        return None
    if char == "§":
        found = _SIGNED.match(query, at)
        return found and Cited(_joined(found["section"]), found.end())
    if char in "Pp":
        law = _PUBLIC_LAW.match(query, at)
        return law and Cited(f"Pub. L. {law['law']}", law.end())
    for name, form in _VOLUME:
        if found := form.match(query, at):
            text = f"{found['title']} {_REPORTERS.get(name, name)} {_joined(found['section'])}"
            return Cited(text, found.end())
    if _NAMED_BEFORE.search(query[max(at - 14, 0) : at]) and (found := _UNSIGNED.match(query, at)):
        return Cited(_joined(found["section"]), found.end())
    return None


def _joined(section: str) -> str:
    return _SPACED.sub("(", section)
