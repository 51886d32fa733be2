"""What the documentation shows is what happens: every Python example is run, every link leads somewhere."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import docsearch
import pytest
from docsearch.corpus import registry

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ARTICLES = ROOT / "corpus" / "samples"

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = list(_BLOCK.finditer(page.read_text(encoding="utf-8")))
    shutil.copytree(ARTICLES, tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCSEARCH_CACHE", str(tmp_path / "cache"))
    for table in ("_registered", "_handed"):  # examples register readers
        monkeypatch.setattr(registry, table, dict(getattr(registry, table)))
    names: dict[str, object] = {}
    for block in blocks:
        line = page.read_text(encoding="utf-8").count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], str(page), "exec"), names)  # noqa: S102  our own pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [
        target
        for target in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert not missing


def test_the_library_page_has_examples() -> None:
    assert len(_BLOCK.findall((ROOT / "docs" / "library.md").read_text(encoding="utf-8"))) >= 7


def test_the_readme_shows_what_its_first_line_prints(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^```sh first\n(.*)\n```$", readme, re.MULTILINE)
    shown = re.search(r"^```console first\n(.*?)^```$", readme, re.MULTILINE | re.DOTALL)
    assert command is not None
    assert shown is not None
    arguments = shlex.split(command[1].rpartition("/docsearch ")[2])
    monkeypatch.setenv("DOCSEARCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "DOCSEARCH_INDEX"}
    environment |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    printed = subprocess.run(
        [sys.executable, "-m", "docsearch", *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    ).stdout
    assert without_time(printed) == without_time(shown[1])


def without_time(text: str) -> str:
    return re.sub(r"\d+ ms", "N ms", text)


def test_the_public_names_are_those_that_the_package_shows() -> None:
    assert dir(docsearch) == sorted(docsearch.__all__)
    assert all(getattr(docsearch, name) is not None for name in docsearch.__all__)
