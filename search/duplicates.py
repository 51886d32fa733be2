"""What happens to hits that say nearly the same as a better one."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Duplicates"]


class Duplicates(StrEnum):
    """FOLD: they are folded into the best of them, whose `Hit.duplicates` names their documents.
    SHOW: each is a hit."""

    FOLD = "fold"
    SHOW = "show"
