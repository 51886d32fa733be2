"""The streams: what is written where, how wide it is, and whether it is a person who reads it."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Literal, TextIO

import click

from .render.style import ColourChoice, Style, wants_colour
from .render.width import columns

__all__ = ["folded", "prepare", "say", "silence", "style_for", "use_utf8", "width", "write"]

_WIDEST = 100
_NARROWEST = 20
_LINES = 24  # of a terminal that does not tell

Stream = Literal["out", "err"]


def prepare() -> None:
    """Make both streams take any text: what their encoding does not have is replaced, never an error.
    A stream that the caller has closed takes it, too, and forgets it."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _nowhere() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")


def use_utf8() -> None:
    """Formats for programs are UTF-8 whatever the locale says."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def style_for(choice: ColourChoice, stream: Stream = "out") -> Style:
    return Style(wants_colour(choice, sys.stdout if stream == "out" else sys.stderr, os.environ))


def width(limit: int = _WIDEST) -> int:
    """Columns for a line: the terminal's (or COLUMNS), at most `limit`, which is also a pipe's."""
    return max(_NARROWEST, min(limit, _size("COLUMNS", 0) or limit))


def _size(variable: str, which: int) -> int:
    """The terminal's columns (0) or lines (1), or what the variable says; 0 when neither is known. As
    `shutil.get_terminal_size`, which comes with all of its archives."""
    said = os.environ.get(variable, "")
    if said.isascii() and said.isdigit() and int(said):
        return int(said)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return os.get_terminal_size(sys.__stdout__.fileno() if sys.__stdout__ else 1)[which]
    return 0


def write(text: str, *, colour: bool = False, pager: bool = False) -> None:
    """To stdout; through a pager when one is wanted, a person is looking and the screen is too small."""
    if pager and sys.stdout.isatty() and text.count("\n") >= (_size("LINES", 1) or _LINES):
        # As git does: leave the text on the screen, show colours, do not stop for what fits.
        os.environ.setdefault("LESS", "FRX")
        click.echo_via_pager(text, color=colour)
    else:
        click.echo(text, nl=False, color=colour)


def say(text: str, style: Style | None = None) -> None:
    """A line for the person, to stderr. The text is the program's own or was escaped.

    On a terminal it is broken between words to the screen's width; elsewhere it stays one line, for `grep`.
    """
    if sys.stderr.isatty():
        text = folded(text, width())
    click.echo(text, err=True, color=style.colour if style else None)


def folded(text: str, limit: int) -> str:
    """Text in lines of at most `limit` columns, broken at spaces only: a word that is longer stays whole, so
    that a path can be copied. Colour codes take no columns.

    >>> folded("index: /srv/laws (found above)", 18)
    'index: /srv/laws\\n(found above)'
    """
    lines: list[str] = []
    for word in text.split(" "):
        if lines and columns(click.unstyle(f"{lines[-1]} {word}")) <= limit:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return "\n".join(lines)


def silence() -> None:
    """After a pipe was closed: let nothing that is still buffered raise again when the process ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
