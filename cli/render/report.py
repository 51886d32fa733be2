"""What an update did, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from ...index.reports import UpdateReport
from .overview import fact, size
from .safe import one_line
from .style import Style
from .words import duration

__all__ = ["render"]

_LISTED_CHANGES = 10
_LISTED_GAPS = 5


def render(report: UpdateReport, index: str, style: Style, *, options: str = "") -> str:
    """Counts; the documents themselves where they are few; the first gaps with their reasons.

    index: which index it is, for display. options: what a further command needs to reach the same index.
    """
    return "\n".join(_lines(report, index, style, options)) + "\n"


def _lines(report: UpdateReport, index: str, style: Style, options: str) -> Iterator[str]:
    yield fact("index", index, style)
    yield fact("documents", f"{report.documents:,} ({_counts(report)})", style)
    changes = [*_changes(report)]
    if len(changes) <= _LISTED_CHANGES:
        yield from (f"  {name:<8} {one_line(keys)}" for name, keys in changes)
    yield fact("read", f"{size(report.bytes)} in {duration(report.seconds)}", style)
    if report.gaps:
        yield fact("gaps", f"{len(report.gaps):,}, things that were met and not read", style, "warning")
        for key, reason in report.gaps[:_LISTED_GAPS]:
            yield f"  {one_line(key)}: {one_line(reason)}"
        rest = len(report.gaps) - _LISTED_GAPS
        yield f"  {f'and {rest:,} more: ' if rest > 0 else 'again: '}docsearch status --gaps{options}"


def _counts(report: UpdateReport) -> str:
    counts = {
        "added": len(report.added),
        "changed": len(report.changed),
        "renamed": len(report.renamed),
        "removed": len(report.removed),
        "unchanged": report.unchanged,
    }
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"


def _changes(report: UpdateReport) -> Iterator[tuple[str, str]]:
    yield from (("added", key) for key in report.added)
    yield from (("changed", key) for key in report.changed)
    yield from (("renamed", f"{old} -> {new}") for old, new in report.renamed)
    yield from (("removed", key) for key in report.removed)
