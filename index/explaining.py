"""How a score came about: the addends of `scoring`, one by one, for a single paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from .arrays import I64
from .leaves import Leaves
from .matching.tree import add_constants
from .query import Clause, Phrase, Placed
from .records import Share
from .scoring import SPREAD, Scoring, impact
from .spreads import Spread, Spreads

__all__ = ["shares_of"]


def shares_of(scoring: Scoring, leaves: Leaves, paragraph: int) -> tuple[Share, ...]:
    """What adds to the score of a live paragraph of a view. Added up in this order, from 0.0 on, the values
    give exactly the score that `Evaluation` gives it."""
    found: list[Share] = []
    for clause in scoring.request.scoring:
        if clause.node.field in SPREAD:
            found += _spread(scoring, leaves, clause, paragraph)
        else:
            found += _in_text(scoring, leaves, clause, paragraph)
    for constant in scoring.request.constants:
        value = np.zeros(1)
        add_constants(leaves, (constant,), np.array([paragraph]), value)
        if value[0]:
            found.append(Share("", "constant", "", 1.0, constant.score, 1.0, float(value[0])))
    return tuple(found)


def _in_text(scoring: Scoring, leaves: Leaves, clause: Clause, paragraph: int) -> Iterator[Share]:
    at = np.array([paragraph])
    for listed in leaves.text(clause.node):
        which, tf = listed.at(at, leaves.scratch)
        if len(which):
            norm = scoring.norms(leaves, listed.language).take(at)
            value = float(impact(tf, norm, scoring.weight(clause))[0])
            idf = scoring.idf(clause.node)
            what, where = _named(clause.node), str(clause.node.field)
            yield Share(what, where, listed.language, float(tf[0]), clause.weight, idf, value)


def _spread(scoring: Scoring, leaves: Leaves, clause: Clause, paragraph: int) -> Iterator[Share]:
    found = scoring.spread(leaves, clause)
    if found is None:
        return
    spreads, at = Spreads((found,), scoring.request.k1), np.array([paragraph])
    value = float(spreads.scores(at)[0, 0])
    if value:
        above = float(spreads.above(at)[0, 0])
        what, where = _named(clause.node), str(clause.node.field)
        begins = value - _above_alone(found, scoring.request.k1, at) if clause.first else 0.0
        yield Share(what, where, "", above, clause.weight, scoring.idf(clause.node), value, begins)


def _above_alone(spread: Spread, k1: float, at: I64) -> float:
    """What it would add if no heading began here."""
    standing = replace(spread, clause=replace(spread.clause, first=0.0))
    return float(Spreads((standing,), k1).scores(at)[0, 0])


def _named(node: Placed) -> str:
    """As typed; of words that need not stand side by side also the distance, as it would be typed."""
    if isinstance(node, Phrase) and node.slop:
        return f'"{node.surface}"~{node.slop}'
    return node.surface
