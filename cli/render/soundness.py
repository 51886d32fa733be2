"""What a check and a repair found, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...index.checking import CheckReport, Finding
from ...index.repair import RepairReport
from .overview import size
from .safe import one_line
from .style import Style
from .words import counted

__all__ = ["render", "render_repair"]

_SHOWN = 20


def render(report: CheckReport, style: Style, *, options: str = "") -> str:
    """A line for each finding, then the sum. options: what a further command needs to reach the index."""
    lines = list(_listed(report.findings, style))
    if report.sources:
        lines += _listed(report.differing, style)
        same = report.sources - len(report.differing)
        lines.append(f"{same:,} of {counted(report.sources, 'file')} are as they were when they were read")
    read = f"{counted(report.files, 'file')} of the index, {size(report.bytes)}"
    if report.sound:
        lines.append(f"sound: {read}, generation {report.generation}")
    else:
        lines.append(f"not sound: {counted(len(report.findings), 'finding')} in {read}")
        lines.append(f"next: docsearch repair{options}")
    return "\n".join(lines) + "\n"


def render_repair(report: RepairReport, style: Style, *, options: str = "") -> str:
    lines = [
        *_listed([Finding(key, "lost: hand it over again") for key in report.lost], style),
        *_listed([Finding(key, "to be read again") for key in report.again], style),
        f"{counted(report.documents, 'document')} in the index, generation {report.generation}",
    ]
    if report.versions:
        lines.append(f"{counted(report.versions, 'kept version')} could not be read, and are gone")
    if report.again:
        lines.append(f"next: docsearch index{options}")
    return "\n".join(lines) + "\n"


def _listed(findings: Sequence[Finding], style: Style) -> Iterator[str]:
    for finding in findings[:_SHOWN]:
        yield f"{style.paint(one_line(finding.where), 'warning')}: {one_line(finding.what)}"
    if len(findings) > _SHOWN:
        yield f"and {len(findings) - _SHOWN:,} more"
