"""`docsearch index --watch`: one line for each update, until Ctrl-C."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from ..errors import DocsearchError
from . import terminal
from .render import report as printer
from .render.safe import one_line

if TYPE_CHECKING:
    from ..search.facade import Index
    from ..search.options import UpdateOptions
    from .locate import Located
    from .progress import Meter

__all__ = ["follow"]


def follow(index: Index, located: Located, meter: Meter, asked: UpdateOptions, *, quiet: bool) -> int:
    """Follow until Ctrl-C; exit code 0. What cannot be done is told, and tried again with the next change."""
    style = terminal.style_for("auto")
    if not quiet:
        terminal.write(style.paint("following; Ctrl-C ends it", "dim") + "\n", colour=style.colour)
    try:
        for step in index.follow(
            wait=asked["wait"], workers=asked["workers"], limits=asked["limits"], progress=meter
        ):
            meter.clear()
            if isinstance(step, DocsearchError):
                _complain(step)
            elif not quiet:
                text = printer.render_line(step, _now(), options=located.options)
                terminal.write(text, colour=style.colour)
    except KeyboardInterrupt:
        meter.clear()
        if not quiet:
            terminal.write(f"\nstopped; {index.status().documents:,} documents are searchable\n")
    return 0


def _complain(error: DocsearchError) -> None:
    style = terminal.style_for("auto", "err")
    where = f"{error.path}: " if error.path else ""
    hint = f". {error.hint}" if error.hint else ""
    terminal.say(f"{_now()}  {one_line(f'{where}{error.message}{hint}')}", style)


def _now() -> str:
    return dt.datetime.now().strftime("%H:%M:%S")
