"""`docsearch suggest`: how a word or phrase that was begun goes on in the documents."""

from __future__ import annotations

from typing import Literal

import click

from . import narrowing, options, session, terminal
from .render.safe import one_line
from .render.style import ColourChoice

__all__ = ["command"]

_FOUND, _NOTHING = 0, 1

_EPILOG = """\b
Examples:
  docsearch suggest precur                words and phrases that begin so
  docsearch suggest "precursor "          what follows the word
  docsearch suggest anti money --format json

\b
Exit status: 0 something was found, 1 nothing was found, 2 an error.
"""


@click.command(name="suggest", epilog=_EPILOG, short_help="Complete words, and phrases that really occur.")
@click.argument("words", metavar="PREFIX...", nargs=-1, required=True)
@click.option(
    "-n",
    "--limit",
    metavar="N",
    type=options.AtLeast(1),
    default=10,
    show_default=True,
    help="Show at most N suggestions.",
)
@narrowing.filter_options
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to look in")
@options.color_option
def command(
    words: tuple[str, ...],
    limit: int,
    documents: narrowing.Documents,
    form: Literal["text", "json"],
    index_path: str | None,
    color: ColourChoice,
) -> int:
    """Complete the last word of PREFIX from the words of the index, and offer phrases that occur in it.

    Each is shown with the number of paragraphs at which it stands, its words in any of their forms.
    """
    style = terminal.style_for(color)
    index, _ = session.open_for_reading(index_path)
    with index:
        filter = documents.as_filter(index)
        found = index.suggest(" ".join(words), limit=limit, where=filter)
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_suggestions(found))
    else:
        digits = max((len(f"{each.paragraphs:,}") for each in found), default=0)
        lines = (
            f"{style.paint(f'{each.paragraphs:>{digits},}', 'dim')}  {one_line(each.text)}\n"
            for each in found
        )
        terminal.write("".join(lines), colour=style.colour)
    return _FOUND if found else _NOTHING
