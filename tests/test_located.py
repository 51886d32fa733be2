"""Where hits stand in their sources: what a source does not have is not shown."""

from __future__ import annotations

from pathlib import Path

import pytest
from docsearch.corpus.located import Place, has_lines, has_slides, locate
from docsearch.corpus.model import Anchor
from docsearch.search.facade import open_index
from docsearch.search.results import Hit


def hit(folder: Path, name: str, content: bytes, query: str) -> Hit:
    root = folder / "laws"
    root.mkdir()
    (root / name).write_bytes(content)
    with open_index(folder / "index", create=True) as index:
        index.update([root])
        return index.search(query)[0]


def test_rows_of_a_table(tmp_path: Path) -> None:
    found = hit(tmp_path, "fees.csv", b"permit,fee\nfishing,20 dollars\nmooring,45 dollars\n", "mooring")
    assert (found.line, found.page, found.sheet, found.cell) == (None, "", "", "row 3")


@pytest.mark.parametrize("name", ["act.txt", "act.md"])
def test_lines_of_a_text(tmp_path: Path, name: str) -> None:
    found = hit(tmp_path, name, b"Water.\n\nMooring needs a permit.\n", "mooring")
    assert (found.line, found.page, found.sheet, found.cell) == (3, "", "", "")


def test_pages_without_lines(tmp_path: Path) -> None:
    page = b"<html><body><p>" + b"Water. " * 40 + b"</p><p>Mooring needs a permit.</p></body></html>"
    assert hit(tmp_path, "act.html", page, "mooring").line is None


def test_places_by_anchors() -> None:
    anchors = [
        Anchor("page", 0, 10, 0, "iv"),
        Anchor("page", 10, 20, 1),
        Anchor("sheet", 10, 20, 2),
        Anchor("cell", 12, 14, 4),
    ]
    assert locate(anchors, 3) == Place(0, "iv")
    assert locate(anchors, 12) == Place(1, "", "3", "row 5")
    assert locate(anchors, 20) == Place()


def test_kinds_of_sources() -> None:
    assert has_lines("text/plain")
    assert has_lines("text/x-of-a-program")
    assert not has_lines("application/pdf")
    assert has_slides("application/vnd.openxmlformats-officedocument.presentationml.presentation")
    assert not has_slides("application/pdf")
