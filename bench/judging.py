"""Judged ranking: recall, average precision and nDCG of the first ten, as trec_eval defines them, from the
ranks at which each question's relevant passages stand."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import NotRequired, TypedDict, cast

from .figures import percentiles
from .machine import Machine

__all__ = [
    "DEPTH",
    "METRICS",
    "Judgement",
    "average_precision",
    "compare",
    "is_judgement",
    "load",
    "ndcg",
    "recall",
    "scores",
    "table",
]

DEPTH = 10
"""Passages that count."""


class Judgement(TypedDict):
    """ranks: for each question, in the order of its file, at which ranks (from 1 to DEPTH) relevant passages
    stand; relevant: how many there are. ms: milliseconds of the product's own search for it. others: ranks of
    other engines, by their titles. vector_ms: milliseconds of a processor for the vector of a paragraph,
    where hits were ordered by meaning, too."""

    kind: str
    date: str
    command: str
    commit: str
    machine: Machine
    corpus: str
    documents: int
    paragraphs: int
    ranks: list[list[int]]
    relevant: list[int]
    ms: list[float]
    others: NotRequired[dict[str, list[list[int]]]]
    vector_ms: NotRequired[float]


def recall(ranks: Sequence[int], relevant: int) -> float:
    return len(ranks) / relevant


def average_precision(ranks: Sequence[int], relevant: int) -> float:
    """Precision at each relevant rank, over all that are relevant, found or not (`map_cut`)."""
    return sum(number / rank for number, rank in enumerate(sorted(ranks), start=1)) / relevant


def ndcg(ranks: Sequence[int], relevant: int) -> float:
    """Gain 1 for what is relevant, discounted by log2(rank + 1), to that of the best order (`ndcg_cut`)."""
    best = _gain(range(1, min(relevant, DEPTH) + 1))
    return _gain(ranks) / best


def _gain(ranks: Sequence[int]) -> float:
    return sum(1 / math.log2(rank + 1) for rank in ranks)


METRICS: dict[str, Callable[[Sequence[int], int], float]] = {
    "recall@10": recall,
    "MAP@10": average_precision,
    "nDCG@10": ndcg,
}


def scores(judgement: Judgement, metric: str) -> list[float]:
    """Question by question."""
    pairs = zip(judgement["ranks"], judgement["relevant"], strict=True)
    return [METRICS[metric](ranks, relevant) for ranks, relevant in pairs]


def is_judgement(path: Path) -> bool:
    return load(path).get("kind") == "judgement"


def load(path: Path) -> Judgement:
    return cast(Judgement, json.loads(path.read_text(encoding="utf-8")))


def table(judgement: Judgement) -> str:
    """Means over all questions and over each half of them (every other question), and the times."""
    machine = judgement["machine"]
    p50, p95, p99 = percentiles(judgement["ms"])
    rows = [("all", slice(None)), ("odd lines", slice(0, None, 2)), ("even lines", slice(1, None, 2))]
    lines = [
        f"{judgement['corpus']}: {judgement['documents']:,} documents, {judgement['paragraphs']:,} "
        f"paragraphs. Judged on {judgement['date']} at commit `{judgement['commit']}` with "
        f"`{judgement['command']}`. A "
        f"search took {p50:.1f} ms at p50, {p95:.1f} at p95, {p99:.1f} at p99 ({machine['cpu']}, "
        f"{machine['cores']} cores, Python {machine['python']})."
        f"{_of_vectors(judgement)}",
        "",
        f"| questions | number | {' | '.join(METRICS)} |",
        f"| --- | ---: | {' | '.join(['---:'] * len(METRICS))} |",
        *(f"| {name} | {' | '.join(_means(judgement, part))} |" for name, part in rows),
    ]
    for title, ranks in judgement.get("others", {}).items():
        other: Judgement = {**judgement, "ranks": ranks}
        lines.append(f"| all, {title} | {' | '.join(_means(other, slice(None)))} |")
    return "\n".join(lines) + "\n"


def _of_vectors(judgement: Judgement) -> str:
    if "vector_ms" not in judgement:
        return ""
    return f" The vector of a paragraph took {judgement['vector_ms']:.1f} ms of a processor."


def _means(judgement: Judgement, part: slice) -> Iterator[str]:
    yield f"{len(judgement['ranks'][part]):,}"
    for metric in METRICS:
        yield f"{fmean(scores(judgement, metric)[part]):.4f}"


def compare(before: Judgement, after: Judgement) -> str:
    """How the means differ, with the standard error of the paired difference, question by question."""
    if before["relevant"] != after["relevant"]:
        raise ValueError("the two judgements are of different questions")
    lines = [
        "| metric | before | after | difference | standard error |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for metric in METRICS:
        old, new = scores(before, metric), scores(after, metric)
        differences = [later - earlier for earlier, later in zip(old, new, strict=True)]
        error = stdev(differences) / math.sqrt(len(differences))
        lines.append(
            f"| {metric} | {fmean(old):.4f} | {fmean(new):.4f} | {fmean(differences):+.4f} | {error:.4f} |"
        )
    return "\n".join(lines) + "\n"
