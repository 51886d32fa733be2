"""The words of a message: its paragraphs, and what it quotes of others."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...draft import Draft
from ..plain import write_plain

__all__ = ["write_text"]

_QUOTED = re.compile(r"(?:>[ \t]?)+")
_SIGNATURE = "-- "


def write_text(text: str, draft: Draft, *, flowed: bool) -> None:
    """Write plain text; lines that begin with `>` become quotations without that mark.

    flowed: a space at the end of a line says that the next one goes on (RFC 3676).
    """
    for quoted, lines in _runs(text.split("\n")):
        joined = _unfolded(lines) if flowed else lines
        write_plain("\n".join(joined), draft, kind="quote" if quoted else None)


def _runs(lines: list[str]) -> Iterator[tuple[bool, list[str]]]:
    """Successive lines that are all quoted, with their marks taken away, or all not."""
    run: list[str] = []
    depth = 0
    for line in lines:
        mark = _QUOTED.match(line)
        here = mark[0].count(">") if mark else 0
        if here != depth and run:
            yield depth > 0, run
            run = []
        depth = here
        run.append(line[mark.end() :] if mark else line)
    yield depth > 0, run


def _unfolded(lines: list[str]) -> Iterator[str]:
    held: list[str] = []
    for line in lines:
        held.append(line.removeprefix(" "))
        if not line.endswith(" ") or line == _SIGNATURE:
            yield "".join(held)
            held.clear()
    if held:
        yield "".join(held)
