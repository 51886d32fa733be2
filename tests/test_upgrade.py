"""Indexes that earlier versions wrote (tests/data/indexes) open, or are refused with the word to rebuild, and
are rebuilt by `docsearch index` where nothing is lost by it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import docsearch
import pytest
from docsearch.index import known
from docsearch.index.manifest import FORMAT, NAME, Manifest

INDEXES = Path(__file__).parent / "data" / "indexes"
FORMATS = sorted(INDEXES.glob("format-*"))
FILES = {"laws/water.md", "laws/wald.txt", "laws/old/soil.txt"}
RECORDS = {"format-1": {"r/1"}, "format-2": {"r/1", "p/1"}}


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the folder of a format, which lies beside its sources as it was made."""
    return Path(shutil.copytree(request.param, tmp_path / request.param.name))


each_format = pytest.mark.parametrize("copied", FORMATS, ids=lambda path: path.name, indirect=True)
first_format = pytest.mark.parametrize("copied", [INDEXES / "format-1"], indirect=True)


def run(index: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "docsearch", *arguments, "--index", str(index)]
    return subprocess.run(command, capture_output=True, text=True)


def keys(index: Path) -> set[str]:
    with docsearch.open(index) as opened:
        return set(opened.keys())


def opened(index: Path) -> docsearch.Index | docsearch.IndexIncompatible:
    try:
        return docsearch.open(index)
    except docsearch.IndexIncompatible as error:
        return error


def test_there_is_one_of_each_format() -> None:
    assert [path.name for path in FORMATS] == [f"format-{number}" for number in range(1, FORMAT + 1)]


@each_format
@pytest.mark.parametrize("name", ["index", "mixed", "kept"])
def test_it_opens_or_is_refused_with_the_word_to_rebuild(copied: Path, name: str) -> None:
    made_as = json.loads((copied / name / NAME).read_text())["format"]
    expected = FILES | (RECORDS[copied.name] if name == "mixed" else set())
    index = opened(copied / name)
    if not isinstance(index, docsearch.Index):
        assert "rebuilds" in index.hint
        assert made_as < FORMAT or "analysed" in index.message
        return
    assert made_as == FORMAT
    with index:
        assert set(index.keys()) == expected
        assert {hit.key for hit in index.search("permit")} == {"laws/water.md", "laws/old/soil.txt"}
        assert [hit.key for hit in index.search("Gebühren")] == ["laws/wald.txt"]
        assert index.search('"district"', scope="paragraph").totals.paragraphs == 1
        assert len(index.versions("laws/old/soil.txt")) == (3 if name == "kept" else 1)
    assert docsearch.check(copied / name, deep=True).sound


@each_format
def test_the_next_update_makes_it_one_of_today(copied: Path) -> None:
    ran = run(copied / "index", "index")
    assert ran.returncode == 0, ran.stderr
    assert keys(copied / "index") == FILES
    assert docsearch.check(copied / "index", deep=True).sound
    again = run(copied / "index", "index")
    assert (again.returncode, again.stderr) == (0, "")
    assert "3 unchanged" in again.stdout


@first_format
def test_that_it_is_read_again_is_said_and_paths_join_it(copied: Path) -> None:
    more = copied / "more"
    more.mkdir()
    (more / "air.txt").write_text("The air act is about chimneys.")
    ran = run(copied / "index", "index", str(more))
    assert (ran.returncode, ran.stderr) == (
        0,
        "the index was made by an earlier version of this program: all of it was read again\n",
    )
    assert keys(copied / "index") == FILES | {"more/air.txt"}


@first_format
def test_a_language_that_is_given_counts_for_what_is_read_again(copied: Path) -> None:
    assert run(copied / "index", "index", "--language", "es").returncode == 0
    with docsearch.open(copied / "index") as index:
        assert index.status().roots[0].language == "es"


@first_format
@pytest.mark.parametrize("name", ["mixed", "kept"])
def test_what_only_the_index_holds_is_not_lost_by_it(copied: Path, name: str) -> None:
    before = {path.name: path.read_bytes() for path in (copied / name).iterdir()}
    ran = run(copied / name, "index")
    assert ran.returncode == 2
    assert "cannot be taken over" in ran.stderr
    after = {path.name: path.read_bytes() for path in (copied / name).iterdir() if path.name != "LOCK"}
    assert after == before
    assert run(copied / name, "index", "--allow-removals").returncode == 0
    assert keys(copied / name) == FILES


@first_format
def test_without_its_sources_it_stays(copied: Path) -> None:
    (copied / "laws").rename(copied / "elsewhere")
    ran = run(copied / "index", "index")
    assert ran.returncode == 2
    assert "made by an earlier version of this program, and cannot be made anew" in ran.stderr
    assert "Put it back" in ran.stderr
    assert json.loads((copied / "index" / NAME).read_text())["format"] == 1


