"""The best of all paragraphs that hold any of some words: the rule is to plan by posting counts.

Short lists (rare words, phrases) are added up whole. What they give sets the floor; of the paragraphs that
hold only long ones (frequent words), those blocks are looked at first that can hold the best.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, I64, union
from .addends import Addends
from .floor import Floor
from .frequent import Frequent

__all__ = ["candidates"]

_MANY = 400  # sums of short lists, from which it pays to complete the best ones first


def candidates(addends: Addends, others: I64, floor: Floor) -> I64:
    """Sorted distinct paragraphs of the view, among them all that the best of the snapshot can be.

    others: paragraphs that match, but by nothing in their text. Raises the floor.
    """
    paragraphs, sums = _summed(addends)
    found = [_of_short(addends, paragraphs, sums, floor)]
    if len(others):
        found.append(_elsewhere(addends, others, floor))
    if addends.long:
        found.append(Frequent(addends, floor).candidates())
    return union([part for part in found if len(part)], addends.leaves.view.segment.paragraphs)


def _summed(addends: Addends) -> tuple[I64, F64]:
    """The paragraphs of the short lists, in no order, and the sums of what these add."""
    short = addends.short
    if not short:
        return np.empty(0, np.int64), np.empty(0)
    if len(short) == 1:
        return addends.scores_of(short[0])
    table = addends.leaves.scratch.sums
    lists: list[I64] = []
    for addend in short[:-1]:
        units, scores = addends.scores_of(addend)
        scores += table.take(units)
        table.put(units, scores)
        lists.append(units)
    # The longest list comes last, and need not pass through the table.
    units, scores = addends.scores_of(short[-1])
    scores += table.take(units)
    table.put(units, 0.0)
    paragraphs, sums = [units], [scores]
    for units in lists:
        values = table.take(units)
        fresh = values.nonzero()[0]
        table.put(units, 0.0)
        paragraphs.append(units.take(fresh))
        sums.append(values.take(fresh))
    return np.concatenate(paragraphs), np.concatenate(sums)


def _of_short(addends: Addends, paragraphs: I64, sums: F64, floor: Floor) -> I64:
    floor.offer(sums)
    exact = not addends.long and addends.spread is None
    if len(sums) > max(_MANY, 4 * floor.most) and not exact:
        best = np.argpartition(sums, len(sums) - 4 * floor.most)[len(sums) - 4 * floor.most :]
        floor.offer(addends.scoring.scores(addends.leaves, np.sort(paragraphs.take(best))))
    reach = sums + sum(addend.bound for addend in addends.long)
    if addends.spread is not None:
        reach += addends.spread_at(paragraphs)
    keep = (reach >= floor.value).nonzero()[0]
    paragraphs, sums = paragraphs.take(keep), sums.take(keep)
    if addends.long:
        paragraphs, sums = addends.complete(paragraphs, sums, addends.long, floor)
        floor.offer(sums)
        paragraphs = paragraphs.take((sums + addends.spread_at(paragraphs) >= floor.value).nonzero()[0])
    return np.sort(paragraphs)


def _elsewhere(addends: Addends, others: I64, floor: Floor) -> I64:
    every = sorted((*addends.short, *addends.long), key=lambda addend: -addend.bound)
    paragraphs, sums = addends.complete(others, np.zeros(len(others)), every, floor)
    floor.offer(sums)
    return paragraphs.take((sums + addends.spread_at(paragraphs) >= floor.value).nonzero()[0])
