"""Following folders: each change is found, and nothing is done without one."""

from __future__ import annotations

import builtins
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docsearch.cli.index import command
from docsearch.errors import DocsearchError, IndexProblem, SourceMissing
from docsearch.index import following
from docsearch.index.following import changes
from docsearch.index.reports import UpdateReport
from docsearch.index.root import Root
from docsearch.search.facade import Index, open_index

pytest.importorskip("watchfiles")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "_LOOK_MS", 100)
    monkeypatch.setattr(following, "_QUIET_MS", 50)


@pytest.fixture
def stop() -> Iterator[threading.Event]:
    """What ends the following, at last by itself, so that a test that fails does end."""
    event = threading.Event()
    timer = threading.Timer(60, event.set)
    timer.start()
    yield event
    timer.cancel()


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    (tmp_path / "laws").mkdir()
    (tmp_path / "laws" / "a.txt").write_text("Water law.")
    return tmp_path / "laws"


@pytest.fixture
def index(laws: Path) -> Iterator[Index]:
    """An index within the folder that it is made from: what it writes there is no change."""
    with open_index(laws / ".docsearch", create=True) as made:
        made.update([laws])
        yield made


def report(step: UpdateReport | DocsearchError) -> UpdateReport:
    assert isinstance(step, UpdateReport)
    return step


def test_each_change_is_found(index: Index, laws: Path, stop: threading.Event) -> None:
    (laws / "b.txt").write_text("Air law.")  # before the first notice could come
    steps = index.follow(stop=stop)
    assert report(next(steps)).added == ("laws/b.txt",)
    (laws / "new").mkdir()
    (laws / "new" / "c.txt").write_text("Soil law.")
    assert report(next(steps)).added == ("laws/new/c.txt",)
    (laws / "a.txt").unlink()
    assert report(next(steps)).removed == ("laws/a.txt",)
    (laws / ".docsearchignore").write_text("new\n")
    assert report(next(steps)).removed == ("laws/new/c.txt",)
    assert index.search("air").totals.documents == 1
    stop.set()
    assert list(steps) == []


def test_what_cannot_be_done_is_told_and_tried_again(index: Index, laws: Path, stop: threading.Event) -> None:
    steps = index.follow(stop=stop)
    (laws / "b.txt").write_text("Air law.")
    assert report(next(steps)).documents == 2
    aside = laws.with_name("aside")
    shutil.copytree(laws, aside)
    for name in ("a.txt", "b.txt"):
        (laws / name).unlink()
    assert report(next(steps)).documents == 0
    for name in ("a.txt", "b.txt"):
        shutil.move(aside / name, laws / name)
    assert report(next(steps)).documents == 2


def test_a_root_that_is_put_back(tmp_path: Path, laws: Path, stop: threading.Event) -> None:
    with open_index(tmp_path / "index", create=True) as index:
        index.update([laws])
        steps = index.follow(stop=stop)
        (laws / "b.txt").write_text("Air law.")
        assert report(next(steps)).documents == 2
        laws.rename(tmp_path / "aside")
        missing = next(steps)
        assert isinstance(missing, SourceMissing)
        (tmp_path / "aside" / "c.txt").write_text("Soil law.")
        (tmp_path / "aside").rename(laws)
        later = next(step for step in steps if isinstance(step, UpdateReport))
        assert later.added == ("laws/c.txt",)


def test_a_root_that_is_a_file(tmp_path: Path, stop: threading.Event) -> None:
    act = tmp_path / "act.txt"
    act.write_text("Water law.")
    with open_index(tmp_path / "index", create=True) as index:
        index.update([act])
        steps = index.follow(stop=stop)
        (tmp_path / "new").write_text("Air law, not water.")
        os.replace(tmp_path / "new", act)  # as editors save
        assert report(next(steps)).changed == ("act.txt",)
        (tmp_path / "new").write_text("Soil law, neither of them.")
        os.replace(tmp_path / "new", act)
        assert report(next(steps)).changed == ("act.txt",)


def test_what_is_hidden_or_of_the_index_is_no_change(laws: Path, stop: threading.Event) -> None:
    notable = following._Notable([Root("laws", str(laws))], laws / "index")
    assert notable(str(laws / "a.txt"))
    assert notable(str(laws / "sub" / ".docsearchignore"))
    assert not notable(str(laws / "index" / "MANIFEST"))
    assert not notable(str(laws / ".git" / "HEAD"))
    assert not notable(str(laws / "sub" / ".a.txt.swp"))


def test_without_the_library(laws: Path, stop: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any) -> Any:
        if name == "watchfiles":
            raise ModuleNotFoundError(name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(IndexProblem, match="needs the library watchfiles") as caught:
        next(changes([Root("laws", str(laws))], None, stop))
    assert "policy-docsearch[watch]" in caught.value.hint
    with pytest.raises(IndexProblem, match="watchfiles"):  # before it reads what may take hours
        command.main(["--index", str(laws / "new"), "--watch", str(laws)], standalone_mode=False)
    assert not (laws / "new").exists()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_ctrl_c_ends_the_command(laws: Path, tmp_path: Path) -> None:
    arguments = ["index", "--index", str(tmp_path / "index"), "--watch", str(laws)]
    script = (
        "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from docsearch.cli import run; sys.argv[0] = 'docsearch'; sys.exit(run())"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            if line.startswith("following"):
                break
        (laws / "b.txt").write_text("Air law.")
        assert "added laws/b.txt; 2 documents" in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert "2 documents are searchable" in process.stdout.read()
        assert process.stderr.read() == ""
        assert process.wait(60) == 0
