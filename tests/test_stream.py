"""A stream gives any stretch of what was written, in whichever order it is asked for."""

from __future__ import annotations

import random
import zlib

import numpy as np
import pytest
from docsearch.errors import IndexCorrupt
from docsearch.index.container import Container, pack
from docsearch.index.stream import Stream, StreamWriter
from hypothesis import given
from hypothesis import strategies as st

CONTENT = random.Random(7).randbytes(3000) * 60  # three blocks, and they shrink
PLACES = st.integers(0, len(CONTENT))


def stream_of(arrays: object) -> Stream:
    assert isinstance(arrays, dict)
    return Stream(Container(memoryview(b"".join(map(bytes, pack("test", arrays, {})))), "f", "test"), "text")


def written() -> dict[str, object]:
    writer = StreamWriter()
    writer.add(CONTENT)
    return dict(writer.arrays("text"))


@given(st.lists(st.tuples(PLACES, st.integers(0, 70_000)), max_size=12))
def test_every_stretch_is_what_was_written(asked: list[tuple[int, int]]) -> None:
    stream = stream_of(written())
    for start, length in asked:
        end = min(start + length, len(CONTENT))
        assert stream.read(start, end) == CONTENT[start:end]


def test_no_more_is_unpacked_than_was_asked_for_once() -> None:
    stream = stream_of(written())
    held = []
    for end in (10, 5, 20, 30):
        assert stream.read(0, end) == CONTENT[:end]
        held.append(len(stream._last[1]))
    assert held == [10, 10, 1 << 14, 1 << 14]


@pytest.mark.parametrize("place", [0, 70_000])
@pytest.mark.parametrize("end", [1, 16_000])
def test_a_block_that_ends_too_soon_is_damage(place: int, end: int) -> None:
    arrays = written()
    packed = zlib.compress(CONTENT[: 1 << 14][: max(end - 1, 0)])
    arrays["text/bytes"] = packed * 3
    arrays["text/ends"] = np.array([0, 1, 2, 3], np.uint64) * np.uint64(len(packed))
    with pytest.raises(IndexCorrupt):
        stream_of(arrays).read(place, place + end)
