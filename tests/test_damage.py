"""Damage of any file of an index gives an error of ours or the right answer, never a wrong one."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch import Range, Record
from docsearch.errors import IndexMissing, IndexProblem
from docsearch.index.checking import check
from docsearch.index.container import Container, pack
from docsearch.index.manifest import Manifest
from docsearch.index.manifest import _check as manifest_check
from docsearch.index.repair import repair
from docsearch.index.storage import FolderStorage

STEMS = ("mit", "vey", "ject")
WORDS = [f"{a}{b}{c}" for a in ("per", "con", "tra", "sub") for b in STEMS for c in ("s", "or", "ed")]
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("permits conveyor", {}),
    ("permits AND tranmits", {"scope": "paragraph"}),
    ('"permits conveyor"', {}),
    ('"subjects permitted"', {"scope": "paragraph", "ranking": "plain"}),
    ("perm*", {"group": True}),
    ("title:act42 OR heading:part7", {}),
    ("convey NOT permits", {"scope": "section", "limit": 30}),
    ("subject", {"where": Range("published", "2001", "2004"), "sort": "-published"}),
    ("trajects", {"collapse": "place", "facets": ["place", "year"]}),
    ("traveyor éclair", {"snippets": 0}),
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two segments with deletions, whose arrays take several blocks."""
    chance = random.Random(3)
    path = tmp_path_factory.mktemp("whole") / "index"

    def record(number: int) -> Record:
        parts = []
        for part in range(6):
            parts.append(f"# Part{part + number % 5} of {chance.choice(WORDS)}")
            parts += [" ".join(chance.choices(WORDS, k=chance.randint(5, 60))) + " éclair." for _ in range(3)]
        return Record(
            f"acts/act{number:04d}",
            "\n\n".join(parts),
            title=f"Act{number}",
            type="text/markdown",
            place=chance.choice(("Kingston", "Arusha")),
            published=f"{2000 + number % 9}-05-01",
        )

    with docsearch.open(path, create=True) as index:
        index.add(map(record, range(300)))
        index.add(map(record, range(290, 340)))
        index.delete([f"acts/act{number:04d}" for number in range(40, 60)])
        assert index.status().segments == 2
    return path


def answers(path: Path) -> list[object]:
    with docsearch.open(path) as index:
        found: list[object] = [index.keys("acts/act00")]
        for query, arguments in QUERIES:
            results = index.search(query, **arguments)
            hits = [(hit.key, round(hit.score, 9), hit.citation, hit.snippets, hit.date) for hit in results]
            found.append((results.totals, hits, results.facets))
        document = index.document("acts/act0007")
        return [*found, document]


def flipped(content: bytes, at: int, chance: random.Random) -> bytes:
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def zeroed(content: bytes, at: int, chance: random.Random) -> bytes:
    size = min(len(content) - at, chance.choice((1, 64, 5000)))
    return content[:at] + bytes(size) + content[at + size :]


def cut(content: bytes, at: int, chance: random.Random) -> bytes:
    return content[:at]


def moved(content: bytes, at: int, chance: random.Random) -> bytes:
    """Some bytes as they stand elsewhere in the file."""
    other = chance.randrange(len(content))
    size = min(200, len(content) - max(at, other))
    return content[:at] + content[other : other + size] + content[at + size :]


def damages(path: Path, count: int) -> Iterator[tuple[Path, bytes]]:
    chance = random.Random(11)
    files = sorted(file for file in path.iterdir() if file.stat().st_size and file.name[0] != ".")
    kinds: list[Callable[[bytes, int, random.Random], bytes]] = [
        flipped,
        flipped,
        flipped,
        zeroed,
        cut,
        moved,
    ]
    for number in range(count):
        # Every other time the largest files, which hold nearly all bytes.
        some = files if number % 2 else [file for file in files if file.name.startswith("segment-")]
        file = chance.choice(some)
        content = file.read_bytes()
        yield file, chance.choice(kinds)(content, chance.randrange(len(content)), chance)


def never_wrong(whole: Path, folder: Path, count: int) -> int:
    """How many of so many damages are noticed; the others change no answer."""
    right = answers(whole)
    noticed = 0
    for number, (file, content) in enumerate(damages(whole, count)):
        copy = folder / str(number)
        shutil.copytree(whole, copy)
        (copy / file.name).write_bytes(content)
        try:
            found = answers(copy)
        except IndexProblem:
            noticed += 1
        else:
            assert found == right, f"{file.name}, damage {number}"
        shutil.rmtree(copy)
    assert noticed > count / 3
    return noticed


def test_a_damaged_index_never_answers_wrongly(whole: Path, tmp_path: Path) -> None:
    never_wrong(whole, tmp_path, 40)


@pytest.mark.slow
def test_many_damages(whole: Path, tmp_path: Path, figures: Callable[..., None]) -> None:
    figures("damages", tried=2_000, noticed=never_wrong(whole, tmp_path, 2_000))


# Checking


def copied(whole: Path, folder: Path, file: str, content: bytes) -> FolderStorage:
    shutil.copytree(whole, folder)
    (folder / file).write_bytes(content)
    return FolderStorage(folder)


def test_a_whole_index_is_sound(whole: Path) -> None:
    report = check(FolderStorage(whole), deep=True, sources=True)
    assert report.findings == ()
    assert report.bytes == sum(file.stat().st_size for file in whole.glob("*-*"))


