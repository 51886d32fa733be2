"""Hits that say nearly the same as a better one: folded into it, so that copies do not crowd the page.

Hits are gone through in their order. Each that is alike to one already kept (the first of these) is folded
into it, else it is kept. Alike are two paragraphs of whose runs of three words, taken together, at least four
fifths stand in both. Their sketches (`inverter.likeness`) tell which are worth comparing, so that a page
without duplicates costs next to nothing; what differs in three fifths of its sketch counts as different.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from .analysis.normal import fold as without_accents
from .analysis.normal import normalise
from .analysis.tokens import tokenize
from .query import Request
from .records import Answer, Ref, Scored

__all__ = ["fold", "threes"]

ALIKE = 0.8
_FIELDS = 5
_BITS = 12
_SPARE = 50
_AGREEING = 3  # of the five minima in a sketch; of pairs that are alike, some 95 in 100 have so many


def fold(request: Request, first: Callable[[int], Answer], text: Callable[[Ref], str]) -> Answer:
    """The page that is asked for when hits are folded.

    first: so many of the hits without folding, with sketches. text: of a paragraph.
    """
    wanted = request.offset + request.limit
    folder = _Folder(wanted, text)
    # Up to the first hit of the next page, whose duplicates are none of ours. Some more are had for little.
    most = wanted + 1 + min(wanted // 2, _SPARE)
    done = 0
    while True:
        found = first(most)
        full = folder.take(found.hits[done:])
        if full or found.partial or len(found.hits) < most:
            break
        done, most = most, 2 * most
    kept = folder.kept[:wanted]
    folded = sum(len(others) for _, others in kept)
    page = tuple(hit._replace(others=tuple(others)) for hit, others in kept[request.offset :])
    return Answer(found.totals, page, folded, found.partial)


def threes(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of three words of a text, without capitals and accents; fewer at its end."""
    words = [without_accents(normalise(token.raw)) for token in tokenize(text)]
    return frozenset(tuple(words[at : at + 3]) for at in range(len(words)))


class _Folder:
    """Takes hits in order; `kept` are those that stand for themselves, each with what was folded into it."""

    def __init__(self, wanted: int, text: Callable[[Ref], str]) -> None:
        self.kept: list[tuple[Scored, list[Ref]]] = []
        self._wanted = wanted
        self._text = cache(text)
        self._threes = cache(threes)
        self._by_minimum: dict[tuple[int, int], list[int]] = {}

    def take(self, hits: tuple[Scored, ...]) -> bool:
        """True when more are kept than wanted: what follows is of no interest."""
        for hit in hits:
            minima = list(_minima(hit.sketch))
            like = next(filter(lambda at: self._alike(hit, at), self._candidates(minima)), None)
            if like is not None:
                self.kept[like][1].append(hit.ref)
                continue
            for minimum in minima:
                self._by_minimum.setdefault(minimum, []).append(len(self.kept))
            self.kept.append((hit, []))
            if len(self.kept) > self._wanted:
                return True
        return False

    def _candidates(self, minima: list[tuple[int, int]]) -> list[int]:
        """Kept hits with enough of the minima, in their order."""
        agreeing: Counter[int] = Counter()
        for minimum in minima:
            if (found := self._by_minimum.get(minimum)) is not None:
                agreeing.update(found)
        return sorted(at for at, count in agreeing.items() if count >= _AGREEING)

    def _alike(self, hit: Scored, at: int) -> bool:
        one, other = self._text(hit.ref), self._text(self.kept[at][0].ref)
        if one == other:
            return True
        mine, others = self._threes(one), self._threes(other)
        return len(mine & others) >= ALIKE * len(mine | others)


def _minima(sketch: int) -> Iterator[tuple[int, int]]:
    """The parts of a sketch, each with its place; none of that of a paragraph without words."""
    if sketch:
        for place in range(_FIELDS):
            yield place, (sketch >> _BITS * place) & ((1 << _BITS) - 1)
