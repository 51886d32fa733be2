"""Numbers of a workbook as people read them: dates as ISO, shares as per cent, all else as it is."""

from __future__ import annotations

import datetime as dt
import math
import re
from typing import Literal

from .docx_styles import number_of
from .xmltree import Element

__all__ = ["Formats"]

_Kind = Literal["number", "percent", "date", "elapsed"]

# The formats that every workbook has without stating them; 27 to 36 and 50 to 58 are East Asian dates.
_BUILT_IN: dict[int, _Kind] = {
    **dict.fromkeys((9, 10), "percent"),
    **dict.fromkeys((*range(14, 23), *range(27, 37), 45, 47, *range(50, 59)), "date"),
    46: "elapsed",
}
_NOT_PATTERN = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_FIRST_DAY, _FIRST_DAY_1904 = dt.datetime(1899, 12, 30), dt.datetime(1904, 1, 1)
_LEAP = 60  # the serial number of a day that never was, the 29th of February 1900
_LAST = 2_958_466  # the first day of the year 10000


class Formats:
    """The number formats of a workbook. since_1904: which day its day numbers count from."""

    def __init__(self, tree: Element | None, since_1904: bool) -> None:
        self._since_1904 = since_1904
        self._kinds: dict[str, _Kind] = {}  # by the cell styles' numbers, as cells state them
        if tree is not None:
            self._kinds = {str(number): kind for number, kind in enumerate(_kinds(tree))}

    def shown(self, value: str, style: str | None) -> str:
        """A stored number by its cell's style (an index); what is no number stays as it is."""
        try:
            number = float(value)
        except ValueError:
            return value
        if not math.isfinite(number):
            return value
        kind = self._kinds.get(style or "0", "number")
        if kind == "date" and 0 <= number < _LAST:
            return self._date(number)
        if kind == "elapsed" and 0 <= number < _LAST:
            minutes = round(number * 1_440)
            return f"{minutes // 60}:{minutes % 60:02d}"
        return f"{number * 100:.12g}%" if kind == "percent" else _plain(number)

    def _date(self, number: float) -> str:
        seconds = round(number % 1 * 86_400)
        if number < 1 and not self._since_1904:
            return _time(seconds)
        first = _FIRST_DAY_1904 if self._since_1904 else _FIRST_DAY
        day = int(number) + (not self._since_1904 and number < _LEAP)
        try:
            moment = first + dt.timedelta(days=day, seconds=seconds)
        except OverflowError:
            return _plain(number)
        if not seconds:
            return moment.date().isoformat()
        return f"{moment.date().isoformat()} {_time((moment.hour * 60 + moment.minute) * 60 + moment.second)}"


def _time(seconds: int) -> str:
    minutes = f"{seconds // 3_600 % 24:02d}:{seconds // 60 % 60:02d}"
    return f"{minutes}:{seconds % 60:02d}" if seconds % 60 else minutes


def _plain(number: float) -> str:
    """With the fifteen digits that spreadsheets show: .1 + .2 is 0.3."""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else f"{number:.15g}"


def _kinds(tree: Element) -> list[_Kind]:
    """The kind of each cell style, in order."""
    known = dict(_BUILT_IN)
    for stated in tree.iter("s:numFmt"):
        known[number_of(stated.get("numFmtId"), -1) or 0] = _kind(stated.get("formatCode", ""))
    styles = tree.find("s:cellXfs")
    if styles is None:
        return []
    return [known.get(number_of(style.get("numFmtId"), 0) or 0, "number") for style in styles]


def _kind(pattern: str) -> _Kind:
    """What a pattern (`dd/mm/yyyy`, `0.0%`) makes of a number."""
    first = _NOT_PATTERN.sub("", pattern[:1_000].partition(";")[0]).lower()
    if re.search(r"\[[hms]+\]", first):
        return "elapsed"
    if re.search(r"[dyhs]|m{2,}", first) and "general" not in first:
        return "date"
    return "percent" if "%" in first else "number"
