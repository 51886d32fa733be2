"""Which index is meant, and whether that is said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docsearch.cli import locate, main
from docsearch.cli.locate import Origin


def _index(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "MANIFEST").write_text("{}")
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "project" / "part"
    folder.mkdir(parents=True)
    return folder


def test_the_order_of_the_places(here: Path) -> None:
    environ = {"DOCSEARCH_INDEX": "/from/variable"}
    own = locate.own_index()
    found = [locate.locate(None, {}, here)]
    _index(own)
    found.append(locate.locate(None, {}, here))
    _index(here.parent / ".docsearch")
    found.append(locate.locate(None, {}, here))
    _index(here / ".docsearch")
    found.append(locate.locate(None, {}, here))
    found.append(locate.locate(None, environ, here))
    found.append(locate.locate("/from/option", environ, here))
    assert [(one.path, one.origin) for one in found] == [
        (None, Origin.SAMPLES),
        (own, Origin.OWN),
        (here.parent / ".docsearch", Origin.ABOVE),
        (here / ".docsearch", Origin.HERE),
        (Path("/from/variable"), Origin.VARIABLE),
        (Path("/from/option"), Origin.OPTION),
    ]


def test_an_empty_variable_names_nothing(here: Path) -> None:
    assert locate.locate(None, {"DOCSEARCH_INDEX": ""}, here).origin is Origin.SAMPLES


def test_a_folder_without_an_index_is_not_ones_own(here: Path) -> None:
    locate.own_index().mkdir(parents=True)
    assert locate.locate(None, {}, here).origin is Origin.SAMPLES


def test_writing_makes_ones_own_where_nothing_else_is_meant(here: Path) -> None:
    written = locate.locate_for_writing(None, {}, here, here=False)
    assert (written.path, written.origin) == (locate.own_index(), Origin.OWN)


def test_here_is_here_whatever_else_there_is(here: Path) -> None:
    _index(here.parent / ".docsearch")
    written = locate.locate_for_writing(None, {"DOCSEARCH_INDEX": "/x"}, here, here=True)
    assert written.path == here / ".docsearch"


@pytest.mark.parametrize(
    ("origin", "says"),
    [
        (Origin.OPTION, ""),
        (Origin.VARIABLE, ""),
        (Origin.HERE, ""),
        (Origin.ABOVE, "index: /x (found above the current folder)"),
        (Origin.OWN, "index: /x (your own)"),
    ],
)
def test_an_index_that_nobody_named_is_announced(origin: Origin, says: str) -> None:
    assert locate.Located(Path("/x"), origin).announcement == says


def test_a_further_command_repeats_the_option_only() -> None:
    assert locate.Located(Path("/my index"), Origin.OPTION).options == " --index '/my index'"
    assert locate.Located(Path("/x"), Origin.OWN).options == ""


def test_the_announcement_is_the_first_line_of_stderr(
    index: Any, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DOCSEARCH_INDEX")
    ran = run("water")
    assert ran.code == 0
    assert ran.err == (
        "no index yet, so the sample articles answer; index your own: docsearch index FOLDER\n"
    )
    _index(tmp_path / ".docsearch")
    assert run("water", "--format", "json").err == (
        f"index: {tmp_path / '.docsearch'} (found above the current folder)\n"
    )


def test_a_named_index_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--index", str(tmp_path / "no"), "water"]) == 2
    err = capsys.readouterr().err
    assert f"{tmp_path / 'no'}: no index stands here" in err
    assert f"`docsearch index --index {tmp_path / 'no'} FOLDER`" in err.splitlines()[1]
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("args", [["water"], ["status"], ["show", "k@1:s0:p1:x00000000"], ["index"]])
def test_the_hint_names_the_index_that_the_variable_names(
    args: list[str], run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCSEARCH_INDEX", str(tmp_path / "my index"))
    ran = run(*args)
    assert ran.code == 2
    assert f"docsearch index --index '{tmp_path / 'my index'}' FOLDER" in ran.err


def test_where_no_index_was_named_the_hint_names_none(run: Any) -> None:
    assert "`docsearch index FOLDER`" in run("index").err
