"""The commands `similar` and `suggest`, and what is offered when nothing is found, as printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docsearch import Index, Record
from docsearch.index.storage import MemoryStorage
from docsearch.search import facade


@pytest.fixture(autouse=True)
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[Index]:
    storage = MemoryStorage()
    with Index(storage, create=True) as made:
        made.add(Record(f"filling-{at}", f"The committee met in session {at}.") for at in range(40))
        made.add(
            [
                Record(
                    "boats", "Fishing boats burn fuel.\n\nFuel is cheap for fishing boats.", title="Boats"
                ),
                Record("fleet", "A fishing fleet burns fuel.", title="Fleet"),
            ]
        )
        monkeypatch.setattr(facade, "open_index", lambda path, create=False: Index(storage))
        monkeypatch.setenv("DOCSEARCH_INDEX", "/srv/laws.index")
        yield made


def test_what_is_like_a_document(run: Any) -> None:
    ran = run("similar", "boats")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("distinctive words: ")
    assert "shares: **" in ran.out
    assert "fleet@1:" in ran.out
    assert "boats@1:" not in ran.out


def test_a_paragraph_is_shown_as_a_search_shows_it(run: Any, index: Index) -> None:
    long = "**Fishing** boats need fuel. " + "Nothing else is told of the harbour and its people. " * 20
    index.add([Record("harbour.md", f"# Harbour\n\n{long}", type="text/markdown")])
    ran = run("similar", "boats", "--where", "path:harbour.md")
    assert "   **Fishing boats** need **fuel**. Nothing else" in ran.out
    shown = ran.out.split("shares: ")[1].split("harbour.md@1")[0]
    assert shown.rstrip().endswith("…")


def test_what_is_like_a_file(run: Any, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("# Draft\n\nCheap fuel for fishing.\n", encoding="utf-8")
    content = json.loads(run("similar", str(tmp_path / "draft.md"), "--paragraphs", "--format", "json").out)
    assert content["source"] is None
    assert {hit["key"] for hit in content["hits"]} == {"boats", "fleet"}
    assert all(hit["shared"] for hit in content["hits"])


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"   \n"])
def test_a_file_without_words_is_told(run: Any, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "draft.txt").write_bytes(content)
    ran = run("similar", str(tmp_path / "draft.txt"))
    assert ran.code == 2
    assert "nothing to compare with" in ran.err
    assert "draft.txt" in ran.err


def test_what_is_not_there_is_told(run: Any) -> None:
    ran = run("similar", "unheard.md")
    assert ran.code == 2
    assert "the index holds no such document" in ran.err


def test_completions(run: Any) -> None:
    ran = run("suggest", "fis")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "3  fishing"
    content = json.loads(run("suggest", "fishing ", "--format", "json").out)
    assert content["suggestions"][0] == {"text": "fishing boats", "paragraphs": 2, "kind": "phrase"}
    assert run("suggest", "zzz").code == 1


def test_what_to_try_when_nothing_is_found(run: Any) -> None:
    ran = run("fishng AND fuel")
    assert ran.code == 1
    assert "Try: docsearch" in ran.err
    assert "'fishing AND fuel'  (2 documents; another spelling)" in ran.err


@pytest.mark.parametrize("whole", [True, False])
def test_a_file_that_is_indexed_is_not_like_itself(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    folder = tmp_path / "texts"
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "fleet.txt").write_text("A fishing fleet burns cheap fuel.", encoding="utf-8")
    (folder / "boats.txt").write_text("Fishing boats burn fuel.", encoding="utf-8")
    storage = MemoryStorage()
    with Index(storage, create=True) as made:
        made.add(Record(f"filling-{at}", f"The committee met in session {at}.") for at in range(40))
        made.update([folder] if whole else [folder / "in" / "fleet.txt", folder / "boats.txt"])
    monkeypatch.setattr(facade, "open_index", lambda path, create=False: Index(storage))
    monkeypatch.chdir(folder / "in")
    content = json.loads(run("similar", "fleet.txt", "--format", "json").out)
    assert [hit["key"].rpartition("/")[2] for hit in content["hits"]] == ["boats.txt"]
