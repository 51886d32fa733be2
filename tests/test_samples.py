"""The bundled articles are what their module promises, and the keyword queries point into them."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docsearch
import docsearch.corpus
import pytest
from docsearch.corpus.model import Document
from docsearch.corpus.registry import read_bytes
from docsearch.search import samples

FOLDER = Path(docsearch.corpus.__file__).parent / "samples"
ARTICLES = {article.name: article.read_bytes() for article in sorted(FOLDER.iterdir())}
QUERIES = Path(__file__).with_name("keyword_queries.tsv")
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
MARKERS = re.compile(r"[*_]|^(?:[-+]|\d+\.)\s+")

every_article = pytest.mark.parametrize("name", ARTICLES)


@dataclass(frozen=True, slots=True)
class Expectation:
    """A line of `keyword_queries.tsv`: what a careful person would want first for a query, and why."""

    query: str
    article: str
    opening: str
    why: str


def expectations() -> list[Expectation]:
    lines = QUERIES.read_text("utf-8").splitlines()
    return [Expectation(*line.split("\t")) for line in lines if not line.startswith("#")]


def shown(text: str) -> str:
    """As a reader sees it: lines joined, list and emphasis markers gone."""
    return " ".join(MARKERS.sub("", text.strip()).split())


@cache
def document(name: str) -> Document:
    reading = read_bytes(f"samples/{name}", name, ARTICLES[name])
    assert reading.gaps == ()
    (only,) = reading.documents
    return only


@cache
def paragraphs(name: str) -> tuple[str, ...]:
    article = document(name)
    return tuple(article.text[p.start : p.end] for p in article.paragraphs)


def test_articles_that_were_installed_again_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = tmp_path / "samples"
    shutil.copytree(samples._ARTICLES, articles)
    monkeypatch.setattr(samples, "_ARTICLES", articles)
    monkeypatch.setenv("DOCSEARCH_CACHE", str(tmp_path / "cache"))
    with docsearch.open_samples() as index:
        updated = index.status().updated
    with docsearch.open_samples() as index:
        assert index.status().generation == 1, "not for nothing"
    for article in articles.iterdir():
        os.utime(article, (updated.timestamp() + 60, updated.timestamp() + 60))
    with docsearch.open_samples() as index:
        assert index.status().generation == 2


def test_there_are_many_in_order_and_nothing_else() -> None:
    names = [article.name for article in sorted(FOLDER.iterdir())]
    assert len(names) >= 17
    assert names == sorted(names)
    assert {Path(name).suffix for name in names} == {".md", ".txt"}


@every_article
def test_bytes_are_clean_utf8(name: str) -> None:
    text = ARTICLES[name].decode("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert text.endswith("\n")
    assert not re.search(r"[^\S\n ]|[\ufeff\ufffd\x00]| +$", text, re.MULTILINE)


@every_article
def test_length_of_an_article(name: str) -> None:
    body = FRONT_MATTER.sub("", ARTICLES[name].decode("utf-8"))
    assert 400 <= len(body.split()) <= 1_200


@every_article
def test_reads_into_one_titled_dated_document(name: str) -> None:
    article = document(name)
    assert article.meta.title
    assert not article.meta.title_guessed
    assert article.meta.published is not None
    assert article.meta.published.precision == "day"
    assert len(article.sections) - 1 >= 2, "the lead does not count"
    assert len(article.paragraphs) >= 10


def test_languages() -> None:
    found = {name: document(name).meta.language for name in ARTICLES}
    assert found.pop("agua-potable.md") == "es"
    assert found.pop("datenschutz-aufsicht.md") == "de"
    assert set(found.values()) == {"en"}


@pytest.mark.parametrize(
    ("name", "place", "date"),
    [
        ("fentanyl-precursors.txt", "Vienna", "2022-03-18"),
        ("carbon-border.txt", "Brussels", "2023-10-01"),
        ("energy-security.txt", "Paris", "2024-11-18"),
    ],
)
def test_datelines(name: str, place: str, date: str) -> None:
    meta = document(name).meta
    assert meta.place.casefold() == place.casefold()
    assert str(meta.published) == date
    assert meta.source == "docsearch samples"


def test_front_matter_and_header_lines() -> None:
    act = document("precursors-act.md").meta
    assert act.title == "Model Precursor Control Act"
    assert (str(act.published), str(act.effective)) == ("2023-06-01", "2024-01-01")
    assert act.extra["tags"] == ("model act", "licensing", "precursors", "enforcement")
    assert str(document("shared-rivers.txt").meta.published) == "2023-03-22"
    assert str(document("elections.txt").meta.published) == "2022-10-05"


def test_precursor_chemicals_stand_side_by_side_apart_and_alone() -> None:
    """What the first query of the README has to tell apart."""
    texts = [(name, shown(text).casefold()) for name in ARTICLES for text in paragraphs(name)]
    beside = [name for name, text in texts if "precursor chemicals" in text]
    apart = [
        name
        for name, text in texts
        if "precursor" in text and "chemical" in text and "precursor chemical" not in text
    ]
    alone = [name for name, text in texts if ("precursor" in text) != ("chemical" in text)]
    assert 2 <= len(set(beside)) <= 4
    assert len(beside) >= 4
    assert len(apart) >= 3
    assert len(alone) >= 10


def test_keyword_queries_are_many_and_differ() -> None:
    queries = [expected.query for expected in expectations()]
    assert len(queries) >= 60
    assert len(set(queries)) == len(queries)
    assert all(1 <= len(query.split()) <= 4 for query in queries)
    assert sum(expected.why.startswith("hard: ") for expected in expectations()) >= 12


@pytest.mark.parametrize("expected", expectations(), ids=lambda expected: expected.query)
def test_expected_paragraph_exists_once(expected: Expectation) -> None:
    begins = [text for text in paragraphs(expected.article) if shown(text).startswith(expected.opening)]
    assert len(begins) == 1
