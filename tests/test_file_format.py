"""ARCHITECTURE's section on the file format names all that the files of an index hold, and nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import docsearch
import pytest
from docsearch.index.container import Container
from docsearch.index.manifest import FORMAT

ROOT = Path(__file__).parent.parent
SAMPLES = Path(docsearch.__file__).parent / "corpus" / "samples"
PARTS = {
    "packed": ("", "/line", "/bases", "/widths"),
    "escaped": ("", "_where", "_wide"),
    "streams": ("/raw", "/ends", "/bytes"),
}


def section() -> str:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return page.partition("## The file format, byte by byte")[2]


def described() -> Iterator[str]:
    """Patterns of the names of arrays in a segment, from the tables."""
    for line in section().splitlines():
        if not re.match(r"\| `(doc|text|section|paragraph|acronym|F|column)\b", line):
            continue
        names, kind = line.split("|")[1:3]
        table = ""
        kinds = re.findall(r"packed|escaped|streams|\b[uif]\d|like", kind)
        for at, name in enumerate(re.findall(r"`([^`]+)`", names)):
            table = name.partition("/")[0] if not name.startswith("/") else table
            whole = name if not name.startswith("/") else table + name
            form = kinds[min(at, len(kinds) - 1)]
            for part in PARTS.get(form, ("",)):
                yield (
                    re.escape(whole + part)
                    .replace("F/", "(text|heading|title)\\.[a-z]+/")
                    .replace("/i/", "/[0-9]+/")
                )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([SAMPLES], keep_versions=True)
        index.add(
            [
                docsearch.Record(
                    "a",
                    "Ein Gesetz über Wasser.\n\nDas Wasserhaushaltsgesetz (WHG).",
                    language="de",
                ),
                docsearch.Record("b", "x"),
            ]
        )
        index.delete(["b"])
    return tmp_path / "index"


def arrays_of(path: Path, kind: str) -> dict[str, str]:
    container = Container(memoryview(path.read_bytes()), path.name, kind)
    return {name: dtype.str for name, (dtype, _, _) in container._directory.items()}


def test_every_array_of_a_segment_is_described(folder: Path) -> None:
    patterns = [re.compile(pattern) for pattern in described()]
    names = {name for path in folder.glob("segment-*") for name in arrays_of(path, "segment")}
    assert len(names) > 100
    assert [name for name in sorted(names) if not any(p.fullmatch(name) for p in patterns)] == []
    optional = re.compile(r".*(bases|widths|lasts|starts|wide|where)|doc/.*|section/.*|paragraph/.*")
    unmet = [p.pattern for p in patterns if not any(p.fullmatch(name) for name in names)]
    assert [pattern for pattern in unmet if not optional.fullmatch(pattern.replace("\\", ""))] == []


def test_every_key_of_the_manifest_is_described(folder: Path) -> None:
    rows = section().partition("| key | value |")[2].partition("\n\n")[0]
    told = {name for line in rows.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert told - {"semantic"} == set(json.loads((folder / "MANIFEST").read_text(encoding="utf-8")))
    assert f"Format {FORMAT}." in section()


def test_the_tail_of_a_file_is_as_described(folder: Path) -> None:
    for path in folder.iterdir():
        if path.name.startswith(("segment-", "catalog-", "deletions-", "validity-", "vectors-")):
            content = path.read_bytes()
            end, length = (int.from_bytes(content[at : at + 8], "little") for at in (-48, -40))
            assert content[-8:] == b"docsrch1"
            assert end + length + 48 == len(content)
            assert set(json.loads(content[end : end + length])) == {"kind", "meta", "arrays", "blocks"}
