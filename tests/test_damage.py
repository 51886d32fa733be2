"""Damage of any file of an index gives an error of ours or the right answer, never a wrong one."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch import Range, Record
from docsearch.errors import IndexProblem

STEMS = ("mit", "vey", "ject")
WORDS = [f"{a}{b}{c}" for a in ("per", "con", "tra", "sub") for b in STEMS for c in ("s", "or", "ed")]
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("permits conveyor", {}),
    ("permits AND tranmits", {"scope": "paragraph"}),
    ('"permits conveyor"', {}),
    ('"subjects permitted"', {"scope": "paragraph", "ranking": "plain"}),
    ("perm*", {"group": True}),
    ("title:act42 OR heading:part7", {}),
    ("convey NOT permits", {"scope": "section", "limit": 30}),
    ("subject", {"where": Range("published", "2001", "2004"), "sort": "-published"}),
    ("trajects", {"collapse": "place", "facets": ["place", "year"]}),
    ("traveyor éclair", {"snippets": 0}),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments with deletions, whose arrays take several blocks."""
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("whole") / "index"

    def record(number: int) -> Record:
        parts = []
        for part in range(6):
            parts.append(f"# Part{part + number % 5} of {chance.choice(WORDS)}")
            parts += [" ".join(chance.choices(WORDS, k=chance.randint(5, 60))) + " éclair." for _ in range(3)]
        return Record(
            f"acts/act{number:04d}",
            "\n\n".join(parts),
            title=f"Act{number}",
            type="text/markdown",
            place=chance.choice(("Kingston", "Arusha")),
            published=f"{2000 + number % 9}-05-01",
        )

    with docsearch.open(path, create=True) as index:
        index.add(map(record, range(300)))
        index.add(map(record, range(290, 340)))
        index.delete([f"acts/act{number:04d}" for number in range(40, 60)])
    return path


def answers(path: Path) -> list[object]:
    with docsearch.open(path) as index:
        found: list[object] = [index.keys("acts/act00")]
        for query, arguments in QUERIES:
            results = index.search(query, **arguments)
            hits = [(hit.key, round(hit.score, 9), hit.citation, hit.snippets, hit.date) for hit in results]
            found.append((results.totals, hits, results.facets))
        document = index.document("acts/act0007")
        return [*found, document]


def flipped(content: bytes, at: int, chance: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def zeroed(content: bytes, at: int, chance: random.Random) -> bytes:
    size = min(len(content) - at, chance.choice((1, 64, 5000)))
    return content[:at] + bytes(size) + content[at + size :]


def cut(content: bytes, at: int, chance: random.Random) -> bytes:
    return content[:at]


def moved(content: bytes, at: int, chance: random.Random) -> bytes:
    """Some bytes as they stand elsewhere in the file."""
    other = chance.randrange(len(content))
    size = min(200, len(content) - max(at, other))
    return content[:at] + content[other : other + size] + content[at + size :]


def damages(path: Path, count: int) -> Iterator[tuple[Path, bytes]]:
    chance = random.Random(11)
    files = sorted(file for file in path.iterdir() if file.stat().st_size)
    kinds: list[Callable[[bytes, int, random.Random], bytes]] = [
        flipped,
        flipped,
        flipped,
        zeroed,
        cut,
        moved,
    ]
    for number in range(count):
        # Every other time the largest files, which hold nearly all bytes.
        some = files if number % 2 else [file for file in files if file.name.startswith("segment-")]
        file = chance.choice(some)
        content = file.read_bytes()
        yield file, chance.choice(kinds)(content, chance.randrange(len(content)), chance)


def check(whole: Path, folder: Path, count: int) -> None:
    right = answers(whole)
    noticed = 0
    for number, (file, content) in enumerate(damages(whole, count)):
        copy = folder / str(number)
        shutil.copytree(whole, copy)
        (copy / file.name).write_bytes(content)
        try:
            found = answers(copy)
        except IndexProblem:
            noticed += 1
        else:
            assert found == right, f"{file.name}, damage {number}"
        shutil.rmtree(copy)
    assert noticed > count / 3


def test_a_damaged_index_never_answers_wrongly(whole: Path, tmp_path: Path) -> None:
    check(whole, tmp_path, 40)


@pytest.mark.slow
def test_many_damages(whole: Path, tmp_path: Path) -> None:
    check(whole, tmp_path, 2_000)
