"""Plain text: what blank lines, indentation, enumerators and the form of headings say about its structure.

A run of lines without a blank one is a paragraph, or several:

- where lines are long (most of its characters stand in lines of more than 160), nothing was hard-wrapped,
  and every line is a paragraph;
- else a line begins a new one with a bullet or an enumerator that `clauses` believes, or with a first-line
  (or hanging) indent after a line that ends a sentence;
- lines with column gaps are a table, in groups of rows.

In double-spaced text one blank line between two lines does not count. A short run can be a heading, by
the forms that `headings` knows; a single line among its like (a list, an address, a signature) is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .blocks import Block, Heading
from .clauses import CLAUSES, as_block, ends_sentence, item_starts
from .cutting import row_groups
from .headings import (
    ALONE_LONGEST,
    Form,
    Rank,
    designated,
    heading_form,
    is_subtitle,
    is_title,
    levels,
    numbered,
)
from .model import Anchor

__all__ = ["page_anchors", "plain_blocks"]

_LONG_LINE = 160  # characters; hard-wrapped lines are shorter
_WORD = re.compile(r"[^\W_]")
_RUN = re.compile(r"\S[^\n]*+(?:\n(?![^\S\n]*+(?:\n|\Z))[^\n]*+)*+")
_DOUBLE_SPACED_RUN = re.compile(r"\S[^\n]*+(?:\n(?:[^\S\n]*+\n)?(?![^\S\n]*+(?:\n|\Z))[^\n]*+)*+")
_NEXT_LINE = re.compile(r"\n([^\S\n]*)(?=\S)")
_INDENTED = re.compile(r"\n[^\S\n]+\S")
_RULE = re.compile(r"(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,}|\^{3,}|#{3,})[^\S\n]*(?=\n|\Z)")
_GAP = re.compile(r"[^\s.](?:\t+| {3,}|\.{4,} ?| ?\| ?)(?=\S)")
_BEGINS = re.compile(r"[\"“„«'‘(\[¿¡]*[^\W_]|§")
_SAMPLE = 20_000  # characters that tell whether a text is double-spaced


class _Candidate(NamedTuple):
    """Lines that look like a heading. line: where the first of them begins."""

    start: int
    end: int
    form: Form
    line: int


_Part = Block | _Candidate


def plain_blocks(text: str, start: int = 0) -> Iterator[Block | Heading]:
    """The headings and paragraphs of plain text from `start` on, in text order. Any text, never raises."""
    parts: list[_Part] = []
    runs = _DOUBLE_SPACED_RUN if _is_double_spaced(text[start : start + _SAMPLE]) else _RUN
    found = runs.search(text, start)
    while found:
        following = runs.search(text, found.end())
        _read_run(text, found.start(), found.end(), following, parts)
        found = following
    _demote(text, parts)
    yield from _levelled(text, parts)
