"""Whoosh's searcher, which answers from arrays what it can."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.query import Query
from whoosh.searching import Results, Searcher

from ...arrays import F64
from .collect import Plain, collected, documents
from .leaves import Unknown, scored_by_arrays
from .matcher import Evaluated

__all__ = ["ViewSearcher"]


class ViewSearcher(Searcher):
    """A searcher over segments that tell their terms (`codec.ViewSegment`)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._norms: dict[tuple[str, float, float], F64] = {}
        self._averages: dict[str, float] = {}
        super().__init__(*args, **kwargs)

    def search(self, q: Query, **kwargs: Any) -> Results:
        """As Whoosh's, with the same arguments. Totals are exact whatever the limit."""
        collector = self.collector(**kwargs)
        if not self._by_arrays():
            return super().search(q, **kwargs)
        if plain := Plain.of(collector):
            return collected(self, q, plain)
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

    # Statistics

    def avg_field_length(self, fieldname: str, default: Any = None) -> Any:
        if not self.schema[fieldname].scorable:
            return default
        if fieldname not in self._averages:
            self._averages[fieldname] = super().avg_field_length(fieldname, default)
        return self._averages[fieldname]

    def norms(self, name: str, weighting: Any) -> F64:
        """What BM25F adds to a term's frequency below the line, for each document of this segment."""
        b = weighting._field_B.get(name, weighting.B)
        key = (name, b, weighting.K1)
        if key not in self._norms:
            average = self.get_parent().avg_field_length(name) or 1
            lengths = self.reader().segment().terms(name).lengths
            # A document without tokens, or a field without lengths, counts as one token.
            counted = np.ones(self.doc_count_all()) if lengths is None else np.maximum(lengths, 1)
            self._norms[key] = weighting.K1 * ((1 - b) + b * counted / average)
        return self._norms[key]
