"""The postings of one field as plain columns, one entry for each posting: what is built, merged and
sorted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...arrays import I64, Array, Bool, spread
from ...field import field_arrays
from ...inverter import Inverted

__all__ = ["Flat", "flat_arrays", "united"]


@dataclass(frozen=True, slots=True)
class Flat:
    """P postings with F occurrences (F: the sum of the frequencies), U units.

    terms: distinct, in any order. term_of (P): the place of a posting's term among them. units (P): ascending
    within a term. frequencies, weights (P). positions (F): those of the postings, one after the other;
    counted from 0 where the field keeps none. spans: first and last characters (F each, half-open); None
    without. lengths (U): tokens by unit. scorable, placed: whether the lengths, and the positions, mean
    anything.
    """

    terms: list[bytes]
    term_of: I64
    units: I64
    frequencies: I64
    weights: Array
    positions: I64
    spans: tuple[I64, I64] | None
    lengths: I64
    scorable: bool
    placed: bool

    def only(self, live: Bool) -> Flat:
        """The postings of live units, which are numbered anew. live (U)."""
        kept = live[self.units]
        moved = live.cumsum() - 1
        places = np.repeat(kept, self.frequencies)
        return Flat(
            terms=self.terms,
            term_of=self.term_of[kept],
            units=moved[self.units[kept]],
            frequencies=self.frequencies[kept],
            weights=self.weights[kept],
            positions=self.positions[places],
            spans=None if self.spans is None else (self.spans[0][places], self.spans[1][places]),
            lengths=self.lengths[live],
            scorable=self.scorable,
            placed=self.placed,
        )


def united(parts: Sequence[tuple[int, Flat | None]]) -> Flat:
    """The parts laid end to end. parts: how many units each has, and its postings (None: none at all)."""
    numbers: dict[bytes, int] = {}
    present = [flat for _, flat in parts if flat is not None]
    bases = np.cumsum([0, *(units for units, _ in parts)])
    based = [(flat, base) for (_, flat), base in zip(parts, bases.tolist(), strict=False) if flat is not None]
    spans = [flat.spans for flat in present if flat.spans is not None]
    return Flat(
        term_of=_joined([_renumbered(flat, numbers)[flat.term_of] for flat in present]),
        terms=list(numbers),
        units=_joined([flat.units + base for flat, base in based]),
        frequencies=_joined([flat.frequencies for flat in present]),
        weights=np.concatenate([flat.weights for flat in present]),
        positions=_joined([flat.positions for flat in present]),
        # Parts that were written before a field kept its characters have none: then nobody has.
        spans=(_joined([s for s, _ in spans]), _joined([e for _, e in spans]))
        if len(spans) == len(present)
        else None,
        lengths=_joined(
            [np.zeros(units, np.int64) if flat is None else flat.lengths for units, flat in parts]
        ),
        scorable=any(flat.scorable for flat in present),
        placed=all(flat.placed for flat in present),
    )


def _joined(parts: Sequence[I64]) -> I64:
    return np.concatenate([np.empty(0, np.int64), *parts])


def _renumbered(flat: Flat, numbers: dict[bytes, int]) -> I64:
    return np.array([numbers.setdefault(term, len(numbers)) for term in flat.terms], np.int64)


def flat_arrays(name: str, flat: Flat) -> dict[str, Array | bytes]:
    """The arrays of a field (see `index/field.py`), and besides:

    F/weights              weight of each posting (f4), unless all are their frequencies
    F/spans, F/span_ends   first and last character of each occurrence (u4), where the field keeps them
    """
    used = np.zeros(len(flat.terms), np.bool_)
    used[flat.term_of] = True
    order = sorted(np.flatnonzero(used).tolist(), key=flat.terms.__getitem__)
    rank = np.zeros(len(flat.terms), np.int64)
    rank[order] = np.arange(len(order))
    ranked = rank[flat.term_of]
    by_term = np.argsort(ranked, kind="stable")
    frequencies = flat.frequencies[by_term]
    firsts = flat.frequencies.cumsum() - flat.frequencies
    places = spread(firsts[by_term], frequencies)
    counts = np.bincount(ranked, minlength=len(order))
    totals = np.bincount(ranked, flat.frequencies, len(order)).astype(np.int64)
    arrays: dict[str, Array | bytes] = dict(
        field_arrays(
            name,
            Inverted(
                terms=[flat.terms[term] for term in order],
                starts=np.concatenate(([0], counts.cumsum())),
                units=flat.units[by_term].astype(np.uint32),
                frequencies=frequencies.astype(np.uint32),
                position_starts=np.concatenate(([0], totals.cumsum())),
                positions=flat.positions[places].astype(np.uint32),
                lengths=flat.lengths.astype(np.uint32),
                surfaces=[],
                surface_terms=np.empty(0, np.uint32),
            ),
        )
    )
    if not np.array_equal(flat.weights, flat.frequencies.astype(np.float32)):
        arrays[f"{name}/weights"] = flat.weights[by_term].astype(np.float32)
    if flat.spans is not None:
        arrays[f"{name}/spans"] = flat.spans[0][places].astype(np.uint32)
        arrays[f"{name}/span_ends"] = flat.spans[1][places].astype(np.uint32)
    return arrays
