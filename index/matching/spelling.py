"""Exact words: which occurrences of a term are spelt as asked. `query.Spelling` says what that means.

The postings tell the terms. Where a term has no spelling but those asked for, all its occurrences count;
where it has others, the texts with the term are read again.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.normal import clip, normalise
from ..arrays import I64, Bool, distinct
from ..deadline import UNLIMITED, Deadline
from ..field import Field
from ..query import Spelling
from ..segment import Segment
from .ranges import UNIT_BITS

if TYPE_CHECKING:
    from .reread import Reread

__all__ = ["parted", "verified"]

_POSITIONS = (np.int64(1) << UNIT_BITS) - 1


def parted(field: Field, terms: Sequence[int], spelling: Spelling) -> tuple[list[int], list[int]]:
    """Of the terms (numbers in the field) those that are spelt as asked wherever they stand, and those that
    are so in places, or may be. Others are left out."""
    wanted = {normalise(surface).encode("utf-8", "surrogatepass") for surface in spelling.surfaces}
    found = [at for surface in wanted if (at := field.surfaces.find(surface)) >= 0]
    met = np.bincount(field.surface_terms[found], minlength=len(field.terms))
    some = [term for term in terms if met[term]]
    if spelling.typed:
        return [], some
    every = np.bincount(field.surface_terms, minlength=len(field.terms))
    return [t for t in some if met[t] == every[t]], [t for t in some if met[t] < every[t]]


def verified(
    segment: Segment,
    kind: str,
    units: I64,
    keys: I64,
    spelling: Spelling,
    deadline: Deadline = UNLIMITED,
) -> I64:
    """Those of the keys (sorted; `index in units << 32 | position`) at which a text is spelt as asked."""
    if not len(keys):
        return keys
    from .reread import reread  # here, since it loads the inverter: most queries need it not

    which = keys >> UNIT_BITS
    read = distinct(which)
    is_spelt = _check(spelling)
    found: list[I64] = []
    for batch in reread(segment, kind, units[read]):
        begin, end = which.searchsorted([read[batch.begin], read[batch.end - 1] + 1]).tolist()
        ranks = read[batch.begin : batch.end].searchsorted(which[begin:end])
        words = batch.words(ranks, keys[begin:end] & _POSITIONS)
        found.append(keys[begin:end][_spelt(batch, words, is_spelt)])
        if deadline.enough():
            break
    return np.concatenate(found)


def _spelt(batch: Reread, words: I64, is_spelt: Callable[[bytes], bool]) -> Bool:
    buffer, known = batch.buffer, dict[bytes, bool]()
    spelt = np.empty(len(words), np.bool_)
    places = zip(batch.starts[words].tolist(), batch.ends[words].tolist(), strict=True)
    for at, (start, end) in enumerate(places):
        raw = buffer[start:end]
        verdict = known.get(raw)
        if verdict is None:
            verdict = known[raw] = is_spelt(raw)
        spelt[at] = verdict
    return spelt


def _check(spelling: Spelling) -> Callable[[bytes], bool]:
    """Whether a word, as it stands in a text, is spelt as asked."""
    if spelling.typed:
        typed = {_composed(surface) for surface in spelling.surfaces}
        return lambda raw: _composed(raw.decode()) in typed
    surfaces = {normalise(surface) for surface in spelling.surfaces}
    return lambda raw: normalise(raw.decode()) in surfaces


def _composed(word: str) -> str:
    return unicodedata.normalize("NFC", clip(word))
