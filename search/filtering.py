"""What the facts in a query (`type:law since:2023`) mean in an index: a filter.

Names are compared without regard to capitals and accents, with `*` for any letters, with the values that
documents of the engine have.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from ..corpus.model import PartialDate
from ..errors import QueryError
from ..index.analysis.normal import fold
from ..index.columns import BUILT_IN
from ..index.query import Every, Request, Scope
from ..index.where import All, AnyOf, Eq, Filter, In, Negate, Prefix, Range, Value
from .engine import Engine
from .facts import DATES, NAMES
from .grammar import parse
from .kinds import media_types, short_name
from .syntax import Facts, Narrowed, render

__all__ = ["filter_from", "filter_of"]

_NAMED = 8  # values named in a notice
_ONE_DAY = dt.timedelta(days=1)


def filter_of(engine: Engine, facts: Sequence[Facts]) -> tuple[Filter, tuple[str, ...]]:
    """The filter, and sentences about values that no document has."""
    reader = _Facts(engine)
    filters: list[Filter] = []
    either: dict[str, list[Filter]] = {}
    for each in facts:
        told = reader.filter(each)
        if each.negated:
            filters.append(Negate(told))
        elif each.name in NAMES or each.name.startswith("meta."):
            either.setdefault(each.name, []).append(told)
        else:
            filters.append(told)
    filters += [told[0] if len(told) == 1 else AnyOf(tuple(told)) for told in either.values()]
    return filters[0] if len(filters) == 1 else All(tuple(filters)), tuple(reader.notices)


def filter_from(engine: Engine, text: str) -> Filter:
    """The filter that a text of nothing but facts means; QueryError for any other, and for unknown values."""
    if not isinstance(text, str):
        raise QueryError(f"the filter is a {type(text).__name__}, not text", hint="Give it as a str")
    tree = parse(text).tree
    if not isinstance(tree, Narrowed) or tree.child is not None:
        words = render(tree.child if isinstance(tree, Narrowed) and tree.child else tree)
        raise QueryError(
            f"{text!r} is no filter: it asks for the words {words[:80]}",
            hint='Filters look like type:pdf, source:"United Nations", date:2023..2024, meta.NAME:value',
        )
    found, notices = filter_of(engine, tree.facts)
    if notices:
        raise QueryError(
            notices[0], hint="Give one of the values that documents have, or `*` for any letters"
        )
    return found


class _Facts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.notices: list[str] = []

    def filter(self, facts: Facts) -> Filter:
        if facts.name in DATES:
            return _span(DATES[facts.name], facts.values[0])
        if facts.name == "path":
            told = [self._path(value) for value in facts.values]
            return told[0] if len(told) == 1 else AnyOf(tuple(told))
        if facts.name in NAMES:
            return self._named(NAMES[facts.name], facts)
        if facts.name.startswith("meta."):
            return self._meta(facts)
        return _side(facts.name, PartialDate.parse(facts.values[0]))

    def _named(self, field: str, facts: Facts) -> Filter:
        """The values of the field that are meant."""
        known = self._known(field)
        found: list[Value] = []
        for value in facts.values:
            meant = [each for each in known if _is_meant(value, each)]
            if not meant and field == "type":  # `type:docx`, `type:plain`
                meant = _types_meant(value, known)
            found += meant
            if not meant:
                self._unknown(facts.name, value, known)
        return In(field, tuple(dict.fromkeys(found)))

    def _meta(self, facts: Facts) -> Filter:
        field = facts.name.removeprefix("meta.")
        field = f"extra.{field}" if field in BUILT_IN else field
        if field not in self._engine.fields():
            near = [name for name in self._engine.fields() if name.casefold() == field.casefold()]
            field = near[0] if near else field
        if len(facts.values) == 1 and (span := re.fullmatch(r"(.*?)\.\.(.*)", facts.values[0])):
            low, high = (_number(side) if side else None for side in span.groups())
            return Range(field, low, high)
        return self._named(field, facts)

    def _path(self, value: str) -> Filter:
        """Keys (with their root, or within any) that begin so, or match its stars."""
        roots = [f"{root}/" for root in self._known("root") if root]
        if "*" not in value:
            return AnyOf(tuple(Prefix("key", root + value) for root in ("", *roots)))
        pattern = _pattern(value)
        keys = self._engine.keys()
        names = [(key, *(key[len(root) :] for root in roots if key.startswith(root))) for key in keys]
        return In(
            "key",
            tuple(
                some[0] for some in names if any(map(pattern.fullmatch, map(fold, map(str.casefold, some))))
            ),
        )

    def _known(self, field: str) -> list[Value]:
        if field not in self._engine.fields():
            return []
        request = Request(Every(), Scope.DOCUMENT, (), limit=0)
        return [value for value, _ in self._engine.counts(request, field).values]

    def _unknown(self, name: str, value: str, known: Iterable[Value]) -> None:
        values = [short_name(str(each)) if name == "type" else str(each) for each in known]
        more = f" and {len(values) - _NAMED:,} more" if len(values) > _NAMED else ""
        told = f"; there are {', '.join(values[:_NAMED])}{more}" if values else ""
        self.notices.append(f"No document has the {name.removeprefix('meta.')} “{value}”{told}")


def _types_meant(typed: str, known: Iterable[Value]) -> list[Value]:
    """Media types by their short names, or by what stands behind their slash."""
    named = media_types(typed)
    return [each for each in known if each in named or _is_meant(typed, str(each).rpartition("/")[2])]


def _is_meant(typed: str, value: Value) -> bool:
    told = fold(str(value).casefold())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(typed) == value
    return bool(_pattern(typed).fullmatch(told))


def _pattern(typed: str) -> re.Pattern[str]:
    pieces = re.split(r"\*+", fold(typed.casefold()), maxsplit=20)
    return re.compile(".*?".join(map(re.escape, pieces)), re.DOTALL)


def _number(text: str) -> Value:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _span(field: str, text: str) -> Filter:
    low, mark, high = text.partition("..")
    if not mark:
        return Eq(field, PartialDate.parse(text))
    return Range(field, PartialDate.parse(low) if low else None, PartialDate.parse(high) if high else None)


def _side(name: str, date: PartialDate) -> Filter:
    """`since` and `until` include the date, `before` and `after` do not."""
    field = DATES["date"]
    if name == "since":
        return Range(field, low=date.first_day)
    if name == "until":
        return Range(field, high=date.last_day)
    if name == "before":
        first = date.first_day
        return Range(field, high=first - _ONE_DAY) if first > dt.date.min else In(field, ())
    last = date.last_day
    return Range(field, low=last + _ONE_DAY) if last < dt.date.max else In(field, ())
