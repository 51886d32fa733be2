"""Which blocks of a PDF are headings, and at which levels: by its outline, else by how they are set."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from ...headings import Rank, designated, heading_form, is_label
from .paragraphs import Measures
from .shapes import Block, Entry, Line

__all__ = ["by_outline", "by_style"]

_LONGEST = 200
_LONGEST_BIG = 350  # where the letters are much bigger than the text's
_MOST_LINES = 4
_MOST_BIG = 10
_BIGGER = 1.08
_MUCH_BIGGER = 1.25
_WORD = re.compile(r"[^\W\d_]{2}")
_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"(?:\d{1,3}|[A-Z])(?:\.\d{1,3})*\.?(?=\s)|[IVXLC]{1,6}\.(?=\s)")
_PREFIX = re.compile(
    r"[\W_]*(?:[^\W\d_]{0,9}\W*)?(?:\d+[a-z]?|[ivxlc]+|[a-z])(?:\W\d+)*[\W_]*", re.IGNORECASE
)
_STOPS = (".", ",", ";", "…", ":")
_LEADERS = re.compile(r"(?:\.\s?){4,}|…{2,}")

Style = tuple[float, bool, bool]  # size, bold, capitals


def by_outline(blocks: list[Block], entries: Sequence[Entry], heights: dict[int, float]) -> list[Block]:
    """The blocks with those made headings that entries of the outline name, cut free where text follows.

    heights: of pages, by their index, to tell where an entry leads. Entries whose words stand nowhere on
    their page are passed over.
    """
    lines = _Lines(blocks)
    found: dict[tuple[int, int], tuple[int, int]] = {}  # block and line -> lines of the heading, its level
    for entry in entries:
        height = heights.get(entry.page)
        base = height - entry.base if height and entry.base is not None else None
        match = lines.find(entry.title, entry.page, base, found)
        if match is not None:
            block, line, count = match
            found[block, line] = count, entry.level
    return _cut_free(blocks, found)


def _key(words: str) -> str:
    return _NOT_WORDS.sub("", unicodedata.normalize("NFKC", words).casefold())


class _Lines:
    """Finds the lines of a page that are an entry's words."""

    def __init__(self, blocks: list[Block]) -> None:
        self._blocks = blocks
        self._pages: dict[int, list[tuple[int, int, Line]]] = defaultdict(list)
        for at, block in enumerate(blocks):
            for place, line in enumerate(block.lines):
                self._pages[line.page].append((at, place, line))

    def find(
        self, title: str, page: int, base: float | None, taken: dict[tuple[int, int], tuple[int, int]]
    ) -> tuple[int, int, int] | None:
        """Block, line and count of lines. base: where they should stand, if told; the nearest are taken."""
        wanted = _key(title)
        if not wanted:
            return None
        best: tuple[float, tuple[int, int, int]] | None = None
        here = self._pages.get(page, [])
        for index, (at, place, line) in enumerate(here):
            if (at, place) in taken:
                continue
            count = _spelled(wanted, title, [text.text for _, _, text in here[index : index + _MOST_LINES]])
            if count:
                distance = abs(line.base - base) if base is not None else float(index)
                if best is None or distance < best[0]:
                    best = distance, (at, place, count)
        return best[1] if best else None


def _spelled(wanted: str, title: str, texts: list[str]) -> int:
    """How many lines from the first spell a title; 0 when they do not. A number may lack on either side."""
    words = ""
    for count, text in enumerate(texts, 1):
        words += _key(text)
        if words == wanted:
            return count
        if words.endswith(wanted) and len(words) - len(wanted) <= 12:
            plain = " ".join(texts[:count])
            cut = _PREFIX.match(plain)
            if cut and _key(plain[: cut.end()]) + wanted == words:
                return count
        if wanted.endswith(words) and len(words) > 3 and len(wanted) - len(words) <= 12:
            cut = _PREFIX.match(title)
            if cut and _key(title[cut.end() :]) == words:
                return count
        if len(words) > len(wanted) + 12:
            return 0
    return 0


