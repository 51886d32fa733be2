"""A damaged index can be rebuilt, and never at the cost of documents that nobody can hand over again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import docsearch
import pytest
from docsearch import Record
from docsearch.cli import main
from docsearch.index.container import Container
from docsearch.index.manifest import FORMAT
from docsearch.index.merge import merge
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage

Damage = Callable[[Path], None]


def manifest_tail(index: Path) -> None:
    (index / "MANIFEST").write_bytes((index / "MANIFEST").read_bytes() + b"x")


def later_format(index: Path) -> None:
    text = (index / "MANIFEST").read_text()
    (index / "MANIFEST").write_text(text.replace(f'"format": {FORMAT}', '"format": 99'))


def cut_segment(index: Path) -> None:
    segment = next(index.glob("segment-*"))
    segment.write_bytes(segment.read_bytes()[:100])


def flipped_catalog(index: Path) -> None:
    catalog = next(index.glob("catalog-*"))
    content = bytearray(catalog.read_bytes())
    content[-60] ^= 1
    catalog.write_bytes(bytes(content))


def no_catalog(index: Path) -> None:
    next(index.glob("catalog-*")).unlink()


DAMAGES = [manifest_tail, later_format, cut_segment, flipped_catalog, no_catalog]


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "water.txt").write_text("Rivers do not stop at borders.\n")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder])
    return folder


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_rebuild_mends_an_index_of_files(articles: Path, tmp_path: Path, damage: Damage) -> None:
    damage(tmp_path / "index")
    arguments = ["index", "--index", str(tmp_path / "index"), "--rebuild", "--allow-removals", str(articles)]
    assert main(arguments) == 0
    assert docsearch.open(tmp_path / "index").search("rivers").totals.documents == 1


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_rebuild_never_loses_a_record_unasked(articles: Path, tmp_path: Path, damage: Damage) -> None:
    with docsearch.open(tmp_path / "index") as index:
        index.add([Record("speech", "A zebra crossed the border.")])
    damage(tmp_path / "index")
    damaged = files(tmp_path / "index")
    with docsearch.open(tmp_path / "index", create=True) as index:
        try:
            index.update([articles], rebuild=True)
        except docsearch.RemovalsRefused as error:
            hint = error.hint
        else:
            assert index.search("zebra").totals.documents == 1, "carried over"
            return
    assert "--allow-removals" in hint
    assert files(tmp_path / "index") == damaged


def files(index: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in index.iterdir() if path.name != "LOCK"}


@pytest.mark.parametrize("damage", DAMAGES)
def test_whoever_asks_a_damaged_index_is_told(articles: Path, tmp_path: Path, damage: Damage) -> None:
    damage(tmp_path / "index")
    with pytest.raises(docsearch.IndexProblem):
        docsearch.open(tmp_path / "index").fingerprint()
    with docsearch.open(tmp_path / "index", create=True) as index:
        with pytest.raises(docsearch.IndexProblem):
            index.fingerprint()
        with pytest.raises(docsearch.IndexProblem):
            index.update()


@pytest.mark.parametrize("heading", ["Section 4. .", "PART II \nSection 4. . ", "Section 4. - ."])
def test_a_heading_of_stops_loses_no_document(tmp_path: Path, heading: str) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    (folder / "act.txt").write_text(f"Intro paragraph.\n\nA fine applies.\n\n{heading}\n\nRepealed.\n")
    with docsearch.open(tmp_path / "index", create=True) as index:
        assert index.update([folder]).gaps == ()
        assert index.search("fine repealed").totals.paragraphs == 2


def test_a_damaged_cache_of_the_samples_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCSEARCH_CACHE", str(tmp_path))
    folder = docsearch.open_samples().path
    assert folder is not None
    for damage in DAMAGES:
        damage(folder)
        assert docsearch.open_samples().path == folder
        assert docsearch.open_samples().search("precursor chemicals").totals.documents > 0


@pytest.mark.parametrize("array", ["doc/key_rank/line", "paragraph/byte_length/line", "text.en/lows"])
def test_columns_that_point_nowhere_are_told_as_damage(articles: Path, tmp_path: Path, array: str) -> None:
    segment = next((tmp_path / "index").glob("segment-*"))
    container = Container(memoryview(segment.read_bytes()), segment.name, "segment")
    dtype, offset, count = container._directory[array]
    content = bytearray(segment.read_bytes())
    content[offset : offset + dtype.itemsize * count] = b"\xfe" * dtype.itemsize * count
    segment.write_bytes(bytes(content))
    with docsearch.open(tmp_path / "index") as index, pytest.raises(docsearch.IndexCorrupt):
        index.search("rivers")


def test_damage_is_not_merged_into_a_sound_file(articles: Path, tmp_path: Path) -> None:
    segment = next((tmp_path / "index").glob("segment-*"))
    content = bytearray(segment.read_bytes())
    content[70] ^= 1
    segment.write_bytes(bytes(content))
    storage = FolderStorage(tmp_path / "index")
    with pytest.raises(docsearch.IndexCorrupt, match="damaged"):
        merge(storage, Snapshot.open(storage).views)
