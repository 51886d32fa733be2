"""Opening the index that a command is about, and saying which one that is."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import IndexIncompatible, IndexProblem
from . import terminal
from .locate import Located, Origin, locate, locate_for_writing
from .render.safe import one_line

if TYPE_CHECKING:
    from ..index.storage import FolderStorage
    from ..search.facade import Index

__all__ = ["naming_it", "open_for_reading", "open_for_writing", "storage"]

_COMMAND = re.compile(r"\bdocsearch (?:index|status|check|repair)\b")


def open_for_reading(option: str | None) -> tuple[Index, Located]:
    """The index to ask, opened; the sample articles where there is none. Says on stderr which one answers
    unless the command or the current folder shows it."""
    located = locate(option, os.environ, Path.cwd())
    _announce(located)
    # The engine is loaded when it is needed: help, completion and usage errors come without it.
    if located.origin is Origin.SAMPLES:
        from ..search.samples import open_samples

        return open_samples(), located
    from ..search.facade import open_index

    with naming_it(located):
        return open_index(located.path or ""), located


def open_for_writing(option: str | None, *, here: bool, create: bool) -> tuple[Index, Located]:
    """The index to make or bring up to date; with `create` it need not exist. One that an earlier version
    made says so (`Index.outdated`)."""
    from ..search.facade import open_index  # as above

    located = locate_for_writing(option, os.environ, Path.cwd(), here=here)
    with naming_it(located):
        try:
            return open_index(located.path or "", create=create), located
        except IndexIncompatible:
            return open_index(located.path or "", create=True), located


def storage(option: str | None) -> tuple[FolderStorage, Located]:
    """Where the index to look after lies, which need not be in a state to be opened."""
    from ..index.storage import FolderStorage  # as above

    located = locate_for_writing(option, os.environ, Path.cwd(), here=False)
    return FolderStorage(located.path or ""), located


@contextmanager
def naming_it(located: Located) -> Iterator[None]:
    """What an error of the index tells to run shall be about this index: the library, which words its hints,
    does not know how it was named."""
    try:
        yield
    except IndexProblem as error:
        error.hint = _COMMAND.sub(lambda command: command[0] + located.naming, error.hint)
        raise


def _announce(located: Located) -> None:
    if located.announcement:
        style = terminal.style_for("auto", "err")
        terminal.say(style.paint(one_line(located.announcement), "dim"), style)
