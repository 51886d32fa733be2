"""What an index says of itself, for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from ...corpus.model import Gap
from ...index.reports import Root, Status
from .safe import one_line
from .style import Role, Style
from .words import counted

if TYPE_CHECKING:
    from ...index.changes import Changes

__all__ = ["elapsed", "fact", "render", "render_changes", "render_gaps", "size"]

_UNITS = ("bytes", "KB", "MB", "GB", "TB")


def render(status: Status, style: Style, *, options: str = "") -> str:
    """A line for each fact. options: what a further command needs to reach the same index."""
    lines = [fact(name, text, style) for name, text in _facts(status, options)]
    if status.incomplete:
        goes_on = f"the first build has not ended; docsearch index{options} goes on from where it stopped"
        lines.append(fact("incomplete", goes_on, style, "warning"))
    return "\n".join(lines) + "\n"


def fact(name: str, text: str, style: Style, role: Role = "dim") -> str:
    """A line with its name in front."""
    return f"{style.paint(name.ljust(10), role)}  {one_line(text)}"


def _facts(status: Status, options: str) -> Iterator[tuple[str, str]]:
    yield "index", status.path or "in memory"
    yield "documents", f"{status.documents:,}"
    yield "paragraphs", f"{status.paragraphs:,} in {counted(status.sections, 'section')}"
    most_first = sorted(status.languages.items(), key=lambda item: (-item[1], item[0]))
    if most_first:
        yield "languages", ", ".join(f"{code} {counted(count, 'paragraph')}" for code, count in most_first)
    for place, root in enumerate(status.roots):
        yield "" if place else "made from", _root(root)
    yield "size", f"{size(status.size)} in {counted(status.segments, 'segment')}"
    if status.keep_versions or status.versions:
        more = "" if status.keep_versions else "; no more are kept"
        yield "versions", f"{status.versions:,} kept, {size(status.versions_size)} of the size{more}"
    if status.semantic:
        yield "meaning", f"paragraphs have vectors, {size(status.vectors_size)} of the size"
    yield "updated", f"{_when(status.updated)} (generation {status.generation}, format {status.format})"
    yield "created", _when(status.created)
    if status.gaps:
        yield "gaps", f"{status.gaps:,}, things that were met and not read: docsearch status --gaps{options}"
    else:
        yield "gaps", "none: all that was met was read"


def _root(root: Root) -> str:
    """Its path, and the first part of its keys where that is another name."""
    path = root.path if PurePath(root.path).name == root.name else f"{root.path} (as {root.name})"
    only = f", only {' '.join(root.include)}" if root.include else ""
    spoken = f", in {root.language} where nothing else is stated" if root.language else ""
    return f"{path}{only}{', without ' + ' '.join(root.exclude) if root.exclude else ''}{spoken}"


def _when(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M UTC")


def render_gaps(gaps: Iterable[Gap]) -> str:
    """A line for each gap: its key, its part where it is one, the reason."""
    return "".join(
        f"{one_line(gap.key)}{f' ({one_line(gap.part)})' if gap.part else ''}: {one_line(gap.reason)}\n"
        for gap in gaps
    )


def render_changes(changes: Changes, status: Status, style: Style, *, options: str = "") -> str:
    """A line for each file that differs, and one that counts them. options: as for `render`."""
    told = [
        *(("new", key) for key in changes.new),
        *(("changed", key) for key in changes.changed),
        *(("renamed", f"{old} -> {new}") for old, new in changes.renamed),
        *(("gone", key) for key in changes.gone),
    ]
    lines = [fact(what, key, style) for what, key in told]
    lines += [fact("not there", path, style, "warning") for path in changes.missing]
    age = elapsed((dt.datetime.now(dt.UTC) - status.updated).total_seconds())
    if told:
        counts = ", ".join(f"{len(each):,} {name}" for name, each in _counts(changes) if each)
        what = f"{counts}, {changes.unchanged:,} as indexed {age} ago: docsearch index{options} catches up"
    else:
        what = f"all {counted(changes.unchanged, 'file')} are as they were indexed {age} ago"
    return "\n".join([*lines, fact("files", what, style)]) + "\n"


def _counts(changes: Changes) -> Iterator[tuple[str, Sequence[object]]]:
    yield "new", changes.new
    yield "changed", changes.changed
    yield "renamed", changes.renamed
    yield "gone", changes.gone


def elapsed(seconds: float) -> str:
    """
    >>> elapsed(59), elapsed(7300), elapsed(86400 * 3)
    ('1 minute', '2 hours', '3 days')
    """
    for unit, name in ((86400, "day"), (3600, "hour")):
        if seconds >= 2 * unit:
            return counted(int(seconds // unit), name)
    return counted(max(1, round(seconds / 60)), "minute")


def size(count: int) -> str:
    """
    >>> size(999), size(3_456_789)
    ('999 bytes', '3.5 MB')
    """
    number, unit = float(count), 0
    while number >= 1000 and unit < len(_UNITS) - 1:
        number, unit = number / 1000, unit + 1
    return f"{number:.1f} {_UNITS[unit]}" if unit else f"{count} bytes"
