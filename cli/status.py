"""`docsearch status`: what an index holds, and what could not be read."""

from __future__ import annotations

from typing import Literal

import click

from . import options, session, terminal
from .render.style import ColourChoice

__all__ = ["command"]

_EPILOG = """\b
Examples:
  docsearch status
  docsearch status --gaps
  docsearch status --format json | jq .documents

\b
Exit status: 0, or 2 for an error.
"""


@click.command(name="status", epilog=_EPILOG, short_help="Say what the index holds, and what is missing.")
@click.option("--gaps", is_flag=True, help="List everything that was met and not read, with the reason.")
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to describe")
@options.pager_option
@options.color_option
def command(
    gaps: bool,
    form: Literal["text", "json"],
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
) -> int:
    """Say what the index holds, what it was made from, and how much could not be read."""
    style = terminal.style_for(color)
    index, located = session.open_for_reading(index_path)
    with index:
        status = index.status()
        listed = index.gaps() if gaps else None
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_status(status, listed))
        return 0
    from .render import overview  # as above

    if listed is None:
        text = overview.render(status, style, options=located.options)
    else:
        text = overview.render_gaps(listed)
    terminal.write(text, colour=style.colour, pager=not no_pager)
    if listed == ():
        terminal.say("no gaps: all that was met was read")
    return 0
