"""A query tree over the units of a scope, as masks: the exhaustive way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..arrays import F64, I64, Bool, union
from ..deadline import OutOfTime
from ..leaves import Leaves
from ..query import (
    And,
    AndMaybe,
    Boost,
    Constant,
    Every,
    FieldName,
    Near,
    Node,
    Not,
    Or,
    Phrase,
    Placed,
    Scope,
    Unit,
    Within,
    Word,
)
from .units import Units

__all__ = ["Matched", "add_constants", "mask", "matched"]


@dataclass(frozen=True, slots=True)
class Matched:
    """What a view contributes: how many units match, and the paragraphs (sorted) that are shown for them."""

    units: int
    paragraphs: I64


def matched(leaves: Leaves, node: Node, scope: Scope) -> Matched:
    """Of the matching units those paragraphs at which something stands that is asked for; a unit that matches
    by what it lacks is shown by its first paragraph."""
    units = Units.of(leaves.view, scope)
    matching = mask(leaves, node, units)
    positive = union(list(_standing(leaves, node)), leaves.view.segment.paragraphs)
    if not len(positive) and not matching.any():
        return Matched(0, positive)
    shown = positive[matching[units.of_paragraph(positive)]]
    silent = matching.copy()
    silent[units.of_paragraph(shown)] = False
    if silent.any():
        first = units.first_paragraph(np.flatnonzero(silent))
        shown = union([shown, first], leaves.view.segment.paragraphs)
    return Matched(int(matching.sum()), shown)


def add_constants(leaves: Leaves, constants: Sequence[Constant], paragraphs: I64, scores: F64) -> None:
    """Add to the scores of paragraphs what the constants give."""
    for constant in constants:
        units = Units.of(leaves.view, Scope.PARAGRAPH)
        with leaves.deadline:
            scores += constant.score * mask(leaves, constant.child, units)[paragraphs]


def _standing(leaves: Leaves, node: Node) -> Iterator[I64]:
    """Paragraphs at which something stands that is asked for."""
    stack: list[Node] = [node]
    while stack:
        match stack.pop():
            case Word() | Phrase() | Near() | Within() as leaf:
                try:
                    yield from _of_leaf(leaves, leaf)
                except OutOfTime:
                    if not leaves.deadline.parts_do:
                        raise
                    # Others, that are known, stand somewhere.
            case And(children) | Or(children):
                stack.extend(children)
            case AndMaybe(required=child) | Boost(child) | Constant(child):
                stack.append(child)


def _of_leaf(leaves: Leaves, leaf: Placed | Within) -> list[I64]:
    return [_within(leaves, leaf)] if isinstance(leaf, Within) else leaves.paragraphs(leaf, leaf.field)


def mask(leaves: Leaves, node: Node, units: Units) -> Bool:
    """Which units match; shape (units.count,), the caller's own."""
    match node:
        case Every():
            return units.live.copy()
        case Not(child):
            return units.live & ~mask(leaves, child, units)
        case And(children) | Or(children):
            return _combined(leaves, children, units, every=isinstance(node, And))
        case AndMaybe(required=child) | Boost(child) | Constant(child):
            return mask(leaves, child, units)
    matching = np.zeros(units.count, np.bool_)
    if isinstance(node, Within):
        matching[units.of_paragraph(_within(leaves, node))] = True
    elif node.field in (FieldName.HEADING, FieldName.TITLE):
        matching[units.of_paragraph(leaves.beneath(node, node.field))] = True
    else:
        for paragraphs in leaves.paragraphs(node, node.field):
            matching[units.of_paragraph(paragraphs)] = True
    return matching


def _combined(leaves: Leaves, children: Sequence[Node], units: Units, *, every: bool) -> Bool:
    masks = (mask(leaves, child, units) for child in children)
    combined = next(masks, np.zeros(units.count, np.bool_))
    for other in masks:
        if every:
            leaves.deadline.check()
            combined &= other
        else:
            combined |= other
            if leaves.deadline.enough():
                break
    return combined


def _within(leaves: Leaves, node: Within) -> I64:
    """Paragraphs at which the node stands. Remembered: trees of them would else take exponential time."""
    found = leaves.within.get(node)
    if found is None:
        leaves.deadline.check()
        if node.unit is Unit.SENTENCE:
            from .sentence import in_sentence  # here, since it cuts texts into words: most queries do not

            found = in_sentence(leaves, node)
        else:
            found = matched(leaves, And(node.children), Scope(node.unit.value)).paragraphs
        leaves.within[node] = found
    return found
