"""Text with roles: stretches of it that will be bold, dim or marked once it is broken into lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .safe import escape
from .style import Role, Style
from .width import clip, columns, wrap

__all__ = ["Rich", "clipped", "join", "lines", "row", "size", "span"]


@dataclass(frozen=True, slots=True)
class Rich:
    """Escaped text and its runs: `(start, end, role)`, sorted, disjoint, within the text."""

    text: str
    runs: tuple[tuple[int, int, Role], ...] = ()

    def __add__(self, other: Rich) -> Rich:
        by = len(self.text)
        moved = tuple((start + by, end + by, role) for start, end, role in other.runs)
        return Rich(self.text + other.text, self.runs + moved)


def span(text: str, role: Role = "plain") -> Rich:
    """One stretch in one role, escaped."""
    safe = escape(text)
    return Rich(safe, ((0, len(safe), role),) if safe and role != "plain" else ())


def join(parts: Iterable[Rich], separator: Rich) -> Rich:
    """The parts that are not empty, with the separator between them."""
    whole = Rich("")
    for part in parts:
        if part.text:
            whole = whole + separator + part if whole.text else part
    return whole


def lines(rich: Rich, width: int, style: Style, indent: str = "", first: str | None = None) -> list[str]:
    """Wrapped to `width` columns, indent included, and painted. `first`: what the first line begins with
    instead of the indent (it must be as wide)."""
    flat = rich if style.colour else _with_marks(rich, style)
    room = max(width - len(indent), 2)
    broken = [_painted(flat, start, end, style) for start, end in wrap(flat.text, room)]
    starts = [indent if first is None else first, *[indent] * len(broken)]
    return [start + line for start, line in zip(starts, broken, strict=False)]


def size(rich: Rich, style: Style) -> int:
    """The columns that it takes on one line; without colour the marks take some too."""
    return columns(rich.text if style.colour else _with_marks(rich, style).text)


def clipped(rich: Rich, width: int, style: Style) -> Rich:
    """What fits into `width` (at least 1) columns: the whole, or its beginning and "…"."""
    if size(rich, style) <= width:
        return rich
    end = len(clip(rich.text, width))
    while end and size(_cut(rich, end), style) > width:
        end -= 1
    return _cut(rich, end)


def _cut(rich: Rich, end: int) -> Rich:
    text = rich.text[:end].rstrip()
    runs = ((start, min(stop, len(text)), role) for start, stop, role in rich.runs if start < len(text))
    return Rich(f"{text}…", tuple(runs))


def row(rich: Rich, width: int, style: Style) -> Rich:
    """What fits into one line: the beginning, or, if the first match is not in it, a stretch around that."""
    short = clipped(rich, width, style)
    first = next((run for run in rich.runs if run[2] == "match"), None)
    if first is None or first in short.runs or first[0] == 0:
        return short
    begin = rich.text.find(" ", max(first[0] - width // 3, 0), first[0]) + 1 or first[0]
    runs = (
        (max(start, begin) - begin, stop - begin, role) for start, stop, role in rich.runs if stop > begin
    )
    return clipped(Rich("… ") + Rich(rich.text[begin:], tuple(runs)), width, style)


def _with_marks(rich: Rich, style: Style) -> Rich:
    """Without colour the marks are part of the text, so that they are counted when it is broken."""
    return Rich("".join(style.paint(text, role) for text, role in _stretches(rich, 0, len(rich.text))))


def _painted(rich: Rich, start: int, end: int, style: Style) -> str:
    return "".join(style.paint(text, role) for text, role in _stretches(rich, start, end))


def _stretches(rich: Rich, start: int, end: int) -> Iterator[tuple[str, Role]]:
    """The text of `[start, end)` cut where the role changes."""
    at = start
    for begin, stop, role in rich.runs:
        begin, stop = max(begin, at), min(stop, end)
        if begin < stop:
            yield rich.text[at:begin], "plain"
            yield rich.text[begin:stop], role
            at = stop
    yield rich.text[at:end], "plain"
