"""A forged index (wrong values, checksums that hold) may mislead; nothing crashes, hangs or fills memory."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docsearch
import numpy as np
import pytest
from docsearch import whoosh_index
from docsearch.errors import IndexCorrupt, IndexProblem
from docsearch.index.container import Container, pack
from docsearch.index.known import KnownTerms
from docsearch.index.manifest import _check
from docsearch.index.merge import merge
from docsearch.index.snapshot import Snapshot, View
from docsearch.index.storage import FolderStorage
from forging import WORDS, make_index, make_whoosh_index

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are kept by the operating system")
PROGRAM = Path(__file__).parent / "support" / "forging.py"
FEW = int(os.environ.get("DOCSEARCH_FORGERIES", "2000"))


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`index`, made from `folder` and from records, and `rows`, with a schema of its own."""
    folder = tmp_path_factory.mktemp("forged")
    make_index(folder / "index", folder / "folder")
    make_whoosh_index(folder / "rows")
    return folder


def tried(indexes: Path, scratch: Path, kind: str, first: int, count: int) -> dict[str, Any]:
    """The figures of so many forgeries; what ended otherwise than in an answer or an error of ours fails."""
    program = [sys.executable, "-W", "ignore", str(PROGRAM), str(indexes / kind), str(scratch)]
    done = subprocess.run(
        [*program, str(first), str(count), kind], capture_output=True, text=True, check=True
    )
    sound, *found, figures = map(json.loads, done.stdout.splitlines())
    assert sound["sound"] == []
    assert sound["refused"] == sound["not opened"] == 0
    assert found == []
    assert figures["tried"] == count
    assert figures["answered"] > figures["refused"] > 0
    return dict(figures)


def test_a_forged_index_only_misleads(indexes: Path, tmp_path: Path) -> None:
    tried(indexes, tmp_path, "index", 0, 10)


def test_a_forged_index_with_a_schema_of_its_own_only_misleads(indexes: Path, tmp_path: Path) -> None:
    tried(indexes, tmp_path, "rows", 0, 40)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["index", "rows"])
def test_many_forgeries(indexes: Path, tmp_path: Path, kind: str, figures: Callable[..., None]) -> None:
    told = tried(indexes, tmp_path, kind, 100_000, FEW)
    numbers = {name.replace(" ", "_"): told[name] for name in ("tried", "answered", "refused", "not opened")}
    figures("forgeries" if kind == "index" else "forgeries of a schema of one's own", **numbers)


# What was found on the way, and what nobody should find


