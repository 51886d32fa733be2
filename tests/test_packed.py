"""Packed postings give back the units and places that were packed; what does not add up is told as damage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from docsearch.errors import IndexCorrupt
from docsearch.index.container import Container, pack
from docsearch.index.field import Field, field_arrays
from docsearch.index.inverter import Inverted
from docsearch.index.planner import packed, stored
from hypothesis import given, settings
from hypothesis import strategies as st

UNITS = 70


@pytest.fixture(scope="module", autouse=True, params=[(16, 256), (4, 5), (3, 1)])
def _layout(request: pytest.FixtureRequest) -> Iterator[None]:
    """One chunk, and several; with terms that are rare, common and long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "_CHUNK", request.param[0])
        patch.setattr(packed, "FEW", request.param[1])
        patch.setattr(stored, "LONG", 3)
        patch.setattr(stored, "LEAST", 2)
        yield


posting = st.dictionaries(
    st.integers(0, UNITS - 1), st.sampled_from([1, 1, 1, 2, 3, 254, 255, 256, 700]), min_size=1, max_size=40
)
lists = st.lists(posting, max_size=9)


def inverted(postings: Sequence[dict[int, int]]) -> Inverted:
    tf = [each[unit] for each in postings for unit in sorted(each)]
    lengths = np.zeros(UNITS, np.uint32)
    for each in postings:
        for unit, count in each.items():
            lengths[unit] += count
    terms = [b"t%d" % number for number in range(len(postings))]
    return Inverted(
        terms=terms,
        starts=np.cumsum([0, *map(len, postings)]),
        units=np.array([unit for each in postings for unit in sorted(each)], np.uint32),
        frequencies=np.array(tf, np.uint32),
        position_starts=np.cumsum([0, *(sum(each.values()) for each in postings)]),
        positions=np.array([at for count in tf for at in range(count)], np.uint32),
        lengths=lengths,
        surfaces=terms,
        surface_terms=np.arange(len(terms), dtype=np.uint32),
    )


def stored_field(what: Inverted, **changed: np.ndarray[tuple[int], np.dtype[np.uint32]]) -> Field:
    arrays = {**field_arrays("text.en", what), **{f"text.en/{key}": value for key, value in changed.items()}}
    content = b"".join(map(bytes, pack("segment", arrays, {})))
    return Field(Container(memoryview(content), "segment-x", "segment"), "text.en", UNITS)


@settings(max_examples=150)
@given(postings=lists)
def test_what_was_packed_comes_back(postings: list[dict[int, int]]) -> None:
    what = inverted(postings)
    field = stored_field(what)
    back = field.columns()
    for name in ("starts", "units", "frequencies", "position_starts", "positions", "lengths"):
        assert getattr(back, name).tolist() == getattr(what, name).tolist(), name
    place = 0
    for number, each in enumerate(postings):
        found = field.postings(number)
        assert len(found) == len(each)
        assert found.units.tolist() == sorted(each)
        begins, counts = field.places(found, np.arange(len(each)))
        assert counts.tolist() == [each[unit] for unit in sorted(each)]
        assert begins.tolist() == [place + int(before) for before in counts.cumsum() - counts]
        index, positions = field.positions(found, np.arange(len(each)))
        assert index.tolist() == np.arange(len(each)).repeat(counts).tolist()
        assert positions.tolist() == [at for count in counts.tolist() for at in range(count)]
        place += int(counts.sum())


def test_lists_that_do_not_add_up_are_told_as_damage() -> None:
    what = inverted([dict.fromkeys(range(40), 1), {3: 1}])
    short = stored_field(what, lows=np.zeros(0, np.uint16), units=np.zeros(0, np.uint32))
    with pytest.raises(IndexCorrupt, match="postings of text"):
        _ = short.postings(1).units
    arrays = field_arrays("text.en", what)
    empty = stored_field(what, long_bits=np.zeros_like(arrays["text.en/long_bits"]))
    with pytest.raises(IndexCorrupt, match="postings of text"):
        _ = empty.postings(0).units
