"""Stock Whoosh: its stemming analyser without a stop list, its own writer and searcher, one process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.index import create_in, open_dir
from whoosh.qparser import OrGroup, QueryParser

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]

_MEMORY = 256  # MB for the writer; twice the default


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        analyser = StemmingAnalyzer(stoplist=None, minsize=1, cachesize=-1)
        schema = Schema(id=ID(stored=True), text=TEXT(analyzer=analyser, stored=True))
        writer = create_in(str(folder), schema).writer(limitmb=_MEMORY)
        for name, text in blocks:
            writer.add_document(id=name, text=text)
        writer.commit()

    def open(self, folder: Path) -> None:
        index = open_dir(str(folder))
        self._searcher = index.searcher()
        self._parser = QueryParser("text", index.schema, group=OrGroup)

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words, any_of=" ")

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        found = self._searcher.search(self._parser.parse(query), limit=k)
        return [hit["id"] for hit in found], len(found)
