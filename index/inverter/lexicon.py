"""The words that a process has met, with their terms: one inverter after the other asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from ..analysis import normalise, term
from ..analysis.stems import Stem
from ..arrays import I64, U32, Bool
from .likeness import hashes
from .vocabulary import GrowingArray, Vocabulary, Words

__all__ = ["Lexicon", "Sorted"]


class Sorted(NamedTuple):
    """Terms and surfaces, sorted. ranks: place in `terms`, by number of the term (of others: 0).
    surface_terms: as `Inverted` has them."""

    terms: list[bytes]
    ranks: U32
    surfaces: list[bytes]
    surface_terms: U32


class Lexicon:
    """Numbers the words of a language, and their terms, from 0. A number never changes its meaning.

    For one thread at a time.
    """

    def __init__(
        self,
        language: str,
        *,
        known: Mapping[str, str] | None = None,
        unknown: Callable[[str], Stem] = term,
    ) -> None:
        """known: terms by surface from an index with the same analyser, which need not be stemmed again (when
        it holds all words, NLTK is not imported). unknown: gives, for the language, what makes terms of the
        others; asked when the first is met."""
        self._language = language
        self._known: Mapping[str, str] = known or {}
        self._unknown = unknown
        self._term: Stem | None = None
        self._vocabulary = Vocabulary()
        self._surface_of = GrowingArray(np.int64)  # by word
        self._term_of = GrowingArray(np.int64)  # by word
        self._surfaces: dict[str, int] = {}
        self._surface_names: list[str] = []
        self._surface_terms: list[int] = []
        self._terms: dict[str, int] = {}
        self._term_names: list[str] = []
        self._hashes = GrowingArray(np.uint32)

    def __len__(self) -> int:
        """How many words it knows, each as it stands in texts."""
        return len(self._vocabulary)

    @property
    def hashes(self) -> U32:
        """A number for each term, by which units are sketched; stays as it is when more are learnt."""
        return self._hashes.values

    def number(self, words: Words) -> I64:
        """The number of each word; shape of `words`. New ones are learnt."""
        numbers, new = self._vocabulary.number(words)
        if new:
            count = len(self._term_names)
            surfaces = [self._surface(normalise(raw.decode())) for raw in new]
            self._surface_of.extend(np.array(surfaces, np.int64))
            self._term_of.extend(np.array([self._surface_terms[number] for number in surfaces], np.int64))
            self._hashes.extend(hashes(self._term_names[count:]))
        return numbers

    def terms(self, numbers: I64) -> I64:
        """The terms of words; shape of `numbers`."""
        terms: I64 = self._term_of.values.take(numbers)
        return terms

    def sorted(self, words: Bool) -> Sorted:
        """The surfaces and terms of some words (flags by number)."""
        numbers = np.flatnonzero(words)
        is_met = np.zeros(len(self._surface_names), np.bool_)
        is_met[self._surface_of.values.take(numbers)] = True
        met = np.flatnonzero(is_met).tolist()
        terms_met = {self._surface_terms[number] for number in met}
        terms = sorted((self._term_names[number].encode(), number) for number in terms_met)
        ranks = np.zeros(len(self._term_names), np.uint32)
        ranks[[number for _, number in terms]] = np.arange(len(terms))
        surfaces = sorted(
            (self._surface_names[number].encode(), self._surface_terms[number]) for number in met
        )
        return Sorted(
            terms=[name for name, _ in terms],
            ranks=ranks,
            surfaces=[name for name, _ in surfaces],
            surface_terms=ranks.take(np.array([number for _, number in surfaces], np.int64)),
        )

    def _surface(self, surface: str) -> int:
        """The number of a surface."""
        number = self._surfaces.get(surface)
        if number is None:
            number = self._surfaces[surface] = len(self._surface_names)
            self._surface_names.append(surface)
            term = self._known.get(surface) or self._stemmed(surface)
            of_term = self._terms.setdefault(term, len(self._term_names))
            if of_term == len(self._term_names):
                self._term_names.append(term)
            self._surface_terms.append(of_term)
        return number

    def _stemmed(self, surface: str) -> str:
        if self._term is None:
            self._term = self._unknown(self._language)
        return self._term(surface)
