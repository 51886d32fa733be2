"""The vectors of a segment's paragraphs, in a file beside it: SIZE bytes for each, in their order.

Cosines are computed in whole numbers up to the last step, so that they are the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...errors import IndexCorrupt
from ..arrays import I64
from ..container import Container, pack
from ..manifest import FileEntry
from ..storage import Storage
from .model import I8, MODEL, SIZE

__all__ = ["KIND", "Vectors", "cosines", "write_vectors"]

KIND = "vectors"
_ARRAY = "vectors"
_HINT = "Run `docsearch repair`, or restore the index from a copy"


class Vectors:
    """Those of one segment; opening reads none. Rows of deleted documents may be zero.

    is_current: whether the model of this program made them.
    """

    def __init__(self, content: memoryview, file: FileEntry, paragraphs: int) -> None:
        """IndexCorrupt unless it is the file that the manifest names, with a vector for each paragraph."""
        self.file = file
        self.container = Container(content, file.name, KIND)
        if self.container.digest != file.digest:
            raise IndexCorrupt("the file is not the one that the manifest names", path=file.name, hint=_HINT)
        self.is_current = self.container.meta.get("model") == MODEL  # else they are made anew, not read
        if self.is_current:
            self.container.array(_ARRAY, "|u1", paragraphs * SIZE, checked=False)
        self._paragraphs = paragraphs

    def rows(self, paragraphs: I64) -> I8:
        """Those of some paragraphs; shape (n, SIZE). Reads and verifies their part of the file only."""
        stored = self.container.array(_ARRAY, "|u1", self._paragraphs * SIZE, checked=False)
        region = self.container.region(_ARRAY)
        for paragraph in paragraphs.tolist():
            region.verify(paragraph * SIZE, (paragraph + 1) * SIZE)
        return stored.view(np.int8).reshape(-1, SIZE)[paragraphs]


def write_vectors(storage: Storage, rows: I8) -> FileEntry:
    """Write the vectors of a segment, shape (paragraphs, SIZE), under a fresh name."""
    import secrets  # here: a search, which writes nothing, would load OpenSSL with it

    name = f"{KIND}-{secrets.token_hex(8)}"
    storage.write(name, _packed(rows))
    content = storage.read(name)
    return FileEntry(name, len(content), Container(content, name, KIND).digest)


def _packed(rows: I8) -> Iterator[bytes | memoryview]:
    return pack(KIND, {_ARRAY: rows.view(np.uint8).reshape(-1)}, {"model": MODEL})


def cosines(rows: I8, vector: I8) -> list[float]:
    """The cosine of each row (n, SIZE) with a vector, from 0 on: what points away is as far as what has
    nothing to do with it. 0 for a row of zeros."""
    wide, other = rows.astype(np.int64), vector.astype(np.int64)
    products = (wide @ other).clip(0)
    squares = np.einsum("ij,ij->i", wide, wide) * int(other @ other)
    found: list[float] = (products / np.sqrt(np.maximum(squares, 1))).tolist()
    return found
