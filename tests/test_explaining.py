"""What a score is said to be made up of is what it is made up of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import add
from pathlib import Path

import docsearch
import docsearch.corpus
import pytest
from docsearch.corpus.model import Document
from docsearch.index.records import Share
from docsearch.search.engine import Engine
from docsearch.search.options import Options
from docsearch.search.searcher import search
from hypothesis import given, settings
from hypothesis import strategies as st

ARTICLES = Path(docsearch.corpus.__file__).parent / "samples"
WORDS = ["precursor", "chemicals", "the", "licence", "tender", "means", "third-party", "FATF"]
WORDS += ["water", "1267", "agua", "AND", "-fentanyl", "import"]


def summed(shares: Sequence[Share]) -> float:
    return reduce(add, (share.value for share in shares), 0.0)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> docsearch.Index:
    made = docsearch.open(tmp_path_factory.mktemp("explained") / "index", create=True)
    for article in sorted(ARTICLES.iterdir()):  # a segment for each: what is explained depends on none
        made.update([article])
    return made


@settings(max_examples=150)
@given(
    words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=6),
    ranking=st.sampled_from(docsearch.Ranking),
    scope=st.sampled_from(docsearch.Scope),
    group=st.booleans(),
)
def test_the_sum_is_the_score_to_the_last_bit(
    index: docsearch.Index,
    words: list[str],
    ranking: docsearch.Ranking,
    scope: docsearch.Scope,
    group: bool,
) -> None:
    try:
        results = index.search(" ".join(words), ranking=ranking, scope=scope, group=group, explain=True)
    except docsearch.QueryError:
        return
    assert len(results.explanations) == len(results)
    for hit, shares in zip(results, results.explanations, strict=True):
        assert summed(shares) == hit.score
        assert all(share.value > 0 for share in shares)


def test_every_part_is_named(engine_of: Callable[..., Engine], index: docsearch.Index) -> None:
    found = index.search("procuring entity", limit=1, explain=True).explanations[0]
    told = {(share.what, share.where): share for share in found}
    assert told["procuring entity means", "text"].count == 1
    assert told["procuring entity", "text"].language == "en"
    assert told["procuring", "text"].weight == 1.0


def test_what_a_heading_adds_where_it_begins_is_told(index: docsearch.Index) -> None:
    results = index.search("precursor chemicals", explain=True)
    first, *others = results.explanations
    told = {(share.what, share.where): share for share in first}
    heading = told["precursor chemicals", "heading"]
    repeats = heading.weight * heading.idf * 1.4 * heading.count / (heading.count + 0.4)  # k1 = 0.4
    assert heading.value == pytest.approx(repeats + heading.begins)
    assert heading.begins > repeats
    assert not told["precursor", "heading"].begins
    assert all(share.begins == 0 for shares in others for share in shares if share.where == "text")


def test_nothing_is_explained_unasked(index: docsearch.Index) -> None:
    assert index.search("tender").explanations == ()


def test_another_engine_explains_its_own_scores(
    make_document: Callable[..., Document], reference_engine: Callable[[Sequence[Document]], Engine]
) -> None:
    engine = reference_engine([make_document("a", "# Tender\n\nA tender is sealed.", title="Tenders")])
    results = search(engine, "sealed tender", Options(explain=True))
    assert summed(results.explanations[0]) == pytest.approx(results[0].score, rel=1e-12)
