"""PDFs: dc-law set in several layouts, and how fast and how well they are read again.

Setting takes reportlab, which comes with the extra `test`. Times are of the processor, of one process that
reads file after file, with structure: columns, paragraphs, headings, page numbers.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypedDict, cast

from .machine import Machine, commit, describe, versions
from .pdf_layouts import LAYOUTS, Set, set_acts
from .places import Places, fresh
from .progress import say
from .results import new_run

__all__ = ["PdfRun", "is_pdf_run", "load", "measure", "table"]

_CORPUS = "dc-law"
_ROUNDS = 3


class LayoutTimes(TypedDict):
    """seconds: of the processor, each round's. paragraphs, headings: how many were set, and how many of
    them the reader gives in the same words (headings at the same level)."""

    files: int
    pages: int
    bytes: int
    seconds: list[float]
    paragraphs: list[int]
    headings: list[int]


class PdfRun(TypedDict):
    """first_batch, whole: seconds on the clock from the start of an update of all files until something can
    be searched, and until its end."""

    date: str
    command: str
    commit: str
    machine: Machine
    versions: dict[str, str]
    pdf: dict[str, LayoutTimes]
    first_batch: float
    whole: float


@dataclass(frozen=True, slots=True)
class _Read:
    seconds: float
    paragraphs: int
    headings: int


def measure(places: Places, files: int, rounds: int = _ROUNDS) -> PdfRun:
    """Set some files, a part of them in each layout; read them."""
    run = new_run()
    folder = fresh(places.work / "pdf")
    made = set_acts(places.corpus(_CORPUS), folder, files)
    layouts = {name: _times([each for each in made if each.layout == name], rounds) for name in LAYOUTS}
    first, whole = _index(folder, places.work / "pdf.index")
    return PdfRun(
        date=run["date"],
        command=run["command"],
        commit=commit(),
        machine=describe(),
        versions=versions(("pypdfium2", "reportlab")),
        pdf=layouts,
        first_batch=first,
        whole=whole,
    )


def _times(made: Sequence[Set], rounds: int) -> LayoutTimes:
    read = [_read(made) for _ in range(rounds)]
    say(f"{made[0].layout}: {[round(each.seconds, 2) for each in read]} s")
    return LayoutTimes(
        files=len(made),
        pages=sum(each.pages for each in made),
        bytes=sum(each.path.stat().st_size for each in made),
        seconds=[round(each.seconds, 3) for each in read],
        paragraphs=[sum(len(each.paragraphs) for each in made), read[0].paragraphs],
        headings=[sum(len(each.headings) for each in made), read[0].headings],
    )


def _read(made: Sequence[Set]) -> _Read:
    from docsearch.corpus.registry import read_bytes

    seconds, paragraphs, headings = 0.0, 0, 0
    for each in made:
        content = each.path.read_bytes()
        begun = time.process_time()
        (document,) = read_bytes(each.path.name, each.path.name, content).documents
        seconds += time.process_time() - begun
        words = {document.text[one.start : one.end] for one in document.paragraphs}
        paragraphs += sum(1 for text in each.paragraphs if text in words)
        known = {(section.level, section.title) for section in document.sections}
        headings += sum(1 for heading in each.headings if heading in known)
    return _Read(seconds, paragraphs, headings)


def _index(folder: Path, path: Path) -> tuple[float, float]:
    """Seconds until the first batch of an index of the folder can be searched, and until its end."""
    import docsearch

    begun = time.perf_counter()
    first: list[float] = []

    def watch(progress: docsearch.Progress) -> None:
        if progress.searchable and not first:
            first.append(time.perf_counter() - begun)

    with docsearch.open(fresh(path), create=True) as index:
        index.update([folder], progress=watch)
    whole = time.perf_counter() - begun
    return round(first[0] if first else whole, 2), round(whole, 2)


def is_pdf_run(path: Path) -> bool:
    return "pdf" in json.loads(path.read_text(encoding="utf-8"))


def load(path: Path) -> PdfRun:
    return cast(PdfRun, json.loads(path.read_text(encoding="utf-8")))


def table(run: PdfRun) -> str:
    """The figures in Markdown."""
    machine = run["machine"]
    made = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
    files = sum(times["files"] for times in run["pdf"].values())
    lines = [
        f"Measured on {run['date']} at commit `{run['commit']}` with `{run['command']}`: {machine['cpu']}, "
        f"{machine['cores']} cores, Python {machine['python']}, {made}.",
        "",
        "| layout | files | pages | pages/s | MB/s | paragraphs as set | headings as set |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(name, times) for name, times in run["pdf"].items()),
        "",
        f"All {files:,} files in one index, by as many processes as there are cores: the first batch could "
        f"be searched after {run['first_batch']:.1f} s, the last after {run['whole']:.1f} s.",
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, times: LayoutTimes) -> str:
    seconds = median(times["seconds"])
    cells: Iterator[str] = iter(
        (
            name,
            f"{times['files']:,}",
            f"{times['pages']:,}",
            f"{times['pages'] / seconds:.0f}",
            f"{times['bytes'] / seconds / 1e6:.2f}",
            f"{times['paragraphs'][1] / times['paragraphs'][0]:.1%}",
            f"{times['headings'][1] / times['headings'][0]:.1%}",
        )
    )
    return f"| {' | '.join(cells)} |"
