"""Where the file of a document lies, also in folders whose names look like an archive's."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

from docsearch.cli.source import locate
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
