"""What a list of answers to a judged question is worth, and which passage a hit stands for.

Metrics are those of trec_eval, over the first `depth` answers: recall, average precision (`map_cut`), nDCG
(`ndcg_cut`: the grade as gain, discounted by log2(rank + 1), to that of the best order) and the reciprocal
rank of the first relevant one. Grades above 0 are relevant.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "METRICS",
    "Passages",
    "Scores",
    "mean",
    "scored",
]

METRICS = ("ndcg", "map", "recall", "mrr")
"""The fields of `Scores`, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one question, or the means of many; each from 0 to 1."""

    ndcg: float
    map: float
    recall: float
    mrr: float


def scored(answers: Iterable[str], grades: Mapping[str, int], depth: int) -> Scores:
    """What the first `depth` different answers are worth. grades: of the relevant ones, at least one."""
    names = list(dict.fromkeys(answers))[:depth]
    ranks = [rank for rank, name in enumerate(names, start=1) if grades.get(name, 0) > 0]
    relevant = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    precisions = (number / rank for number, rank in enumerate(ranks, start=1))
    best = _gain(enumerate(relevant[:depth], start=1))
    return Scores(
        ndcg=_gain((rank, grades[names[rank - 1]]) for rank in ranks) / best,
        map=sum(precisions) / len(relevant),
        recall=len(ranks) / len(relevant),
        mrr=1 / ranks[0] if ranks else 0.0,
    )


def _gain(grades: Iterable[tuple[int, int]]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in grades)


class Passages:
    """Which judged passage a line of a file belongs to."""

    def __init__(self, rows: Iterable[tuple[str, int, int, str]]) -> None:
        """rows: file, first and last line (from 1, both included), id. Those of a file must not overlap."""
        self._files: dict[str, list[tuple[int, int, str]]] = {}
        for file, first, last, name in rows:
            self._files.setdefault(file, []).append((first, last, name))
        for passages in self._files.values():
            passages.sort()

    def at(self, file: str, line: int) -> str | None:
        passages = self._files.get(file, [])
        found = bisect_right(passages, line, key=lambda passage: passage[0]) - 1
        if found < 0 or line > passages[found][1]:
            return None
        return passages[found][2]


def mean(scores: Sequence[Scores]) -> Scores:
    """The means; of none, zeros."""
    count = max(len(scores), 1)
    return Scores(*(sum(getattr(each, name) for each in scores) / count for name in METRICS))
