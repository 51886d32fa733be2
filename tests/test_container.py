"""A container gives back its arrays, and refuses bytes that are not as they were written."""

from __future__ import annotations

import json
import struct
import zlib

import numpy as np
import pytest
from docsearch.errors import DocsearchError, IndexCorrupt, IndexIncompatible
from docsearch.index.container import BLOCK, Container, pack
from hypothesis import given
from hypothesis import strategies as st

DTYPES = ["|u1", "<u2", "<u4", "<u8", "<i4", "<i8", "<f4", "<f8"]


def packed(**arrays: object) -> bytes:
    return b"".join(pack("test", arrays, {"note": "é"}))  # type: ignore[arg-type]


def opened(content: bytes) -> Container:
    return Container(memoryview(content), "file", "test")


@given(st.lists(st.tuples(st.sampled_from(DTYPES), st.integers(0, 300)), max_size=6))
def test_arrays_come_back(shapes: list[tuple[str, int]]) -> None:
    arrays = {f"a{i}": np.arange(count).astype(dtype) for i, (dtype, count) in enumerate(shapes)}
    container = opened(packed(**arrays))
    assert container.meta == {"note": "é"}
    for name, array in arrays.items():
        found = container.array(name, array.dtype.newbyteorder("<").str.replace(">", "<"), len(array))
        assert (found == array).all()
        assert not found.flags.writeable


def test_bytes_come_back_as_a_blob() -> None:
    assert bytes(opened(packed(b=b"words", c=b"")).blob("b")) == b"words"


def test_every_flipped_byte_of_contents_and_tail_is_refused() -> None:
    content = packed(a=np.arange(5, dtype=np.uint32))
    for at in range(64, len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 0x40
        with pytest.raises((IndexCorrupt, IndexIncompatible)):
            opened(bytes(damaged))


def test_every_truncation_is_refused() -> None:
    content = packed(a=np.arange(5, dtype=np.uint32))
    for length in range(len(content)):
        with pytest.raises(DocsearchError):
            opened(content[:length])


def test_a_damaged_block_is_placed() -> None:
    content = bytearray(packed(a=np.zeros(3 * BLOCK, np.uint8), b=np.ones(9, np.uint8)))
    assert opened(bytes(content)).damaged_blocks() == []
    content[BLOCK + 17] ^= 1
    assert opened(bytes(content)).damaged_blocks() == [1]


def forged(directory: object) -> bytes:
    """A container whose contents are chosen freely and whose checksums hold."""
    import hashlib

    contents = json.dumps(
        {"kind": "test", "meta": {}, "arrays": directory, "blocks": [zlib.crc32(bytes(64))]}
    ).encode()
    digest = hashlib.blake2b(contents, digest_size=16).digest()
    return bytes(64) + contents + struct.pack("<QQ16sII8s", 64, len(contents), digest, 1, 0, b"docsrch1")


@pytest.mark.parametrize(
    "directory",
    [
        {"a": ["|O", 0, 1]},
        {"a": ["<u4", 0, 17]},
        {"a": ["<u4", -64, 1]},
        {"a": ["<u4", 3, 1]},
        {"a": ["<u4", 0, 1 << 70]},
        {"a": ["<u4", 0.0, 1]},
        {"a": ["<u4", 0, True]},
        {"a": None},
        [],
        "x",
    ],
)
def test_a_forged_directory_is_refused(directory: object) -> None:
    with pytest.raises(IndexCorrupt):
        opened(forged(directory))


def test_a_forged_directory_within_bounds_is_read() -> None:
    assert opened(forged({"a": ["<u4", 0, 16]})).array("a", "<u4").tolist() == [0] * 16


def test_a_missing_or_other_array_is_an_error_of_ours() -> None:
    container = opened(packed(a=np.arange(5, dtype=np.uint32)))
    for name, dtype, count in (("b", "<u4", None), ("a", "<u8", None), ("a", "<u4", 4)):
        with pytest.raises(IndexCorrupt):
            container.array(name, dtype, count)


def test_another_version_says_to_rebuild() -> None:
    content = bytearray(packed(a=np.arange(5, dtype=np.uint32)))
    content[-16:-12] = struct.pack("<I", 2)
    with pytest.raises(IndexIncompatible, match="rebuild"):
        opened(bytes(content))


def test_types_that_are_not_stored_are_refused_when_written() -> None:
    with pytest.raises(TypeError):
        packed(a=np.array([object()]))


def test_an_array_is_sound_while_its_own_blocks_are() -> None:
    content = bytearray(packed(a=np.zeros(BLOCK, np.uint8), b=np.ones(BLOCK + 9, np.uint8), c=b"far"))
    content[BLOCK + 5] ^= 1
    container = opened(bytes(content))
    assert [container.is_sound(name) for name in "abcd"] == [True, False, True, False]
