"""Files of judged questions, in the forms of TREC or with tabs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from ..errors import CorpusError, SourceMissing
from ..search.judgements import Passages

__all__ = ["read_judgements", "read_passages", "read_questions"]

_TOPIC = re.compile(r"<top>.*?<num>\s*(?:Number:)?\s*(\S+).*?<title>\s*(.*?)\s*(?=<)", re.DOTALL)
_COLUMNS = ("docid", "file", "first_line", "last_line")


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
