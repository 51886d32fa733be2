"""The language of documents that state none, as it is given for a folder."""

from __future__ import annotations

from pathlib import Path

import docsearch
import pytest
from docsearch.errors import IndexProblem

PLAIN = "Gift and Rat are words here."
STATED = "---\nlanguage: fr\n---\nLa loi."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "laws"
    made.mkdir()
    (made / "plain.md").write_text(PLAIN)
    (made / "stated.md").write_text(STATED)
    return made


def languages(index: docsearch.Index) -> dict[str, tuple[str, bool]]:
    documents = [index.document(key) for key in index.keys("")]
    return {
        each.key.rpartition("/")[2]: (each.meta.language, each.meta.language_guessed)
        for each in documents
        if each is not None
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_it_is_kept_with_the_folder(folder: Path, tmp_path: Path, workers: int) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder], workers=workers)
        guessed = languages(index)
        assert guessed["stated.md"] == ("fr", False)
        report = index.update([folder], language="German", workers=workers)
        assert report.bytes == len(PLAIN) + len(STATED)  # all of the folder is read again
        assert languages(index) == {"plain.md": ("de", False), "stated.md": ("fr", False)}
        assert index.status().roots[0].language == "de"
        assert index.search("Gifte lang:de").totals.documents == 1
        (folder / "new.md").write_text("Another one is here.")
        report = index.update(workers=workers)
        assert (report.added, report.changed) == (("laws/new.md",), ())
        assert languages(index)["new.md"] == ("de", False)
        index.update([folder], language="", workers=workers)
        assert languages(index)["plain.md"] == guessed["plain.md"]


def test_a_rebuild_remembers_it(folder: Path, tmp_path: Path) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder], language="es")
        index.update(rebuild=True)
        assert languages(index)["plain.md"] == ("es", False)
        assert docsearch.open(tmp_path / "index").status().roots[0].language == "es"


def test_it_must_be_one(folder: Path, tmp_path: Path) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        with pytest.raises(IndexProblem, match="'klingonian' is no language"):
            index.update([folder], language="klingonian")
        assert index.generation == 0
