"""How a search is asked: what a caller gives beside the query, and the same checked, as one value."""

from __future__ import annotations

import os
from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypedDict, TypeVar

from ..errors import QueryError
from ..index.query import Scope
from .duplicates import Duplicates
from .ranking import Ranking

if TYPE_CHECKING:
    from ..index.limits import Limits
    from ..index.query import Sort
    from ..index.reports import ProgressSink
    from ..index.where import Filter
    from .narrowing import Where
    from .synonyms import Synonyms

__all__ = [
    "DEFAULTS",
    "Options",
    "SearchOptions",
    "UpdateOptions",
    "by_fields",
    "count_of",
    "filter_or_none",
    "one_of",
    "seconds_or_none",
    "synonyms_or_none",
]

Choice = TypeVar("Choice", bound=StrEnum)


class SearchOptions(TypedDict, total=False):
    """What `Index.search` takes beside the query."""

    limit: int
    offset: int
    scope: Scope | str
    group: bool
    snippets: int
    ranking: Ranking | str
    where: Where | None
    sort: str
    collapse: str
    facets: Sequence[str]
    explain: bool
    duplicates: Duplicates | str
    strict: bool
    after: str
    synonyms: Synonyms | str | os.PathLike[str] | None
    timeout: float | None
    acronyms: bool
    semantic: bool


class UpdateOptions(TypedDict, total=False):
    """What `Index.update` takes beside the paths."""

    include: Sequence[str] | None
    exclude: Sequence[str] | None
    language: str | None
    rebuild: bool
    allow_removals: bool
    keep_versions: bool | None
    semantic: bool | None
    wait: float
    workers: int | None
    limits: Limits | None
    progress: ProgressSink | None


class Options(NamedTuple):
    """How a search is asked beside its query: what a caller gave, checked (`Index.search` explains it).

    where: None: all documents. sort: None: by score. collapse: "": not. after: "": from the offset on.
    """

    limit: int = 10
    offset: int = 0
    scope: Scope = Scope.DOCUMENT
    group: bool = False
    snippets: int = 2
    ranking: Ranking = Ranking.DEFAULT
    where: Filter | None = None
    sort: Sort | None = None
    collapse: str = ""
    facets: Sequence[str] = ()
    explain: bool = False
    duplicates: Duplicates = Duplicates.SHOW
    strict: bool = False
    after: str = ""
    synonyms: Synonyms | None = None
    timeout: float | None = None
    acronyms: bool = True
    semantic: bool = False


DEFAULTS = Options()
"""How a search is asked of which nothing is said but its query."""


def one_of(choices: type[Choice], name: str, noun: str) -> Choice:
    """The choice of a name, or what is one; QueryError, which calls it by its noun, when there is none."""
    if isinstance(name, choices):
        return name
    try:
        return choices(name)
    except ValueError:
        known = ", ".join(f'"{choice}"' for choice in choices)
        raise QueryError(f"{name!r} is no {noun}", hint=f"The {noun}s are {known}") from None


def count_of(name: str, number: int) -> int:
    """The number; QueryError when it is no whole number from 0."""
    if type(number) is int and number >= 0:
        return number
    if not hasattr(number, "__index__"):
        raise QueryError(
            f"{name} is {ascii(number)[:40]} ({type(number).__name__}), not a whole number",
            hint=f"Give {name} as 0 or more",
        )
    if number < 0:
        raise QueryError(f"{name} is {number}", hint=f"Give {name} as 0 or more")
    return number


def seconds_or_none(timeout: float | None) -> float | None:
    """The time limit, or None; QueryError when it is none."""
    if timeout is None or (isinstance(timeout, int | float) and 0 < timeout < float("inf")):
        return timeout
    raise QueryError(f"{timeout!r} is no time limit", hint="Give seconds, more than 0: 2, 0.5")


def filter_or_none(where: Where | None) -> Filter | None:
    """The filter that is meant; QueryError when it cannot be one."""
    if where is None:
        return None
    from .narrowing import as_filter  # most searches name no fields

    return as_filter(where)


def by_fields(where: Where | None, sort: str, collapse: str) -> tuple[Filter | None, Sort | None, str]:
    """What a search says of fields: the filter, the order and the field to collapse; QueryError where one of
    them cannot be that."""
    if where is None and not sort and not collapse:
        return None, None, ""
    from .narrowing import by_fields_of  # most searches ask for no field

    return by_fields_of(where, sort, collapse)


def synonyms_or_none(given: Synonyms | str | os.PathLike[str] | None) -> Synonyms | None:
    """The synonyms, read from a file where that is given."""
    if given is None:
        return None
    from .synonyms import Synonyms  # most searches have none

    return given if isinstance(given, Synonyms) else Synonyms.load(given)
