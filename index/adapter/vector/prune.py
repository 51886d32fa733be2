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
from .nodes import Boosted, Constant, Leaf, Node, Union
from .sets import common

__all__ = ["candidates"]

_WORTH = 1 << 12
"""Postings below which scoring all is as fast."""

_SLACK = 1e-9
"""Scores that are this close, relatively, may be equal: sums are rounded in another order."""


def candidates(node: Node, limit: int, floor: float) -> I64:
    """Documents of a node, with all those that can be among its best `limit` and score `floor` or more."""
    if isinstance(node, Boosted) and node.boost > 0:
        return candidates(node.child, limit, floor / node.boost)
    if isinstance(node, Constant):
        return node.docs[:limit]
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
    scored = 0
    for child, rest in zip(children, rests, strict=False):
        if scored and rest < floor * (1 - _SLACK):
            break
        upto = sums[child.docs] + child.score(child.docs)
        sums[child.docs] = upto
        floor = max(floor, _reached(upto, limit))
        scored += 1
    parts = [_above(child.docs, sums, rests[scored], floor) for child in children[:scored]]
    left = union(parts, size)
    for child, rest in zip(children[scored:], rests[scored + 1 :], strict=True):
        here = common([left, child.docs])
        sums[here] += child.score(here)
        left = _above(left, sums, rest, max(floor, _reached(sums[left], limit)))
    return left


def _above(docs: I64, sums: F64, rest: float, floor: float) -> I64:
    """The documents whose sums can still reach the floor."""
    return docs[sums[docs] + rest >= floor * (1 - _SLACK)]


def _reached(sums: F64, limit: int) -> float:
    """The score of the document at rank `limit`; 0 when there are fewer."""
    if len(sums) < limit:
        return 0.0
    return float(np.partition(sums, len(sums) - limit)[len(sums) - limit])
