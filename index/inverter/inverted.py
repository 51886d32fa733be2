"""What inverting gives: postings as arrays. Apart from the inverter, since a search reads them, too."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..arrays import Array

__all__ = ["Inverted"]


@dataclass(frozen=True, slots=True)
class Inverted:
    """The postings of one language, T terms and P postings, in compressed rows.

    terms: sorted, distinct, UTF-8. starts (T+1): the postings of term i are `[starts[i], starts[i+1])`.
    units (P): ascending within a term. frequencies (P): how often the term stands in the unit, from 1.
    position_starts (T+1): term i has `positions[position_starts[i]:position_starts[i+1]]`, those of its
        postings one after the other, each as many as its frequency.
    positions: from 0 within the unit, ascending within a posting. Both in any unsigned type that holds them.
    lengths: the number of tokens of each unit.
    surfaces: sorted, distinct, UTF-8: the spellings met, as `normalise` gives them.
    surface_terms: the index in `terms` of each surface.
    likeness: the sketch of each unit (see `likeness`); empty where none were asked for.
    """

    terms: list[bytes]
    starts: NDArray[np.int64]
    units: NDArray[np.uint32]
    frequencies: Array
    position_starts: NDArray[np.int64]
    positions: Array
    lengths: NDArray[np.uint32]
    surfaces: list[bytes]
    surface_terms: NDArray[np.uint32]
    likeness: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, np.uint64))
