"""Which stretches of a paragraph are shown, and what is marked in them, in headings and in titles.

A snippet is a verbatim range on sentence borders: never rewritten, joined or trimmed inside. Together a
paragraph's snippets take about 200 to 300 characters. A paragraph of up to 360 is shown whole.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

from ..corpus.sentences import sentences
from ..index.analysis.normal import normalise
from ..index.analysis.tokens import Token, first_sign, is_lone_sign, tokenize
from ..index.query import FieldName, Node, Or, Phrase, Term, Word
from ..index.records import Passage
from .chains import Chain, Place, complete
from .reading import Leaf
from .results import Snippet

__all__ = [
    "ROOM",
    "WHOLE",
    "Marking",
    "Marks",
    "Occurrence",
    "Surfaces",
    "highlights_of",
    "marks_of",
    "snippets_of",
]

ROOM = 300
"""Characters that the snippets of one paragraph take together, at most."""

WHOLE = 360
"""Up to this length, in characters, a paragraph is shown whole."""

_LEAST_ROOM = 100  # characters of each stretch; below it a stretch says too little to be understood

TYPED = "="
"""Before a word that is looked for as typed; no surface holds this sign."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}

Range = tuple[int, int]

Surfaces = Callable[[tuple[Term, ...]], frozenset[str]]
"""The indexed words behind some terms: `Engine.surfaces`, or the same with a memory."""


class Occurrence(NamedTuple):
    """A place where a word or phrase stands: `[start, end)` of the text; `what`: one bit for which it is."""

    start: int
    end: int
    what: int


class Marks:
    """Finds words and phrases in a text, in one pass over its tokens however many they are.

    patterns: each a sequence of sets of surfaces; a text's successive tokens match it one by one. A surface
        that begins with `TYPED` is a word as typed, capitals and all.
    chains: what is found only where it stands near something else; they name patterns by their numbers.
    plain: how many of the patterns, the first ones, are found wherever they stand; None: all.
    """

    # The automaton is Shift-And (Baeza-Yates and Gonnet, "A New Approach to Text Searching", 1992): the
    # patterns lie end to end in one integer, and bit i of the state says that the tokens read last match
    # a pattern up to its place i.

    def __init__(
        self,
        patterns: Iterable[Sequence[frozenset[str]]],
        chains: Iterable[Chain] = (),
        plain: int | None = None,
    ) -> None:
        self._masks: dict[str, int] = {}
        self._signs: dict[str, int] = {}  # of single signs, which tokens of two begin with
        self._seen: dict[str, int] = {}  # the mask of every token met so far, as it is written
        self._firsts = self._lasts = 0
        self._ends: dict[int, tuple[int, int]] = {}  # place of a last word -> length, which pattern
        self._chains = tuple(chains)
        place = which = 0
        for which, pattern in enumerate(patterns):
            self._firsts |= 1 << place
            for surfaces in pattern:
                for surface in surfaces:
                    masks = self._signs if is_lone_sign(surface) else self._masks
                    masks[surface] = masks.get(surface, 0) | 1 << place
                place += 1
            self._lasts |= 1 << (place - 1)
            self._ends[place - 1] = (len(pattern), which)
        self._patterns = which + 1
        self._plain = self._patterns if plain is None else plain

    def find(self, text: str) -> list[Occurrence]:
        """All occurrences, also overlapping ones, in the order of their ends. Takes linear time."""
        found: list[Occurrence] = []
        places: list[list[Place]] = [[] for _ in range(self._patterns)] if self._chains else []
        for which, place in self._places(text):
            if which < self._plain:
                found.append(Occurrence(place.start, place.end, 1 << which))
            if places:
                places[which].append(place)
        for number, chain in enumerate(self._chains, start=self._plain):
            found += (Occurrence(each.start, each.end, 1 << number) for each in complete(chain, places))
        return found

    def _places(self, text: str) -> Iterator[tuple[int, Place]]:
        """Where the patterns stand, by their ends, and which they are."""
        starts: list[int] = []
        seen = self._seen
        state = 0
        for number, token in enumerate(tokenize(text)):
            starts.append(token.start)
            mask = seen.get(token.raw)
            if mask is None:
                mask = seen[token.raw] = self._mask(token.raw)
            state = (state << 1 | self._firsts) & mask
            if ended := state & self._lasts:
                for place in _bits(ended):
                    length, which = self._ends[place]
                    end = self._end(token, place)
                    yield which, Place(number - length + 1, number, starts[-length], end)

    def _mask(self, raw: str) -> int:
        surface = normalise(raw)
        mask = self._masks.get(surface, 0) | self._masks.get(_typed(raw), 0)
        return mask | self._signs.get(first_sign(surface), 0) if self._signs else mask

    def _end(self, token: Token, place: int) -> int:
        """Where the mark for the pattern that ends with the token at `place` ends."""
        if self._signs and self._signs.get(normalise(first := first_sign(token.raw)), 0) >> place & 1:
            return token.start + len(first)
        return token.end


