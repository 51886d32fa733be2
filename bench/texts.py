"""What is measured on: the flattened text and the queries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from .engines import Mode
from .flatten import Block, flatten, read_flat, write_flat
from .places import BenchError, Places
from .results import Text

__all__ = ["NEIGHBOURS", "Queries", "described", "read_queries", "text_of"]

NEIGHBOURS = ("near2", "near3")
"""Kinds of queries whose words stand side by side somewhere: only these are asked as phrases."""


@dataclass(frozen=True, slots=True)
class Queries:
    """The words of each query, and which of them are neighbours."""

    words: tuple[tuple[str, ...], ...]
    kinds: tuple[str, ...]

    def of(self, mode: Mode) -> list[tuple[str, ...]]:
        """The queries that are asked in this mode, in their order."""
        pairs = zip(self.kinds, self.words, strict=True)
        return [words for kind, words in pairs if mode != "phrase" or kind in NEIGHBOURS]


def read_queries(path: Path, limit: int | None = None) -> Queries:
    """A file of `kind<TAB>words` lines, at most `limit` of them."""
    lines = path.read_text(encoding="utf-8").splitlines()[:limit]
    pairs = [line.split("\t", 1) for line in lines if line]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise BenchError("the file of queries has lines that are not kind, tab, words")
    return Queries(tuple(tuple(words.split()) for _, words in pairs), tuple(kind for kind, _ in pairs))


def text_of(
    places: Places, corpora: Sequence[str], blocks: int | None = None, times: int = 1
) -> tuple[Path, Text]:
    """The flattened file of some corpora, made once and kept, and what it holds.

    blocks: only the first so many. times: the whole repeated, under other ids.
    """
    plain = places.flat() if tuple(corpora) == ("dc-law",) else None
    name = "+".join(corpora)
    path = plain or places.work / f"{name}.tsv"
    if not path.exists():
        write_flat(path, _flattened(places, corpora))
    if blocks is not None or times > 1:
        part = places.work / f"{name}-{blocks or 'all'}x{times}.tsv"
        write_flat(part, _repeated(path, blocks, times))
        path = part
    return path, described(path, name, times)


def described(path: Path, name: str, times: int = 1, limit: int | None = None) -> Text:
    """What a flattened file holds, or its first `limit` blocks."""
    count = size = 0
    for _, text in read_flat(path, limit):
        count += 1
        size += len(text.encode())
    return Text(name=name, blocks=count, bytes=size, times=times)


def _flattened(places: Places, corpora: Sequence[str]) -> Iterator[Block]:
    alone = len(corpora) == 1
    return chain.from_iterable(flatten(places.corpus(name), "" if alone else f"{name}/") for name in corpora)


def _repeated(path: Path, blocks: int | None, times: int) -> Iterator[Block]:
    for copy in range(times):
        prefix = f"{copy}/" if times > 1 else ""
        for name, text in read_flat(path, blocks):
            yield f"{prefix}{name}", text
