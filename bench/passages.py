"""Which judged passages the hits of a question stand for, and at which ranks the relevant ones come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from .judging import DEPTH

__all__ = ["Passages", "ranks_of"]


class Passages:
    """Which passage a line of a file belongs to."""

    def __init__(self, rows: Iterable[tuple[str, int, int, str]]) -> None:
        """rows: file, first line, last line (both included), id. The passages of a file do not overlap."""
        self._files: dict[str, list[tuple[int, int, str]]] = {}
        for file, first, last, name in rows:
            self._files.setdefault(file, []).append((first, last, name))
        for passages in self._files.values():
            passages.sort()

    def at(self, file: str, line: int) -> str | None:
        passages = self._files.get(file, [])
        found = bisect_right(passages, line, key=lambda passage: passage[0]) - 1
        if found < 0 or line > passages[found][1]:
            return None
        return passages[found][2]


def ranks_of(passages: Iterable[str], relevant: frozenset[str]) -> list[int]:
    """Ranks (from 1) of the relevant among the first DEPTH different passages."""
    first = dict.fromkeys(passages)
    return [rank for rank, name in enumerate(list(first)[:DEPTH], start=1) if name in relevant]
