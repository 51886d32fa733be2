"""Judged questions, and what a list of answers is worth: the forms of files, and the metrics.

Metrics are those of trec_eval, over the first `depth` answers: recall, average precision (`map_cut`), nDCG
(`ndcg_cut`: the grade as gain, discounted by log2(rank + 1), to that of the best order) and the reciprocal
rank of the first relevant one. Grades above 0 are relevant.
"""

from __future__ import annotations

import csv
import math
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import CorpusError, SourceMissing

__all__ = [
    "METRICS",
    "Passages",
    "Scores",
    "mean",
    "read_judgements",
    "read_passages",
    "read_questions",
    "scored",
]

METRICS = ("ndcg", "map", "recall", "mrr")
"""The fields of `Scores`, in the order in which they are shown."""

_TOPIC = re.compile(r"<top>.*?<num>\s*(?:Number:)?\s*(\S+).*?<title>\s*(.*?)\s*(?=<)", re.DOTALL)
_COLUMNS = ("docid", "file", "first_line", "last_line")


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one question, or the means of many; each from 0 to 1."""

    ndcg: float
    map: float
    recall: float
    mrr: float


def scored(answers: Iterable[str], grades: Mapping[str, int], depth: int) -> Scores:
    """What the first `depth` different answers are worth. grades: of the relevant ones, at least one."""
    names = list(dict.fromkeys(answers))[:depth]
    ranks = [rank for rank, name in enumerate(names, start=1) if grades.get(name, 0) > 0]
    relevant = sorted((grade for grade in grades.values() if grade > 0), reverse=True)
    precisions = (number / rank for number, rank in enumerate(ranks, start=1))
    best = _gain(enumerate(relevant[:depth], start=1))
    return Scores(
        ndcg=_gain((rank, grades[names[rank - 1]]) for rank in ranks) / best,
        map=sum(precisions) / len(relevant),
        recall=len(ranks) / len(relevant),
        mrr=1 / ranks[0] if ranks else 0.0,
    )


def _gain(grades: Iterable[tuple[int, int]]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in grades)


class Passages:
    """Which judged passage a line of a file belongs to."""

    def __init__(self, rows: Iterable[tuple[str, int, int, str]]) -> None:
        """rows: file, first and last line (from 1, both included), id. Those of a file must not overlap."""
        self._files: dict[str, list[tuple[int, int, str]]] = {}
        for file, first, last, name in rows:
            self._files.setdefault(file, []).append((first, last, name))
        for passages in self._files.values():
            passages.sort()

    def at(self, file: str, line: int) -> str | None:
        passages = self._files.get(file, [])
        found = bisect_right(passages, line, key=lambda passage: passage[0]) - 1
        if found < 0 or line > passages[found][1]:
            return None
        return passages[found][2]


def read_questions(path: Path) -> dict[str, str]:
    """Questions by id: a line of `id TAB question` each, or the topics of TREC (`<top> <num> <title>`).

    Raises SourceMissing, and CorpusError with the line that is neither.
    """
    text = _text(path)
    if text.lstrip().startswith("<top>"):
        return {number: " ".join(title.split()) for number, title in _TOPIC.findall(text)}
    found: dict[str, str] = {}
    for at, line in _lines(text):
        name, tab, question = line.partition("\t")
        if not tab or not question.strip():
            raise _not(path, at, line, "a question: id, tab, question")
        found[name.strip()] = question.strip()
    return found


def read_judgements(path: Path) -> dict[str, dict[str, int]]:
    """Grades by question and answer: lines of TREC (`question 0 answer grade`; only the answer may hold
    spaces), or of `question TAB answer` with or without `TAB grade`. Raises as `read_questions`."""
    found: dict[str, dict[str, int]] = {}
    for at, line in _lines(_text(path)):
        parts = _judgement(line)
        if parts is None:
            raise _not(path, at, line, "a judgement: question, 0, answer, grade; or separated by tabs")
        question, answer, grade = parts
        found.setdefault(question, {})[answer] = grade
    return found


def _judgement(line: str) -> tuple[str, str, int] | None:
    cells = [cell.strip() for cell in line.split("\t")]
    if len(cells) == 2:
        return cells[0], cells[1], 1
    if len(cells) == 3 and _is_grade(cells[2]):
        return cells[0], cells[1], int(cells[2])
    parts = line.split(maxsplit=2)
    if len(parts) < 3:
        return None
    answer, grade = parts[2].rsplit(maxsplit=1) if len(parts[2].split()) > 1 else ("", "")
    return (parts[0], answer, int(grade)) if answer and _is_grade(grade) else None


def _is_grade(text: str) -> bool:
    return re.fullmatch(r"-?\d{1,9}", text) is not None


def read_passages(path: Path) -> Passages:
    """A table with the columns docid, file, first_line and last_line (and any others), separated by tabs.
    Raises as `read_questions`."""
    rows = list(csv.reader(_text(path).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    header = rows[0] if rows else []
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise _not(path, 1, "\t".join(header), f"the names of columns: it lacks {', '.join(missing)}")
    name, file, first, last = map(header.index, _COLUMNS)
    found = []
    for at, row in enumerate(rows[1:], start=2):
        try:
            found.append((row[file], int(row[first]), int(row[last]), row[name]))
        except (ValueError, IndexError):
            raise _not(path, at, "\t".join(row), "a passage: its lines must be numbers") from None
    return Passages(found)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SourceMissing("there is no such file", path=str(path), hint="Give its path") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"it cannot be read: {error}", path=str(path), hint="Give a text in UTF-8"
        ) from None


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip())


def _not(path: Path, at: int, line: str, what: str) -> CorpusError:
    return CorpusError(f"line {at} ({line[:60]!r}) is not {what}", path=str(path), hint="Correct that line")


def mean(scores: Sequence[Scores]) -> Scores:
    """The means; of none, zeros."""
    count = max(len(scores), 1)
    return Scores(*(sum(getattr(each, name) for each in scores) / count for name in METRICS))
