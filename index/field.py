"""One inverted field of a segment: words to the units (paragraphs, sections, documents) they stand in.

Arrays of a field `F` in the segment's file:

    F/terms, F/term_ends        the sorted terms, end to end, and where each ends (u4, one more than terms)
    F/starts                    first posting of each term, and the end (u8)
    F/units, F/tf*, …           the unit of each posting, ascending within a term, and how often the term
                                stands there: see `planner.packed`
    F/position_starts, F/pos*   first position of each term (u8); positions in the unit, from 0 (escaped: see
                                `arrays.Escaped`)
    F/len*                      tokens in each unit (escaped)
    F/surfaces, F/surface_ends, F/surface_terms
                                the words as they were met, sorted, and the term of each (u4)
    F/long*                     (of text only) what planning needs of frequent words: see `planner.stored`
    F/folds, F/fold_ends, F/fold_surfaces
                                for words with accents: without them, sorted, and the surface of each (u4)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property, partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..errors import IndexCorrupt
from .analysis.normal import fold
from .arrays import F64, I64, U32, Array, Bool, Escaped, spread
from .aside import aside
from .container import Container
from .planner.packed import Places, Units, packed_places, packed_units
from .planner.stored import LongTerms, long_arrays, long_terms

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from .inverter import Inverted

__all__ = ["Field", "Postings", "WordList", "field_arrays"]

_NEAR = 32  # words that are looked at together, at the end of a search for one
_TOLD = 4096  # words whose places are known at once


class WordList:
    """A sorted list of byte strings that stays packed: `bisect` works on it."""

    __slots__ = ("_blob", "_count", "_ends", "_pivots", "_told")

    def __init__(self, blob: memoryview, ends: Array) -> None:
        self._blob = blob
        self._ends = ends.data
        self._count = max(len(self._ends) - 1, 0)
        self._pivots: dict[int, bytes] = {}
        self._told: dict[bytes, int] = {}

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> bytes:
        return bytes(self._blob[self._ends[index] : self._ends[index + 1]])

    def lower(self, word: bytes) -> int:
        """The first index whose word is not less than `word`."""
        low, high = 0, self._count
        pivots = self._pivots
        while high - low > _NEAR:
            middle = (low + high) // 2
            pivot = pivots.get(middle)
            if pivot is None:  # every search passes by the same few words first: keep them unpacked
                pivot = pivots[middle] = self[middle]
            if pivot < word:
                low = middle + 1
            else:
                high = middle
        if low == high:
            return low
        ends = self._ends[low : high + 1].tolist()
        base = ends[0]
        here = bytes(self._blob[base : ends[-1]])
        first, high = low, high - low
        low = 0
        while low < high:
            middle = (low + high) // 2
            if here[ends[middle] - base : ends[middle + 1] - base] < word:
                low = middle + 1
            else:
                high = middle
        return first + low

    def find(self, word: bytes) -> int:
        """The index of `word`, or -1."""
        told = self._told.get(word)
        if told is not None:
            return told
        index = self.lower(word)
        if index == self._count or self[index] != word:
            return -1
        self._tell(word, index)
        return index

    def tell(self, index: int) -> bytes:
        """The word at an index, which will be sought next: so much of a query is spared a search."""
        word = self[index]
        self._tell(word, index)
        return word

    def _tell(self, word: bytes, index: int) -> None:
        if len(self._told) >= _TOLD:
            self._told.clear()
        self._told[word] = index

    def find_all(self, words: Collection[bytes]) -> I64:
        """The indices of those of the words that are here, ascending."""
        if len(words) * 16 < len(self):
            found = sorted(at for word in words if (at := self.find(word)) >= 0)
        else:
            found = [at for at, word in enumerate(self.all()) if word in words]
        return np.array(found, np.int64)

    def equal(self, word: bytes) -> range:
        """Indices of all entries equal to `word` (a list of folds may repeat)."""
        first = end = self.lower(word)
        while end < self._count and self[end] == word:
            end += 1
        return range(first, end)

    def prefixed(self, prefix: bytes) -> range:
        """Indices of the words that begin with `prefix`."""
        end = _after(prefix)
        return range(self.lower(prefix), self.lower(end) if end else len(self))

    def packed(self, first: int, last: int) -> tuple[bytes, I64]:
        """The words in [first, last) end to end, and their borders there (one more than words)."""
        ends = np.asarray(self._ends)[first : last + 1].astype(np.int64)
        if first >= last:
            return b"", np.zeros(1, np.int64)
        return bytes(self._blob[ends[0] : ends[-1]]), ends - ends[0]

    def take(self, numbers: I64) -> list[bytes]:
        """The words with these numbers."""
        if len(numbers) * 16 < len(self):
            return [self[number] for number in numbers.tolist()]
        content = bytes(self._blob)
        ends = np.asarray(self._ends).astype(np.int64)
        bounds = zip(ends[numbers].tolist(), ends[numbers + 1].tolist(), strict=True)
        return [content[start:end] for start, end in bounds]

    def are_text(self) -> bool:
        """Whether each of the words is UTF-8, wherever they are said to begin and end."""
        try:
            if str(self._blob, "utf-8").isascii():
                return True
        except UnicodeDecodeError:
            return False
        borders = np.asarray(self._ends)
        borders = borders[borders < len(self._blob)]
        # In the midst of a sign stand bytes 10xxxxxx, and nowhere else.
        return not bool((np.frombuffer(self._blob, np.uint8)[borders] & 0xC0 == 0x80).any())

    def are_long(self, size: int) -> bool:
        """Whether each of the words has so many bytes."""
        return not len(self) or set(np.diff(np.asarray(self._ends).astype(np.int64)).tolist()) == {size}

    def all(self) -> list[bytes]:
        content = bytes(self._blob)
        ends = self._ends.tolist()
        return [content[start:end] for start, end in pairwise(ends)]


class Postings:
    """A term's postings: sorted distinct units, and where its frequencies and positions lie."""

    __slots__ = ("_count", "_units", "first", "positions", "term")

    def __init__(self, units: Units, term: int, first: int, count: int, positions: int) -> None:
        self.first = first
        self.positions = positions
        self._count = count
        self.term = term
        self._units: I64 | Units = units

    def __len__(self) -> int:
        return self._count

    @property
    def units(self) -> I64:
        """Unpacked when first asked for."""
        if isinstance(self._units, Units):
            self._units = self._units.of(self.term)
        return self._units


