"""Which files are no longer what an index knows of them: what an update would do, told and not done.

It is planned as an update is (see `plan`), so the two always agree: sizes and times are compared, and only a
file that they leave in doubt is read and hashed, as git does.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ..corpus.registry import refusal
from ..corpus.walk import Found, Unread, walk
from ..errors import CorpusError
from .batch import fingerprint
from .catalog import SourceRow
from .limits import Limits
from .plan import UNHASHED, Plan, make_plan
from .root import Root
from .roots import rules_of

__all__ = ["Changes", "find_changes"]

_LIMIT = Limits().size


@dataclass(frozen=True, slots=True)
class Changes:
    """The files of an index against those on disk: what the next update would find.

    new, changed, gone: keys of files, sorted; renamed: (old, new), which are in none of the others.
    unchanged: how many files are as they were. missing: the paths of roots that are not at hand, of whose
    files nothing is said. Files that cannot be read are gaps and play no part. seconds: that it took.
    """

    new: tuple[str, ...]
    changed: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    unchanged: int
    missing: tuple[str, ...]
    seconds: float

    @property
    def count(self) -> int:
        """How many files differ."""
        return len(self.new) + len(self.changed) + len(self.renamed) + len(self.gone)


def find_changes(roots: Sequence[Root], rows: Mapping[str, SourceRow], index: Path | None) -> Changes:
    """Compare the files of some roots with the rows of an index.

    index: its folder, which is no source. IndexProblem where a file has the key of a record.
    """
    started = time.monotonic()
    found: list[tuple[Root, Found | Unread]] = []
    missing: list[Root] = []
    for root in roots:
        try:
            items = walk(root.path, None if index is None else str(index), rules_of(root))
        except CorpusError:
            missing.append(root)
            continue
        found += [(root, item) for item in items]
    names = {root.name for root in roots} - {root.name for root in missing}
    plan = make_plan(found, rows, names, fingerprint=partial(fingerprint, limit=_LIMIT), refusal=refusal)
    renames = {new for _, new in plan.renamed}
    new = (task.key for task in plan.tasks if task.key not in rows)
    return Changes(
        new=tuple(sorted(key for key in new if key not in renames)),
        changed=tuple(sorted(_changed(plan, rows))),
        renamed=plan.renamed,
        gone=tuple(sorted(_read(plan.removed, rows))),
        unchanged=len(_read([*plan.unchanged, *(source.key for source in plan.restamped)], rows)),
        missing=tuple(root.path for root in missing),
        seconds=time.monotonic() - started,
    )


def _changed(plan: Plan, rows: Mapping[str, SourceRow]) -> Iterable[str]:
    """Those that were read and now are others or cannot be read; and those that could not be read, where
    their size is another."""
    tasks = [task for task in plan.tasks if task.key in rows]
    yield from _read([task.key for task in tasks], rows)
    for task in tasks:
        source = rows[task.key].source
        if source.sha256 == UNHASHED and task.size != source.size:
            yield task.key
    yield from _read([row.source.key for row in plan.unread], rows)


def _read(keys: Collection[str], rows: Mapping[str, SourceRow]) -> list[str]:
    """Those of the keys whose files were read once."""
    return [key for key in keys if key in rows and rows[key].source.sha256 != UNHASHED]
