"""A vocabulary of millions: texts in which no word comes twice, as in broken scans and tables of codes hardly
one does. What an index of them takes in time, memory and space, and whether its words are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict, cast

from .client import Client
from .engines import peer
from .flatten import write_flat
from .machine import Machine, commit, describe
from .places import BenchError, Places, folder_size, fresh
from .product import index_fresh
from .progress import say
from .results import new_run
from .speed import REFERENCE

__all__ = ["WordsRun", "is_words_run", "load", "measure", "table"]

_OF_TEXT = 100  # words
_OF_FILE = 100  # texts
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SIZE = 7  # letters; one more keeps stems apart
_STEP = 2_654_435_761  # no multiple of 2 or 13: no two numbers give one word
_ASKED = 1_000  # words


class Built(TypedDict):
    """seconds: on the clock. peak, size: bytes; peak: of all processes."""

    seconds: float
    peak: int
    size: int


class WordsRun(TypedDict):
    """bytes: of the texts. passages: texts handed over to one process. files: the same in files, by the
    command. found: of so many words that were asked for, those with their one text. us: of each."""

    date: str
    command: str
    commit: str
    machine: Machine
    words: int
    bytes: int
    passages: Built
    files: Built
    asked: int
    found: int
    us: list[float]


def measure(places: Places, words: int) -> WordsRun:
    """Build both indexes, one after the other, and ask the first."""
    run = new_run()
    work = fresh(places.work / "words")
    flat = work / "flat.tsv"
    write_flat(flat, ((f"text-{number}", text) for number, text in enumerate(_texts(words))))
    folder = fresh(work / "files")
    _write_files(folder, words)
    index = fresh(work / "passages.index")
    with Client(peer(REFERENCE), places) as client:
        passages = client.do("build", flat=str(flat), folder=str(index))
        say(f"passages: {passages['seconds']:.1f} s, {passages['peak'] / 1e6:.0f} MB")
        client.do("open", folder=str(index))
        asked = [[_word(number)] for number in range(0, words, max(words // _ASKED, 1))]
        told = client.do("ask", mode="or", words=asked, k=10)
    seconds, peak = index_fresh(work / "files.index", folder)
    say(f"files: {seconds:.1f} s, {peak / 1e6:.0f} MB")
    return WordsRun(
        date=run["date"],
        command=run["command"],
        commit=commit(),
        machine=describe(),
        words=words,
        bytes=folder_size(folder),
        passages=Built(seconds=round(passages["seconds"], 2), peak=passages["peak"], size=passages["size"]),
        files=Built(seconds=round(seconds, 2), peak=peak, size=folder_size(work / "files.index")),
        asked=len(asked),
        found=sum(total == 1 for total in told["totals"]),
        us=[round(ns / 1000, 1) for ns in told["ns"]],
    )


def _texts(words: int) -> Iterator[str]:
    for first in range(0, words, _OF_TEXT):
        yield " ".join(map(_word, range(first, min(first + _OF_TEXT, words))))


def _word(number: int) -> str:
    """Another for each number below 26 ** `_SIZE`."""
    if number >= len(_LETTERS) ** _SIZE:
        raise BenchError(f"there are no more than {len(_LETTERS) ** _SIZE:,} words")
    mixed = number * _STEP % len(_LETTERS) ** _SIZE
    letters = []
    for _ in range(_SIZE):
        mixed, at = divmod(mixed, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join((*letters, "x"))


def _write_files(folder: Path, words: int) -> None:
    texts = list(_texts(words))
    for first in range(0, len(texts), _OF_FILE):
        content = "\n\n".join(texts[first : first + _OF_FILE])
        (folder / f"{first // _OF_FILE:05d}.txt").write_text(content + "\n", encoding="utf-8")


def is_words_run(path: Path) -> bool:
    return "passages" in json.loads(path.read_text(encoding="utf-8"))


def load(path: Path) -> WordsRun:
    return cast(WordsRun, json.loads(path.read_text(encoding="utf-8")))


def table(run: WordsRun) -> str:
    """The figures in Markdown."""
    machine = run["machine"]
    us = sorted(run["us"])
    text = f"{run['words']:,} words, {run['bytes'] / 1e6:.0f} MB of text"
    found = f"Of {run['asked']:,} of them, each asked for alone, {run['found']:,} were found in their text"
    lines = [
        f"Measured on {run['date']} at commit `{run['commit']}` with `{run['command']}`: {machine['cpu']}, "
        f"{machine['cores']} cores, Python {machine['python']}.",
        "",
        f"| {text} | seconds | peak memory, MB | index, MB |",
        "| --- | ---: | ---: | ---: |",
        _row("as passages, one process", run["passages"]),
        _row("as files, `docsearch index`, all processes", run["files"]),
        "",
        f"{found}; p50 {us[len(us) // 2] / 1000:.2f} ms, p95 {us[len(us) * 95 // 100] / 1000:.2f} ms.",
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, built: Built) -> str:
    figures = f"{built['seconds']:.1f} | {built['peak'] / 1e6:,.0f} | {built['size'] / 1e6:.0f}"
    return f"| {name} | {figures} |"
