"""How long an answer may take. When time is up, what has been found so far is all there is.

Only what costs much looks at the clock: between the views of a snapshot, the clauses of a question, and the
batches of text that are read again. What is found until then is found for good, unless a question asks what
documents lack: its parts must be known in whole, and `OutOfTime` ends the view that is looked at.
"""

from __future__ import annotations

import time
from types import TracebackType

__all__ = ["UNLIMITED", "Deadline", "OutOfTime", "is_over"]


class OutOfTime(Exception):
    """Time is up, and what was asked for is not known. Raised and caught within an answer."""


def is_over(deadline: float | None) -> bool:
    """deadline: of `time.monotonic()`; None: never."""
    return deadline is not None and time.monotonic() >= deadline


class Deadline:
    """The end of the time for one answer.

    at: of `time.monotonic()`. parts_do: a part of what stands somewhere is better than nothing. cut: whether
    anything was left out. As a context manager it ends what runs out of time.
    """

    def __init__(self, at: float | None, *, parts_do: bool = False) -> None:
        self._at = at
        self.parts_do = parts_do
        self.cut = False

    @property
    def is_set(self) -> bool:
        return self._at is not None

    def lift(self) -> None:
        """What took long has been done: no limit any more."""
        self._at = None

    def passed(self) -> bool:
        """Whether time is up, so that something is left out now."""
        if not is_over(self._at):
            return False
        self.cut = True
        return True

    def check(self) -> None:
        """OutOfTime when time is up."""
        if self._at is not None and self.passed():
            raise OutOfTime

    def enough(self) -> bool:
        """Whether to end here, with a part of the whole; OutOfTime where a part will not do."""
        if self._at is None or not self.passed():
            return False
        if not self.parts_do:
            raise OutOfTime
        return True

    def __enter__(self) -> Deadline:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return isinstance(error, OutOfTime)


UNLIMITED = Deadline(None)
"""For what is not asked in haste."""
