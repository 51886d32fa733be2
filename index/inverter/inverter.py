"""From texts to the postings of one language: each batch is sorted as it comes, and laid out at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..analysis import normalise, term
from ..analysis.stems import Stem
from ..arrays import I64, U8, U32, U64, Array, first_of_runs, spread
from .bounds import joined
from .inverted import Inverted
from .likeness import hashes, sketches
from .vocabulary import GrowingArray, Vocabulary, Words

__all__ = ["Inverter"]

_MOST: Final = (1 << 32) - 1  # tokens: their numbers and their count fit into 32 bits
_SHELF: Final = 1 << 26
_SLICE: Final = 512  # texts that are taken in at once where they fit
_SMALL: Final = 24  # texts that are taken in sooner one by one
_WAITING: Final = 8  # batches that may wait to be sorted
_HELD: Final = 1 << 24
"""Bytes. The C library gives memory back to the system, to ask for it anew in the next batch, page by page,
until it has seen an array of this size let go of: then it keeps twice as much (a sixth of a build's time)."""


class Inverter:
    """Collects units (texts) in order and inverts them.

    The result is that of tokenizing each text, and of normalising, stemming and folding each token, as
    `docsearch.index.analysis` says. Memory, measured on English statutes: .7 bytes per byte of text while
    texts are added, about 30 bytes per byte of a batch, and 2.4 per byte of text when `finish` has ended.

    >>> inverter = Inverter("en")
    >>> inverter.add("Chemicals, and precursor chemicals"), inverter.add("A chemical")
    (0, 1)
    >>> inverted = inverter.finish()
    >>> inverted.terms[2], inverted.units[inverted.starts[2] : inverted.starts[3]].tolist()
    (b'chemic', [0, 1])
    """

    def __init__(
        self,
        language: str,
        *,
        known: Mapping[str, str] | None = None,
        unknown: Callable[[str], Stem] = term,
        batch: int = 1 << 19,
        likeness: bool = False,
        helper: Executor | None = None,
    ) -> None:
        """known: terms by surface from an index with the same analyser, which need not be stemmed again (when
        it holds all words, NLTK is not imported). unknown: gives, for the language, what makes terms of the
        others; asked when the first is met. batch: characters to gather before they are worked on.
        likeness: sketch the units as well. helper: one thread, which sorts batches while the next words are
        numbered."""
        if batch < 1:
            raise ValueError(f"a batch has at least one character, not {batch}")
        self._language = language
        self._known: Mapping[str, str] = known or {}
        self._batch = batch
        self._unknown = unknown
        self._term: Stem | None = None
        self._vocabulary = Vocabulary()
        self._word_terms = GrowingArray(np.int64)  # by word number: its term's number
        self._surfaces: dict[str, int] = {}  # the number of the term of each surface
        self._terms: dict[str, int] = {}
        self._sorted: list[_Batch] = []
        self._shelf = _Shelf()
        self._lengths: list[U32] = []  # tokens of each unit, a batch each
        self._likeness: list[U64] | None = [] if likeness else None
        self._term_hashes = GrowingArray(np.uint32)
        self._new_terms: list[str] = []  # that have no hash yet
        self._cut: list[I64] = []  # terms of the tokens so far of a text that is too long for one batch
        self._token_count = 0
        self._unit_count = 0
        self._texts: list[bytes] = []
        self._gathered = 0
        self._ends: list[int] = []  # of the units gathered: bytes of `_texts`, newlines between counted
        self._finished = False
        self._helper = helper
        self._waiting: deque[Future[None]] = deque()
        np.empty(_HELD, np.uint8)  # let go of at once, and never written to: see `_HELD`

    @property
    def units(self) -> int:
        """How many units there are so far."""
        return self._unit_count

    def add(self, text: str) -> int:
        """Append a unit; return its number, from 0. UnicodeEncodeError (a ValueError) on lone surrogates."""
        number = self._unit_count
        self.add_all((text.encode(),))
        return number

    def add_all(self, texts: Sequence[bytes]) -> None:
        """Append a unit for each text, valid UTF-8: what `add` does, without its cost for each."""
        self._check_open()
        for first in range(0, len(texts), _SLICE):
            some = texts[first : first + _SLICE]
            if len(some) <= _SMALL:
                for text in some:
                    self._add_one(text)
                continue
            sizes = np.fromiter(map(len, some), np.int64, len(some)) + 1
            ends = sizes.cumsum() + self._gathered
            if ends[-1] < self._batch and len(self._ends) + len(some) < self._batch:
                self._texts += some
                self._ends += ends.tolist()
                self._gathered = int(ends[-1])
            else:
                for text in some:
                    self._add_one(text)
        self._unit_count += len(texts)

    def _add_one(self, text: bytes) -> None:
        if len(text) <= self._batch:
            self._texts.append(text)
            self._gathered += len(text) + 1
        else:
            self._add_long(text)
        self._ends.append(self._gathered)
        if self._gathered >= self._batch or len(self._ends) >= self._batch:
            self._work()

    def _add_long(self, text: bytes) -> None:
        for piece in _pieces(text, self._batch):
            if self._gathered >= self._batch:
                self._work()
            self._texts.append(piece)
            self._gathered += len(piece) + 1

    def skip(self, count: int = 1) -> None:
        """Append units without tokens."""
        self._check_open()
        if count < 0:
            raise ValueError(f"cannot skip {count} units")
        self._unit_count += count
        self._ends.extend([self._gathered] * count)
        if len(self._ends) >= self._batch:
            self._work()

    def finish(self) -> Inverted:
        """Invert all that was added. The inverter takes no more then."""
        self._check_open()
        self._work()
        self._finished = True
        self._wait(0)
        terms, ranks = _ranked(list(self._terms))
        surfaces, surface_ranks = _ranked(list(self._surfaces))
        surface_terms = np.empty(len(surfaces), np.uint32)
        surface_terms[surface_ranks] = ranks[np.array(list(self._surfaces.values()), np.int64)]
        self._surfaces, self._terms = {}, {}
        batches, self._sorted = self._sorted[::-1], []
        starts, free = _shared_out([(batch.terms, batch.counts) for batch in batches], ranks)
        position_starts, free_positions = _shared_out(
            [(batch.terms, batch.totals) for batch in batches], ranks
        )
        units = np.empty(starts[-1], np.uint32)
        frequencies = np.empty(starts[-1], np.uint32)
        positions = np.empty(position_starts[-1], np.uint32)
        while batches:
            batch = batches.pop()  # let go of as soon as it is laid out
            where = spread(free[batch.terms], batch.counts)
            units[where] = batch.units
            units[where] += np.uint32(batch.first)
            frequencies[where] = batch.frequencies
            positions[spread(free_positions[batch.terms], batch.totals)] = batch.positions
            free[batch.terms] += batch.counts
            free_positions[batch.terms] += batch.totals
        return Inverted(
            terms=terms,
            starts=starts,
            units=units,
            frequencies=frequencies,
            position_starts=position_starts,
            positions=positions,
            lengths=np.concatenate([np.zeros(0, np.uint32), *self._lengths]),
            surfaces=surfaces,
            surface_terms=surface_terms,
            likeness=np.concatenate([np.zeros(0, np.uint64), *(self._likeness or ())]),
        )

    def _check_open(self) -> None:
        if self._finished:
            raise RuntimeError("this inverter has finished; make a new one")

    def _work(self) -> None:
        """Number the words of the texts gathered so far, and sort the units that are complete."""
        words = Words.find(joined(self._texts))
        numbers, new = self._vocabulary.number(words)
        self._word_terms.extend(np.array([self._term_of(normalise(raw.decode())) for raw in new], np.int64))
        terms = self._word_terms.values.take(numbers)
        ends = np.searchsorted(words.starts, np.array(self._ends, np.int64) + 2)  # 2: see `joined`
        self._texts, self._ends, self._gathered = [], [], 0
        self._token_count += len(words)
        if self._token_count > _MOST:
            raise OverflowError(f"more than {_MOST} tokens in one inversion: begin another segment")
        if not len(ends):
            self._cut.append(terms)
            return
        before = sum(map(len, self._cut))
        complete = np.concatenate([*self._cut, terms[: ends[-1]]]), ends + before
        self._cut = [terms[ends[-1] :]]
        unhashed, self._new_terms = self._new_terms, []
        if self._helper is None:
            self._sort(*complete, len(self._terms), unhashed)
        else:
            self._wait(_WAITING - 1)
            self._waiting.append(self._helper.submit(self._sort, *complete, len(self._terms), unhashed))

    def _wait(self, most: int) -> None:
        """Until no more than so many batches are to be sorted."""
        while len(self._waiting) > most:
            self._waiting.popleft().result()

    def _sort(self, terms: I64, ends: I64, most: int, unhashed: Sequence[str]) -> None:
        """Take in units: the terms of their tokens, all below `most`, and how many tokens stand before the
        end of each. unhashed: terms that have come since the last batch."""
        lengths = np.diff(ends, prepend=0)
        first = sum(map(len, self._lengths))
        self._lengths.append(lengths.astype(np.uint32))
        if len(terms):
            self._sorted.append(_Batch.of(terms, lengths, most, first, self._shelf.keep))
        if self._likeness is not None:
            self._term_hashes.extend(hashes(unhashed))
            self._likeness.append(sketches(self._term_hashes.values.take(terms), lengths))

    def _term_of(self, surface: str) -> int:
        """The number of the surface's term."""
        number = self._surfaces.get(surface)
        if number is None:
            term = self._known.get(surface) or self._stemmed(surface)
            known = len(self._terms)
            number = self._surfaces[surface] = self._terms.setdefault(term, known)
            if number == known and self._likeness is not None:
                self._new_terms.append(term)
        return number

    def _stemmed(self, surface: str) -> str:
        if self._term is None:
            self._term = self._unknown(self._language)
        return self._term(surface)


@dataclass(frozen=True, slots=True)
class _Batch:
    """The postings of some units, sorted by number of the term, each array as narrow as its values allow.

    terms: those that occur. counts, totals: postings and tokens of each. units (from `first`), frequencies:
    of each posting. positions: of each token.
    """

    first: int
    terms: I64
    counts: I64
    totals: I64
    units: Array
    frequencies: Array
    positions: Array

    @classmethod
    def of(cls, terms: I64, lengths: I64, most: int, first: int, keep: Callable[[Array], Array]) -> _Batch:
        """terms: of each token, below `most`. lengths: tokens of each unit. keep: see `_Shelf`."""
        order = _stable_order(terms, most)
        unit = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths).take(order)
        terms = terms.take(order)
        begins = np.ones(len(terms), np.bool_)
        np.not_equal(terms[1:], terms[:-1], out=begins[1:])
        begins[1:] |= unit[1:] != unit[:-1]
        postings = np.flatnonzero(begins)
        of_posting = terms.take(postings)
        order -= (lengths.cumsum() - lengths).take(unit)  # from here on the positions in the unit
        runs = first_of_runs(of_posting)
        return cls(
            first=first,
            terms=of_posting[runs],
            counts=np.diff(runs, append=len(postings)),
            totals=np.diff(postings[runs], append=len(terms)),
            units=keep(unit.take(postings)),
            frequencies=keep(np.diff(postings, append=len(terms))),
            positions=keep(order),
        )