def _bits(value: int) -> Iterator[int]:
    while value:
        low = value & -value
        yield low.bit_length() - 1
        value ^= low


def marks_of(surfaces: Surfaces, leaves: Sequence[Leaf], field: FieldName = FieldName.TEXT) -> Marks:
    """What to mark for a query in a paragraph, a heading or a title: its words wherever they stand, its
    phrases as wholes, and two that are neighbours in the query, where they stand side by side, as one."""
    there = [leaf for leaf in leaves if leaf.node.field in (FieldName.ANY, field)]
    loose = [leaf.node for leaf in there if leaf.near is None and not _has_room(leaf.node)]
    patterns = [(node,) if isinstance(node, Word) else node.words for node in loose]
    patterns += [left + right for left, right in pairwise(patterns)]
    spelt = cache(partial(_spelt, surfaces))
    plain = dict.fromkeys(tuple(map(spelt, pattern)) for pattern in patterns)
    numbers = {pattern: number for number, pattern in enumerate(plain)}
    chains = [chain for leaf in there for chain in _chains(leaf, spelt, numbers)]
    return Marks(numbers, dict.fromkeys(chains), len(plain))


def _has_room(node: Word | Phrase) -> bool:
    return isinstance(node, Phrase) and node.slop > 0


Pattern = tuple[frozenset[str], ...]
Spelt = Callable[[Word], frozenset[str]]


def _chains(leaf: Leaf, spelt: Spelt, numbers: dict[Pattern, int]) -> Iterator[Chain]:
    """What a leaf must stand near to; its patterns get numbers, where they have none yet."""
    if leaf.near is None:
        if isinstance(leaf.node, Phrase) and leaf.node.slop:
            words = [_numbered((spelt(word),), numbers) for word in leaf.node.words]
            yield Chain(tuple((word,) for word in words), leaf.node.slop + 1)
        return
    parts = tuple(_alternatives(child, spelt, numbers) for child in leaf.near.children)
    yield Chain(parts, leaf.near.distance)
    if not leaf.near.ordered:
        yield Chain(parts[::-1], leaf.near.distance)


def _alternatives(child: Node, spelt: Spelt, numbers: dict[Pattern, int]) -> tuple[int, ...]:
    nodes = child.children if isinstance(child, Or) else (child,)
    words = [
        node.words if isinstance(node, Phrase) else (node,)
        for node in nodes
        if isinstance(node, Word | Phrase)
    ]
    return tuple(_numbered(tuple(map(spelt, each)), numbers) for each in words)


def _numbered(pattern: Pattern, numbers: dict[Pattern, int]) -> int:
    return numbers.setdefault(pattern, len(numbers))


def _spelt(surfaces: Surfaces, word: Word) -> frozenset[str]:
    """The indexed words that the word stands for."""
    if is_lone_sign(word.surface):
        return frozenset((normalise(word.surface),))  # and not the pairs that it stands for
    if word.spelling is None:
        return surfaces(word.terms)
    if word.spelling.typed:
        return frozenset(map(_typed, word.spelling.surfaces))
    return surfaces(word.terms) & set(map(normalise, word.spelling.surfaces))


