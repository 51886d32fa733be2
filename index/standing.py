"""Which words still stand somewhere when documents have been deleted.

Segments list words (surfaces) by their terms, without counts. A word whose term is gone is gone; one whose
term lives on may have stood in deleted documents only. Such words are looked for in the paragraphs,
headings or titles that have their term, a few at first, since most words are found at once.
"""

from __future__ import annotations

import numpy as np

from .arrays import I64, Bool, distinct
from .inverter import Inverted
from .inverter.spellings import Spellings
from .segment import Segment
from .texts import texts_of

__all__ = ["standing_surfaces"]

_FEW = 4


def standing_surfaces(segment: Segment, kind: str, inverted: Inverted, live: Bool) -> Bool:
    """Which of the field's surfaces occur in a live unit; shape (surfaces,).

    inverted: the field as the segment has it. live: which units are; shape (units,).
    """
    if not inverted.terms:
        return np.zeros(0, np.bool_)
    terms = inverted.surface_terms.astype(np.int64)
    # Every term of a segment has a posting, so that no two of these starts are equal.
    has_live: Bool = np.logical_or.reduceat(live[inverted.units], inverted.starts[:-1])
    standing: Bool = has_live[terms]
    number = {surface.decode(): at for at, surface in enumerate(inverted.surfaces)}
    suspects = {
        at
        for surface in _met(segment, kind, np.flatnonzero(~live))
        if (at := number.get(surface)) is not None and standing[at]
    }
    siblings = np.bincount(terms, minlength=len(inverted.terms))
    suspects = {at for at in suspects if siblings[terms[at]] > 1}
    standing[_unfound(segment, kind, inverted, live, suspects, number)] = False
    return standing


def _unfound(
    segment: Segment, kind: str, inverted: Inverted, live: Bool, suspects: set[int], number: dict[str, int]
) -> list[int]:
    """The suspects that stand in no live unit."""
    unread = live.copy()
    spellings = Spellings()
    absent: list[int] = []
    most = _FEW
    while suspects:
        places: list[I64] = []
        for at in sorted(suspects):
            term = int(inverted.surface_terms[at])
            of_term = inverted.units[inverted.starts[term] : inverted.starts[term + 1]]
            left = of_term[unread[of_term]][:most].astype(np.int64)
            if len(left):
                places.append(left)
            else:
                suspects.discard(at)
                absent.append(at)
        if places:
            units = distinct(np.sort(np.concatenate(places)))
            unread[units] = False
            for texts in texts_of(segment, kind, units):
                suspects.difference_update(number.get(surface, -1) for surface in spellings.new(texts))
        most *= _FEW
    return absent


def _met(segment: Segment, kind: str, units: I64) -> set[str]:
    """The surfaces of some units."""
    spellings = Spellings()
    met: set[str] = set()
    for texts in texts_of(segment, kind, units):
        met |= spellings.new(texts)
    return met
