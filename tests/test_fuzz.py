"""Whatever the readers of an index, of queries and of synonyms are given, they answer or say what is wrong.

A case that is found to end otherwise is put into `fuzz_cases/TARGET/`, where it is tried for ever after:
Hypothesis prints it, and `python tests/test_fuzz.py TARGET FILE` tries one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fuzzing import TARGETS, Target
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CASES = Path(__file__).parent / "fuzz_cases"
LONG = 20_000  # cases of each target in the long form
_ODD: list[Any] = [
    None,
    True,
    -1,
    0,
    1,
    255,
    2**31,
    2**32,
    2**63,
    2**64,
    10**400,
    -0.5,
    1e308,
    "",
    "\0",
    "../x",
    [],
    {},
]
_ODD_WORDS = [
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    '"',
    "~",
    "^",
    "w/5",
    "/s",
    "=",
    "==",
    "*",
    "title:",
    "§",
    "=>",
    ",",
    "\\",
]

values = st.recursive(
    st.sampled_from(_ODD) | st.text(max_size=6) | st.integers() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
pieces = (
    st.binary(max_size=8) | st.sampled_from(_ODD_WORDS).map(str.encode) | st.text(max_size=4).map(str.encode)
)


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to all values within one."""
    yield above
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from places(each, (*above, key))


@st.composite
def changed_values(draw: st.DrawFn, example: bytes) -> bytes:
    """The example with some of its values replaced, left out or doubled."""
    value = {"": json.loads(example)}
    for _ in range(draw(st.integers(1, 3))):
        found = [place for place in places(value) if place]
        *above, last = draw(st.sampled_from(found))
        owner: Any = value
        for key in above:
            owner = owner[key]
        if above and draw(st.integers(0, 3)) == 0:
            del owner[last]
        elif isinstance(owner, list) and draw(st.booleans()):
            owner.insert(last, owner[last])
        else:
            owner[last] = draw(values)
    return json.dumps(value.get("")).encode()


@st.composite
def changed_bytes(draw: st.DrawFn, example: bytes) -> bytes:
    """The example with some of its bytes replaced, or cut."""
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(example)))
        last = draw(st.integers(first, min(len(example), first + 6)))
        example = example[:first] + draw(pieces) + example[last:]
    return example[: draw(st.integers(0, len(example)))] if draw(st.integers(0, 5)) == 0 else example


def cases(target: Target) -> st.SearchStrategy[bytes]:
    changed = changed_bytes(target.example)
    return (
        st.one_of(changed_values(target.example), changed)
        if target.values
        else changed | st.binary(max_size=40)
    )


def fuzzed(name: str, most: int) -> int:
    """How many cases were tried."""
    tried = 0

    @settings(max_examples=most, suppress_health_check=list(HealthCheck))
    @given(cases(TARGETS[name]))
    def attempt(case: bytes) -> None:
        nonlocal tried
        tried += 1
        read(TARGETS[name], case)

    attempt()
    return tried


def read(target: Target, case: bytes) -> None:
    try:
        target.read(case)
    except target.told:
        return


@pytest.mark.parametrize("name", TARGETS)
def test_the_example_is_sound(name: str) -> None:
    TARGETS[name].read(TARGETS[name].example)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_an_answer_or_an_error(name: str) -> None:
    assert fuzzed(name, 200)


@pytest.mark.slow
def test_many_cases(figures: Callable[..., None]) -> None:
    figures("fuzzing", targets=len(TARGETS), tried=sum(fuzzed(name, LONG) for name in TARGETS))


@pytest.mark.parametrize(
    "case", sorted(CASES.glob("*/*")), ids=lambda case: f"{case.parent.name}/{case.name}"
)
def test_what_was_found_before(case: Path) -> None:
    read(TARGETS[case.parent.name], case.read_bytes())


def test_every_target_has_a_case() -> None:
    assert {case.parent.name for case in CASES.glob("*/*")} == set(TARGETS)


if __name__ == "__main__":
    TARGETS[sys.argv[1]].read(Path(sys.argv[2]).read_bytes())
