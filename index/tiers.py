"""Which segments are merged next: those of about the same size, when there are enough of them."""

from __future__ import annotations

from collections.abc import Sequence

from .snapshot import View

__all__ = ["full_tier"]

_FACTOR = 8
"""Segments whose sizes lie within this factor are of one tier."""
_TIER = 4
"""A tier of this many segments is merged into one."""
_SMALLEST = 1 << 20
"""Bytes below which all segments are of the lowest tier."""


def full_tier(views: Sequence[View]) -> list[View]:
    """The segments of the lowest full tier, in their order; none when no tier is full."""
    tiers: dict[int, list[View]] = {}
    for view in views:
        tiers.setdefault(_tier(view.segment.file.size), []).append(view)
    return next((group for _, group in sorted(tiers.items()) if len(group) >= _TIER), [])


def _tier(size: int) -> int:
    tier = 0
    while size > _SMALLEST:
        size //= _FACTOR
        tier += 1
    return tier
