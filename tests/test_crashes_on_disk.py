"""An index after its writer was killed, or the power cut, at any operation on the disk.

What is found is the generation of the last commit that was acknowledged, or the one that was being made,
whole; and the same change can be made on it. The bounded form judges some of the stops, the slow one most.
`tests/support/crashes` is the harness.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import crashes
import docsearch
import pytest
from crashes.failing import cleans, failing, hook
from crashes.judge import Case, Stop, Tally, Verdict, prepared
from crashes.mutants import FREE, SAME, STEPS, flushing_lines, is_possible, pairs, swapped
from crashes.scenarios import SCENARIOS, Place, Scenario, named
from crashes.trace import Fsync, FsyncFolder, Mkdir, Rename, Resize, Trace, Unlink

_SEED = 20_240_607
_NAMES = [scenario.name for scenario in SCENARIOS]
_FEW = 10
_MANY = 300


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
        assert judged(case, some(case.kills(), 2 * _FEW)).disks > _FEW

    def test_power_cut(self, name: str, tmp_path: Path) -> None:
        case = prepared(named(name), tmp_path)
        assert judged(case, some(case.cuts(random.Random(_SEED)), _FEW)).disks == _FEW

    def test_power_cut_after_a_kill(self, name: str, tmp_path: Path) -> None:
        """The next writer, too, must not rely on what the one before it had not flushed."""
        case = prepared(named(name), tmp_path)
        point = after_renames(case.trace)[-1]
        trace = case.again(point)
        case.learn(trace)
        judged(case, some(case.cuts(random.Random(_SEED), trace=trace, since=point), _FEW // 2))

    def test_failing_operations(self, name: str, tmp_path: Path) -> None:
        case = prepared(named(name), tmp_path)
        failures = list(failing(case.trace))
        tally = Tally()
        for failure, first in random.Random(_SEED).sample(failures, min(len(failures), _FEW)):
            case.fail(hook(failure, first), tally, cleans=cleans(failure))
        assert not tally.faults, "\n".join(tally.faults[:5])


def environment() -> dict[str, str]:
    """Of a process that imports the harness, and has no other threads."""
    folders = [str(Path(crashes.__file__).parents[1]), str(Path(docsearch.__file__).parents[1])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([*folders, *filter(None, [os.environ.get("PYTHONPATH")])]),
        "OPENBLAS_NUM_THREADS": "1",
    }


def killed(work: Path, count: int) -> dict[str, Any]:
    """Let real processes be killed, by one that has no other threads."""
    command = [sys.executable, "-m", "crashes.killing", str(work), str(_SEED), str(count)]
    output = subprocess.run(command, env=environment(), check=True, stdout=subprocess.PIPE, text=True).stdout
    told: dict[str, Any] = json.loads(output.splitlines()[-1])
    return told


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_processes(tmp_path: Path) -> None:
    told = killed(tmp_path, 1)
    assert not told["faults"], "\n".join(told["faults"][:5])
    assert told["stops"] >= len(SCENARIOS)


@pytest.mark.slow
def test_the_long_form(tmp_path: Path, figures: Callable[..., None]) -> None:
    """Every kill and failure, and many power cuts."""
    kills, cuts, again, failed = Tally(), Tally(), Tally(), Tally()
    for number, scenario in enumerate(SCENARIOS):
        case = prepared(scenario, tmp_path / str(number))
        case.judge(case.kills(), kills)
        case.judge(some(case.cuts(random.Random(_SEED)), _MANY), cuts)
        for point in after_renames(case.trace):
            trace = case.again(point)
            case.learn(trace)
            case.judge(some(case.cuts(random.Random(_SEED), trace=trace, since=point), _MANY // 5), again)
        for failure, first in failing(case.trace):
            case.fail(hook(failure, first), failed, cleans=cleans(failure))
    told = killed(tmp_path / "killed", 25)
    figures(
        "crashes",
        killed_at=kills.stops,
        disks_after_a_power_cut=cuts.disks,
        after_a_kill_and_a_power_cut=again.disks,
        failing_operations=failed.stops,
        processes_killed=told["stops"],
    )
    faults = [*kills.faults, *cuts.faults, *again.faults, *failed.faults, *told["faults"]]
    assert not faults, "\n".join(faults[:10])


def can_watch() -> bool:
    """Whether system calls can be seen here."""
    found = shutil.which("strace")
    return (
        found is not None
        and subprocess.run([found, "-qq", "-e", "none", "true"], check=False).returncode == 0
    )


def one_in(count: int, mutants: Iterable[Any]) -> list[Any]:
    """Parameters of which one in `count` is tried in every run, and all in the long form."""
    return [
        pytest.param(*_tuple(mutant), marks=[pytest.mark.slow] if number % count else [])
        for number, mutant in enumerate(mutants)
    ]


def _tuple(mutant: Any) -> tuple[Any, ...]:
    return mutant if isinstance(mutant, tuple) else (mutant,)


def test_the_architecture_counts_rightly() -> None:
    page = (Path(__file__).parent.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert (len(SCENARIOS), len(STEPS), len(FREE), len(SAME)) == (13, 8, 3, 2)
    for claim in ("thirteen changes", "commit's eight steps", "three pairs", f"up to {_MANY} unlike disks"):
        assert claim in " ".join(page.split())


class TestTheHarness:
    """It must tell of every fault that is put in."""

    @pytest.mark.skipif(not can_watch(), reason="needs strace, and leave to use it")
    @pytest.mark.parametrize("name", ["first build in batches", "update", "purge", "schema of one's own"])
    def test_it_notes_what_the_system_is_asked_for(self, name: str, tmp_path: Path) -> None:
        case = prepared(named(name), tmp_path / "noted")
        place = Place(tmp_path / "plain" / "disk", tmp_path / "plain" / "sources")
        place.disk.parent.mkdir()
        case.scenario.prepare(place)
        calls = "trace=fsync,fdatasync,sync_file_range,/rename.*,/unlink.*,/mkdir.*,/link.*,/truncate.*"
        log = tmp_path / "log"
        watch = ["strace", "-f", "-y", "-z", "-e", calls, "-o", str(log)]
        change = [sys.executable, "-m", "crashes.plain", name, str(place.disk.parent)]
        subprocess.run([*watch, *change], env=environment(), check=True)
        lines = [line for line in log.read_text().splitlines() if str(place.disk) in line]
        asked = Counter(re.split(r"\s+", line, maxsplit=1)[1].partition("(")[0] for line in lines)
        of = {
            Fsync: "fsync",
            FsyncFolder: "fsync",
            Rename: "rename",
            Unlink: "unlink",
            Mkdir: "mkdir",
            Resize: "ftruncate",
        }
        noted = Counter(of[type(op)] for op in case.trace if type(op) in of)
        assert asked == noted

    @pytest.mark.parametrize("line", one_in(3, flushing_lines()))
    def test_every_flush_is_missed(self, line: str, tmp_path: Path) -> None:
        small = ("one record", "first records", "given up, then done", "purge", "schema of one's own")
        assert any(
            tells_of(named(name), line, tmp_path / str(number)) for number, name in enumerate(small)
        ), f"nothing depends on the flush in {line}"

    @pytest.mark.parametrize(("one", "other"), one_in(4, pairs()))
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
