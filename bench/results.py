"""The raw numbers of a run: their form, and the files that keep them."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict, cast

from .machine import Machine, commit, describe
from .places import ROOT

__all__ = [
    "FOLDER",
    "EngineRun",
    "FilteredTimes",
    "ProductRun",
    "Run",
    "Text",
    "Threads",
    "Wider",
    "load",
    "new_run",
    "save",
]

FOLDER = ROOT / "bench" / "results"


class Text(TypedDict):
    """bytes: of the blocks in UTF-8, without ids. times: how often the text was repeated."""

    name: str
    blocks: int
    bytes: int
    times: int


class Threads(TypedDict):
    """Seconds for so many OR queries, each round's; count: of the many threads, or processes."""

    count: int
    queries: int
    one: list[float]
    many: list[float]


class EngineRun(TypedDict, total=False):
    """What one engine gave.

    blocks, bytes: of the text that it indexed. seconds: of each build. peak, size: bytes, the largest and
    the last. us: by mode, for each query the median of its rounds in microseconds. matches: by mode, the sum
    of the totals. agreeing: by mode, the share of queries with the total of the reference (docsearch's
    engine), where both hold the same blocks.
    """

    versions: dict[str, str]
    blocks: int
    bytes: int
    seconds: list[float]
    peak: int
    size: int
    us: dict[str, list[float]]
    matches: dict[str, int]
    agreeing: dict[str, float]
    threads: Threads
    pool: Threads


class Wider(TypedDict):
    """The same queries on more text."""

    text: Text
    peak: int
    us: dict[str, list[float]]


class FilteredTimes(TypedDict):
    """Of blocks of some dates only. us, matches: as in `EngineRun`."""

    us: dict[str, list[float]]
    matches: dict[str, int]


class ProductRun(TypedDict, total=False):
    """Whole processes. Lists hold a number for each repetition: seconds, of the last two milliseconds.

    thrice: indexing the same files three times over (files, bytes, seconds, peak).
    """

    files: int
    bytes: int
    flatten: list[float]
    flatten_by_other: list[float]
    index: list[float]
    peak: int
    size: int
    nothing: list[float]
    update: list[float]
    question: list[float]
    imports: list[float]
    thrice: dict[str, float]


class Run(TypedDict, total=False):
    """A file of results."""

    date: str
    command: str
    commit: str
    machine: Machine
    rounds: int
    queries: dict[str, int]
    text: Text
    engines: dict[str, EngineRun]
    wider: Wider
    thrice: Wider
    filtered: dict[str, FilteredTimes]
    product: ProductRun


def new_run() -> Run:
    """A run without figures yet. The command's arguments hold no paths: those come from the environment."""
    command = " ".join(["python", "bench/run.py", *sys.argv[1:]])
    return Run(date=dt.date.today().isoformat(), command=command, commit=commit(), machine=describe())


def save(run: Mapping[str, object], name: str) -> Path:
    """Write bench/results/DATE-NAME.json, a line for each list."""
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{run['date']}-{name}.json"
    path.write_text(f"{_lines(run)}\n", encoding="utf-8")
    return path


def load(path: Path) -> Run:
    return cast(Run, json.loads(path.read_text(encoding="utf-8")))


def _lines(value: object, indent: str = "") -> str:
    """JSON that can be read and compared: objects over several lines, lists on one."""
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    inner = indent + " "
    members = (f"{inner}{json.dumps(key)}: {_lines(member, inner)}" for key, member in value.items())
    return "{\n" + ",\n".join(members) + f"\n{indent}}}"
