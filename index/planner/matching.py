"""How many paragraphs and documents hold any of some words: exact, from bitmaps where there are such."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import I64, distinct
from ..leaves import Leaves
from ..query import FieldName, Phrase, Word
from .addends import Addends
from .listed import ListedTerm
from .short import Held
from .stored import in_all

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


def count_any(addends: Addends, nodes: Sequence[Word | Phrase], held: Held, others: I64) -> tuple[int, int]:
    """Paragraphs that hold any of the nodes, and documents in which these lie.

    held: those of the short lists; others: those found by a heading or title, sorted.
    """
    segment = addends.leaves.view.segment
    if held.count:
        held = _asked(addends, nodes, held)
    is_single = segment.documents == segment.paragraphs  # one in each
    if is_single and not addends.long and not len(others):
        return held.count, held.count
    short = held.units()
    if len(others):
        short = distinct(np.sort(np.concatenate((short, others)))) if len(short) else others
    terms = {id(term.long): term for addend in addends.long if isinstance(term := addend.listed, ListedTerm)}
    bitmaps = [bits for term in terms.values() if (bits := term.bits) is not None]
    paragraphs = len(short)
    if bitmaps:
        joined = bitmaps[0]
        if len(bitmaps) == 1:
            paragraphs += next(iter(terms.values())).count
        else:
            for bits in bitmaps[1:]:
                joined = joined | bits
            paragraphs += int(np.bitwise_count(joined).sum(dtype=np.int64))
        if len(short):
            known = in_all([joined], short)
            paragraphs -= int(np.count_nonzero(known))
            if not is_single:
                short = short[~known]
    if is_single:
        return paragraphs, paragraphs
    documents = np.zeros(segment.documents, np.bool_)
    for term in terms.values():
        documents |= addends.leaves.view.documents_of(term)
    documents[segment.document_of.take(short)] = True
    return paragraphs, int(np.count_nonzero(documents))


def _asked(addends: Addends, nodes: Sequence[Word | Phrase], held: Held) -> Held:
    """The paragraphs of the short lists that are asked for, and perhaps others of `held`. The rest are pairs
    of words, and the words count."""
    asked = {id(listed) for node in nodes for listed in addends.leaves.text(node)}
    lists = [addend.listed for addend in addends.short if id(addend.listed) in asked]
    if len(lists) > 1:
        return held
    return Held(lists[0].all_units() if lists else np.empty(0, np.int64))
