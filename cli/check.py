"""`docsearch check`: whether an index is what was written."""

from __future__ import annotations

from typing import Literal

import click

from . import options, session, terminal
from .render.style import ColourChoice

__all__ = ["command"]

_SOUND, _NOT_SOUND = 0, 1

_EPILOG = """\b
Examples:
  docsearch check
  docsearch check --deep --sources

\b
Exit status: 0 the index is sound (also where files have changed since they were
read), 1 it is not, 2 another error.
"""


@click.command(name="check", epilog=_EPILOG, short_help="Compare the index with its checksums.")
@click.option(
    "--deep", is_flag=True, help="Index the stored texts again, and compare. Takes as long as indexing."
)
@click.option("--sources", is_flag=True, help="Compare the files that were read with what they are now.")
@options.format_option("text", "json", explained="text to read, json for programs.")
@options.index_option("to check")
@options.color_option
def command(
    deep: bool, sources: bool, form: Literal["text", "json"], index_path: str | None, color: ColourChoice
) -> int:
    """Read every file of the index and say which are not what was written.

    A search verifies what it reads, too, and gives an error rather than a wrong answer; this command reads
    everything. What is damaged, `docsearch repair` makes again of what is whole.
    """
    from ..index.checking import check  # no part of a search

    style = terminal.style_for(color)
    storage, located = session.storage(index_path)
    with session.naming_it(located):
        report = check(storage, deep=deep, sources=sources)
    if form == "json":
        from .render import json  # loaded by those who use it only

        terminal.use_utf8()
        terminal.write(json.render_check(report))
    else:
        from .render import soundness  # as above

        terminal.write(soundness.render(report, style, options=located.options), colour=style.colour)
    return _SOUND if report.sound else _NOT_SOUND
