"""What an update has to do: the files that were found against the rows that the index has.

Size and time are compared first, content only where they leave a doubt:

- the same size and time: unchanged;
- the same size and another time: hashed, and only stamped anew when the content is the same;
- another size: changed;
- any of these with gaps, tried by other readers, libraries or limits than now: read again;
- a new file of the same size as one that has gone: hashed, and renamed when the content is the same.

A file that was written within the last two seconds before it was read could be written again without
its time changing. Such a time is stored as 0 (see `batch.read_file`): it is never trusted, and the next
update hashes the file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from ..corpus.model import Gap, Source
from ..corpus.walk import Found, Unread
from ..errors import IndexProblem, RemovalsRefused
from .catalog import SourceRow
from .root import Root

__all__ = ["UNHASHED", "Plan", "Stamp", "Task", "check_removals", "emptied", "make_plan"]

UNHASHED = bytes(32)
"""Stands for the hash of a source whose bytes were not read."""

_FREE_REMOVALS = 10
_FREE_SHARE = 5
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read. file: its place as the operating system spells it; size: bytes, when it was found.
    language: of its documents that state none; "": told from each."""

    key: str
    root: str
    path: str
    file: str
    size: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was read. mtime_ns: 0 when it may change without the time telling."""

    size: int
    mtime_ns: int
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of an update; sequences are in the order of keys.

    tasks: files to read, new, changed and renamed ones.
    unread: rows of what was met and cannot be read.
    restamped: sources of the same content with a new size and time.
    renamed: (old key, new key); the new one is among the tasks, the old one has to go.
    removed: keys of sources that have gone, renamed ones not among them.
    unchanged: keys of sources to leave alone.
    """

    tasks: tuple[Task, ...]
    unread: tuple[SourceRow, ...]
    restamped: tuple[Source, ...]
    renamed: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]
    unchanged: frozenset[str]


def make_plan(
    found: Iterable[tuple[Root, Found | Unread]],
    rows: Mapping[str, SourceRow],
    roots: Collection[str],
    *,
    fingerprint: Callable[[str], Stamp | None],
    refusal: Callable[[str], str | None],
    tried: Callable[[], str] | None = None,
    anew: bool = False,
    relearnt: Collection[str] = (),
) -> Plan:
    """Compare what was found with the rows of the index.

    roots: names of those that were gone over, all files of which are among `found`; the rows of others
        (and records) are left alone.
    fingerprint: reads and hashes a file; None when that is impossible.
    refusal: why a file of this name cannot be read by any reader; None when it may be tried.
    tried: by what files are read now, asked when it matters; None: gaps are no reason to read a file again.
    anew: read every file, whatever the rows say (a rebuild). relearnt: names of roots of which to do so.
    IndexProblem when a file and a record have the same key.
    """
    met = {f"{root.name}/{item.path}" if item.path else root.name: (root, item) for root, item in found}
    untouched = set() if anew else _untouched(met, rows)
    again = set() if anew or tried is None else _to_try_again(met, rows, tried)
    again |= {key for key, (root, _) in met.items() if root.name in relearnt}
    untouched -= again
    decisions = {
        key: _decide(key, *met[key], rows.get(key), fingerprint, refusal, anew or key in again)
        for key in sorted(key for key in met if key not in untouched)
    }
    unseen = tuple(f"{key}/" for key in decisions if isinstance(item := met[key][1], Unread) and item.folder)
    absent = sorted(
        key for key, row in rows.items() if key not in met and row.source.root and row.source.root in roots
    )
    kept = set() if anew else {key for key in absent if key.startswith(unseen)}
    gone = [key for key in absent if key not in kept]
    tasks = tuple(step for step in decisions.values() if isinstance(step, Task))
    renamed = _renames(gone, [task for task in tasks if task.key not in rows], rows, fingerprint)
    old = {before for before, _ in renamed}
    return Plan(
        tasks=tasks,
        unread=tuple(step for step in decisions.values() if isinstance(step, SourceRow)),
        restamped=tuple(step for step in decisions.values() if isinstance(step, Source)),
        renamed=tuple(renamed),
        removed=tuple(key for key in gone if key not in old),
        unchanged=frozenset(untouched | kept).union(key for key, step in decisions.items() if step is None),
    )


def emptied(now: Iterable[SourceRow], rows: Mapping[str, SourceRow]) -> dict[str, tuple[str, ...]]:
    """By source, the documents that it gave and gives no more although it is there: it has become empty, or
    cannot be read."""
    return {
        row.source.key: tuple(lost)
        for row in now
        if (known := rows.get(row.source.key)) is not None
        and (lost := [key for key in known.documents if key not in row.documents])
    }


