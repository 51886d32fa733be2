"""bm25s with PyStemmer: scores of every block as one array. No positions, so neither AND nor phrases.

Its `retrieve` tells no total, so the parts that it is made of are called: all scores, then the best k.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import bm25s  # type: ignore[import-not-found]  # lives in the peers' environment, as does Stemmer
import numpy as np
import Stemmer  # type: ignore[import-not-found]

from ..flatten import Block
from . import Mode

__all__ = ["Engine"]


class Engine:
    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        corpus = [{"id": name, "text": text} for name, text in blocks]
        tokens = bm25s.tokenize(
            [block["text"] for block in corpus],
            stopwords=None,
            stemmer=Stemmer.Stemmer("english"),
            show_progress=False,
        )
        index = bm25s.BM25()
        index.index(tokens, show_progress=False)
        index.save(folder, corpus=corpus, show_progress=False)

    def open(self, folder: Path) -> None:
        self._index = bm25s.BM25.load(folder, load_corpus=True, mmap=True, show_progress=False)
        self._stemmer = Stemmer.Stemmer("english")

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        if mode != "or":
            raise ValueError(f"bm25s has no {mode} queries")
        return " ".join(words)

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        tokens = bm25s.tokenize(
            query, stopwords=None, stemmer=self._stemmer, return_ids=False, show_progress=False
        )
        scores = self._index.get_scores(tokens[0])
        best, numbers = bm25s.selection.topk(scores, k)
        ids = [self._index.corpus[int(at)]["id"] for at in numbers[best > 0]]
        return ids, int(np.count_nonzero(scores))
