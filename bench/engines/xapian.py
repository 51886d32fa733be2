"""Xapian: every word stemmed, with positions; the text is the document's data, the id a value."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import xapian  # type: ignore[import-not-found]  # lives in the peers' environment, where it can be had

from ..flatten import Block
from . import Mode, spelled

__all__ = ["Engine"]

_ID = 0
_FLUSH = "100000"  # documents in memory before postings are written; ten times the default, and faster


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        os.environ["XAPIAN_FLUSH_THRESHOLD"] = _FLUSH
        database = xapian.WritableDatabase(str(folder), xapian.DB_CREATE_OR_OVERWRITE)
        generator = xapian.TermGenerator()
        generator.set_stemmer(xapian.Stem("english"))
        generator.set_stemming_strategy(xapian.TermGenerator.STEM_ALL)
        for name, text in blocks:
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(text)
            generator.increase_termpos()
            document.set_data(text)
            document.add_value(_ID, name)
            database.add_document(document)
        database.commit()
        database.close()

    def open(self, folder: Path) -> None:
        self._database = xapian.Database(str(folder))
        self._count = self._database.get_doccount()
        self._parser = xapian.QueryParser()
        self._parser.set_database(self._database)
        self._parser.set_stemmer(xapian.Stem("english"))
        self._parser.set_stemming_strategy(xapian.QueryParser.STEM_ALL)

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        return spelled(mode, words)

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        enquire = xapian.Enquire(self._database)
        enquire.set_query(self._parser.parse_query(query))
        found = enquire.get_mset(0, k, self._count)  # checking all of them is how it counts exactly
        ids = [match.document.get_value(_ID).decode() for match in found]
        return ids, found.get_matches_estimated()
