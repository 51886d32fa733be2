"""Real processes that are killed while they change an index: `python -m crashes.killing FOLDER SEED COUNT`.

Of every scenario, COUNT children are killed just before an operation on the disk, and COUNT at a random
moment; the last line that is printed is a JSON object with what was stopped and what was wrong.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from crashes.judge import Case, Tally, prepared
from crashes.recorder import Recorder
from crashes.scenarios import SCENARIOS, Place
from crashes.trace import Op


def main(work: Path, seed: int, count: int) -> Tally:
    """Kill children of all scenarios."""
    draw = random.Random(seed)
    tally = Tally()
    for number, scenario in enumerate(SCENARIOS):
        case = prepared(scenario, work / str(number))
        for point in draw.sample(range(len(case.trace)), min(count, len(case.trace))):
            _kill_at(case, point, tally)
        seconds = _seconds(case)
        for _ in range(count):
            _kill_after(case, draw.random() * seconds, tally)
    return tally


def _kill_at(case: Case, point: int, tally: Tally) -> None:
    """Kill a child before an operation."""

    def kill(number: int, op: Op) -> int | None:
        if number == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return None

    def change(place: Place) -> None:
        with Recorder(place.disk, kill):
            case.scenario.change(place)

    with case.begun() as place:
        status = _wait(_child(change, place))
        _judge(case, place, status, f"killed before operation {point}", tally)


def _kill_after(case: Case, seconds: float, tally: Tally) -> None:
    """Kill a child at some moment, if it comes to that."""
    with case.begun() as place:
        child = _child(case.scenario.change, place)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _judge(case, place, _wait(child), f"killed after {seconds:.4f} s", tally)


def _seconds(case: Case) -> float:
    """How long the change takes in a child."""
    with case.begun() as place:
        began = time.monotonic()
        _wait(_child(case.scenario.change, place))
        return time.monotonic() - began


def _child(change: Callable[[Place], None], place: Place) -> int:
    """A process that makes the change and does no more."""
    child = os.fork()
    if child:
        return child
    try:
        change(place)
    except BaseException as error:  # noqa: BLE001 - a child must not go on as if it were its parent
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        os._exit(3)
    os._exit(0)


def _wait(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _judge(case: Case, place: Place, status: int, how: str, tally: Tally) -> None:
    tally.stops += status == -signal.SIGKILL
    if status > 0:
        tally.faults.append(f"{case.scenario.name}, {how}: the child failed")
    case.found_after(place, how, tally, done=status == 0)


if __name__ == "__main__":
    told = main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({"stops": told.stops, "faults": told.faults}))
