"""A timeline for a person: a bar for each stretch of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ...corpus.model import PartialDate
from ...search.timeline import Bucket, Timeline
from .safe import one_line
from .style import Style
from .words import counted

__all__ = ["render"]

_EIGHTHS = " ▏▎▍▌▋▊▉"
_FULL = "█"
_EMPTY_SHOWN = 3  # stretches without documents, in a row; more are one line


def render(timeline: Timeline, style: Style, width: int) -> str:
    """Lines of at most `width` columns; "" when no document has a date."""
    lines = [*_bars(timeline, style, width), *_footer(timeline, style)]
    return "\n".join(lines) + "\n"


def _bars(timeline: Timeline, style: Style, width: int) -> Iterator[str]:
    buckets = timeline.buckets
    if not buckets:
        return
    most = max(bucket.documents for bucket in buckets)
    digits = len(f"{most:,}")
    names = max(len(_name(timeline, bucket.date)) for bucket in buckets)
    room = max(width - names - digits - 4, 1)
    before: Bucket | None = None
    for bucket in buckets:
        yield from _gap(timeline, before, bucket, names, digits, style)
        name = style.paint(f"{_name(timeline, bucket.date):<{names}}", "dim")
        yield f"{name}  {bucket.documents:>{digits},}  {_bar(bucket.documents, most, room)}".rstrip()
        before = bucket


def _bar(count: int, most: int, room: int) -> str:
    """In eighths of a column; never nothing for something."""
    eighths = max(round(count * room * 8 / most), 1)
    return _FULL * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _gap(
    timeline: Timeline, before: Bucket | None, after: Bucket, names: int, digits: int, style: Style
) -> Iterator[str]:
    """Empty stretches between two: a line for each, or one for many."""
    if before is None:
        return
    first, last = _place(timeline, before.date), _place(timeline, after.date)
    if last - first - 1 > _EMPTY_SHOWN:
        yield style.paint(f"{'⋮':<{names}}  {0:>{digits}}", "dim")
        return
    for place in range(first + 1, last):
        yield style.paint(f"{_named(timeline, place):<{names}}  {0:>{digits}}", "dim")


def _place(timeline: Timeline, date: PartialDate) -> int:
    match timeline.step:
        case "decade":
            return date.year // 10
        case "year":
            return date.year
        case "month":
            return date.year * 12 + date.first_day.month - 1
        case "day":
            return date.first_day.toordinal()


def _named(timeline: Timeline, place: int) -> str:
    match timeline.step:
        case "decade":
            return f"{place * 10:04d}s"
        case "year":
            return f"{place:04d}"
        case "month":
            return f"{place // 12:04d}-{place % 12 + 1:02d}"
        case "day":
            return dt.date.fromordinal(place).isoformat()


def _name(timeline: Timeline, date: PartialDate) -> str:
    return _named(timeline, _place(timeline, date))


def _footer(timeline: Timeline, style: Style) -> Iterator[str]:
    facts = [f"{counted(timeline.documents, 'document')} by {timeline.step}, by when {_when(timeline.field)}"]
    vague = sum(bucket.documents for bucket in timeline.imprecise)
    if vague:
        facts.append(f"{vague:,} dated less precisely")
    if timeline.undated:
        facts.append(f"{timeline.undated:,} without a date")
    yield style.paint(" · ".join(facts), "dim")
    for notice in timeline.notices:
        yield style.paint(f"note: {one_line(notice)}", "warning")


def _when(field: str) -> str:
    return {"published": "they were published", "effective": "they took effect", "ended": "they ended"}.get(
        field, f"{one_line(field)} says"
    )
