"""Dates as people write them, in the languages of most policy papers."""

from __future__ import annotations

import re
from typing import NamedTuple

from .model import PartialDate

__all__ = ["FoundDate", "find_date", "match_date", "match_day_of_month", "parse_date"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene januar jänner jän janvier janv janeiro gennaio gen januari",
            "february feb febrero februar feber février fevrier févr fév fevereiro fev febbraio februari",
            "march mar marzo märz maerz mär mrz mars março marco maart mrt",
            "april apr abril abr avril avr aprile",
            "may mayo mai maio maggio mag mei",
            "june jun junio juni juin junho giugno giu",
            "july jul julio juli juillet juil julho luglio lug",
            "august aug agosto ago août aout augustus",
            "september sep sept septiembre setiembre septembre setembro set settembre",
            "october oct octubre oktober okt octobre outubro out ottobre ott",
            "november nov noviembre novembre novembro",
            "december dec diciembre dic dezember dez décembre decembre déc dezembro dicembre",
        ),
        start=1,
    )
    for name in names.split()
}

_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|er|\.?º|\.?ª|°|\.)?"
_OF = r"(?:day\s+)?(?:(?:of|de|del|di)\s+)?"
_MONTH = r"(?P<month>[^\W\d_]{3,10})\.?"
_YEAR = r"(?P<year>[12][0-9]{3})"
_ANY_YEAR = r"(?P<year>[0-9]{4})"
_NO_DIGIT_BEFORE = r"(?<![0-9])(?<![0-9][./-])"
_NO_DIGIT_AFTER = r"(?![0-9]|[./-][0-9])"

_DAY_OF_MONTH = rf"{_DAY}\s*{_OF}{_MONTH}"
_MONTH_AND_DAY = rf"(?<!\w){_MONTH}\s+(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_NO_DIGIT_BEFORE}{_ANY_YEAR}(?P<mark>[-/.])(?P<month>[01]?[0-9])(?P=mark)(?P<day>[0-3]?[0-9]){_NO_DIGIT_AFTER}",
        rf"{_NO_DIGIT_BEFORE}(?P<first>[0-3]?[0-9])(?P<mark>[-/])(?P<second>[0-3]?[0-9])(?P=mark){_YEAR}{_NO_DIGIT_AFTER}",
        rf"{_NO_DIGIT_BEFORE}(?P<day>[0-3]?[0-9])\.\s?(?P<month>[01]?[0-9])\.\s?{_YEAR}{_NO_DIGIT_AFTER}",
        rf"{_NO_DIGIT_BEFORE}{_DAY_OF_MONTH},?\s+(?:(?:of|de|del|di)\s+)?{_YEAR}(?![0-9])",
        rf"{_MONTH_AND_DAY}(?:,\s*|\s+){_YEAR}(?![0-9])",
        rf"(?<!\w){_MONTH},?\s+(?:(?:of|de|del|di)\s+)?{_YEAR}(?![0-9])",
    )
)
_CANDIDATE = re.compile(r"(?<![0-9])[0-9]{1,4}(?![0-9])|(?<!\w)[^\W\d_]{3,10}")
_WITHOUT_YEAR = tuple(re.compile(form, re.IGNORECASE) for form in (_DAY_OF_MONTH, _MONTH_AND_DAY))

_SHORT = re.compile(r"(?P<year>[12][0-9]{3})(?:[-/](?P<month>[01][0-9]))?")
_COMPACT = re.compile(r"(?P<year>1[89][0-9]{2}|2[01][0-9]{2})(?P<month>[01][0-9])(?P<day>[0-3][0-9])")
_BEFORE = re.compile(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|tue|wed|thu|fri|sat|sun)\b\.?"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:segunda|terça|quarta|quinta|sexta)-feira"
    r"|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|on|the|le|el|den|dem|vom|am|du|il|em|op)?[,\s]\s*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[.,;]?(?:[Tt,\s]\s*(?:at\s+)?[0-9]{1,2}[:.h][0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?"
    r"(?:\s*[ap]\.?m\.?)?\s*(?:Z|[A-Z]{2,5}|[-+][0-9]{2}:?[0-9]{2})?)?",
    re.IGNORECASE,
)
_LONGEST = 100  # characters of a text that is a date and nothing else