def _typed(raw: str) -> str:
    return TYPED + unicodedata.normalize("NFC", raw)


class Marking:
    """The marks of a query where it looks: in paragraphs, headings and titles.

    `in_heading` and `in_title` give the highlights of one; many hits stand beneath the same, so each is
    looked through once.
    """

    def __init__(self, surfaces: Surfaces, leaves: Sequence[Leaf]) -> None:
        self.text = marks_of(surfaces, leaves, FieldName.TEXT)
        self.in_heading = cache(partial(highlights_of, marks_of(surfaces, leaves, FieldName.HEADING)))
        self.in_title = cache(partial(highlights_of, marks_of(surfaces, leaves, FieldName.TITLE)))


def highlights_of(marks: Marks, text: str) -> tuple[Range, ...]:
    """What is marked in a text: half-open ranges of it, sorted and disjoint."""
    return tuple(_united((each.start, each.end) for each in _occurrences(marks, text)))


def snippets_of(passage: Passage, marks: Marks, most: int = 2) -> tuple[Snippet, ...]:
    """At most `most` stretches of the paragraph that hold as many different words and phrases as can be.

    Earlier ones are preferred among equals; a single one, if several would show no more. Where nothing is
    to be marked, the paragraph's beginning.
    """
    if most < 1:
        return ()
    found = _occurrences(marks, passage.text)
    if len(passage.text) <= WHOLE:
        stretches = [(0, len(passage.text))]
    else:
        stretches = _Chooser(passage.text, passage.meta.language, found).choose(most)
    highlights = _united((each.start, each.end) for each in found)
    offset = passage.paragraph.start
    return tuple(
        Snippet(
            start=offset + start,
            end=offset + end,
            text=passage.text[start:end],
            highlights=tuple((offset + s, offset + e) for s, e in highlights if start <= s and e <= end),
        )
        for start, end in stretches
    )


def _occurrences(marks: Marks, text: str) -> list[Occurrence]:
    """All occurrences by their starts, each with the brackets that belong to it."""
    found = (Occurrence(*_bracketed(text, each.start, each.end), each.what) for each in marks.find(text))
    return sorted(found, key=lambda each: (each.start, each.end))


def _bracketed(text: str, start: int, end: int) -> Range:
    """The range with the brackets right behind it, and before it, whose other halves lie inside: the tokens
    of `12(a)` are `12` and `a`, but the whole ends behind the bracket."""
    while (behind := text[end : end + 1]) in _OPENING and _open(text[start:end], _OPENING[behind], behind):
        end += 1
    while (before := text[max(start - 1, 0) : start]) in _CLOSING and _open(
        text[start:end], _CLOSING[before], before
    ):
        start -= 1
    return start, end


def _open(text: str, mark: str, partner: str) -> bool:
    """Does a bracket of the text lack its partner?"""
    return text.count(mark) > text.count(partner)


def _united(ranges: Iterable[Range]) -> list[Range]:
    """Overlapping ranges made one; the ranges come sorted."""
    united: list[Range] = []
    for start, end in ranges:
        if united and start < united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


