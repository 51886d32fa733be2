"""Options of a search that speak of documents, not of words: which, in which order, from where on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..index.where import Filter
    from ..search.facade import Index
    from ..search.results import Results

__all__ = ["Documents", "filter_options", "narrowing_options", "say_next"]

F = TypeVar("F", bound=Callable[..., Any])

_SORTS = {"relevance": "", "newest": "-published", "oldest": "published"}
_FIELDS = {"date": "published", "path": "key", "lang": "language"}


@dataclass(frozen=True, slots=True)
class Documents:
    """Which documents are asked: what `--where`, `--since` and `--before` say."""

    where: tuple[str, ...]
    since: str | None
    before: str | None

    def as_filter(self, index: Index) -> Filter | None:
        """All of it in one filter; None where nothing is said."""
        facts = [*self.where]
        for name, date in (("since", self.since), ("before", self.before)):
            if date is not None:
                if not _is_date(date):
                    raise click.BadParameter(
                        f'{date!r} is no date; dates look like 2023, 2023-03-15, "last year"',
                        param_hint=f"--{name}",
                    )
                facts.append(f'{name}:"{date}"')
        return index.filter(" ".join(facts)) if facts else None


def filter_options(command: F) -> F:
    """`--where`, `--since` and `--before`, which the command gets as one value: `documents`."""

    @wraps(command)
    def gathered(*, where: tuple[str, ...], since: str | None, before: str | None, **others: object) -> Any:
        return command(documents=Documents(where, since, before), **others)

    return _with(_FILTERS, cast("F", gathered))


def narrowing_options(command: F) -> F:
    """`filter_options` and the others of a search, which the command gets as `Index.search` takes them."""
    return filter_options(_with(_OPTIONS, command))


def _with(options: tuple[Callable[[F], F], ...], command: F) -> F:
    for option in reversed(options):
        command = option(command)
    return command


def _sort_field(name: str) -> str:
    """The field that a search sorts by: "-published" for "newest"."""
    if name in _SORTS:
        return _SORTS[name]
    return f"-{_field(name[1:])}" if name.startswith("-") else _field(name)


def _field(name: str) -> str:
    """A field as the library names it: "published" for "date", "author" for "meta.author"."""
    if not name.startswith("meta."):
        return _FIELDS.get(name, name)
    from ..index.columns import BUILT_IN  # most searches name no field

    bare = name.removeprefix("meta.")
    return f"extra.{bare}" if bare in BUILT_IN else bare


def _read_by(convert: Callable[[str], object]) -> Callable[[click.Context, click.Parameter, str], object]:
    """The callback of an option whose text means something else to the library."""
    return lambda _ctx, _param, text: convert(text)


def say_next(results: Results, form: str) -> None:
    """To stderr: how to go on, where the answer itself does not say it."""
    if form != "json":
        style = terminal.style_for("auto", "err")
        terminal.say(
            f"next page: --after {results.cursor}" if results.cursor else "this was the last page", style
        )


def _is_date(text: str) -> bool:
    import datetime as dt

    from ..search.when import asked_date  # few searches name dates

    return '"' not in text and asked_date(text, dt.date.today()) is not None


def _show_help(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from .query_help import TEXT  # shown to those who ask only

        terminal.write(TEXT)
        ctx.exit()


_FILTERS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--where",
        metavar="FACTS",
        multiple=True,
        help="Ask only of these documents, as if there were no others: `type:pdf`, `source:UNICEF`, "
        "`date:2020..2022`, `-lang:de`, `path:laws/2023`, `meta.NAME:VALUE`; may be repeated.",
    ),
    click.option(
        "--since", metavar="DATE", help='Ask only of documents published on DATE or later: 2023, "last year".'
    ),
    click.option("--before", metavar="DATE", help="Ask only of documents published before DATE."),
)

_OPTIONS: tuple[Callable[[Any], Any], ...] = (
    click.option(
        "--sort",
        metavar="FIELD",
        callback=_read_by(_sort_field),
        default="relevance",
        show_default=True,
        help="Order by relevance, newest, oldest, path, date, type, source, place, lang or meta.NAME; "
        "`-FIELD` for the greatest first.",
    ),
    click.option(
        "--collapse",
        metavar="FIELD",
        callback=_read_by(_field),
        default="",
        help="Only the first hit of all documents with the same value in FIELD: source, place, meta.NAME.",
    ),
    click.option(
        "--after",
        metavar="CURSOR",
        default="",
        help="Go on behind a cursor, which is good until the index is updated: `start`, then the one "
        "that each page names (on stderr; in JSON as `cursor`).",
    ),
    click.option(
        "--synonyms",
        metavar="FILE",
        type=click.Path(),
        envvar="DOCSEARCH_SYNONYMS",
        callback=_read_by(lambda path: path or None),
        help="Search for words that mean the same, too: lines such as `car, automobile` and `FATF => "
        "Financial Action Task Force` (default: the variable DOCSEARCH_SYNONYMS).",
    ),
    click.option(
        "--acronyms/--no-acronyms",
        default=True,
        show_default=True,
        help="Search for what acronyms in the query stand for, and for acronyms of words in it, as the "
        "documents explain them, at a low weight.",
    ),
    click.option(
        "--strict",
        is_flag=True,
        help="Refuse words such as `a*` that stand for more than 200 words in a language; otherwise the "
        "most frequent of these are searched for.",
    ),
    click.option(
        "--timeout",
        metavar="SECONDS",
        type=options.Seconds(),
        help="Answer after SECONDS with what was found until then, and say so; with --strict, fail instead.",
    ),
    click.option(
        "--query-help",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=_show_help,
        help="Show the query language with examples, and exit.",
    ),
)
