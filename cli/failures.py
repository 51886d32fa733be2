"""The one place where anything that went wrong becomes words on stderr and an exit code."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence

import click

from ..errors import DocsearchError
from . import terminal
from .render.safe import escape, one_line

__all__ = ["ERROR", "INTERRUPTED", "NOTHING", "Stopped", "report"]

NOTHING = 1
ERROR = 2
INTERRUPTED = 130

_EXCLUDED = re.compile(r"-[^\W\d_]{3,}")


class Stopped(KeyboardInterrupt):
    """Ctrl-C where something can be said of what is kept."""


def report(error: BaseException, args: Sequence[str] = ()) -> int:
    """Say what happened; the exit code. Nothing reaches the user as a traceback, unless it is a bug and
    DOCSEARCH_DEBUG is set. args: those of the command."""
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
            _complain(error.format_message(), _usage_hint(error, args))
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


def _usage_hint(error: click.UsageError, args: Sequence[str]) -> str:
    """Where the command is explained; and what to type where words were meant, if that may be."""
    if error.ctx is None or error.ctx.command.name == "docsearch":
        return "See: docsearch --help"
    name = error.ctx.command.name
    hint = f"See: docsearch {name} --help"
    if name == "search":
        excluded = next(filter(_EXCLUDED.fullmatch, args), "")
        return f"{hint}. To leave a word out: docsearch WORDS -- {excluded}" if excluded else hint
    if _is_about_a_word(error):
        import shlex  # no query needs it

        words = [arg for arg in args if not arg.startswith("-")]
        return f"{hint}. To search for the words instead: docsearch search -- {shlex.join(words)}"
    return hint


def _is_about_a_word(error: click.UsageError) -> bool:
    """Whether what is wrong is a word that no command expects, rather than an option or a missing word."""
    if isinstance(error, click.BadParameter):
        return isinstance(error.param, click.Argument) and not isinstance(error, click.MissingParameter)
    return type(error) is click.UsageError


def _bug(error: BaseException) -> None:
    if os.environ.get("DOCSEARCH_DEBUG"):
        import traceback  # no query needs it

        for line in "".join(traceback.format_exception(error)).splitlines():
            terminal.say(escape(line))
    _complain(
        f"this is a bug in docsearch: {type(error).__name__}: {error}",
        "Please report it with what the same command prints when DOCSEARCH_DEBUG=1 is set",
    )
