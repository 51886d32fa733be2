"""Terms that an index knows already, so that rebuilds and updates need not stem its words again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import IndexProblem
from .analysis.stems import Stem, query_term, term
from .segment import UNITS, Segment
from .snapshot import Snapshot
from .storage import Storage

__all__ = ["KnownTerms"]

_ARRAYS = ("terms", "term_ends", "surfaces", "surface_ends", "surface_terms")
_MOST = 1 << 18  # surfaces of a language; some 50 MB


class KnownTerms:
    """Terms by surface, from segments that were analysed as this program does; read when first asked for.

    Damaged tables are passed over: a rebuild, which is to mend them, must not carry them over.
    """

    def __init__(self, segments: Iterable[Segment] = (), *, few: bool = False) -> None:
        """few: hardly any other words are to come, so that importing NLTK for them would not pay."""
        self._segments = tuple(segments)
        self._few = few
        self._tables: dict[str, Mapping[str, str]] = {}

    @classmethod
    def of(cls, storage: Storage) -> KnownTerms:
        """What the current generation knows; nothing where there is none that can be read."""
        try:
            return cls(view.segment for view in Snapshot.open(storage).views)
        except IndexProblem:
            return cls()

    def table(self, language: str) -> Mapping[str, str]:
        found = self._tables.get(language)
        if found is None:
            found = self._tables[language] = self._read(language)
        return found

    def stem(self, language: str) -> Stem:
        """What gives the terms of words that are not in the table."""
        return query_term(language) if self._few and self.table(language) else term(language)

    def _read(self, language: str) -> dict[str, str]:
        table: dict[str, str] = {}
        for kind in UNITS:
            for segment in self._segments:
                if len(table) < _MOST:
                    table.update(_terms(segment, f"{kind}.{language}"))
        return table


def _terms(segment: Segment, name: str) -> dict[str, str]:
    kind, _, language = name.partition(".")
    arrays = [f"{name}/{array}" for array in _ARRAYS]
    try:
        field = segment.field(kind, language)
        if field is None or not all(map(segment.container.is_sound, arrays)):
            return {}
        terms = [word.decode() for word in field.terms.all()]
        numbers = field.surface_terms.tolist()
        surfaces = [word.decode() for word in field.surfaces.all()]
    except (IndexProblem, UnicodeDecodeError):
        return {}
    return {surface: terms[number] for surface, number in zip(surfaces, numbers, strict=True)}
