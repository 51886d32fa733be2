"""tantivy through its Python bindings: two indexing threads, the English stemming analyser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy  # type: ignore[import-not-found]  # lives in the peers' environment

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]

_HEAP = 256_000_000  # bytes, shared by the threads; twice the default


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        schema.add_text_field("text", stored=True, tokenizer_name="en_stem", index_option="position")
        index = tantivy.Index(schema.build(), path=str(folder))
        writer = index.writer(heap_size=_HEAP, num_threads=2)
        for name, text in blocks:
            writer.add_document(tantivy.Document(id=name, text=text))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder: Path) -> None:
        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words)

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        parsed = self._index.parse_query(query, ["text"])
        found = self._searcher.search(parsed, limit=k, count=True)
        return [self._searcher.doc(address)["id"][0] for _, address in found.hits], found.count
