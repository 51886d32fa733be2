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
from itertools import pairwise

from .blocks import Block, Heading
from .candidates import Candidate, Part, settled
from .clauses import CLAUSES, as_block, ends_sentence, item_starts
from .cutting import row_groups
from .headings import (
    ALONE_LONGEST,
    OPENING_LONGEST,
    Form,
    Rank,
    designated,
    heading_form,
    is_label,
    is_subtitle,
    is_title,
    numbered,
)
from .model import Anchor

__all__ = ["page_anchors", "plain_blocks"]

_LONG_LINE = 160  # characters; hard-wrapped lines are shorter
_WORD = re.compile(r"[^\W_]")
_RUN = re.compile(r"\S[^\n]*+(?>(?:\n(?![^\S\n]*+(?:\n|\Z))[^\n]*+)*)")
_DOUBLE_SPACED_RUN = re.compile(r"\S[^\n]*+(?>(?:\n(?:[^\S\n]*+\n)?(?![^\S\n]*+(?:\n|\Z))[^\n]*+)*)")
_NEXT_LINE = re.compile(r"\n([^\S\n]*)(?=\S)")
_INDENTED = re.compile(r"\n[^\S\n]+\S")
_WORD_END = re.compile(r"\s|\Z")
_RULE = re.compile(r"(?:={3,}|-{3,}|~{3,}|\*{3,}|_{3,}|\^{3,}|#{3,})[^\S\n]*(?=\n|\Z)")
_GAP = r"[^\s.](?:\t+| {3,}|\.{4,} ?| ?\| ?)(?=\S)"
_GAPS = re.compile(_GAP)
# A gap right behind an enumerator makes no row.
_ENUMERATOR = r"(?:\(?(?:\d{1,3}[a-z]?|[a-zA-Z]{1,2}|[ivxlcIVXLC]{1,6})[.)]|\d{1,3}(?:\.\d{1,3})+\.?)[^\S\n]+"
_ROW = re.compile(rf"[|+][-=+| ]|(?>(?:{_ENUMERATOR})?)[^\n]*?{_GAP}")
_BEGINS = re.compile(r"[\"“„«'‘(\[¿¡]*[^\W_]|§")
_HEADING_RUN = 300  # characters of a heading over several lines
_WIDTH_SAMPLE = 2_000  # characters that tell how wide the lines of a run are
_SAMPLE = 20_000  # characters that tell whether a text is double-spaced


def plain_blocks(text: str, start: int = 0) -> Iterator[Block | Heading]:
    """The headings and paragraphs of plain text from `start` on, in text order. Any text; never raises."""
    reader = _Reader(text)
    runs = _DOUBLE_SPACED_RUN if _is_double_spaced(text[start : start + _SAMPLE]) else _RUN
    run = runs.search(text, start)
    while run:
        following = runs.search(text, run.end())
        reader.read(run.start(), run.end(), following.span() if following else None)
        run = following
    yield from settled(text, reader.parts)


def page_anchors(text: str) -> tuple[Anchor, ...]:
    """The pages of a text that form feeds divide, without wordless ones; () when there is only one."""
    if "\f" not in text:
        return ()
    pages, start = [], 0
    for index, page in enumerate(text.split("\f")):
        if _WORD.search(page):
            pages.append(Anchor("page", start, start + len(page), index))
        start += len(page) + 1
    return tuple(pages) if len(pages) > 1 else ()


def _is_double_spaced(sample: str) -> bool:
    """Whether nearly every line is followed by a blank one, and most of them break off in a sentence."""
    lines = [line.strip() for line in sample.split("\n")]
    pairs = list(pairwise(lines))
    written = sum(map(bool, lines))
    touching = sum(1 for line, below in pairs if line and below)
    broken_off = sum(1 for line, below in pairs if len(line) > 40 and not below and line[-1] not in '.:;?!"”')
    return written >= 12 and touching <= written / 20 and broken_off >= written / 2


def _is_prose(text: str, start: int, end: int) -> bool:
    """Whether a run is no heading (it is long, or a whole sentence) and no item, which a line introduces."""
    long = end - start >= 100 or text.find("\n", start, end) >= 0
    return (long or (end - start >= 40 and ends_sentence(text, start, end))) and (
        as_block(text, start, end).kind == "text"
    )


