"""Column values of rows: written as arrays, read as Whoosh's columns are."""

# mypy: allow-untyped-calls, allow-subclassing-any
# Whoosh is typed in part, and its older releases not at all.

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from whoosh import columns
from whoosh.columns import ColumnReader

from ....errors import IndexProblem
from ...arrays import I64, Array
from ...container import Container
from ...field import WordList

__all__ = [
    "BytesColumn",
    "ColumnRows",
    "NumberColumn",
    "StoredColumn",
    "column_arrays",
    "default_of",
    "read_column",
]


class ColumnRows:
    """The values of a column as they come: of some documents, the others having its default."""

    def __init__(self, column: Any) -> None:
        self._column = column
        self._values: dict[int, Any] = {}

    @staticmethod
    def check(name: str, column: Any, value: Any) -> None:
        """IndexProblem for a value that the column cannot hold."""
        problem = ""
        if isinstance(column, columns.NumericColumn):
            problem = "" if _fits(column, value) else f"{value!r} in a column of numbers {column._typecode!r}"
        elif not isinstance(column, columns.BitColumn):
            size = getattr(column, "_fixedlen", 0)
            if not isinstance(value, bytes):
                problem = f"{type(value).__name__} where the column holds bytes"
            elif size and len(value) != size:
                problem = f"{len(value)} bytes where the column holds {size}"
        if problem:
            raise IndexProblem(
                f"the column of the field {name!r} cannot hold this value ({problem})",
                hint="Give the field another value, or another column",
            )

    def add(self, unit: int, value: Any) -> None:
        self._values[unit] = value

    def all(self, units: int) -> Sequence[Any]:
        """The value of every unit."""
        default = default_of(self._column)
        return [self._values.get(unit, default) for unit in range(units)]


def default_of(column: Any) -> Any:
    """What documents without a value have. Whoosh-Reloaded gives sortable fields of floats a default that
    their columns cannot hold: there it is the greatest number, which sorts last."""
    if not hasattr(column, "_default"):
        return b""  # columns of compressed bytes have none
    default = column.default_value()
    if isinstance(column, columns.NumericColumn) and not _fits(column, default):
        return 2 ** (8 * struct.calcsize(f"!{column._typecode}")) - 1
    return default


def _fits(column: Any, value: Any) -> bool:
    try:
        struct.pack(f"!{column._typecode}", value)
    except (struct.error, OverflowError):
        return False
    return True


def column_arrays(name: str, column: Any, values: Sequence[Any]) -> dict[str, Array | bytes]:
    """The arrays of a column: `C/numbers`, or `C/bytes` and `C/ends`.

    values: of every unit, as `ColumnRows.all` gives them.
    """
    if isinstance(column, columns.NumericColumn | columns.BitColumn):
        return {f"{name}/numbers": np.array(values, _dtype(column))}
    ends = np.cumsum([0, *map(len, values)])
    if ends[-1] >= 1 << 32:
        raise OverflowError("the values of a column take more than 4 GB in one segment")
    return {f"{name}/bytes": b"".join(values), f"{name}/ends": ends.astype(np.uint32)}


def _dtype(column: Any) -> str:
    if isinstance(column, columns.BitColumn):
        return "|u1"
    code = column._typecode
    if code in "fd":
        return "<f4" if code == "f" else "<f8"
    return "<u8" if code.isupper() else "<i8"


def read_column(container: Container, name: str, column: Any, units: int) -> StoredColumn:
    """The reading side; IndexCorrupt when the file does not hold what such a column needs."""
    if isinstance(column, columns.NumericColumn | columns.BitColumn):
        numbers = container.array(f"{name}/numbers", _dtype(column), units)
        return NumberColumn(numbers, bits=isinstance(column, columns.BitColumn))
    ends = container.array(f"{name}/ends", "<u4", units + 1)
    return BytesColumn(container.blob(f"{name}/bytes"), ends)


class StoredColumn(ColumnReader):
    """The values of one column in one segment."""

    _reverse = False

    def __len__(self) -> int:
        raise NotImplementedError

    def __getitem__(self, docnum: int) -> Any:
        raise NotImplementedError

    def __iter__(self) -> Iterator[Any]:
        return (self[unit] for unit in range(len(self)))

    def load(self) -> list[Any]:
        return list(self)

    def copy(self) -> StoredColumn:
        """Another reader of the same values: reversing one leaves the other as it is."""
        raise NotImplementedError

    @property
    def column(self) -> tuple[list[Any], I64]:
        """The distinct values, and which of them each unit has."""
        values = list(self)
        distinct = sorted(set(values))
        place = {value: number for number, value in enumerate(distinct)}
        return distinct, np.fromiter((place[value] for value in values), np.int64, len(values))


class NumberColumn(StoredColumn):
    def __init__(self, numbers: Array, *, bits: bool) -> None:
        self._numbers = numbers
        self._bits = bits

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, docnum: int) -> Any:
        value = self._numbers[docnum].item()
        return bool(value) if self._bits else value

    def sort_key(self, docnum: int) -> Any:
        value = self._numbers[docnum].item()
        if not self._reverse:
            return value
        return 1 - value if self._bits else 0 - value

    def set_reverse(self) -> None:
        self._reverse = True

    def copy(self) -> NumberColumn:
        return NumberColumn(self._numbers, bits=self._bits)


class BytesColumn(StoredColumn):
    def __init__(self, blob: memoryview, ends: Array) -> None:
        self._blob = blob
        self._ends = ends

    @cached_property
    def _words(self) -> WordList:
        return WordList(self._blob, self._ends)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, docnum: int) -> bytes:
        return self._words[docnum]

    def sort_key(self, docnum: int) -> bytes:
        return self[docnum]

    def set_reverse(self) -> None:
        raise NotImplementedError("a column of text cannot be reversed")

    def copy(self) -> BytesColumn:
        return BytesColumn(self._blob, self._ends)
