"""One Index for many threads, and for a forked child."""

from __future__ import annotations

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import docsearch
import pytest
from docsearch.index.snapshot import View
from docsearch.index.storage import MemoryStorage
from docsearch.search.facade import Index

QUERIES = ["water", "water AND air", '"the air"', "soil -air", "wat*", "nowhere"]


@pytest.fixture
def index() -> Iterator[Index]:
    with Index(MemoryStorage(), create=True) as made:
        texts = ["Water and the air.", "The air is free.", "Soil and water.", "Waters run through soil."]
        made.add(docsearch.Record(str(number), text) for number, text in enumerate(texts))
        yield made


def found(index: Index, query: str) -> list[tuple[str, float]]:
    return [(hit.citation, hit.score) for hit in index.search(query)]


def test_threads_find_what_one_finds(index: Index) -> None:
    expected = {query: found(index, query) for query in QUERIES}
    with ThreadPoolExecutor(8) as pool:
        asked = QUERIES * 20
        for query, answer in zip(asked, pool.map(lambda query: found(index, query), asked), strict=True):
            assert answer == expected[query]


def test_those_who_want_an_answer_wait_for_theirturn(index: Index) -> None:
    with ThreadPoolExecutor(1) as pool:
        with index.engine.turn.lock:
            waiting = pool.submit(found, index, "water")
            assert not waiting.done()
        assert waiting.result() == found(index, "water")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_does_not_wait_for_a_thread_that_it_lacks(index: Index) -> None:
    held, done = threading.Event(), threading.Event()

    def evaluate() -> None:
        with index.engine.turn.lock:
            held.set()
            done.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(evaluate)
        held.wait()
        try:
            assert _forked(lambda: len(index.search("water")) == 3) == 0
        finally:
            done.set()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_makes_what_a_thread_was_making(index: Index) -> None:
    """Python 3.11 has a lock for each property that is made once; a thread that holds it is no more there."""
    lock = getattr(View.__dict__["live_documents"], "lock", threading.RLock())
    index.delete(["3"])
    held, done = threading.Event(), threading.Event()

    def make() -> None:
        with lock:
            held.set()
            done.wait()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(make)
        held.wait()
        try:
            assert _forked(lambda: len(index.search("water")) == 2) == 0
        finally:
            done.set()


def _forked(check: Callable[[], bool]) -> int:
    """0 when `check` is true in a forked child; it is stopped when it takes half a minute."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of threads and forks
        child = os.fork()
    if not child:
        code = 1
        try:
            signal.alarm(30)
            code = 0 if check() else 1
        finally:
            os._exit(code)  # the child runs no more tests
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
