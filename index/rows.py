"""Rows of all sources: those that the catalog lists, and those of passages, which it does not.

A passage is a text that a program handed over as one paragraph (`passages.add_passages`). Its row says
nothing that the segment does not: it is put together when it is asked for. So a million of them cost the
catalog nothing, and the writer no memory. Every live document that no listed row claims is a passage's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from ..corpus.model import Source
from .catalog import SourceRow
from .snapshot import View

__all__ = ["PASSAGE", "Rows", "is_passage", "passage_source"]

PASSAGE: Final = bytes(31) + b"\1"
"""Stands for the hash of a passage: whether it has changed is told by its text."""


def passage_source(key: str) -> Source:
    return Source(key, "", key, 0, 0, PASSAGE)


def is_passage(row: SourceRow) -> bool:
    """Whether the row can go unlisted."""
    source = row.source
    return source.sha256 == PASSAGE and row == SourceRow(passage_source(source.key), (source.key,))


class Rows(Mapping[str, SourceRow]):
    """Rows by source key, the listed ones first."""

    def __init__(
        self,
        listed: Mapping[str, SourceRow],
        claimed: Collection[str],
        views: Sequence[View],
        passages: int,
    ) -> None:
        """claimed: keys of the documents of listed rows. views: what is asked for passages, `passages` many;
        when there are none, no view is touched."""
        self._listed = listed
        self._claimed = claimed
        self._views = views if passages else ()
        self._passages = passages

    def __getitem__(self, key: str) -> SourceRow:
        row = self._listed.get(key)
        if row is None and key not in self._claimed and any(v.find(key) is not None for v in self._views):
            row = SourceRow(passage_source(key), (key,))
        if row is None:
            raise KeyError(key)
        return row

    def __iter__(self) -> Iterator[str]:
        yield from self._listed
        for view in self._views:
            yield from (key for key in view.live_keys() if key not in self._claimed)

    def __len__(self) -> int:
        return len(self._listed) + self._passages
