"""The terms of all tokens become postings, whatever their numbers take."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from docsearch.index.inverter import sorting
from docsearch.index.inverter.sorting import Tokens
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

_HELPER = ThreadPoolExecutor(1)
_UNITS = st.lists(st.lists(st.integers(0, 6), max_size=12), max_size=12)


@pytest.mark.parametrize("widest", [64, 3], ids=["one number sorts", "too wide for one number"])
@pytest.mark.parametrize("piece", [1, 3, 1 << 18])
@pytest.mark.parametrize("helper", [None, _HELPER], ids=["alone", "helped"])
@given(_UNITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_postings_are_those_of_the_tokens(
    monkeypatch: pytest.MonkeyPatch,
    helper: ThreadPoolExecutor | None,
    piece: int,
    widest: int,
    units: list[list[int]],
) -> None:
    monkeypatch.setattr(sorting, "_WIDEST", widest)
    monkeypatch.setattr(sorting, "_PIECE", piece)
    monkeypatch.setattr(sorting, "_ROOM", 5)
    met = list(dict.fromkeys(word for unit in units for word in unit))  # words by number of their term
    ranked = sorted(met)
    ranks = np.array([ranked.index(word) for word in met], np.uint32)
    tokens = Tokens()
    for unit in units:
        tokens.extend(np.array([met.index(word) for word in unit], np.int64))
    assert len(tokens) == sum(map(len, units))
    found = tokens.postings(np.array([*map(len, units)], np.uint32), ranks, helper)
    expected = [
        (word, number, [at for at, each in enumerate(unit) if each == word])
        for word in ranked
        for number, unit in enumerate(units)
        if word in unit
    ]
    counts = [sum(each == word for each, _, _ in expected) for word in ranked]
    assert found.starts.tolist() == [0, *np.cumsum(counts).tolist()]
    assert found.units.tolist() == [number for _, number, _ in expected]
    assert found.frequencies.tolist() == [len(places) for _, _, places in expected]
    assert found.positions.tolist() == [place for _, _, places in expected for place in places]
    totals = [sum(unit.count(word) for unit in units) for word in ranked]
    assert found.position_starts.tolist() == [0, *np.cumsum(totals).tolist()]
