"""What is left out on purpose: as git would, and counted."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from docsearch.corpus.ignore import NAME, Rules
from docsearch.corpus.walk import Found, Unread, walk
from docsearch.errors import CorpusError, IndexProblem
from docsearch.index.manifest import Manifest
from docsearch.index.storage import FolderStorage, MemoryStorage
from docsearch.index.update import update
from hypothesis import given, settings
from hypothesis import strategies as st


def write(root: Path, **files: str) -> Path:
    for name, content in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    names = ("a.txt", "a.log", "drafts__b.txt", "drafts__old__c.txt", "acts__d.txt", "acts__e.log")
    root = tmp_path / "laws"
    for name in names:
        write(root, **{name: f"{name} law."})
    return root


def found(root: Path, rules: Rules | None = None) -> set[str]:
    return {met.path for met in walk(str(root), None, rules) if isinstance(met, Found)}


def told(root: Path, rules: Rules | None = None) -> dict[str, str]:
    return {met.path: met.reason for met in walk(str(root), None, rules) if isinstance(met, Unread)}


def test_a_file_speaks_about_its_folder_and_all_beneath(laws: Path) -> None:
    (laws / NAME).write_text("# comment\n*.log\ndrafts/\n")
    assert found(laws) == {"a.txt", "acts/d.txt"}
    assert told(laws) == {
        "": "files here are left out: 1 by `*.log` (.docsearchignore)",
        "acts": "files here are left out: 1 by `*.log` (.docsearchignore)",
        "drafts": "the folder is left out by `drafts/` (.docsearchignore)",
    }


def test_the_deepest_decides(laws: Path) -> None:
    (laws / NAME).write_text("*.log\n")
    (laws / "acts" / NAME).write_text("!e.log\n/d.txt\n")
    assert found(laws) == {"a.txt", "acts/e.log", "drafts/b.txt", "drafts/old/c.txt"}
    assert told(laws)["acts"] == "files here are left out: 1 by `/d.txt` (acts/.docsearchignore)"


def test_patterns_of_the_root(laws: Path) -> None:
    rules = Rules.given(["*.txt"], ["drafts/old/"])
    assert found(laws, rules) == {"a.txt", "acts/d.txt", "drafts/b.txt"}
    (laws / NAME).write_text("!drafts/old/\n")
    assert "drafts/old/c.txt" not in found(laws, rules)
    assert found(laws, Rules.given(["acts/"])) == {"acts/d.txt", "acts/e.log"}


def test_a_file_that_is_no_list_of_patterns_leaves_nothing_out(laws: Path) -> None:
    (laws / NAME).write_text("*.log\n!\n")
    assert found(laws) == {"a.txt", "a.log", "drafts/b.txt", "drafts/old/c.txt", "acts/d.txt", "acts/e.log"}
    assert "nothing was left out by it" in told(laws)[NAME]
    assert "(line 2) is no pattern" in told(laws)[NAME]
    (laws / NAME).unlink()
    (laws / NAME).mkdir()
    assert "nothing was left out by it" in told(laws)[NAME]


def test_bad_patterns_are_refused_before_anything_is_done(laws: Path) -> None:
    with pytest.raises(CorpusError, match="is no pattern"):
        Rules.given(["!"])
    with pytest.raises(IndexProblem, match="is no pattern"):
        update(MemoryStorage(), [laws], exclude=["*.log", "!"])


def test_an_index_keeps_its_patterns(laws: Path, tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "index")
    report = update(storage, [laws], exclude=["*.log", "drafts/"])
    assert report.added == ("laws/a.txt", "laws/acts/d.txt")
    assert len(report.gaps) == 3
    (laws / "g.log").write_text("Log.")
    assert update(storage).added == ()
    assert update(storage, rebuild=True).documents == 2
    assert Manifest.load(storage).roots[0].exclude == ("*.log", "drafts/")
    report = update(storage, [laws], exclude=[], include=["*.txt"])
    assert report.added == ("laws/drafts/b.txt", "laws/drafts/old/c.txt")
    report = update(storage, [laws], include=[])
    assert (report.documents, report.gaps) == (7, ())


def test_what_is_left_out_from_now_on_goes(laws: Path, tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path / "index")
    update(storage, [laws])
    (laws / NAME).write_text("drafts\n")
    assert update(storage).removed == ("laws/drafts/b.txt", "laws/drafts/old/c.txt")


LINES = st.sampled_from(
    ["*.txt", "a", "a/", "/a", "b/*", "!a.txt", "!b/", "**/b", "a/**", "b/a.txt", "# a", ""]
)


def test_a_folder_that_is_kept_is_not_kept_with_all_that_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "b" / "a").mkdir(parents=True)
    for name in ("b/a/x.txt", "b/y.txt"):
        (tmp_path / name).write_text("Law.")
    (tmp_path / NAME).write_text("a\n!b/\n")
    assert found(tmp_path) == {"b/y.txt"}


@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
@settings(max_examples=25)
@given(st.lists(LINES, max_size=5), st.lists(LINES, max_size=3))
def test_as_git_would(tmp_path_factory: pytest.TempPathFactory, top: list[str], inner: list[str]) -> None:
    root = tmp_path_factory.mktemp("laws")
    for folder in ("", "a", "b", "b/a", "a/b"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("a.txt", "c"):
            (root / folder / name).write_text("Law.")
    for folder, lines in (("", top), ("b", inner)):
        for name in (NAME, ".gitignore"):
            (root / folder / name).write_text("".join(f"{line}\n" for line in lines))
    environ = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    subprocess.run(["git", "init", "-q", str(root)], check=True, env=environ)
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "--others", "--exclude-standard"],
        check=True,
        capture_output=True,
        text=True,
        env=environ,
    ).stdout.splitlines()
    assert found(root) == {name for name in listed if not Path(name).name.startswith(".")}
