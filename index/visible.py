"""What a filter lets be seen: an engine that answers as an index would that holds the visible documents only.

Everything else is to it as good as deleted, in statistics too: scores, counts, words, expansions, gaps. (The
filter of a request, `Request.where`, only narrows: it changes no score.)
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from ..corpus.model import Gap
from .arrays import I64, Bool, distinct
from .catalog import SourceRow
from .columns import BUILT_IN
from .engine import LocalEngine
from .field import Field
from .filters import documents_of
from .inverter.spellings import Spellings
from .records import Statistics
from .segment import UNITS, Segment
from .snapshot import View
from .texts import texts_of
from .versions import Version
from .where import All, AnyOf, Eq, Exists, Filter, In, Negate, Prefix, Range

__all__ = ["VisibleEngine"]

_FEW = 4


class VisibleEngine(LocalEngine):
    """An engine over the documents of another that a filter lets through. Safe to share, as that one is."""

    def __init__(self, whole: LocalEngine, where: Filter) -> None:
        self.snapshot = whole.snapshot
        self.turn = whole.turn
        self._fields_of = {}
        self._analysed = {}
        self._visible: dict[str, LocalEngine] = {}
        self._where = where
        self._whole_gaps = whole.gap_rows
        self._views = tuple(_narrowed(view, where) for view in whole.views)
        self._standings: dict[int, _Standing] = {}

    @property
    def views(self) -> tuple[View, ...]:
        return self._views

    def statistics(self) -> Statistics:
        return self._visible_statistics

    @cached_property
    def _visible_statistics(self) -> Statistics:
        languages: dict[str, int] = {}
        for view in self.views:
            for language, count in view.languages():
                languages[language] = languages.get(language, 0) + count
        documents, sections, paragraphs = (sum(view.counts[at] for view in self.views) for at in range(3))
        return Statistics(
            documents=documents,
            sections=sections,
            paragraphs=paragraphs,
            gaps=len(self.gaps()),
            languages={code: count for code, count in sorted(languages.items()) if count},
            generation=self.manifest.generation,
            incomplete=not self.manifest.complete,
        )

    def analyser_versions(self) -> dict[str, str]:
        versions = self.manifest.analysers
        return {code: versions[code] for code in self.statistics().languages if code in versions}

    def fields(self) -> frozenset[str]:
        return frozenset((*BUILT_IN, *(name for view in self.views for name in _fields_of(view))))

    def gaps(self) -> tuple[Gap, ...]:
        """Of documents that are seen, and those of which key and root say all that the filter asks."""
        return self._visible_gaps

    @cached_property
    def _visible_gaps(self) -> tuple[Gap, ...]:
        return tuple(gap for row in self._whole_gaps for gap in self._of_row(row))

    def _of_row(self, row: SourceRow) -> tuple[Gap, ...]:
        if row.documents and all(self._find(key) is not None for key in row.documents):
            return row.gaps
        root = row.source.root
        return tuple(gap for gap in row.gaps if _is_certain(self._where, {"key": gap.key, "root": root}))

    def current_key(self, key: str) -> str | None:
        found = super().current_key(key)
        return found if found is not None and self._find(found) is not None else None

    def versions(self, key: str) -> tuple[Version, ...]:
        """The current one only: what the others were is not known to the filter."""
        return super().versions(key)[-1:] if self._find(key) is not None else ()

    def _standing(self, field: Field, surfaces: I64) -> I64:
        return surfaces[self._standing_in(field).of(surfaces)]

    def _among(self, field: Field, surfaces: Bool) -> I64:
        return self._standing_in(field).among(surfaces.nonzero()[0])

    def _standing_in(self, field: Field) -> _Standing:
        found = self._standings.get(id(field))
        if found is None:
            found = self._standings[id(field)] = _Standing(*self._home(field), field)
        return found

    def _home(self, field: Field) -> tuple[View, str]:
        kind, _, language = field.name.partition(".")
        return next((view, kind) for view in self.views if view.segment.field(kind, language) is field)


def _narrowed(view: View, where: Filter) -> View:
    seen = documents_of(view.segment, where)
    if view.live_documents is not None:
        seen &= view.live_documents
    return View(view.segment, np.flatnonzero(~seen).astype(np.uint32))


def _fields_of(view: View) -> set[str]:
    """Fields of which a document that is seen has a value."""
    columns = view.segment.columns
    live = view.live_documents
    return {
        name
        for name, kind in columns.listed
        if (column := columns.get(name, kind)) is not None
        and (live is None or bool(live[column.documents].any()))
    }


def _is_certain(where: Filter, known: dict[str, str]) -> bool | None:
    """Whether the filter holds of something of which no more is known; None: that depends on the rest."""
    match where:
        case All(filters) | AnyOf(filters):
            verdicts = [_is_certain(each, known) for each in filters]
            decisive = isinstance(where, AnyOf)
            if decisive in verdicts:
                return decisive
            return None if None in verdicts else not decisive
        case Negate(inner):
            verdict = _is_certain(inner, known)
            return None if verdict is None else not verdict
        case Eq() | In() | Range() | Exists() | Prefix():
            value = known.get(where.field)
            return None if value is None else _holds(where, value)


def _holds(where: Eq | In | Range | Exists | Prefix, value: str) -> bool | None:
    match where:
        case Exists():
            return True
        case Prefix(_, prefix):
            return value.startswith(prefix)
        case Eq(_, wanted):
            return value == wanted
        case In(_, values):
            return value in values
        case Range():
            return None  # nobody asks for a range of keys to learn of gaps


class _Standing:
    """Which of a field's words (surfaces) stand in units that are seen.

    A word whose term is seen nowhere is not; one that is its term's only one is where that is. Others are
    looked for in the texts that have their term, a few at first, since most are found at once; what was found
    is remembered.
    """

    def __init__(self, view: View, kind: str, field: Field) -> None:
        self._segment: Segment = view.segment
        self._kind = kind
        self._field = field
        count = getattr(view.segment, UNITS[kind])
        live = {"text": view.live_paragraphs, "heading": view.live_sections}.get(kind, view.live_documents)
        self._live: Bool = np.ones(count, np.bool_) if live is None else live
        self._siblings = np.bincount(field.surface_terms, minlength=len(field.terms))
        self._known: dict[int, bool] = {}
        self._seen: dict[int, bool] = {}

    def among(self, surfaces: I64) -> I64:
        """Surfaces of which one stands for each term of which one of the given does. Where they are all that
        a term has, no text need be read: one of them stands wherever the term does."""
        terms = self._field.surface_terms[surfaces]
        some = np.bincount(terms, minlength=len(self._siblings)) < self._siblings
        doubtful = some[terms]
        sure = surfaces[~doubtful]
        seen = np.fromiter(map(self._is_seen, terms[~doubtful].tolist()), np.bool_, len(sure))
        doubted = surfaces[doubtful]
        return np.concatenate((sure[seen], doubted[self.of(doubted)]))

    def _is_seen(self, term: int) -> bool:
        found = self._seen.get(term)
        if found is None:
            found = self._seen[term] = bool(self._live[self._field.postings(term).units].any())
        return found

    def of(self, surfaces: I64) -> Bool:
        """Shape of `surfaces`, their numbers."""
        known = self._known
        self._settle([at for at in surfaces.tolist() if at not in known])
        return np.fromiter((known[at] for at in surfaces.tolist()), np.bool_, len(surfaces))

    def _settle(self, surfaces: list[int]) -> None:
        suspects: dict[bytes, int] = {}
        for at in surfaces:
            term = int(self._field.surface_terms[at])
            seen = self._known[at] = self._is_seen(term)
            if seen and self._siblings[term] > 1:
                suspects[self._field.surfaces[at]] = at
        self._look(suspects)

    def _look(self, suspects: dict[bytes, int]) -> None:
        unread = self._live.copy() if suspects else self._live
        spellings = Spellings()
        most = _FEW
        while suspects:
            places: list[I64] = []
            for surface, at in list(suspects.items()):
                units = self._field.postings(int(self._field.surface_terms[at])).units
                left = units[unread[units]][:most].astype(np.int64)
                if len(left):
                    places.append(left)
                else:
                    self._known[at] = False
                    del suspects[surface]
            if places:
                units = distinct(np.sort(np.concatenate(places)))
                unread[units] = False
                self._read(units, spellings, suspects)
            most *= _FEW

    def _read(self, units: I64, spellings: Spellings, suspects: dict[bytes, int]) -> None:
        for texts in texts_of(self._segment, self._kind, units):
            for surface in spellings.new(texts):
                suspects.pop(surface.encode("utf-8", "surrogatepass"), None)