class Field:
    """The reading side of one field; arrays are views into the segment's file."""

    def __init__(self, container: Container, name: str, units: int) -> None:
        self._container = container
        self.name = name
        self.terms = self._words("terms", "term_ends")
        self._starts = container.array(f"{name}/starts", "<u8", len(self.terms) + 1)
        self._position_starts = container.array(f"{name}/position_starts", "<u8", len(self.terms) + 1)
        self._unit_count = units
        self._places = Places(container, name, int(self._starts[-1]) if len(self._starts) else 0)
        self._tf = self._places.frequencies

    @cached_property
    def lengths(self) -> I64:
        """Tokens in each unit; shape (units,)."""
        return self._escaped("len", self._unit_count).all()

    @cached_property
    def narrow_lengths(self) -> Array:
        """The same in two bytes each, where they fit in."""
        lengths = self.lengths
        return lengths if len(lengths) and lengths.max() >= 1 << 16 else lengths.astype(np.uint16)

    @cached_property
    def long(self) -> LongTerms:
        return LongTerms(self._container, self.name, self._unit_count, self._starts)

    @cached_property
    def _units(self) -> Units:
        return Units(self._container, self.name, self._starts, self._unit_count, self.long)

    @cached_property
    def surfaces(self) -> WordList:
        return self._words("surfaces", "surface_ends")

    @cached_property
    def surface_terms(self) -> U32:
        """Index of the term of each surface."""
        return self._numbers("surface_terms", len(self.surfaces), len(self.terms))

    @cached_property
    def folds(self) -> WordList:
        return self._words("folds", "fold_ends")

    @cached_property
    def fold_surfaces(self) -> U32:
        return self._numbers("fold_surfaces", len(self.folds), len(self.surfaces))

    def _numbers(self, array: str, count: int, bound: int) -> U32:
        """So many numbers below a bound. IndexCorrupt for others: arrays are made as long as they say."""
        found: U32 = self._container.array(f"{self.name}/{array}", "<u4", count)
        if count and int(found.max()) >= bound:
            raise self._container.corrupt(f"array '{self.name}/{array}' names what is not there")
        return found

    @cached_property
    def _positions(self) -> Escaped:
        return self._escaped("pos", None, checked=False)

    def _verify_positions(self, term: int) -> None:
        """IndexCorrupt when the positions of a term are damaged."""
        first, last = int(self._position_starts[term]), int(self._position_starts[term + 1])
        if not first <= last <= len(self._positions):
            raise self.corrupt()
        self._container.region(f"{self.name}/pos").verify(first, last)

    def postings(self, term: int) -> Postings:
        first, last = int(self._starts[term]), int(self._starts[term + 1])
        if not first <= last <= len(self._tf):
            raise self.corrupt()
        self._places.verify(first, last)
        return Postings(self._units, term, first, last - first, int(self._position_starts[term]))

    def corrupt(self) -> IndexCorrupt:
        """What to raise when postings do not fit together."""
        return self._units.corrupt()

    def count(self, term: int) -> int:
        return int(self._starts[term + 1]) - int(self._starts[term])

    def counts(self, terms: I64, live: Bool | None) -> I64:
        """In how many units each of the terms stands; with `live` (a mask of units) in how many of these."""
        if live is None:
            return (self._starts[terms + 1] - self._starts[terms]).astype(np.int64)
        counts = (np.count_nonzero(live[self.postings(term).units]) for term in terms.tolist())
        return np.fromiter(counts, np.int64, len(terms))

    def frequencies(self, postings: Postings) -> I64:
        """How often the term stands in each of its units; shape (len(postings),)."""
        return self._tf.slice(postings.first, postings.first + len(postings))

    def frequencies_at(self, postings: Postings, which: I64 | None) -> F64:
        """Frequencies of the chosen postings (None: of all), as scores need them."""
        if which is None:
            return self._tf.slice(postings.first, postings.first + len(postings), np.float64)
        return self._tf.take(which, postings.first, np.float64)

    def positions(self, postings: Postings, which: I64) -> tuple[I64, I64]:
        """Positions of the chosen postings: (index into `which`, position), both of shape (sum of tf,)."""
        begins, counts = self.places(postings, which)
        return np.repeat(np.arange(len(which)), counts), self._positions.take(spread(begins, counts))

    def places(self, postings: Postings, which: I64) -> tuple[I64, I64]:
        """Where the positions of the chosen postings begin, and how many each has (its frequency); two arrays
        of the shape of `which`."""
        self._verify_positions(postings.term)
        counts = self._tf.take(which, postings.first)
        if counts.sum() > len(self._positions):  # which no array need be made for to tell
            raise self.corrupt()
        return self._places.of(which + postings.first), counts

    def places_of_several(self, postings: Sequence[Postings], which: Sequence[I64]) -> tuple[I64, I64]:
        """The same of several terms, one after the other."""
        for each in postings:
            self._verify_positions(each.term)
        chosen = np.concatenate([which[at] + each.first for at, each in enumerate(postings)])
        counts = self._tf.take(chosen)
        if counts.sum() > len(self._positions) * len(postings):
            raise self.corrupt()
        return self._places.of(chosen), counts

    def positions_at(self, places: I64) -> I64:
        """The positions that stand at some places; shape of `places`."""
        return self._positions.take(places)

    def columns(self) -> Inverted:
        """Everything, in the form in which the inverter gives it (for a merge).

        IndexCorrupt where terms do not share out all postings and positions: arrays are made as long as they
        say.
        """
        from .inverter import Inverted  # a search merges nothing

        starts, position_starts = self._starts.astype(np.int64), self._position_starts.astype(np.int64)
        units = self._units.all()
        if not (_share_out(starts, len(units)) and _share_out(position_starts, len(self._positions))):
            raise self.corrupt()
        return Inverted(
            terms=self.terms.all(),
            starts=starts,
            units=units,
            frequencies=self._tf.narrowest(int(starts[-1])),
            position_starts=position_starts,
            positions=self._positions.narrowest(len(self._positions)),
            lengths=self.lengths.astype(np.uint32),
            surfaces=self.surfaces.all(),
            surface_terms=self.surface_terms,
        )

    def _words(self, words: str, ends: str) -> WordList:
        return WordList(
            self._container.blob(f"{self.name}/{words}"), self._container.array(f"{self.name}/{ends}", "<u4")
        )

    def _escaped(self, name: str, count: int | None, *, checked: bool = True) -> Escaped:
        stem = f"{self.name}/{name}"
        where = self._container.array(f"{stem}_where", "<u8")
        return Escaped(
            self._container.array(stem, "|u1", count, checked=checked),
            where,
            self._container.array(f"{stem}_wide", "<u4", len(where)),
        )


