"""The edge to pdfium: a PDF's pages as runs of words, its outline, what it states of itself, its pictures.

pdfium's own helpers ask for one character at a time and are slow from Python; here the text of a page is
fetched at once, and only the first and last characters of its words are asked where they stand.

The library keeps global state and knows no threads: a lock lets one document be open at a time.
"""

from __future__ import annotations

import ctypes
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from math import hypot
from typing import Any

import pypdfium2.raw as pdfium

from ....errors import Unreadable
from .shapes import Entry, Page, Run

__all__ = ["HYPHEN", "Pdf", "opened"]

HYPHEN = "\ufffe"
"""What pdfium puts for a hyphen at the end of a line, and for the end of the line."""

_MOST_CHARACTERS = 2_000_000  # of one page; more is no page that anyone reads
_MOST_ENTRIES = 20_000
_DEEPEST = 30
_WIDE = 1.0  # of the letters' size: a gap between two words that may divide columns or cells
_BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|cmbx|[-,]bd|cmssbx", re.IGNORECASE)
_BULLETS = dict.fromkeys((0xF0B7, 0xF0A7, 0xF0D8, 0xF076, 0xF0FC, 0xF02D, 0xF0A8), "•")  # of symbol fonts
_FROM_RIGHT = re.compile("[\u0590-\u08ff]")
_PASSWORD, _SECURITY = 4, 5
_FORCED_BOLD = 1 << 18
_HEAVY = 650
_COVERED = 0.3  # of a page: an image of a scan covers most of it
_OBJECTS = 200  # of a page without text that are looked at

_Word = tuple[str, int, int, float, float]
"""A word, the places of its first and last characters, and where it begins and ends."""

_lock = threading.RLock()


@contextmanager
def opened(data: bytes) -> Iterator[Pdf]:
    """A PDF of these bytes. Unreadable when it is encrypted or too damaged."""
    with _lock:
        handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not handle:
            raise _refusal(pdfium.FPDF_GetLastError())
        try:
            yield Pdf(handle)
        finally:
            pdfium.FPDF_CloseDocument(handle)


def _refusal(code: int) -> Unreadable:
    if code in (_PASSWORD, _SECURITY):
        return Unreadable(
            "it is encrypted and opens with a password only",
            hint="Save a copy without the password to search in it",
        )
    return Unreadable("it is too damaged to be read as PDF", hint="Open it in a viewer and save it anew")


class Pdf:
    """An open document. Pages are numbered from 0."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self.pages = max(0, int(pdfium.FPDF_GetPageCount(handle)))

    def stated(self, name: str) -> str:
        """An entry of the document information (`Title`, `Author`, `CreationDate`), or ""."""
        key = name.encode("ascii")
        return _utf16(lambda buffer, size: pdfium.FPDF_GetMetaText(self._handle, key, buffer, size))

    @property
    def language(self) -> str:
        """The language that the catalog states, such as `en-GB`, or ""."""
        return _utf16(lambda buffer, size: pdfium.FPDFCatalog_GetLanguage(self._handle, buffer, size))

    def label(self, index: int) -> str:
        """A page's label as the file states it, or ""."""
        return _utf16(lambda buffer, size: pdfium.FPDF_GetPageLabel(self._handle, index, buffer, size))

    def page(self, index: int) -> Page | None:
        """A page's text; None when it cannot be opened."""
        handle = pdfium.FPDF_LoadPage(self._handle, index)
        if not handle:
            return None
        try:
            return _read(handle, index)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def picture(self, index: int, resolution: int) -> tuple[int, int, bytes] | None:
        """A page drawn in grey: width and height in pixels, and its rows of bytes from the top.

        resolution: pixels to an inch; less where the page would be larger than a big scan.
        """
        handle = pdfium.FPDF_LoadPage(self._handle, index)
        if not handle:
            return None
        try:
            return _drawn(handle, resolution)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def outline(self) -> list[Entry]:
        """The entries of the outline that lead to a page, in its order; loops are cut."""
        entries: list[Entry] = []
        seen: set[int] = set()
        first = pdfium.FPDFBookmark_GetFirstChild(self._handle, None)
        stack: list[tuple[Any, int]] = [(first, 1)]
        while stack and len(seen) < _MOST_ENTRIES:
            mark, level = stack.pop()
            address = ctypes.cast(mark, ctypes.c_void_p).value if mark else None
            if address is None or address in seen:
                continue
            seen.add(address)
            entry = self._entry(mark, level)
            if entry is not None:
                entries.append(entry)
            stack.append((pdfium.FPDFBookmark_GetNextSibling(self._handle, mark), level))
            if level < _DEEPEST:
                stack.append((pdfium.FPDFBookmark_GetFirstChild(self._handle, mark), level + 1))
        return entries

    def _entry(self, mark: Any, level: int) -> Entry | None:
        title = _utf16(lambda buffer, size: pdfium.FPDFBookmark_GetTitle(mark, buffer, size))
        target = pdfium.FPDFBookmark_GetDest(self._handle, mark)
        if not target:
            action = pdfium.FPDFBookmark_GetAction(mark)
            target = pdfium.FPDFAction_GetDest(self._handle, action) if action else None
        page = pdfium.FPDFDest_GetDestPageIndex(self._handle, target) if target else -1
        if not title.strip() or not 0 <= page < self.pages:
            return None
        return Entry(title, level, page, _height(target))


