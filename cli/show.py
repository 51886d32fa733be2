"""`docsearch show`: the paragraph that a citation names, in its context."""

from __future__ import annotations

from typing import Literal

import click

from . import options, session, terminal
from .render.page import around
from .render.safe import one_line
from .render.style import ColourChoice

__all__ = ["command"]

_AS_CITED, _CHANGED = 0, 1

_EPILOG = """\b
Example:
  docsearch show 'articles/water-act.md@1:s2.1:p4:x0123abcd'

\b
Exit status: 0 the words are those that were cited (also where the paragraph has
moved), 1 they are gone from the document, and what stands at their place is
shown, 2 the citation leads nowhere, or another error.
"""


@click.command(name="show", epilog=_EPILOG, short_help="Read the paragraph that a citation names.")
@click.argument("citation")
@options.context_option(2, "Show N paragraphs before and after it.")
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to look in")
@options.pager_option
@options.color_option
def command(
    citation: str,
    context: int,
    form: Literal["text", "json"],
    index_path: str | None,
    no_pager: bool,
    color: ColourChoice,
) -> int:
    """Show the paragraph that CITATION names, in its context.

    A citation is the last line of every hit. It still finds its paragraph after the index was built anew
    and after changes elsewhere in the document, and says so when the cited words are gone from it.
    """
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        found = index.resolve(citation)
    near = around(found.document, found.index, context)
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_passage(citation, found, near))
    else:
        from .render import passage  # as above

        text = passage.render(citation, found, near, style, terminal.width())
        terminal.write(text, colour=style.colour, pager=not no_pager)
    if found.note:
        terminal.say(f"note: {one_line(found.note)}")
    return _CHANGED if found.status == "changed" else _AS_CITED
