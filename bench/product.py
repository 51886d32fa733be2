"""The command `docsearch` as people run it: whole processes on files, timed from outside."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from .memory import TreePeak
from .places import ROOT, BenchError, Places, folder_size, fresh
from .progress import say
from .results import ProductRun

__all__ = ["index_fresh", "measure_product", "measure_thrice"]

QUESTION = "precursor chemicals"
CHANGED = 10
"""Files that change before an update."""
REPEATS = 5
"""Of a pass with nothing to do, and of an update."""
STARTS = 15
"""Of a whole process that asks one question."""


def measure_product(places: Places, corpus: str, rounds: int, files: int | None = None) -> ProductRun:
    """Index a folder from nothing, pass over it with nothing to do, update some changed files, ask.

    files: only so many, for a trial. The corpus is copied first: it is read only, and files must change.
    """
    folder = _copied(places.corpus(corpus), fresh(places.work / "files") / corpus, files)
    index = places.work / "indexes" / "files"
    paths = [path for path in folder.rglob("*") if path.is_file()]
    run = ProductRun(
        files=len(paths), bytes=folder_size(folder), flatten=[], index=[], peak=0, nothing=[], update=[]
    )
    for number in range(rounds):
        run["flatten"].append(_seconds([sys.executable, "-m", "bench.flatten", str(folder)]))
        if other := places.flattener():
            run.setdefault("flatten_by_other", []).append(_seconds([sys.executable, str(other), str(folder)]))
        seconds, peak = index_fresh(index, folder)
        run["index"].append(seconds)
        run["peak"] = max(run["peak"], peak)
        say(f"product {number + 1}: flatten {run['flatten'][-1]} s, index {seconds} s, {peak / 1e6:.0f} MB")
    run["size"] = folder_size(index)
    for number in range(REPEATS):
        run["nothing"].append(_seconds(_docsearch("index", "--quiet", "--index", str(index))))
        _change(sorted(folder.rglob("*.md")), number)
        run["update"].append(_seconds(_docsearch("index", "--quiet", "--index", str(index))))
    run["question"], run["imports"] = _starts(index)
    return run


def measure_thrice(places: Places, corpus: str, files: int | None = None) -> dict[str, float]:
    """Index the same files three times over, as three folders."""
    folder = fresh(places.work / "files")
    for copy in "abc":
        _copied(places.corpus(corpus), folder / copy, files)
    index = places.work / "indexes" / "files"
    seconds, peak = index_fresh(index, folder)
    say(f"product, thrice: {seconds} s, {peak / 1e6:.0f} MB")
    count = sum(1 for path in folder.rglob("*") if path.is_file())
    return {"files": count, "bytes": folder_size(folder), "seconds": seconds, "peak": peak}


def _copied(corpus: Path, target: Path, files: int | None) -> Path:
    """A copy of the corpus (of its first so many files), with the times of its files."""
    if files is None:
        shutil.copytree(corpus, target)
        return target
    for path in sorted(corpus.rglob("*.md"))[:files]:
        copy = target / path.relative_to(corpus)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return target


def index_fresh(index: Path, folder: Path) -> tuple[float, int]:
    """Seconds and peak memory of all processes, for a first index of a folder."""
    shutil.rmtree(index, ignore_errors=True)
    start = time.perf_counter()
    with _started(_docsearch("index", "--quiet", "--index", str(index), str(folder))) as process:
        with TreePeak(process.pid) as memory:
            process.wait()
        seconds = time.perf_counter() - start
    _check(process)
    return round(seconds, 3), memory.peak


def _change(paths: Sequence[Path], number: int) -> None:
    """Add a paragraph to files that stand evenly apart, other ones for each number."""
    step = len(paths) // CHANGED
    if step < REPEATS:
        raise BenchError(f"at least {CHANGED * REPEATS} files are needed")
    for path in paths[number::step][:CHANGED]:
        path.chmod(0o644)
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"\n\nThis paragraph was added for measurement {number}.\n")


def _starts(index: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of a question's whole process, and of one that only loads two libraries, in turns."""
    ask = _docsearch(QUESTION, "--index", str(index))
    imports = [sys.executable, "-c", "import numpy, click"]
    _seconds(ask)
    _seconds(imports)
    pairs = [(_seconds(ask) * 1000, _seconds(imports) * 1000) for _ in range(STARTS)]
    return [round(one, 1) for one, _ in pairs], [round(other, 1) for _, other in pairs]


def _seconds(command: Sequence[str]) -> float:
    """Wall time of a process that succeeds; what it prints is thrown away."""
    start = time.perf_counter()
    with _started(command) as process:
        process.wait()
        seconds = time.perf_counter() - start
    _check(process)
    return round(seconds, 4)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DOCSEARCH_")}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
    )


def _check(process: subprocess.Popen[bytes]) -> None:
    """The command must have answered. 1: files that could not be read, or no hits where few were indexed."""
    if process.returncode not in (0, 1):
        raise BenchError(f"a command ended with status {process.returncode}; why stands above")


def _docsearch(*arguments: str) -> list[str]:
    """The installed command of this environment."""
    script = Path(sys.executable).with_name("docsearch")
    return [str(script), *arguments] if script.exists() else [sys.executable, "-m", "docsearch", *arguments]
