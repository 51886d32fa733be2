"""An index after its writer was killed, or the power cut, at any operation on the disk.

What is found is the generation of the last commit that was acknowledged, or the one that was being made,
whole; and the same change can be made on it. The bounded form judges some of the stops, the slow one all.
`tests/support/crashes` is the harness.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pytest
from crashes.judge import Case, Stop, Tally, Verdict, prepared
from crashes.mutants import FREE, SAME, flushing_lines, is_possible, pairs, swapped
from crashes.scenarios import SCENARIOS, Scenario, named
from crashes.trace import Rename, Trace

_SEED = 20_240_607
_NAMES = [scenario.name for scenario in SCENARIOS]
_FEW = 16


def some(stops: Iterable[Stop], count: int) -> list[Stop]:
    """A sample of those that are unlike, the same each time."""
    unlike = list({(stop.image.key(), stop.allowed, stop.clean): stop for stop in stops}.values())
    return random.Random(_SEED).sample(unlike, min(count, len(unlike)))


def judged(case: Case, stops: Iterable[Stop]) -> Tally:
    tally = Tally()
    case.judge(stops, tally)
    assert not tally.faults, "\n".join(tally.faults[:5])
    return tally


def after_renames(trace: Trace) -> list[int]:
    """The points just after a commit's rename, where nothing says yet that it lasts."""
    return [point + 1 for point, op in enumerate(trace) if isinstance(op, Rename)]


@pytest.mark.parametrize("name", _NAMES)
class TestStops:
    def test_killed(self, name: str, tmp_path: Path) -> None:
        case = prepared(named(name), tmp_path)
        assert judged(case, some(case.kills(), 2 * _FEW)).disks > 12

    def test_power_cut(self, name: str, tmp_path: Path) -> None:
        case = prepared(named(name), tmp_path)
        assert judged(case, some(case.cuts(random.Random(_SEED)), _FEW)).disks > 12

    def test_power_cut_after_a_kill(self, name: str, tmp_path: Path) -> None:
        """The next writer, too, must not rely on what the one before it had not flushed."""
        case = prepared(named(name), tmp_path)
        point = after_renames(case.trace)[-1]
        trace = case.again(point)
        case.learn(trace)
        judged(case, some(case.cuts(random.Random(_SEED), trace=trace, since=point), _FEW // 2))


class TestTheHarness:
    """It must tell of every fault that is put in."""

    @pytest.mark.parametrize("line", flushing_lines())
    def test_every_flush_is_missed(self, line: str, tmp_path: Path) -> None:
        small = ("one record", "first records", "given up, then done", "purge", "schema of one's own")
        assert any(
            tells_of(named(name), line, tmp_path / str(number)) for number, name in enumerate(small)
        ), f"nothing depends on the flush in {line}"

    @pytest.mark.parametrize(("one", "other"), pairs())
    def test_steps_of_a_commit_that_change_places(self, one: str, other: str, tmp_path: Path) -> None:
        """Told, or harmless for a reason that is known."""
        case = prepared(named("one record"), tmp_path)
        trace = swapped(case.trace, one, other)
        if (one, other) in FREE | {SAME}:
            judged(case, some(every(case, trace), _FEW))
            return
        assert not is_possible(case.before, trace) or is_told(case, every(case, trace))


def every(case: Case, trace: Trace) -> Iterable[Stop]:
    return chain(case.kills(trace), case.cuts(random.Random(_SEED), trace=trace))


def tells_of(scenario: Scenario, line: str, work: Path) -> bool:
    """Whether a fault is told when the flushes that a line of the product asks for are left out."""
    left_out = 0

    def skip(site: str) -> bool:
        nonlocal left_out
        skips = line in site.split(" > ")
        left_out += skips
        return skips

    case = prepared(scenario, work, skip=skip)
    if left_out and is_told(case, case.cuts(random.Random(_SEED))):
        return True
    for point in after_renames(case.trace):
        left_out = 0
        trace = case.again(point, skip=skip)
        case.learn(trace)
        if left_out and is_told(case, case.cuts(random.Random(_SEED), trace=trace, since=point)):
            return True
    return False


def is_told(case: Case, stops: Iterable[Stop]) -> bool:
    """Whether any of the stops is judged to be a fault."""
    shuffled = list(stops)
    random.Random(_SEED).shuffle(shuffled)
    try:
        case.judge(shuffled, Tally(), keep_going=False)
    except Verdict:
        return True
    return False
