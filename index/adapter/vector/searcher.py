"""Whoosh's searcher, which answers from arrays what it can."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.query import Query
from whoosh.searching import Results, Searcher

from ...arrays import F64, I64
from ...damage import NARROW, damage_told
from .collect import Plain, collected, documents
from .leaves import Unknown, scored_by_arrays
from .matcher import Evaluated
from .ordering import ranked

__all__ = ["ViewSearcher"]


class ViewSearcher(Searcher):
    """A searcher over segments that tell their terms (`codec.ViewSegment`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._norms: dict[tuple[str, float, float], tuple[F64, float]] = {}
        self._averages: dict[str, float] = {}
        self._ranks: dict[str, list[I64]] = {}
        super().__init__(*args, **kwargs)

    def search(self, q: Query, **kwargs: Any) -> Results:
        """As Whoosh's, with the same arguments. Totals are exact whatever the limit."""
        with damage_told("the index", signs=NARROW):
            return self._searched(q, **kwargs)

    def _searched(self, q: Query, **kwargs: Any) -> Results:
        collector = self.collector(**kwargs)
        if not self._by_arrays():
            return super().search(q, **kwargs)
        if plain := Plain.of(collector):
            try:
                return collected(self, q, plain)
            except Unknown:
                pass  # a column that cannot be sorted by here
        self.search_with_collector(Evaluated(q), collector)
        results: Results = collector.results()
        results.q = q
        return results

    def docs_for_query(self, q: Query, for_deletion: bool = False) -> Iterator[int]:
        """As Whoosh's: the numbers of the documents that match."""
        try:
            found = documents(self, q) if self._by_arrays() else None
        except Unknown:
            found = None
        if found is None:
            yield from super().docs_for_query(q, for_deletion)
        else:
            for docs, offset in found:
                yield from (docs + offset).tolist()

    def _by_arrays(self) -> bool:
        segments = (leaf.reader().segment() for leaf, _ in self.leaf_searchers())
        return scored_by_arrays(self.weighting) and all(hasattr(segment, "terms") for segment in segments)

    def up_to_date(self) -> bool:
        return bool(super().up_to_date())

    def refresh(self) -> ViewSearcher:
        """A searcher of the newest generation: this one when it still is."""
        fresh: ViewSearcher = super().refresh()
        return fresh

    # Statistics

    def avg_field_length(self, fieldname: str, default: Any = None) -> Any:
        if not self.schema[fieldname].scorable:
            return default
        if fieldname not in self._averages:
            self._averages[fieldname] = super().avg_field_length(fieldname, default)
        return self._averages[fieldname]

    def norms(self, name: str, weighting: Any) -> tuple[F64, float]:
        """What BM25F adds to a term's frequency below the line, for each document of the segment; the
        least."""
        b = weighting._field_B.get(name, weighting.B)
        key = (name, b, weighting.K1)
        if key not in self._norms:
            average = self.get_parent().avg_field_length(name) or 1
            segment: Any = self.reader().segment()
            lengths = segment.terms(name).lengths
            # A document without tokens, or a field without lengths, counts as one token.
            counted = np.ones(self.doc_count_all()) if lengths is None else np.maximum(lengths, 1)
            norms = weighting.K1 * ((1 - b) + b * counted / average)
            self._norms[key] = norms, float(norms.min(initial=0.0 if not len(norms) else np.inf))
        return self._norms[key]

    def ranks(self, name: str) -> list[I64]:
        """The ranks of a column's values, by segment (`ordering.ranked`)."""
        if name not in self._ranks:
            self._ranks[name] = ranked(self, name)
        return self._ranks[name]
