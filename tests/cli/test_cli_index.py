"""The command `index`: what it asks of the library, what it says meanwhile and afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docsearch.cli.progress import Meter, sentence
from docsearch.errors import RemovalsRefused, SourceMissing
from docsearch.index.limits import Limits
from docsearch.index.reports import Progress, PurgeReport

Golden = Callable[[str, str], None]
NOW = Progress("read", 3210, 25653, 11_000_000, 88_000_000, 3000, 4.0)


def test_options_reach_the_library(index: Any, run: Any) -> None:
    run("index", "a", "b", "--rebuild", "--allow-removals", "--wait", "2", "--workers", "3")
    run("index", "--keep-versions")
    run("index", "--no-keep-versions", "--time-limit", "5", "--memory-limit", "64", "--size-limit", "1")
    run("index", "--include", "*.pdf", "--include", "*.md", "--exclude", "", "--language", "de")
    plain = {
        "paths": None,
        "include": None,
        "exclude": None,
        "language": None,
        "rebuild": False,
        "allow_removals": False,
        "keep_versions": None,
        "semantic": None,
        "wait": 10,
        "workers": None,
        "limits": Limits(),
    }
    given = {"paths": ("a", "b"), "rebuild": True, "allow_removals": True, "wait": 2, "workers": 3}
    assert [options for _, options in index.asked] == [
        {**plain, **given},
        {**plain, "keep_versions": True},
        {**plain, "keep_versions": False, "limits": Limits(5, 64 << 20, 1 << 20)},
        {**plain, "include": ["*.pdf", "*.md"], "exclude": [], "language": "de"},
    ]


def test_here_makes_a_new_index_of_this_folder_and_updates_an_old_one(index: Any, run: Any) -> None:
    index.generation = 0
    run("index", "--here")
    index.generation = 1
    run("index", "--here")
    run("index", "--here", "x")
    assert [options["paths"] for _, options in index.asked] == [(".",), None, ("x",)]


def test_the_summary_says_what_was_done(index: Any, run: Any, golden: Golden) -> None:
    ran = run("index")
    assert (ran.code, ran.err) == (0, "")
    golden("index.text", ran.out)


def test_gaps_are_counted_listed_and_remembered(index: Any, run: Any, golden: Golden) -> None:
    gaps = tuple((f"laws/{number}.bin", "not text: it holds NUL bytes") for number in range(7))
    index.report = replace(index.report, gaps=gaps)
    ran = run("index", "--index", "/my index")
    assert ran.code == 1
    golden("index.gaps.text", ran.out)


def test_gaps_that_were_told_before_are_only_counted(index: Any, run: Any) -> None:
    rows = (("laws/a.bin", "not text"), ("laws/b.md", "encoding: 1 NUL byte"))
    index.report = replace(
        index.report, gaps=rows, known_gaps=frozenset(rows), added=(), renamed=(), removed=()
    )
    ran = run("index", "--index", "x")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == (
        "gaps        2, things that were met and not read, none of them new: "
        "docsearch status --gaps --index x"
    )
    index.report = replace(index.report, added=("laws/new.md",))
    assert run("index").code == 1
    index.report = replace(index.report, added=(), gaps=(*rows, ("laws/c.bin", "not text")))
    ran = run("index")
    assert ran.code == 1
    assert ran.out.splitlines()[-2:] == [
        "gaps        3, things that were met and not read, 1 of them new: docsearch status --gaps",
        "  laws/c.bin: not text",
    ]


def test_a_rebuild_lists_all_gaps(index: Any, run: Any) -> None:
    index.report = replace(index.report, gaps=(("laws/a.bin", "not text"),))
    ran = run("index", "--rebuild")
    assert ran.code == 1
    assert ran.out.splitlines()[-2:] == [
        "gaps        1, things that were met and not read",
        "  laws/a.bin: not text",
    ]


def test_a_purge_follows_the_update(index: Any, run: Any) -> None:
    ran = run("index", "--purge", "--wait", "2")
    assert [name for name, _ in index.asked] == ["update", "purge"]
    assert index.asked[-1] == ("purge", {"versions": False, "wait": 2})
    assert ran.out.splitlines()[-1] == "purged      3 deleted documents; 1.2 KB freed"
    index.purged = PurgeReport(0, 0, versions=0, kept=7, bytes=0, seconds=0.1, generation=4)
    assert "purged      nothing" in (out := run("index", "--purge").out)
    assert "7 versions kept: --purge-versions drops them, too" in out
    index.purged = PurgeReport(1, 1, versions=7, kept=0, bytes=9999, seconds=0.1, generation=5)
    assert "1 deleted document and 7 versions; 10.0 KB freed" in run("index", "--purge-versions").out
    assert index.asked[-1] == ("purge", {"versions": True, "wait": 10})
    assert run("index", "--purge", "-q").out == ""


def test_an_index_of_records_is_purged_without_an_update(index: Any, run: Any) -> None:
    index.status_ = replace(index.status_, roots=())
    assert run("index", "--purge").code == 0
    assert [name for name, _ in index.asked] == ["purge"]


def test_many_changes_are_counted_only(index: Any, run: Any) -> None:
    index.report = replace(index.report, added=tuple(f"laws/{number}.md" for number in range(9)))
    out = run("index").out
    assert "9 added, 1 renamed, 1 removed, 12 unchanged" in out
    assert "laws/3.md" not in out


def test_quiet_prints_nothing_and_keeps_the_exit_code(index: Any, run: Any) -> None:
    index.report = replace(index.report, gaps=(("a", "b"),))
    index.steps = [NOW, replace(NOW, seconds=100.0)]
    ran = run("index", "-q")
    assert (ran.code, ran.out, ran.err) == (1, "", "")


def test_what_names_of_files_hold_cannot_act_on_the_terminal(index: Any, run: Any) -> None:
    evil = "a\x1b[2J\u202e.md"
    index.report = replace(index.report, added=(evil,), gaps=((evil, evil),))
    out = run("index").out
    assert not set(out) & set("\x1b\u202e")
    assert out.count("a\\x1b[2J\\u202e.md") == 3


def test_a_refusal_is_an_error_that_changes_nothing(index: Any, run: Any) -> None:
    index.failure = RemovalsRefused("30 of 40 documents would go", hint="Give --allow-removals")
    ran = run("index")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("30 of 40 documents would go\nGive --allow-removals\n")


def test_a_path_that_is_not_there_may_have_been_meant_as_words(index: Any, run: Any) -> None:
    index.failure = SourceMissing("there is no such file or folder", path="funds", hint="Check the path")
    assert run("index", "funds").err.splitlines()[1] == (
        "Check the path. To search for these words: docsearch search -- index funds"
    )


@pytest.mark.parametrize(
    ("paths", "words"),
    [
        (["funds"], True),
        (["funds", "and trusts"], True),
        ([], False),
        (["/srv/laws"], False),
        (["laws/old"], False),
        (["act.md"], False),
        (["~laws"], False),
        (["here"], False),
        (["here", "funds"], False),
    ],
)
def test_what_cannot_be_meant_as_words_is_not_taken_for_them(
    paths: list[str], words: bool, index: Any, run: Any
) -> None:
    Path("here").mkdir()
    index.failure = SourceMissing("the folder holds no files", hint="Put documents there")
    assert ("search for these words" in run("index", *paths).err) is words


@pytest.mark.parametrize(
    ("args", "steps", "says"),
    [
        ([], [], "nothing is lost; the same command goes on from there"),
        ([], [NOW], "3,000 documents are kept and searchable; the same command goes on from there"),
        (["--rebuild"], [NOW], "the index is as it was; a rebuild begins anew"),
    ],
)
def test_ctrl_c_says_what_is_kept(
    args: list[str], steps: list[Progress], says: str, index: Any, run: Any
) -> None:
    index.steps, index.failure = steps, KeyboardInterrupt()
    ran = run("index", *args)
    assert (ran.code, ran.out, ran.err) == (130, "", f"docsearch: stopped; {says}\n")


@pytest.mark.parametrize(
    ("progress", "reading", "says"),
    [
        (Progress("scan", 12, 0, 0, 0, 0, 0.1), 0, "looking for files: 12 files"),
        (NOW, 1.0, "reading: 3,210 of 25,653 files, 12%, 3,000 can be searched"),
        (NOW, 4.0, "reading: 3,210 of 25,653 files, 12%, 2.8 MB/s, 30 s left, 3,000 can be searched"),
        (Progress("read", 0, 0, 0, 0, 0, 0.1), 9.0, "reading: 0 of 0 files, 100%"),
        (Progress("merge", 5, 5, 9, 9, 5, 2.0), 2.0, "writing the index: 5 files read"),
    ],
)
def test_progress_says_how_far_it_is(progress: Progress, reading: float, says: str) -> None:
    assert sentence(progress, reading) == says


def test_on_a_terminal_one_line_is_redrawn_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = io.StringIO()
    meter = Meter(stream, redraw=True)
    meter(NOW)
    meter(replace(NOW, phase="done"))
    meter.clear()
    meter.clear()
    assert stream.getvalue() == "\rreading: 3,210 of 25,653 fil…\x1b[K\r\x1b[K"


def test_elsewhere_a_plain_line_now_and_then() -> None:
    stream = io.StringIO()
    meter = Meter(stream, redraw=False)
    for seconds in range(60):
        meter(replace(NOW, seconds=float(seconds)))
    meter.clear()
    assert stream.getvalue().count("\n") == 3
    assert "\r" not in stream.getvalue()
    assert "\x1b" not in stream.getvalue()


def test_the_report_names_the_index_that_nobody_named(
    index: Any, run: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DOCSEARCH_INDEX")
    assert f"{tmp_path / 'own' / 'index'} (your own)" in run("index", "x").out
