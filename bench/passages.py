"""At which ranks the relevant passages come among those that the hits of a question stand for."""

from __future__ import annotations

from collections.abc import Iterable

from .judging import DEPTH

__all__ = ["ranks_of"]


def ranks_of(passages: Iterable[str], relevant: frozenset[str]) -> list[int]:
    """Ranks (from 1) of the relevant among the first DEPTH different passages."""
    first = dict.fromkeys(passages)
    return [rank for rank, name in enumerate(list(first)[:DEPTH], start=1) if name in relevant]
