"""The command `search`: its formats, what it says of an answer, its exit code."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from docsearch.corpus.model import Metadata, ParagraphKind, PartialDate
from docsearch.index.query import Scope
from docsearch.index.records import Totals
from docsearch.index.reports import Root
from docsearch.search.results import Hit, NearWord, QueryReading, Results, Snippet

Golden = Callable[[str, str], None]

FORMATS = ["text", "table", "json", "jsonl", "csv", "paths"]


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_what_it_was(form: str, index: Any, run: Any, golden: Golden) -> None:
    ran = run("permit", "--format", form)
    assert (ran.code, ran.err) == (0, "")
    golden(f"search.{form}", ran.out)


@pytest.mark.parametrize("form", FORMATS)
def test_without_hits_there_is_no_data_and_exit_code_1(
    form: str, index: Any, nothing: Results, run: Any, golden: Golden
) -> None:
    index.results = nothing
    ran = run("permit", "--format", form)
    assert ran.code == 1
    assert "Nothing found in the 2 documents that were read" in ran.err
    if form in ("json", "csv"):
        golden(f"nothing.{form}", ran.out)
    else:
        assert ran.out == ""


def test_colours_are_as_they_were(index: Any, run: Any, golden: Golden) -> None:
    golden("search.colour.text", run("permit", "--color", "always").out)


def test_a_narrow_screen_is_filled_no_further(index: Any, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    lines = run("permit").out.splitlines()
    assert all(len(line) <= 40 for line in lines if "@1:" not in line)
    assert sum("@1:" in line for line in lines) == 1


@pytest.mark.parametrize("form", ["text", "table"])
def test_the_line_beneath_the_hits_breaks_between_facts_only(
    index: Any, run: Any, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    index.results = replace(index.results, totals=Totals(2341, 5223, 2341), gaps=3)
    for width in range(60, 90):
        monkeypatch.setenv("COLUMNS", str(width))
        lines = run("permit", "--limit", "1", "--format", form).out.splitlines()
        (start,) = (number for number, line in enumerate(lines) if "(scope: " in line)
        assert max(map(len, lines[start:])) <= width
        assert any("docsearch status --gaps" in line for line in lines[start:])
        assert any("more: --offset " in line for line in lines[start:])


def test_context_shows_the_whole_paragraph_and_its_neighbours(index: Any, run: Any, golden: Golden) -> None:
    golden("context.text", run("permit", "--context", "1").out)
    content = json.loads(run("permit", "--context", "1", "--format", "json").out)
    assert [one["text"] for one in content["hits"][0]["context"]["before"]] == [
        "The ministry grants **permits** for discharge into rivers."
    ]
    assert [one["text"] for one in content["hits"][0]["context"]["after"]] == ["It may be withdrawn."]


def test_json_holds_every_field_of_the_library(index: Any, run: Any) -> None:
    content = json.loads(run("permit", "--format", "json").out)
    names = {field.name for field in fields(Results)}
    assert names - {"reading"} <= content.keys()
    assert content["reading"].keys() == {field.name for field in fields(QueryReading)}
    assert content["totals"].keys() == {field.name for field in fields(Totals)}
    assert content["hits"][0].keys() == {field.name for field in fields(Hit)} | {"date"}
    assert content["hits"][0]["meta"].keys() == {field.name for field in fields(Metadata)}


def test_json_ranges_slice_the_text_that_was_indexed(index: Any, run: Any) -> None:
    found = json.loads(run("permit", "--format", "json").out)["hits"][0]
    text = index.known.text
    assert text[found["start"] : found["end"]] == found["text"]
    for snippet in found["snippets"]:
        assert text[snippet["start"] : snippet["end"]] == snippet["text"]
        assert [text[start:end] for start, end in snippet["highlights"]] == ["permit"]


def test_json_lines_are_the_hits_of_json(index: Any, run: Any) -> None:
    lines = run("permit", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == json.loads(run("permit", "--format", "json").out)["hits"]


def test_json_stays_strict_and_unchanged_whatever_it_holds(index: Any, run: Any) -> None:
    nasty = "a\x1b[31m\x9b\u202e\ud800 “ü” \u2028"
    extra = {"nan": float("nan"), "inf": float("inf"), "day": PartialDate(2020, 1, 2).first_day}
    first = index.results.hits[0]
    meta = replace(first.meta, title=nasty, extra=extra)
    index.results = replace(index.results, hits=(replace(first, title=nasty, meta=meta, score=float("inf")),))
    out = run("permit", "--format", "json").out

    def refuse(constant: str) -> float:
        raise AssertionError(constant)

    found = json.loads(out, parse_constant=refuse)["hits"][0]
    assert found["title"] == nasty
    assert found["score"] is None
    assert found["meta"]["extra"] == {"nan": None, "inf": None, "day": "2020-01-02"}
    assert not set(out) & set("\x1b\x9b\u202e\ud800")


def test_csv_reads_back_and_holds_no_formula(index: Any, run: Any) -> None:
    first = index.results.hits[0]
    titles = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", 'say "a", b', "two\nlines", "plain", "＝1"]
    index.results = replace(index.results, hits=tuple(replace(first, title=title) for title in titles))
    rows = list(csv.DictReader(io.StringIO(run("permit", "--format", "csv").out)))
    assert [row["title"] for row in rows] == [
        *("'=1+1", "'+1", "'-1", "'@x", "'=1", "'=1", 'say "a", b', "two lines", "plain", "'＝1"),
    ]
    assert {row["citation"] for row in rows} == {first.citation}


def test_paths_are_those_of_the_files_once_each(index: Any, run: Any) -> None:
    first = index.results.hits[0]
    record = replace(first, key="row:7", root="", path="")
    single = replace(first, key="note.txt", root="note.txt", path="")
    gone = replace(first, key="gone/a.md", root="gone", path="a.md")
    index.results = replace(index.results, hits=(first, record, first, single, gone))
    index.status_ = replace(
        index.status_, roots=(Root("laws", "/srv/laws"), Root("note.txt", "/srv/note.txt"))
    )
    out = run("permit", "--format", "paths").out
    assert out == f"{Path('/srv/laws/water act.md')}\nrow:7\n/srv/note.txt\ngone/a.md\n"
    assert index.asked[0][1]["group"] is True


@pytest.mark.parametrize("columns", [40, 59, 60, 80, 100, 130, 160])
def test_a_table_fits_the_screen_and_its_citations_are_whole_or_left_out(
    columns: int, index: Any, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    first = index.results.hits[0]
    long = replace(first, title="A title that goes on and on " * 5, headings=("A heading with words",) * 4)
    index.results = replace(index.results, hits=(long, replace(long, rank=2)))
    lines = run("permit", "--format", "table").out.splitlines()
    rows = lines[2:4]
    assert all(len(line) <= columns for line in lines[:4])
    assert all("A tit" in row for row in rows)
    if columns >= 80:
        assert all("A title that goes on and on" in row for row in rows)
        assert all("¶ 1 · line 7" in row for row in rows)
    cited = [first.citation in row for row in rows]
    assert all(cited) if columns >= 130 else not any(cited)
    note = "citations: in a wider window, or with --format text"
    assert (lines[-1] == note) is not all(cited)


@pytest.mark.parametrize("form", ["text", "table"])
def test_more_is_offered_where_there_is_more(form: str, index: Any, run: Any) -> None:
    three = Totals(units=3, paragraphs=3, documents=3)
    index.results = replace(index.results, totals=three)
    assert "more: --offset 1" in run("permit", "--format", form).out
    assert "more:" not in run("permit", "--format", form, "--after", "start").out  # stderr has the cursor
    index.results = replace(index.results, folded=2)
    assert "more:" not in run("permit", "--format", form).out


def test_a_table_tells_the_totals(index: Any, run: Any) -> None:
    index.results = replace(index.results, totals=Totals(units=9, paragraphs=31, documents=9), gaps=2)
    assert (
        "1–1 of 31 paragraphs in 9 documents (scope: document) · 12 ms\n2 gaps: docsearch status --gaps"
        " · more: --offset 1\n"
    ) in run("permit", "--format", "table").out
    first = index.results.hits[0]
    index.results = replace(index.results, hits=(replace(first, group_size=4),))
    assert "1–1 of 9 documents, 31 paragraphs" in run("permit", "--group", "--format", "table").out
    # Also where every document shown has one matching paragraph only.
    index.results = replace(index.results, hits=(replace(first, group_size=1),))
    assert "1–1 of 9 documents, 31 paragraphs" in run("permit", "--group", "--format", "table").out


def test_grouped_hits_tell_how_many_more_there_are(index: Any, run: Any) -> None:
    first = index.results.hits[0]
    index.results = replace(
        index.results,
        hits=(replace(first, group_size=4),),
        totals=Totals(units=9, paragraphs=31, documents=9),
    )
    out = run("permit", "--group").out
    assert "+ 3 more paragraphs of this document" in out
    assert "1–1 of 9 documents, 31 paragraphs (scope: document)" in out
    assert "more: --offset 1" in out


@pytest.mark.parametrize(
    ("scope", "says"),
    [
        (Scope.PARAGRAPH, "1–1 of 23 paragraphs in 7 documents (scope: paragraph)"),
        (Scope.SECTION, "1–1 of 23 paragraphs in 7 documents, 9 sections (scope: section)"),
        (Scope.DOCUMENT, "1–1 of 23 paragraphs in 7 documents (scope: document)"),
    ],
)
def test_totals_state_their_scope(scope: Scope, says: str, index: Any, run: Any) -> None:
    units = {Scope.PARAGRAPH: 23, Scope.SECTION: 9, Scope.DOCUMENT: 7}[scope]
    index.results = replace(
        index.results, totals=Totals(units, 23, 7), reading=replace(index.results.reading, scope=scope)
    )
    assert says in " ".join(run("permit").out.split())


def test_what_qualifies_an_answer_is_said_in_every_format(index: Any, run: Any) -> None:
    reading = replace(
        index.results.reading,
        tree='"water act"',
        notices=("The quotation mark that was left open was closed",),
    )
    index.results = replace(index.results, reading=reading, gaps=3, incomplete=True)
    for form in FORMATS:
        ran = run('"water act', "--format", form)
        said = ran.out if form == "text" else ran.err
        assert "note: The quotation mark that was left open was closed" in said
        assert 'note: read as: "water act"' in said
        assert "note: the index is incomplete" in " ".join(said.split())
    text = run("permit", "--index", "/my index").out
    assert "3 gaps: docsearch status --gaps --index '/my index'" in " ".join(text.split())


def test_nothing_found_tells_all_that_helps(index: Any, nothing: Results, run: Any, golden: Golden) -> None:
    reading = replace(
        nothing.reading, query="fentynal (", tree="fentynal", notices=("A parenthesis was ignored",)
    )
    near = (NearWord("fentynal", (("fentanyl", 12), ("fentanyls", 1))), NearWord("zzz", ()))
    index.results = replace(
        nothing, reading=reading, documents=1234, gaps=3, incomplete=True, near_words=near
    )
    golden("nothing.err", run("fentynal", "(").err)


def test_words_that_all_occur_are_asked_for_in_a_wider_scope(index: Any, nothing: Results, run: Any) -> None:
    index.results = replace(nothing, reading=replace(nothing.reading, scope=Scope.PARAGRAPH))
    assert "--scope document asks more widely" in run("a AND b", "--scope", "paragraph").err


def test_missing_words_are_named_beside_hits(index: Any, run: Any) -> None:
    near = (NearWord("landlrod", (("landlord", 1234), ("landlords", 1))), NearWord("zz", ()))
    index.results = replace(index.results, near_words=near)
    for form in FORMATS:
        ran = run("permit landlrod zz", "--format", form)
        said = " ".join((ran.out if form == "text" else ran.out + ran.err).split())
        assert "note: no paragraph has “landlrod”; near it: landlord (1,234), landlords (1)" in said
        assert "note: no paragraph has “zz”" in said


@pytest.mark.parametrize("missing", [True, False])
def test_what_is_not_searched_is_told_where_a_word_is_missing(
    missing: bool, index: Any, nothing: Results, run: Any
) -> None:
    index.results = replace(nothing, offers=(), near_words=(NearWord("smith", ()),) * missing)
    assert ("Values of front matter" in run("smith").err) is missing


def test_titles_and_headings_are_marked(index: Any, run: Any) -> None:
    first = index.results.hits[0]
    headings = ("Water act", "Water\n permits", "Fees")
    hit = replace(
        first,
        headings=headings,
        title_highlights=((0, 5),),
        heading_highlights=(((0, 5),), ((0, 5), (7, 14)), ()),
    )
    index.results = replace(index.results, hits=(hit,))
    out = run("permit").out
    assert "1  **Water** act  2021" in out
    assert "   **Water permits** › Fees › ¶ 1 · line 7\n" in out
    assert "\x1b[1;31mWater permits\x1b[0m" in run("permit", "--color", "always").out
    found = json.loads(run("permit", "--format", "json").out)["hits"][0]
    assert [found["title"][start:end] for start, end in found["title_highlights"]] == ["Water"]
    assert found["heading_highlights"] == [[[0, 5]], [[0, 5], [7, 14]], []]


def _with_text(hit: Hit, text: str, cut: tuple[int, int], marked: str, kind: ParagraphKind) -> Hit:
    """The hit with another paragraph: one snippet of it, one mark."""
    start, end = (hit.start + place for place in cut)
    mark = hit.start + text.index(marked)
    snippet = Snippet(start, end, text[slice(*cut)], ((mark, mark + len(marked)),))
    return replace(hit, text=text, end=hit.start + len(text), snippets=(snippet,), kind=kind)


def test_a_table_keeps_its_lines(index: Any, run: Any) -> None:
    wide = "| coffee | 4 % | " + "and further goods of the kind " * 4 + "|"
    text = f"| goods | rate |\n|---|---|\n| *tea* | 3 % |\n{wide}\n| salt | 0 % |"
    cut = (0, text.index("| salt"))
    index.results = replace(
        index.results, hits=(_with_text(index.results.hits[0], text, cut, "tea", "table"),)
    )
    lines = run("permit").out.splitlines()
    assert lines[2:4] == ["   | goods | rate |", "   | **tea** | 3 % |"]
    assert lines[4].startswith("   | coffee | 4 % |")
    assert lines[4].endswith("…")
    assert len(lines[4]) <= 80
    assert lines[5] == "   …"
    context = run("permit", "--context", "0").out
    assert "   ▌ | goods | rate |\n   ▌ | **tea** | 3 % |\n   ▌ | coffee" in context
    assert "   ▌ | salt | 0 % |\n" in context


def test_code_is_shown_as_it_stands(index: Any, run: Any) -> None:
    text = "if x_1_:\n# *note*\nfee = 3"
    hit = _with_text(index.results.hits[0], text, (9, len(text)), "note", "code")
    index.results = replace(index.results, hits=(hit,))
    assert run("permit").out.splitlines()[2:5] == ["   …", "   # ***note***", "   fee = 3"]


def test_a_heading_that_stands_for_itself_is_printed_once(index: Any, run: Any) -> None:
    hit = _with_text(index.results.hits[0], "Fees", (0, 4), "Fees", "heading")
    index.results = replace(index.results, hits=(replace(hit, headings=("Water act", "Part", "Fees")),))
    out = run("permit").out
    assert out.count("Fees") == 1
    assert "   Part › ¶ 1 · line 7\n   **Fees**\n" in out


def test_a_page_behind_the_last_hit_is_told_from_no_hit(index: Any, nothing: Results, run: Any) -> None:
    index.results = replace(nothing, totals=Totals(7, 23, 7))
    ran = run("permit", "--offset", "30")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("Nothing from here on: there are 23 paragraphs in 7 documents")


def test_text_of_documents_cannot_act_on_the_terminal(index: Any, run: Any) -> None:
    first = index.results.hits[0]
    evil = "\x1b]0;owned\x07\x9b31m\u202eabc\ud800"
    hit = replace(
        first,
        title=evil,
        headings=(evil,),
        page=evil,
        text=evil * 20,
        end=first.start + len(evil) * 20,
        snippets=(replace(first.snippets[0], text=evil, end=first.start + len(evil), highlights=()),),
        meta=replace(first.meta, place=evil, source=evil),
    )
    index.results = replace(index.results, hits=(hit,))
    for form in FORMATS:
        out = run("permit", "--format", form).out
        assert not set(out) & set("\x1b\x07\x9b\u202e\ud800"), form
    shown = run("permit", "--color", "always").out
    assert "\\x1b]0;owned\\x07\\x9b31m\\u202eabc\\ud800" in shown.replace("\n    ", "")
    assert "\x1b]" not in shown
