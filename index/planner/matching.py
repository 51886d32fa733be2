"""How many paragraphs and documents hold any of some words: exact, from bitmaps where there are such."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import I64, U64
from ..leaves import Leaves
from ..query import FieldName, Phrase, Word
from .listed import ListedTerm
from .stored import bitmap

__all__ = ["count_any", "others_of"]


def others_of(leaves: Leaves, nodes: Sequence[Word | Phrase]) -> list[I64]:
    """Paragraphs at which the nodes stand by a heading or title, as arrays that may overlap."""
    return [
        paragraphs
        for node in nodes
        for field in (FieldName.HEADING, FieldName.TITLE)
        if node.field in (field, FieldName.ANY)
        for paragraphs in leaves.paragraphs(node, field)
    ]


def count_any(leaves: Leaves, nodes: Sequence[Word | Phrase]) -> tuple[int, int]:
    """Paragraphs at which any of the nodes stands, and documents in which these lie."""
    listed = [
        each for node in nodes if node.field in (FieldName.ANY, FieldName.TEXT) for each in leaves.text(node)
    ]
    longs = {id(each.long): each for each in listed if isinstance(each, ListedTerm) and each.bits is not None}
    parts = [each.all_units() for each in listed if not isinstance(each, ListedTerm) or each.bits is None]
    parts += others_of(leaves, nodes)
    segment = leaves.view.segment
    bitmaps = [each.bits for each in longs.values() if each.bits is not None]
    paragraphs = _count(bitmaps, parts, segment.paragraphs)
    if segment.documents == segment.paragraphs:  # one in each
        return paragraphs, paragraphs
    documents = np.zeros(segment.documents, np.bool_)
    for each in longs.values():
        documents |= leaves.view.documents_of(each)
    for part in parts:
        documents[segment.document_of.take(part)] = True
    return paragraphs, int(np.count_nonzero(documents))


def _count(bitmaps: Sequence[U64], parts: Sequence[I64], bound: int) -> int:
    """How many numbers below `bound` are in any of the bitmaps or arrays."""
    if not bitmaps and len(parts) < 2:
        return sum(map(len, parts))
    if not bitmaps:
        flags = np.zeros(bound, np.bool_)
        for part in parts:
            flags[part] = True
        return int(np.count_nonzero(flags))
    joined = bitmaps[0]
    for bits in bitmaps[1:]:
        joined = joined | bits
    if parts:
        joined = joined | bitmap(np.concatenate(parts), bound)
    return int(np.bitwise_count(joined).sum(dtype=np.int64))
