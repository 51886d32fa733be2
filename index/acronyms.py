"""Acronyms that the paragraphs of a segment explain (`corpus.acronyms`), and those of a whole index.

In a segment, with A pairs of an acronym and its words:

    acronym/pairs       they, sorted, in UTF-8, a tab between the two
    acronym/pair_ends   where each ends (A)
    acronym/starts      the first place of each, and the end (A + 1)
    acronym/paragraphs  the paragraphs that explain it, ascending for each pair

All are absent where A is 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ..corpus.languages import stop_words
from ..errors import IndexCorrupt
from .analysis.normal import normalise
from .analysis.tokens import tokenize
from .arrays import I64, U32, Array
from .records import Explained, Ref

if TYPE_CHECKING:
    from .container import Container
    from .snapshot import View

__all__ = [
    "Acronyms",
    "Row",
    "Stored",
    "acronym_arrays",
    "acronyms_of",
    "merge_acronyms",
    "stored_acronyms",
]

_END = re.compile(r"[^\W_]+(?=[\W_]*\Z)")
_Name = TypeVar("_Name", bound=Hashable)
_BEGINNING = 3  # letters of the last word, by which long forms are found


def acronym_arrays(found: Mapping[bytes, I64]) -> dict[str, Array | bytes]:
    """found: by pair the paragraphs, ascending."""
    if not found:
        return {}
    pairs = sorted(found)
    places = [found[pair] for pair in pairs]
    return {
        "acronym/pairs": b"".join(pairs),
        "acronym/pair_ends": np.cumsum([len(pair) for pair in pairs]).astype(np.uint32),
        "acronym/starts": np.cumsum([0, *map(len, places)]).astype(np.uint32),
        "acronym/paragraphs": np.concatenate(places).astype(np.uint32),
    }


@dataclass(frozen=True, slots=True)
class Stored:
    """What a segment holds. starts: shape (pairs + 1,); paragraphs: of all pairs, end to end."""

    pairs: tuple[bytes, ...]
    starts: U32
    paragraphs: U32

    def where(self, number: int) -> U32:
        """The paragraphs that explain a pair, ascending."""
        return self.paragraphs[self.starts[number] : self.starts[number + 1]]


def stored_acronyms(container: Container, paragraphs: int) -> Stored:
    """What a segment's file holds; IndexCorrupt when it cannot be true."""
    if "acronym/pairs" not in container:
        return Stored((), np.zeros(1, np.uint32), np.zeros(0, np.uint32))
    blob = bytes(container.blob("acronym/pairs"))
    ends = container.array("acronym/pair_ends", "<u4").astype(np.int64)
    starts = container.array("acronym/starts", "<u4", len(ends) + 1)
    places = container.array("acronym/paragraphs", "<u4")
    bounds = np.concatenate(([0], ends))
    sound = (
        (np.diff(bounds) > 0).all()
        and bounds[-1] == len(blob)
        and starts[0] == 0
        and (np.diff(starts.astype(np.int64)) > 0).all()
        and starts[-1] == len(places)
        and (places < paragraphs).all()
    )
    pairs = tuple(blob[a:b] for a, b in zip(bounds.tolist(), ends.tolist(), strict=False)) if sound else ()
    if not sound or not all(map(_is_pair, pairs)):
        raise IndexCorrupt(
            "the acronyms are not what they must be",
            path=container.name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
    return Stored(pairs, starts, places)


def _is_pair(pair: bytes) -> bool:
    try:
        short, tab, long = pair.decode().partition("\t")
    except UnicodeDecodeError:
        return False
    return bool(short and tab and long) and "\t" not in long


def merge_acronyms(parts: Iterable[tuple[Stored, I64]]) -> dict[str, Array | bytes]:
    """The arrays of some segments laid end to end. Each comes with the new number of every paragraph, -1 for
    those that are left out."""
    found: dict[bytes, list[I64]] = {}
    for stored, moved in parts:
        for number, pair in enumerate(stored.pairs):
            where = moved[stored.where(number)]
            where = where[where >= 0]
            if len(where):
                found.setdefault(pair, []).append(where)
    return acronym_arrays({pair: np.concatenate(where) for pair, where in found.items()})


# All that an engine sees


@dataclass(frozen=True, slots=True)
class Row:
    """A pair as it is written, in how many paragraphs, and what finds the first by key and number."""

    short: str
    long: str
    paragraphs: int
    first: Callable[[], Ref]


class Acronyms:
    """The acronyms of an index by what may be typed. Forms of the same words are one (`Facility`,
    `facilities` are not, but plurals with *s* are): the one most written stands for all."""

    def __init__(self, rows: Sequence[Row], languages: Iterable[str]) -> None:
        self._rows = rows
        self._small = frozenset[str]().union(*map(stop_words, languages))
        self.meant: dict[str, bool] = {}
        """By word, in small letters, whether it is an acronym so typed: kept for those who find that out."""
        self._keys: dict[str, tuple[str, ...]] = {}
        self._by_key: dict[str, dict[tuple[str, ...], list[Row]]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def is_known(self, word: str) -> bool:
        """Whether a word may be an acronym, or the last of the words of one: cheap, and never wrongly no."""
        return (
            _typed(word) in self._by_short
            or _typed(word[:-1]) in self._by_short
            or _ending(word) in self._by_end
        )

    def long_forms(self, word: str) -> tuple[Explained, ...]:
        """What a word stands for that may be an acronym in the singular or plural, whatever its capitals; the
        most frequent first."""
        rows = self._by_short.get(_typed(word)) or (
            self._by_short.get(_typed(word[:-1])) if word[-1:] == "s" else ()
        )
        return self._told(rows or ())

    def short_forms(self, words: Sequence[str]) -> tuple[Explained, ...]:
        """What stands for some words, small ones left out or not; the most frequent first."""
        ending = _ending(words[-1]) if words else ""
        if ending not in self._by_end:
            return ()  # nearly always
        rows = self._by_key.get(ending)
        if rows is None:
            rows = self._by_key[ending] = _grouped(self._by_end[ending], self._key_of)
        key = self.key(*words)
        return self._told(rows.get(key, ())) if key else ()

    def listed(self, prefix: str = "") -> tuple[Explained, ...]:
        """All whose acronym begins so (capitals aside), by the acronym, the most frequent words first."""
        wanted = prefix.casefold()
        told = self._told([row for row in self._rows if row.short.casefold().startswith(wanted)])
        return tuple(sorted(told, key=lambda each: (each.short.casefold(), each.short)))

    def key(self, *texts: str) -> tuple[str, ...]:
        """The words of texts as they are compared."""
        words = [normalise(token.raw) for text in texts for token in tokenize(text)]
        return tuple(_singular(word) for word in words if word not in self._small)

    def _key_of(self, row: Row) -> tuple[str, ...]:
        found = self._keys.get(row.long)
        if found is None:
            found = self._keys[row.long] = self.key(row.long)
        return found

    @cached_property
    def _by_short(self) -> dict[str, list[Row]]:
        return _grouped(self._rows, lambda row: _typed(row.short))

    @cached_property
    def _by_end(self) -> dict[str, list[Row]]:
        return _grouped(self._rows, lambda row: _ending(row.long))

    def _told(self, rows: Sequence[Row]) -> tuple[Explained, ...]:
        """The pairs, forms of the same words together."""
        if not rows:
            return ()
        groups: dict[tuple[str, tuple[str, ...]], list[Row]] = {}
        for row in rows:
            groups.setdefault((row.short, self._key_of(row)), []).append(row)
        told = (_together(group) for group in groups.values())
        return tuple(sorted(told, key=lambda each: (-each.paragraphs, each.long, each.short)))


def _together(rows: Sequence[Row]) -> Explained:
    best = min(rows, key=lambda row: (-row.paragraphs, row.long))
    return Explained(best.short, best.long, sum(row.paragraphs for row in rows), best.first)


def _grouped(rows: Iterable[Row], name: Callable[[Row], _Name]) -> dict[_Name, list[Row]]:
    groups: dict[_Name, list[Row]] = {}
    for row in rows:
        groups.setdefault(name(row), []).append(row)
    return groups


def _typed(word: str) -> str:
    return word.replace(".", "").casefold()


def _ending(text: str) -> str:
    """How the last word of a text begins."""
    if text.isascii() and text.isalpha():
        return text[-40:].lower()[:_BEGINNING]
    found = _END.search(text[-40:])
    return normalise(found[0])[:_BEGINNING] if found else ""


def _singular(word: str) -> str:
    """A word without the endings of most plurals, as far as two forms have to be compared."""
    return word.removesuffix("s").removesuffix("e") if len(word) > _BEGINNING else word


def acronyms_of(views: Sequence[View], languages: Iterable[str]) -> Acronyms:
    """Those that live paragraphs explain."""
    found: dict[bytes, list[tuple[View, I64]]] = {}
    for view in views:
        live = view.live_paragraphs
        stored = view.segment.acronyms
        for number, pair in enumerate(stored.pairs):
            where = stored.where(number).astype(np.int64)
            if live is not None:
                where = where[live[where]]
            if len(where):
                found.setdefault(pair, []).append((view, where))
    return Acronyms([_row(pair, places) for pair, places in sorted(found.items())], languages)


def _row(pair: bytes, places: Sequence[tuple[View, I64]]) -> Row:
    short, _, long = pair.decode().partition("\t")
    return Row(short, long, sum(len(where) for _, where in places), lambda: min(_refs(places)))


def _refs(places: Sequence[tuple[View, I64]]) -> Iterator[Ref]:
    """In each segment the first place by key."""
    for view, where in places:
        segment = view.segment
        documents = segment.document_of[where]
        at = int(np.lexsort((where, segment.key_rank[documents]))[0])
        document = int(documents[at])
        yield Ref(segment.key(document), int(where[at]) - int(segment.first_paragraphs[document]))