def _is_sure(line: str, form: Form) -> bool:
    return form.rank < Rank.WORDS or (form.rank == Rank.WORDS and is_title(line))


class _Reader:
    """Reads one run of lines after another into parts; whether a candidate is a heading is settled later."""

    def __init__(self, text: str) -> None:
        self.parts: list[Part] = []
        self._text = text

    def read(self, start: int, end: int, following: tuple[int, int] | None) -> None:
        """Read the run `[start, end)`. following: the range of the next one."""
        if self._text.find("\n", start, end) < 0:
            self._read_line(start, end, following)
            return
        start = self._read_first_lines(start, end)
        if start < end:
            self._read_paragraphs(start, end)

    def _read_line(self, start: int, end: int, following: tuple[int, int] | None) -> None:
        """A line on its own: a heading, the title beneath a bare one, or a paragraph."""
        text = self._text
        if end - start > OPENING_LONGEST:
            self.parts.append(as_block(text, start, end))
            return
        line = text[start:end].rstrip()
        if self._is_awaited_title(line):
            self._extend(start + len(line))
            return
        longest = ALONE_LONGEST if self.parts else OPENING_LONGEST
        form = heading_form(line) if len(line) <= longest else designated(line)
        if form and (_is_sure(line, form) or self._stands_out(line, following)):
            self._add(start, start + len(line), form)
        else:
            self.parts.append(as_block(text, start, end))

    def _stands_out(self, line: str, following: tuple[int, int] | None) -> bool:
        """Whether a line in the form of a sentence or question is short, and stands before prose and behind
        something that has ended."""
        text = self._text
        if following is None or not _is_prose(text, *following):
            return False
        if not self.parts:
            return True
        last = self.parts[-1]
        above = text[last.start : last.end].rstrip() if last.end - last.start <= ALONE_LONGEST else ""
        if not (isinstance(last, Candidate) or is_label(above) or ends_sentence(text, last.start, last.end)):
            return False
        return len(line) <= 80 and 2 <= len(line.split()) <= 10

    def _is_awaited_title(self, line: str) -> bool:
        last = self.parts[-1] if self.parts else None
        return isinstance(last, Candidate) and last.form.bare and is_subtitle(line)

    def _extend(self, end: int) -> None:
        last = self.parts[-1]
        if isinstance(last, Candidate):
            self.parts[-1] = last._replace(end=end, form=last.form._replace(bare=False))

    def _add(self, start: int, end: int, form: Form) -> None:
        self.parts.append(Candidate(start, end, form, self._text.rfind("\n", 0, start) + 1))

    def _read_first_lines(self, start: int, end: int) -> int:
        """Read the headings that a run of several lines begins with; where the rest begins."""
        while start < end:
            past = self._underlined(start, end) or self._capitals(start, end) or self._leading(start, end)
            if past is None:
                break
            start = past
        return start

    def _underlined(self, start: int, end: int) -> int | None:
        text = self._text
        overline = _RULE.match(text, start, end)
        first = _next_line(text, start, end) if overline else start
        below = _next_line(text, first, end)
        rule = _RULE.match(text, below, end)
        line = text[first:below].rstrip()
        if rule is None or len(line) > ALONE_LONGEST or not _WORD.search(line):
            return None
        form = designated(line) or numbered(line) or Form(Rank.UNDERLINED + (text[below] != "="))
        self._add(first, first + len(line), form)
        return _next_line(text, below, end)

    def _capitals(self, start: int, end: int) -> int | None:
        """A heading of several lines, all capitals."""
        if end - start > _HEADING_RUN:
            return None
        run = self._text[start:end].rstrip()
        form = heading_form(" ".join(run.split())) if run.isupper() and "\n" in run else None
        if form is None or run.count("\n") > 3:
            return None
        self._add(start, start + len(run), form)
        return end

    def _leading(self, start: int, end: int) -> int | None:
        """A designated or numbered heading right above its text, or above its title and its text."""
        text = self._text
        below = _next_line(text, start, end)
        line = text[start:below].rstrip() if below - start <= ALONE_LONGEST else ""
        form = designated(line) or (numbered(line) if len(line) <= 60 else None)
        if form is None or (form.numbered and below >= end):
            return None
        if form.bare:
            self._add(start, start + len(line), form)
            return self._title_line(below, end)
        if below < end and not self._is_broken_off(start, below, end):
            return None
        following = text[below : _next_line(text, below, end)].rstrip()
        if form.numbered and (numbered(following) or not is_title(line.split(maxsplit=1)[1])):
            return None
        self._add(start, start + len(line), form)
        return below

    def _is_broken_off(self, start: int, below: int, end: int) -> bool:
        """Whether the line at `start` ends although the next word, which can begin a text, would fit."""
        text = self._text
        if not _BEGINS.match(text, below, end) or text[below].islower():
            return False
        word = _WORD_END.search(text, below, end)
        needed = (below - start) + (word.start() if word else end) - below
        return needed <= max(map(len, text[below : min(end, below + _WIDTH_SAMPLE)].split("\n")))

    def _title_line(self, start: int, end: int) -> int:
        """Take the line beneath a bare designator as its title, if it reads as one; where the rest begins."""
        text = self._text
        below = _next_line(text, start, end)
        line = text[start:below].rstrip() if below - start <= ALONE_LONGEST else ""
        ends = below >= end or designated(text[below : _next_line(text, below, end)].rstrip())
        if line and is_subtitle(line) and (ends or (is_title(line) and not text[below].islower())):
            self._extend(start + len(line))
            return below
        return start

    def _read_paragraphs(self, start: int, end: int) -> None:
        text = self._text
        starts = [start, *(line.end() for line in _NEXT_LINE.finditer(text, start, end))]
        ends = [*starts[1:], end]
        if _is_unwrapped(starts, ends):
            lines = list(zip(starts, ends, strict=True))
            for line, below in zip(lines, [*lines[1:], None], strict=True):
                self._read_line(*line, below)
        elif _GAPS.search(text, start, end) and _is_table(text, starts, ends):
            self.parts.extend(Block(*rows, "table") for rows in row_groups(text, start, end))
        else:
            begins = {start, *item_starts(text, start, end, CLAUSES)}
            if _INDENTED.search(text, start, end):
                begins.update(_indented_starts(text, starts))
            borders = sorted(begins)
            for border in zip(borders, [*borders[1:], end], strict=True):
                self.parts.append(as_block(text, *border))


