"""The reference page is that of the commands as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docsearch.cli.reference import KEYS, page
from docsearch.corpus.citation import Citation
from docsearch.corpus.model import Document
from docsearch.search.citing import Resolved

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_page_is_not_stale() -> None:
    stale = "docs/cli.md is stale: python -m docsearch.cli.reference > docs/cli.md"
    assert (DOCS / "cli.md").read_text(encoding="utf-8") == page(), stale


def test_the_page_documents_every_option(run: Any) -> None:
    text = page()
    for option in (
        "--limit",
        "--offset",
        "--scope",
        "--group",
        "--format",
        "--index",
        "--context",
        "--color",
    ):
        assert option in text


ASKED = ("--gaps", "--changes", "--fingerprint")


@pytest.mark.parametrize(
    ("title", "args"),
    [
        ("`docsearch QUERY --format json`", ("permit", "--context", "1", "--format", "json")),
        ("`docsearch show CITATION --format json`", ("show", "k@1:s0:p1:x00000000", "--format", "json")),
        ("`docsearch status --format json`", ("status", *ASKED, "--format", "json")),
    ],
)
def test_the_page_documents_every_key_and_no_other(
    title: str, args: tuple[str, ...], index: Any, document: Document, run: Any
) -> None:
    index.resolved = Resolved(Citation("k", (0,), 1, "00000000"), document, 1, "exact", "")
    content = json.loads(run(*args).out)
    assert content.keys() == KEYS[title].keys()
    for name in ("reading", "totals", "meta"):
        if name in content:
            assert content[name].keys() == KEYS[f"`{name}`"].keys()
    for hit in content.get("hits", ()):
        assert hit.keys() == KEYS["an element of `hits`"].keys()
        assert hit["meta"].keys() == KEYS["`meta`"].keys()
