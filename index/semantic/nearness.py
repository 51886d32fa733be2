"""How near paragraphs are to a question in meaning."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...errors import IndexProblem
from ..snapshot import View
from .model import load_model
from .vectors import cosines

__all__ = ["nearness"]

_HINT = "Make them with `docsearch index --semantic`"


def nearness(views: Sequence[View], text: str, places: Sequence[tuple[int, int]]) -> tuple[float, ...]:
    """The cosines of a text with paragraphs, each given by its view and its number there; from 0 to 1.

    IndexProblem where one of the views has no vectors, whichever paragraphs are asked about."""
    _require_vectors(views)
    vector = load_model().vector(text)
    found = [0.0] * len(places)
    for number, view in enumerate(views):
        mine = [(at, paragraph) for at, (of, paragraph) in enumerate(places) if of == number]
        vectors = view.segment.vectors
        if mine and vectors is not None:
            rows = vectors.rows(np.array([paragraph for _, paragraph in mine]))
            for (at, _), cosine in zip(mine, cosines(rows, vector), strict=True):
                found[at] = cosine
    return tuple(found)


def _require_vectors(views: Sequence[View]) -> None:
    every = [view.segment.vectors for view in views]
    if None in every:
        raise IndexProblem("the index has no vectors of what its paragraphs mean", hint=_HINT)
    if not all(vectors.is_current for vectors in every if vectors is not None):
        raise IndexProblem(
            "the vectors of the index were made by another model than this program has", hint=_HINT
        )
