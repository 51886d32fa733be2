"""Which command is meant, what it is asked, and how a run ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docsearch.cli import main


def _query(index: Any) -> str:
    assert len(index.asked) == 1
    query: str = index.asked[0][0]
    return query


@pytest.mark.parametrize(
    ("args", "query"),
    [
        (["precursor", "chemicals"], "precursor chemicals"),
        (["search", "precursor", "chemicals"], "precursor chemicals"),
        (['"precursor chemicals"'], '"precursor chemicals"'),
        (["fentanyl -naloxone"], "fentanyl -naloxone"),
        (["fentanyl", "--", "-naloxone"], "fentanyl -naloxone"),
        (["--", "-naloxone", "fentanyl"], "-naloxone fentanyl"),
        (["search", "--", "status"], "status"),
        (["search", "status"], "status"),
        (["--", "status"], "status"),
        (["water", "status"], "water status"),
        (["--limit", "3", "precursor", "chemicals"], "precursor chemicals"),
        (["precursor", "--limit", "3", "chemicals"], "precursor chemicals"),
        (["-n", "3", "water"], "water"),
        (["-n3", "--group", "water"], "water"),
        (["--limit=3", "water"], "water"),
        (["--index", "status", "water"], "water"),
        (["*"], "*"),
        (["-"], "-"),
        ([""], ""),
    ],
)
def test_whatever_is_not_a_command_is_a_query(args: list[str], query: str, index: Any, run: Any) -> None:
    assert run(*args).code == 0
    assert _query(index) == query


@pytest.mark.parametrize("args", [["status"], ["--index", "x", "status"], ["--format", "text", "status"]])
def test_a_first_word_that_names_a_command_is_the_command(args: list[str], index: Any, run: Any) -> None:
    ran = run(*args)
    assert ran.code == 0
    assert ran.out.startswith("index ")
    assert index.asked == []


def test_options_reach_the_library(index: Any, run: Any) -> None:
    run("water", "-n", "3", "--offset", "5", "--scope", "section", "--group", "--ranking", "plain")
    chosen = {"limit": 3, "offset": 5, "scope": "section", "ranking": "plain", "group": True}
    chosen |= {"facets": (), "explain": False, "duplicates": "fold"}
    chosen |= {
        "where": None,
        "sort": "",
        "collapse": "",
        "after": "",
        "synonyms": None,
        "strict": False,
        "timeout": None,
    }
    chosen |= {"acronyms": True, "semantic": False}
    assert index.asked == [("water", chosen)]


def test_alone_it_prints_its_help_and_finds_nothing(run: Any) -> None:
    ran = run()
    assert ran.code == 2
    assert "Usage: docsearch QUERY... | COMMAND ..." in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    "command", [[], ["search"], ["index"], ["status"], ["show"], ["open"], ["completion"]]
)
def test_help_is_data_and_has_examples(command: list[str], run: Any) -> None:
    ran = run(*command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert "Examples:" in ran.out or "Example:" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 100
    assert run(*command, "-h").out == ran.out


def test_the_version_is_printed(run: Any) -> None:
    ran = run("--version")
    assert ran.code == 0
    assert ran.out.startswith("docsearch ")


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["water", "--limt", "3"], "No such option"),
        (["water", "--limit", "none"], "'none' is not a whole number"),
        (["water", "--limit", "0"], "0 is less than 1"),
        (["fentanyl", "-naloxone"], "-- -naloxone"),
        (["search"], "Missing argument"),
        (["status", "quo"], "docsearch search -- status quo"),
        (["completion", "of works"], "docsearch search -- completion 'of works'"),
        (["show"], "Missing argument"),
        (["open"], "Missing argument"),
        (["open", "access", "policy"], "docsearch search -- open access policy"),
        (["index", "--here", "--index", "x"], "two different indexes"),
        (["--verson"], "No such option"),
    ],
)
def test_a_wrong_call_is_told_what_is_wrong_and_what_to_do(args: list[str], says: str, run: Any) -> None:
    ran = run(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("docsearch: error: ")
    assert says in ran.err
    assert "See: docsearch" in ran.err.splitlines()[1]


@pytest.mark.parametrize(
    "args",
    [
        ["water", "--limt", "3"],
        ["water", "--limit", "none"],
        ["water", "-n", "x"],
        ["status", "--formt", "text"],
        ["status", "--format", "xml"],
        ["index", "--here", "--index", "x"],
        ["show"],
    ],
)
def test_a_wrong_option_is_not_taken_for_words(args: list[str], run: Any) -> None:
    assert " -- " not in run(*args).err


@pytest.mark.parametrize("command", ["search", "index", "status", "show", "open", "completion"])
def test_help_names_a_command_or_none(command: str, run: Any) -> None:
    assert run("help", command) == run(command, "--help")
    assert run("help") == run("--help")


def test_help_with_other_words_is_a_query(index: Any, run: Any) -> None:
    run("help", "migrants")
    run("help", "index", "migrants")
    assert [query for query, _ in index.asked] == ["help migrants", "help index migrants"]


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["version"], "docsearch --version"),
        (["stauts"], "docsearch status"),
        (["indx"], "docsearch index"),
        (["shw"], "docsearch show"),
        (["water"], ""),
        (["stauts", "report"], ""),
        (["stauts", "--limit", "3"], "docsearch status"),
        (["indx", "~/laws"], "docsearch index"),
        (["shw", "a.md@1:s1:p1:x01234567"], "docsearch show"),
        (["--", "status"], ""),
        (["--index", "/laws", "stauts"], ""),
    ],
)
def test_a_word_without_hits_may_have_been_a_command(
    args: list[str], says: str, index: Any, nothing: Any, run: Any
) -> None:
    index.results = nothing
    ran = run(*args)
    assert ran.code == 1
    *_, last = ran.err.splitlines()
    assert last == f"If you meant the command: {says}" if says else "the command" not in ran.err


def test_a_word_with_hits_was_meant(index: Any, run: Any) -> None:
    assert run("version").err == ""


def _installation(command: str) -> dict[str, list[str]]:
    """The lines of the help of `completion` by what stands above them."""
    lines: dict[str, list[str]] = {}
    title = ""
    for line in command.splitlines():
        if line.startswith("    "):
            lines[title].append(line.strip())
        elif line.startswith("  ") and line.endswith(":"):
            title = line.strip()
            lines[title] = []
    return lines


def test_the_lines_that_install_completion_work_on_a_fresh_machine(run: Any, tmp_path: Path) -> None:
    installation = {
        title: lines for title, lines in _installation(run("completion", "--help").out).items() if lines
    }
    assert [title.split()[0].strip(":") for title in installation] == ["bash", "bash", "zsh", "fish"]
    for number, lines in enumerate(installation.values()):
        home = tmp_path / str(number)
        home.mkdir()
        script = "\n".join(["set -e", 'docsearch() { "$PYTHON" -m docsearch "$@"; }', *lines])
        environ = {**os.environ, "HOME": str(home), "PYTHON": sys.executable}
        subprocess.run(["sh", "-c", script], check=True, env=environ)
        written = [path.read_text(encoding="utf-8") for path in home.rglob("*") if path.is_file()]
        assert any("_DOCSEARCH_COMPLETE" in text for text in written)
        rc = [path for path in home.iterdir() if path.name == ".bashrc"]
        if rc and shutil.which("bash"):
            told = subprocess.run(
                ["bash", "-c", ". ~/.bashrc; complete -p docsearch"],
                check=True,
                env=environ,
                capture_output=True,
                text=True,
            ).stdout
            assert "docsearch" in told


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str, run: Any) -> None:
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_DOCSEARCH_COMPLETE" in ran.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["docsearch", "sta"], "status"),
        (["docsearch", "water", "--sco"], "--scope"),
        (["docsearch", "search", "--scope", "par"], "paragraph"),
        (["docsearch", "--for"], "--format"),
    ],
)
def test_a_shell_is_told_how_a_word_may_go_on(
    words: list[str], expected: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("_DOCSEARCH_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert main([]) == 0
    assert f"plain,{expected}" in capsys.readouterr().out.splitlines()
