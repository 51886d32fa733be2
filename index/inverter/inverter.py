"""From texts to the postings of one language: words are numbered batch by batch, and sorted at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from functools import partial
from typing import Final

import numpy as np

from ..arrays import I64, U32, U64
from ..aside import aside
from .bounds import FRAME, framed, joined
from .inverted import Inverted
from .lexicon import Lexicon, Sorted
from .likeness import sketches
from .sorting import Tokens
from .vocabulary import GrowingArray, Words

__all__ = ["Inverter"]

_MOST: Final = (1 << 32) - 1  # tokens: their numbers and their count fit into 32 bits
_JOINED: Final = 4  # batches that joined texts may be as large as
_FINISHED: Final = "this inverter has finished; make a new one"
_WAITING: Final = 8  # batches that may wait to be sketched
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
        lexicon: Lexicon | None = None,
        batch: int = 1 << 19,
        likeness: bool = False,
        helper: Executor | None = None,
    ) -> None:
        """lexicon: of the language, where others use it as well. batch: bytes to gather before they are
        worked on. likeness: sketch the units as well. helper: one thread, which sketches batches while the
        next words are numbered, and does half of the work at the end."""
        if batch < 1:
            raise ValueError(f"a batch has at least one byte, not {batch}")
        self._lexicon = Lexicon(language) if lexicon is None else lexicon
        self._met = GrowingArray(np.bool_)  # by word of the lexicon
        self._batch = batch
        self._tokens = Tokens()
        self._lengths: list[U32] = []  # tokens of each unit, a batch each
        self._wants_likeness = likeness
        self._likeness: list[U64] = []
        self._sketches: deque[Callable[[], U64]] = deque()  # those under way
        self._cut: list[I64] = []  # terms of the tokens so far of a text that is too long for one batch
        self._token_count = 0
        self._unit_count = 0
        self._texts: list[bytes] = []
        self._gathered = 0
        self._ends: list[int] = []  # of the units gathered: bytes of `_texts`, newlines between counted
        self._ended = False
        self._sorted: Sorted | None = None  # of the whole, at the end
        self._helper = helper
        np.empty(_HELD, np.uint8)  # let go of at once, and never written to: see `_HELD`

    @property
    def units(self) -> int:
        """How many units there are so far."""
        return self._unit_count

    @property
    def words(self) -> int:
        """How many different words the lexicon holds, as they stand in texts."""
        return len(self._lexicon)

    def add(self, text: str) -> int:
        """Append a unit; return its number, from 0. UnicodeEncodeError (a ValueError) on lone surrogates."""
        number = self._unit_count
        self.add_all((text.encode(),))
        return number

    def add_all(self, texts: Sequence[bytes]) -> None:
        """Append a unit for each text, valid UTF-8."""
        self._check_open()
        for text in texts:
            self._add_one(text)
        self._unit_count += len(texts)

    def add_joined(self, texts: bytes, ends: I64) -> None:
        """What `add_all` does, for many texts at once, between which NULs stand. ends: of each, in bytes."""
        if len(texts) > _JOINED * self._batch:
            self.add_all(texts.split(b"\0"))
            return
        self._check_open()
        self._work()
        self._take(framed(texts), ends)
        self._unit_count += len(ends)

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

    def end(self) -> None:
        """Hand the helper the last of its work, and sort the words: only `finish` may follow, which leaves
        the interpreter to other threads most of the time."""
        self._check_open()
        self._work()
        self._ended = True
        self._sorted = self._lexicon.sorted(self._met.values)

    def finish(self) -> Inverted:
        """Invert all that was added. The inverter takes no more then."""
        if not self._ended:
            self.end()
        if self._sorted is None:
            raise RuntimeError(_FINISHED)
        words, self._sorted = self._sorted, None
        self._likeness += [told() for told in self._sketches]
        lengths = np.concatenate([np.zeros(0, np.uint32), *self._lengths])
        return Inverted(
            terms=words.terms,
            **self._tokens.postings(lengths, words.ranks, self._helper)._asdict(),
            lengths=lengths,
            surfaces=words.surfaces,
            surface_terms=words.surface_terms,
            likeness=np.concatenate([np.zeros(0, np.uint64), *self._likeness]),
        )

    def _check_open(self) -> None:
        if self._ended:
            raise RuntimeError(_FINISHED)

    def _work(self) -> None:
        """Take in what has been gathered."""
        if self._texts or self._ends:
            buffer, ends = joined(self._texts), np.array(self._ends, np.int64)
            self._texts, self._ends, self._gathered = [], [], 0
            self._take(buffer, ends)

    def _take(self, buffer: bytes, ends: I64) -> None:
        """Number the words of texts, and take in the units that are complete. buffer: see `bounds.framed`.
        ends: where each unit ends in the texts."""
        words = Words.find(buffer)
        numbers = self._lexicon.number(words)
        self._met.extend(np.zeros(len(self._lexicon) - len(self._met.values), np.bool_))
        self._met.values[numbers] = True
        terms = self._lexicon.terms(numbers)
        ends = words.starts.searchsorted(ends + FRAME)
        self._token_count += len(words)
        if self._token_count > _MOST:
            raise OverflowError(f"more than {_MOST} tokens in one inversion: begin another segment")
        if not len(ends):
            self._cut.append(terms)
            return
        before = sum(map(len, self._cut))
        complete = np.concatenate([*self._cut, terms[: ends[-1]]])
        self._cut = [terms[ends[-1] :]]
        lengths = np.diff(ends + before, prepend=0)
        self._lengths.append(lengths.astype(np.uint32))
        self._tokens.extend(complete)
        if self._wants_likeness:
            self._sketch(complete, lengths)

    def _sketch(self, terms: I64, lengths: I64) -> None:
        """Sketch units: the terms of their tokens, and how many tokens each has."""
        task = partial(_sketches, self._lexicon.hashes, terms, lengths)
        self._sketches.append(aside(self._helper, task))
        if len(self._sketches) > (_WAITING if self._helper else 0):
            self._likeness.append(self._sketches.popleft()())


def _sketches(hashes: U32, terms: I64, lengths: I64) -> U64:
    return sketches(hashes.take(terms), lengths)


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
