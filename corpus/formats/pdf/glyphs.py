"""The text of a page as runs of words: what pdfium knows of a page's characters, asked for sparingly.

pdfium's own helpers ask for one character at a time and are slow from Python; here the text of a page is
fetched at once, and only the first and last characters of its words are asked where they stand.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium

from .shapes import Page, Run

__all__ = ["HYPHEN", "gather"]

HYPHEN = "\ufffe"
"""What pdfium puts for a hyphen at the end of a line, and for the end of the line."""

_MOST_CHARACTERS = 2_000_000  # of one page; more is no page that anyone reads
_WIDE = 1.0  # of the letters' size: a gap between two words that may divide columns or cells
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|cmbx|[-,]bd|cmssbx", re.IGNORECASE)
_BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0xF02D, 0xF0A8), "•")  # of symbol fonts
_FROM_RIGHT = re.compile("[\u0590-\u08ff]")
_FORCED_BOLD = 1 << 18
_HEAVY = 650
_Word = tuple[str, int, int, float, float]
"""A word, the places of its first and last characters, and where it begins and ends."""

_MAY_BE_RAISED = re.compile(r"[^\W\d_]\W?\d|\d[^\W\d_]|\d\d")
_RAISED_END = re.compile(r"(?<=[^\W_])([.,;:!?\"”’»)]*)(\d{1,3})\Z")
_RAISED_START = re.compile(r"(\d{1,3})(?=[^\W\d_])")


def gather(text: Any, page: Page, box: tuple[float, float, float, float]) -> None:
    """Give a page its runs. text: pdfium's text page; box: left, bottom, right and top of what is shown."""
    _Runs(text, page, box).gather()


class _Style:
    """How the character at a place is set."""

    def __init__(self, text: Any) -> None:
        self._text = text
        self._matrix = pdfium.FS_MATRIX()
        self._matrix_at = ctypes.byref(self._matrix)
        self._name = ctypes.create_string_buffer(96)
        self._flags = ctypes.c_int()
        self._flags_at = ctypes.byref(self._flags)
        self._bold: dict[tuple[bytes, int], bool] = {}

    def direction(self, place: int) -> tuple[float, float]:
        """Which way it is written: a unit vector, (1, 0) for what is upright."""
        matrix = self._matrix
        if not pdfium.FPDFText_GetMatrix(self._text, place, self._matrix_at) or not matrix.b:
            return 1.0, 0.0
        along = hypot(matrix.a, matrix.b)
        return round(matrix.a / along, 2), round(matrix.b / along, 2)

    def size_and_origin(self, place: int) -> tuple[float, float, float]:
        """Its size in points, and where its baseline begins."""
        matrix = self._matrix
        if not pdfium.FPDFText_GetMatrix(self._text, place, self._matrix_at):
            return 0.0, 0.0, 0.0
        size = pdfium.FPDFText_GetFontSize(self._text, place)
        return size * hypot(matrix.c, matrix.d), matrix.e, matrix.f

    def is_bold(self, place: int) -> bool:
        pdfium.FPDFText_GetFontInfo(self._text, place, self._name, 96, self._flags_at)
        key = self._name.value, self._flags.value
        known = self._bold.get(key)
        if known is None:
            name = key[0].decode("latin-1")
            known = bool(_BOLD.search(name) or key[1] & _FORCED_BOLD)
            known = known or pdfium.FPDFText_GetFontWeight(self._text, place) >= _HEAVY
            self._bold[key] = known
        return known


