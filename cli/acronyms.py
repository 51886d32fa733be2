"""`docsearch acronyms`: the acronyms that the documents explain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import click

from . import narrowing, options, session, terminal
from .render.safe import one_line
from .render.style import ColourChoice, Style

if TYPE_CHECKING:
    from ..search.acronyms import Acronym

__all__ = ["command"]

_FOUND, _NOTHING = 0, 1

_EPILOG = """\b
Examples:
  docsearch acronyms                      all of them
  docsearch acronyms FA                   those that begin so
  docsearch acronyms --where type:pdf --format json

\b
Exit status: 0 something was found, 1 nothing was found, 2 an error.
"""


@click.command(name="acronyms", epilog=_EPILOG, short_help="List the acronyms that the documents explain.")
@click.argument("prefix", metavar="[PREFIX]", default="")
@narrowing.filter_options
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to look in")
@options.pager_option
@options.color_option
def command(
    prefix: str,
    documents: narrowing.Documents,
    form: Literal["text", "json"],
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
) -> int:
    """List the acronyms that the documents explain, such as `Financial Action Task Force (FATF)`; of those
    with several meanings, the most frequent first.

    Each is shown with the number of paragraphs that explain it, and the citation of one of them. Searches
    use them at a low weight, unless --no-acronyms is given.
    """
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        found = index.acronyms(prefix, where=documents.as_filter(index))
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_acronyms(found))
    else:
        digits = max((len(f"{each.paragraphs:,}") for each in found), default=0)
        lines = (_line(each, digits, style) for each in found)
        terminal.write("".join(lines), colour=style.colour, pager=not no_pager)
    return _FOUND if found else _NOTHING


def _line(told: Acronym, digits: int, style: Style) -> str:
    count = style.paint(f"{told.paragraphs:>{digits},}", "dim")
    short = style.paint(one_line(told.short), "title")
    return f"{count}  {short}  {one_line(told.long)}  {style.paint(one_line(told.citation), 'dim')}\n"
