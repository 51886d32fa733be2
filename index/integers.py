"""Columns of whole numbers, in as few bytes as they need: most of a table's say little.

A column of n numbers is stored by blocks of 128. Its line falls or rises by a whole `step` a row (the ends of
texts do, as do the numbers of rows in other tables); each block has a base above the line, and its numbers'
distances from there take 0, 1, 2, 4 or 8 bytes each, the same within a block. Arrays of a column `C`:

    C/line      (i8) step, the first base, the width of all blocks (or 255: each has its own)
    C/bases     of each block, less the first base (the narrowest of u1, u2, u4, or i8); none when all are 0
    C/widths    (u1) of each block; left out when all are the same
    C           (u1) the distances, block after block, little-endian; left out when there are none

So a constant column, or one that counts, takes 24 bytes. What is chosen depends on the numbers alone: a
merged column is the one that building it at once would give.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Final, Literal

import numpy as np

from ..errors import IndexCorrupt
from .arrays import I64, U8, Array
from .container import Container

__all__ = ["Integers", "pack_integers"]

ROWS: Final = 128
_WIDTHS: Final = np.array([0, 1, 2, 4, 8], np.int64)
_CELLS: Final[Mapping[int, Literal["B", "H", "I", "Q"]]] = {1: "B", 2: "H", 4: "I", 8: "Q"}
_MOST: Final = np.array([0, 0xFF, 0xFFFF, 0xFFFFFFFF], np.uint64)
_MIXED: Final = 255


def pack_integers(name: str, values: Array) -> Mapping[str, Array | bytes]:
    """The arrays of a column. values: whole numbers in the range of i8, shape (n,)."""
    numbers = values.astype(np.int64)
    count = len(numbers)
    slope = round((int(numbers[-1]) - int(numbers[0])) / (count - 1)) if count > 1 else 0
    packings = [_packed(name, numbers, step) for step in sorted({0, slope}, key=abs)]
    return min(packings, key=lambda arrays: sum(map(_size, arrays.values())))


def _size(array: Array | bytes) -> int:
    return array.nbytes if isinstance(array, np.ndarray) else len(array)


def _packed(name: str, numbers: I64, step: int) -> Mapping[str, Array | bytes]:
    above = numbers - np.arange(len(numbers)) * step if step else numbers
    first = int(above[0]) if len(above) else 0
    if (above == first).all():
        return {f"{name}/line": np.array([step, first, 0], np.int64)}
    last = np.full(-len(above) % ROWS, above[-1])  # so that the last block is full
    blocks = np.concatenate((above, last)).reshape(-1, ROWS)
    bases = blocks.min(1)
    distances = (blocks - bases[:, None]).view(np.uint64)
    kinds = np.searchsorted(_MOST, distances.max(1))
    widths = _WIDTHS[kinds]
    uniform = int(widths[0]) if (widths == widths[0]).all() else _MIXED
    first = int(bases[0])
    arrays: dict[str, Array | bytes] = {f"{name}/line": np.array([step, first, uniform], np.int64)}
    if (bases != first).any():
        arrays[f"{name}/bases"] = _narrowest(bases - first)
    if uniform == _MIXED:
        arrays[f"{name}/widths"] = widths.astype(np.uint8)
    if uniform:
        arrays[name] = _laid_out(distances, widths)
    return arrays


def _narrowest(values: I64) -> Array:
    for kind in (np.uint8, np.uint16, np.uint32):
        if values.min() >= 0 and values.max() <= np.iinfo(kind).max:
            return values.astype(kind)
    return values


def _laid_out(distances: Array, widths: I64) -> U8:
    """The blocks' distances, each in its width, end to end."""
    starts = (widths * ROWS).cumsum() - widths * ROWS
    space = np.empty(int(widths.sum()) * ROWS, np.uint8)
    for width in np.flatnonzero(np.bincount(widths)).tolist():
        if width:
            chosen = np.flatnonzero(widths == width)
            narrow = distances[chosen].astype(f"<u{width}").view(np.uint8)
            space[starts[chosen][:, None] + np.arange(width * ROWS)] = narrow
    return space


def _nothing(first: int, last: int) -> None:
    """There is nothing to verify."""


