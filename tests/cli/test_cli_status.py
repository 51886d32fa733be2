"""The commands `status` and `show`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from docsearch.cli.render.page import around
from docsearch.corpus.citation import Citation
from docsearch.corpus.model import Anchor, Document, Gap
from docsearch.errors import CitationUnresolved
from docsearch.index.reports import Root, Status
from docsearch.search.citing import Resolved
from docsearch.search.results import Hit

Golden = Callable[[str, str], None]


@pytest.fixture
def citation(index: Any, document: Document, hit: Hit) -> str:
    """A citation that the index resolves to the second paragraph."""
    index.resolved = Resolved(Citation.parse(hit.citation), document, 1, "exact", "")
    return hit.citation


def test_status_is_as_it_was(index: Any, run: Any, golden: Golden) -> None:
    ran = run("status")
    assert (ran.code, ran.err) == (0, "")
    golden("status.text", ran.out)


def test_status_tells_what_is_missing(index: Any, run: Any) -> None:
    index.status_ = replace(index.status_, incomplete=True, gaps=3)
    out = run("status", "--index", "x y").out
    assert "3, things that were met and not read: docsearch status --gaps --index 'x y'" in out
    assert "docsearch index --index 'x y' goes on" in out


def test_status_tells_of_kept_versions(index: Any, run: Any) -> None:
    assert "versions" not in run("status").out
    index.status_ = replace(index.status_, keep_versions=True, versions=1200, versions_size=34_000)
    assert "versions    1,200 kept, 34.0 KB of the size\n" in run("status").out
    index.status_ = replace(index.status_, keep_versions=False)
    assert "versions    1,200 kept, 34.0 KB of the size; no more are kept\n" in run("status").out


def test_gaps_are_listed_with_their_reasons(index: Any, run: Any) -> None:
    index.gaps_ = (Gap("laws/a.bin", "not text"), Gap("laws/b\n.pdf", "no words\x1b", part="page 3"))
    ran = run("status", "--gaps")
    assert ran.code == 0
    assert ran.out == "laws/a.bin: not text\nlaws/b .pdf (page 3): no words\\x1b\n"


def test_that_there_are_no_gaps_is_said(run: Any, index: Any) -> None:
    ran = run("status", "--gaps")
    assert (ran.code, ran.out, ran.err) == (0, "", "no gaps: all that was met was read\n")


def test_a_root_with_another_name_than_its_folder_tells_it(run: Any, index: Any) -> None:
    index.status_ = replace(index.status_, roots=(Root("laws", "/a/laws"), Root("laws-2", "/b/laws")))
    assert "made from   /a/laws\n            /b/laws (as laws-2)\n" in run("status").out


def test_status_as_json_holds_every_field_of_the_library(index: Any, run: Any) -> None:
    index.gaps_ = (Gap("laws/b.pdf", "no words", part="page 3"),)
    content = json.loads(run("status", "--format", "json").out)
    assert content.keys() == {field.name for field in fields(Status)} | {"schema"}
    assert content["updated"] == "2024-05-06T07:08:00+00:00"
    listed = json.loads(run("status", "--gaps", "--format", "json").out)
    assert listed["gap_list"] == [{"key": "laws/b.pdf", "part": "page 3", "reason": "no words"}]


def test_show_gives_the_paragraph_in_its_context(citation: str, index: Any, run: Any, golden: Golden) -> None:
    ran = run("show", citation)
    assert (ran.code, ran.err) == (0, "")
    assert index.asked == [(citation, {})]
    golden("show.text", ran.out)
    golden("show.json", run("show", citation, "--context", "1", "--format", "json").out)


def test_show_without_context_gives_the_paragraph_alone(citation: str, run: Any) -> None:
    out = run("show", citation, "--context", "0").out
    assert "Whoever discharges" in out
    assert "The ministry" not in out
    assert "It may be" not in out


@pytest.mark.parametrize(("status", "code"), [("exact", 0), ("moved", 0), ("changed", 1)])
def test_show_tells_whether_the_words_are_those_that_were_cited(
    status: str, code: int, citation: str, index: Any, run: Any
) -> None:
    note = "" if status == "exact" else "The cited words no longer stand in this document"
    index.resolved = replace(index.resolved, status=status, note=note)
    for form in ("text", "json"):
        ran = run("show", citation, "--format", form)
        assert ran.code == code
        assert ran.err == (f"note: {note}\n" if note else "")


def test_a_citation_that_leads_nowhere_is_an_error(index: Any, run: Any) -> None:
    index.failure = CitationUnresolved("the index holds no such document", hint="Similar: x", path="a.md")
    ran = run("show", "a.md@1:s0:p1:x00000000")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "docsearch: error: a.md: the index holds no such document\nSimilar: x\n"


def test_show_keeps_the_lines_of_a_table_and_names_its_page(index: Any, document: Document, run: Any) -> None:
    text = "Rates\n\n| goods | rate |\n|-------|------|\n| tea   | 3 %  |"
    start = text.index("|")
    table = document.paragraphs[0]._replace(start=start, end=len(text), section=0, ordinal=1, kind="table")
    paper = replace(
        document,
        text=text,
        sections=(replace(document.sections[0], end=len(text), last=1),),
        paragraphs=(table,),
        anchors=(Anchor("page", 0, 7, 0), Anchor("page", 7, len(text), 1, "ii")),
    )
    index.resolved = Resolved(Citation("k", (0,), 1, "00000000"), paper, 0, "exact", "")
    out = run("show", "k@1:s0:p1:x00000000").out
    assert "¶ 1 · p. ii · line 3\n" in out
    assert "\n▌ | goods | rate |\n▌ | tea | 3 % |\n" in out


def test_a_heading_that_stands_for_itself_is_shown_once(index: Any, document: Document, run: Any) -> None:
    fees, text = document.sections[3], document.text[: document.sections[3].heading[1]]
    alone = document.paragraphs[3]._replace(
        start=fees.heading[0], end=fees.heading[1], line=12, kind="heading"
    )
    paper = replace(document, text=text, paragraphs=(*document.paragraphs[:3], alone))
    index.resolved = Resolved(Citation("k", (1, 2), 1, "00000000"), paper, 3, "exact", "")
    assert "\n▌ Fees\n" in run("show", "k@1:s1.2:p1:x00000000").out
    assert run("show", "k@1:s1.2:p1:x00000000").out.count("Fees") == 1
    index.resolved = replace(index.resolved, index=2)
    out = run("show", "k@1:s1.1:p2:x00000000").out
    assert out.count("Fees") == 1
    assert "\n  Fees\n" in out


def test_neighbours_tell_where_another_section_begins(document: Document) -> None:
    assert [one.heading for one in around(document, 1, 1).before] == ["Water act"]
    assert around(document, 1, 1).heading == "Permits"
    assert [one.heading for one in around(document, 1, 2).after] == ["", "Fees"]
    assert around(document, 1, 0) == around(document, 1, 0).__class__((), "", ())
    assert len(around(document, 0, 99).after) == 3
