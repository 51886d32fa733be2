"""`docsearch timeline`: when what answers was published."""

from __future__ import annotations

from typing import Literal, get_args

import click

from ..index.grouping import Step
from ..index.query import Scope
from . import narrowing, options, session, terminal
from .render.style import ColourChoice

__all__ = ["command"]

_FOUND, _NOTHING = 0, 1

_EPILOG = """\b
Examples:
  docsearch timeline sanctions
  docsearch timeline sanctions --where type:law --since 2015
  docsearch timeline --by year '"precursor chemicals" AND import'
  docsearch timeline sanctions --format json | jq .buckets

\b
Exit status: 0 some document answers, 1 none does, 2 an error.
"""


@click.command(
    name="timeline", epilog=_EPILOG, short_help="Draw when the documents that answer were published."
)
@click.argument("words", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "--by",
    "--step",
    "step",
    type=click.Choice(get_args(Step)),
    help="What a bar stands for (default: the smallest step that gives a picture).",
)
@click.option(
    "--field",
    metavar="NAME",
    default="published",
    show_default=True,
    help="Whose dates: published, effective, ended, or a field of the front matter.",
)
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in Scope]),
    default=Scope.DOCUMENT.value,
    show_default=True,
    help="What AND, OR and NOT are asked of, as for a search.",
)
@narrowing.filter_options
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to search")
@options.pager_option
@options.color_option
def command(
    words: tuple[str, ...],
    step: Step | None,
    field: str,
    scope: str,
    documents: narrowing.Documents,
    form: Literal["text", "json"],
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
) -> int:
    """Count all documents that answer QUERY over time, and draw the counts.

    A bar counts documents, whatever number of their paragraphs answers. Every date counts that is stated or
    was found; documents without one, and those dated less precisely than a bar, are told below.
    """
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        timeline = index.timeline(
            " ".join(words),
            step=step,
            field=field,
            scope=scope,
            where=documents.as_filter(index),
        )
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_timeline(timeline))
    else:
        from .render import timeline as drawn  # as above

        text = drawn.render(timeline, style, terminal.width())
        terminal.write(text, colour=style.colour, pager=not no_pager)
    return _FOUND if timeline.documents else _NOTHING
