"""What the documentation shows is what happens: every Python example is run, every link leads somewhere."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
ARTICLES = ROOT / "corpus" / "samples"

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = [found for found in _BLOCK.finditer(page.read_text(encoding="utf-8"))]
    shutil.copytree(ARTICLES, tmp_path / "articles")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DOCSEARCH_CACHE", str(tmp_path / "cache"))
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
