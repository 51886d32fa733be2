"""The process of one engine: `python -m bench.serve NAME`, asked in lines of JSON.

Every engine runs in a process of its own, in the environment where it is installed; this module imports
nothing but the standard library beside the engine.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from .engines import Engine, load, peer
from .flatten import read_flat
from .machine import versions
from .memory import own_peak
from .places import folder_size

__all__ = ["main"]


class _Server:
    def __init__(self, name: str) -> None:
        self._peer = peer(name)
        self._engine: Engine = load(name)

    def versions(self) -> dict[str, Any]:
        return {"versions": versions(self._peer.packages)}

    def build(self, flat: str, folder: str) -> dict[str, Any]:
        """Index a flattened file; reading it is part of the time, for every engine alike. What an engine
        loads when it first indexes something is not: it indexes a single block before."""
        with tempfile.TemporaryDirectory() as first:
            load(self._peer.name).build([("first#0", "A block of a few words.")], Path(first))
        start = time.perf_counter()
        self._engine.build(read_flat(Path(flat), self._peer.limit), Path(folder))
        if not self._peer.durable:
            _flush(Path(folder))
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "peak": own_peak(), "size": folder_size(Path(folder))}

    def open(self, folder: str) -> dict[str, Any]:
        self._engine.open(Path(folder))
        return {}

    def find(self, queries: list[str], k: int) -> dict[str, Any]:
        """The ids of the best k for each query in the engine's own syntax."""
        return {"ids": [self._engine.ask(query, k)[0] for query in queries]}

    def ask(self, mode: Any, words: list[list[str]], k: int) -> dict[str, Any]:
        """One round: nanoseconds and totals, query by query."""
        queries = [self._engine.query(mode, each) for each in words]
        gc.collect()
        clock = time.perf_counter_ns
        times, totals = [], []
        for query in queries:
            start = clock()
            ids, total = self._engine.ask(query, k)
            times.append(clock() - start)
            totals.append(total)
            if len(ids) != k and len(ids) < total:
                raise RuntimeError(f"{len(ids)} ids of {total} for {query!r}")
        return {"ns": times, "totals": totals}

    def keep(self, thousandths: int | None) -> dict[str, Any]:
        """Ask only of so many thousandths of the blocks from now on (an engine that can be so narrowed)."""
        self._engine.keep(thousandths)  # type: ignore[attr-defined]
        return {}

    def threads(self, mode: Any, words: list[list[str]], k: int, count: int) -> dict[str, Any]:
        """Seconds to answer all queries with one thread, and with several."""
        queries = [self._engine.query(mode, each) for each in words]
        return {
            "one": _timed(self._engine, queries, k, 1),
            "many": _timed(self._engine, queries, k, count),
        }

    def pool(self, mode: Any, words: list[list[str]], k: int, count: int, folder: str) -> dict[str, Any]:
        """Seconds to answer all queries by one process, and by a pool of several."""
        engine: Any = self._engine
        queries = [self._engine.query(mode, each) for each in words]
        engine.open_pool(Path(folder), count)
        engine.ask_pool(queries, k)
        start = time.perf_counter()
        engine.ask_pool(queries, k)
        many = time.perf_counter() - start
        engine.close_pool()
        return {"one": _timed(self._engine, queries, k, 1), "many": many}


def _timed(engine: Engine, queries: Sequence[str], k: int, count: int) -> float:
    """Seconds in which threads that share the queries have answered them all."""
    rest = iter(queries)
    lock = threading.Lock()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while True:
                with lock:
                    query = next(rest, None)
                if query is None:
                    return
                engine.ask(query, k)
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(count)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    if failures:
        raise failures[0]
    return seconds


def _flush(folder: Path) -> None:
    """Flush files to the device, for engines that leave it to chance."""
    for path in folder.rglob("*"):
        if path.is_file():
            handle = os.open(path, os.O_RDWR)
            os.fsync(handle)
            os.close(handle)


def main(name: str) -> None:
    # What a library prints must not come between the answers.
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    server = _Server(name)
    for line in sys.stdin:
        request = json.loads(line)
        handler: Callable[..., dict[str, Any]] = getattr(server, request.pop("do"))
        print(json.dumps(handler(**request)), file=channel, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
