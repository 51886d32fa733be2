"""The benchmarks as they run: goals and tables from a run's numbers, the engines of this environment on a few
blocks, the command, and that the committed tables say what the committed numbers do."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # `bench` belongs to the repository, not to the package; last, so it hides nothing

from bench import goals, pdf, results, speed, tables, trust, words  # noqa: E402
from bench.client import Client  # noqa: E402
from bench.commands import main  # noqa: E402
from bench.engines import Mode, peer  # noqa: E402
from bench.flatten import write_flat  # noqa: E402
from bench.machine import commit, describe  # noqa: E402
from bench.memory import own_peak, tree_memory  # noqa: E402
from bench.places import BenchError, Places  # noqa: E402
from bench.results import EngineRun, FilteredTimes, ProductRun, Run, Text  # noqa: E402
from bench.texts import Queries  # noqa: E402

# Runs


def _engine(seconds: list[float], size: int, us: list[float]) -> EngineRun:
    return EngineRun(
        versions={"policy-docsearch": "1"},
        blocks=2,
        bytes=4_000_000,
        seconds=seconds,
        peak=0,
        size=size,
        us={"or": us},
    )


@pytest.fixture
def run() -> Run:
    """Indexing 2 MB/s to tantivy's 1, half its size; half as fast in the median, as fast at p95."""
    made = results.new_run()
    made["rounds"] = 5
    made["text"] = Text(name="t", blocks=2, bytes=4_000_000, times=1)
    made["engines"] = {
        "tantivy": _engine([4.0, 3.0, 9.0], 8_000_000, [1000, 3000]),
        "docsearch_engine": _engine([2.0], 4_000_000, [2000, 3000]),
    }
    made["product"] = ProductRun(index=[5.0, 3.0, 4.0], flatten=[2.0, 2.0], update=[1.5])
    made["filtered"] = {
        share: FilteredTimes(us={"or": us, "and": us, "phrase": us}, matches={})
        for share, us in (("all", [1000.0]), ("10%", [2100.0]), ("1%", [1500.0]))
    }
    return made


def test_goals_are_ratios_of_medians(run: Run) -> None:
    found = {outcome.goal.measure: outcome for outcome in goals.outcomes(run)}
    indexing = found["indexing, to tantivy's"]
    assert (indexing.ours, indexing.theirs, indexing.ratio, indexing.met) == (2.0, 1.0, 2.0, True)
    assert found["index size with text, to tantivy's"].ratio == 0.5
    assert (found["OR, p50, to tantivy's"].ratio, found["OR, p50, to tantivy's"].met) == (2.0, False)
    assert (found["OR, p95, to tantivy's"].ratio, found["OR, p95, to tantivy's"].met) == (1.0, True)
    assert found["`docsearch index`, to flattening the same files by `bench.flatten`"].ratio == 2.0
    assert not found["update of 10 changed files"].met
    filtered = found["OR of the dates that 10% of the blocks have, p95, to all"]
    assert (filtered.ratio, filtered.met) == (2.1, False)
    assert found["phrase of the dates that 1% of the blocks have, p95, to all"].met
    assert "AND of the dates that 0.1% of the blocks have, p95, to all" not in found


def test_what_was_not_measured_is_no_outcome(run: Run) -> None:
    measures = {outcome.goal.measure for outcome in goals.outcomes(run)}
    assert "indexing, to FTS5's" not in measures
    assert "pass with nothing to do" not in measures
    assert list(goals.outcomes(results.new_run())) == []


def test_a_run_is_saved_and_shown(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "FOLDER", tmp_path)
    path = results.save(run, "small")
    assert path.name == f"{run['date']}-small.json"
    assert results.load(path) == run
    assert '   "seconds": [4.0,3.0,9.0],\n' in path.read_text()
    shown = tables.table(path)
    assert "| docsearch, engine 1 | 2.00 (2.00 x) | 2.0 | – | 4.00 (0.50 x) | 1.00 |" in shown
    assert "| docsearch, engine 1 | 2.00 / 3.00 / 3.00 (2.00 / 1.00 / 1.00) | – | – | – / – / – |" in shown
    ten = "2.10 / 2.10 / 2.10 (2.10 / 2.10 / 2.10)"
    assert f"| 10% | {ten} | {ten} | {ten} |" in shown
    assert "| update of 10 changed files | 1.50 s | – | – | at most 1.00 s | no |" in shown


