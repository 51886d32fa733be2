"""Progress of an update, told some ten times a second."""

from __future__ import annotations

import threading
import time
from typing import Literal

from .reports import Progress, ProgressSink

__all__ = ["Meter"]

Phase = Literal["scan", "read", "embed", "merge", "done"]
_SECONDS = 0.1


class Meter:
    """Counts from any thread (`count`), tells in the caller's own (`tick`).

    Attributes, set by the update as it learns them: phase, files_total, bytes_total, searchable.
    """

    def __init__(self, sink: ProgressSink | None) -> None:
        self._sink = sink
        self._lock = threading.Lock()
        self._start = time.monotonic()
        self._last: float | None = None
        self.phase: Phase = "scan"
        self.files = 0
        self.bytes = 0
        self.files_total = 0
        self.bytes_total = 0
        self.searchable = 0
        self._embedded = (0, 0)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def count(self, files: int, size: int) -> None:
        """Add what was read; negative numbers take it back."""
        with self._lock:
            self.files += files
            self.bytes += size

    def begin(self, phase: Phase) -> None:
        """Enter a phase, and tell at once."""
        self.phase = phase
        self.tick(now=True)

    def tell_embedded(self, done: int, total: int) -> None:
        """So many paragraphs of so many have vectors."""
        self._embedded = done, total
        phase, self.phase = self.phase, "embed"
        self.tick()
        self.phase = phase

    def tick(self, now: bool = False) -> None:
        """Tell, unless that was done less than a tenth of a second ago."""
        seconds = self.seconds
        if self._sink is None or (not now and self._last is not None and seconds - self._last < _SECONDS):
            return
        self._last = seconds
        self._sink(
            Progress(
                self.phase,
                self.files,
                self.files_total,
                self.bytes,
                self.bytes_total,
                self.searchable,
                seconds,
                *self._embedded,
            )
        )