def _cut_free(blocks: list[Block], found: dict[tuple[int, int], tuple[int, int]]) -> list[Block]:
    by_block: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for (at, place), (count, level) in found.items():
        by_block[at].append((place, count, level))
    made: list[Block] = []
    borrowed = 0  # lines at the head of this block that belong to a heading begun in the one before
    for at, block in enumerate(blocks):
        start = min(borrowed, len(block.lines))
        if start:
            made[-1].lines.extend(block.lines[:start])
        borrowed -= start
        for place, count, level in sorted(by_block.get(at, ())):
            if place < start:
                continue
            if place > start:
                made.append(Block(block.lines[start:place], block.kind, block.note))
            end = min(place + count, len(block.lines))
            made.append(Block(block.lines[place:end], "text", level=level))
            borrowed = place + count - end
            start = end
        if start < len(block.lines):
            made.append(block if start == 0 else Block(block.lines[start:], block.kind, block.note))
    return made


def by_style(blocks: list[Block], measures: Measures, *, title_only: bool = False) -> None:
    """Make those blocks headings that are set apart as such: larger, bold, capitals, or numbered.

    title_only: only what the first page sets largest of all.
    """
    styles: list[tuple[Block, Style, str]] = []
    for place, block in enumerate(blocks):
        text = " ".join(line.text.strip() for line in block.lines[:_MOST_BIG])
        if _may_be(block, text, measures) and (
            style := _style(block, text, measures, blocks[place + 1 : place + 2])
        ):
            styles.append((block, style, text))
    if title_only:
        styles = [known for known in styles[:3] if known[1][0] >= _MUCH_BIGGER * measures.size][:1]
        styles = [known for known in styles if known[0].lines[0].page == 0 and known[0] in blocks[:6]]
    _set_levels(styles)


def _may_be(block: Block, text: str, measures: Measures) -> bool:
    big = block.lines[0].size >= _MUCH_BIGGER * measures.size
    return (
        block.level == 0
        and not block.note
        and block.kind != "table"
        and len(block.lines) <= (_MOST_BIG if big else _MOST_LINES)
        and len(text) <= (_LONGEST_BIG if big else _LONGEST)
        and _WORD.search(text) is not None
        and not _LEADERS.search(text)
        and block.lines[0].page == block.lines[-1].page
    )


def _style(block: Block, text: str, measures: Measures, following: list[Block]) -> Style | None:
    """How a block is set, if that makes it a heading; None for running text."""
    line = block.lines[0]
    size, capitals = round(line.size * 2) / 2, text.isupper()
    stopped = text.endswith(_STOPS) and not designated(text)
    if size >= _MUCH_BIGGER * measures.size and not text.endswith((",", ";")):
        return size, line.bold, capitals
    if size >= _BIGGER * measures.size and not stopped:
        return size, line.bold, capitals
    if size < _SMALL * measures.size or stopped or is_label(text):
        return None
    if line.bold and not measures.bold:
        return size, True, capitals
    if len(block.lines) > 2 or not following or not _is_prose(following[0]):
        return None
    form = heading_form(text)
    if form is None or form.rank >= Rank.WORDS:
        return None
    return size, False, capitals


_SMALL = 0.9


def _is_prose(block: Block) -> bool:
    return block.kind != "table" and sum(len(line.text) for line in block.lines) > 60


def _set_levels(styles: list[tuple[Block, Style, str]]) -> None:
    """Levels: the larger letters the higher; within one style by the depth of numbers."""
    shallowest: dict[Style, int] = {}
    for _, style, text in styles:
        depth = _depth(text)
        if depth:
            shallowest[style] = min(shallowest.get(style, depth), depth)
    keys = [
        (-style[0], not style[1], not style[2], max(0, _depth(text) - shallowest.get(style, 0)))
        for _, style, text in styles
    ]
    order = {key: level for level, key in enumerate(sorted(set(keys)), 1)}
    for (block, _, _), key in zip(styles, keys, strict=True):
        block.level = order[key]


def _depth(text: str) -> int:
    """How many parts the number has that a heading begins with; 0 when there is none."""
    found = _NUMBER.match(text)
    return found[0].rstrip(".").count(".") + 1 if found else 0