def _share_out(starts: I64, count: int) -> bool:
    """Whether stretches that begin at some places, the last of these being an end, are all of so many."""
    return starts[0] == 0 and starts[-1] == count and bool((np.diff(starts) >= 0).all())


def field_arrays(
    name: str, inverted: Inverted, helper: Executor | None = None
) -> Mapping[str, Array | bytes]:
    """The arrays of a field as the file holds them. helper: a thread that does a part of the work."""
    is_text = name.startswith("text.")
    longs = long_terms(inverted) if is_text else np.empty(0, np.int64)
    long = aside(helper, partial(long_arrays, inverted, longs)) if is_text else dict
    folds = sorted(
        (folded, number)
        for number, surface in enumerate(inverted.surfaces)
        if not surface.isascii() and (folded := fold(surface.decode()).encode()) != surface
    )
    arrays: dict[str, Array | bytes] = {
        **_packed_words(name, "terms", "term_ends", inverted.terms),
        "starts": inverted.starts.astype(np.uint64),
        "position_starts": inverted.position_starts.astype(np.uint64),
        **_packed_words(name, "surfaces", "surface_ends", inverted.surfaces),
        "surface_terms": inverted.surface_terms,
        **_packed_words(name, "folds", "fold_ends", [folded for folded, _ in folds]),
        "fold_surfaces": np.array([number for _, number in folds], np.uint32),
        **packed_units(inverted.starts, inverted.units, longs, len(inverted.lengths)),
        **packed_places(inverted.frequencies),
    }
    for stem, values in (("pos", inverted.positions), ("len", inverted.lengths)):
        packed = Escaped.pack(values)
        arrays |= {stem: packed.narrow, f"{stem}_where": packed.where, f"{stem}_wide": packed.wide}
    arrays |= long()
    return {f"{name}/{key}": value for key, value in arrays.items()}


def _packed_words(name: str, words: str, ends: str, values: Sequence[bytes]) -> dict[str, Array | bytes]:
    lengths = np.fromiter(map(len, values), np.uint32, len(values))
    offsets = np.zeros(len(values) + 1, np.uint64)
    lengths.cumsum(dtype=np.uint64, out=offsets[1:])
    if offsets[-1] >= 1 << 32:
        raise OverflowError(f"the words of field {name} take more than 4 GB in one segment")
    return {words: b"".join(values), ends: offsets.astype(np.uint32)}


def _after(prefix: bytes) -> bytes:
    """The least byte string greater than all that begin with `prefix`; empty when there is none."""
    trimmed = prefix.rstrip(b"\xff")
    return trimmed[:-1] + bytes([trimmed[-1] + 1]) if trimmed else b""
