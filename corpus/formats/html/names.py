"""Sets of names, written as one line of words."""

from __future__ import annotations

__all__ = ["named"]


def named(words: str) -> frozenset[str]:
    """
    >>> sorted(named("dd dt"))
    ['dd', 'dt']
    """
    return frozenset(words.split())