def test_every_damage_is_found(whole: Path, tmp_path: Path) -> None:
    for number, (file, content) in enumerate(damages(whole, 60)):
        if content != file.read_bytes():
            report = check(copied(whole, tmp_path / str(number), file.name, content))
            assert [found.where for found in report.findings] == [file.name], number


def test_a_missing_file_is_found_and_a_missing_index_told(whole: Path, tmp_path: Path) -> None:
    storage = copied(whole, tmp_path / "copy", "MANIFEST", (whole / "MANIFEST").read_bytes())
    (gone,) = (tmp_path / "copy").glob("catalog-*")
    gone.unlink()
    assert [(found.where, found.what) for found in check(storage).findings] == [(gone.name, "it is missing")]
    with pytest.raises(IndexMissing):
        check(FolderStorage(tmp_path / "none"))


@pytest.mark.parametrize(
    "array", ["text.en/tf", "text.en/pos", "text.en/long_bits", "text.en/len", "heading.en/tf"]
)
def test_a_forged_segment_is_found_by_its_texts(whole: Path, tmp_path: Path, array: str) -> None:
    """Its checksums are right: only its own texts tell."""
    storage = copied(whole, tmp_path / "copy", "MANIFEST", (whole / "MANIFEST").read_bytes())
    manifest = Manifest.load(storage)
    entry = manifest.segments[0]
    container = Container(storage.read(entry.file.name), entry.file.name, "segment")
    arrays = {
        name: container.array(name, dtype.str).copy() for name, (dtype, _, _) in container._directory.items()
    }
    arrays[array][3] += 1
    content = b"".join(map(bytes, pack("segment", arrays, container.meta)))
    (tmp_path / "copy" / entry.file.name).write_bytes(content)
    forged = Container(memoryview(content), entry.file.name, "segment")
    text = manifest.to_bytes().decode().replace(entry.file.digest, forged.digest)
    text = text.replace(f'"size": {entry.file.size}', f'"size": {len(content)}')
    changed = json.loads(text)
    body = {name: value for name, value in changed.items() if name != "check"}
    (tmp_path / "copy" / "MANIFEST").write_text(json.dumps({**body, "check": manifest_check(body)}))
    assert check(storage).findings == ()
    assert [found.where for found in check(storage, deep=True).findings][:1] == [entry.file.name]


def test_changed_and_missing_files_are_told_apart_from_damage(tmp_path: Path) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.txt").write_text(f"The act {name} is in force.")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder])
    (folder / "a.txt").write_text("Something else.")
    (folder / "b.txt").unlink()
    report = check(FolderStorage(tmp_path / "index"), sources=True)
    assert report.sound
    assert report.sources == 3
    assert {(found.where, found.what) for found in report.differing} == {
        ("acts/a.txt", "it has changed"),
        ("acts/b.txt", "it is gone, or cannot be read"),
    }


def test_names_that_keys_spell_in_another_way_are_found_again(tmp_path: Path) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    for name in (b"e\xcc\x81.txt", b"caf\xe9.txt"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(b"The act is in force.")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder])
        assert [hit.stale for hit in index.search("act")] == ["", ""]
    report = check(FolderStorage(tmp_path / "index"), sources=True)
    assert (report.sources, report.differing) == (2, ())


# Repair


def documents(path: Path) -> dict[str, object]:
    with docsearch.open(path) as index:
        return {key: index.document(key) for key in index.keys()}  # noqa: SIM118


def test_a_repair_keeps_all_that_can_be_read(whole: Path, tmp_path: Path) -> None:
    before = documents(whole)
    kept = 0
    for number, (file, content) in enumerate(damages(whole, 30)):
        storage = copied(whole, tmp_path / str(number), file.name, content)
        if file.name == "MANIFEST":
            if content != file.read_bytes():
                with pytest.raises(IndexProblem):
                    repair(storage)
            continue
        report = repair(storage)
        after = documents(tmp_path / str(number))
        left_out = {*report.lost, *report.again}
        assert report.again == ()  # all are records
        # Where the list of deletions is damaged, but not that of sources, none comes back.
        assert {key: value for key, value in before.items() if key not in left_out} == after
        assert left_out == before.keys() - after.keys()
        assert check(storage, deep=True).findings == ()
        kept += len(after)
    assert kept > 15 * len(before) / 2


def test_what_files_gave_is_read_again_by_the_next_update(tmp_path: Path) -> None:
    folder = tmp_path / "acts"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number}.txt").write_text(f"The act {number} is in force.")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([folder])
    before = documents(tmp_path / "index")
    (segment,) = (tmp_path / "index").glob("segment-*")
    content = bytearray(segment.read_bytes())
    content[100] ^= 1
    segment.write_bytes(content)
    report = repair(FolderStorage(tmp_path / "index"))
    assert report.again == tuple(sorted(before))
    with docsearch.open(tmp_path / "index") as index:
        assert index.status().incomplete
        index.update()
        assert not index.status().incomplete
    assert documents(tmp_path / "index") == before


def test_a_repair_of_passages(tmp_path: Path) -> None:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.add_passages([(f"p{number}", f"Passage {number} is here.") for number in range(40)])
    before = documents(tmp_path / "index")
    report = repair(FolderStorage(tmp_path / "index"))
    assert (report.documents, report.lost) == (40, ())
    assert documents(tmp_path / "index") == before
    with docsearch.open(tmp_path / "index") as index:
        assert index.add_passages([("p1", "Passage 1 is here.")]).unchanged == 1
