"""Narrow arrays with escapes give back what was put in; ranges of ranges are what the plain loop gives."""

from __future__ import annotations

import numpy as np
from docsearch.index.arrays import Escaped, set_at, spread
from hypothesis import given
from hypothesis import strategies as st

values = st.lists(st.one_of(st.integers(0, 300), st.integers(0, 2**32 - 1)), max_size=60)


@given(values, st.data())
def test_an_escaped_array_gives_back_its_values(numbers: list[int], data: st.DataObject) -> None:
    packed = Escaped.pack(np.array(numbers, np.int64))
    assert packed.all().tolist() == numbers
    start = data.draw(st.integers(0, len(numbers)))
    end = data.draw(st.integers(start, len(numbers)))
    assert packed.slice(start, end).tolist() == numbers[start:end]
    indices = data.draw(st.lists(st.integers(0, max(len(numbers) - 1, 0)), max_size=20 if numbers else 0))
    assert packed.take(np.array(indices, np.int64)).tolist() == [numbers[i] for i in indices]


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 7)), max_size=20))
def test_spread_is_the_concatenation_of_the_ranges(pairs: list[tuple[int, int]]) -> None:
    starts = np.array([start for start, _ in pairs], np.int64)
    lengths = np.array([length for _, length in pairs], np.int64)
    expected = [number for start, length in pairs for number in range(start, start + length)]
    assert spread(starts, lengths).tolist() == expected


@given(st.lists(st.integers(0, 300)), st.integers(0, 300))
def test_set_flags_are_found_few_or_many(numbers: list[int], size: int) -> None:
    flags = np.zeros(size, np.bool_)
    flags[[number for number in numbers if number < size]] = True
    assert set_at(flags).tolist() == flags.nonzero()[0].tolist()
