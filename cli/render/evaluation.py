"""How good a ranking is: for a person, and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from ...search.evaluating import Comparison, Evaluation
from ...search.judgements import METRICS, Scores
from .json import SCHEMA
from .safe import one_line
from .style import Style
from .words import counted

__all__ = ["as_json", "render"]

_TITLES = {"ndcg": "nDCG", "map": "MAP", "recall": "recall", "mrr": "MRR"}
_NAMED = 5
_LABEL = 40


def render(
    names: Sequence[str],
    found: Sequence[Evaluation],
    compared: Sequence[Comparison],
    style: Style,
    *,
    per_query: bool = False,
) -> str:
    """A line of figures for each ranking, what the comparison says, and every question where asked for."""
    return "\n".join([*_figures(names, found, compared, style), *_remarks(found[0], style)]) + (
        "\n\n" + "\n".join(_questions(names, found, style)) + "\n" if per_query else "\n"
    )


def _figures(
    names: Sequence[str], found: Sequence[Evaluation], compared: Sequence[Comparison], style: Style
) -> Iterator[str]:
    wide = max(map(len, (*names, "difference")))
    depth = found[0].depth
    heads = "".join(f"{_TITLES[metric] + '@' + str(depth):>12}" for metric in METRICS)
    yield style.paint(" " * wide + heads, "dim")
    for name, evaluation in zip(names, found, strict=True):
        yield f"{name:<{wide}}{_row(evaluation.means)}"
    if compared:
        yield f"{'difference':<{wide}}" + "".join(f"{each.difference:>+12.4f}" for each in compared)
        yield f"{'by chance':<{wide}}" + "".join(f"{each.chance:>12.4f}" for each in compared)
        yield f"{'better':<{wide}}" + "".join(f"{each.better:>12,}" for each in compared)
        yield f"{'worse':<{wide}}" + "".join(f"{each.worse:>12,}" for each in compared)


def _row(scores: Scores) -> str:
    return "".join(f"{getattr(scores, metric):>12.4f}" for metric in METRICS)


def _remarks(evaluation: Evaluation, style: Style) -> Iterator[str]:
    yield ""
    yield style.paint(f"{counted(len(evaluation.scores), 'question')} judged", "dim")
    for names, why in (
        (evaluation.without, "no relevant answer"),
        (evaluation.unread, "no word to search for"),
    ):
        if names:
            listed = ", ".join(map(one_line, names[:_NAMED])) + (", …" if len(names) > _NAMED else "")
            yield style.paint(f"{counted(len(names), 'question')} with {why}: {listed}", "dim")


def _questions(names: Sequence[str], found: Sequence[Evaluation], style: Style) -> Iterator[str]:
    ids = list(found[0].scores)
    wide = min(max(map(len, ids)), _LABEL)
    for name in ids:
        for ranking, evaluation in zip(names, found, strict=True):
            which = f"  {ranking:<8}" if len(found) > 1 else ""
            yield f"{one_line(name)[:_LABEL]:<{wide}}{which}{_row(evaluation.scores[name])}"


def as_json(
    names: Sequence[str],
    found: Sequence[Evaluation],
    compared: Sequence[Comparison],
    *,
    per_query: bool = False,
) -> str:
    content = {
        "schema": SCHEMA,
        "depth": found[0].depth,
        "questions": len(found[0].scores),
        "without": list(found[0].without),
        "unread": list(found[0].unread),
        "rankings": [
            {
                "ranking": name,
                "means": asdict(each.means),
                "per_query": {key: asdict(scores) for key, scores in each.scores.items()}
                if per_query
                else None,
            }
            for name, each in zip(names, found, strict=True)
        ],
        "comparison": [asdict(each) for each in compared],
    }
    return json.dumps(content, indent=2, ensure_ascii=True) + "\n"
