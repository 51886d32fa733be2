"""`docsearch QUERY`: the best paragraphs for a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

import click

from ..index.query import Scope
from ..search.duplicates import Duplicates
from ..search.ranking import Ranking
from . import narrowing, options, session, terminal
from .render.page import Around, Page, around
from .render.style import ColourChoice, Style

if TYPE_CHECKING:
    from ..search.facade import Index
    from ..search.options import SearchOptions
    from ..search.results import Results

__all__ = ["FORMATS", "command"]

Format = Literal["text", "table", "json", "jsonl", "csv", "paths"]

FORMATS: tuple[Format, ...] = ("text", "table", "json", "jsonl", "csv", "paths")
_WITH_FACETS = ("text", "table", "json")
_FOLDING: tuple[Format, ...] = ("text", "table")  # for people; programs get every paragraph
_FOUND, _NOTHING = 0, 1

_EPILOG = """\b
Queries:
  precursor chemicals         either word; both, and side by side, come first
  "precursor chemicals"       these words in this order (in a shell, quote the
                              quotes: docsearch '"precursor chemicals"')
  water AND permit NOT fee    AND, OR, NOT and parentheses; -fee is NOT fee
  chem*                       every word that begins so
  title:sanctions             in the title only
  water w/5 permit            near each other; docsearch search --query-help
                              explains all that can be asked

\b
Examples:
  docsearch precursor chemicals
  docsearch -n 3 --scope paragraph 'permit AND discharge'
  docsearch fentanyl -- -naloxone
  docsearch "climate finance" --format json | jq -r '.hits[].citation'
  docsearch sanctions --facet year --facet source
  docsearch sanctions --group -n 100 --format csv > sanctions.csv
  docsearch search -- status          the word "status", which is a command

\b
Exit status: 0 something was found, 1 nothing was found, 2 an error.
"""


@click.command(name="search", epilog=_EPILOG, short_help="Find the paragraphs that answer best.")
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=options.AtLeast(1),
    default=10,
    show_default=True,
    help="Show at most N hits.",
)
@click.option(
    "--offset",
    metavar="N",
    type=options.AtLeast(0),
    default=0,
    show_default=True,
    help="Leave out the first N hits.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.DOCUMENT.value,
    show_default=True,
    help="What AND, OR and NOT are asked of: `water AND permit` finds a document, a section or a paragraph "
    "that has both.",
)
@click.option(
    "--ranking",
    type=click.Choice([ranking.value for ranking in Ranking]),
    default=Ranking.DEFAULT.value,
    show_default=True,
    help="What comes first; plain: by BM25 over all words of the query, where they stand in the text.",
)
@click.option(
    "--semantic",
    is_flag=True,
    help="Order the first 100 hits by what they mean, too. For questions in English, and an index made with "
    "`docsearch index --semantic`.",
)
@click.option("--group", is_flag=True, help="Only the best paragraph of each document.")
@click.option(
    "--duplicates",
    type=click.Choice([choice.value for choice in Duplicates]),
    help="fold: paragraphs with nearly the same words become one hit, which names the documents of the "
    "others; show: each is a hit. Default: fold for text and table, show for all other formats.",
)
@click.option(
    "--facet",
    "facets",
    metavar="FIELD",
    multiple=True,
    help="Count all documents that answer by source, place, type, lang, year, month, folder, heading or "
    "meta.NAME (any other field); may be repeated (text, table, json).",
)
@click.option(
    "--facet-values",
    metavar="N",
    type=options.AtLeast(1),
    default=10,
    show_default=True,
    help="Show at most N values of each.",
)
@click.option(
    "--explain",
    is_flag=True,
    help="Show how the score of each hit came about, clause by clause (text, table, json).",
)
@narrowing.narrowing_options
@options.context_option(
    None, "Show whole paragraphs, with N others before and after each (text, json, jsonl)."
)
@options.format_option(
    *FORMATS,
    explained="How to print: text and table to read; json, jsonl, csv for programs; paths of the documents.",
)
@options.index_option("to search")
@options.pager_option
@options.color_option
def command(
    words: tuple[str, ...],
    documents: narrowing.Documents,
    facet_values: int,
    context: int | None,
    form: Format,
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
    **asked: Unpack[SearchOptions],
) -> int:
    """Find the paragraphs that answer QUERY best, wherever they stand.

    Several words need no quotes. Options may stand before or behind the query.
    """
    for option, given in (("facet", asked["facets"]), ("explain", asked["explain"])):
        if given and form not in _WITH_FACETS:
            raise click.UsageError(f"--{option} is shown by --format {', '.join(_WITH_FACETS)}")
    asked["group"] = asked["group"] or form == "paths"
    asked["duplicates"] = asked["duplicates"] or (Duplicates.FOLD if form in _FOLDING else Duplicates.SHOW)
    style = terminal.style_for(color)
    index, located = session.open_for_reading(index_path)
    with index:
        asked["where"] = documents.as_filter(index)
        results = index.search(" ".join(words), **asked)
        around = _contexts(index, results, context)
        paged = bool(asked["after"])
        page = Page(results, str(index.path or ""), located.options, around, facet_values, paged)
        text = _printed(form, page, index, style, asked["group"])
    if form in ("json", "jsonl", "csv"):
        terminal.use_utf8()
    terminal.write(text, colour=style.colour, pager=form in ("text", "table") and not no_pager)
    _explain(form, page)
    if paged:
        narrowing.say_next(results, form)
    return _FOUND if results else _NOTHING


def _contexts(index: Index, results: Results, count: int | None) -> dict[str, Around]:
    """Neighbours of every hit by its citation, where they were asked for."""
    if count is None:
        return {}
    documents = {hit.key: index.document(hit.key) for hit in results}
    found = {}
    for hit in results:
        document = documents[hit.key]
        if document is not None:
            starts = [paragraph.start for paragraph in document.paragraphs]
            found[hit.citation] = around(document, starts.index(hit.start), count)
    return found


def _printed(form: Format, page: Page, index: Index, style: Style, group: bool) -> str:
    """The answer in its form; each printer is loaded by those who use it only."""
    match form:
        case "text":
            from .render import text

            return text.render(page, style, terminal.width(), group=group) + _beneath(page, style)
        case "table":
            from .render import table

            return table.render(page, terminal.width(limit=160), group=group) + _beneath(page, style)
        case "json":
            from .render import json

            return json.render(page)
        case "jsonl":
            from .render import json

            return json.render_lines(page)
        case "csv":
            from .render import csv

            return csv.render(page)
        case "paths":
            from .render import paths

            return paths.render(page, {root.name: root.path for root in index.status().roots})


def _beneath(page: Page, style: Style) -> str:
    """What was asked for beside the hits."""
    return _explanations(page, style) + _facets(page, style)


def _explanations(page: Page, style: Style) -> str:
    if not page.results.explanations:
        return ""
    from .render import explained  # as below

    return explained.render(page.results, style)


def _facets(page: Page, style: Style) -> str:
    if not page.results.facets:
        return ""
    from .render import facets  # most searches ask for none

    return facets.render(page.results.facets, style, terminal.width(), page.facet_values)


def _explain(form: Format, page: Page) -> None:
    """To stderr: why nothing was found, or what must be known of an answer that does not say it itself."""
    from .render import words  # a printer of text has loaded it already

    style = terminal.style_for("auto", "err")
    if not page.results:
        for line in words.nothing_found(page):
            terminal.say(line, style)
    elif form != "text":
        for line in words.remarks(page):
            terminal.say(f"note: {line}", style)
