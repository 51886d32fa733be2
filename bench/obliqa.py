"""Judging the product on ObliQA: rulebooks, and questions whose answering passages are known.

The folder `obliqa` of DOCSEARCH_CORPORA holds `docs/`, `passages.tsv` (the lines of each passage),
`queries.tsv` and `qrels.tsv`. A hit counts as the passage in whose lines its paragraph begins; of several in
one passage the first counts; ten passages are looked at.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import docsearch
from docsearch.search.judgements import Passages

from .judging import DEPTH, Judgement
from .machine import describe
from .obliqa_peer import TITLE, judge_tantivy
from .passages import ranks_of
from .places import Places, fresh
from .progress import say
from .results import new_run

__all__ = ["judge"]

_PAGE = 50  # hits fetched at a time until there are enough passages


def judge(places: Places, rounds: int, limit: int | None = None, *, semantic: bool = False) -> Judgement:
    """Index the documents and ask all questions (the first `limit`); times are medians of the rounds.

    semantic: with the first hits ordered by meaning, too, and without another engine beside."""
    corpus = places.corpus("obliqa")
    passages = _passages(corpus / "passages.tsv")
    relevant = _relevant(corpus / "qrels.tsv")
    questions = [(name, text) for name, text, *_ in _rows(corpus / "queries.tsv")[:limit]]
    run = new_run()
    with docsearch.open(fresh(places.work / "indexes" / "obliqa"), create=True) as index:
        index.update([corpus / "docs"])
        status = index.status()
        seconds = _seconds_of_vectors(index) if semantic else 0.0
        say(f"obliqa: {len(questions)} questions")
        ranks = [
            ranks_of(_found(index, text, passages, semantic=semantic), relevant[question])
            for question, text in questions
        ]
        ms = _milliseconds(index, [text for _, text in questions], rounds, semantic=semantic)
        others = {}
        if not semantic:
            say(TITLE)
            others = {TITLE: judge_tantivy(places, index, passages, questions, relevant)}
    judgement = Judgement(
        kind="judgement",
        date=run["date"],
        command=run["command"],
        commit=run["commit"],
        machine=describe(),
        corpus="obliqa",
        documents=status.documents,
        paragraphs=status.paragraphs,
        ranks=ranks,
        relevant=[len(relevant[question]) for question, _ in questions],
        ms=ms,
        others=others,
    )
    if semantic:
        judgement["vector_ms"] = round(seconds * 1000 / status.paragraphs, 2)
    return judgement


def _seconds_of_vectors(index: docsearch.Index) -> float:
    """Of a processor, to give all paragraphs vectors."""
    say("obliqa: vectors")
    start = time.process_time()
    index.update(semantic=True)
    return time.process_time() - start


def _found(index: docsearch.Index, question: str, passages: Passages, *, semantic: bool) -> Iterator[str]:
    """The passages of the hits in their order, repeats included, until there are DEPTH different ones. A hit
    outside of all passages keeps its place, under a name of its own."""
    names: set[str] = set()
    for offset in range(0, _PAGE * DEPTH, _PAGE):
        hits = index.search(question, limit=_PAGE, offset=offset, snippets=0, semantic=semantic)
        for hit in hits:
            name = passages.at(hit.path, hit.line or 0) or hit.citation
            names.add(name)
            yield name
        if len(hits) < _PAGE or len(names) >= DEPTH:
            return


def _milliseconds(
    index: docsearch.Index, questions: list[str], rounds: int, *, semantic: bool
) -> list[float]:
    """The time of a search as a caller has it by default: ten hits with snippets."""
    times: list[list[float]] = [[] for _ in questions]
    for _ in range(rounds):
        for number, question in enumerate(questions):
            start = time.perf_counter()
            index.search(question, semantic=semantic)
            times[number].append((time.perf_counter() - start) * 1000)
    return [round(median(each), 2) for each in times]


def _passages(path: Path) -> Passages:
    header, *rows = _rows(path)
    file, first, last, name = map(header.index, ("file", "first_line", "last_line", "docid"))
    return Passages((row[file], int(row[first]), int(row[last]), row[name]) for row in rows)


def _relevant(path: Path) -> dict[str, frozenset[str]]:
    """Relevant passages by question; ids may hold spaces, the outer columns do not."""
    found: dict[str, set[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        question, _, rest = line.split(maxsplit=2)
        passage, grade = rest.rsplit(maxsplit=1)
        if int(grade) > 0:
            found.setdefault(question, set()).add(passage)
    return {question: frozenset(names) for question, names in found.items()}


def _rows(path: Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