def _stable_order(values: I64, most: int) -> I64:
    """What sorts the values, all in [0, most), equal ones in their order.

    numpy sorts 16 bits stably by radix, in a fraction of the time of sorting 64.
    """
    order: I64 = values.astype(np.uint16).argsort(kind="stable")
    for shift in range(16, most.bit_length(), 16):
        order = order.take((values >> shift).astype(np.uint16).take(order).argsort(kind="stable"))
    return order


class _Shelf:
    """Keeps arrays close together: among the short-lived ones of later batches they would break the memory
    between them into pieces that are too small for anything else."""

    def __init__(self) -> None:
        self._room: U8 = np.empty(0, np.uint8)
        self._next = 1 << 16

    def keep(self, values: Array) -> Array:
        """The same values, none of them negative, in the narrowest type that holds them."""
        kind = np.min_scalar_type(int(values.max(initial=0)))
        size = len(values) * kind.itemsize
        if size > len(self._room):
            # Memory that is not written to is not taken from the system.
            self._room = np.empty(max(self._next, size), np.uint8)
            self._next = min(2 * self._next, _SHELF)
        kept = self._room[:size].view(kind)
        kept[:] = values
        self._room = self._room[-(-size // 8) * 8 :]
        return kept


def _shared_out(parts: Sequence[tuple[I64, I64]], ranks: U32) -> tuple[I64, I64]:
    """Where the things of each term begin when all parts are laid end to end, sorted by rank.

    parts: terms, distinct in each part, and how many things each has. The result: the begins by rank, and the
    end; and the begins by term.
    """
    counts = np.zeros(len(ranks) + 1, np.int64)
    for terms, some in parts:
        counts[1 + ranks[terms].astype(np.int64)] += some
    starts: I64 = counts.cumsum()
    return starts, starts[ranks]


def _pieces(text: bytes, size: int) -> Iterator[bytes]:
    """The text, cut at spaces into pieces of about `size` bytes: no rule of the token law sees across one."""
    start = 0
    while len(text) - start > size:
        cut = text.rfind(b" ", start, start + size)
        if cut < 0:
            cut = text.find(b" ", start + size)
        if cut < 0:
            break
        yield text[start:cut]
        start = cut + 1
    yield text[start:]


def _ranked(words: list[str]) -> tuple[list[bytes], NDArray[np.uint32]]:
    """The distinct words sorted as UTF-8, and the place there of each of `words`."""
    encoded = [word.encode() for word in words]
    ordered = sorted(set(encoded))
    places = {word: place for place, word in enumerate(ordered)}
    return ordered, np.fromiter(map(places.__getitem__, encoded), np.uint32, len(encoded))
