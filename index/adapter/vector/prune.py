"""Any of some terms: which documents can be among the best, without scoring the long lists.

The rare terms, which count most, are scored in full. Once what the others could add at most is less than what
the best documents have already, a document with none of the rare terms cannot be among them (MaxScore: Turtle
and Flood, Information Processing & Management 31(6), 1995).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from ...arrays import F64, I64, union
from .nodes import Boosted, Leaf, Node, Union

__all__ = ["candidates"]

_WORTH = 1 << 12
"""Postings below which scoring all is as fast."""

_SLACK = 1e-9
"""Scores that are this close, relatively, may be equal: sums are rounded in another order."""


def candidates(node: Node, limit: int, floor: float) -> I64:
    """Documents of a node, with all those that can be among its best `limit` and score `floor` or more."""
    if isinstance(node, Boosted) and node.boost > 0:
        return candidates(node.child, limit, floor / node.boost)
    if type(node) is not Union or not node.plain or sum(len(child.docs) for child in node.children) < _WORTH:
        return node.docs
    children = sorted(node.children, key=lambda child: len(child.docs))
    bounds = [_bound(child) for child in children]
    if None in bounds:
        return node.docs
    rests = [*accumulate(reversed([bound or 0.0 for bound in bounds]), initial=0.0)][::-1]
    return _surviving(children, rests, node.bound, limit, floor)


def _bound(node: Node) -> float | None:
    """What no score of the node exceeds; None: unknown."""
    if isinstance(node, Boosted):
        inner = _bound(node.child)
        return None if inner is None or node.boost <= 0 else inner * node.boost
    return node.most() if isinstance(node, Leaf) else None


def _surviving(children: Sequence[Node], rests: Sequence[float], size: int, limit: int, floor: float) -> I64:
    """children: the shortest first. rests: what each of them and those after it add at most."""
    sums = np.zeros(size)
    seen: list[I64] = []
    touched = np.empty(0, np.int64)
    for number, child in enumerate(children):
        if len(child.docs) > len(touched) and seen:
            touched = union(seen, size)
            seen = [touched]
            floor = max(floor, _reached(sums[touched], limit))
            if rests[number] < floor * (1 - _SLACK):
                return touched[sums[touched] + rests[number] >= floor * (1 - _SLACK)]
        sums[child.docs] += child.score(child.docs)
        seen.append(child.docs)
    touched = union(seen, size)
    floor = max(floor, _reached(sums[touched], limit))
    return touched[sums[touched] >= floor * (1 - _SLACK)]


def _reached(sums: F64, limit: int) -> float:
    """The score of the document at rank `limit`; 0 when there are fewer."""
    if len(sums) < limit:
        return 0.0
    return float(np.partition(sums, len(sums) - limit)[len(sums) - limit])
