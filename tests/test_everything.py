"""One of everything, a broken one of everything and a hostile one of everything, in one run and untended."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import tarfile
import zipfile
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from docsearch.corpus.citation import Citation
from docsearch.index.limits import Limits
from docsearch.index.reports import UpdateReport
from docsearch.search.facade import Index, open_index
from made import Made

pytest.importorskip("reportlab")

FORMATS = ("delimited", "docx", "epub", "html", "json", "mail", "odf", "pdf", "pptx", "rtf", "xlsx", "xml")


def of_each() -> list[Made]:
    """The first document of each kind of file."""
    found: dict[str, Made] = {}
    for name in FORMATS:
        for made in import_module(f"made.{name}").documents():
            found.setdefault(Path(made.name).suffix, made)
    return list(found.values())


GOOD = of_each()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return out.getvalue()


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def hostile() -> Iterator[tuple[str, bytes]]:
    nested = b"Water law."
    for _ in range(30):
        nested = zipped({"more.zip": nested})
    zeros = bytes(96 << 20)
    yield "bomb.gz", gzip.compress(zeros)
    yield "bomb.bz2", bz2.compress(zeros)
    yield "bomb.zip", zipped({"zeros.txt": b" " * (96 << 20)})
    yield "nested.zip", nested
    yield "climbing.zip", zipped({"../../../etc/cron.d/job.txt": b"Up and away."})
    yield "links.tar", tarred({"act.txt": b"A tar with a link."})
    yield "memory.xz", lzma.compress(b"Water.", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 28}])
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    for suffix in ("xml", "html", "rss"):
        yield f"laughs.{suffix}", f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><x>&l11;</x>'.encode()
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e; law</x>'
    yield "outside.xml", outside.encode()
    yield "deep.json", b"[" * 200_000
    yield "deep.html", b"<div>" * 50_000
    yield "deep.xml", b"<a>" * 20_000
    yield "deep.rtf", b"{\\rtf1" + b"{" * 200_000
    pages = b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R]>>endobj"
    yield (
        "loop.pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj " + pages + b" trailer<</Root 1 0 R>>",
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("all")
    for name in ("good", "broken", "hostile", "mislabelled", "empty"):
        (root / name).mkdir()
    for made in GOOD:
        (root / "good" / made.name).write_bytes(made.content)
        (root / "broken" / made.name).write_bytes(made.content[: len(made.content) * 2 // 3])
        (root / "mislabelled" / f"{made.name}.txt").write_bytes(made.content)
        (root / "empty" / made.name).write_bytes(b"")
    for name, content in hostile():
        (root / "hostile" / name).write_bytes(content)
    files = {made.name: made.content for made in GOOD}
    (root / "all.zip").write_bytes(zipped(files))
    (root / "all.tar.gz").write_bytes(gzip.compress(tarred(files)))
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.txt")
    return root


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[tuple[Index, UpdateReport]]:
    with open_index(tmp_path_factory.mktemp("index"), create=True) as made:
        yield made, made.update([folder], workers=2, limits=Limits(seconds=20, memory=1 << 30))


@pytest.mark.parametrize("made", GOOD, ids=[made.name for made in GOOD])
@pytest.mark.parametrize("within", ["good/", "all.zip!/", "all.tar.gz!/"])
def test_each_good_one_is_found_by_a_sentence_from_its_middle(
    index: tuple[Index, UpdateReport], folder: Path, made: Made, within: str
) -> None:
    words = made.middle.replace('"', " ")
    hits = index[0].search(f'"{words}"', limit=500, duplicates="show")
    here = [hit for hit in hits if hit.key.startswith(f"{folder.name}/{within}{made.name}")]
    assert here, [hit.key for hit in hits]
    pages = {page for text, page in made.paragraphs if made.middle in text}
    if len(pages) == 1 and None not in pages:
        assert Citation.parse(here[0].citation).page in pages


def test_each_bad_one_is_listed_with_a_reason(index: tuple[Index, UpdateReport], folder: Path) -> None:
    told = {key for key, _ in index[1].gaps}
    for file in (folder / "empty").iterdir():
        assert f"{folder.name}/empty/{file.name}" in told
    silent = [
        name
        for name, _ in hostile()
        if not any(key.startswith(f"{folder.name}/hostile/{name}") for key in told)
        and not index[0].keys(f"{folder.name}/hostile/{name}")
    ]
    assert silent == []
    reasons = [reason for _, reason in index[1].gaps]
    assert not [reason for reason in reasons if "its reader failed" in reason]
    assert all(reason.isprintable() and len(reason) < 300 for reason in reasons)


def test_nothing_from_outside_came_in(index: tuple[Index, UpdateReport]) -> None:
    assert index[0].search("root AND bin AND bash").totals.documents == 0
