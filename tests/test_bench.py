"""The benchmarks: their arithmetic by hand, the engines of this environment on a few blocks, and that the
committed tables say what the committed numbers do."""

from __future__ import annotations

import json
import math
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # `bench` belongs to the repository, not to the package; last, so it hides nothing

from bench import goals, judging, results, speed, tables  # noqa: E402
from bench.client import Client  # noqa: E402
from bench.commands import main  # noqa: E402
from bench.engines import Mode, peer  # noqa: E402
from bench.figures import per_query, percentile, percentiles  # noqa: E402
from bench.flatten import blocks_of, flatten, read_flat, write_flat  # noqa: E402
from bench.memory import own_peak, tree_memory  # noqa: E402
from bench.obliqa import Passages, ranks_of  # noqa: E402
from bench.places import BenchError, Places  # noqa: E402
from bench.results import EngineRun, ProductRun, Run, Text  # noqa: E402
from bench.texts import Queries, read_queries, text_of  # noqa: E402

NUMBERS = st.lists(st.floats(0, 1e6), min_size=1, max_size=50)


# Figures


def test_percentiles_by_hand() -> None:
    values = list(range(100, 0, -1))
    assert percentiles(values) == (50, 95, 99)
    assert percentile([3.0], 1) == percentile([3.0], 100) == 3.0
    assert percentile([1, 2, 3], 50) == 2
    assert percentile([1, 2, 3, 4], 50) == 2


@given(NUMBERS, st.integers(1, 100))
def test_a_percentile_is_the_least_value_that_bounds_its_share(values: list[float], percent: int) -> None:
    found = percentile(values, percent)
    assert found in values
    assert sum(value <= found for value in values) * 100 >= percent * len(values)
    assert sum(value < found for value in values) * 100 < percent * len(values)


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_there_is_no_percentile_of_nothing(values: list[float], percent: int) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, percent)


def test_each_query_has_the_median_of_its_own_rounds() -> None:
    assert per_query([[1, 9], [2, 7], [50, 8]]) == [2, 8]


def test_rounds_of_different_queries_are_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        per_query([[1, 2], [1]])


# Texts and queries


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("one\ntwo\n\n\n  three\tfour \n", ["one two", "three four"]),
        ("a\n \t\nb", ["a", "b"]),
        ("---\ntitle: x\n---\n\nbody\n", ["body"]),
        ("---\ntitle: x\n---\nbody\n\nmore", ["body", "more"]),
        ("body\n\n---\n\nmore", ["body", "---", "more"]),
        ("a\u00a0\u2003b\r\n\r\nc", ["a b", "c"]),
    ],
)
def test_blocks_stand_between_blank_lines(text: str, blocks: list[str]) -> None:
    assert list(blocks_of(text)) == blocks


def test_a_folder_is_flattened_in_the_order_of_its_paths(tmp_path: Path) -> None:
    for name, text in {"b.md": "two\n\nthree", "a/z.md": "one", "c.txt": "not read"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert list(flatten(tmp_path)) == [("a/z.md#0", "one"), ("b.md#0", "two"), ("b.md#1", "three")]
    assert next(flatten(tmp_path, "x/"))[0] == "x/a/z.md#0"
    printed = subprocess.run(
        [sys.executable, "-m", "bench.flatten", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == "a/z.md#0\tone\nb.md#0\ttwo\nb.md#1\tthree\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"])), max_size=5), st.integers(0, 6))
def test_what_is_flattened_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], limit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "flat.tsv"
    blocks = [(f"f#{number}", text) for number, text in enumerate(texts)]
    write_flat(path, blocks)
    assert list(read_flat(path)) == blocks
    assert list(read_flat(path, limit)) == blocks[:limit]


def test_the_text_of_a_run_is_a_part_of_the_corpus_or_several_times_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dc-law", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.md").write_text("one\n\nzwölf\n\nthree")
    monkeypatch.setenv("DOCSEARCH_CORPORA", str(tmp_path))
    monkeypatch.delenv("DOCSEARCH_BENCH_FLAT", raising=False)
    places = Places(tmp_path)
    path, text = text_of(places, ["dc-law"], blocks=2, times=3)
    assert text == Text(name="dc-law", blocks=6, bytes=27, times=3)
    assert [name for name, _ in read_flat(path)][:3] == ["0/a.md#0", "0/a.md#1", "1/a.md#0"]
    path, text = text_of(places, ["dc-law", "other"])
    assert (text["name"], text["blocks"]) == ("dc-law+other", 6)
    assert len({name for name, _ in read_flat(path)}) == 6


def test_only_neighbours_are_asked_as_phrases() -> None:
    queries = Queries((("a",), ("b", "c"), ("d", "e")), ("word-rare", "near2", "para3"))
    assert queries.of("phrase") == [("b", "c")]
    assert queries.of("or") == queries.of("and") == list(queries.words)


