"""No bytes make a reader of office formats raise, hang or grow: a document comes of them, or gaps."""

from __future__ import annotations

import io
import zipfile

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.formats import HOMES
from docsearch.corpus.members import within_limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import Made, delimited, docx, epub, odf, pptx, rtf, xlsx
from made.zipped import zipped

FILES = [
    one
    for made in (
        *(docx.documents, xlsx.documents, delimited.documents, pptx.documents),
        *(odf.documents, odf.workbooks, epub.documents, rtf.documents),
    )
    for one in made()[:2]
]
NAMES = [made.name for made in FILES]
slow = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)


def survives(content: bytes, name: str, media_type: str | None = None) -> None:
    """Reading ends, in a document whose ranges lie in its text, or in gaps with reasons."""
    with within_limits():
        reading = read_bytes("key", name, content, media_type=media_type)
    assert reading.documents or all(gap.reason for gap in reading.gaps)
    for document in reading.documents:
        assert all(0 <= one.start < one.end <= len(document.text) for one in document.paragraphs)


def mutated(content: bytes, places: list[tuple[int, bytes]]) -> bytes:
    changed = bytearray(content)
    for place, new in places:
        place %= len(changed) + 1
        changed[place : place + len(new)] = new
    return bytes(changed)


edits = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5
)
words = st.sampled_from([b'"-1"', b"99999999999", b"<", b">", b"/>", b"&#1;", b'""', b"w:p", b"\xff", b"</"])
part_edits = st.lists(st.tuples(st.integers(0, 1 << 20), words), min_size=1, max_size=4)


@slow
@given(st.sampled_from(FILES), edits)
def test_bytes_are_changed(made: Made, places: list[tuple[int, bytes]]) -> None:
    survives(mutated(made.content, places), made.name)


@slow
@given(st.sampled_from(FILES), st.integers(0, 1 << 20))
def test_files_are_cut_short(made: Made, length: int) -> None:
    survives(made.content[: length % len(made.content)], made.name)


@slow
@given(st.sampled_from(FILES), st.data(), st.one_of(edits, part_edits))
def test_parts_are_changed(made: Made, data: st.DataObject, places: list[tuple[int, bytes]]) -> None:
    if not made.content.startswith(b"PK"):
        survives(mutated(made.content, places), made.name)
        return
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    part = data.draw(st.sampled_from(sorted(parts)))
    survives(zipped({**parts, part: mutated(parts[part], places)}), made.name)


@slow
@given(st.sampled_from(FILES), st.data())
def test_parts_are_missing_or_swapped(made: Made, data: st.DataObject) -> None:
    if made.content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        names = sorted(parts)
        parts[data.draw(st.sampled_from(names))] = parts.pop(data.draw(st.sampled_from(names)))
        survives(zipped(parts), made.name)


@slow
@given(st.binary(max_size=300), st.sampled_from(sorted(HOMES)))
def test_any_bytes_as_any_type(content: bytes, media_type: str) -> None:
    survives(content, "x", media_type)


@pytest.mark.parametrize("media_type", sorted(HOMES))
@pytest.mark.parametrize("made", FILES, ids=NAMES)
def test_mislabelled_files(made: Made, media_type: str) -> None:
    survives(made.content, "x", media_type)


def test_members_of_members_are_no_parts() -> None:
    inner = FILES[0].content
    reading = read_bytes("key", "a.zip", zipped({"acts/a.docx": inner}, stored=("acts/a.docx",)))
    assert not any("Word" in gap.reason for gap in reading.gaps)


@pytest.mark.parametrize(("name", "folder"), [("a.docx", "word"), ("a.xlsx", "xl"), ("a.pptx", "ppt")])
def test_embedded_files_are_gaps(name: str, folder: str) -> None:
    made = next(one for one in FILES if one.name.endswith(name[1:]))
    out = io.BytesIO(made.content)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(f"{folder}/embeddings/oleObject1.bin", b"an annex")
    reading = read_bytes(name, name, out.getvalue())
    assert [(gap.part, gap.key) for gap in reading.gaps] == [(f"{folder}/embeddings/oleObject1.bin", name)]
    assert len(reading.documents) == 1
