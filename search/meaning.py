"""Ordering the first hits anew by what they mean: `--semantic`.

Of the first hundred hits in the order of their words each gets, on top of its score s, so much of the best
hit's score m as it is near to the query in meaning: s + WEIGHT m cos. That is the order of s/m + WEIGHT cos
(a fusion of scores: fusing ranks did harm), and what is added can be told like any other share of a score.
Since a cosine counts from 0 on, none of the hundred falls behind those that follow, which stay as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import QueryError
from ..index.query import Request
from ..index.records import Answer, Ref, Scored, Share
from .engine import Engine
from .reading import Question
from .syntax import AnyOf, Chunk, Syntax

__all__ = ["DEPTH", "WEIGHT", "Meaning"]

DEPTH = 100
"""Hits that are ordered anew."""

WEIGHT = 0.9
"""What full agreement in meaning adds, in scores of the best hit. Chosen, from 0.5 to 0.9, on half of the
judged questions (docs/benchmarks.md)."""


class Meaning:
    """What one question means, and how near hits are to it."""

    def __init__(self, engine: Engine, query: str, question: Question, request: Request) -> None:
        """QueryError where hits are ordered by a field."""
        if request.sort is not None:
            raise QueryError(
                f"an order by {request.sort.field} leaves none by meaning", hint="Ask for one of the two"
            )
        self._engine = engine
        self._text = _text_of(query, question)
        self._best = 0.0
        self._near: dict[Ref, float] = {}

    def answer(self, request: Request) -> Answer:
        """As the engine's, with the first DEPTH hits in the new order. An answer that ran out of time, or is
        asked for nothing but totals, is the engine's own."""
        if not self._text or request.limit <= 0:
            return self._engine.answer(request)
        end = request.offset + request.limit
        found = self._engine.answer(replace(request, offset=0, limit=max(end, DEPTH)))
        hits = found.hits if found.partial else (*self._reordered(found.hits[:DEPTH]), *found.hits[DEPTH:])
        page = hits[request.offset : end]
        return replace(found, hits=page, folded=sum(len(hit.others) for hit in hits[:end]))

    def explained(
        self, refs: Sequence[Ref], shares: Sequence[tuple[Share, ...]]
    ) -> tuple[tuple[Share, ...], ...]:
        """The shares of hits, each with what its meaning adds."""
        return tuple(
            (*some, self._share(ref)) if ref in self._near else some
            for ref, some in zip(refs, shares, strict=True)
        )

    def _reordered(self, hits: Sequence[Scored]) -> list[Scored]:
        if not hits:
            return []
        self._best = max(hit.score for hit in hits) or 1.0
        refs = [hit.ref for hit in hits]
        self._near = dict(zip(refs, self._engine.nearness(self._text, refs), strict=True))
        fused = [hit._replace(score=hit.score + self._added(hit.ref)) for hit in hits]
        return sorted(fused, key=lambda hit: (-hit.score, hit.ref))

    def _added(self, ref: Ref) -> float:
        return WEIGHT * self._best * self._near[ref]

    def _share(self, ref: Ref) -> Share:
        return Share(self._text, "meaning", "", self._near[ref], WEIGHT, self._best, self._added(ref))


def _text_of(query: str, question: Question) -> str:
    """What the model is given: a query without operators as it was typed, of others the words asked for; ""
    of one that asks for no words."""
    typed = [leaf for leaf in question.leaves if not leaf.added]
    if typed and _is_plain(question.asked):
        return query
    return " ".join(leaf.node.surface for leaf in typed)


def _is_plain(tree: Syntax) -> bool:
    return isinstance(tree, Chunk) or (
        isinstance(tree, AnyOf) and all(isinstance(each, Chunk) for each in tree.children)
    )
