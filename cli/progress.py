"""Progress of an update on stderr: a line that is redrawn on a terminal, one now and then elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

from ..index.reports import Progress
from .render.overview import size
from .render.width import clip
from .render.words import counted

__all__ = ["Meter", "meter_for", "sentence"]

_PLAIN_EVERY = 15.0
_TELL_RATE_AFTER = 2.0


class Meter:
    """Shows each `Progress` that it is called with, and remembers the last one.

    Attributes:
        last: what was told last, None before the first.
    """

    def __init__(self, stream: TextIO, *, redraw: bool, quiet: bool = False) -> None:
        self.last: Progress | None = None
        self._stream = stream
        self._redraw = redraw
        self._quiet = quiet
        self._told = 0.0
        self._drawn = False
        self._read_since: float | None = None

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        if progress.phase == "read" and self._read_since is None:
            self._read_since = progress.seconds
        if self._quiet or progress.phase == "done":
            return
        text = sentence(progress, progress.seconds - (self._read_since or 0.0))
        if self._redraw:
            self._draw(text)
        elif progress.seconds - self._told >= _PLAIN_EVERY:
            self._told = progress.seconds
            self._stream.write(f"{text}\n")
            self._stream.flush()

    def clear(self) -> None:
        """Take the redrawn line away, so that what follows stands on an empty one."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False

    def _draw(self, text: str) -> None:
        columns = shutil.get_terminal_size().columns
        self._stream.write(f"\r{clip(text, columns - 1)}\x1b[K")
        self._stream.flush()
        self._drawn = True


def meter_for(*, quiet: bool) -> Meter:
    """The meter that suits stderr."""
    redraw = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return Meter(sys.stderr, redraw=redraw, quiet=quiet)


def sentence(progress: Progress, reading: float) -> str:
    """What is going on, in one line. `reading`: seconds since the first file was read."""
    if progress.phase == "scan":
        return f"looking for files: {counted(progress.files, 'file')}"
    if progress.phase == "embed":
        return f"learning what paragraphs mean: {progress.embedded:,} of {progress.embedded_total:,}"
    if progress.phase != "read":
        return f"writing the index: {counted(progress.files, 'file')} read"
    done = progress.bytes / progress.bytes_total if progress.bytes_total else 1.0
    parts = [f"reading: {progress.files:,} of {counted(progress.files_total, 'file')}, {done:.0%}"]
    if reading >= _TELL_RATE_AFTER and progress.bytes:
        rate = progress.bytes / reading
        parts.append(f"{size(round(rate))}/s")
        parts.append(f"{_about((progress.bytes_total - progress.bytes) / rate)} left")
    if progress.searchable:
        parts.append(f"{progress.searchable:,} can be searched")
    return ", ".join(parts)


def _about(seconds: float) -> str:
    """A time to wait, no finer than it can be known."""
    if seconds < 55:
        return f"{max(5, 5 * round(seconds / 5))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
