"""Scanned pages: whether they are to be read, and by what program.

`tesseract` reads them where it is installed. It is given a picture on its standard input and time of its own,
and never a name of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from statistics import median
from typing import NamedTuple

from .patience import more_time

__all__ = ["PROGRAM", "VARIABLE", "RecognisedLine", "Unrecognised", "are_wanted", "recognise", "wanted"]

PROGRAM = "tesseract"
VARIABLE = "DOCSEARCH_OCR_LANGUAGES"
"""The environment variable with the languages to read in (`deu+eng`), where the document states none."""

_SECONDS = 120.0  # for one page
_LEAST_SURE = 20.0  # per cent; what is less so is a stain
_LANGUAGES = re.compile(r"[A-Za-z_]{3,20}(?:\+[A-Za-z_]{3,20}){0,7}")
_DEEP = re.compile(r"[gjpqyßQ,;()\[\]]")  # what reaches below the line
_DEEP_LINE, _FLAT_LINE = 0.92, 0.7  # of the letters' size: the height of lines with and without such
_CODES = {
    "ar": "ara", "cs": "ces", "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "fi": "fin",
    "fr": "fra", "hu": "hun", "it": "ita", "ja": "jpn", "ko": "kor", "nb": "nor", "nl": "nld", "no": "nor",
    "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sv": "swe", "th": "tha", "tr": "tur", "uk": "ukr",
    "zh": "chi_sim",
}  # fmt: skip

_wanted: ContextVar[bool] = ContextVar("docsearch_scans", default=False)


class Unrecognised(Exception):
    """A page that the program could not read, and why."""


class RecognisedLine(NamedTuple):
    """A line of words. left, right, base: in pixels from the top left corner of the picture. size: of its
    letters, in pixels, about. first: the width of its first word."""

    text: str
    left: float
    right: float
    base: float
    size: float
    first: float


@contextmanager
def wanted(yes: bool) -> Iterator[None]:
    """Have readers read scanned pages in the block, or not."""
    token = _wanted.set(yes)
    try:
        yield
    finally:
        _wanted.reset(token)


def are_wanted() -> bool:
    """Whether scanned pages are to be read, which takes a second or more for each."""
    return _wanted.get()


def recognise(
    width: int, height: int, rows: bytes, *, resolution: int, language: str
) -> list[RecognisedLine]:
    """The lines of a grey picture: a byte for each pixel, rows from the top.

    language: ISO 639-1 code that the document states, or "". Unrecognised when the program is not there,
    fails, or takes too long.
    """
    command = [PROGRAM, "stdin", "stdout", "-l", _languages(language), "--dpi", str(resolution), "tsv"]
    picture = b"P5 %d %d 255\n" % (width, height) + rows
    more_time(_SECONDS)
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # the reading processes share the cores already
        )
    except FileNotFoundError as error:
        raise Unrecognised(f"{PROGRAM} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise Unrecognised(f"{PROGRAM} took more than {_SECONDS:.0f} seconds") from error
    except OSError as error:
        raise Unrecognised(f"{PROGRAM} cannot be started: {error.strerror}") from error
    if done.returncode:
        raise Unrecognised(f"{PROGRAM} ended with status {done.returncode}{_last_words(done.stderr)}")
    return _lines(done.stdout.decode("utf-8", "replace"))


def _last_words(complaint: bytes) -> str:
    lines = complaint.decode("utf-8", "replace").split("\n")
    last = next((" ".join(line.split()) for line in reversed(lines) if line.strip()), "")
    return f": {last[:120]}" if last else ""


def _languages(stated: str) -> str:
    """What to read in: the language that the document states, else those of the environment, else English,
    else whatever is installed."""
    installed = _installed()
    code = _CODES.get(stated[:2].lower(), "")
    if code in installed:
        return code
    chosen = os.environ.get(VARIABLE, "")
    if _LANGUAGES.fullmatch(chosen):
        return chosen
    return "eng" if "eng" in installed or not installed else installed[0]


@cache
def _installed() -> tuple[str, ...]:
    if shutil.which(PROGRAM) is None:
        return ()
    try:
        listed = subprocess.run(
            [PROGRAM, "--list-langs"], capture_output=True, timeout=10, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    names = (listed.stdout + b"\n" + listed.stderr).decode("utf-8", "replace").split("\n")
    return tuple(
        name.strip() for name in names if _LANGUAGES.fullmatch(name.strip()) and name.strip() != "osd"
    )


def _lines(table: str) -> list[RecognisedLine]:
    """The lines of a table that tesseract writes: a row for each block, paragraph, line and word."""
    words: dict[tuple[str, ...], list[tuple[str, float, float, float, float]]] = {}
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        try:
            left, top, width, height, sure = map(float, cells[6:11])
        except ValueError:
            continue
        if sure >= _LEAST_SURE:
            words.setdefault(tuple(cells[1:5]), []).append((cells[11].strip(), left, top, width, height))
    sizes = _sizes(words)
    return [
        RecognisedLine(
            " ".join(word[0] for word in line),
            min(word[1] for word in line),
            max(word[1] + word[3] for word in line),
            median(word[2] + word[4] for word in line),
            sizes[place[:3]],
            line[0][3],
        )
        for place, line in words.items()
    ]


def _sizes(
    words: dict[tuple[str, ...], list[tuple[str, float, float, float, float]]],
) -> dict[tuple[str, ...], float]:
    """The size of letters by paragraph, by how high its lines are from the highest letter to the lowest."""
    found: dict[tuple[str, ...], list[float]] = {}
    for place, line in words.items():
        top, bottom = min(word[2] for word in line), max(word[2] + word[4] for word in line)
        deep = any(_DEEP.search(word[0]) for word in line)
        found.setdefault(place[:3], []).append((bottom - top) / (_DEEP_LINE if deep else _FLAT_LINE))
    return {place: median(sizes) for place, sizes in found.items()}
