"""What has changed on disk is told as the next update finds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import docsearch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

OLD = 1_600_000_000_000_000_000
NAMES = ("a.txt", "b.txt", "c.md", "sub/d.txt", "sub/e.bin")
TEXTS = ("Water law.", "Waste law.", "The soil act, amended.", "", "\0\1binary\0")

state = st.dictionaries(st.sampled_from(NAMES), st.tuples(st.sampled_from(TEXTS), st.sampled_from((0, 0, 5))))


def lay(root: Path, files: Mapping[str, tuple[str, int]]) -> None:
    """Make the folder hold these files, each with its text and, in seconds after `OLD`, its time."""
    root.mkdir(exist_ok=True)
    for file in [path for path in root.rglob("*") if path.is_file()]:
        if file.relative_to(root).as_posix() not in files:
            file.unlink()
    for name, (text, later) in files.items():
        file = root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        os.utime(file, ns=(OLD + later * 10**9, OLD + later * 10**9))


def names(keys: Iterable[str]) -> set[str]:
    return {key.removeprefix("laws/") for key in keys}


@given(before=state, after=state)
@settings(max_examples=60)
def test_it_is_what_an_update_does(
    before: dict[str, tuple[str, int]], after: dict[str, tuple[str, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "laws")
        lay(root, before | {"stays.txt": ("It stays.", 0)})
        with docsearch.open(Path(folder, "index"), create=True) as index:
            index.update([root])
            lay(root, after | {"stays.txt": ("It stays.", 0)})
            told = index.changes()
            report = index.update(allow_removals=True)
            assert told.renamed == report.renamed
            assert set(report.added) <= {*told.new, *told.changed}
            assert set(report.changed) <= set(told.changed)
            assert set(report.removed) <= {*told.gone, *told.changed}
            assert all(before[name][0] != after[name][0] for name in names(told.changed))
            assert names(told.new) <= after.keys() - before.keys()
            assert names(told.gone) <= before.keys() - after.keys()
            again = index.changes()
            assert (again.count, again.missing) == (0, ())


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    lay(tmp_path / "laws", {f"{name}.txt": (f"The {name} law is about water.", 0) for name in "abcd"})
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([tmp_path / "laws"])
        index.add([docsearch.Record("r", "A record.")])
    return tmp_path / "laws"


def status(laws: Path, *options: str) -> str:
    command = [sys.executable, "-m", "docsearch", "status", "--index", str(laws.parent / "index"), *options]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_status_lists_them(laws: Path) -> None:
    (laws / "a.txt").write_text("Another act.")
    (laws / "b.txt").unlink()
    (laws / "c.txt").rename(laws / "z.txt")
    (laws / "new.txt").write_text("A new act.")
    expected = [
        "new         laws/new.txt",
        "changed     laws/a.txt",
        "renamed     laws/c.txt -> laws/z.txt",
        "gone        laws/b.txt",
    ]
    lines = status(laws, "--changes").splitlines()
    assert lines[:-1] == expected
    index = laws.parent / "index"
    assert lines[-1] == (
        "files       1 new, 1 changed, 1 renamed, 1 gone, 1 as indexed 1 minute ago: "
        f"docsearch index --index {index} catches up"
    )
    assert json.loads(status(laws, "--changes", "--format", "json"))["changes"] == {
        "new": ["laws/new.txt"],
        "changed": ["laws/a.txt"],
        "renamed": [["laws/c.txt", "laws/z.txt"]],
        "gone": ["laws/b.txt"],
        "unchanged": 1,
        "missing": [],
    }


def test_that_nothing_has_changed_is_said(laws: Path) -> None:
    os.utime(laws / "a.txt")  # its time alone is no change
    assert status(laws, "--changes") == "files       all 4 files are as they were indexed 1 minute ago\n"


def test_of_a_folder_that_is_not_at_hand_nothing_is_said(laws: Path) -> None:
    laws.rename(laws.parent / "elsewhere")
    with docsearch.open(laws.parent / "index") as index:
        told = index.changes()
    assert (told.count, told.unchanged, told.missing) == (0, 0, (str(laws),))
    assert f"not there   {laws}\n" in status(laws, "--changes")
