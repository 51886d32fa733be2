"""Text with roles: stretches of it that will be bold, dim or marked once it is broken into lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .safe import escape
from .style import Role, Style
from .width import wrap

__all__ = ["Rich", "join", "lines", "span"]


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
