"""When what answers was published: documents by year, month or day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from ..corpus.model import PartialDate
from ..errors import QueryError
from ..index.grouping import ByDate, Step
from ..index.query import Request, Scope
from ..index.records import Counts
from ..index.where import Filter, Range
from .engine import Engine
from .facets import EVERY, total
from .reading import Question, read
from .syntax import render

__all__ = ["Bucket", "Timeline", "timeline"]

_MOST = {"day": 31, "month": 36, "year": 60}
"""Buckets from the first to the last, beyond which the next larger step is taken."""

_IMPRECISE = 10  # of the documents one may be dated less precisely than the step that is chosen


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of time, named by its date (of decades, by the first year), with its documents. where: the
    filter for `Index.search(where=)`."""

    date: PartialDate
    documents: int
    where: Filter


@dataclass(frozen=True, slots=True)
class Timeline:
    """The documents that answer, over time.

    tree, notices: how the query was read, as in `QueryReading`.
    step: what a bucket is; field: whose dates. buckets: those with documents, in order.
    imprecise: documents whose date is less precise than the step, by date (2023, where the step is a month):
        they stand in no bucket. undated: documents without a date. documents: all that answer.
    """

    tree: str
    notices: tuple[str, ...]
    step: Step
    field: str
    buckets: tuple[Bucket, ...]
    imprecise: tuple[Bucket, ...]
    undated: int
    documents: int


def timeline(
    engine: Engine,
    query: str,
    *,
    step: Step | None = None,
    field: str = "published",
    scope: Scope = Scope.DOCUMENT,
    where: Filter | None = None,
) -> Timeline:
    """The timeline of all documents that answer a query.

    step: None takes the smallest that gives a picture: at most 31 days, 36 months or 60 years, else decades,
    and not one that a tenth of the documents have no date for.
    """
    if step is not None and step not in get_args(Step):
        raise QueryError(f"{step!r} is no step of time", hint="Steps are day, month, year and decade")
    if where is not None:
        engine = engine.restricted(where)
    question = read(engine, query)
    request = Request(question.match, scope, (), limit=0, where=question.where)
    steps: tuple[Step, ...] = ("day", "month", "year", "decade") if step is None else (step,)
    *counted, languages = engine.grouped(request, [*(ByDate(field, each) for each in steps), EVERY])
    chosen = next(
        (at for at, (each, counts) in enumerate(zip(steps, counted, strict=True)) if _fits(each, counts)),
        len(steps) - 1,
    )
    return _timeline(question, steps[chosen], field, counted[chosen], total(languages))


def _fits(step: Step, counts: Counts) -> bool:
    precise = sorted(place for value, _ in counts.values if (place := _place(step, value)) is not None)
    vague = sum(count for value, count in counts.values if _place(step, value) is None)
    if step == "decade" or not counts.values:
        return True
    every = sum(count for _, count in counts.values)
    return bool(precise) and precise[-1] - precise[0] < _MOST[step] and vague * _IMPRECISE <= every


def _place(step: Step, value: object) -> int | None:
    """Where a date stands when the steps are counted; None where it is not precise enough."""
    if not isinstance(value, PartialDate):
        return None
    if step == "decade":
        return value.year // 10
    if step == "year":
        return value.year
    if value.month is None or (step == "day" and value.day is None):
        return None
    return value.year * 12 + value.month if step == "month" else value.first_day.toordinal()


def _timeline(question: Question, step: Step, field: str, counts: Counts, documents: int) -> Timeline:
    dated = [(value, count) for value, count in counts.values if isinstance(value, PartialDate)]
    dated.sort(key=lambda item: (item[0].first_day, item[0].last_day))
    buckets = tuple(Bucket(date, count, _filter(field, step, date)) for date, count in dated)
    precise = tuple(bucket for bucket in buckets if _place(step, bucket.date) is not None)
    vague = tuple(bucket for bucket in buckets if _place(step, bucket.date) is None)
    tree = render(question.tree)
    return Timeline(tree, question.notices, step, field, precise, vague, counts.missing, documents)


def _filter(field: str, step: Step, date: PartialDate) -> Filter:
    last = PartialDate(date.year + 9 - date.year % 10) if step == "decade" else date
    return Range(field, date, last)
