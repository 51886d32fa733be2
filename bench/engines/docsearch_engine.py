"""docsearch's engine: blocks as documents of one paragraph, asked through `Index.search` with plain BM25.

The blocks go in by `Index.add_passages`, which reads no formats, as the peers read none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import docsearch

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        with docsearch.open(folder, create=True) as index:
            index.add_passages(blocks)

    def open(self, folder: Path) -> None:
        self._index = docsearch.open(folder)

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words, any_of=" ")

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        results = self._index.search(query, limit=k, scope="paragraph", ranking="plain", snippets=0)
        return [hit.key for hit in results], results.totals.units
