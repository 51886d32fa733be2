"""The leaves of a query in one view: where a word or phrase stands, and how often.

A leaf is found per language as sorted distinct unit numbers with frequencies. Units are paragraphs for
the text, sections for headings, documents for titles; only live ones are ever given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

import numpy as np

from .arrays import F64, I64, Bool, distinct, first_of_runs
from .deadline import UNLIMITED, Deadline
from .field import Field
from .planner.listed import Listed, ListedLeaf, ListedTerm, Scratch
from .planner.phrases import Together, follow
from .query import FieldName, Phrase, Placed, Term, Within, Word, meaning, words_of
from .segment import UNITS
from .snapshot import View
from .spans import Spans

__all__ = ["Leaf", "Leaves"]

KINDS = {FieldName.TEXT: "text", FieldName.HEADING: "heading", FieldName.TITLE: "title"}
_UNIT_BITS = np.int64(32)
_EMPTY = np.empty(0, np.int64)


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a node stands in the field of one language. units: sorted, distinct; frequencies: as long."""

    language: str
    units: I64
    frequencies: F64


class Leaves:
    """Finds leaves in one view and remembers them for as long as a query is answered."""

    def __init__(self, view: View, deadline: Deadline = UNLIMITED) -> None:
        self.view = view
        self.deadline = deadline
        self._found: dict[tuple[object, str], tuple[Leaf, ...]] = {}
        self._spans: dict[tuple[object, str], tuple[Spans, ...]] = {}
        self._listed: dict[object, tuple[Listed, ...]] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._terms: dict[tuple[str, str, str], ListedTerm | None] = {}
        self._together: dict[tuple[str, frozenset[int]], Together] = {}
        self._scratch: Scratch | None = None
        self.within: dict[Within, I64] = {}

    @property
    def scratch(self) -> Scratch:
        """Scratch arrays of this query."""
        if self._scratch is None:
            self._scratch = self.view.borrow()
        return self._scratch

    def close(self) -> None:
        """Give back what was borrowed: only at the end of a query that went well."""
        if self._scratch is not None:
            self.view.give_back(self._scratch)
            self._scratch = None

    def text(self, node: Placed, key: object = None) -> tuple[Listed, ...]:
        """Where the node stands in the text: one list for each language, without common paragraphs. key: its
        meaning, where that is known."""
        if key is None:
            key = meaning(node)
        found = self._listed.get(key)
        if found is None:
            found = self._listed[key] = tuple(self._list(node))
        return found

    def _list(self, node: Placed) -> Iterator[Listed]:
        if (
            isinstance(node, Word)
            and not node.spelling
            and (len(node.terms) < 2 or len({term.language for term in node.terms}) == len(node.terms))
        ):
            for term in sorted(node.terms):
                if (listed := self._term("text", term)) is not None:
                    yield listed
            return
        for leaf in self.find(node, FieldName.TEXT):
            yield ListedLeaf(leaf.language, leaf.units, leaf.frequencies)

    def _term(self, kind: str, term: Term) -> ListedTerm | None:
        """A term's postings in the field of a kind, where it has some."""
        key = (kind, term.language, term.text)
        if key in self._terms:
            return self._terms[key]
        view = self.view
        field = view.segment.field(kind, term.language)
        found: ListedTerm | None = None
        if field is not None and (number := self._number(field, term)) >= 0:
            bits = view.live_bits if kind == "text" else None
            found = ListedTerm(field, term.language, number, self._mask(kind), bits)
        self._terms[key] = found
        return found

    def find(self, node: Placed, field: FieldName, told: object = None) -> tuple[Leaf, ...]:
        """Leaves of the node in the text, the headings or the titles (not ANY). told: as `text`'s key."""
        kind = KINDS[field]
        if kind not in self.view.segment.kinds:
            return ()
        key = (meaning(node) if told is None else told, kind)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = tuple(self._leaves(node, kind))
        return found

    def _leaves(self, node: Placed, kind: str) -> list[Leaf]:
        if not isinstance(node, Word) or node.spelling is not None:
            self.deadline.check()
        if isinstance(node, Word):
            return self._word(node, kind)
        if isinstance(node, Phrase):
            return self._phrase(node, kind)
        from .matching.nearness import near  # here, since few queries have it, and all would load it

        return [Leaf(*found) for found in near(self, node, kind)]

    def paragraphs(self, node: Placed, field: FieldName) -> list[I64]:
        """Paragraphs at which the node stands, as arrays of distinct numbers that may overlap.

        A heading stands at the first paragraph of its span, a title at the first of its document.
        """
        segment = self.view.segment
        found: list[I64] = []
        if field is FieldName.ANY or field is FieldName.TEXT:
            found += [listed.all_units() for listed in self.text(node)]
        if found and self.deadline.enough():
            return [units for units in found if len(units)]
        if field is FieldName.ANY or field is FieldName.HEADING:
            found += [self._begun(leaf.units) for leaf in self.find(node, FieldName.HEADING)]
        if field is FieldName.ANY or field is FieldName.TITLE:
            found += [segment.first_paragraphs[leaf.units] for leaf in self.find(node, FieldName.TITLE)]
        return [units for units in found if len(units)]

    def beneath(self, node: Placed, field: FieldName) -> I64:
        """All paragraphs beneath a heading (or in a document under a title) that holds the node."""
        change = np.zeros(self.view.segment.paragraphs + 1, np.int64)
        for spans in self.spans(node, field):
            np.add.at(change, spans.first, 1)
            np.add.at(change, spans.last, -1)
        return np.flatnonzero(change.cumsum()[:-1])

    def spans(self, node: Placed, field: FieldName, told: object = None) -> tuple[Spans, ...]:
        """Of the headings or titles with the node, those of each language; those with no paragraph beneath
        them are left out. told: as `text`'s key."""
        key = (meaning(node) if told is None else told, KINDS[field])
        found = self._spans.get(key)
        if found is None:
            found = self._spans[key] = tuple(self._spans_of(node, field, key[0]))
        return found

    def _spans_of(self, node: Placed, field: FieldName, told: object) -> Iterator[Spans]:
        segment = self.view.segment
        for leaf in self.find(node, field, told):
            if field is FieldName.HEADING:
                first, last = (ends.take(leaf.units) for ends in segment.section_spans)
            else:
                first, last = (segment.first_paragraphs.take(leaf.units + step) for step in (0, 1))
            full = (first < last).nonzero()[0]
            if len(full) < len(first):
                first, last = first.take(full), last.take(full)
                leaf = Leaf(leaf.language, leaf.units.take(full), leaf.frequencies.take(full))
            if len(full):
                yield Spans(first, last, leaf.frequencies, partial(self._shares, node, field, leaf))

    def _shares(self, node: Placed, field: FieldName, leaf: Leaf) -> F64:
        inverted = self.view.segment.field(KINDS[field], leaf.language)
        if inverted is None:
            return np.zeros(len(leaf.units))
        lengths = inverted.lengths.take(leaf.units).astype(np.float64)
        return np.minimum(leaf.frequencies * len(words_of(node)) / np.maximum(lengths, 1.0), 1.0)

    def _begun(self, sections: I64) -> I64:
        """First paragraphs of the sections' spans (a section that holds none has no place)."""
        firsts, lasts = (ends[sections] for ends in self.view.segment.section_spans)
        return distinct(firsts[firsts < lasts])

    # Words

    def _word(self, word: Word, kind: str) -> list[Leaf]:
        leaves: list[Leaf] = []
        for language in sorted({term.language for term in word.terms}):
            if word.spelling is not None:
                leaves += self._spelt(word, language, kind)
                continue
            terms = {term for term in word.terms if term.language == language}
            listed = [each for term in sorted(terms) if (each := self._term(kind, term)) is not None]
            if listed:
                found = [each.all() for each in listed]
                leaf = Leaf(language, *_summed([units for units, _ in found], [tf for _, tf in found]))
                if len(leaf.units):
                    leaves.append(leaf)
        return leaves

    def _spelt(self, word: Word, language: str, kind: str) -> Iterator[Leaf]:
        field = self.view.segment.field(kind, language)
        if field is None:
            return
        units = self.units(replace(word, spelling=None), kind, language)
        keys = self.keys(word, field, language, units, kind)
        counts = np.bincount(keys >> _UNIT_BITS, minlength=len(units))
        if len(keys):
            hit = np.flatnonzero(counts)
            yield Leaf(language, units[hit], counts[hit].astype(np.float64))

    def _mask(self, kind: str) -> Bool | None:
        view = self.view
        if kind == "text":
            return view.live_paragraphs
        return view.live_sections if kind == "heading" else view.live_documents

    # Phrases

    def _phrase(self, phrase: Phrase, kind: str) -> list[Leaf]:
        if not phrase.words:
            return []
        plain = all(len(word.terms) == 1 and word.spelling is None for word in phrase.words)
        if plain and len(phrase.words) > 1:
            terms = [word.terms[0] for word in phrase.words]
            if any(term.language != terms[0].language for term in terms):
                return []
            leaf = self._phrase_of([self._term(kind, term) for term in terms], terms[0].language, phrase.slop)
            return [leaf] if len(leaf.units) else []
        languages = [{term.language for term in word.terms} for word in phrase.words]
        leaves = []
        for language in sorted(set.intersection(*languages)):
            field = self.view.segment.field(kind, language)
            if field is None:
                continue
            leaf = self._phrase_in(phrase, field, language, kind)
            if len(leaf.units):
                leaves.append(leaf)
        return leaves

    def _phrase_in(self, phrase: Phrase, field: Field, language: str, kind: str) -> Leaf:
        words = [[term for term in word.terms if term.language == language] for word in phrase.words]
        plain = all(word.spelling is None for word in phrase.words)
        if plain and len(words) > 1 and all(len(terms) == 1 for terms in words):
            return self._phrase_of([self._term(kind, terms[0]) for terms in words], language, phrase.slop)
        return self._phrase_of_any(phrase, field, language, kind)

    def _phrase_of(self, terms: Sequence[ListedTerm | None], language: str, slop: int) -> Leaf:
        """A phrase of words with one term each: the common one."""
        listed = {term.number: term for term in terms if term is not None}
        if None in terms or not listed:
            return Leaf(language, _EMPTY, np.empty(0))
        name, numbers = next(iter(listed.values())).field.name, [term.number for term in terms if term]
        beginning: I64 | None = None
        if len(numbers) > 2:
            known = [self._known_pair(name, pair, slop) for pair in pairwise(numbers)]
            if any(units is not None and not len(units) for units in known):
                return Leaf(language, _EMPTY, np.empty(0))
            beginning = known[0]
        if beginning is not None:
            together = Together(tuple(listed.values()), self.scratch, beginning)
            return Leaf(language, *together.phrase(numbers, slop))
        key = name, frozenset(listed)
        found = self._together.get(key)
        if found is None:
            found = self._together[key] = Together(tuple(listed.values()), self.scratch)
        return Leaf(language, *found.phrase(numbers, slop))

    def _known_pair(self, name: str, pair: tuple[int, int], slop: int) -> I64 | None:
        """Where two terms stand one after the other, if that has been found already."""
        found = self._together.get((name, frozenset(pair)))
        units, _ = (None, None) if found is None else found.phrases.get((pair, slop), (None, None))
        return units

    def _phrase_of_any(self, phrase: Phrase, field: Field, language: str, kind: str) -> Leaf:
        nothing = Leaf(language, np.empty(0, np.int64), np.empty(0, np.float64))
        units: I64 | None = None
        for word in phrase.words:
            here = self.units(replace(word, spelling=None), kind, language)
            units = here if units is None else units[self.locate(units, here, kind)[0]]
            if not len(units):
                return nothing
        if units is None:
            return nothing
        ends = self.keys(phrase.words[0], field, language, units, kind)
        for word in phrase.words[1:]:
            ends = follow(ends, self.keys(word, field, language, units, kind), phrase.slop)
            if not len(ends):
                return nothing
        counts = np.bincount(ends >> _UNIT_BITS, minlength=len(units))
        hit = np.flatnonzero(counts)
        return Leaf(language, units[hit], counts[hit].astype(np.float64))

    def units(self, word: Word, kind: str, language: str) -> I64:
        """The units in whose field of the kind and language the word stands."""
        found = [leaf.units for leaf in self._languages_leaf(word, kind, language)]
        return found[0] if found else _EMPTY

    def bound(self, kind: str) -> int:
        """How many units there are of a kind."""
        return int(getattr(self.view.segment, UNITS[kind]))

    def _languages_leaf(self, word: Word, kind: str, language: str) -> list[Leaf]:
        field = next(name for name, value in KINDS.items() if value == kind)
        return [leaf for leaf in self.find(word, field) if leaf.language == language]

    def keys(self, word: Word, field: Field, language: str, units: I64, kind: str) -> I64:
        """Sorted `index in units << 32 | position` of every occurrence of the word in `units`."""
        numbers = self._term_numbers(word, field, language)
        if word.spelling is None:
            return self._keys(numbers, field, units, kind)
        from .matching.spelling import parted, verified  # here, for the same reason

        certain, doubtful = parted(field, numbers, word.spelling)
        keys = self._keys(doubtful, field, units, kind)
        keys = verified(self.view.segment, kind, units, keys, word.spelling, self.deadline)
        if not certain:
            return keys
        return distinct(np.sort(np.concatenate((keys, self._keys(certain, field, units, kind)))))

    def _keys(self, numbers: Sequence[int], field: Field, units: I64, kind: str) -> I64:
        keys = []
        for postings in map(field.postings, numbers):
            which, ranks = self.locate(postings.units.astype(np.int64), units, kind)
            index, position = field.positions(postings, which)
            keys.append((ranks[index] << _UNIT_BITS) | position)
        if not keys:
            return _EMPTY
        return keys[0] if len(keys) == 1 else distinct(np.sort(np.concatenate(keys)))

    def _term_numbers(self, word: Word, field: Field, language: str) -> list[int]:
        numbers = {self._number(field, term) for term in word.terms if term.language == language}
        return sorted(number for number in numbers if number >= 0)

    def _number(self, field: Field, term: Term) -> int:
        number = self._numbers.get((field.name, term.text))
        if number is None:
            number = field.terms.find(term.text.encode("utf-8", "surrogatepass"))
            self._numbers[field.name, term.text] = number
        return number

    def locate(self, values: I64, among: I64, kind: str) -> tuple[I64, I64]:
        """Which of `values` are in `among` (both sorted, distinct units), and where: two index arrays."""
        if not len(among) or not len(values):
            return _EMPTY, _EMPTY
        bound = self.bound(kind)
        if (len(values) + len(among)) * 64 < bound:
            at = np.searchsorted(among, values)
            at[at == len(among)] = 0
        else:
            # A table is quicker than a search for each; what it holds by chance is found out below.
            table = np.empty(bound, np.int32)
            table[among] = np.arange(len(among), dtype=np.int32)
            at = table[values].astype(np.int64)
            at[(at < 0) | (at >= len(among))] = 0
        which = np.flatnonzero(among[at] == values)
        return which, at[which]


def _summed(units: Sequence[I64], counts: Sequence[F64]) -> tuple[I64, F64]:
    """The union of units with frequencies added up."""
    if len(units) == 1:
        return units[0], counts[0]
    together = np.concatenate(units)
    order = np.argsort(together, kind="stable")
    together = together[order]
    starts = first_of_runs(together)
    return together[starts], np.add.reduceat(np.concatenate(counts)[order], starts)
