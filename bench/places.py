"""Where the benchmarks read and write, from the environment: no path of a machine is ever committed."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

__all__ = ["ROOT", "BenchError", "Places", "folder_size", "fresh"]

ROOT = Path(__file__).resolve().parent.parent


class BenchError(Exception):
    """Something is missing that the person who measures has to bring; the message says what."""


@dataclass(frozen=True, slots=True)
class Places:
    """DOCSEARCH_CORPORA: a folder that holds `dc-law/`, `de-gesetze/`, `obliqa/`, unpacked.
    DOCSEARCH_BENCH_QUERIES: the queries, a line each: kind, tab, words.
    DOCSEARCH_BENCH_FLAT: dc-law as one line a block; without it the benchmarks flatten it themselves.
    DOCSEARCH_BENCH_FLATTEN: another program that flattens a folder, to hold `docsearch index` against.
    DOCSEARCH_BENCH_DIR: for environments and indexes; without it a folder in the user's cache.
    """

    work: Path

    @classmethod
    def from_environment(cls) -> Places:
        named = os.environ.get("DOCSEARCH_BENCH_DIR")
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cls(Path(named).resolve() if named else cache / "docsearch-bench")

    @property
    def peers(self) -> Path:
        """The virtual environment of the peers."""
        return self.work / "peers"

    @property
    def peers_python(self) -> Path:
        return self.peers / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def corpus(self, name: str) -> Path:
        folder = _named("DOCSEARCH_CORPORA", "the folder that holds the unpacked corpora") / name
        if not folder.is_dir():
            raise BenchError(f"DOCSEARCH_CORPORA holds no folder {name}: unpack the archive there")
        return folder

    def queries(self) -> Path:
        return _named("DOCSEARCH_BENCH_QUERIES", "the file of queries (kind, tab, words)")

    def flat(self) -> Path | None:
        """The flattened dc-law, where somebody has made it already."""
        return _named("DOCSEARCH_BENCH_FLAT", "") if os.environ.get("DOCSEARCH_BENCH_FLAT") else None

    def flattener(self) -> Path | None:
        """A program that flattens, other than our own."""
        return _named("DOCSEARCH_BENCH_FLATTEN", "") if os.environ.get("DOCSEARCH_BENCH_FLATTEN") else None


def _named(variable: str, what: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        raise BenchError(f"{variable} is not set: name {what}")
    path = Path(value).resolve()
    if not path.exists():
        raise BenchError(f"{variable} names nothing that is there")
    return path


def fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def folder_size(folder: Path) -> int:
    """Bytes of all files beneath."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
