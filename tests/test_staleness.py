"""Hits know whether their file is still what was indexed."""

from __future__ import annotations

import os
import time
from pathlib import Path

import docsearch
import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "acts").mkdir()
    for name in "abcd":
        (tmp_path / "acts" / f"{name}.txt").write_text(f"The act {name} is about water.")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([tmp_path / "acts"])
        index.add([docsearch.Record("r", "A record about water.")])
    return tmp_path


def stale(folder: Path) -> dict[str, str]:
    with docsearch.open(folder / "index") as index:
        return {hit.key: hit.stale for hit in index.search("water")}


def test_what_has_changed_or_gone_says_so(folder: Path) -> None:
    assert set(stale(folder).values()) == {""}
    acts = folder / "acts"
    (acts / "a.txt").write_text("The act a is about fire, and no more.")
    (acts / "b.txt").unlink()
    later = time.time() + 60
    os.utime(acts / "c.txt", (later, later))
    assert stale(folder) == {
        "acts/a.txt": "changed",
        "acts/b.txt": "gone",
        "acts/c.txt": "changed",
        "acts/d.txt": "",
        "r": "",
    }


def test_an_update_settles_it(folder: Path) -> None:
    acts = folder / "acts"
    (acts / "a.txt").write_text("The act a is about water, and no more.")
    past = time.time() - 60
    os.utime(acts / "c.txt", (past, past))
    with docsearch.open(folder / "index") as index:
        index.update()
    assert set(stale(folder).values()) == {""}


def test_nothing_is_said_of_a_folder_that_is_not_at_hand(folder: Path) -> None:
    (folder / "acts").rename(folder / "elsewhere")
    assert set(stale(folder).values()) == {""}
