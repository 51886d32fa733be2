"""Whoosh's queries answered in arrays: the fast path behind `WhooshIndex.searcher()`.

`evaluate` turns a query tree into a tree of nodes for one segment; a node knows its documents as a sorted
array, and gives scores, spans and matched terms for those that are asked about. `collect` ranks them into
Whoosh's `Results`. The law: the same documents and scores as Whoosh's own matchers over the same segments.
What the evaluator does not know is left to these matchers.
"""

from __future__ import annotations

from .searcher import ViewSearcher

__all__ = ["ViewSearcher"]
