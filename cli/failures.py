"""The one place where anything that went wrong becomes words on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import traceback

import click

from ..errors import DocsearchError
from . import terminal
from .render.safe import escape, one_line

__all__ = ["ERROR", "INTERRUPTED", "Stopped", "report"]

ERROR = 2
INTERRUPTED = 130

_EXCLUDE = "A word to leave out stands behind --, as in: docsearch fentanyl -- -naloxone"


class Stopped(KeyboardInterrupt):
    """Ctrl-C where something can be said of what is kept."""


def report(error: BaseException) -> int:
    """Say what happened; the exit code. Nothing reaches the user as a traceback, unless it is a bug and
    DOCSEARCH_DEBUG is set."""
    match error:
        case BrokenPipeError():
            terminal.silence()
            return 0
        case KeyboardInterrupt():
            newline = "\n" if sys.stderr.isatty() else ""  # the terminal has just echoed ^C
            terminal.say(f"{newline}docsearch: stopped{'; ' * bool(str(error))}{error}")
            return INTERRUPTED
        case DocsearchError():
            _complain(f"{error.path}: {error.message}" if error.path else error.message, error.hint)
        case click.UsageError():
            _complain(error.format_message(), _usage_hint(error))
        case click.ClickException():
            _complain(error.format_message())
        case OSError():
            name = f"{os.fsdecode(error.filename)}: " if error.filename else ""
            _complain(f"{name}{error.strerror or error}")
        case MemoryError():
            _complain("there is not enough memory", "A smaller --limit, or fewer --workers, needs less")
        case _:
            _bug(error)
    return ERROR


def _complain(message: str, hint: str = "") -> None:
    style = terminal.style_for("auto", "err")
    terminal.say(f"{style.paint('docsearch: error:', 'error')} {one_line(message)}", style)
    if hint:
        terminal.say(one_line(hint))


def _usage_hint(error: click.UsageError) -> str:
    if error.ctx is None or error.ctx.command.name == "docsearch":
        return "See: docsearch --help"
    name = error.ctx.command.name
    hint = f"See: docsearch {name} --help"
    if isinstance(error, click.MissingParameter):
        return hint
    if name == "search":
        return f"{hint}. {_EXCLUDE}"
    return f"{hint}. To search for the word: docsearch search -- {name}"


def _bug(error: BaseException) -> None:
    if os.environ.get("DOCSEARCH_DEBUG"):
        for line in "".join(traceback.format_exception(error)).splitlines():
            terminal.say(escape(line))
    _complain(
        f"this is a bug in docsearch: {type(error).__name__}: {error}",
        "Please report it with what the same command prints when DOCSEARCH_DEBUG=1 is set",
    )
