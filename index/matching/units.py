"""The units of a scope in one view: which there are, and which a paragraph lies in."""

from __future__ import annotations

import numpy as np

from ..arrays import I64, Bool, first_of_runs
from ..query import Scope
from ..segment import Segment
from ..snapshot import View

__all__ = ["Units"]


class Units:
    """Paragraphs, sections or documents of a view, by their numbers.

    A paragraph lies in the innermost section around it; a section without paragraphs of its own is no unit.
    live: which there are; shape (count,).
    """

    def __init__(self, segment: Segment, count: int, live: Bool, of: I64 | None, firsts: I64 | None) -> None:
        self.segment = segment
        self.count = count
        self.live = live
        self._of = of
        self._firsts = firsts

    @classmethod
    def of(cls, view: View, scope: Scope) -> Units:
        segment = view.segment
        if scope is Scope.PARAGRAPH:
            return cls(
                segment, segment.paragraphs, _or_all(view.live_paragraphs, segment.paragraphs), None, None
            )
        if scope is Scope.DOCUMENT:
            live = _or_all(view.live_documents, segment.documents)
            return cls(segment, segment.documents, live, segment.document_of, segment.first_paragraphs)
        firsts = np.zeros(segment.sections, np.int64)
        own = np.zeros(segment.sections, np.bool_)
        at = first_of_runs(segment.section_of)  # a section's own paragraphs stand together
        sections = segment.section_of[at]
        firsts[sections], own[sections] = at, True
        if view.live_sections is not None:
            own &= view.live_sections
        return cls(segment, segment.sections, own, segment.section_of, firsts)

    def of_paragraph(self, paragraphs: I64) -> I64:
        return paragraphs if self._of is None else self._of[paragraphs]

    def documents(self, units: I64) -> I64:
        """The document of each unit; every unit has a paragraph."""
        return self.segment.document_of[self.first_paragraph(units)]

    def first_paragraph(self, units: I64) -> I64:
        return units if self._firsts is None else self._firsts[units]


def _or_all(mask: Bool | None, count: int) -> Bool:
    return np.ones(count, np.bool_) if mask is None else mask
