"""`docsearch repair`: a whole index of what a damaged one still holds."""

from __future__ import annotations

import click

from . import options, session, terminal
from .render.style import ColourChoice

__all__ = ["command"]

_WHOLE, _NOT_WHOLE = 0, 1

_EPILOG = """\b
Exit status: 0 all documents are there again, 1 some could not be read from the
index (they are listed), 2 an error, and nothing was changed.
"""


@click.command(name="repair", epilog=_EPILOG, short_help="Write a damaged index anew from what it holds.")
@options.index_option("to repair")
@options.color_option
def command(index_path: str | None, color: ColourChoice) -> int:
    """Write the index anew from the texts that it holds, in one step.

    Documents that cannot be read are left out and listed. Those that came from files are read again by the
    next `docsearch index`; texts that a program handed over have to be handed over again.
    """
    from ..index.repair import repair  # no part of a search

    style = terminal.style_for(color)
    storage, located = session.storage(index_path)
    with session.naming_it(located):
        report = repair(storage)
    from .render import soundness

    terminal.write(soundness.render_repair(report, style, options=located.options), colour=style.colour)
    return _NOT_WHOLE if report.again or report.lost or report.versions else _WHOLE
