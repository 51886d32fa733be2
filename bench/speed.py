"""Indexing and asking, engine by engine in rounds, so that what the machine does meanwhile hits all alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from .client import Client
from .engines import DATED, MODES, Mode, Peer
from .figures import per_query
from .places import Places, fresh
from .progress import say
from .results import EngineRun, FilteredTimes, Text, Threads, Wider
from .texts import Queries, described

__all__ = [
    "REFERENCE",
    "agreement",
    "ask_all",
    "build_all",
    "measure_filtered",
    "measure_pool",
    "measure_threads",
    "measure_wider",
]

REFERENCE = "docsearch_engine"
"""The engine whose totals the others' are compared with."""

TOP = 10
SHARES: Mapping[str, int | None] = {"all": None, "10%": 100, "1%": 10, "0.1%": 1}
"""Of the blocks, and as thousandths, that the filters keep."""
THREADS = 20
PROCESSES = 2
THREADED = 200
"""Queries that the threads, or the processes, share."""


def build_all(
    peers: Sequence[Peer], places: Places, flat: Path, text: Text, rounds: int
) -> dict[str, EngineRun]:
    """Each engine's index built `rounds` times, each time by a new process in an empty folder."""
    found: dict[str, EngineRun] = {}
    for number in range(rounds):
        for peer in peers:
            built = build(peer, places, flat)
            say(f"build {number + 1}: {peer.title}: {built['seconds']:.1f} s, {built['peak'] / 1e6:.0f} MB")
            run = found.setdefault(peer.name, _begun(peer, flat, text, built["versions"]))
            run["seconds"].append(round(built["seconds"], 3))
            run["peak"] = max(run["peak"], built["peak"])
            run["size"] = built["size"]
    return found


def build(peer: Peer, places: Places, flat: Path) -> Any:
    """An engine's index, in the folder of its name; what its process told of it."""
    with Client(peer, places) as client:
        told = client.do("versions")
        folder = fresh(places.work / "indexes" / peer.name)
        return {**told, **client.do("build", flat=str(flat), folder=str(folder))}


def _begun(peer: Peer, flat: Path, text: Text, versions: dict[str, str]) -> EngineRun:
    held = text if peer.limit is None else described(flat, text["name"], limit=peer.limit)
    return EngineRun(
        versions=versions, blocks=held["blocks"], bytes=held["bytes"], seconds=[], peak=0, size=0
    )


def ask_all(
    peers: Sequence[Peer], places: Places, queries: Queries, rounds: int, runs: dict[str, EngineRun]
) -> None:
    """Ask all engines everything, once to warm up and `rounds` times to measure; adds to their runs."""
    times: dict[tuple[str, Mode], list[list[float]]] = {}
    totals: dict[tuple[str, Mode], list[int]] = {}
    with ExitStack() as stack:
        clients = [stack.enter_context(_opened(peer, places)) for peer in peers]
        for number in range(rounds + 1):
            say(f"round {number} of {rounds}")
            for mode in MODES:
                for client in (client for client in clients if mode in client.peer.modes):
                    told = client.do("ask", mode=mode, words=queries.of(mode), k=TOP)
                    at = client.peer.name, mode
                    totals[at] = told["totals"]
                    if number:
                        times.setdefault(at, []).append(told["ns"])
    for (name, mode), measured in times.items():
        run = runs[name]
        run.setdefault("us", {})[mode] = _microseconds(measured)
        run.setdefault("matches", {})[mode] = sum(totals[name, mode])
        reference = totals.get((REFERENCE, mode))
        if reference is not None and runs[REFERENCE]["blocks"] == run["blocks"]:
            run.setdefault("agreeing", {})[mode] = agreement(totals[name, mode], reference)


def agreement(totals: Sequence[int], reference: Sequence[int]) -> float:
    """The share of queries with the same total."""
    same = sum(one == other for one, other in zip(totals, reference, strict=True))
    return round(same / len(reference), 4)


def measure_filtered(places: Places, flat: Path, queries: Queries, rounds: int) -> dict[str, FilteredTimes]:
    """One engine asked of all blocks and of those of some dates, in turns; by the share that is kept."""
    build(DATED, places, flat)
    times: dict[tuple[str, Mode], list[list[float]]] = {}
    found: dict[str, FilteredTimes] = {name: FilteredTimes(us={}, matches={}) for name in SHARES}
    with _opened(DATED, places) as client:
        for number in range(rounds + 1):
            say(f"filtered, round {number} of {rounds}")
            for mode in MODES:
                for name, thousandths in SHARES.items():
                    client.do("keep", thousandths=thousandths)
                    told = client.do("ask", mode=mode, words=queries.of(mode), k=TOP)
                    found[name]["matches"][mode] = sum(told["totals"])
                    if number:
                        times.setdefault((name, mode), []).append(told["ns"])
    for (name, mode), measured in times.items():
        found[name]["us"][mode] = _microseconds(measured)
    return found


def _opened(peer: Peer, places: Places) -> Client:
    client = Client(peer, places)
    client.do("open", folder=str(places.work / "indexes" / peer.name))
    return client


def _microseconds(rounds: Sequence[Sequence[float]]) -> list[float]:
    return [round(nanoseconds / 1000, 1) for nanoseconds in per_query(rounds)]


def measure_threads(peer: Peer, places: Places, queries: Queries, rounds: int) -> Threads:
    """One `Index` asked by one thread and by many, in turns."""
    words = queries.of("or")[:THREADED]
    found = Threads(count=THREADS, queries=len(words), one=[], many=[])
    with _opened(peer, places) as client:
        client.do("ask", mode="or", words=words, k=TOP)
        for _ in range(rounds):
            told = client.do("threads", mode="or", words=words, k=TOP, count=THREADS)
            found["one"].append(round(told["one"], 3))
            found["many"].append(round(told["many"], 3))
    return found


def measure_pool(peer: Peer, places: Places, queries: Queries, rounds: int) -> Threads:
    """One process asked, and a pool of some, in turns."""
    words = queries.of("or")[:THREADED]
    found = Threads(count=PROCESSES, queries=len(words), one=[], many=[])
    folder = str(places.work / "indexes" / peer.name)
    with _opened(peer, places) as client:
        client.do("ask", mode="or", words=words, k=TOP)
        for _ in range(rounds):
            told = client.do("pool", mode="or", words=words, k=TOP, count=PROCESSES, folder=folder)
            found["one"].append(round(told["one"], 3))
            found["many"].append(round(told["many"], 3))
    return found


def measure_wider(peer: Peer, places: Places, flat: Path, text: Text, queries: Queries, rounds: int) -> Wider:
    """One engine on other text: the peak of its build, and its times."""
    built = build(peer, places, flat)
    say(f"{peer.title} on {text['blocks']:,} blocks: {built['seconds']:.1f} s, {built['peak'] / 1e6:.0f} MB")
    us: dict[str, list[float]] = {}
    with _opened(peer, places) as client:
        for mode in MODES:
            asked = [
                client.do("ask", mode=mode, words=queries.of(mode), k=TOP)["ns"] for _ in range(rounds + 1)
            ]
            us[mode] = _microseconds(asked[1:])
    return Wider(text=text, peak=built["peak"], us=us)