def _next_line(text: str, start: int, end: int) -> int:
    """Where the words of the next line begin; `end` when there is none."""
    line = _NEXT_LINE.search(text, start, end)
    return line.end() if line else end


def _is_unwrapped(starts: list[int], ends: list[int]) -> bool:
    length = ends[-1] - starts[0]
    if length < _LONG_LINE:
        return False
    return sum(e - s for s, e in zip(starts, ends, strict=True) if e - s > _LONG_LINE) > length / 2


def _is_table(text: str, starts: list[int], ends: list[int]) -> bool:
    """Whether most lines are rows of columns."""
    return sum(1 for line in zip(starts, ends, strict=True) if _ROW.match(text, *line)) > 0.6 * len(starts)


def _indented_starts(text: str, starts: list[int]) -> Iterator[int]:
    """Lines that begin a paragraph by their indentation: first-line indents, or hanging ones."""
    indents = [_indent(text, start) for start in starts]
    base = min(indents)
    deep = [indent >= base + 2 for indent in indents]
    hanging = not deep[0] and deep[1]
    for index in range(1, len(starts)):
        before, after = deep[index - 1], index + 1 < len(starts) and deep[index + 1]
        turns = before and not deep[index] if hanging else deep[index] and not (before and after)
        if turns and _BEGINS.match(text, starts[index]) and not text[starts[index]].islower():
            line_end = text.rindex("\n", 0, starts[index])
            if ends_sentence(text, starts[index - 1], line_end):
                yield starts[index]


def _indent(text: str, start: int) -> int:
    return len(text[text.rfind("\n", 0, start) + 1 : start].expandtabs())
