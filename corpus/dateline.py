"""The dateline of a news story: `Washington DC, 15 March 2023 (TDI): The Secretary of State ...`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .dates import match_date, match_day_of_month, parse_date
from .model import PartialDate
from .places import AGENCIES, CITIES, NOT_PLACES

__all__ = ["Dateline", "read_dateline"]

_REACH = 160  # characters: no dateline is longer

_SMALL = r"(?:de|del|des|di|do|da|dos|la|las|los|le|les|of|the|upon|am|an|der|den|im|al|el|en|es|sur|y|e|et)"
_NAME = r"(?:[^\W\d_][\w'’]*\.?(?:[^\W\d_]\.)*(?:-[^\W\d_][\w'’]*)*)"
_WORDS = re.compile(rf"{_NAME}(?:[ ](?:{_SMALL}[ ])*{_NAME}){{0,4}}")
_REGION = re.compile(rf",[ ](?P<region>{_WORDS.pattern})")
_OPENING = re.compile(r"[\s*_]*")
_BEFORE_DATE = re.compile(r"(?:,?[ ]*[-–—]{1,2}[ ]*|,[ ]*)(?:(?:on|le|den|el|il|em|op)[ ])?")
_SOURCE = re.compile(r"[ ,]*(?:\((?P<round>[^()\n]{2,40})\)|/(?P<slashed>[^/\n]{2,40})/)")
_END = re.compile(
    r"""[*_]*
    (?: (?P<dash> [ ]*\.?[ ]*(?:-{2,3}|[–—])[*_]*\s*      # a long dash may touch the words around it,
        | (?:[ ]+|(?<=[)/])\.?)-[*_]*\s+                 # a hyphen stands apart from them,
        | (?<=[)/])\.-[*_]*\s* )                         # or follows the agency's bracket: `(EFE).-`
      | [ ]*:[*_]*\s+ )
    (?=\S)""",
    re.VERBOSE,
)

_ABBREVIATED = frozenset({"DC", "USA", "UK", "UAE", "UN", "EU", "US", "NY", "DRC", "PNG"})


@dataclass(frozen=True, slots=True)
class Dateline:
    """What a dateline says; what it leaves out is empty.

    place: `Nairobi, Kenya`, capitals reduced to initials. source: the agency, as printed.
    date: None also when the year is not given. end: offset in the paragraph at which the story begins.
    """

    place: str
    date: PartialDate | None
    source: str
    end: int


def read_dateline(paragraph: str) -> Dateline | None:
    """Read the dateline that a paragraph begins with; None when it begins with anything else.

    Usual forms: `LONDON, March 15, 2023 (Reuters) -`, `GENEVA (AP) —`, `(Reuters) -`, `NAIROBI, Kenya --`,
    `MADRID, 15/03/2023 (EFE).-`, `Brussels, 4 May 2021 –`. Where no date and no country vouch for it,
    the city or the agency must be a known one.

    >>> line = read_dateline("BERLIN, 15. März 2023 (dpa) – Der Bundestag hat beschlossen.")
    >>> line.place, str(line.date), line.source
    ('Berlin', '2023-03-15', 'dpa')
    """
    head = paragraph[:_REACH]
    start = _OPENING.match(head)
    draft = _Draft(head, start.end() if start else 0)
    draft.read_place()
    draft.read_date()
    draft.read_source()
    if not draft.read_end() or not draft.plausible():
        return None
    return Dateline(draft.full_place, draft.date, draft.source, draft.position)


class _Draft:
    """The parts of a possible dateline, read one after the other from the head of a paragraph."""

    def __init__(self, head: str, position: int) -> None:
        self.head = head
        self.position = position
        self.place = ""
        self.region = ""
        self.date: PartialDate | None = None
        self.dated = False  # also by a day without its year
        self.source = ""
        self.dash = False

    def read_place(self) -> None:
        found = _WORDS.match(self.head, self.position)
        if found is None or not found[0][0].isupper():
            return
        self.place, self.position = found[0], found.end()
        while (region := _REGION.match(self.head, self.position)) and not self._date_at(self.position):
            if not region["region"][0].isupper() or self.region.count(",") > 0:
                return
            self.region += (", " if self.region else "") + region["region"]
            self.position = region.end()

    def read_date(self) -> None:
        if self.place and (found := self._date_at(self.position)):
            self.date, self.position = found
            self.dated = True

    def _date_at(self, position: int) -> tuple[PartialDate | None, int] | None:
        gap = _BEFORE_DATE.match(self.head, position)
        if gap is None:
            return None
        if full := match_date(self.head, gap.end()):
            return full.date, full.end
        end = match_day_of_month(self.head, gap.end())
        return (None, end) if end else None

    def read_source(self) -> None:
        found = _SOURCE.match(self.head, self.position)
        if found is None:
            return
        text = (found["round"] or found["slashed"]).strip()
        self.position = found.end()
        if not self.dated and (date := parse_date(text)):
            self.date, self.dated = date, True
        else:
            self.source = text

    def read_end(self) -> bool:
        found = _END.match(self.head, self.position)
        if found is None:
            return False
        self.dash = found["dash"] is not None
        self.position = found.end()
        return True

    def plausible(self) -> bool:
        known_agency = self.source.casefold() in AGENCIES
        if not self.place:
            return known_agency and self.dash
        if any(map(_is_no_place, (self.place, self.region))) or _is_abbreviation(self.source, self.place):
            return False
        return self._vouched_for(known_agency)

    def _vouched_for(self, known_agency: bool) -> bool:
        shouted = self.place.isupper() and len(self.place) > 2
        known_city = self.place.casefold() in CITIES
        if self.date and self.date.precision != "year":
            return True
        if self.dated or self.source:
            known = known_city or known_agency or (shouted and self.dated)
            return known and (self.dash or (known_city and known_agency))
        return self.dash and shouted and (known_city or (bool(self.region) and not self.region.isupper()))

    @property
    def full_place(self) -> str:
        return ", ".join(_lowered(part) for part in (self.place, self.region) if part)


def _is_no_place(place: str) -> bool:
    return any(word.strip(".").casefold() in NOT_PLACES for word in place.split())


def _is_abbreviation(source: str, place: str) -> bool:
    """Does the bracket only abbreviate what stands before it, as in `Authorised Person (AP)`?"""
    initials = "".join(word[0] for word in place.split() if word[0].isupper())
    return len(source) > 1 and initials.startswith(source.upper())


def _lowered(place: str) -> str:
    """`NAIROBI` -> `Nairobi`, `RIO DE JANEIRO` -> `Rio de Janeiro`; other names as they are."""
    if not place.isupper():
        return place
    first, *rest = (
        word if word in _ABBREVIATED or "." in word[:-1] else word.title() for word in place.split()
    )
    return " ".join([first, *(word.lower() if re.fullmatch(_SMALL, word.lower()) else word for word in rest)])
