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
  docsearch status --changes
  docsearch status --format json | jq .documents

\b
Exit status: 0, or 2 for an error.
"""


@click.command(name="status", epilog=_EPILOG, short_help="Say what the index holds, and what is missing.")
@click.option("--gaps", is_flag=True, help="List everything that was met and not read, with the reason.")
@click.option(
    "--changes",
    is_flag=True,
    help="List the files that are new, changed, renamed or gone since they were indexed.",
)
@click.option(
    "--fingerprint",
    is_flag=True,
    help="Print a number that is the same for two indexes exactly if they hold the same documents.",
)
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to describe")
@options.pager_option
@options.color_option
def command(
    gaps: bool,
    changes: bool,
    fingerprint: bool,
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
        differing = index.changes() if changes else None
        print_of_it = index.fingerprint() if fingerprint else None
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_status(status, listed, differing, print_of_it))
        return 0
    from .render import overview  # as above

    text = overview.render_gaps(listed) if listed is not None else ""
    if differing is not None:
        text += overview.render_changes(differing, status, style, options=located.options)
    if print_of_it is not None:
        text += f"{print_of_it}\n"
    if listed is None and differing is None and print_of_it is None:
        text = overview.render(status, style, options=located.options)
    terminal.write(text, colour=style.colour, pager=not no_pager)
    if listed == ():
        terminal.say("no gaps: all that was met was read")
    return 0