def forged_manifest(index: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of an index whose manifest was changed and has its checksum made anew."""
    shutil.copytree(index, folder)
    body = json.loads((folder / "MANIFEST").read_bytes())
    del body["check"]
    change(body)
    (folder / "MANIFEST").write_text(json.dumps({**body, "check": _check(body)}))
    return folder


def forged_file(
    index: Path, folder: Path, stem: str, change: Callable[[dict[str, Any], dict[str, Any]], None]
) -> Path:
    """A copy of an index of whose files of a kind one had arrays and meta changed, all checksums holding."""

    def swap(body: dict[str, Any]) -> None:
        entries = [segment["file"] for segment in body["segments"]]
        entries += [body[name] for name in ("catalog", "deletions", "validity") if body.get(name)]
        entry = next(entry for entry in entries if entry["name"].startswith(f"{stem}-"))
        content = (folder / entry["name"]).read_bytes()
        kind = json.loads(content[content.rindex(b'{"kind"') : -48])["kind"]
        container = Container(memoryview(content), entry["name"], kind)
        names = container._directory.items()
        arrays: dict[str, Any] = {name: container.array(name, key[0].str).copy() for name, key in names}
        meta = dict(container.meta)
        change(arrays, meta)
        content = b"".join(map(bytes, pack(kind, arrays, meta)))
        (folder / entry["name"]).write_bytes(content)
        entry["size"] = len(content)
        entry["digest"] = Container(memoryview(content), entry["name"], kind).digest

    return forged_manifest(index, folder, swap)


WRONG_MANIFESTS: dict[str, Callable[[dict[str, Any]], None]] = {
    "a file in another folder": lambda body: body["catalog"].update(name="../../catalog-1"),
    "the same file twice": lambda body: body["segments"].append(body["segments"][0]),
    "more than can be counted": lambda body: body.update(documents=10**400),
    "less than nothing": lambda body: body["segments"][0].update(deleted=-1),
    "words for a number": lambda body: body.update(generation="7"),
    "a number for a time": lambda body: body.update(updated=7),
    "a time that is none": lambda body: body.update(created="the day before"),
    "a path that no file can have": lambda body: body["roots"][0].update(path="\x00"),
    "a language that is none": lambda body: body.update(languages={"en": [1]}),
}


@pytest.mark.parametrize("wrong", WRONG_MANIFESTS)
def test_the_manifest_is_believed_in_no_value(indexes: Path, tmp_path: Path, wrong: str) -> None:
    copy = forged_manifest(indexes / "index", tmp_path / "copy", WRONG_MANIFESTS[wrong])
    with pytest.raises(IndexCorrupt):
        docsearch.open(copy)


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(indexes: Path, tmp_path: Path) -> None:
    shutil.copytree(indexes / "index", tmp_path / "copy")
    for pattern in ("catalog-*", "MANIFEST"):
        (file,) = (tmp_path / "copy").glob(pattern)
        file.unlink()
        os.mkfifo(file)
        with pytest.raises(IndexProblem):
            docsearch.open(tmp_path / "copy")


def test_a_sparse_manifest_is_not_read(tmp_path: Path) -> None:
    with open(tmp_path / "MANIFEST", "wb") as file:
        file.truncate(1 << 36)
    with pytest.raises(IndexCorrupt, match="too large"):
        docsearch.open(tmp_path)
    with pytest.raises(IndexCorrupt, match="too large"):
        whoosh_index.open_dir(tmp_path)


def test_deletions_of_documents_that_are_not_there(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in arrays:
            arrays[name] = np.array([4_000_000_000], np.uint32)

    with docsearch.open(forged_file(indexes / "index", tmp_path / "copy", "deletions", change)) as index:
        with pytest.raises(IndexCorrupt):
            index.search(WORDS[0])
        with pytest.raises(IndexCorrupt):
            index.delete(["acts/act0003"])


def test_times_at_the_end_of_time(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in arrays:
            arrays[name][:] = np.iinfo(np.int64).max

    with docsearch.open(forged_file(indexes / "index", tmp_path / "copy", "validity", change)) as index:
        with pytest.raises(IndexCorrupt):
            index.delete(["acts/act0003"])
        assert index.search(WORDS[0]).totals.documents > 0  # who asks for no times needs none


@pytest.mark.parametrize("wrong", [1e308, "/", None, [], -1, 10**400, 10**9, True])
@pytest.mark.parametrize("name", ["documents", "paragraphs", "languages", "fields"])
def test_a_segment_says_what_it_holds(indexes: Path, tmp_path: Path, name: str, wrong: object) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        meta[name] = wrong

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    if name in ("languages", "fields") and wrong in ([],):
        return  # that can be, as far as can be told from it
    with pytest.raises(IndexCorrupt):
        docsearch.open(copy).document("acts/act0003")


def test_sections_that_would_be_endlessly_deep(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in ("section/parent", "section/parent/bases", "section/parent/widths"):
            arrays.pop(name, None)
        arrays["section/parent/line"] = np.array([1, 0, 0], np.int64)  # each in the one before

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index:
        keys = [key for key in index.keys("acts/") if key != "acts/act0057"]
        with pytest.raises(IndexCorrupt):
            _ = [index.document(key) for key in keys]


def test_words_that_are_no_text_are_told_by_the_index(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in arrays:
            if name.endswith("/surfaces"):
                arrays[name][:] = 255

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt, match="values that") as told:
        index.search("*mit*")
    assert "check --deep" in told.value.hint
    assert isinstance(told.value.__cause__, UnicodeDecodeError)


@pytest.mark.parametrize(
    ("name", "wrong"), [("bits", 33), ("shift_step", ["x"]), ("shift_step", -1), ("decimal_places", 10**9)]
)
def test_options_of_fields_of_numbers(indexes: Path, tmp_path: Path, name: str, wrong: object) -> None:
    def change(body: dict[str, Any]) -> None:
        options = body["schema"]["fields"]["size"]["numeric"]
        assert name in options
        options[name] = wrong

    with pytest.raises(IndexCorrupt):
        whoosh_index.open_dir(forged_manifest(indexes / "rows", tmp_path / "copy", change))


def test_numbers_of_an_unknown_type(indexes: Path, tmp_path: Path) -> None:
    def change(body: dict[str, Any]) -> None:
        body["schema"]["fields"]["size"]["column"]["typecode"] = "/"

    with pytest.raises(IndexCorrupt):
        whoosh_index.open_dir(forged_manifest(indexes / "rows", tmp_path / "copy", change))


def test_an_expression_that_is_none(indexes: Path, tmp_path: Path) -> None:
    def change(body: dict[str, Any]) -> None:
        text = json.dumps(body["schema"])
        assert '"expression": {"regex": [' in text
        body["schema"] = json.loads(text.replace('"expression": {', '"expression": 9, "x": {', 1))
        for part in body["schema"]["fields"]["body"]["analyzer"].get("parts", ()):
            part.pop("x", None)

    with pytest.raises(IndexCorrupt):
        whoosh_index.open_dir(forged_manifest(indexes / "rows", tmp_path / "copy", change))


@pytest.mark.parametrize("regex", [[], ["x"], None, "x", [1, 2], ["(", 0]])
def test_an_expression_without_its_parts(indexes: Path, tmp_path: Path, regex: Any) -> None:
    def change(body: dict[str, Any]) -> None:
        text = json.dumps(body["schema"])
        at = text.index('{"regex": [')
        end = text.index("]}", at) + 2
        body["schema"] = json.loads(text[:at] + json.dumps({"regex": regex}) + text[end:])

    with pytest.raises(IndexCorrupt):
        whoosh_index.open_dir(forged_manifest(indexes / "rows", tmp_path / "copy", change))


@pytest.mark.parametrize("items", [[], {}, ["filter"], ["filter", "words"], ["words", "words"]])
def test_an_analyser_without_what_cuts_words(indexes: Path, tmp_path: Path, items: Any) -> None:
    """Whoosh would fail on it, but only when a text or a query is read."""

    def change(body: dict[str, Any]) -> None:
        def changed(tree: Any) -> Any:
            if isinstance(tree, list):
                return [changed(each) for each in tree]
            if not isinstance(tree, dict):
                return tree
            if tree.get("part") == "CompositeAnalyzer":
                parts = {"words": tree["items"][0], "filter": tree["items"][-1]}
                return {**tree, "items": [parts[item] for item in items] if items else items}
            return {name: changed(value) for name, value in tree.items()}

        before, body["schema"] = body["schema"], changed(body["schema"])
        assert body["schema"] != before

    with pytest.raises(IndexCorrupt):
        whoosh_index.open_dir(forged_manifest(indexes / "rows", tmp_path / "copy", change))


def test_languages_that_are_not_there(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in ("doc/language", "doc/language/bases", "doc/language/widths"):
            arrays.pop(name, None)
        arrays["doc/language/line"] = np.array([0, 9, 0], np.int64)

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt, match="languages that are not there"):
        index.search("permits", where=docsearch.Range("published", "2001", "2004"))
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt, match="languages that are not there"):
        _ = [view.segment.language_of for view in index.engine.views]


@pytest.mark.parametrize("array", ["surface_terms", "fold_surfaces", "long"])
def test_numbers_of_what_is_not_there(indexes: Path, tmp_path: Path, array: str) -> None:
    """One of them asked for 32 GB, being taken for how many terms there are."""

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in (name for name in arrays if name.endswith(f"/{array}")):
            wrong = np.uint32(0xFFFF_FFFF)
            arrays[name] = np.append(arrays[name] if array == "long" else arrays[name][:-1], wrong)

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)

    def asked(index: docsearch.Index) -> None:
        index.search("=permits")
        index.search("eclair")
        everything_of_whoosh(index)

    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt, match=f"/{array}' names"):
        asked(index)


def test_a_list_of_sources_that_is_a_bomb(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        content = b"[" + b" " * (200 << 20) + b"]"
        arrays["rows"] = np.frombuffer(zlib.compress(content, 9), np.uint8)
        meta["size"] = len(content)

    copy = forged_file(indexes / "index", tmp_path / "copy", "catalog", change)
    tracemalloc.start()
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt):
        _ = index.engine.rows
    assert tracemalloc.get_traced_memory()[1] < 50 << 20
    tracemalloc.stop()


def test_paragraphs_that_belong_nowhere_for_whoosh(indexes: Path, tmp_path: Path) -> None:
    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in ("doc/paragraphs", "doc/paragraphs/bases", "doc/paragraphs/widths"):
            arrays.pop(name, None)
        arrays["doc/paragraphs/line"] = np.array([1000, 0, 0], np.int64)

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt):
        everything_of_whoosh(index)


def everything_of_whoosh(index: docsearch.Index) -> None:
    with index.whoosh.searcher() as searcher:
        for word in list(searcher.reader().lexicon("text_en")):
            list(searcher.postings("text_en", word).all_ids())


@pytest.mark.parametrize(
    ("array", "wrong"), [("surface_ends", 1 << 31), ("term_ends", 1 << 31), ("surface_terms", 1 << 31)]
)
def test_words_whose_terms_are_nowhere_are_stemmed_anew(
    indexes: Path, tmp_path: Path, array: str, wrong: int
) -> None:
    """What an index knows of words is a short cut: a writer goes without, and so does a rebuild."""

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in arrays:
            if name.endswith(f"/{array}"):
                arrays[name] = np.append(arrays[name], np.uint32(7))
                arrays[name][1:] = wrong

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    segments = [view.segment for view in Snapshot.open(FolderStorage(copy)).views]
    for few in (True, False):
        known = KnownTerms(segments, few=few)
        assert [known.table("en").get(word) for word in ("permits", "fees")] == [None, None]
        assert known.table("de").get("permits") is None


def test_terms_that_are_no_text_are_told_to_whoosh(indexes: Path, tmp_path: Path) -> None:
    """Whoosh decodes them where it marks hits, far from any file."""
    from whoosh.query import Prefix

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        names = meta.get("fields")
        stem = f"f{sorted(names).index('body')}" if isinstance(names, dict) else "text.en"
        terms, ends = arrays[f"{stem}/terms"], arrays[f"{stem}/term_ends"]
        terms[ends[4] - 1] = 255

    rows = whoosh_index.open_dir(forged_file(indexes / "rows", tmp_path / "rows", "segment", change))
    with docsearch.open(forged_file(indexes / "index", tmp_path / "index", "segment", change)) as index:
        for opened, field in ((rows, "body"), (index.whoosh, "text_en")):
            with opened.searcher() as searcher, pytest.raises(IndexCorrupt, match="terms that are no"):
                _ = [hit.highlights(field) for hit in searcher.search(Prefix(field, "con"))]


@pytest.mark.parametrize(
    ("field", "border", "told"),
    [("body", 1, "none of its type"), ("size", 1, "none of its type"), ("body", 2, "")],
)
def test_terms_that_end_where_none_can(tmp_path: Path, field: str, border: int, told: str) -> None:
    """In the midst of a sign; numbers, which have as many bytes as their type says, anywhere else."""
    from whoosh import fields

    made = whoosh_index.create_in(tmp_path / "made", fields.Schema(body=fields.KEYWORD, size=fields.NUMERIC))
    with made.writer() as writer:
        writer.add_document(body="éx ü", size=7)

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        ends = arrays[f"f{sorted(meta['fields']).index(field)}/term_ends"]
        ends[1] = border

    copy = whoosh_index.open_dir(forged_file(tmp_path / "made", tmp_path / "copy", "segment", change))
    with copy.searcher() as searcher:
        if told:
            with pytest.raises(IndexCorrupt, match=told):
                list(searcher.reader().field_terms(field))
        else:
            assert list(searcher.reader().field_terms(field)) == ["é", "xü"]


def test_a_merge_takes_over_no_units_that_are_not_there(indexes: Path, tmp_path: Path) -> None:
    """Also where nothing is deleted, and all units of a segment move alike."""

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        arrays["heading.en/lows"] = np.full_like(arrays["heading.en/lows"], 0xFFFF)

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index:
        storage, views = index.engine.snapshot.storage, index.engine.views
        whole = [View(view.segment, np.empty(0, np.uint32)) for view in views]
        with pytest.raises(IndexCorrupt, match="units that are not there"):
            merge(storage, whole)


@pytest.mark.parametrize("array", ["starts", "position_starts", "tf"])
def test_a_merge_makes_no_array_as_long_as_a_number_says(indexes: Path, tmp_path: Path, array: str) -> None:
    """One of them asked for 16 GB."""

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        for name in (name for name in list(arrays) if name.endswith(f"/{array}")):
            arrays[name] = arrays[name].copy()
            if array == "tf":
                arrays[name][0] = 255
                arrays[f"{name}_where"] = np.zeros(1, np.uint64)
                arrays[f"{name}_wide"] = np.full(1, (1 << 32) - 1, np.uint32)
            else:
                arrays[name][-1] += 1 << 32

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, pytest.raises(IndexCorrupt):
        index.purge(versions=True)


def test_a_term_in_fewer_paragraphs_than_none(indexes: Path, tmp_path: Path) -> None:
    """Whoosh takes the logarithm of their number."""

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        arrays["text.en/starts"][1::2] += 1 << 40

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, index.whoosh.searcher() as searcher:
        for word in list(searcher.reader().lexicon("text_en")):
            with pytest.raises(IndexCorrupt):
                searcher.idf("text_en", word)


def test_positions_that_do_not_ascend(indexes: Path, tmp_path: Path) -> None:
    """Whoosh's phrases count pairs of them: never fewer than none."""
    from whoosh.query import Phrase

    def change(arrays: dict[str, Any], meta: dict[str, Any]) -> None:
        arrays["text.en/pos"] = arrays["text.en/pos"][::-1].copy()

    copy = forged_file(indexes / "index", tmp_path / "copy", "segment", change)
    with docsearch.open(copy) as index, index.whoosh.searcher() as searcher:
        words = [str(word, "utf-8") for word in searcher.reader().lexicon("text_en")][:20]
        for one, other in itertools.permutations(words, 2):
            with contextlib.suppress(IndexCorrupt):
                searcher.search(Phrase("text_en", [one, other], slop=3))