def _height(target: Any) -> float | None:
    """How far up the page a link leads, in points from the bottom; None when it leads to the whole page."""
    known = [ctypes.c_int() for _ in range(3)]
    places = [ctypes.c_float() for _ in range(3)]
    if not pdfium.FPDFDest_GetLocationInPage(target, *map(ctypes.byref, known), *map(ctypes.byref, places)):
        return None
    return float(places[1].value) if known[1].value else None


def _utf16(fetch: Any) -> str:
    """What a function of pdfium gives that fills a buffer with UTF-16 and tells the bytes that it needs."""
    size = int(fetch(None, 0))
    if not 2 < size <= 1 << 20:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    fetch(buffer, size)
    return bytes(buffer)[:size].decode("utf-16-le", "replace").split("\0", 1)[0]


def _read(handle: Any, index: int) -> Page:
    page = Page(index, float(pdfium.FPDF_GetPageWidthF(handle)), float(pdfium.FPDF_GetPageHeightF(handle)))
    text = pdfium.FPDFText_LoadPage(handle)
    if text:
        try:
            box = pdfium.FS_RECTF()
            pdfium.FPDF_GetPageBoundingBox(handle, ctypes.byref(box))
            _Runs(text, page, (box.left, box.bottom, box.right, box.top)).gather()
        finally:
            pdfium.FPDFText_ClosePage(text)
    if not page.runs:
        page.images = _is_pictured(handle, page.width * page.height)
    return page


def _is_pictured(handle: Any, area: float) -> bool:
    """Whether images, or forms that may hold one, cover a good part of a page."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    covered = 0.0
    for place in range(min(_OBJECTS, pdfium.FPDFPage_CountObjects(handle))):
        thing = pdfium.FPDFPage_GetObject(handle, place)
        if pdfium.FPDFPageObj_GetType(thing) not in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM):
            continue
        edges = (left, bottom, right, top)
        if pdfium.FPDFPageObj_GetBounds(thing, *map(ctypes.byref, edges)):
            covered += abs((right.value - left.value) * (top.value - bottom.value))
    return covered > _COVERED * area


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
        left = min(word[3] for word in words)
        right = max(word[4] for word in words)
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
    if 2 < len(cuts) == len(gaps) and max(gaps) - min(gaps) < 0.03 * wide and max(gaps) < 5 * wide:
        return []
    return cuts


def _drawn(handle: Any, resolution: int) -> tuple[int, int, bytes] | None:
    width, height = pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle)
    scale = min(resolution / 72, 5_000 / max(width, height, 1.0))
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(columns, rows, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        pdfium.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, columns, rows, 0, pdfium.FPDF_ANNOT)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        raw = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * rows)
        return columns, rows, b"".join(raw[row * stride : row * stride + columns] for row in range(rows))
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
