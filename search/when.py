"""Dates as people ask for them: `2023`, `March 2023`, `last year`, `3 months ago`."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from ..corpus.dates import parse_date
from ..corpus.model import PartialDate

__all__ = ["asked_date", "span_of"]

_UNITS = r"(?P<unit>day|week|month|year)s?"
_AGO = re.compile(rf"(?P<count>\d{{1,4}}|an?|one)\s+{_UNITS}\s+ago")
_PAST = re.compile(rf"(?:the\s+)?(?:last|past)\s+(?P<count>\d{{1,4}})\s+{_UNITS}")
_NAMED = re.compile(rf"(?P<which>this|last)\s+{_UNITS}")
_RANGE = re.compile(r"\s*(?:\.\.\.?|…)\s*")


def asked_date(text: str, today: dt.date) -> PartialDate | None:
    """The date that a text means on a day; None when it means none.

    >>> day = dt.date(2024, 3, 31)
    >>> [str(asked_date(text, day)) for text in ("last year", "last month", "a month ago", "soon")]
    ['2023', '2024-02', '2024-02-29', 'None']
    """
    told = " ".join(text.replace("_", " ").lower().split())
    if told in ("today", "now", "yesterday"):
        return _day(today - dt.timedelta(days=told == "yesterday"))
    if named := _NAMED.fullmatch(told):
        return _named(named["unit"], today, back=named["which"] == "last")
    if past := _AGO.fullmatch(told) or _PAST.fullmatch(told):
        count = int(past["count"]) if past["count"].isdigit() else 1
        return _back(today, count, past["unit"])
    found = parse_date(text)
    return None if found is None else PartialDate(found.year, found.month, found.day)


def span_of(text: str, today: dt.date) -> tuple[PartialDate | None, PartialDate | None] | None:
    """The first and last date of `2023-03..2024`, `2023..` or `..2024`; of a single date, it twice. None when
    a side is no date, or both are missing.

    >>> [str(each) for each in span_of("2023-03..2024", dt.date(2024, 5, 1))]
    ['2023-03', '2024']
    """
    low, *high = _RANGE.split(text.strip(), maxsplit=1)
    if not high:
        date = asked_date(low, today)
        return None if date is None else (date, date)
    sides = [asked_date(side, today) if side else None for side in (low, high[0])]
    if any(side and date is None for side, date in zip((low, high[0]), sides, strict=True)):
        return None
    return None if sides == [None, None] else (sides[0], sides[1])


def _day(day: dt.date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _named(unit: str, today: dt.date, *, back: bool) -> PartialDate | None:
    """This or last year, month or day; of a week its first day."""
    if unit == "year":
        return PartialDate(max(today.year - back, 1))
    if unit == "month":
        date = _back(today, int(back), "month")
        return date and PartialDate(date.year, date.month)
    days = today.weekday() + 7 * back if unit == "week" else int(back)
    return _back(today, days, "day")


def _back(today: dt.date, count: int, unit: str) -> PartialDate | None:
    if unit in ("day", "week"):
        days = count * (7 if unit == "week" else 1)
        return _day(today - dt.timedelta(days=days)) if days < today.toordinal() else None
    months = today.year * 12 + today.month - 1 - count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    if year < 1:
        return None
    return PartialDate(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))
