"""Terms that an index knows already, so that rebuilds and updates need not stem its words again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ..errors import IndexProblem
from .analysis.stems import Stem, query_term, term
from .damage import SIGNS
from .field import Field
from .inverter.lexicon import Lexicon
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
        self._lexicons: dict[str, Lexicon] = {}

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

    def lexicon(self, language: str) -> Lexicon:
        """The words met so far, with these terms; another one when it has grown large."""
        found = self._lexicons.get(language)
        if found is None or len(found) > _MOST:
            found = Lexicon(language, known=self.table(language), unknown=self._stem)
            self._lexicons[language] = found
        return found

    def _stem(self, language: str) -> Stem:
        """What gives the terms of words that are not in the table."""
        return query_term(language) if self._few and self.table(language) else term(language)

    def _read(self, language: str) -> Mapping[str, str]:
        if self._few:
            return _Asked(self._segments, language)
        table: dict[str, str] = {}
        for kind in UNITS:
            for segment in self._segments:
                if len(table) < _MOST:
                    table.update(_terms(segment, f"{kind}.{language}"))
        return table


class _Asked(Mapping[str, str]):
    """The same terms where few will be asked for: each is looked up, the longest list of words first."""

    def __init__(self, segments: Iterable[Segment], language: str) -> None:
        names = [(segment, f"{kind}.{language}") for segment in segments for kind in UNITS]
        fields = [_sound(segment, name) for segment, name in names]
        self._fields = [field for field in fields if field is not None]
        self._fields.sort(key=lambda field: -len(field.surfaces))

    def __getitem__(self, surface: str) -> str:
        word = surface.encode("utf-8", "surrogatepass")
        for field in tuple(self._fields):
            try:
                if (at := field.surfaces.find(word)) >= 0:
                    return field.terms[int(field.surface_terms[at])].decode()
            except (IndexProblem, *SIGNS):
                self._fields.remove(field)
        raise KeyError(surface)

    def __iter__(self) -> Iterator[str]:
        return iter({word.decode() for field in self._fields for word in field.surfaces.all()})

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return bool(self._fields)


def _sound(segment: Segment, name: str) -> Field | None:
    """The field when it is there and its words are as they were written."""
    kind, _, language = name.partition(".")
    arrays = [f"{name}/{array}" for array in _ARRAYS]
    try:
        field = segment.field(kind, language)
    except IndexProblem:
        return None
    return field if field is not None and all(map(segment.container.is_sound, arrays)) else None


def _terms(segment: Segment, name: str) -> dict[str, str]:
    field = _sound(segment, name)
    if field is None:
        return {}
    try:
        terms = [word.decode() for word in field.terms.all()]
        numbers = field.surface_terms.tolist()
        surfaces = [word.decode() for word in field.surfaces.all()]
        return {surface: terms[number] for surface, number in zip(surfaces, numbers, strict=True)}
    except (IndexProblem, *SIGNS):
        return {}
