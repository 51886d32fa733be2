"""Vectors while an index is written: made for the segments that lack them, carried along by merges.

A paragraph that a document of the same key already had keeps its vector: an update, a rebuild or a repair
costs what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice

import numpy as np

from ...errors import IndexProblem
from ..segment import Segment
from ..snapshot import View
from ..storage import Storage
from ..texts import texts_of
from .model import I8, SIZE, load_model
from .vectors import Vectors, write_vectors

__all__ = ["make_vectors", "merge_vectors"]

_TOGETHER = 64  # texts between two words of progress

Tell = Callable[[int, int], None]
"""tell(paragraphs done, paragraphs in all)."""


def make_vectors(
    storage: Storage, views: Sequence[View], previous: Sequence[View], *, threads: int, tell: Tell
) -> bool:
    """Write the vectors of those views whose segments have none, and let the segments have them. Whether
    there were any.

    previous: the generation before, from which paragraphs that stay keep theirs.
    IndexProblem where the model is not installed.
    """
    lacking = [view for view in views if usable(view.segment) is None]
    total = sum(view.counts[2] for view in lacking)
    done = 0
    with ThreadPoolExecutor(threads) as pool:
        for view in lacking:
            rows = np.zeros((view.segment.paragraphs, SIZE), np.int8)
            texts = _unknown(view, previous, rows)
            while some := list(islice(texts, _TOGETHER)):
                model = load_model()  # not before there is something to do
                for (at, _), vector in zip(
                    some, pool.map(model.vector, [text for _, text in some]), strict=True
                ):
                    rows[at] = vector
                done += len(some)
                tell(done, total)
            view.segment.attach(storage, write_vectors(storage, rows))
    return bool(lacking)


def usable(segment: Segment) -> Vectors | None:
    """The segment's vectors, if it has some that this program can use."""
    return segment.vectors if segment.vectors is not None and segment.vectors.is_current else None


def merge_vectors(storage: Storage, group: Sequence[View], merged: Segment) -> None:
    """Let a merged segment have the vectors of what it was made of, if all of that has some."""
    rows: list[I8] = []
    for view in group:
        vectors = usable(view.segment)
        if vectors is None:
            return
        vectors.container.check()  # damage must not pass into a file with fresh checksums
        live = view.live_paragraphs
        rows.append(vectors.rows(np.arange(view.segment.paragraphs) if live is None else live.nonzero()[0]))
    merged.attach(storage, write_vectors(storage, np.concatenate(rows)))


def _unknown(view: View, previous: Sequence[View], rows: I8) -> Iterator[tuple[int, str]]:
    """Live paragraphs, with their texts, that need a vector; `rows` is given what is known of the others."""
    segment = view.segment
    for document in range(segment.documents):
        if not view.is_live(document):
            continue
        first, end = segment.first_paragraphs[document : document + 2].tolist()
        known = _known(segment.key(document), previous)
        texts = chain.from_iterable(texts_of(segment, "text", np.arange(first, end)))
        for at, text in enumerate(texts, first):
            if text in known:
                rows[at] = known[text]
            else:
                yield at, text.decode()


def _known(key: str, previous: Iterable[View]) -> Mapping[bytes, I8]:
    """The vectors of the document that had a key before, by its paragraphs' texts. Empty where it is damaged:
    it is then made again."""
    for view in previous:
        try:
            document = view.find(key)
            if document is None or (vectors := usable(view.segment)) is None:
                continue
            first, end = view.segment.first_paragraphs[document : document + 2].tolist()
            numbers = np.arange(first, end)
            rows = vectors.rows(numbers)
            texts = list(chain.from_iterable(texts_of(view.segment, "text", numbers)))
            return dict(zip(texts, rows, strict=True))
        except IndexProblem:
            continue
    return {}
