"""What an update did, for a person."""

from __future__ import annotations

from collections.abc import Iterator

from ...index.reports import PurgeReport, UpdateReport
from .overview import fact, size
from .safe import one_line
from .style import Style
from .words import counted, duration

__all__ = ["render", "render_line", "render_purge"]

_LISTED_CHANGES = 10
_LISTED_GAPS = 5


def render(report: UpdateReport, index: str, style: Style, *, options: str = "") -> str:
    """Counts; the documents themselves where they are few; the first new gaps with their reasons.

    index: which index it is, for display. options: what a further command needs to reach the same index.
    Gaps that the index had before are only counted.
    """
    return "\n".join([*_changed(report, index, style), *_gaps(report, style, options)]) + "\n"


def render_line(report: UpdateReport, when: str, *, options: str = "") -> str:
    """An update in one line, with the first new gap."""
    changes = [f"{name} {one_line(keys)}" for name, keys in _changes(report)]
    done = changes[0] if len(changes) == 1 else _counts(report)
    parts = [f"{when}  {done}", counted(report.documents, "document")]
    new = [gap for gap in report.gaps if gap not in report.known_gaps]
    if new:
        more = (
            f" and {len(new) - 1:,} more new gaps: docsearch status --gaps{options}" if len(new) > 1 else ""
        )
        parts.append(f"not read: {one_line(new[0][0])}: {one_line(new[0][1])}{more}")
    return "; ".join(parts) + "\n"


def render_purge(report: PurgeReport, style: Style) -> str:
    """What a purge did, in a line."""
    done = "nothing: no file of the index held deleted text"
    if report.segments or report.versions:
        gone = [counted(report.documents, "deleted document")] * bool(report.documents)
        gone += [counted(report.versions, "version")] * bool(report.versions)
        done = f"{' and '.join(gone)}; {size(report.bytes)} freed"
    if report.kept:
        done += f"; {counted(report.kept, 'version')} kept: --purge-versions drops them, too"
    return fact("purged", done, style) + "\n"


def _changed(report: UpdateReport, index: str, style: Style) -> Iterator[str]:
    yield fact("index", index, style)
    yield fact("documents", f"{report.documents:,} ({_counts(report)})", style)
    changes = [*_changes(report)]
    if len(changes) <= _LISTED_CHANGES:
        yield from (f"  {name:<8} {one_line(keys)}" for name, keys in changes)
    yield fact("read", f"{size(report.bytes)} in {duration(report.seconds)}", style)


def _gaps(report: UpdateReport, style: Style, options: str) -> Iterator[str]:
    if not report.gaps:
        return
    new = [gap for gap in report.gaps if gap not in report.known_gaps]
    count = f"{len(report.gaps):,}, things that were met and not read"
    if len(new) < len(report.gaps):
        count += f", {len(new):,} of them new" if new else ", none of them new"
    listed = new[:_LISTED_GAPS]
    if len(listed) < len(report.gaps):
        count += f": docsearch status --gaps{options}"
    yield fact("gaps", count, style, "warning")
    yield from (f"  {one_line(key)}: {one_line(reason)}" for key, reason in listed)
    if len(new) > len(listed):
        yield f"  and {len(new) - len(listed):,} more{' new ones' * (len(new) < len(report.gaps))}"


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
