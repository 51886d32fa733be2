"""SQLite's FTS5, from the standard library: Porter's stemmer, BM25 by `rank`, one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]

_TABLE = "CREATE VIRTUAL TABLE blocks USING fts5(id UNINDEXED, text, tokenize = 'porter unicode61')"
_BEST = "SELECT id FROM blocks WHERE blocks MATCH ? ORDER BY rank LIMIT ?"
_TOTAL = "SELECT count(*) FROM blocks WHERE blocks MATCH ?"


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        with closing(sqlite3.connect(folder / "blocks.db")) as database, database:
            database.execute(_TABLE)
            database.executemany("INSERT INTO blocks (id, text) VALUES (?, ?)", blocks)

    def open(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "blocks.db")

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words)

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        ids = [row[0] for row in self._database.execute(_BEST, (query, k))]
        return ids, self._database.execute(_TOTAL, (query,)).fetchone()[0]
