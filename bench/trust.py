"""What the long forms of the tests came to, as docs/trust.md tells it.

`DOCSEARCH_FIGURES=FILE python -m pytest -m slow` writes the file: for each part its figures by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from .places import ROOT

__all__ = ["FIGURES", "PAGE", "refreshed", "table"]

PAGE = ROOT / "docs" / "trust.md"
FIGURES = ROOT / "bench" / "results" / "trust" / "2026-11-24.json"

_BEGIN, _END = "<!-- figures -->\n", "<!-- end of figures -->"


def table(path: Path = FIGURES) -> str:
    """A line for each part."""
    parts = json.loads(path.read_text(encoding="utf-8"))
    rows = (f"| {part} | {_told(numbers)} |" for part, numbers in parts.items())
    return "\n".join(("| part | figures |", "| --- | --- |", *rows)) + "\n"


def _told(numbers: Mapping[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in numbers.items())


def refreshed(page: str) -> str:
    """The page with its table made anew from the committed file."""
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{table()}\n{_END}{rest.partition(_END)[2]}"