def test_queries_are_kind_tab_words(tmp_path: Path) -> None:
    file = tmp_path / "queries"
    file.write_text("near2\tb c\nword-mid\td\n")
    assert read_queries(file) == Queries((("b", "c"), ("d",)), ("near2", "word-mid"))
    assert read_queries(file, 1).kinds == ("near2",)
    file.write_text("b c\n")
    with pytest.raises(BenchError, match="kind, tab, words"):
        read_queries(file)


# Judging


def test_metrics_by_hand() -> None:
    """Three relevant passages, two of them found, first and third."""
    assert judging.recall([1, 3], 3) == pytest.approx(2 / 3)
    assert judging.average_precision([1, 3], 3) == pytest.approx((1 / 1 + 2 / 3) / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert judging.ndcg([1, 3], 3) == pytest.approx((1 + 1 / 2) / ideal)


@pytest.mark.parametrize("metric", judging.METRICS)
def test_metrics_at_their_ends(metric: str) -> None:
    measure = judging.METRICS[metric]
    assert measure([], 4) == 0
    assert measure([1, 2, 3, 4], 4) == pytest.approx(1)
    assert measure([1], 2) > measure([2], 2) or metric == "recall@10"


def test_more_may_be_relevant_than_are_looked_at() -> None:
    ranks = list(range(1, 11))
    assert judging.ndcg(ranks, 20) == pytest.approx(1)
    assert judging.recall(ranks, 20) == judging.average_precision(ranks, 20) == pytest.approx(0.5)


def test_a_line_belongs_to_the_passage_around_it() -> None:
    passages = Passages([("f", 3, 3, "p1"), ("f", 7, 9, "p3"), ("f", 5, 6, "p2"), ("g", 1, 9, "q")])
    assert [passages.at("f", line) for line in range(1, 11)] == [
        *(None, None, "p1", None, "p2"),
        *("p2", "p3", "p3", "p3", None),
    ]
    assert passages.at("h", 1) is None


def test_ranks_count_passages_once_and_ten_of_them() -> None:
    relevant = frozenset("bdz")
    assert ranks_of(["a", "b", "a", "b", "c", "d"], relevant) == [2, 4]
    assert ranks_of([*"aceghijklm", "z"], relevant) == []
    assert ranks_of([*"aceghijkl", "a", "z"], relevant) == [10]


def _judgement(ranks: list[list[int]], relevant: list[int]) -> judging.Judgement:
    begun = results.new_run()
    return judging.Judgement(
        kind="judgement",
        date="2026-01-02",
        command="c",
        commit="0",
        machine=begun["machine"],
        corpus="small",
        documents=1,
        paragraphs=2,
        ranks=ranks,
        relevant=relevant,
        ms=[1.0] * len(ranks),
    )


def test_judgements_are_compared_question_by_question() -> None:
    before = _judgement([[1], [], [2]], [1, 1, 1])
    after = _judgement([[1], [1], [2]], [1, 1, 1])
    lines = judging.compare(before, after).splitlines()
    assert lines[2] == "| recall@10 | 0.6667 | 1.0000 | +0.3333 | 0.3333 |"
    with pytest.raises(ValueError, match="different questions"):
        judging.compare(before, _judgement([[1]], [1]))


def test_a_judgement_is_shown_whole_and_in_halves() -> None:
    lines = judging.table(_judgement([[1], [], [2]], [1, 1, 1])).splitlines()
    assert lines[-3].startswith("| all | 3 | 0.6667 | 0.5000 |")
    assert lines[-2].startswith("| odd lines | 2 | 1.0000 | 0.7500 |")
    assert lines[-1].startswith("| even lines | 1 | 0.0000 | 0.0000 |")


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
    return made


def test_goals_are_ratios_of_medians(run: Run) -> None:
    found = {outcome.goal.measure: outcome for outcome in goals.outcomes(run)}
    indexing = found["indexing, to tantivy's"]
    assert (indexing.ours, indexing.theirs, indexing.ratio, indexing.met) == (2.0, 1.0, 2.0, True)
    assert found["index size with text, to tantivy's"].ratio == 0.5
    assert (found["OR, p50, to tantivy's"].ratio, found["OR, p50, to tantivy's"].met) == (2.0, False)
    assert (found["OR, p95, to tantivy's"].ratio, found["OR, p95, to tantivy's"].met) == (1.0, True)
    assert found["`docsearch index`, to flattening the same files"].ratio == 2.0
    assert not found["update of 10 changed files"].met


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


def test_a_page_that_was_touched_is_noticed() -> None:
    touched = PAGE.replace("| ---: |\n|", "| ---: |\n| 0", 1)
    assert touched != PAGE
    assert tables.refreshed(touched) == PAGE


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
