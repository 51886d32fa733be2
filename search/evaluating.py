"""Judging an index by questions whose answers are known, and two ways of asking against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..errors import QueryError, QuerySyntax
from .judgements import METRICS, Passages, Scores, mean, scored
from .results import Results

__all__ = ["Comparison", "Evaluation", "compare", "evaluate"]

_PAGE = 50  # hits fetched at a time until there are enough different answers
_MOST_PAGES = 20
_ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class Evaluation:
    """depth: how many answers count. scores: of each question that has judgements, by its id. means: of all
    of them. without: ids of questions that have none. unread: ids of those that are no query."""

    depth: int
    scores: Mapping[str, Scores]
    means: Scores
    without: tuple[str, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two evaluations, question by question, in one metric.

    difference: of the means, the second less the first. better, worse, same: questions by the sign of their
    difference. chance: how often a difference as large comes about when for each question the two are swapped
    at random (a paired randomisation test; Smucker, Allan and Carterette 2007).
    """

    metric: str
    difference: float
    better: int
    worse: int
    same: int
    chance: float


Ask = Callable[[str, int, int], Results]
"""ask(question, limit, offset)."""


def evaluate(
    ask: Ask,
    questions: Mapping[str, str],
    judgements: Mapping[str, Mapping[str, int]],
    *,
    passages: Passages | None = None,
    depth: int = 10,
) -> Evaluation:
    """Ask all judged questions.

    ask: gives the hits of a question from an offset on, without snippets.
    judgements: grades by question and answer. An answer is a passage of `passages`: that in whose lines the
    hit's paragraph begins; without these it is a document: its key, or its path. Of several hits in one the
    first counts. A hit outside of all passages keeps its rank.
    Raises QueryError when no question has a relevant answer.
    """
    relevant = {name: grades for name, grades in judgements.items() if max(grades.values(), default=0) > 0}
    found: dict[str, Scores] = {}
    unread: list[str] = []
    for name, question in questions.items():
        if name in relevant:
            try:
                found[name] = scored(
                    _answers(ask, question, passages, relevant[name], depth), relevant[name], depth
                )
            except QuerySyntax:
                unread.append(name)
                found[name] = Scores(0.0, 0.0, 0.0, 0.0)
    if not found:
        raise QueryError(
            "none of the questions has a relevant answer", hint="Use the same ids in questions and judgements"
        )
    without = tuple(name for name in questions if name not in relevant)
    return Evaluation(depth, found, mean(list(found.values())), without, tuple(unread))


def _answers(
    ask: Ask, question: str, passages: Passages | None, relevant: Mapping[str, int], depth: int
) -> Iterator[str]:
    """The answers of the hits in their order, repeats included, until there are enough different ones."""
    seen: set[str] = set()
    for page in range(_MOST_PAGES):
        hits = ask(question, _PAGE, page * _PAGE)
        for hit in hits:
            if passages is not None:
                name = (hit.line and passages.at(hit.path, hit.line)) or hit.citation
            else:
                name = hit.path if hit.path in relevant else hit.key
            seen.add(name)
            yield name
            if len(seen) >= depth:
                return
        if len(hits) < _PAGE:
            return


def compare(first: Evaluation, second: Evaluation) -> tuple[Comparison, ...]:
    """Two evaluations of the same questions, in every metric. The test has a fixed seed: the same evaluations
    give the same chance. ValueError when the questions differ."""
    if first.scores.keys() != second.scores.keys():
        raise ValueError("the evaluations are of different questions")
    return tuple(_compared(metric, first, second) for metric in METRICS)


def _compared(metric: str, first: Evaluation, second: Evaluation) -> Comparison:
    differences = [
        getattr(second.scores[name], metric) - getattr(scores, metric)
        for name, scores in first.scores.items()
    ]
    better, worse = sum(each > 0 for each in differences), sum(each < 0 for each in differences)
    return Comparison(
        metric,
        sum(differences) / len(differences),
        better,
        worse,
        len(differences) - better - worse,
        _chance([abs(each) for each in differences if each], abs(sum(differences))),
    )


def _chance(sizes: list[float], observed: float) -> float:
    """The share of random signs under which the sum is at least as far from 0."""
    import numpy as np  # only a comparison needs it here

    draw = np.random.default_rng(1)
    values = np.array(sizes)
    reached = 0
    for _ in range(0, _ROUNDS, 100):
        signs = draw.integers(0, 2, (100, len(values))) * 2 - 1
        reached += int(np.count_nonzero(np.abs(signs @ values) >= observed - 1e-12))
    return (reached + 1) / (_ROUNDS + 1)
