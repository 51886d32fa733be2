"""A sketch of each unit, by which those with nearly the same words are told: minima of hashes.

A. Broder, "On the resemblance and containment of documents", 1997: of two sets hashed by one function the
least hashes are equal with the probability of their Jaccard similarity. The sets are those of three terms in
a row; of the minima of five functions twelve bits each are kept. A sketch depends on the unit's terms and
nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from zlib import crc32

import numpy as np

from ..arrays import I64, U32, U64

__all__ = ["hashes", "sketches"]

# Odd numbers drawn once: changing one changes all sketches, and so needs another array's name.
_NEXT: Final = np.uint32(0x9E3779B1)
_AFTER: Final = np.uint32(0x85EBCA6B)
_FUNCTIONS: Final = tuple(map(np.uint32, (0xC2B2AE35, 0x27D4EB2F, 0x165667B1, 0xD3A2646D, 0xFD7046C5)))


def hashes(terms: Sequence[str]) -> U32:
    """A number for each term, the same in every index."""
    return np.fromiter((crc32(term.encode()) for term in terms), np.uint32, len(terms))


def sketches(words: U32, lengths: I64) -> U64:
    """Of each unit, 0 for one without words. words: hashes of the terms of all units, end to end; lengths:
    how many each has."""
    found = np.zeros(len(lengths), np.uint64)
    filled = lengths.nonzero()[0]
    if not len(filled):
        return found
    ends = lengths.cumsum()[filled]
    starts = ends - lengths[filled]
    threes = _threes(words, ends)
    mixed = np.empty_like(threes)
    for place, function in enumerate(_FUNCTIONS):
        np.multiply(threes, function, out=mixed)
        least = np.minimum.reduceat(mixed, starts)
        least ^= least >> np.uint32(15)  # the low bits of a product know nothing of the high ones
        found[filled] |= (least & np.uint32(0xFFF)).astype(np.uint64) << np.uint64(12 * place)
    return found


def _threes(words: U32, ends: I64) -> U32:
    """A hash of each word with the two behind it; fewer at the end of a unit."""
    following = np.zeros_like(words)
    following[:-1] = words[1:]
    following[ends - 1] = 0
    after = np.zeros_like(words)
    after[:-1] = following[1:]
    after[ends - 1] = 0
    following *= _NEXT
    after *= _AFTER
    threes: U32 = words + following
    threes ^= after
    threes ^= threes >> np.uint32(16)
    threes *= _AFTER
    threes ^= threes >> np.uint32(13)
    return threes
