"""How many paragraphs and documents hold any of some words: exact, from bitmaps where there are such."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import I64, distinct
from ..leaves import Leaves
from ..query import FieldName, Phrase, Word
from .addends import Addends
from .listed import ListedTerm
from .stored import holding_all

__all__ = ["count_any", "others_of"]


def others_of(leaves: Leaves, nodes: Sequence[Word | Phrase]) -> list[I64]:
    """Paragraphs at which the nodes stand by a heading or title, as arrays that may overlap."""
    if not leaves.view.segment.has_headings:
        return []
    found: list[I64] = []
    with leaves.deadline:
        for node in nodes:
            for field in (FieldName.HEADING, FieldName.TITLE):
                if node.field in (field, FieldName.ANY):
                    found += leaves.paragraphs(node, field)
    return found


def count_any(addends: Addends, nodes: Sequence[Word | Phrase], short: I64, others: I64) -> tuple[int, int]:
    """Paragraphs that hold any of the nodes, and documents in which these lie.

    short: those of the short lists, distinct; others: those found by a heading or title, sorted.
    """
    segment = addends.leaves.view.segment
    if len(short):
        short = _asked(addends, nodes, short)
    if len(others):
        short = distinct(np.sort(np.concatenate((short, others)))) if len(short) else others
    terms = {id(term.long): term for addend in addends.long if isinstance(term := addend.listed, ListedTerm)}
    bitmaps = [bits for term in terms.values() if (bits := term.bits) is not None]
    paragraphs = len(short)
    if bitmaps:
        joined = bitmaps[0]
        for bits in bitmaps[1:]:
            joined = joined | bits
        paragraphs += int(np.bitwise_count(joined).sum(dtype=np.int64))
        if len(short):
            held = holding_all([joined], short)
            paragraphs -= len(held)
            fresh = np.ones(len(short), np.bool_)
            fresh[held] = False
            short = short[fresh]
    if segment.documents == segment.paragraphs:  # one in each
        return paragraphs, paragraphs
    documents = np.zeros(segment.documents, np.bool_)
    for term in terms.values():
        documents |= addends.leaves.view.documents_of(term)
    documents[segment.document_of.take(short)] = True
    return paragraphs, int(np.count_nonzero(documents))


def _asked(addends: Addends, nodes: Sequence[Word | Phrase], short: I64) -> I64:
    """The paragraphs of the short lists that are asked for, distinct, and perhaps others of `short`. The rest
    are pairs of words, and the words count."""
    asked = {id(listed) for node in nodes for listed in addends.leaves.text(node)}
    lists = [addend.listed for addend in addends.short if id(addend.listed) in asked]
    if not lists:
        return short[:0]
    return lists[0].all_units() if len(lists) == 1 else short
