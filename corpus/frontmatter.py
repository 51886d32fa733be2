"""Front matter: the `key: value` block between `---` lines at the very start of a text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .model import MetaValue

__all__ = ["FrontMatter", "split_front_matter", "typed_value"]

_LIMIT = 65_536  # characters; a longer block is not metadata

_OPEN = re.compile(r"\ufeff?(?:[ \t\r]*\n)*---[ \t\r]*\n")
_CLOSE = re.compile(r"^(?:---|\.\.\.)[ \t\r]*(?:\n|\Z)", re.MULTILINE)
_FIRST_FIELD = re.compile(r"(?:[ \t]*(?:#.*)?\n)*[\"']?[^\W\d_][\w .-]{0,60}[\"']?[ \t]*:(?:\s|\Z)")
_FIELD = re.compile(r"[\"']?(?P<key>[^\s:#\"'-][^:\n]{0,60}?)[\"']?[ \t]*:(?:[ \t]+(?P<value>.*))?")

# A field of one line in which YAML can see nothing but a plain name and a plain or quoted scalar.
_SIMPLE_FIELD = re.compile(
    r"(?P<key>[A-Za-z_][A-Za-z0-9_]{0,60}): "
    r"(?:(?P<plain>[A-Za-z0-9][A-Za-z0-9 ._/()+-]*)|\"(?P<quoted>[ !#-\[\]-~\xa0-\u2027\u202a-\ud7ff]*)\")\n"
)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}(?:[eE][-+][0-9]{1,2})?")
_DAY = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    r"(?:[Tt \t]+[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?)?"
)
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """fields: by name in lower case, in the order of the block; empty when there is none.

    end: offset in the text at which the body begins; 0 when there is no front matter.
    problem: empty, or what was lost or refused, as a sentence that names the line and the cause.
    """

    fields: Mapping[str, MetaValue] = field(default_factory=dict)
    end: int = 0
    problem: str = ""


def split_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a text; never raises.

    The block opens with a line `---` before anything else (a BOM or blank lines may precede it), its first
    line has the form `key: value`, and it ends with `---` or `...` within 64 KB. A block that is
    not YAML (mostly for a colon inside a title) is read line by line; what cannot be read even so is
    told in `problem`, unless little of it looks like fields: then it is text between two rules.

    >>> split_front_matter("---\\ntitle: Water: a plan\\ndate: 2023-03-15\\n---\\nBody").fields
    {'title': 'Water: a plan', 'date': datetime.date(2023, 3, 15)}
    """
    opening = _OPEN.match(text)
    if opening is None:
        return FrontMatter()
    start = opening.end()
    limit = len(text) if len(text) <= start + _LIMIT else text.rfind("\n", start, start + _LIMIT) + 1
    closing = _CLOSE.search(text, start, limit)
    if _FIRST_FIELD.match(text, start, closing.start() if closing else limit) is None:
        blank = closing is not None and not text[start : closing.start()].strip()
        return FrontMatter(end=closing.end()) if closing and blank else FrontMatter()
    line = text.count("\n", 0, start)
    if closing is None:
        cause = "does not end with --- within 64 KB; it was left in the text"
        return FrontMatter(problem=f"the front matter that opens in line {line} {cause}")
    fields, problem = _read_block(text[start : closing.start()].replace("\r\n", "\n"), line + 1)
    return FrontMatter(fields, closing.end(), problem) if fields is not None else FrontMatter()


def typed_value(text: str) -> MetaValue | None:
    """The value of an unquoted scalar: YAML 1.2's true and false, decimal numbers, days, else the text.

    None for null and for nothing. A time stamp gives its day. What YAML 1.1 would make of `NO`, `12:30`,
    `007` or `1_000` is rarely what the author of a title or a code meant: these stay text, and
    so do infinities, NaN and days that no calendar has.

    >>> typed_value("2023-03-15T08:00:00Z"), typed_value("42"), typed_value("NO"), typed_value("~")
    (datetime.date(2023, 3, 15), 42, 'NO', None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    if stamp := _DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(stamp["day"])
        except ValueError:
            return text
    return text


def _read_block(block: str, first_line: int) -> tuple[Mapping[str, MetaValue] | None, str]:
    """Fields and problem; None when the block is not front matter. `first_line`: of the block, from 1."""
    simple = _read_simple(block)
    if simple is not None:
        return simple, ""
    # Reading YAML costs 20 ms of start-up, which a text without front matter need not pay.
    from .yaml_block import YamlProblem, read_yaml_block

    try:
        fields, replaced = read_yaml_block(block, typed_value)
    except YamlProblem as problem:
        fields, lost, lines = _read_lines(block)
        if 2 * len(lost) > lines:
            return None, ""
        if problem.refused:
            where = f"front matter, line {first_line + problem.line}"
            return fields, f"{where}: {problem.cause}; it was read line by line"
        if lost:
            where = f"front matter, line {first_line + lost[0]}"
            return fields, f"{where}: not of the form `key: value`; {len(lost)} of {lines} lines were lost"
        return fields, ""
    if not replaced:
        return fields, ""
    line, name = replaced[0]
    return fields, f"front matter, line {first_line + line}: {name!r} is given again; the last value counts"


def _read_simple(block: str) -> dict[str, MetaValue] | None:
    """The fields of a block that is so simple that YAML would say the same, which takes three times as long;
    None for any other."""
    fields: dict[str, MetaValue | None] = {}
    at = 0
    while at < len(block):
        found = _SIMPLE_FIELD.match(block, at)
        if found is None or (name := found["key"].lower()) in fields:
            return None
        plain = found["plain"]
        fields[name] = found["quoted"].strip() if plain is None else typed_value(plain.strip())
        at = found.end()
    return {name: value for name, value in fields.items() if value is not None}


def _read_lines(block: str) -> tuple[dict[str, MetaValue], list[int], int]:
    """The fallback: every line is a field, or the continuation or list item of the field before it.

    Gives the fields, the numbers (from 0) of the lines that are neither, and how many hold anything.
    """
    fields: dict[str, MetaValue] = {}
    lost: list[int] = []
    lines, key = 0, ""
    for number, line in _meaningful(block):
        lines += 1
        if found := _FIELD.fullmatch(line):
            key = " ".join(found["key"].lower().split())
            value = _value(found["value"] or "")
            fields.pop(key, None)
            if value is not None:
                fields[key] = value
        elif key and (line[0] in " \t" or line.startswith("- ")):
            fields[key] = _continued(fields.get(key), line.strip())
        else:
            lost.append(number)
    return fields, lost, lines


def _meaningful(block: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(block.split("\n")):
        if line.strip() and not line.lstrip().startswith("#"):
            yield number, line.rstrip()


def _value(raw: str) -> MetaValue | None:
    text = raw.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else typed_value(text)


def _continued(value: MetaValue | None, line: str) -> MetaValue:
    if line.startswith("- ") and (value is None or isinstance(value, tuple)):
        return (*(value or ()), line[2:].strip().strip("\"'"))
    if isinstance(value, tuple):
        return (*value, line)
    return line if value is None else f"{value} {line}"
