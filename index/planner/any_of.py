"""The best of all paragraphs that hold any of some words: the rule is to plan by posting counts.

Short lists (rare words, phrases) are added up, see `short`. What they give sets the floor; of the paragraphs
that hold only long ones (frequent words), those blocks are looked at first that can hold the best.
"""

from __future__ import annotations

import numpy as np

from ..arrays import F64, I64, union
from .addends import Addends
from .floor import Floor, nearly_last
from .frequent import Frequent
from .short import Short

__all__ = ["candidates"]

_MANY = 400  # sums of short lists, from which it pays to complete the best ones first


def candidates(addends: Addends, short: Short, others: I64, floor: Floor) -> I64:
    """Sorted distinct paragraphs of the view, among them all that the best of the snapshot can be.

    short: what `summed` gives. others: paragraphs that match by a heading or title, whatever their text
    holds. Raises the floor.
    """
    found = [_of_short(addends, short.paragraphs, short.sums, floor)] if len(short.paragraphs) else []
    if addends.long:
        found.append(Frequent(addends, floor).candidates())
    if len(others):  # last, when the floor is high: what text adds to some of them has been looked at above
        found.append(others.take((addends.spread_at(others) >= floor.value).nonzero()[0]))
    return union([part for part in found if len(part)], addends.leaves.view.segment.paragraphs)


def _of_short(addends: Addends, paragraphs: I64, sums: F64, floor: Floor) -> I64:
    floor.offer(sums)
    exact = not addends.long and addends.spread is None and not addends.extra
    if len(sums) > max(_MANY, 4 * floor.most) and not exact:
        best = (sums >= nearly_last(sums, 4 * floor.most)).nonzero()[0]
        floor.offer(addends.scores(np.sort(paragraphs.take(best))))
    left = sum(addend.bound for addend in addends.long)
    keep = (sums >= floor.value - left - addends.most_beside).nonzero()[0]
    paragraphs, sums = paragraphs.take(keep), sums.take(keep)
    if addends.spread is not None:
        keep = (sums + left + addends.spread_at(paragraphs) >= floor.value).nonzero()[0]
        paragraphs, sums = paragraphs.take(keep), sums.take(keep)
    if addends.long:
        paragraphs, sums = addends.complete(paragraphs, sums, addends.long, floor)
        floor.offer(sums)
        paragraphs = paragraphs.take((sums + addends.spread_at(paragraphs) >= floor.value).nonzero()[0])
    return np.sort(paragraphs)
