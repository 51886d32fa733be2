"""Outlook messages: their words, dates and attachments, from containers that are sound and that are not."""

from __future__ import annotations

import struct

import pytest
from docsearch.corpus import media_type_of, read_bytes
from docsearch.corpus.formats.mail.compressed import unpack_rtf
from docsearch.corpus.members import within_limits
from docsearch.corpus.model import Reading
from docsearch.errors import Unreadable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import Made
from made.ole import container
from made.outlook import documents, message
from made.plans import PLANS

FIRST = "__attach_version1.0_#00000000"
SECOND = "__attach_version1.0_#00000001"


def read(content: bytes) -> Reading:
    with within_limits():
        return read_bytes("a.msg", "a.msg", content)


@pytest.mark.parametrize("made", documents(), ids=lambda made: made.name)
def test_messages(made: Made) -> None:
    assert media_type_of("a", made.content) == "application/vnd.ms-outlook"
    (document,) = read(made.content).documents
    found = [document.text[one.start : one.end] for one in document.paragraphs]
    assert [paragraph for paragraph, _ in made.paragraphs if paragraph not in found] == []
    assert [one for one in made.headings if one not in [(s.level, s.title) for s in document.sections]] == []
    assert (document.meta.title, str(document.meta.published)) == (made.title, "2021-05-04")
    assert document.meta.extra["from"] == f"{document.meta.extra['author']} <office@x.example>"


def test_attachments_and_messages_in_messages() -> None:
    streams = message(PLANS[0])
    streams[FIRST, "__substg1.0_37010102"] = b"One paper. " * 600
    streams[FIRST, "__substg1.0_3707001F"] = "päper.txt".encode("utf-16-le")
    streams |= message(PLANS[1], above=(SECOND, "__substg1.0_3701000D"))
    reading = read(container(streams))
    assert [document.key for document in reading.documents] == [
        "a.msg",
        "a.msg!/päper.txt",
        f"a.msg!/{PLANS[1].title}.eml",
    ]
    assert PLANS[1].middle in reading.documents[2].text
    assert str(reading.documents[2].meta.published) == "2021-05-04"
    assert not reading.gaps


RICH = "__substg1.0_10090102"
# The first example of [MS-OXRTFCP], section 4.1.1.
PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def rich(words: str) -> bytes:
    """RTF that is kept as it is."""
    text = rb"{\rtf1\ansi\deff0{\fonttbl{\f0 Arial;}}\pard " + words.encode("ascii") + rb"\par}"
    return struct.pack("<IIII", len(text) + 12, len(text), 0x414C454D, 0) + text


def test_packed_rtf_of_the_specification() -> None:
    assert unpack_rtf(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_message_with_rtf_alone() -> None:
    streams = {path: data for path, data in message(PLANS[0]).items() if "_1000" not in path[-1]}
    reading = read(container({**streams, (RICH,): rich("Lampreys graze upon the causeway.")}))
    assert "Lampreys graze upon the causeway." in reading.documents[0].text
    inner = {(FIRST, "__substg1.0_3701000D", *path): data for path, data in streams.items()}
    inner[FIRST, "__substg1.0_3701000D", RICH] = rich("Eels do not.")
    assert "Eels do not." in read(container({**message(PLANS[1]), **inner})).documents[1].text


def test_rtf_that_cannot_be_unpacked_is_a_gap() -> None:
    streams = {path: data for path, data in message(PLANS[0]).items() if "_1000" not in path[-1]}
    (gap,) = read(container({**streams, (RICH,): b"no RTF at all, whatever it says"})).gaps
    assert gap.part == "text"
    assert "save it as .eml" in gap.reason


@given(st.binary(max_size=200), st.integers(0, 4_000))
def test_no_packed_text_makes_more_than_it_can(body: bytes, size: int) -> None:
    data = struct.pack("<IIII", 0, size, 0x75465A4C, 0) + body
    if size > 17 * len(body):
        with pytest.raises(Unreadable, match="longer"):
            unpack_rtf(data)
    else:
        assert len(unpack_rtf(data)) <= size


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100, deadline=None)
@given(
    st.sampled_from(documents()),
    st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), max_size=8),
    st.integers(0, 1 << 20),
)
def test_damage_is_a_gap(made: Made, places: list[tuple[int, bytes]], length: int) -> None:
    changed = bytearray(made.content)
    for place, new in places:
        place %= 4_096
        changed[place : place + len(new)] = new
    for content in (bytes(changed), bytes(changed)[: length % len(changed)]):
        with within_limits():
            reading = read_bytes("a.msg", "a.msg", content, media_type="application/vnd.ms-outlook")
        assert reading.documents or all(gap.reason for gap in reading.gaps)
        assert reading.documents or reading.gaps
