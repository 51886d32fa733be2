"""Which program opens a file, and a PDF at its page: the platform's own, or a known viewer with its options.

A program is started with a list of arguments, never through a shell; paths are absolute, so that none can be
taken for an option.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from ..errors import SourceMissing

__all__ = ["command_for", "start"]

_PATIENCE = 3.0  # seconds in which a program can tell that it fails

_Form = Callable[[str, int], list[str]]


def _option(*options: str) -> _Form:
    return lambda path, page: [option.format(page=page) for option in options] + [path]


def _fragment(path: str, page: int) -> list[str]:
    return [f"file://{quote(path)}#page={page}"]


# Arguments behind the program's name. The first installed one is taken where the desktop names none of them.
_VIEWERS: dict[str, _Form] = {
    "evince": _option("--page-index={page}"),
    "papers": _option("--page-index={page}"),
    "okular": _option("--page", "{page}"),
    "atril": _option("--page-index={page}"),
    "xreader": _option("--page-index={page}"),
    "zathura": _option("--page={page}"),
    "qpdfview": lambda path, page: ["--unique", f"{path}#{page}"],
    "mupdf": lambda path, page: [path, str(page)],
    "xpdf": lambda path, page: [path, f":{page}"],
    "sumatrapdf": _option("-page", "{page}"),
    "SumatraPDF": _option("-page", "{page}"),
    "firefox": _fragment,
    "chromium": _fragment,
    "google-chrome": _fragment,
}
_BROWSERS = ("firefox", "chromium", "google-chrome")


def command_for(path: str, page: int | None) -> list[str]:
    """The program and its arguments that open a file. page: from 1, of a PDF.

    Where no viewer is known that can be told the page, the platform's own program opens the file. [] when
    this machine has no such program.
    """
    if page is not None and (viewer := _viewer()):
        return [viewer, *_VIEWERS[viewer](path, page)]
    if sys.platform == "darwin":
        return ["open", path]
    if sys.platform == "win32":
        return ["explorer", path]
    return ["xdg-open", path] if shutil.which("xdg-open") else []


def _viewer() -> str:
    """A known viewer: the desktop's own for PDF, where it says; else the first that is installed and is no
    browser, where no other is set."""
    favourite = _favourite()
    for name in _VIEWERS:
        if favourite and name.lower() in favourite.lower() and shutil.which(name):
            return name
    if favourite:
        return ""
    return next((name for name in _VIEWERS if name not in _BROWSERS and shutil.which(name)), "")


def _favourite() -> str:
    """The name of what the desktop opens PDFs with (`org.gnome.Evince.desktop`), or ""."""
    if sys.platform in ("darwin", "win32") or not shutil.which("xdg-mime"):
        return ""
    try:
        asked = subprocess.run(
            ["xdg-mime", "query", "default", "application/pdf"],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return asked.stdout.strip()


def start(command: list[str]) -> None:
    """Start a program and leave it running. SourceMissing when it cannot be started, or ends at once with
    an error."""
    try:
        running = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(os.path.abspath(os.sep)),
        )
    except OSError as error:
        raise SourceMissing(f"{command[0]} cannot be started ({error.strerror})", hint=_BY_HAND) from error
    try:
        status = running.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return
    # The explorer of Windows ends with 1 whatever happens.
    if status != 0 and command[0] != "explorer":
        raise SourceMissing(f"{command[0]} ended with status {status}", hint=_BY_HAND)


_BY_HAND = "With --print, docsearch open says which file and page it is"
