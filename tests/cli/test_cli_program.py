"""The program as a user runs it: a process of its own, real files, a real terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

pty = pytest.importorskip("pty", reason="terminals are tested where there are pseudo-terminals")

Done = subprocess.CompletedProcess[str]
Program = Callable[..., Done]
COMMAND = (sys.executable, "-m", "docsearch")

ARTICLE = """RIVERTON, 15 March 2023 (WNA): The two ministers met to discuss the river.

They endorsed joint efforts against the trade in precursor chemicals used to make fentanyl.

Background

The river has been polluted for years.
"""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the sample articles are indexed, once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def environ(tmp_path: Path, cache: Path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCSEARCH_")}
    own = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "DOCSEARCH_CACHE": str(cache)}
    return {**kept, **own, "TERM": "xterm-256color", "PYTHONDEVMODE": "", "COLUMNS": "", "LINES": ""}


@pytest.fixture
def program(environ: dict[str, str]) -> Program:
    """Run `docsearch` with stdout and stderr caught, as pipes are."""

    def call(*args: str, **more: str) -> Done:
        return subprocess.run(
            [*COMMAND, *args], capture_output=True, encoding="utf-8", env={**environ, **more}, timeout=120
        )

    return call


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "river.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "fees.md").write_text("# Fees\n\nThe fee for a permit is 100 euros.\n", encoding="utf-8")
    return folder


def on_terminal(
    args: list[str], environ: Mapping[str, str], rows: int = 24, columns: int = 80
) -> tuple[int, str]:
    """Run `docsearch` on a pseudo-terminal; its exit code and all that the screen was sent."""
    import fcntl
    import struct
    import termios

    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen([*COMMAND, *args], stdin=slave, stdout=slave, stderr=slave, env=environ)
    os.close(slave)
    sent = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:  # Linux: the other end is closed
            break
        if not block:
            break
        sent += block
    os.close(master)
    return process.wait(timeout=60), sent.decode("utf-8", "replace").replace("\r\n", "\n")


def test_without_an_index_the_sample_articles_answer(program: Program) -> None:
    done = program("precursor", "chemicals")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "no index yet, so the sample articles answer; index your own: docsearch index FOLDER"
    ]
    assert "**precursor chemicals**" in " ".join(done.stdout.split()).lower()


def test_from_a_folder_to_hits_and_back_to_the_paragraph(program: Program, articles: Path) -> None:
    done = program("index", str(articles))
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 (2 added)" in done.stdout

    (articles / "new.txt").write_text("A new word: quokka.\n", encoding="utf-8")
    done = program("index")
    assert "3 (1 added, 2 unchanged)" in done.stdout

    done = program("precursor chemicals", "--format", "json")
    assert done.stderr.startswith("index: ")
    best = json.loads(done.stdout)["hits"][0]
    assert best["text"].startswith("They endorsed joint efforts")
    assert (best["section"], best["paragraph"], best["date"]) == ([0], 2, "2023-03-15")

    done = program("show", best["citation"])
    assert done.returncode == 0
    assert "▌ They endorsed joint efforts" in done.stdout

    done = program("quokka", "--format", "paths")
    assert done.stdout == f"{articles / 'new.txt'}\n"

    done = program("status", "--format", "json")
    assert json.loads(done.stdout)["documents"] == 3


def test_a_word_that_does_not_occur_has_near_ones(program: Program, articles: Path) -> None:
    program("index", str(articles))
    done = program("fentynal")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has “fentynal”; near it: fentanyl (1)" in done.stderr


def test_a_file_that_cannot_be_read_is_told_and_remembered(program: Program, articles: Path) -> None:
    (articles / "noise.txt").write_bytes(bytes(range(256)) * 64)
    done = program("index", str(articles))
    assert done.returncode == 1
    assert "noise.txt: " in done.stdout
    assert "noise.txt: " in program("status", "--gaps").stdout
    assert "1 gap: docsearch status --gaps" in program("permit").stdout


def test_here_indexes_this_folder(environ: dict[str, str], articles: Path) -> None:
    def call(folder: Path, *args: str) -> Done:
        return subprocess.run(
            [*COMMAND, *args], capture_output=True, encoding="utf-8", env=environ, cwd=folder
        )

    assert call(articles, "index", "--here").returncode == 0
    assert (articles / ".docsearch").is_dir()
    assert call(articles, "permit").stderr == ""
    below = articles / "below"
    below.mkdir()
    assert "found above the current folder" in call(below, "permit").stderr
    assert "2 unchanged" in call(articles, "index", "--here").stdout


@pytest.mark.parametrize(
    "args", [["index", "no-such-folder"], ["index"], ["--index", "no", "water"], ["", "--group"]]
)
def test_bad_input_is_an_error_in_words_with_a_next_step(
    args: list[str], program: Program, tmp_path: Path
) -> None:
    done = program(*args)
    assert (done.returncode, done.stdout) == (2, "")
    *_, error, hint = done.stderr.splitlines()
    assert error.startswith("docsearch: error: ")
    assert "bug" not in error
    assert hint
    assert program("precursor").returncode == 0  # nothing was left behind that stands in the way


def test_an_empty_folder_is_an_error(program: Program, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert program("index", str(tmp_path / "empty")).returncode == 2


def test_a_closed_pipe_is_quiet(environ: dict[str, str]) -> None:
    args = ["--format", "json", "-n", "500", "--context", "3", "law", "state", "water", "country", "chemical"]
    with subprocess.Popen(
        [*COMMAND, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environ
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "{\n"
        process.stdout.close()
        assert len(process.stderr.read().splitlines()) == 1
    assert process.returncode == 0


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_stream_that_is_closed_from_the_start_is_no_bug(closed: str, environ: dict[str, str]) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m docsearch water {closed}', sys.executable],
        capture_output=True,
        encoding="utf-8",
        env=environ,
    )
    assert done.returncode == 0
    assert "bug" not in done.stderr
    assert bool(done.stdout) is (closed == "2>&-")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is full")
def test_a_full_disk_is_an_error_in_words(environ: dict[str, str]) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "water"], stdout=full, stderr=subprocess.PIPE, encoding="utf-8", env=environ
        )
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_stream_that_knows_few_characters_gets_what_it_can_take(environ: dict[str, str]) -> None:
    environ |= {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run([*COMMAND, "agua"], capture_output=True, env=environ)
    assert done.returncode == 0
    assert "¿" in done.stdout.decode("latin-1")
    assert " ? ¶ 1" in done.stdout.decode("latin-1")
    done = subprocess.run([*COMMAND, "agua", "--format", "json"], capture_output=True, env=environ)
    assert not json.loads(done.stdout.decode("utf-8"))["hits"][0]["text"].isascii()


def test_a_terminal_gets_colours_and_is_filled_to_its_width(environ: dict[str, str]) -> None:
    code, sent = on_terminal(["precursor chemicals", "-n", "2"], environ, rows=60, columns=60)
    assert code == 0
    assert "\x1b[1;31m" in sent
    assert "**" not in sent


@pytest.mark.parametrize("wish", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_without_colours_gets_none(wish: dict[str, str], environ: dict[str, str]) -> None:
    code, sent = on_terminal(["precursor chemicals", "-n", "2"], {**environ, **wish}, rows=60)
    assert code == 0
    assert "\x1b" not in sent
    assert "**" in sent


def test_a_long_answer_goes_through_the_pager(environ: dict[str, str]) -> None:
    environ["PAGER"] = "sed s/^/paged:/"
    code, sent = on_terminal(["precursor chemicals"], environ, rows=10)
    assert code == 0
    assert "paged:" in sent
    assert "paged:" not in on_terminal(["precursor chemicals"], environ, rows=500)[1]
    assert "paged:" not in on_terminal(["precursor chemicals", "--no-pager"], environ, rows=10)[1]


def test_progress_is_redrawn_on_a_terminal(environ: dict[str, str], articles: Path) -> None:
    code, sent = on_terminal(["index", str(articles)], environ)
    assert code == 0
    assert "\rlooking for files" in sent
    assert "2 (2 added)" in sent


def test_a_query_loads_nothing_that_it_does_not_need(
    environ: dict[str, str], program: Program, articles: Path
) -> None:
    program("index", str(articles))
    source = (
        "import sys\n"
        "from docsearch.cli import main\n"
        "code = main(['permit'])\n"
        "print(*sorted(sys.modules), file=sys.stderr)\n"
        "raise SystemExit(code)\n"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, encoding="utf-8", env=environ)
    assert done.returncode == 0
    loaded = set(done.stderr.split())
    assert "docsearch.cli.render.text" in loaded
    foreign = {
        "nltk",
        "yaml",
        "charset_normalizer",
        "multiprocessing",
        "tabulate",
        "csv",
        "importlib.metadata",
        "secrets",
        "difflib",
        "whoosh",
        "traceback",
        "_hashlib",
        "subprocess",
    }
    ours = {
        "docsearch.corpus.reading",
        "docsearch.corpus.record",
        "docsearch.corpus.registry",
        "docsearch.index.columns",
        "docsearch.index.inverter",
        "docsearch.index.reports",
        "docsearch.index.update",
        "docsearch.search.citing",
        "docsearch.search.narrowing",
        "docsearch.cli.render.json",
    }
    assert not loaded & (foreign | ours)


def test_the_program_ends_at_once_but_not_before_its_time(environ: dict[str, str]) -> None:
    source = (
        "import atexit, sys, threading, time\n"
        "atexit.register(print, 'registered')\n"
        "sys.argv = ['docsearch', *sys.argv[1:]]\n"
        "if 'thread' in sys.argv.pop():\n"
        "    threading.Thread(target=lambda: [time.sleep(0.5), print('finished')]).start()\n"
        "from docsearch.cli import run\n"
        "code = run()\n"
        "print('returned')\n"
        "raise SystemExit(code)\n"
    )

    def ended(*args: str) -> tuple[int, list[str]]:
        done = subprocess.run(
            [sys.executable, "-c", source, *args], capture_output=True, encoding="utf-8", env=environ
        )
        assert done.stderr == "" or "docsearch: error" in done.stderr
        return done.returncode, [line for line in done.stdout.splitlines() if line.isalpha()]

    assert ended("--version", "alone") == (0, ["registered"])
    assert ended("status", "--index", "nowhere", "alone") == (2, ["registered"])
    assert ended("--version", "thread") == (0, ["returned", "finished", "registered"])


def test_who_calls_main_keeps_a_python_as_it_was(environ: dict[str, str]) -> None:
    source = (
        "import gc, os\n"
        "before = gc.get_threshold(), dict(os.environ)\n"
        "from docsearch.cli import main\n"
        "assert main(['--version']) == 0\n"
        "assert (gc.get_threshold(), dict(os.environ)) == before\n"
    )
    subprocess.run([sys.executable, "-c", source], check=True, env=environ, stdout=subprocess.DEVNULL)
