"""Sorting by columns: the values of a field, over all segments, as ranks."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh.columns import EmptyColumnReader
from whoosh.searching import Searcher
from whoosh.sorting import FieldFacet

from ...arrays import I64
from .leaves import Unknown

__all__ = ["ColumnOrder", "facets_of", "ranked"]


def facets_of(facet: Any) -> tuple[FieldFacet, ...] | None:
    """The columns that Whoosh's `MultiFacet` sorts by; None when something else is among them."""
    if facet.facets and all(type(one) is FieldFacet and not one.allow_overlap for one in facet.facets):
        return tuple(facet.facets)
    return None


def ranked(searcher: Searcher, name: str) -> list[I64]:
    """For each segment the rank of every document's value among all values that the index has, from 0.

    `Unknown` for a field whose column does not tell its values as a whole.
    """
    columns = [_column(leaf, name) for leaf, _ in searcher.leaf_searchers()]
    used = [np.flatnonzero(np.bincount(codes, minlength=len(values))) for values, codes in columns]
    held = [[values[at] for at in of.tolist()] for (values, _), of in zip(columns, used, strict=True)]
    place = {value: rank for rank, value in enumerate(sorted({value for part in held for value in part}))}
    found = []
    for (values, codes), of, part in zip(columns, used, held, strict=True):
        ranks = np.zeros(len(values), np.int64)
        ranks[of] = [place[value] for value in part]
        found.append(ranks[codes])
    return found


def _column(leaf: Searcher, name: str) -> tuple[Sequence[Any], I64]:
    """The distinct values, and which of them each document has."""
    if name not in leaf.schema or not leaf.reader().has_column(name):
        raise Unknown(name)
    reader: Any = leaf.reader().column_reader(name, translate=False)
    if isinstance(reader, EmptyColumnReader):
        return [reader[0]], np.zeros(leaf.doc_count_all(), np.int64)
    if not hasattr(reader, "column"):
        raise Unknown(name)
    values, codes = reader.column
    if any(value != value for value in values):  # nan has no rank
        raise Unknown(name)
    return values, np.where(codes < 0, codes + len(values), codes)


@dataclass(frozen=True)
class ColumnOrder:
    """The order of a sorted search: by the ranks of one or several columns, then by document."""

    searcher: Any
    facets: tuple[FieldFacet, ...]

    def keys(self, docs: Sequence[I64]) -> I64:
        """One number for each of the documents, segment by segment, that orders them."""
        keys = np.zeros(sum(map(len, docs)), np.int64)
        room = 1
        for facet in reversed(self.facets):
            ranks = self.searcher.ranks(facet.fieldname)
            of = np.concatenate([np.zeros(0, np.int64), *(r[d] for r, d in zip(ranks, docs, strict=True))])
            count = max((int(r.max(initial=0)) for r in ranks), default=0) + 1
            keys += ((count - 1 - of) if facet.reverse else of) * room
            room *= count
            if room >= 1 << 53:
                raise Unknown("too many values to be ordered by one number")
        return keys

    def sort_key(self, number: int) -> Any:
        """What Whoosh sorts a document of the index by; a tuple for several columns."""
        at, (leaf, offset) = max(
            (at, leaf) for at, leaf in enumerate(self.searcher.leaf_searchers()) if leaf[1] <= number
        )
        keys = tuple(self._key(facet, at, leaf, number - offset) for facet in self.facets)
        return keys[0] if len(keys) == 1 else keys

    def _key(self, facet: FieldFacet, at: int, leaf: Searcher, docnum: int) -> Any:
        if facet.reverse and not leaf.schema[facet.fieldname].column_type.reversible:
            return -int(self.searcher.ranks(facet.fieldname)[at][docnum])
        reader = leaf.reader().column_reader(facet.fieldname, reverse=facet.reverse, translate=False)
        return reader.sort_key(docnum)
