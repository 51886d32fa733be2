"""The edge to pdfium: a PDF's pages as runs of words, its outline, what it states of itself, its pictures.

pdfium's own helpers ask for one character at a time and are slow from Python; here the text of a page is
fetched at once, and only the first and last characters of its words are asked where they stand.

The library keeps global state and knows no threads: a lock lets one document be open at a time.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from ....errors import Unreadable
from .glyphs import gather
from .shapes import Entry, Page

__all__ = ["Pdf", "opened"]

_MOST_ENTRIES = 20_000
_DEEPEST = 30
_PASSWORD, _SECURITY = 4, 5
_COVERED = 0.3  # of a page: an image of a scan covers most of it
_OBJECTS = 200  # of a page without text that are looked at

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
        return Unreadable("it is encrypted and opens with a password only: save a copy without the password")
    return Unreadable("it is too damaged to be read as PDF: open it in a viewer and save it anew")


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
            gather(text, page, (box.left, box.bottom, box.right, box.top))
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
