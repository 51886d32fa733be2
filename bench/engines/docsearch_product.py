"""docsearch through its public calls: blocks as records in plain text, default ranking, snippets."""

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
            index.add(docsearch.Record(name, text, language="en") for name, text in blocks)

    def open(self, folder: Path) -> None:
        self._index = docsearch.open(folder)

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words, any_of=" ")

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        results = self._index.search(query, limit=k, scope="paragraph")
        # Documents, not paragraphs: the few very long blocks are cut into several of these.
        return [hit.key for hit in results], results.totals.documents

    def open_pool(self, folder: Path, processes: int) -> None:
        self._pool = docsearch.SearchPool(folder, processes=processes)

    def ask_pool(self, queries: Sequence[str], k: int) -> None:
        """All queries, as `ask` asks them, by the processes of the pool together."""
        self._pool.search_all(queries, limit=k, scope="paragraph")

    def close_pool(self) -> None:
        self._pool.close()