class _Runs:
    """Gathers the runs of a page: its lines, cut where hyphens end them and at wide gaps."""

    def __init__(self, text: Any, page: Page, box: tuple[float, float, float, float]) -> None:
        self._text = text
        self._page = page
        self._box = box
        self._style = _Style(text)
        self._rect = pdfium.FS_RECTF()
        self._rect_at = ctypes.byref(self._rect)
        self._found: dict[tuple[float, float], list[Run]] = {}

    def gather(self) -> None:
        count = min(int(pdfium.FPDFText_CountChars(self._text)), _MOST_CHARACTERS)
        if count <= 0:
            return
        buffer = (ctypes.c_ushort * (count + 1))()
        written = int(pdfium.FPDFText_GetText(self._text, 0, count, buffer)) - 1
        words = bytes(buffer)[: 2 * max(0, written)].decode("utf-16-le", "replace")
        words = words.translate(_BULLETS)
        self._skips = written != count
        self._wide = len(words) != written
        place = 0
        for line in words.split("\r\n"):
            for part in line.split(HYPHEN):
                if part and not part.isspace():
                    ended = place + self._units(part) < written
                    self._line(
                        part, place, hyphen=ended and len(part) < len(line) and not line.endswith(part)
                    )
                place += self._units(part) + 1
            place += 1
        self._choose()

    def _units(self, words: str) -> int:
        return len(words.encode("utf-16-le", "surrogatepass")) // 2 if self._wide else len(words)

    def _box_of(self, unit: int) -> tuple[float, float, float, float]:
        rect = self._rect
        if self._skips:
            unit = pdfium.FPDFText_GetCharIndexFromTextIndex(self._text, unit)
        if not pdfium.FPDFText_GetLooseCharBox(self._text, unit, self._rect_at):
            return 0.0, 0.0, 0.0, 0.0
        return rect.left, rect.bottom, rect.right, rect.top

    def _line(self, line: str, place: int, *, hyphen: bool) -> None:
        """Add the runs of a line. place: of its first character. hyphen: a hyphen followed."""
        start = place + self._units(line) - self._units(line.lstrip())
        index = self._index(start)
        dx, dy = self._style.direction(index)
        wide = _WIDE * self._style.size_and_origin(index)[0]
        words = list(self._words(line, place, dx, dy))
        if _MAY_BE_RAISED.search(line):
            words = [self._without_mark(word) for word in words]
        cuts = _cuts(words, wide)
        for start, end in pairwise([0, *cuts, len(words)]):
            self._run(words[start:end], (dx, dy), hyphen=hyphen and end == len(words))

    def _words(self, line: str, place: int, dx: float, dy: float) -> Iterator[_Word]:
        plain = dx == 1.0 and not self._skips and not self._wide and not _FROM_RIGHT.search(line)
        text, rect, at, box = self._text, self._rect, self._rect_at, pdfium.FPDFText_GetLooseCharBox
        for word in line.split(" "):
            units = len(word) if plain else self._units(word)
            if word and not word.isspace():
                last = place + units - 1
                if plain:
                    box(text, place, at)
                    left = rect.left
                    box(text, last, at)
                    yield word, place, last, left, rect.right
                else:
                    yield word, place, last, *self._extent(place, last, dx, dy)
            place += units + 1

    def _without_mark(self, word: _Word) -> _Word:
        """A word without the raised number of a note at its end; one that may be a power, and one at the
        beginning, stands apart. `m2` and `km2` are left alone."""
        text, first, last = word[:3]
        if not (text[-1].isdigit() or text[0].isdigit()) or len(text) < 2 or self._wide:
            return word
        if text.isdigit():
            return self._parted(word)
        if (mark := _RAISED_END.search(text)) and mark.start() > 2:
            if self._is_raised(last, first):
                return (text[: mark.start(2)], *word[1:])
        elif (mark := _RAISED_START.match(text)) and self._is_raised(first, last):
            return (f"{mark[0]} {text[mark.end() :]}", *word[1:])
        return word

    def _parted(self, word: _Word) -> _Word:
        """A number without what is raised at its end: `18` and `1`, not `181`."""
        text, first, last = word[:3]
        if not self._is_raised(last, first):
            return word
        cut = last
        while cut > first + 1 and self._is_raised(cut - 1, first):
            cut -= 1
        return (f"{text[: cut - first]} {text[cut - first :]}", *word[1:])

    def _is_raised(self, unit: int, other: int) -> bool:
        """Whether a character is smaller than another of its word, and stands higher."""
        size, _, y = self._style.size_and_origin(self._index(unit))
        full, _, base = self._style.size_and_origin(self._index(other))
        return size < 0.85 * full and y > base + 0.1 * full

    def _index(self, unit: int) -> int:
        return int(pdfium.FPDFText_GetCharIndexFromTextIndex(self._text, unit)) if self._skips else unit

    def _extent(self, first: int, last: int, dx: float, dy: float) -> tuple[float, float]:
        """Where a word begins and ends, along the direction that it is written in."""
        left, bottom, right, top = self._box_of(first)
        if first != last:
            other = self._box_of(last)
            left, right = min(left, other[0]), max(right, other[2])
            bottom, top = min(bottom, other[1]), max(top, other[3])
        if dx == 1.0:
            return left, right
        ends = left * dx + bottom * dy, right * dx + top * dy
        return min(ends), max(ends)

    def _run(self, words: Sequence[_Word], direction: tuple[float, float], *, hyphen: bool) -> None:
        style = self._style
        size, x, y = style.size_and_origin(self._index(words[len(words) // 2][1]))
        dx, dy = direction
        base = y * dx - x * dy
        left, right = words[0][3], words[-1][4]
        if right <= left:  # from right to left
            left, right = min(word[3] for word in words), max(word[4] for word in words)
        if direction == (1.0, 0.0) and not self._is_shown(left, right, base):
            return
        bold = style.is_bold(self._index(words[0][1])) and style.is_bold(self._index(words[-1][2]))
        run = Run(
            " ".join(word[0] for word in words),
            left,
            right,
            -base,
            size,
            bold,
            words[0][4] - words[0][3],
            hyphen,
        )
        self._found.setdefault(direction, []).append(run)

    def _is_shown(self, left: float, right: float, base: float) -> bool:
        """Whether words stand on the page, and not beside it."""
        x0, y0, x1, y1 = self._box
        return x1 <= x0 or y1 <= y0 or (right > x0 and left < x1 and y0 - 2 <= base <= y1 + 2)

    def _choose(self) -> None:
        """Take the direction in which most is written; runs that are askew are watermarks and left out."""
        if not self._found:
            return
        sizes = {way: sum(len(run.text) for run in runs) for way, runs in self._found.items()}
        main = max(sizes, key=lambda way: sizes[way])
        page = self._page
        page.runs = self._placed(main)
        for way in sizes:
            if way != main and 0.0 in way:
                page.asides.extend(self._placed(way))

    def _placed(self, way: tuple[float, float]) -> list[Run]:
        """The runs of a direction, with baselines that count from the top edge of the page so turned."""
        x0, y0, x1, y1 = self._box
        dx, dy = way
        top = max(y * dx - x * dy for x in (x0, x1) for y in (y0, y1))
        if self._found[way] and way != (1.0, 0.0) and 0.0 in way and dy:
            self._page.width, self._page.height = y1 - y0, x1 - x0
        shift = min(x * dx + y * dy for x in (x0, x1) for y in (y0, y1))
        return [
            run._replace(base=run.base + top, left=run.left - shift, right=run.right - shift)
            for run in self._found[way]
        ]


def _cuts(words: Sequence[_Word], wide: float) -> list[int]:
    """Which words stand behind a wide gap. Where all the gaps of a line are alike, it is justified."""
    gaps = [max(after[3] - word[4], word[3] - after[4]) for word, after in pairwise(words)]
    cuts = [index for index, gap in enumerate(gaps, 1) if gap > wide]
    alike = 0.03 if len(gaps) < 5 else 0.15
    if 2 < len(cuts) == len(gaps) and max(gaps) - min(gaps) < alike * wide and max(gaps) < 5 * wide:
        return []
    return cuts
