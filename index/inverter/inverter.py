"""From texts to the postings of one language: words are numbered as they come, and sorted once at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ..analysis import normalise, term
from ..analysis.stems import Stem
from ..arrays import I64, U32
from .bounds import joined
from .inverted import Inverted
from .vocabulary import Vocabulary, Words

__all__ = ["Inverter"]

_MOST: Final = (1 << 32) - 1  # tokens: their numbers and their count fit into 32 bits


class Inverter:
    """Collects units (texts) in order and inverts them.

    The result is that of tokenizing each text, and of normalising, stemming and folding each token, as
    `docsearch.index.analysis` says. Memory, measured on English statutes: 4 bytes a token and 8 a unit
    while texts are added (.7 bytes per byte of text), about 20 bytes per byte of a batch, and 22 a token
    while `finish` works (4 per byte of text).

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
        batch: int = 1 << 20,
    ) -> None:
        """known: terms by surface from an index with the same analyser, which need not be stemmed again (when
        it holds all words, NLTK is not imported). unknown: gives, for the language, what makes terms of the
        others; asked when the first is met. batch: characters to gather before they are worked on."""
        if batch < 1:
            raise ValueError(f"a batch has at least one character, not {batch}")
        self._language = language
        self._known: Mapping[str, str] = known or {}
        self._batch = batch
        self._unknown = unknown
        self._term: Stem | None = None
        self._vocabulary = Vocabulary()
        self._word_surfaces: list[int] = []  # by word number: its surface's number
        self._surfaces: dict[str, int] = {}
        self._surface_terms: list[str] = []
        self._tokens: list[NDArray[np.int32]] = []  # word numbers of all tokens, a batch each
        self._unit_ends: list[I64] = []  # tokens before the end of each unit, a batch each
        self._token_count = 0
        self._unit_count = 0
        self._texts: list[bytes] = []
        self._gathered = 0
        self._ends: list[int] = []  # of the units gathered: bytes of `_texts`, newlines between counted
        self._finished = False

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
        for text in texts:
            if len(text) <= self._batch:
                self._texts.append(text)
                self._gathered += len(text) + 1
            else:
                self._add_long(text)
            self._ends.append(self._gathered)
            if self._gathered >= self._batch or len(self._ends) >= self._batch:
                self._work()
        self._unit_count += len(texts)

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
        terms, ranks = _ranked(self._surface_terms)
        surfaces, surface_ranks = _ranked(list(self._surfaces))
        surface_terms = np.empty(len(surfaces), np.uint32)
        surface_terms[surface_ranks] = ranks
        order, position_starts = self._by_term(ranks[np.array(self._word_surfaces, np.int64)], len(terms))
        ends = np.concatenate([np.zeros(0, np.int64), *self._unit_ends])
        lengths = np.diff(ends, prepend=0)
        units = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)[order]
        positions = order.astype(np.uint32)
        del order  # the largest array of all
        positions -= (ends - lengths).astype(np.uint32)[units]
        postings = _first_tokens(units, position_starts)
        return Inverted(
            terms=terms,
            starts=np.searchsorted(postings, position_starts),
            units=units[postings],
            frequencies=np.diff(postings, append=np.uint32(len(units))),
            position_starts=position_starts,
            positions=positions,
            lengths=lengths.astype(np.uint32),
            surfaces=surfaces,
            surface_terms=surface_terms,
        )

    def _by_term(self, word_terms: U32, terms: int) -> tuple[I64, I64]:
        """The numbers of all tokens, sorted by term and then in order of the texts, and where each term's
        begin there. Gives up the word numbers.

        numpy sorts 16 bits stably by radix, which takes half the time of sorting 64 bits that hold it all.
        """
        counts = np.zeros(terms + 1, np.int64)
        for words in self._tokens:
            np.add.at(counts[1:], word_terms, np.bincount(words, minlength=len(word_terms)))
        shifts = range(0, max(terms.bit_length(), 1), 16)
        digits = [self._of_tokens((word_terms >> shift).astype(np.uint16)) for shift in shifts]
        self._tokens = []
        order = digits[0].argsort(kind="stable")
        for digit in digits[1:]:
            order = order[digit[order].argsort(kind="stable")]
        return order, counts.cumsum()

    def _of_tokens(self, values: NDArray[np.uint16]) -> NDArray[np.uint16]:
        """From a value of each word to that of each token."""
        return np.concatenate([values[words] for words in self._tokens])

    def _check_open(self) -> None:
        if self._finished:
            raise RuntimeError("this inverter has finished; make a new one")

    def _work(self) -> None:
        """Number the words of the texts gathered so far."""
        words = Words.find(joined(self._texts))
        numbers, new = self._vocabulary.number(words)
        for raw in new:
            self._word_surfaces.append(self._surface(normalise(raw.decode())))
        self._tokens.append(numbers.astype(np.int32))
        ends = np.searchsorted(words.starts, np.array(self._ends, np.int64) + 2)  # 2: see `joined`
        self._unit_ends.append(ends + self._token_count)
        self._token_count += len(words)
        self._texts, self._ends, self._gathered = [], [], 0
        if self._token_count > _MOST:
            raise OverflowError(f"more than {_MOST} tokens in one inversion: begin another segment")

    def _surface(self, surface: str) -> int:
        number = self._surfaces.get(surface)
        if number is None:
            number = self._surfaces[surface] = len(self._surfaces)
            self._surface_terms.append(self._known.get(surface) or self._stemmed(surface))
        return number

    def _stemmed(self, surface: str) -> str:
        if self._term is None:
            self._term = self._unknown(self._language)
        return self._term(surface)


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


def _first_tokens(units: U32, position_starts: I64) -> U32:
    """Where each posting begins among tokens that are sorted by term and unit."""
    first = np.ones(len(units), np.bool_)
    np.not_equal(units[1:], units[:-1], out=first[1:])
    first[position_starts[:-1]] = True
    return np.flatnonzero(first).astype(np.uint32)
