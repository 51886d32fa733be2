"""The least score that a paragraph must be able to reach."""

from __future__ import annotations

import numpy as np

from ..arrays import F64

__all__ = ["Floor", "nearly_last"]

_GROUP = 16
_LEAST = 64  # groups, from which looking at their best is quicker
_SLACK = 1 - 1e-10  # a sum in another order can come out a little lower than the score it bounds


class Floor:
    """Follows the `most`th best of the scores that are known, through the views of a snapshot.

    value: 0 while fewer are known. A paragraph that cannot reach it is not among the best, even when ties
    are broken in its favour.
    """

    __slots__ = ("_best", "most", "value")

    def __init__(self, most: int) -> None:
        self.most = most
        self.value = 0.0
        self._best: F64 = np.empty(0)

    def offer(self, scores: F64) -> None:
        """Scores, or less, of distinct paragraphs of the view that is at work."""
        if len(self._best):
            scores = np.concatenate((self._best, scores))
        if len(scores) >= self.most:
            self.value = max(self.value, nearly_last(scores, self.most) * _SLACK)

    def settle(self, scores: F64) -> None:
        """The scores of all paragraphs of a view that are left, when work goes on with the next."""
        best = np.concatenate((self._best, scores)) if len(self._best) else scores
        if len(best) >= self.most:
            least = len(best) - self.most
            best = np.partition(best, least)[least:]
            self.value = max(self.value, float(best[0]) * _SLACK)
        self._best = best


def nearly_last(scores: F64, most: int) -> float:
    """A value that at least `most` of the scores reach, and few more: the last of the `most` best, or of the
    best of groups of scores, where there are many."""
    groups = len(scores) // _GROUP
    if groups >= max(_LEAST, 4 * most):
        scores = scores[: groups * _GROUP].reshape(_GROUP, groups).max(axis=0)
    least = len(scores) - most
    ordered = scores.copy()
    ordered.partition(least)
    return float(ordered[least])
