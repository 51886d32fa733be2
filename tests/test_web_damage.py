"""No bytes make a reader of pages, mail or data raise, hang or grow: documents come of them, or gaps."""

from __future__ import annotations

import pytest
from docsearch.corpus import read_bytes
from docsearch.corpus.members import within_limits
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made import Made, html, json, mail, xml
from made.plans import PLANS

FILES = [
    *html.documents(),
    *mail.documents(),
    *json.documents(),
    Made("box.mbox", mail.mailbox(), (), (), ""),
]
FILES += [Made("feed.xml", xml.feed(PLANS[0], atom=atom), (), (), "") for atom in (False, True)]
NAMES = sorted({made.name.rpartition(".")[2] for made in FILES})
TYPES = ["text/html", "message/rfc822", "application/mbox", "application/json", "application/xml"]
slow = settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60, deadline=None)


def survives(content: bytes, name: str, media_type: str | None = None) -> None:
    """Reading ends, in documents whose ranges lie in their text, or in gaps with reasons."""
    with within_limits():
        reading = read_bytes("key", name, content, media_type=media_type)
    assert reading.documents or all(gap.reason for gap in reading.gaps)
    assert reading.documents or reading.gaps
    for document in reading.documents:
        document.text.encode()
        assert all(0 <= one.start < one.end <= len(document.text) for one in document.paragraphs)


PIECES = [
    *(
        b"<",
        b">",
        b'"',
        b"</",
        b"<!--",
        b"]]>",
        b"<![CDATA[",
        b"&#x110000;",
        b"&#55296;",
        b"<table>",
        b"</p>",
    ),
    *(
        b"\xff",
        b"\x00",
        b"\r",
        b"\n\n",
        b"=?utf-8?q?=FF?=",
        b"=?x?b?a?=",
        b"--",
        b"boundary=",
        b"; charset=rot13",
    ),
    *(
        b"From x 2020\n",
        b"Content-Type: multipart/mixed\n",
        b"filename*=x''%FF",
        b"{",
        b"[",
        b"\\ud800",
        b"1e999",
    ),
    *(b"<?xml", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"&a;", b"xmlns:x=''", b"encoding='utf-16'"),
]
edits = st.lists(
    st.tuples(st.integers(0, 1 << 20), st.one_of(st.sampled_from(PIECES), st.binary(min_size=1, max_size=6))),
    min_size=1,
    max_size=8,
)


@slow
@given(st.sampled_from(FILES), edits, st.booleans())
def test_bytes_are_changed(made: Made, places: list[tuple[int, bytes]], inserted: bool) -> None:
    changed = bytearray(made.content)
    for place, new in places:
        place %= len(changed) + 1
        changed[place : place + (0 if inserted else len(new))] = new
    survives(bytes(changed), made.name)


@slow
@given(st.sampled_from(FILES), st.integers(0, 1 << 20))
def test_files_are_cut_short(made: Made, length: int) -> None:
    survives(made.content[: length % len(made.content)], made.name)


@slow
@given(st.sampled_from(FILES), st.sampled_from(TYPES))
def test_files_are_taken_for_others(made: Made, media_type: str) -> None:
    survives(made.content, made.name, media_type)


@slow
@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join)))
def test_random_bytes(content: bytes) -> None:
    for media_type in TYPES:
        survives(content, "a", media_type)
    for name in NAMES:
        survives(content, f"a.{name}")


@pytest.mark.parametrize("media_type", TYPES)
@pytest.mark.parametrize("piece", PIECES, ids=repr)
def test_pieces_are_repeated(piece: bytes, media_type: str) -> None:
    survives(piece * 20_000, "a", media_type)
