"""docsearch's engine over the same blocks with a date of publication each, to be asked of some dates only.

The dates follow from the blocks' numbers, a thousandth of them to each of `DAYS` successive days, so that
a range of days keeps a known share of the blocks, which lie everywhere among the others.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from docsearch.corpus.model import Document, Metadata, Paragraph, PartialDate, Reading, Section, Source
from docsearch.index.engine import LocalEngine
from docsearch.index.query import Clause, FieldName, Request, Scope
from docsearch.index.segment import build_segment
from docsearch.index.storage import FolderStorage
from docsearch.index.where import Range
from docsearch.index.writer import IndexWriter
from docsearch.search.reading import read

from ..flatten import Block
from . import Mode, docsearch_engine

__all__ = ["DAYS", "Engine"]

DAYS = 1000
_FIRST = dt.date(2000, 1, 1)
_STEP = 7919  # prime to DAYS
_BATCH = 100_000  # blocks a segment


class Engine:
    def __init__(self) -> None:
        self._where: Range | None = None

    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        storage = FolderStorage(folder)
        numbered = enumerate(blocks)
        with IndexWriter.open(storage) as writer:
            while batch := list(islice(numbered, _BATCH)):
                writer.add(build_segment(storage, (_reading(number, block) for number, block in batch)))
            writer.commit()

    def open(self, folder: Path) -> None:
        self._engine = LocalEngine(FolderStorage(folder))

    def keep(self, thousandths: int | None) -> None:
        """Ask only of so many thousandths of the blocks from now on; None: of all."""
        self._where = None if thousandths is None else Range("published", _FIRST, _day(thousandths - 1))

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return docsearch_engine.Engine().query(mode, words)

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        question = read(self._engine, query)
        words = (replace(leaf.node, field=FieldName.TEXT) for leaf in question.leaves)
        scoring = tuple(map(Clause, words))
        request = Request(question.match, Scope.PARAGRAPH, scoring, limit=k, where=self._where)
        answer = self._engine.answer(request)
        return [hit.ref.key for hit in answer.hits], answer.totals.units


def _day(number: int) -> dt.date:
    return _FIRST + dt.timedelta(days=number % DAYS)


def _meta(number: int) -> Metadata:
    date = _day(number)
    published = PartialDate(date.year, date.month, date.day)
    return Metadata(title="", language="en", language_guessed=False, published=published)


_METAS = [_meta(number) for number in range(DAYS)]


def _reading(number: int, block: Block) -> tuple[Source, Reading]:
    key, text = block
    end = len(text)
    document = Document(
        key=key,
        text=text,
        sections=(Section("", 0, None, (0,), (0, 0), 0, end, 0, 1),),
        paragraphs=(Paragraph(0, end, section=0, ordinal=1, line=1),),
        meta=_METAS[number * _STEP % DAYS],
    )
    return Source(key, "", key, 0, 0, hashlib.sha256(text.encode()).digest()), Reading((document,))
