"""Arithmetic of measurements: medians over rounds, percentiles over queries, ratios."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

__all__ = ["PERCENTILES", "per_query", "percentile", "percentiles"]

PERCENTILES = (50, 95, 99)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that is at least as large as `percent` per cent of all (nearest rank)."""
    if not values or not 0 < percent <= 100:
        raise ValueError("a percentile needs values, and a rank above 0 and up to 100")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


def percentiles(values: Sequence[float]) -> tuple[float, ...]:
    """p50, p95 and p99."""
    return tuple(percentile(values, percent) for percent in PERCENTILES)


def per_query(rounds: Sequence[Sequence[float]]) -> list[float]:
    """For each query the median of its rounds."""
    return [median(times) for times in zip(*rounds, strict=True)]