def test_totals_agree_query_by_query() -> None:
    assert speed.agreement([1, 2, 3, 4], [1, 2, 4, 3]) == 0.5


# Memory


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is told by /proc only")
def test_memory_counts_children_of_children() -> None:
    holder = "held = b'x' * 80_000_000; print(flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {holder!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert tree_memory(process.pid) > 80_000_000
        assert own_peak() > 0
        process.communicate(b"\n")


# Engines that live in this environment, each in a process of its own as when they are measured

BLOCKS = [
    ("a#0", "The precursor chemicals of the list."),
    ("a#1", "Chemicals, and a precursor."),
    ("b#0", "A list of nothing else."),
]
TOTALS: dict[Mode, int] = {"or": 3, "and": 2, "phrase": 1}
WORDS: dict[Mode, list[str]] = {
    "or": ["precursors", "list"],
    "and": ["precursors", "chemicals"],
    "phrase": ["precursor", "chemical"],
}


def _has_fts5() -> bool:
    with closing(sqlite3.connect(":memory:")) as database:
        try:
            database.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        except sqlite3.OperationalError:
            return False
    return True


@pytest.fixture(
    params=[
        pytest.param("fts5", marks=pytest.mark.skipif(not _has_fts5(), reason="SQLite without FTS5")),
        "docsearch_engine",
        "docsearch_product",
    ]
)
def client(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Client]:
    with Client(peer(request.param), Places(tmp_path)) as found:
        yield found


def test_an_engine_builds_and_answers(client: Client, tmp_path: Path) -> None:
    write_flat(tmp_path / "flat.tsv", BLOCKS)
    folder = tmp_path / "index"
    folder.mkdir()
    built = client.do("build", flat=str(tmp_path / "flat.tsv"), folder=str(folder))
    assert built["size"] == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) > 0
    client.do("open", folder=str(folder))
    for mode, total in TOTALS.items():
        told = client.do("ask", mode=mode, words=[WORDS[mode]], k=10)
        assert (mode, told["totals"]) == (mode, [total])
        assert told["ns"][0] > 0
    assert client.do("versions")["versions"]


def test_a_date_range_keeps_a_known_share_of_the_blocks(tmp_path: Path) -> None:
    write_flat(tmp_path / "flat.tsv", [(f"{number}", "One block like all.") for number in range(2000)])
    queries = Queries((("blocks",),), ("near2",))
    found = speed.measure_filtered(Places(tmp_path), tmp_path / "flat.tsv", queries, 1)
    assert {share: each["matches"] for share, each in found.items()} == {
        share: {"or": kept, "and": kept, "phrase": kept}
        for share, kept in (("all", 2000), ("10%", 200), ("1%", 20), ("0.1%", 2))
    }
    assert all(each["us"].keys() == {"or", "and", "phrase"} for each in found.values())


def test_an_engine_is_asked_by_many_threads(tmp_path: Path) -> None:
    write_flat(tmp_path / "flat.tsv", BLOCKS)
    (tmp_path / "index").mkdir()
    with Client(peer("docsearch_product"), Places(tmp_path)) as client:
        client.do("build", flat=str(tmp_path / "flat.tsv"), folder=str(tmp_path / "index"))
        client.do("open", folder=str(tmp_path / "index"))
        told = client.do("threads", mode="or", words=[WORDS["or"]] * 5, k=10, count=3)
    assert told.keys() == {"one", "many"}


def test_a_process_that_ends_is_told(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Client(peer("docsearch_product"), Places(tmp_path)) as client:
        with pytest.raises(BenchError, match="docsearch, product: its process has ended"):
            client.do("open", folder=str(tmp_path / "none"))
        with pytest.raises(BenchError, match="its process has ended"):
            client.do("versions")
    assert "IndexMissing" in capfd.readouterr().err


# The command


def test_missing_places_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOCSEARCH_BENCH_DIR", str(tmp_path))
    monkeypatch.delenv("DOCSEARCH_BENCH_QUERIES", raising=False)
    monkeypatch.setenv("DOCSEARCH_CORPORA", str(tmp_path))
    assert main(["measure", "x"]) == 2
    assert "DOCSEARCH_BENCH_QUERIES is not set" in capsys.readouterr().err
    assert main(["judge", "x"]) == 2
    assert "holds no folder obliqa" in capsys.readouterr().err


def test_unknown_engines_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["measure", "x", "--engines", "tantivy,other"])
    assert "no other; there are tantivy, fts5," in capsys.readouterr().err