class FoundDate(NamedTuple):
    """A date and the half-open range of its words in the text."""

    date: PartialDate
    start: int
    end: int


def parse_date(text: str) -> PartialDate | None:
    """Read a text that is a date and nothing else: any form of `find_date`, also `2023`, `2023-03` and
    `20230315`, with or without weekday, article and time of day. None when it is not; never raises.

    >>> str(parse_date("Wednesday, 15th of March 2023")), str(parse_date("15. März 2023"))
    ('2023-03-15', '2023-03-15')
    >>> parse_date("03/04/2023").guessed, parse_date("31 June 2023")
    (True, None)
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if short := _SHORT.fullmatch(text) or _COMPACT.fullmatch(text):
        parts = short.groupdict()
        return _date(parts["year"], parts["month"], parts.get("day"))
    start = 0
    while (filler := _BEFORE.match(text, start)) and filler.end() > start:
        start = filler.end()
    found = match_date(text, start)
    return found.date if found and _AFTER.fullmatch(text, found.end) else None


def find_date(text: str) -> PartialDate | None:
    """The first date in a text that names at least its month, or None; never raises.

    `15 March 2023`, `March 15, 2023`, `Mar. 15, 2023`, `2023-03-15`, `2023/3/15`, `15.03.2023`, `15/03/2023`,
    `March 2023`; months in English, Spanish, German, French, Portuguese, Italian and Dutch. `03/04/2023`
    is read day first and marked as guessed, `03/15/2023` can only be month first. Days that no calendar has
    are passed over.
    """
    place = 0
    for candidate in _CANDIDATE.finditer(text):
        start = candidate.start()
        if start < place or not (candidate[0].isdecimal() or candidate[0].lower() in _MONTHS):
            continue
        if form := _match(text, start):
            if date := _read(form):
                return date
            # "31 June 2023" is no date, and so neither is its "June 2023".
            place = form.end()
    return None


def match_date(text: str, start: int = 0) -> FoundDate | None:
    """The date that begins exactly at an offset, in one of the forms of `find_date`."""
    form = _match(text, start)
    date = _read(form) if form else None
    return FoundDate(date, start, form.end()) if form and date else None


def match_day_of_month(text: str, start: int = 0) -> int | None:
    """The end of a date without its year (`15 March`, `Mar. 15`) that begins exactly at an offset."""
    for form in _WITHOUT_YEAR:
        if (found := form.match(text, start)) and found["month"].lower() in _MONTHS:
            return found.end()
    return None


def _match(text: str, start: int) -> re.Match[str] | None:
    """What has the form of a date at an offset, be there such a day or not."""
    for form in _FORMS:
        if found := form.match(text, start):
            month = found.groupdict().get("month", "0")
            if month.isdecimal() or month.lower() in _MONTHS:
                return found
    return None


def _read(form: re.Match[str]) -> PartialDate | None:
    parts = form.groupdict()
    if "first" not in parts:
        return _date(parts["year"], parts["month"], parts.get("day"))
    first, second = int(parts["first"]), int(parts["second"])
    if first <= 12 < second:
        return _date(parts["year"], parts["first"], parts["second"])
    return _date(parts["year"], parts["second"], parts["first"], guessed=first <= 12 and first != second)


def _date(year: str, month: str | None, day: str | None, *, guessed: bool = False) -> PartialDate | None:
    number = None if month is None else int(month) if month.isdecimal() else _MONTHS.get(month.lower())
    if month is not None and not number:
        return None
    try:
        return PartialDate(int(year), number, int(day) if day is not None else None, guessed)
    except ValueError:
        return None
