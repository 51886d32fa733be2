"""docsearch's engine: blocks as documents of one paragraph, asked through `Index.search` with plain BM25.

The documents are put together here and handed to the segment builder, so that what is measured is the
inverter and the writer, not the reading of formats.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import docsearch
from docsearch.corpus.model import Document, Metadata, Paragraph, Reading, Section, Source
from docsearch.index.segment import build_segment
from docsearch.index.storage import FolderStorage
from docsearch.index.writer import IndexWriter

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]

_BATCH = 16 << 20  # characters a segment, as the product's updates have it
_META = Metadata(title="", language="en", language_guessed=False)


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        storage = FolderStorage(folder)
        with IndexWriter.open(storage) as writer:
            for batch in _batches(blocks):
                writer.add(build_segment(storage, map(_reading, batch)))
            writer.commit()

    def open(self, folder: Path) -> None:
        self._index = docsearch.open(folder)

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words, any_of=" ")

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        results = self._index.search(query, limit=k, scope="paragraph", ranking="plain", snippets=0)
        return [hit.key for hit in results], results.totals.units


def _batches(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    batch: list[Block] = []
    size = 0
    for block in blocks:
        batch.append(block)
        size += len(block[1])
        if size >= _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _reading(block: Block) -> tuple[Source, Reading]:
    key, text = block
    end = len(text)
    document = Document(
        key=key,
        text=text,
        sections=(Section("", 0, None, (0,), (0, 0), 0, end, 0, 1),),
        paragraphs=(Paragraph(0, end, section=0, ordinal=1, line=1),),
        meta=_META,
    )
    return Source(key, "", key, 0, 0, hashlib.sha256(text.encode()).digest()), Reading((document,))
