"""Lines joined into paragraphs, items and tables; over the ends of columns and pages, too.

A line begins a new paragraph where it stands further below than lines of its size do, is set otherwise, is
indented, or follows one that ends although the next word would have had room.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from ...clauses import CLAUSES, as_block, ends_sentence, item_starts
from .shapes import Block, Line

__all__ = ["Measures", "blocks_of"]

_FURTHER = 1.18  # of the usual distance between lines
_MUCH_FURTHER = 1.45  # the same in the middle of a sentence, where a formula or another font needs more room
_INDENT = 0.8  # of the letters' size
_SMALLER = 0.93
_NOTE = re.compile(r"(?:\d{1,3}|[*†‡§]|\[\d{1,3}\])[.)]?\s*[^\W\d_\"“(]|(?:\d{1,3}|[*†‡])\s+\S")
_CLINGING = re.compile(r"\A(\d{1,3}|[*†‡])(?=[^\W\d_]{2}|[\"“(])")
_LEADERS = re.compile(r"(?:\.\s?){4,}\s*\S{0,8}\Z|…{2,}\s*\S{0,8}\Z")
_BULLET = re.compile(r"[•‣◦▪▫●○■□◆➢✓*]\s?\S")
_ABBREVIATED = re.compile(
    r"\b(?:(?:sub)?secs?|paras?|pars?|cls?|arts?|nos?|abs|nrn?|ziff|chs?|pts?|regs?|v|art[íi]culos?)\.\s*\Z",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\(?(?:\d{1,3}[a-z]?|[a-zA-Z]|[ivxlcIVXLC]{1,6})[.)]\s|\d{1,3}(?:\.\d{1,3})+\.?\s")
_CLAUSE_END = re.compile(r"[.:;?!][\"”’»)\]]*\s*\Z")


class Measures:
    """The usual size of a document's letters, and the usual distance between its lines by size."""

    def __init__(self, lines: Sequence[Line]) -> None:
        letters: Counter[tuple[float, bool]] = Counter()
        distances: dict[float, list[float]] = defaultdict(list)
        for line in lines:
            letters[round(line.size * 2) / 2, line.bold] += len(line.text)
        for above, line in pairwise(lines):
            distance = line.base - above.base
            if above.column == line.column and 0 < distance < 2.2 * line.size:
                distances[round(line.size * 2) / 2].append(distance)
        self.size, self.bold = max(letters, key=lambda key: letters[key]) if letters else (0.0, False)
        self._distances = {size: _usual(found) for size, found in distances.items() if len(found) > 3}

    def distance(self, line: Line) -> float:
        """The usual distance of a line from the one above it in its paragraph."""
        return self._distances.get(round(line.size * 2) / 2, 1.22 * line.size)


def _usual(values: list[float]) -> float:
    """The most frequent distance; where a larger one (of paragraphs of one line) is hardly more frequent,
    the smaller."""
    counts = Counter(round(value * 4) / 4 for value in values)
    most = max(counts.values())
    usual = min(value for value, count in counts.items() if count >= most / 2)
    return median(value for value in values if abs(value - usual) <= 0.5)


def blocks_of(pages: Sequence[Sequence[Line]], measures: Measures) -> list[Block]:
    """The blocks of a document in reading order. pages: the lines of each."""
    blocks: list[Block] = []
    for lines in pages:
        for number, (_, column) in enumerate(groupby(lines, key=lambda line: line.column)):
            body, notes = _without_notes(list(column), measures, below=number > 0)
            _append(blocks, _grouped(body, measures))
            blocks.extend(Block(note, note=True) for note in _by_note(notes))
    return blocks


def _append(blocks: list[Block], found: Iterator[Block]) -> None:
    """Add the blocks of a column; the first may go on where the column before broke off."""
    first = next(found, None)
    if first is None:
        return
    last = next((block for block in reversed(blocks) if not block.note), None)
    if last is not None and _runs_on(last, first):
        last.lines.extend(first.lines)
    else:
        blocks.append(first)
    blocks.extend(found)


def _runs_on(last: Block, first: Block) -> bool:
    """Whether a block at the head of a column goes on with the last one of the column before."""
    above, below = last.lines[-1], first.lines[0]
    if last.kind == "table" or first.kind != "text" or above.bold != below.bold:
        return False
    if abs(above.size - below.size) > 0.06 * above.size or _LEADERS.search(above.text):
        return False
    if above.hyphen or below.text[:1].islower():
        return not _ends(above)
    if _has_room(above, below) or _is_marked(below):
        return False
    if not _CLAUSE_END.search(above.text):
        return True
    # Where first lines are indented, one that is not goes on; else a sentence's end ends the paragraph.
    step = _INDENT * below.size
    indents = len(last.lines) > 1 and last.lines[0].left - last.lines[1].left > step
    return indents and below.left - below.start < step


def _ends(line: Line) -> bool:
    return ends_sentence(line.text, 0, len(line.text))


