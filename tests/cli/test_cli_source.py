"""Where the file of a document lies, also in folders whose names look like an archive's."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path
from zipfile import ZipFile

import pytest
from docsearch.cli.source import key_of, locate
from docsearch.search.facade import open_index


def test_a_folder_that_ends_in_an_exclamation_mark_is_no_archive(tmp_path: Path) -> None:
    folder = tmp_path / "Read me!"
    (folder / "new!").mkdir(parents=True)
    (folder / "new!" / "act.txt").write_text("A permit for water.\n")
    with ZipFile(folder / "new!" / "acts.zip", "w") as archive:
        archive.writestr("old!/act.txt", "A permit for fish.\n")
    with open_index(tmp_path / "index", create=True) as index:
        index.update([folder])
        status = index.status()
        keys = index.keys()
    found = [locate(key, status.roots, status.updated) for key in keys]
    assert [(Path(each.path).name, each.member) for each in found] == [
        ("act.txt", ""),
        ("acts.zip", "old!/act.txt"),
    ]


def test_names_that_differ_in_their_accents_alone(tmp_path: Path) -> None:
    """As a folder holds them that two systems have written to: each key leads to its own file, and back."""
    folder = tmp_path / "acts"
    folder.mkdir()
    for form in ("NFC", "NFD"):
        (folder / unicodedata.normalize(form, "décret.txt")).write_text(f"The permit {form}.\n")
    if len(os.listdir(folder)) < 2:
        pytest.skip("this file system takes them for one")
    with open_index(tmp_path / "index", create=True) as index:
        index.update([folder])
        status = index.status()
        texts = {key: found.text for key in index.keys("") if (found := index.document(key))}
    assert len(texts) == 2
    for key, text in texts.items():
        path = locate(key, status.roots, status.updated).path
        assert Path(path).read_text() == text
        assert key_of(path, status.roots) == key
