"""The benchmarks' arithmetic by hand: percentiles, texts and queries, judged ranking."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
sys.path.append(str(ROOT))  # `bench` belongs to the repository, not to the package; last, so it hides nothing

from docsearch.search.judgements import Passages  # noqa: E402

from bench import judging, results  # noqa: E402
from bench.figures import per_query, percentile, percentiles  # noqa: E402
from bench.flatten import blocks_of, flatten, read_flat, write_flat  # noqa: E402
from bench.obliqa_peer import asked_of_tantivy  # noqa: E402
from bench.passages import ranks_of  # noqa: E402
from bench.places import BenchError, Places  # noqa: E402
from bench.results import Text  # noqa: E402
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


def test_other_engines_stand_beneath() -> None:
    judgement = _judgement([[1], [], [2]], [1, 1, 1])
    judgement["others"] = {"another": [[2], [1], []]}
    last = judging.table(judgement).splitlines()[-1]
    assert last.startswith("| all, another | 3 | 0.6667 | 0.5000 |")


def test_tantivy_is_asked_for_words_and_their_neighbours() -> None:
    query = asked_of_tantivy("What licence does the holder file for the holder?", 0.3)
    assert query == 'licence holder file "licence holder"~1^0.3 "holder file"~1^0.3 "file holder"~1^0.3'
