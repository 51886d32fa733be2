"""From a verbatim stretch of a document to what a person reads: markup hidden, hard-wrapped lines joined.

Only the display does this: ranges, quotations and every format for programs keep the text as it stands.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from ...corpus.model import ParagraphKind
from .rich import Rich, span
from .style import Role

__all__ = ["LINED", "displayed", "hidden", "readable"]

LINED: frozenset[ParagraphKind] = frozenset({"table", "code"})
"""Kinds of paragraphs whose lines mean something."""

Range = tuple[int, int]

# Emphasis and links are closed within a few lines; looking no further keeps a hostile paragraph cheap.
_REACH = 1_000

_LINE_MARKS = re.compile(
    r"""
      ^[ \t]{0,3} (?:>[ \t]?){1,20}                       # quotation
    | ^[ \t]{0,3} [#]{1,6} [ \t]+                         # heading
    | (?<=\S) [ \t]{1,20} [#]{1,6} [ \t]* $               # the closing marks of a heading
    | ^[ \t]* \|? [ \t:]* -{3,} [ \t:]* (?:\| [ \t:]* -+ [ \t:]*){0,100} \|? [ \t]* $   # under a table's head
    """,
    re.VERBOSE | re.MULTILINE,
)
_LINK = re.compile(
    r"""
    (?P<open> !?\[ ) (?P<words> [^\[\]]{0,1000} )
    (?P<close>
        \]\( (?=[^()\s]{0,1000}[/.#:])                # a target, not the "(1)" of a law's "[(a)](1)"
        (?:[^()\s]|\([^()\s]{0,200}\)){1,1000} (?:\s{1,5}"[^"]{0,300}")? \)
    )
    """,
    re.VERBOSE,
)
_AUTOLINK = re.compile(r"(?P<open><)(?P<words>(?:https?://|mailto:)[^<>\s]{1,1000})(?P<close>>)")
_PAIRS = [
    re.compile(
        rf"(?<![\w{mark[0]}])(?P<open>{re.escape(mark)})(?=[^\s{mark[0]}])"
        rf"(?P<words>.{{1,{_REACH}}}?)(?<![\s{mark[0]}])(?P<close>{re.escape(mark)})(?![\w{mark[0]}])",
        re.DOTALL,
    )
    for mark in ("**", "__", "*", "_", "`")
]
_ESCAPE = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
# "Anti-\nMoney" is one word cut at its hyphen; "Ein-\nund" is not, and a small letter does not tell.
_CUT_WORD = re.compile(r"(?<=\w-)\s*\n\s*(?=[A-Z0-9])")


def displayed(
    text: str,
    stretch: Range,
    marks: Sequence[Range] = (),
    *,
    kind: ParagraphKind,
    markdown: bool,
    ground: Role = "plain",
) -> list[Rich]:
    """The stretch of a paragraph as its kind is to be read: tables and code line by line (without lines that
    show nothing), anything else as one. Arguments as of `readable`; code has no markup."""
    if kind not in LINED:
        return [readable(text, stretch, marks, markdown=markdown, ground=ground)]
    shown = []
    start = stretch[0]
    for line in text[start : stretch[1]].splitlines(keepends=True):
        end = start + len(line)
        inside = [(max(low, start) - start, min(high, end) - start) for low, high in marks if low < end]
        inside = [(low, high) for low, high in inside if low < high]
        shown.append(
            readable(line, (0, len(line)), inside, markdown=markdown and kind != "code", ground=ground)
        )
        start = end
    return [rich for rich in shown if rich.text]


def readable(
    text: str, stretch: Range, marks: Sequence[Range] = (), *, markdown: bool, ground: Role = "plain"
) -> Rich:
    """The stretch of a paragraph as it is to be read, on one line.

    stretch, marks: half-open ranges of `text` (marks sorted, disjoint). Marks with only white space between
    them become one, so that words which stand together are marked together.
    """
    whole = Rich("")
    pieces = _folded(_visible(text, stretch, hidden(text, stretch, markdown=markdown), marks))
    for is_mark, group in groupby(pieces, key=lambda piece: piece[1]):
        whole = whole + span("".join(piece for piece, _ in group), "match" if is_mark else ground)
    return whole


def _visible(
    text: str, stretch: Range, hide: Sequence[Range], marks: Sequence[Range]
) -> Iterator[tuple[str, bool]]:
    """What is left of the stretch, cut where marks begin and end: `(characters, marked)`."""
    borders = {at for ranges in (hide, marks, [stretch]) for pair in ranges for at in pair}
    cuts = sorted(at for at in borders if stretch[0] <= at <= stretch[1])
    for start, end in pairwise(cuts):
        if not _within(start, hide):
            yield text[start:end], _within(start, marks)


def _folded(pieces: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """White space as single spaces, within pieces and across their borders, none at the beginning or end.
    A space is marked when it stands between two marked pieces."""
    begun = spaced = last = False
    for text, flag in pieces:
        words = text.split()
        if words:
            if begun and (spaced or text[0].isspace()):
                yield " ", last and flag
            yield " ".join(words), flag
            begun, last = True, flag
        spaced = text[-1].isspace() or (spaced and not words)


def hidden(text: str, stretch: Range, *, markdown: bool) -> list[Range]:
    """Ranges that display leaves out, sorted and disjoint; they may begin before the stretch or end after it.

    Only Markdown has markup; in any other text an asterisk is an asterisk.
    """
    low, high = max(0, stretch[0] - _REACH), min(len(text), stretch[1] + _REACH)
    found = [found.span() for found in _CUT_WORD.finditer(text, low, high)]
    if markdown:
        found.extend(match.span() for match in _LINE_MARKS.finditer(text, low, high))
        found.extend(match.span() for match in _ESCAPE.finditer(text, low, high))
        for pattern in (_LINK, _AUTOLINK, *_PAIRS):
            for match in pattern.finditer(text, low, high):
                found += [match.span("open"), match.span("close")]
    return _merged(found)


def _merged(ranges: Iterable[Range]) -> list[Range]:
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _within(at: int, ranges: Sequence[Range]) -> bool:
    """Whether a place lies in one of the sorted, disjoint ranges."""
    place = bisect_right(ranges, (at, sys.maxsize)) - 1
    return place >= 0 and at < ranges[place][1]
