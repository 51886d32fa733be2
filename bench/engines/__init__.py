"""The engines that are compared: one module each, all with the same small protocol.

Fair play: the same text, stored; positions; English stemming; a durable commit; queries from a string in the
engine's own syntax, through its public call, to the ids of the best ten and the exact total.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, cast

from ..flatten import Block

__all__ = ["DATED", "MODES", "PEERS", "Engine", "Mode", "Peer", "load", "peer", "spelled"]

Mode = Literal["or", "and", "phrase"]
MODES: tuple[Mode, ...] = ("or", "and", "phrase")


class Engine(Protocol):
    """Each module has a class `Engine` of this form, made without arguments."""

    def build(self, blocks: Iterable[Block], folder: Path) -> None:
        """Index the blocks in an empty folder, and commit. Memory is the engine's own affair: the blocks
        come one after the other."""
        ...

    def open(self, folder: Path) -> None:
        """Make ready to be asked."""
        ...

    def query(self, mode: Mode, words: Sequence[str]) -> str:
        """What a person would type for these words. Not timed."""
        ...

    def ask(self, query: str, k: int) -> tuple[list[str], int]:
        """Ids of the best k blocks, and how many match. Timed, parsing included."""
        ...


@dataclass(frozen=True, slots=True)
class Peer:
    """An engine in the tables.

    packages: whose versions are noted. apart: it lives in the peers' environment, and is installed there.
    limit: only so many blocks, where more would take too long. durable: its commit reaches the device by
    itself; else the files are flushed for it, in its time. optional: where it cannot be had, it is left out.
    """

    name: str
    title: str
    packages: tuple[str, ...]
    apart: bool = True
    limit: int | None = None
    modes: tuple[Mode, ...] = MODES
    durable: bool = True
    optional: bool = False


PEERS = (
    Peer("tantivy", "tantivy, 2 threads", ("tantivy",)),
    Peer("fts5", "SQLite FTS5", ("sqlite",), apart=False),
    Peer("xapian", "Xapian", ("xapian-bindings-binary",), optional=True),
    Peer("bm25s", "bm25s", ("bm25s", "PyStemmer"), modes=("or",), durable=False),
    Peer("stock_whoosh", "stock Whoosh", ("whoosh3",), limit=40_000, durable=False),
    Peer("docsearch_engine", "docsearch, engine", ("policy-docsearch", "numpy"), apart=False),
    Peer("docsearch_product", "docsearch, product", ("policy-docsearch", "numpy"), apart=False),
)


DATED = Peer("docsearch_dated", "docsearch, engine, with dates", ("policy-docsearch", "numpy"), apart=False)
"""Compared with itself only: asked of all blocks, and of those of some dates."""


def peer(name: str) -> Peer:
    return next(found for found in (*PEERS, DATED) if found.name == name)


def load(name: str) -> Engine:
    """The engine of a peer; ImportError when it is not installed in this environment."""
    return cast(Engine, import_module(f"{__name__}.{name}").Engine())


def spelled(mode: Mode, words: Sequence[str], any_of: str = " OR ") -> str:
    """The words with the operators that most syntaxes share."""
    if mode == "phrase":
        return f'"{" ".join(words)}"'
    return {"or": any_of, "and": " AND "}[mode].join(words)
