"""What the readers and the writer of a crowd do, each in a process of its own, and the answers they compare.

`python crowd.py read INDEX STOP` prints `begun`, asks until the file STOP is there, and prints what it saw
as JSON.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docsearch

QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("water", {}),
    ("permit fee", {"limit": 3}),
    ("water AND permit", {"scope": "paragraph"}),
    ('"a permit of the district"', {"group": True}),
    ("wat* -fee", {}),
    ("distrct", {}),
    ("amended", {"sort": "key", "limit": 50}),
)
WORDS = ("water", "permit", "fee", "district", "river", "soil", "forest", "amended", "owner", "year")


Answers = dict[tuple[int, int], str]
"""By generation and number of the question, a digest of the answer: hits, scores, words and totals."""


def answers(index: docsearch.Index) -> Answers:
    found = {}
    for number, (query, options) in enumerate(QUERIES):
        results = index.search(query, **options)
        hits = [(hit.citation, hit.score.hex(), hit.text, hit.snippets) for hit in results]
        digest = hashlib.sha256(repr((results.totals, hits)).encode()).hexdigest()
        found[results.reading.generation, number] = digest
    return found


def text(number: int, version: int) -> str:
    chosen = random.Random(f"{number} {version}")
    words = " ".join(chosen.choices(WORDS, k=chosen.randrange(5, 40)))
    return f"# Act {number}\n\nA permit of the district, version {version}.\n\n{words}.\n\n{words[::-1]}.\n"


def changes(index: docsearch.Index, sources: Path, steps: Iterator[int]) -> Iterator[None]:
    """Commits of every kind, one at each step. No change waits for anybody: not for readers either."""
    chosen = random.Random(1)
    for step in steps:
        for _ in range(3):
            number = chosen.randrange(30)
            (sources / f"act-{number}.md").write_text(text(number, step), encoding="utf-8")
        if step % 11 == 10:
            index.update(rebuild=True, wait=0, workers=1)
        elif step % 7 == 6:
            index.purge(wait=0)
        elif step % 5 == 4:
            index.delete([f"r/{number}" for number in range(step % 3, 20, 3)], wait=0)
        elif step % 3 == 2:
            index.add([docsearch.Record(f"r/{n}", text(n, step)) for n in range(step % 5, 20, 5)], wait=0)
        else:
            index.update([sources], allow_removals=True, wait=0, workers=1)
        yield


def held() -> tuple[int, int, int]:
    """Open files, mapped files and resident bytes of this process (Linux; elsewhere zeros)."""
    if not os.path.isdir("/proc/self/fd"):
        return 0, 0, 0
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    mapped = sum("/segment-" in line for line in Path("/proc/self/maps").read_text().splitlines())
    return len(os.listdir("/proc/self/fd")), mapped, pages * os.sysconf("SC_PAGE_SIZE")


def read(path: str, stop: str) -> dict[str, Any]:
    """Ask again and again, of the newest generation and at times of one that is old by then."""
    seen: set[tuple[int, int, str]] = set()
    asked, early = 0, (0, 0, 0)
    index = docsearch.open(path)
    print("begun", flush=True)
    while True:
        last = os.path.exists(stop)
        for _ in range(random.choice((1, 1, 2, 5))):
            seen.update((*at, digest) for at, digest in answers(index).items())
            asked += len(QUERIES)
        fresh = index.refresh() if random.random() < 0.7 else docsearch.open(path)
        if fresh is not index:
            index.close()
            index = fresh
        early = early if any(early) or asked < 20 * len(QUERIES) else held()
        if last:
            return {"seen": sorted(seen), "asked": asked, "early": early, "late": held()}


if __name__ == "__main__":
    _, _, *arguments = sys.argv
    print(json.dumps(read(*arguments)))
