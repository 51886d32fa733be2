"""Searching processes answer as an Index does and follow its generations; no death of one is the end."""

from __future__ import annotations

import inspect
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO

import docsearch
import pytest
from docsearch.errors import IndexMissing, IndexProblem, QuerySyntax
from docsearch.index import children
from docsearch.index.manifest import NAME, Manifest
from docsearch.search import pool as module
from docsearch.search.facade import Index
from docsearch.search.options import SearchOptions
from docsearch.search.pool import SearchPool
from docsearch.search.results import Results

TEXTS = {
    "law": "# Water\n\nWhoever uses water pays.\n\nPayment is due in March.",
    "order": "Water again.",
    "other": "Soil.",
}
QUERIES = ["water", "payment AND water", '"in march"', "watr", "the water", "-water"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.add(docsearch.Record(key, text) for key, text in TEXTS.items())
    return tmp_path / "index"


@pytest.fixture
def pool(folder: Path) -> Iterator[SearchPool]:
    with SearchPool(folder, processes=2) as made:
        yield made


def timeless(results: Results) -> Results:
    return replace(results, seconds=0.0)


def test_processes_answer_as_an_index_does(folder: Path, pool: SearchPool) -> None:
    assert pool.processes == 2
    with docsearch.open(folder) as index:
        for options in (
            SearchOptions(),
            SearchOptions(limit=1, offset=1, scope="paragraph"),
            SearchOptions(snippets=0, ranking="plain", group=True),
            SearchOptions(where={"key": ["law", "other"]}, sort="-key", collapse="root"),
        ):
            expected = [timeless(index.search(query, **options)) for query in QUERIES]
            assert [timeless(pool.search(query, **options)) for query in QUERIES] == expected
            assert list(map(timeless, pool.search_all(QUERIES, **options))) == expected


def test_errors_come_back_as_they_are(pool: SearchPool) -> None:
    with pytest.raises(QuerySyntax) as caught:
        pool.search("  ")
    assert (caught.value.position, bool(caught.value.hint)) == (0, True)
    with pytest.raises(TypeError, match="colour"):
        pool.search("water", colour="blue")  # type: ignore[call-arg]
    with pytest.raises(QuerySyntax):
        pool.search_all(["water", ""])
    assert pool.search("water").hits


def test_its_options_are_those_of_an_index() -> None:
    parameters = inspect.signature(Index.search).parameters
    assert set(SearchOptions.__annotations__) == set(parameters) - {"self", "query"}


def test_many_threads_share_the_processes(pool: SearchPool) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda query: pool.search(query).reading.query, QUERIES * 10))
    assert found == QUERIES * 10


def test_a_refresh_shows_the_latest_commit(folder: Path, pool: SearchPool) -> None:
    before = pool.search("soil")
    with docsearch.open(folder) as index:
        index.add([docsearch.Record("new", "Soil and stones.")])
        generation = index.generation
    assert timeless(pool.search("soil")) == timeless(before)
    assert pool.refresh() == generation
    for results in pool.search_all(["soil"] * 4):
        assert (results.reading.generation, results.totals.documents) == (generation, 2)


def test_a_refresh_shows_an_index_that_was_made_again(folder: Path, pool: SearchPool) -> None:
    shutil.rmtree(folder)
    with docsearch.open(folder, create=True) as index:
        index.add([docsearch.Record("new", "Soil and stones.")])
    manifest = Manifest.from_bytes((folder / NAME).read_bytes(), "")
    (folder / NAME).write_bytes(replace(manifest, created="2001-01-01T00:00:00+00:00").to_bytes())
    assert pool.refresh() == 1
    for results in pool.search_all(["soil"] * 4):
        assert [hit.key for hit in results] == ["new"]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_dies_is_told_and_replaced(pool: SearchPool) -> None:
    for worker in tuple(pool._workers):
        assert worker._process is not None
        os.kill(worker._process.pid, signal.SIGKILL)
        worker._process.wait()
    for _ in range(2):
        with pytest.raises(IndexProblem, match="SIGKILL") as caught:
            pool.search("water")
        assert "again" in caught.value.hint
    assert [results.totals.documents for results in pool.search_all(["water"] * 4)] == [2] * 4


def test_a_process_that_is_left_in_the_middle_of_an_answer_is_not_asked_again(
    pool: SearchPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(self: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module._Worker, "_answer", stop)
        with pytest.raises(KeyboardInterrupt):
            pool.search("water")
    assert [results.reading.query for results in pool.search_all(["soil", "air"] * 4)] == ["soil", "air"] * 4


def test_a_closed_pool_says_so_and_leaves_no_process(folder: Path) -> None:
    pool = SearchPool(folder, processes=2)
    processes = [worker._process for worker in pool._workers]
    pool.close()
    pool.close()
    assert [process.returncode for process in processes if process is not None] == [0, 0]
    for _ in range(3):
        with pytest.raises(IndexProblem, match="closed"):
            pool.search("water")


def test_who_waits_for_a_process_is_told_of_the_end(folder: Path) -> None:
    pool = SearchPool(folder, processes=1)
    held = pool._slots.get()  # busy
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(pool.search, "water") for _ in range(3)]
        closing = threading.Thread(target=pool.close)
        closing.start()
        pool._slots.put(held)
        closing.join()
        errors = [future.exception() for future in waiting]
    assert all(error is None or isinstance(error, IndexProblem) for error in errors)
    assert pool._workers == set()


def test_no_pool_is_made_of_what_is_no_index(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(IndexMissing):
        SearchPool(tmp_path / "nothing", processes=1)
    with pytest.raises(IndexProblem, match="0 processes"):
        SearchPool(folder, processes=0)


def test_processes_that_do_not_come_up_are_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = children.start

    def watched(command: Sequence[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
        started.append(start(command, errors))
        return started[-1]

    monkeypatch.setattr(children, "start", watched)
    failing = [sys.executable, "-c", "raise SystemExit('no luck')"]
    monkeypatch.setattr(module, "worker_command", lambda folder: failing)
    with pytest.raises(IndexProblem, match="no luck"):
        SearchPool(folder, processes=2)
    assert all(process.returncode is not None for process in started)
    monkeypatch.setattr(module, "worker_command", lambda folder: ["/nowhere/python"])
    with pytest.raises(IndexProblem, match="cannot be started"):
        SearchPool(folder, processes=1)


def test_the_processes_end_with_this_one(folder: Path) -> None:
    source = (
        "import os, sys\n"
        "from docsearch import SearchPool\n"
        "pool = SearchPool(sys.argv[1], processes=1)\n"
        "(worker,) = pool._workers\n"
        "print(worker._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    done = subprocess.run([sys.executable, "-c", source, str(folder)], capture_output=True, check=True)
    pid = int(done.stdout)
    for _ in range(200):
        if not _runs(pid):
            return
        threading.Event().wait(0.05)
    pytest.fail("the process lives on")


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