# What is committed

PAGE = tables.PAGE.read_text(encoding="utf-8")
COMMITTED = sorted(results.FOLDER.glob("*.json"))


def test_the_page_shows_the_committed_numbers() -> None:
    assert "<!-- results: " in PAGE
    assert tables.refreshed(PAGE) == PAGE
    readme = tables.README.read_text(encoding="utf-8")
    assert "<!-- essence: " in readme
    assert tables.refreshed(readme) == readme


def test_a_page_that_was_touched_is_noticed() -> None:
    touched = PAGE.replace("| ---: |\n|", "| ---: |\n| 0", 1)
    assert touched != PAGE
    assert tables.refreshed(touched) == PAGE
    readme = tables.README.read_text(encoding="utf-8")
    assert tables.refreshed(readme.replace("indexing, MB/s | ", "indexing, MB/s | 9", 1)) == readme


def test_the_figures_of_the_long_forms_are_those_that_were_committed() -> None:
    page = trust.PAGE.read_text(encoding="utf-8")
    assert trust.table() in page
    assert trust.refreshed(page) == page
    assert trust.refreshed(page.replace("| crowd |", "| crowds |")) == page


def test_figures_of_the_long_forms_name_commit_date_and_machine(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    trust.note(file, "crowd", {"readers": 32})
    trust.note(file, "crashes", {"killed_at": 9})
    trust.note(file, "crowd", {"readers": 33_000})
    noted = json.loads(file.read_text(encoding="utf-8"))
    assert list(noted) == ["crowd", "crashes"]
    assert noted["crowd"]["commit"] == commit()
    lines = trust.table(file).splitlines()
    today = dt.date.today().isoformat()
    assert lines[2].startswith(f"| crowd | readers 33,000 | {today} | ")
    assert lines[3].startswith(f"| crashes | killed at 9 | {today} | ")
    assert lines[-1].startswith(f"Machine: {describe()['cpu']}, ")


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.stem)
def test_committed_numbers_name_no_place_of_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    strings = [word for word in _strings(json.loads(text)) if Path(word).is_absolute() or "\\" in word]
    assert strings == []
    assert path.name in PAGE


def _strings(value: object) -> Iterator[str]:
    """Every word of every string in JSON."""
    if isinstance(value, str):
        yield from value.replace("=", " ").split()
    elif isinstance(value, list):
        for member in value:
            yield from _strings(member)
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from (*_strings(key), *_strings(member))


# PDF


def test_pdfs_are_set_and_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = tmp_path / "corpora" / "dc-law" / "acts"
    acts.mkdir(parents=True)
    for number in range(12):
        heads = f"# Act {number}\n\n## Scope of part {number}"
        text = f"{heads}\n\nThe council may repeal act {number} at any time.\n"
        (acts / f"{number}.md").write_text(text)
    monkeypatch.setenv("DOCSEARCH_CORPORA", str(tmp_path / "corpora"))
    found = pdf.measure(Places(tmp_path / "work"), files=4, rounds=1)
    assert list(found["pdf"]) == ["one column", "two columns", "outline", "indented"]
    for times in found["pdf"].values():
        assert (times["files"], times["pages"]) == (1, 1)
        assert times["paragraphs"] == [3, 3]
        assert times["headings"] == [6, 6]
    assert 0 < found["first_batch"] <= found["whole"]
    assert "| outline | 1 | 1 |" in pdf.table(found)


# Words


def test_texts_of_many_words_are_indexed_and_found(tmp_path: Path) -> None:
    found = words.measure(Places(tmp_path), words=12_345)
    assert found["asked"] == found["found"] > 1_000
    for built in (found["passages"], found["files"]):
        assert built["seconds"] > 0
        assert built["peak"] > built["size"] > 0
    assert "| 12,345 words, 0 MB of text |" in words.table(found)