@first_format
@pytest.mark.parametrize("damage", ["catalog", "manifest"])
def test_what_is_damaged_as_well_is_not_guessed_at(copied: Path, damage: str) -> None:
    index = copied / "index"
    if damage == "catalog":
        next(index.glob("catalog-*")).write_bytes(b"")
    else:
        text = (index / NAME).read_text()
        (index / NAME).write_text(text.replace('"complete": true', '"complete": false'))
    with docsearch.open(index, create=True) as opened:
        assert not opened.outdated
        with pytest.raises(docsearch.RemovalsRefused, match="damaged"):
            opened.update(rebuild=True)


@first_format
def test_a_later_format_is_left_to_the_program_that_made_it(copied: Path) -> None:
    text = (copied / "index" / NAME).read_text()
    (copied / "index" / NAME).write_text(text.replace('"format": 1', f'"format": {FORMAT + 1}'))
    ran = run(copied / "index", "index")
    assert ran.returncode == 2
    assert "Use the later version" in ran.stderr


@pytest.mark.parametrize("copied", [INDEXES / f"format-{FORMAT}"], indirect=True)
def test_records_and_versions_outlive_another_analysis_of_words(copied: Path) -> None:
    for name in ("mixed", "kept"):
        manifest = Manifest.from_bytes((copied / name / NAME).read_bytes(), "")
        other = {**manifest.analysers, "en": "en/words-0/snowball-0"}
        (copied / name / NAME).write_bytes(replace(manifest, analysers=other).to_bytes())
        with pytest.raises(docsearch.IndexIncompatible, match="analysed"):
            docsearch.open(copied / name)
    ran = run(copied / "mixed", "index")
    assert (ran.returncode, ran.stderr.count("all of it was read again")) == (0, 1)
    assert keys(copied / "mixed") == FILES | {"r/1", "p/1"}
    assert docsearch.check(copied / "mixed", deep=True).sound
    assert run(copied / "kept", "index").returncode == 0
    with docsearch.open(copied / "kept") as index:
        assert len(index.versions("laws/old/soil.txt")) == 3


@first_format
@pytest.mark.parametrize("name", ["index", "mixed", "kept"])
def test_a_check_does_not_call_it_damaged(copied: Path, name: str) -> None:
    """Repair, which it would name as the next step, is no help."""
    ran = run(copied / name, "check")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"docsearch index --index {copied / name}`: it rebuilds" in ran.stderr
    with pytest.raises(docsearch.IndexIncompatible):
        docsearch.check(copied / name, deep=True)


@first_format
def test_it_is_found_as_it_was_where_the_rebuild_ended_halfway(copied: Path) -> None:
    before = (copied / "index" / NAME).read_bytes()
    program = "import os, sys, docsearch; os.replace = os.rename = lambda *_, **__: os._exit(9)\n"
    program += "docsearch.open(sys.argv[1], create=True).update(rebuild=True, workers=1)"
    ended = subprocess.run([sys.executable, "-c", program, str(copied / "index")])
    assert ended.returncode == 9
    assert (copied / "index" / NAME).read_bytes() == before
    ran = run(copied / "index", "index")
    assert (ran.returncode, ran.stderr.count("all of it was read again")) == (0, 1)
    assert keys(copied / "index") == FILES


def test_an_index_with_a_schema_of_its_own_opens(tmp_path: Path) -> None:
    """There is one format of these so far."""
    from docsearch import whoosh_index
    from docsearch.index.adapter.rows import generation
    from whoosh.qparser import QueryParser

    folder = INDEXES / generation.FORMAT
    assert [path.name for path in INDEXES.glob("whoosh-*")] == [folder.name]
    index = whoosh_index.open_dir(shutil.copytree(folder, tmp_path / "index"))

    def found(query: str, **options: object) -> list[str]:
        with index.searcher() as searcher:
            parsed = QueryParser("body", index.schema).parse(query)
            return [hit["path"] for hit in searcher.search(parsed, **options)]

    for _ in range(2):
        assert found("permit") == ["water.md"]
        assert found("plain:needed OR tags:été", sortedby="rank") == ["soil.txt", "water.md"]
        assert found('"register of soils" rank:[1 TO 2] held:202005 valid:true') == ["soil.txt"]
        index.optimize()


def test_words_of_another_analysis_are_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rebuild begins with the words that the index knows: not where it knew them otherwise."""
    with docsearch.open(tmp_path / "index", create=True) as index:
        with monkeypatch.context() as patch:
            patch.setattr(known, "term", lambda language: lambda word: f"x{word}")
            index.add([docsearch.Record("a", "Permits for rivers.")])
        assert not index.search("permit")
    path = tmp_path / "index" / NAME
    manifest = Manifest.from_bytes(path.read_bytes(), "")
    path.write_bytes(replace(manifest, analysers={"en": "en/words-0/snowball-0"}).to_bytes())
    with docsearch.open(tmp_path / "index", create=True) as index:
        assert index.outdated
        index.update(rebuild=True)
        assert [hit.key for hit in index.search("permit")] == ["a"]