def _without_notes(column: list[Line], measures: Measures, *, below: bool) -> tuple[list[Line], list[Line]]:
    """The lines of a column, and the smaller ones at its foot that begin with a mark. below: it may consist
    of notes, since the text of the page stands before it."""
    start = len(column)
    while start and column[start - 1].size < _SMALLER * measures.size and not column[start - 1].cells:
        start -= 1
    if start == 0 and not below:
        return column, []
    while start < len(column) and not _NOTE.match(column[start].text):
        start += 1
    return column[:start], column[start:]


def _by_note(lines: list[Line]) -> Iterator[list[Line]]:
    """The lines of each note; a mark that clings to its first word stands apart."""
    note: list[Line] = []
    for line in lines:
        if note and _NOTE.match(line.text):
            yield note
            note = []
        line.text = _CLINGING.sub(r"\1 ", line.text)
        note.append(line)
    if note:
        yield note


def _grouped(lines: list[Line], measures: Measures) -> Iterator[Block]:
    """The lines of a column by paragraphs, items and tables."""
    _set_edges(lines)
    group: list[Line] = []
    for line in lines:
        if group and _breaks(group, line, measures):
            yield from _divided(group)
            group = []
        group.append(line)
    if group:
        yield from _divided(group)


def _set_edges(lines: list[Line]) -> None:
    """Let each line know how far lines of its size reach."""
    ends: dict[float, float] = {}
    for line in lines:
        key = round(line.size)
        ends[key] = max(ends.get(key, 0.0), line.right)
    for line in lines:
        line.end = ends[round(line.size)]


def _breaks(group: list[Line], line: Line, measures: Measures) -> bool:
    """Whether a line begins another block than the group before it."""
    above = group[-1]
    if bool(line.cells) != bool(above.cells):
        return True
    if line.cells:
        return False
    distance, usual = line.base - above.base, measures.distance(line)
    further = _MUCH_FURTHER if _breaks_off(above, line) else _FURTHER
    if distance > max(further * usual, usual + 1.5) or distance < -1:
        return True
    if abs(above.size - line.size) > 0.06 * max(above.size, line.size):
        return True
    if _LEADERS.search(above.text) or _BULLET.match(line.text):
        return True
    if above.bold != line.bold and (above.bold or _ends(above) or _has_room(above, line)):
        return not line.text[:1].islower()
    if _is_centred(above, line):
        return False
    return _is_indented(group, line) or _is_cut_short(above, line)


def _breaks_off(above: Line, line: Line) -> bool:
    """Whether the line above stops in the middle of a sentence, at the edge of its column."""
    return not _CLAUSE_END.search(above.text) and not _has_room(above, line) and above.bold == line.bold


def _is_centred(above: Line, line: Line) -> bool:
    middle = abs(above.left + above.right - line.left - line.right) < 4
    apart = line.end - line.start - (line.right - line.left)
    return middle and apart > 2 * line.size and abs(above.left - line.left) > 2


def _is_indented(group: list[Line], line: Line) -> bool:
    """Whether indentation sets a line off from the block above it."""
    above, step = group[-1], _INDENT * line.size
    if line.left - above.left > step:
        return not _is_marked(group[0]) and (_CLAUSE_END.search(above.text) is not None)
    if above.left - line.left > step:
        if len(group) > 1:
            return abs(group[-2].left - above.left) < step
        return _CLAUSE_END.search(above.text) is not None and _has_room(above, line)
    return False


def _is_cut_short(above: Line, line: Line) -> bool:
    """Whether the line above ends although the next word would have had room."""
    if not _has_room(above, line):
        return False
    if line.text[:1].islower():
        return False
    return _CLAUSE_END.search(above.text) is not None or above.end - above.right > 0.25 * (
        above.end - above.start
    )


def _has_room(above: Line, line: Line) -> bool:
    return line.first + 0.5 * line.size < above.end - above.right


def _is_marked(line: Line) -> bool:
    return bool(_BULLET.match(line.text) or _ITEM.match(line.text))


def _divided(group: list[Line]) -> Iterator[Block]:
    """The block of some lines, or the items in it."""
    if group[0].cells:
        yield Block(group, "table")
        return
    if len(group) == 1 and not _is_marked(group[0]):
        yield Block(group)
        return
    texts = [line.text for line in group]
    text = "\n".join(texts)
    starts = set(item_starts(text, 0, len(text), CLAUSES)) if len(group) > 1 else set()
    offset, begin = 0, 0
    for place, words in enumerate(texts):
        lead = offset + len(words) - len(words.lstrip())
        if place and lead in starts and _may_begin(group[place - 1], group[place]):
            yield _block(group[begin:place])
            begin = place
        offset += len(words) + 1
    yield _block(group[begin:])


def _may_begin(above: Line, line: Line) -> bool:
    """Whether an item may begin: behind a full line it may be a mere reference (`subsec.`, `(B), and`)."""
    if abs(above.left - line.left) > 0.3 * line.size or _has_room(above, line):
        return True
    return bool(_CLAUSE_END.search(above.text)) and not _ABBREVIATED.search(above.text)


def _block(lines: list[Line]) -> Block:
    words = lines[0].text.strip()
    return Block(lines, as_block(words, 0, len(words)).kind)