class _Chooser:
    """Chooses stretches of one text. found: sorted by start; what fits into no stretch does not count."""

    def __init__(self, text: str, language: str, found: Sequence[Occurrence]) -> None:
        self._text = text
        self._found = [each for each in found if each.end - each.start <= ROOM]
        self._found_starts = [each.start for each in self._found]
        ranges = sentences(text, 0, len(text), language)
        self._starts = [start for start, _ in ranges]
        self._ends = [end for _, end in ranges]
        self._all = 0
        for each in self._found:
            self._all |= each.what

    def choose(self, most: int) -> list[Range]:
        best: list[Range] = []
        reached = -1
        for count in range(1, min(most, ROOM // _LEAST_ROOM) + 1):
            chosen, covered = self._greedily(count)
            if covered.bit_count() > reached:
                best, reached = chosen, covered.bit_count()
            if covered == self._all:
                break
        return self._joined(sorted(best))

    def _greedily(self, count: int) -> tuple[list[Range], int]:
        chosen: list[Range] = []
        covered = 0
        for _ in range(count):
            stretch, gained = self._best(ROOM // count, chosen, covered)
            if chosen and not gained:
                break
            chosen.append(stretch)
            covered |= gained
        return chosen, covered

    def _best(self, room: int, chosen: Sequence[Range], covered: int) -> tuple[Range, int]:
        """The first of the stretches, clear of those chosen, that add most to what is covered, rather one
        that ends with a sentence; and what it adds."""
        best, gained = (0, 0), 0
        most = (-1, False)
        for start, end, tidy in self._candidates(room):
            if any(start < other_end and other_start < end for other_start, other_end in chosen):
                continue
            gain = self._within(start, end) & ~covered
            if (gain.bit_count(), tidy) > most:
                best, gained, most = (start, end), gain, (gain.bit_count(), tidy)
                if tidy and gain == self._all & ~covered:
                    break
        return self._grown(best, room, chosen), gained

    def _candidates(self, room: int) -> Iterator[tuple[int, int, bool]]:
        """The stretch at the beginning, then one or two for every occurrence; and whether each ends as well
        as it can: with a sentence, or with a word where no sentence ends."""
        last = -1
        for start in (0, *(self._begin(each, room) for each in self._found)):
            if start != last:
                last = start
                sentence, word = self._sentence_end(start, room), self._word_end(start, room)
                if sentence is not None:
                    yield start, sentence, True
                if word != sentence:
                    yield start, word, sentence is None

    def _within(self, start: int, end: int) -> int:
        covered = 0
        for at in range(bisect_left(self._found_starts, start), len(self._found)):
            if self._found[at].start >= end:
                break
            if self._found[at].end <= end:
                covered |= self._found[at].what
        return covered

    def _begin(self, each: Occurrence, room: int) -> int:
        """The start of its sentence if that is not far, else of a word a little before."""
        start = self._starts[bisect_right(self._starts, each.start) - 1]
        if each.end - start <= _enough(room):
            return start
        return self._word_start(each.start - room // 5, each.start)

    def _word_start(self, low: int, high: int) -> int:
        """The first place after white space in [low, high], else high."""
        for at in range(max(low, 1), high):
            if self._text[at - 1].isspace() and not self._text[at].isspace():
                return at
        return high

    def _sentence_end(self, start: int, room: int) -> int | None:
        """The last end of a sentence that leaves enough and fits."""
        at = bisect_right(self._ends, start + room) - 1
        return self._ends[at] if at >= 0 and self._ends[at] >= start + _enough(room) else None

    def _word_end(self, start: int, room: int) -> int:
        limit = start + room
        if limit >= len(self._text):
            return len(self._text)
        for at in range(limit, start + room // 2, -1):
            if self._text[at].isspace() and not self._text[at - 1].isspace():
                return at
        return limit

    def _grown(self, stretch: Range, room: int, chosen: Sequence[Range]) -> Range:
        """A short stretch (at the end of the text) with what stands before it."""
        start, end = stretch
        if end - start >= _enough(room):
            return stretch
        low = max([end - room, 0, *(other_end for _, other_end in chosen if other_end <= start)])
        at = bisect_left(self._starts, low)
        if at < len(self._starts) and self._starts[at] < start:
            return self._starts[at], end
        return (self._word_start(low, start) if low else 0), end

    def _joined(self, stretches: Sequence[Range]) -> list[Range]:
        """Stretches with nothing but white space between them made one."""
        joined = list(stretches[:1])
        for start, end in stretches[1:]:
            if self._text[joined[-1][1] : start].strip():
                joined.append((start, end))
            else:
                joined[-1] = (joined[-1][0], end)
        return joined


def _enough(room: int) -> int:
    return room // 2
