"""CSV and its kin: a row is a paragraph with the names of its columns, whatever divides them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from ...errors import CorpusError
from ..decode import canonical, decode
from ..draft import Draft
from ..model import Gap, Reading
from ..reading import EMPTY
from .columns import Cell, Row, Rows

__all__ = ["delimiter_of", "read_delimited"]

_SAMPLE = 65_536  # characters that tell the delimiter
_LINES = 200
_STATED = re.compile(r"""\A"?sep=(\t|[^\w\s"'])"?\n""", re.IGNORECASE)
_DELIMITERS = ("\t", ";", "|", ",")  # the first among equals: commas stand in words and numbers, too


def read_delimited(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
    """Read a file of rows (`.csv`, `.tsv`, `.tab`). A reader, as `registry.Reader` says.

    A row that its quotation marks make longer than 131,072 characters is taken for what it mostly is: a mark
    that never closes, after which lines are rows whatever their marks.
    """
    decoded = canonical(content) if isinstance(content, str) else decode(content)
    text = decoded.text
    gaps = [Gap(key, problem, part="encoding") for problem in decoded.problems]
    stated = _STATED.match(text)
    delimiter = stated[1] if stated else delimiter_of(text[:_SAMPLE], media_type)
    draft = Draft()
    rows = Rows(draft)
    try:
        for number, cells in enumerate(_records(text[stated.end() if stated else 0 :], delimiter)):
            found = [Cell.of(column, words) for column, words in enumerate(cells)]
            rows.add(Row(number, f"row {number + 1}", [cell for cell in found if cell is not None]))
        rows.finish()
    except CorpusError as error:
        gaps.append(Gap(key, error.message, part="rows"))
    document = draft.document(key=key, name=name, media_type=media_type)
    if document is None:
        return Reading((), tuple(gaps) or (Gap(key, EMPTY),))
    return Reading((document,), tuple(gaps))


def delimiter_of(sample: str, media_type: str = "text/csv") -> str:
    """What divides the cells: that by which the most lines have equally many, more than one; "" for none.

    >>> delimiter_of("name;fee\\\\nAda;1,5\\\\nBob;2,5\\\\n")
    ';'
    """
    if media_type == "text/tab-separated-values" and "\t" in sample:
        return "\t"
    lines = sample.split("\n")
    lines = lines[:-1] if len(lines) > 1 else lines  # the last one may be cut
    best = max(_DELIMITERS, key=lambda delimiter: _agreement("\n".join(lines[:_LINES]), delimiter))
    return best if _agreement("\n".join(lines[:_LINES]), best) > 0 else ""


def _agreement(sample: str, delimiter: str) -> float:
    """The share of rows that have the commonest number of cells, of those above one; more cells count a
    little more, so that a comma within words does not win."""
    if delimiter not in sample:
        return 0
    widths = Counter(len(row) for row in _records(sample, delimiter) if any(row))
    width, count = max(((w, n) for w, n in widths.items() if w > 1), key=lambda each: each[1], default=(1, 0))
    return count / widths.total() * (1 - 1 / (4 * width))


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The rows of a text, empty ones too."""
    lines = text.split("\n")
    if not delimiter:
        yield from ([line] for line in lines)
        return
    done = 0
    reader = csv.reader(_counted(lines), delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            done = reader.line_num
            yield row
    except csv.Error:
        yield from (line.split(delimiter) for line in lines[done:])


def _counted(lines: list[str]) -> Iterator[str]:
    """The lines as the `csv` module wants them, with their ends."""
    return (f"{line}\n" for line in lines)
