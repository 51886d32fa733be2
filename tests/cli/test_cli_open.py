"""`docsearch open`: the right file at the right page, by programs that are told apart by their names."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from docsearch.search.facade import open_index
from made.pdf import LAYOUTS, long_plan, made

TEXT = "Whoever discharges waste water needs a permit of the authority.\n"
PROGRAM = """#!{python}
import json, sys
open({log!r}, "a").write(json.dumps(sys.argv[1:]) + "\\n")
sys.exit({status})
"""


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    """A folder with a PDF, a text with an odd name, and an archive; its index beside it."""
    folder = tmp_path / "laws"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "waters of 1.pdf").write_bytes(made(long_plan(), LAYOUTS[4]).content)
    (folder / "-o caf\udce9.txt").write_text(TEXT)
    with ZipFile(folder / "acts.zip", "w") as archive:
        archive.writestr("2020/act.txt", TEXT.replace("authority", "council"))
    with open_index(tmp_path / "laws.index", create=True) as index:
        index.update([folder])
    return folder


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")
    return folder


def install(folder: Path, name: str, status: int = 0) -> Path:
    """A program that notes what it is called with; where it does."""
    log = folder / f"{name}.log"
    path = folder / name
    path.write_text(PROGRAM.format(python=sys.executable, log=str(log), status=status))
    path.chmod(0o755)
    return log


def calls(log: Path) -> list[list[str]]:
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def cite(laws: Path, query: str) -> str:
    with open_index(laws.parent / "laws.index") as index:
        return index.search(query, limit=1)[0].citation


def test_a_pdf_is_opened_at_its_page(laws: Path, programs: Path, run: Any) -> None:
    log = install(programs, "okular")
    citation = cite(laws, '"case 90"')
    page = citation.partition(":g")[2].partition(":")[0]
    assert int(page) > 2
    ran = run("open", citation, "--index", str(laws.parent / "laws.index"))
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert calls(log) == [["--page", page, str(laws / "sub" / "waters of 1.pdf")]]


def test_it_says_what_it_would_open(laws: Path, programs: Path, run: Any) -> None:
    log = install(programs, "evince")
    citation = cite(laws, '"case 90"')
    page = citation.partition(":g")[2].partition(":")[0]
    path = laws / "sub" / "waters of 1.pdf"
    ran = run("open", "--print", citation, "--index", str(laws.parent / "laws.index"))
    assert ran.code == 0
    assert ran.out == f"{path}\npage {page}\nwith: evince --page-index={page} '{path}'\n"
    assert calls(log) == []


def test_without_a_known_viewer_the_page_is_told(laws: Path, programs: Path, run: Any) -> None:
    log = install(programs, "xdg-open")
    citation = cite(laws, '"case 90"')
    ran = run("open", citation, "--index", str(laws.parent / "laws.index"))
    assert calls(log) == [[str(laws / "sub" / "waters of 1.pdf")]]
    assert ran.code == 0
    assert ran.err.startswith("opened; turn to page ")


def test_the_viewer_of_the_desktop_goes_before_others(laws: Path, programs: Path, run: Any) -> None:
    install(programs, "evince")
    log = install(programs, "firefox")
    asked = programs / "xdg-mime"
    asked.write_text("#!/bin/sh\necho firefox-esr.desktop\n")
    asked.chmod(0o755)
    run("open", cite(laws, '"case 90"'), "--index", str(laws.parent / "laws.index"))
    ((url,),) = calls(log)
    assert url.startswith(f"file://{laws}/sub/waters%20of%201.pdf#page=")


def test_a_name_cannot_be_taken_for_an_option(laws: Path, programs: Path, run: Any) -> None:
    log = install(programs, "xdg-open")
    ran = run("open", cite(laws, "discharges authority"), "--index", str(laws.parent / "laws.index"))
    assert (ran.code, ran.err) == (0, "")
    ((path,),) = calls(log)
    assert os.fsencode(path) == os.fsencode(laws) + b"/-o caf\xe9.txt"


def test_of_an_archive_the_whole_is_opened(laws: Path, programs: Path, run: Any) -> None:
    log = install(programs, "xdg-open")
    ran = run("open", cite(laws, "discharges council"), "--index", str(laws.parent / "laws.index"))
    assert calls(log) == [[str(laws / "acts.zip")]]
    assert ran.err == "note: the document is a part of this file: 2020/act.txt\n"


def test_files_that_have_gone_or_changed_are_told(laws: Path, programs: Path, run: Any) -> None:
    install(programs, "xdg-open")
    index = str(laws.parent / "laws.index")
    citation = cite(laws, "discharges council")
    archive = laws / "acts.zip"
    os.utime(archive, (archive.stat().st_atime, archive.stat().st_mtime + 3600))
    assert "the file has changed since" in run("open", "--print", citation, "--index", index).err
    archive.unlink()
    gone = run("open", citation, "--index", index)
    assert gone.code == 2
    assert "the file has gone since it was read" in gone.err
    laws.rename(laws.parent / "elsewhere")
    assert f"{laws} is not there" in run("open", citation, "--index", index).err


def test_a_program_that_fails_and_one_that_is_not_there(laws: Path, programs: Path, run: Any) -> None:
    index = str(laws.parent / "laws.index")
    citation = cite(laws, "discharges council")
    missing = run("open", citation, "--index", index)
    assert missing.code == 2
    assert "no program is known here" in missing.err
    install(programs, "xdg-open", status=4)
    failed = run("open", citation, "--index", index)
    assert failed.code == 2
    assert "xdg-open ended with status 4" in failed.err


def test_a_record_has_no_file(laws: Path, run: Any) -> None:
    from docsearch.corpus.record import Record

    with open_index(laws.parent / "laws.index") as index:
        index.add([Record("memo-7", "A memorandum about otters in the canal.")])
    ran = run("open", cite(laws, "otters"), "--index", str(laws.parent / "laws.index"))
    assert ran.code == 2
    assert "did not come from a file" in ran.err


def test_words_are_no_citation(run: Any) -> None:
    ran = run("open", "data")
    assert ran.code == 2
    assert "docsearch search -- open data" in ran.err
