"""What the long forms of the tests came to, as docs/trust.md tells it.

`DOCSEARCH_FIGURES=FILE python -m pytest -m slow` writes the file: for each part its figures by name, when
it ran, and on which commit and machine.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict, cast

from .machine import Machine, commit, describe
from .places import ROOT

__all__ = ["FIGURES", "PAGE", "Part", "note", "refreshed", "table"]

PAGE = ROOT / "docs" / "trust.md"
FIGURES = ROOT / "bench" / "results" / "trust" / "2026-11-24.json"

_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->"
_UNKNOWN = "not noted"


class Part(TypedDict):
    """A long form that ran. date: of its end. commit: "", and machine: None, where nobody noted them."""

    date: str
    commit: str
    machine: Machine | None
    figures: dict[str, float]


def note(path: Path, part: str, figures: Mapping[str, float]) -> None:
    """Put the figures of a part, which has just run, into the file, beside what it holds of other parts."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[part] = Part(
        date=dt.date.today().isoformat(), commit=commit(), machine=describe(), figures=dict(figures)
    )
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def table(path: Path = FIGURES) -> str:
    """A line for each part, and one for each machine."""
    parts = cast("dict[str, Part]", json.loads(path.read_text(encoding="utf-8")))
    rows = [
        f"| {name} | {_told(part['figures'])} | {part['date']} | {_commit(part)} |"
        for name, part in parts.items()
    ]
    machines = dict.fromkeys(_machine(part["machine"]) for part in parts.values())
    head = ("| part | figures | date | commit |", "| --- | --- | --- | --- |")
    return "\n".join((*head, *rows, "", f"Machine: {'; '.join(machines)}.")) + "\n"


def _told(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in figures.items())


def _commit(part: Part) -> str:
    return f"`{part['commit']}`" if part["commit"] else _UNKNOWN


def _machine(machine: Machine | None) -> str:
    """Without the load, which differs from part to part."""
    if machine is None:
        return _UNKNOWN
    packages = ", ".join(f"{name} {version}" for name, version in machine["packages"].items())
    return (
        f"{machine['cpu']}, {machine['cores']} cores, {machine['memory_gb']} GB, {machine['system']}, "
        f"Python {machine['python']}, {packages}"
    )


def refreshed(page: str) -> str:
    """The page with its table made anew from the committed file."""
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{table()}\n{_END}{rest.partition(_END)[2]}"
