"""How long the reading of a file may take, for readers that know that they need longer."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["more_time", "set_giver"]

_giver: Callable[[float], None] | None = None


def more_time(seconds: float) -> None:
    """Ask for more time for the file that is being read: before each step that takes long by its nature, such
    as the recognition of a scanned page. Where no time is kept, nothing happens."""
    if _giver is not None:
        _giver(seconds)


def set_giver(giver: Callable[[float], None] | None) -> None:
    """For the process that keeps the time: what `more_time` calls."""
    global _giver
    _giver = giver
