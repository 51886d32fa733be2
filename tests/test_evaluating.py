"""Metrics are those of trec_eval; files are read in their forms; a comparison is what it says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import astuple
from pathlib import Path

import docsearch
import docsearch.corpus
import pytest
from docsearch.cli import main
from docsearch.cli.judged import read_judgements, read_passages, read_questions
from docsearch.search.evaluating import compare
from docsearch.search.judgements import Scores, mean, scored
from hypothesis import given
from hypothesis import strategies as st

ARTICLES = Path(docsearch.corpus.__file__).parent / "samples"
QUESTIONS = {
    "tender": "tender",
    "leak": "personal data breach within 72 hours",
    "list": "FATF grey list",
    "none": "a question without judgements",
}
KEYS = {
    "tender": {"samples/procurement-rules.txt": 2, "samples/trade-remedies.md": 0},
    "leak": {"data-protection.md": 1, "samples/housing-vouchers.md": 1},
    "list": {"samples/anti-money-laundering.md": 1},
}
answer = st.sampled_from("abcdefghij")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[docsearch.Index]:
    with docsearch.open(tmp_path_factory.mktemp("judged") / "index", create=True) as made:
        made.update([ARTICLES])
        yield made


# Metrics


@given(
    answers=st.lists(answer, max_size=12, unique=True),
    grades=st.dictionaries(answer, st.integers(0, 3), min_size=1).filter(lambda each: max(each.values()) > 0),
    depth=st.integers(1, 12),
)
def test_metrics_are_those_of_trec_eval(answers: list[str], grades: dict[str, int], depth: int) -> None:
    measures = pytest.importorskip("ir_measures")
    asked = [measures.nDCG @ depth, measures.AP @ depth, measures.R @ depth, measures.RR @ depth]
    run = {"q": {name: float(len(answers) - at) for at, name in enumerate(answers)}}
    theirs = measures.calc_aggregate(asked, {"q": grades}, run)
    assert astuple(scored(answers, grades, depth)) == pytest.approx(
        [theirs[each] for each in asked], abs=1e-9
    )


def test_of_repeats_the_first_counts() -> None:
    assert scored(["x", "x", "a", "a"], {"a": 1}, 2) == scored(["x", "a"], {"a": 1}, 2)


def test_the_mean_of_two() -> None:
    assert mean([Scores(1, 1, 1, 1), Scores(0, 0.5, 0, 0)]) == Scores(0.5, 0.75, 0.5, 0.5)


# Files


def test_questions_in_lines_and_in_topics(tmp_path: Path) -> None:
    lines, topics = tmp_path / "q.tsv", tmp_path / "topics"
    lines.write_text("1\twhat is a tender\n\n2\tgrey list\n", "utf-8")
    topics.write_text(
        "<top>\n<num> Number: 1\n<title> what is\na tender\n<desc> Description:\nmore\n</top>\n"
        "<top>\n<num> 2 </num>\n<title>grey list</title>\n</top>\n",
        "utf-8",
    )
    assert read_questions(lines) == read_questions(topics) == {"1": "what is a tender", "2": "grey list"}


@pytest.mark.parametrize(
    "text",
    ["1 0 a 1\n1 0 b c 2\n2 0 a 0\n", "1\t0\ta\t1\n1\t0\tb c\t2\n2\t0\ta\t0\n", "1\ta\n1\tb c\t2\n2\ta\t0\n"],
)
def test_judgements_in_three_forms(text: str, tmp_path: Path) -> None:
    (tmp_path / "qrels").write_text(text, "utf-8")
    assert read_judgements(tmp_path / "qrels") == {"1": {"a": 1, "b c": 2}, "2": {"a": 0}}


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_questions, "1\tone\nno tab\n", "line 2"),
        (read_judgements, "1 0 a 1\n1 0 a\n", "line 2"),
        (read_judgements, "1 0 a much\n", "line 1"),
        (read_passages, "docid\tfile\tfirst_line\n", "last_line"),
        (read_passages, "docid\tfile\tfirst_line\tlast_line\np\tf\t1\tx\n", "line 2"),
    ],
)
def test_what_cannot_be_read_is_named(read: object, text: str, said: str, tmp_path: Path) -> None:
    assert callable(read)
    (tmp_path / "file").write_text(text, "utf-8")
    with pytest.raises(docsearch.CorpusError, match=said):
        read(tmp_path / "file")
    with pytest.raises(docsearch.SourceMissing):
        read(tmp_path / "none")


# Judging


def test_answers_are_documents_by_key_or_path(index: docsearch.Index) -> None:
    found = index.evaluate(QUESTIONS, KEYS)
    assert found.without == ("none",)
    assert found.scores["tender"] == Scores(1, 1, 1, 1)
    assert found.scores["leak"].mrr == 1
    assert found.means == mean(list(found.scores.values()))


def test_answers_are_passages_by_their_lines(index: docsearch.Index) -> None:
    hit = index.search("tender", limit=1)[0]
    assert hit.line is not None
    passages = docsearch.Passages([(hit.path, hit.line, hit.line + 1, "it"), (hit.path, 1, 2, "title")])
    found = index.evaluate({"q": "tender"}, {"q": {"it": 1}}, passages=passages)
    assert found.means == Scores(1, 1, 1, 1)
    assert index.evaluate({"q": "tender"}, {"q": {"title": 1}}, passages=passages).means.recall == 0


def test_a_question_that_cannot_be_read_scores_nothing(index: docsearch.Index) -> None:
    found = index.evaluate({"q": "...", "r": "tender"}, {"q": {"x": 1}, "r": KEYS["tender"]})
    assert found.unread == ("q",)
    assert found.means.mrr == 0.5


def test_without_judged_questions_there_is_nothing_to_judge(index: docsearch.Index) -> None:
    with pytest.raises(docsearch.QueryError, match="none of the questions"):
        index.evaluate(QUESTIONS, {"other": {"x": 1}})


def test_a_comparison_with_itself_says_nothing(index: docsearch.Index) -> None:
    found = index.evaluate(QUESTIONS, KEYS)
    for each in compare(found, found):
        assert (each.difference, each.better, each.worse, each.same, each.chance) == (0, 0, 0, 3, 1)


def test_a_clear_difference_hardly_comes_by_chance(index: docsearch.Index) -> None:
    grades = {str(number): {"samples/procurement-rules.txt": 1} for number in range(12)}
    good = index.evaluate(dict.fromkeys(grades, "tender"), grades)
    bad = index.evaluate(dict.fromkeys(grades, "agua potable"), grades)
    told = compare(bad, good)[0]
    assert (told.better, told.worse) == (12, 0)
    assert 0 < told.chance < 0.01
    assert compare(good, bad)[0].difference == -told.difference


def test_the_command(index: docsearch.Index, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "q.tsv").write_text("".join(f"{key}\t{text}\n" for key, text in QUESTIONS.items()), "utf-8")
    lines = (f"{key} 0 {name} {grade}\n" for key, names in KEYS.items() for name, grade in names.items())
    (tmp_path / "qrels").write_text("".join(lines), "utf-8")
    files = ["evaluate", "--queries", str(tmp_path / "q.tsv"), "--qrels", str(tmp_path / "qrels")]
    where = ["--index", str(index.path)]
    assert main([*files, *where, "--against", "plain", "--per-query"]) == 0
    text = capsys.readouterr().out
    assert "nDCG@10" in text
    assert "3 questions judged" in text
    assert "1 question with no relevant answer: none" in text
    assert main([*files, *where, "--format", "json", "--per-query"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rankings"][0]["per_query"]["tender"]["mrr"] == 1
    assert told["comparison"] == []
