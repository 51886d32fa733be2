"""Lines of plain text that look like headings: which of them are, and at which levels, once all are known."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import NamedTuple

from .blocks import Block, Heading
from .clauses import as_block, continues
from .headings import Form, Rank, levels

__all__ = ["Candidate", "Part", "settled"]


class Candidate(NamedTuple):
    """Lines that look like a heading. opens: where the first of them begins."""

    start: int
    end: int
    form: Form
    opens: int


Part = Block | Candidate


def settled(text: str, parts: list[Part]) -> Iterator[Block | Heading]:
    """The parts of a text, every candidate made a heading, or a paragraph where its neighbours belie it."""
    yield from _levelled(text, _believed(text, parts))


def _believed(text: str, parts: list[Part]) -> list[Part]:
    kept: list[Part] = []
    questions = sum(1 for part in parts if isinstance(part, Candidate) and part.form.rank == Rank.QUESTION)
    for is_candidates, group in groupby(parts, key=lambda part: isinstance(part, Candidate)):
        run = list(group)
        if is_candidates:
            following = parts[len(kept) + len(run)] if len(kept) + len(run) < len(parts) else None
            candidates = [part for part in run if isinstance(part, Candidate)]
            belied = _belied([part.form for part in candidates], opens=not kept, closes=following is None)
            if questions == 1:
                belied.update(i for i, part in enumerate(candidates) if part.form.rank == Rank.QUESTION)
            if kept and continues(text, kept[-1].start, run[0].start):
                belied.add(0)
            if following and continues(text, run[-1].start, following.start):
                belied.add(len(run) - 1)
            run = [as_block(text, *part[:2]) if index in belied else part for index, part in enumerate(run)]
        kept.extend(run)
    return kept


def _belied(forms: list[Form], *, opens: bool, closes: bool) -> set[int]:
    """Which of some headings with no text between them are none: members of a list, lines of an address.

    opens, closes: whether they begin or end the text, where a title or a signature stands.
    """
    ranks = [form.rank for form in forms]
    belied = {
        index
        for first in range(len(forms) - 1)
        for index in (first, first + 1)
        if forms[first].numbered and ranks[first] == ranks[first + 1]
    }
    for first in range(1 if opens else 0, len(forms) - 2):
        if ranks[first] >= Rank.CAPS and ranks[first] == ranks[first + 1] == ranks[first + 2]:
            belied.update((first, first + 1, first + 2))
    last = len(forms) - 1
    while closes and last >= 0 and ranks[last] >= Rank.CAPS:
        belied.add(last)
        last -= 1
    return belied


def _levelled(text: str, parts: list[Part]) -> Iterator[Block | Heading]:
    """The parts with the level of each heading, which only all of them together tell."""
    places = [index for index, part in enumerate(parts) if isinstance(part, Candidate)]
    forms = [part.form for part in parts if isinstance(part, Candidate)]
    titles = [" ".join(text[part.start : part.end].split()) for part in parts if isinstance(part, Candidate)]
    adjacent = [right == left + 1 for left, right in pairwise([*places, -1])]
    opens = places[:1] == [0]
    found = iter(zip(levels(forms, titles, opens=opens, adjacent=adjacent), titles, strict=True))
    for part in parts:
        if isinstance(part, Candidate):
            level, title = next(found)
            yield Heading(part.start, part.end, level, title, part.opens)
        else:
            yield part