class Integers:
    """The reading side: single numbers without the rest, or all of them."""

    def __init__(self, container: Container, name: str, count: int) -> None:
        """IndexCorrupt when the arrays are not those of a column of `count` numbers."""
        self._name = f"{container.name} ({name})"
        self._count = count
        self._blocks = -(-count // ROWS)
        line: list[int] = container.array(f"{name}/line", "<i8", 3).tolist()
        self._step, self._first, width = line
        self._bases = self._optional(container, f"{name}/bases")
        self._width = width
        self._widths: I64 | None = None
        if width == _MIXED:
            self._widths = container.array(f"{name}/widths", "|u1", self._blocks).astype(np.int64)
            if not np.isin(self._widths, _WIDTHS).all():
                raise self._corrupt()
        elif width not in _WIDTHS.tolist():
            raise self._corrupt()
        size = ROWS * (self._blocks * width if self._widths is None else int(self._widths.sum()))
        self._bytes = container.array(name, "|u1", size, checked=False) if size else np.empty(0, np.uint8)
        self._verify: Callable[[int, int], None] = _nothing
        if size:
            region = container.region(name)
            self._verify, self._verified, self._start = region.verify, region.verified, region.start
        self._cells: memoryview | None = None
        if size and self._widths is None and sys.byteorder == "little":
            self._cells = self._bytes.data.cast(_CELLS[width])

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: int) -> int:
        """IndexError outside [0, n)."""
        if not 0 <= row < self._count:
            raise IndexError(row)
        if self._cells is not None and self._bases is None:  # without numpy, whose every call costs more
            at = self._width * row
            if not self._verified[self._start + at >> 16]:
                self._verify(at, at + self._width)
            return self._first + self._step * row + int(self._cells[row])
        block, at = divmod(row, ROWS)
        start = self._width * block * ROWS if self._widths is None else int(self._starts[block])
        width = self._width if self._widths is None else int(self._widths[block])
        self._verify(start + width * at, start + width * (at + 1))
        distance = int.from_bytes(self._bytes.data[start + width * at : start + width * (at + 1)], "little")
        base = 0 if self._bases is None else int(self._bases[block])
        return self._first + base + self._step * row + distance

    def numbers(self, start: int = 0, end: int | None = None) -> I64:
        """The numbers in [start, end), by default all; shape (end - start,)."""
        end = self._count if end is None else min(end, self._count)
        if start >= end:
            return np.empty(0, np.int64)
        first, last = start // ROWS, -(-end // ROWS)
        numbers = np.full((last - first, ROWS), self._first, np.int64)
        if self._bases is not None:
            numbers += self._bases[first:last].astype(np.int64)[:, None]
        if self._widths is not None:
            self._add_mixed(numbers, first, self._widths[first:last])
        elif self._width:
            size = self._width * ROWS
            self._verify(first * size, last * size)
            distances = self._bytes[first * size : last * size].view(f"<u{self._width}")
            numbers += distances.astype(np.int64).reshape(-1, ROWS)
        flat: I64 = numbers.reshape(-1)[start - first * ROWS : end - first * ROWS]
        if self._step:
            flat += np.arange(start, end) * self._step
        return flat

    def _add_mixed(self, numbers: I64, first: int, widths: I64) -> None:
        """Add the distances of blocks from `first` on."""
        end = first + len(widths)
        self._verify(int(self._starts[first]), int(self._starts[end - 1]) + int(widths[-1]) * ROWS)
        rows = self._bytes.reshape(-1, ROWS)  # of a block as many as it is wide
        for width in sorted({*widths.tolist()} - {0}):  # mostly one: a few rows are asked for
            chosen = (widths == width).nonzero()[0]
            where = (self._starts[first + chosen] // ROWS)[:, None] + np.arange(width)
            distances = rows[where].reshape(len(chosen), width * ROWS).view(f"<u{width}")
            numbers[chosen] += distances.astype(np.int64)

    @cached_property
    def _starts(self) -> I64:
        """Where the distances of each block begin, where that is no multiple."""
        assert self._widths is not None
        return (self._widths * ROWS).cumsum() - self._widths * ROWS

    def _optional(self, container: Container, name: str) -> Array | None:
        if name not in container:
            return None
        for dtype in ("|u1", "<u2", "<u4", "<i8"):
            if container.dtype(name) == dtype:
                return container.array(name, dtype, self._blocks)
        raise self._corrupt()

    def _corrupt(self) -> IndexCorrupt:
        return IndexCorrupt(
            "a column is not of the shape it must have",
            path=self._name,
            hint="Run `docsearch index --rebuild`, or restore the index from a copy",
        )
