"""Packed columns and keys: what was packed is read again, in one piece or number by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from docsearch.errors import IndexCorrupt
from docsearch.index.arrays import Array
from docsearch.index.container import Container, pack
from docsearch.index.integers import Integers, pack_integers
from docsearch.index.keys import Keys, key_arrays
from hypothesis import given, settings
from hypothesis import strategies as st

SHAPES = st.one_of(
    st.lists(st.integers(-(2**60), 2**60), max_size=9),
    st.lists(st.integers(0, 300), max_size=400),
    st.lists(st.sampled_from([0, 0, 1, 2**17, 2**40]), min_size=100, max_size=700),
    st.builds(
        lambda first, step, count: [first + step * row for row in range(count)],
        st.integers(-(10**9), 10**9),
        st.integers(-70_000, 70_000),
        st.integers(0, 600),
    ),
    st.lists(st.integers(0, 500), max_size=600).map(lambda sizes: np.cumsum([0, *sizes]).tolist()),
    st.permutations(range(300)),
)


def opened(arrays: Mapping[str, Array | bytes]) -> Container:
    return Container(memoryview(b"".join(pack("test", arrays, {}))), "file", "test")


def size(arrays: Mapping[str, Array | bytes]) -> int:
    return sum(array.nbytes if isinstance(array, np.ndarray) else len(array) for array in arrays.values())


@given(SHAPES, st.data())
@settings(max_examples=300, deadline=None)
def test_what_was_packed_is_read(values: list[int], data: st.DataObject) -> None:
    column = Integers(opened(pack_integers("c", np.array(values, np.int64))), "c", len(values))
    assert len(column) == len(values)
    assert column.numbers().tolist() == values
    assert [column[row] for row in range(len(values))] == values
    start, end = (data.draw(st.integers(0, len(values) + 3)) for _ in range(2))
    assert column.numbers(start, end).tolist() == values[start:end]
    for row in (-1, len(values)):
        with pytest.raises(IndexError):
            column[row]


@pytest.mark.parametrize(
    ("values", "most"),
    [
        (np.zeros(100_000), 24),
        (np.arange(100_000) * 7 + 3, 24),
        (np.arange(100_000) % 200, 101_000),
        (np.cumsum(np.arange(100_000) % 200), 205_000),
        (np.where(np.arange(100_000) == 5, 2**40, 1), 3_000),
    ],
)
def test_they_take_little_room(values: Array, most: int) -> None:
    assert size(pack_integers("c", values.astype(np.int64))) <= most


@pytest.mark.parametrize(
    "forged",
    [
        {"c/line": np.array([0, 0, 3], np.int64)},
        {"c/line": np.array([0, 0, -1], np.int64)},
        {"c/line": np.array([0, 0], np.int64)},
        {"c/line": np.array([0, 0, 255], np.int64), "c/widths": np.array([1, 7], np.uint8)},
        {"c": np.zeros(3, np.uint8)},
        {"c/bases": np.zeros(9, np.uint8)},
        {"c/bases": np.zeros(2, np.uint64)},
    ],
)
def test_forged_columns_are_told(forged: Mapping[str, Array]) -> None:
    good = pack_integers("c", np.arange(200) % 7)
    assert Integers(opened(good), "c", 200).numbers(190).tolist() == (np.arange(190, 200) % 7).tolist()
    with pytest.raises(IndexCorrupt):
        Integers(opened({**good, **forged}), "c", 200)
    with pytest.raises(IndexCorrupt):
        Integers(opened(good), "c", 257)


KEYS = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8"), max_size=6),
        st.integers(0, 500).map("code/titles/1.md#{}".format),
    ),
    unique=True,
    max_size=300,
)


def keys_of(keys: Sequence[str]) -> Keys:
    encoded = [key.encode() for key in keys]
    order = sorted(range(len(keys)), key=encoded.__getitem__)
    return Keys(opened(key_arrays(encoded, order)), len(keys))


@given(KEYS, st.sampled_from(["", "c", "code/titles/1.md#1", "code/titles/1.md#3", "z", "\U0010ffff"]))
@settings(max_examples=200, deadline=None)
def test_keys(keys: list[str], sought: str) -> None:
    table = keys_of(keys)
    assert [table[number].decode() for number in range(len(keys))] == keys
    assert table.in_document_order() == [key.encode() for key in keys]
    assert [table.find(key.encode()) for key in keys] == list(range(len(keys)))
    assert table.find(b"code/titles/1.md#501") is None
    assert table.find(sought.encode()) == (keys.index(sought) if sought in keys else None)
    expected = sorted((key.encode(), at) for at, key in enumerate(keys) if key.startswith(sought))
    assert list(table.prefixed(sought.encode())) == expected
    assert [keys[number] for number in table.by_key] == sorted(keys)
    assert table.rank.tolist() == [sorted(keys).index(key) for key in keys]


@pytest.mark.parametrize(
    "forged",
    [
        {"doc/keys": bytes(200)},
        {"doc/keys": b""},
        pack_integers("doc/key_rank", np.full(100, 3)),
        pack_integers("doc/key_rank", np.arange(100) + 1),
        {"doc/key_ends": np.array([0, 10**9, 5, 5, 5, 5, 5, 5], np.uint32)},
    ],
)
def test_forged_keys_are_told(forged: Mapping[str, Array | bytes]) -> None:
    encoded = [f"key {number:03}".encode() for number in range(100)]
    arrays = {name: array for name, array in key_arrays(encoded, range(100)).items() if name not in forged}
    table = Keys(opened({**arrays, **forged}), 100)
    with pytest.raises(IndexCorrupt):
        [table.find(key) for key in encoded]