def check_removals(
    removed: Collection[str],
    rows: Mapping[str, SourceRow],
    roots: Sequence[Root],
    *,
    emptied: Mapping[str, Sequence[str]] = MappingProxyType({}),
    begun: bool = False,
) -> None:
    """RemovalsRefused when more than ten documents of a root, and more than a fifth, would go, or when
    any would go of a root that is not among `roots`.

    removed: keys of sources. emptied: see the function of this name; what it names counts as removed.
    begun: an earlier part of the update has been committed already.
    """
    if not removed and not emptied:
        return
    held: defaultdict[str, int] = defaultdict(int)
    going: defaultdict[str, list[str]] = defaultdict(list)
    unread: defaultdict[str, int] = defaultdict(int)
    for row in rows.values():
        held[row.source.root] += len(row.documents)
    for key in removed:
        going[rows[key].source.root].extend(rows[key].documents)
    for key, documents in emptied.items():
        going[rows[key].source.root].extend(documents)
        unread[rows[key].source.root] += len(documents)
    known = {root.name for root in roots}
    refused = [
        root
        for root, keys in sorted(going.items())
        if (len(keys) > unread[root] and root not in known)
        or (len(keys) > _FREE_REMOVALS and len(keys) * _FREE_SHARE > held[root])
    ]
    if refused:
        complaints = [_complaint(root, going[root], held[root], unread[root]) for root in refused]
        kept = "What was committed before stays" if begun else "Nothing was changed"
        really = "really gone" if not any(map(unread.__getitem__, refused)) else "really gone or empty"
        raise RemovalsRefused(
            f"this would remove {' and '.join(complaints)}",
            hint=f"{kept}. If they are {really}, repeat it with --allow-removals",
        )


def _complaint(root: str, going: Sequence[str], held: int, unread: int) -> str:
    named = f"{', '.join(going[:_NAMED])}{', …' if len(going) > _NAMED else ''}"
    why = f"; {unread} of them because their files are empty or cannot be read" if unread else ""
    return f"{len(going)} of the {held} documents of {root} ({named}{why})"


def _untouched(met: Mapping[str, tuple[Root, Found | Unread]], rows: Mapping[str, SourceRow]) -> set[str]:
    """Keys of files that were read, and look as they did then: nearly all, so this is asked first."""
    return {
        key
        for key, (_, item) in met.items()
        if isinstance(item, Found)
        and (row := rows.get(key)) is not None
        and item.mtime_ns == (source := row.source).mtime_ns != 0
        and item.size == source.size
        and source.root
        and source.sha256 != UNHASHED
    }


def _to_try_again(
    met: Mapping[str, tuple[Root, Found | Unread]], rows: Mapping[str, SourceRow], tried: Callable[[], str]
) -> set[str]:
    """Keys of files that were not read in whole, and by other means than there are now."""
    partly = [
        key
        for key, (_, item) in met.items()
        if isinstance(item, Found)
        and (row := rows.get(key)) is not None
        and row.gaps
        and row.source.root
        and row.source.sha256 != UNHASHED
    ]
    now = tried() if partly else ""
    return {key for key in partly if rows[key].tried != now}


def _same_key(key: str, file: str) -> IndexProblem:
    return IndexProblem(
        f"a record that a program handed over has the key of this file ({key})",
        path=file,
        hint="Delete the record, or hand it over under another key",
    )


def _decide(
    key: str,
    root: Root,
    item: Found | Unread,
    row: SourceRow | None,
    fingerprint: Callable[[str], Stamp | None],
    refusal: Callable[[str], str | None],
    anew: bool,
) -> Task | SourceRow | Source | None:
    """What to do about something that was found: read it, note why not, stamp it anew, or nothing."""
    if row is not None and not row.source.root:
        raise _same_key(key, item.file)
    known = None if row is None or anew else row
    if isinstance(item, Unread):
        return _note(Source(key, root.name, item.path, 0, 0, UNHASHED), item.reason, known)
    reason = refusal(key.rpartition("/")[2])
    if reason is not None:
        return _note(Source(key, root.name, item.path, item.size, item.mtime_ns, UNHASHED), reason, known)
    if known is None or (known.source.sha256 == UNHASHED or item.size != known.source.size):
        return Task(key, root.name, item.path, item.file, item.size, root.language)
    stamp = fingerprint(item.file)
    if stamp is None or stamp.sha256 != known.source.sha256:
        return Task(key, root.name, item.path, item.file, item.size, root.language)
    now = Source(key, root.name, item.path, stamp.size, stamp.mtime_ns, stamp.sha256)
    return None if now == known.source else now


def _note(source: Source, reason: str, known: SourceRow | None) -> SourceRow | None:
    """The row of something that is not to be read; None when the index has it already."""
    row = SourceRow(source, (), (Gap(source.key, reason),))
    return None if row == known else row


def _renames(
    gone: Sequence[str],
    new: Sequence[Task],
    rows: Mapping[str, SourceRow],
    fingerprint: Callable[[str], Stamp | None],
) -> list[tuple[str, str]]:
    """Pairs of a key that has gone and a new one of the same content, each key in one pair at most. Among
    several of one content, files that kept their name go together first, then the first of each."""
    left: defaultdict[bytes, list[str]] = defaultdict(list)
    for key in gone:
        if rows[key].documents:
            left[rows[key].source.sha256].append(key)
    sizes = {rows[key].source.size for keys in left.values() for key in keys}
    candidates = [
        (task.key, stamp.sha256)
        for task in new
        if task.size in sizes and (stamp := fingerprint(task.file)) is not None and stamp.sha256 in left
    ]
    pairs: dict[str, str] = {}
    for same_name in (True, False):
        for key, digest in candidates:
            name = key.rpartition("/")[2]
            fitting = [old for old in left[digest] if not same_name or old.rpartition("/")[2] == name]
            if key not in pairs and fitting:
                left[digest].remove(fitting[0])
                pairs[key] = fitting[0]
    return sorted((old, key) for key, old in pairs.items())
