"""Whether what a crash left is what was promised.

A change is recorded once. Then it is stopped before each of its operations, and the disk is judged as it
stays after a kill and as it may look after a power cut. What is found must be the generation that the last
acknowledged commit made, or one that was begun since; the same change, asked for again, must end in the index
that it would have made at once, and leave no other file.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest import mock

from docsearch.errors import DocsearchError
from docsearch.index.writer import IndexWriter

from crashes.disk import Disk, Image
from crashes.recorder import Hook, Recorder, no_flushing
from crashes.scenarios import MISSING, Found, Place, Scenario, strays
from crashes.trace import Ack, Fsync, Op, Open, Rename, Resize, Trace, Write

__all__ = ["MANIFEST", "Case", "Stop", "Tally", "Verdict", "prepared"]

MANIFEST = "kept/index/MANIFEST"


Skip = Callable[[str], bool]


def _nothing(site: str) -> bool:
    return False


@dataclass(frozen=True)
class Stop:
    """A disk as it is found after a stop before operation `point`. allowed: manifests that it may have."""

    point: int
    image: Image
    allowed: tuple[bytes | None, ...]
    clean: bool


@dataclass
class Tally:
    """How often a change was stopped, how many disks that were unlike were judged, and what was wrong."""

    stops: int = 0
    disks: int = 0
    faults: list[str] = field(default_factory=list)


class Verdict(AssertionError):
    """A disk was found that must not be."""


@dataclass
class Case:
    """A scenario that was recorded. before: the disk to begin with; after: what is found in the end."""

    scenario: Scenario
    place: Place
    before: Image
    trace: Trace
    after: Found
    found: dict[bytes | None, Found]
    work: Path
    _number: int = 0

    def kills(self, trace: Trace | None = None) -> Iterator[Stop]:
        """The disk at every stop, as a killed process leaves it; in the middle of writes as well."""
        operations = self.trace if trace is None else trace
        for point, disk, allowed, clean in self._points(operations):
            yield Stop(point, disk.executed(), allowed[-1:], clean)
            if point < len(operations) and isinstance(op := operations[point], Write) and len(op.data) > 1:
                half = Write(op.handle, op.at, op.data[: len(op.data) // 2])
                torn = self._played([*operations[:point], half])
                yield Stop(point, torn.executed("killed within a write"), allowed[-1:], clean)

    def cuts(
        self, draw: random.Random, samples: int = 4, *, trace: Trace | None = None, since: int = 0
    ) -> Iterator[Stop]:
        """Disks at every stop from `since` on as a power cut may leave them."""
        for point, disk, allowed, clean in self._points(self.trace if trace is None else trace):
            if point >= since:
                for image in disk.cut(draw, samples):
                    yield Stop(point, image, allowed, clean)

    def again(self, point: int, *, skip: Skip = _nothing) -> Trace:
        """The trace of a change that is killed at `point` and then asked for again."""
        disk = self._played(self.trace[:point])
        with self._materialised(disk.executed()) as place:
            trace, _ = recorded(self.scenario, place, skip=skip)
        # Handles of the second process are others.
        shifted = [_shifted(op, 1_000_000) for op in trace]
        return [*self.trace[:point], *shifted]

    def learn(self, trace: Trace) -> None:
        """Note what is found of every generation that a trace makes."""
        disk = Disk(self.before)
        for op in trace:
            disk.apply(op)
            if _is_commit(op):
                image = disk.executed()
                key = image.files[MANIFEST]
                if key not in self.found:
                    with self._materialised(image) as place:
                        self.found[key] = self.scenario.probe(place.index)

    def judge(self, stops: Iterable[Stop], tally: Tally, *, keep_going: bool = True) -> None:
        """Judge each disk that was not judged before. keep_going: collect faults; else raise Verdict."""
        seen: set[tuple[bytes, tuple[bytes | None, ...], bool]] = set()
        for stop in stops:
            tally.stops += 1
            known = (stop.image.key(), stop.allowed, stop.clean)
            if known in seen:
                continue
            seen.add(known)
            tally.disks += 1
            try:
                self.judge_one(stop)
            except Verdict as fault:
                tally.faults.append(f"{self.scenario.name}, before operation {stop.point}: {fault}")
                if not keep_going:
                    raise

    def judge_one(self, stop: Stop) -> None:
        """Verdict when the disk is not what was promised, or the change cannot be made on it."""
        allowed = [self.found[key] for key in stop.allowed]
        with self._materialised(stop.image) as place, no_flushing():
            try:
                if stop.clean and (left := strays(place.index)):
                    raise Verdict(f"files are left that were said to be gone: {sorted(left)}")
                found = self.scenario.probe(place.index)
                if found not in allowed:
                    numbers = [each.generation for each in allowed]
                    raise Verdict(f"generation {found.generation} is found, allowed are {numbers}: {found}")
                self.scenario.change(place)
                again = self.scenario.probe(place.index)
                if again.content != self.after.content:
                    raise Verdict(f"the change asked for again ends in {again}")
                if left := strays(place.index):
                    raise Verdict(f"left over after the next change: {sorted(left)}")
            except Verdict as fault:
                raise Verdict(f"({stop.image.how}) {fault}") from None
            except Exception as error:
                raise Verdict(f"({stop.image.how}) {type(error).__name__}: {error}") from error

    def fail(self, hook: Hook, tally: Tally, *, cleans: bool) -> None:
        """Make the change with failing operations: an error of ours or none, the old generation or a new one;
        then again, without. cleans: what was written in vain must be gone when the error is told."""
        tally.stops += 1
        with self.begun() as place, no_flushing():
            told = ""
            try:
                with Recorder(place.disk, hook):
                    self.scenario.change(place)
            except DocsearchError as error:
                told = str(error)
                if cleans and (left := self._in_vain(place)):
                    tally.faults.append(f"{self.scenario.name}, {told}: left over: {sorted(left)}")
            self.found_after(place, told, tally, done=not told)

    def _in_vain(self, place: Place) -> set[str]:
        """What a change wrote that failed. Where it has made a new generation, its last flush may be what
        failed: then the files of the generation before stay, and cannot be told from others."""
        left = strays(place.index)
        if Image.of(place.disk).files.get(MANIFEST) == self.before.files.get(MANIFEST):
            return left
        return left & {f"{MANIFEST.rpartition('/')[2]}.new"}

    def begun(self) -> _Materialised:
        """A folder in which the change has still to be made, for the while."""
        return self._materialised(self.before)

    def found_after(self, place: Place, how: str, tally: Tally, *, done: bool) -> None:
        """Judge a real folder after a change that ended somehow. done: it seemed to have come to its end."""
        try:
            found = self.scenario.probe(place.index)
            if found not in self.found.values():
                raise Verdict(f"this is found: {found}")
            if done and found.content != self.after.content:
                raise Verdict(f"the change seemed done, but this is found: {found}")
            self.scenario.change(place)
            again = self.scenario.probe(place.index)
            if again.content != self.after.content or strays(place.index):
                raise Verdict(f"the next change: {again}, {strays(place.index)}")
        except (Verdict, DocsearchError) as fault:
            tally.faults.append(f"{self.scenario.name}, {how}: {fault}")

    def _points(self, trace: Trace) -> Iterator[tuple[int, Disk, tuple[bytes | None, ...], bool]]:
        """Before each operation and after the last: the disk, the manifests that it may have, and whether it
        was said to be clean."""
        disk = Disk(self.before)
        allowed: tuple[bytes | None, ...] = (self.before.files.get(MANIFEST),)
        clean = False
        for point, op in enumerate([*trace, None]):
            yield point, disk, allowed, clean
            if op is None:
                return
            disk.apply(op)
            if _is_commit(op):
                allowed, clean = (*allowed, disk.executed().files[MANIFEST]), False
            elif isinstance(op, Ack):
                allowed, clean = allowed[-1:], op.clean

    def _played(self, trace: Trace) -> Disk:
        disk = Disk(self.before)
        for op in trace:
            disk.apply(op)
        return disk

    def _materialised(self, image: Image) -> _Materialised:
        self._number += 1
        return _Materialised(image, self.work / f"disk-{self._number}", self.place.sources)


class _Materialised:
    """An image as a folder, for the while."""

    def __init__(self, image: Image, disk: Path, sources: Path) -> None:
        self._image = image
        self._place = Place(disk, sources)

    def __enter__(self) -> Place:
        self._image.write(self._place.disk)
        return self._place

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._place.disk, ignore_errors=True)


def recorded(scenario: Scenario, place: Place, *, skip: Skip = _nothing) -> tuple[Trace, Found]:
    """Make the change and note what it does; what is found then. skip: as for the recorder."""
    committed = IndexWriter.commit
    with Recorder(place.disk, skip=skip) as recorder:

        def commit(writer: IndexWriter, *, complete: bool = True) -> int:
            generation = committed(writer, complete=complete)
            recorder.ack()
            return generation

        with mock.patch.object(IndexWriter, "commit", commit):
            scenario.change(place)
        recorder.ack(clean=scenario.forgets)
    return recorder.trace, scenario.probe(place.index)


def prepared(scenario: Scenario, work: Path, *, skip: Skip = _nothing) -> Case:
    """A scenario with what stands before it, recorded in a folder of its own below `work`."""
    place = Place(work / "disk", work / "sources")
    work.mkdir(parents=True, exist_ok=True)
    with no_flushing():
        scenario.prepare(place)
    before = Image.of(place.disk)
    manifest = before.files.get(MANIFEST)
    found = {manifest: MISSING if manifest is None else scenario.probe(place.index)}
    trace, after = recorded(scenario, place, skip=skip)
    case = Case(scenario, place, before, trace, after, found, work)
    case.learn(trace)
    return case


def _is_commit(op: object) -> bool:
    return isinstance(op, Rename) and op.new == MANIFEST


def _shifted(op: Op, by: int) -> Op:
    """The operation with another number of its file."""
    if isinstance(op, Open | Write | Resize | Fsync):
        return replace(op, handle=op.handle + by)
    return op
