"""The texts of chosen units of a segment, in UTF-8, without unpacking the rest of their documents."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .arrays import I64, first_of_runs
from .integers import Integers
from .segment import Segment

__all__ = ["texts_of"]

_BATCH = 1 << 22  # bytes of text that are held at a time
_GAP = 1 << 16  # bytes between two texts from which on they are not unpacked together


def texts_of(segment: Segment, kind: str, units: I64) -> Iterator[list[bytes]]:
    """The words of some units (ascending) as they were inverted, so many at a time as are some megabytes.

    kind: `text`, `heading` or `title`.
    """
    if kind == "text":
        yield from _batches(_paragraphs(segment, units))
    elif kind == "heading":
        yield from _batches(_headings(segment, units))
    else:
        yield from _batches(segment.record(unit)[0].title.encode() for unit in units.tolist())


def _paragraphs(segment: Segment, units: I64) -> Iterator[bytes]:
    if not len(units):
        return
    begins = _at(segment.stream_ends("text"), segment.document_of[units])
    for name in ("start", "extra_before"):
        begins += _at(segment.column("paragraph", name), units)
    ends = begins + _at(segment.column("paragraph", "byte_length"), units)
    stream = segment.streams["text"]
    distant = begins[1:] - ends[:-1] > _GAP
    runs = first_of_runs(np.append(0, distant.cumsum()))
    for first, last in zip(runs.tolist(), [*runs[1:].tolist(), len(units)], strict=True):
        while first < last:
            # As many as are held at a time; one in any case.
            upto = max(int(ends[first:last].searchsorted(begins[first] + _BATCH, side="right")), 1) + first
            base = int(begins[first])
            content = stream.read(base, int(ends[upto - 1]))
            places = zip(
                (begins[first:upto] - base).tolist(), (ends[first:upto] - base).tolist(), strict=True
            )
            yield from (content[start:end] for start, end in places)
            first = upto


def _at(column: Integers, rows: I64) -> I64:
    """The numbers of some rows (sorted, at least one)."""
    first = int(rows[0])
    return column.numbers(first, int(rows[-1]) + 1)[rows - first]


def _headings(segment: Segment, sections: I64) -> Iterator[bytes]:
    documents = segment.first_sections.searchsorted(sections, side="right") - 1
    known, titles = -1, [""]
    for document, section in zip(documents.tolist(), sections.tolist(), strict=True):
        if document != known:
            known, titles = document, segment.titles(document)
        yield titles[section - int(segment.first_sections[document])].encode()


def _batches(texts: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
