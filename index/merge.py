"""Merging segments: columns are filtered, shifted and laid end to end; nothing is analysed again.

The result is what building the same live documents in the same order would have given: nothing of a
deleted document is left, not even a word that only it had (see `standing`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress

import numpy as np

from .acronyms import Stored, merge_acronyms
from .arrays import I64, U32, Array, Bool, spread
from .aside import aside
from .columns import merge_columns
from .damage import tells_damage
from .integers import pack_integers
from .inverter import Inverted
from .keys import key_arrays
from .manifest import FileEntry
from .segment import LIKENESS, UNITS, write_segment
from .snapshot import View
from .standing import standing_surfaces
from .storage import Storage
from .stream import StreamWriter
from .tables import COLUMNS, STREAMS

__all__ = ["merge"]


@tells_damage
def merge(storage: Storage, views: Sequence[View]) -> FileEntry:
    """Write one segment with the live documents of the views, in their order."""
    with ThreadPoolExecutor(1) as pool:
        return _merge(storage, views, pool)


def _merge(storage: Storage, views: Sequence[View], helper: Executor) -> FileEntry:
    for view in views:
        view.segment.container.check()  # damage must not pass into a file with fresh checksums
    parts = [_Part(view) for view in views]
    counts = {name: sum(part.kept(name) for part in parts) for name in UNITS.values()}
    languages = sorted({language for part in parts for language in part.languages()})
    merged = aside(helper, partial(_merge_tables, parts, languages))
    fields = {
        name: _merge_field(name, parts)
        for name in sorted({name for view in views for name in view.segment.field_names})
    }
    tables = merged()
    fields = {name: inverted for name, inverted in fields.items() if inverted.surfaces}
    if not any(name.startswith("text.") for name in fields):
        del tables[LIKENESS]
    columns = merge_columns([(part.view.segment.columns, part.before["documents"]) for part in parts])
    return write_segment(storage, counts, languages, tables, fields, columns, helper)


class _Part:
    """A view with what is kept of it: old numbers of live units, and where each number goes."""

    def __init__(self, view: View) -> None:
        self.view = view
        masks = {
            "documents": view.live_documents,
            "sections": view.live_sections,
            "paragraphs": view.live_paragraphs,
        }
        totals = {name: int(getattr(view.segment, name)) for name in masks}
        self.whole = masks["documents"] is None
        self.keep: dict[str, I64] = {
            name: np.arange(totals[name]) if mask is None else np.flatnonzero(mask)
            for name, mask in masks.items()
        }
        self.before: dict[str, I64] = {name: _before(mask, totals[name]) for name, mask in masks.items()}

    def kept(self, name: str) -> int:
        return len(self.keep[name])

    def languages(self) -> set[str]:
        """Languages of the documents that are kept."""
        segment = self.view.segment
        return {segment.languages[number] for number in set(self._language_numbers().tolist())}

    def renumbered(self, languages: Sequence[str]) -> U32:
        """The language of each kept document, as a number in `languages`."""
        known = {language: number for number, language in enumerate(languages)}
        moved = np.array([known.get(language, 0) for language in self.view.segment.languages], np.uint32)
        return moved[self._language_numbers()]

    def _language_numbers(self) -> I64:
        return self.view.segment.language_of[self.keep["documents"]]


def _before(mask: Bool | None, total: int) -> I64:
    """How many units before each number (and the end) are kept; shape (total + 1,)."""
    if mask is None:
        return np.arange(total + 1)
    before = np.zeros(total + 1, np.int64)
    mask.cumsum(out=before[1:])
    return before


# Tables


def _merge_tables(parts: Sequence[_Part], languages: Sequence[str]) -> dict[str, Array | bytes]:
    keys: list[bytes] = []
    for part in parts:
        old = part.view.segment.keys()
        keys += [old[number] for number in part.keep["documents"].tolist()]
    arrays = {**key_arrays(keys, sorted(range(len(keys)), key=keys.__getitem__))}
    arrays |= pack_integers("doc/language", np.concatenate([part.renumbered(languages) for part in parts]))
    for name in ("sections", "paragraphs"):
        sizes = [
            np.diff(getattr(part.view.segment, f"first_{name}"))[part.keep["documents"]] for part in parts
        ]
        arrays |= pack_integers(f"doc/{name}", np.concatenate(([0], np.concatenate(sizes).cumsum())))
    moves = {"section/first": "paragraphs", "section/last": "paragraphs", "paragraph/section": "sections"}
    for table, columns in COLUMNS.items():
        for name in columns:
            merged = _merge_column(parts, table, name, moves.get(f"{table}/{name}"))
            arrays |= pack_integers(f"{table}/{name}", merged)
    for name in STREAMS:
        arrays |= _merge_stream(parts, name)
    arrays[LIKENESS] = np.concatenate(
        [part.view.segment.likeness.take(part.keep["paragraphs"]) for part in parts]
    )
    return arrays | merge_acronyms(_moved_acronyms(parts))


def _moved_acronyms(parts: Sequence[_Part]) -> Iterator[tuple[Stored, I64]]:
    """The acronyms of each part with the new numbers of its paragraphs, -1 for what is not kept."""
    base = 0
    for part in parts:
        before = part.before["paragraphs"]
        kept = np.diff(before).astype(np.bool_)
        yield part.view.segment.acronyms, np.where(kept, before[:-1] + base, -1)
        base += part.kept("paragraphs")


def _merge_stream(parts: Sequence[_Part], name: str) -> dict[str, Array | bytes]:
    writer = StreamWriter()
    ends = [np.zeros(1, np.int64)]
    for part in parts:
        stream = part.view.segment.streams[name]
        old = part.view.segment.stream_ends(name).numbers()
        base = writer.length
        if part.whole:
            writer.add_blocks(stream)
        else:
            for document in part.keep["documents"].tolist():
                writer.add(stream.read(int(old[document]), int(old[document + 1])))
        sizes = np.diff(old)[part.keep["documents"]]
        ends.append(sizes.cumsum() + base)
    return {**pack_integers(f"doc/{name}", np.concatenate(ends)), **writer.arrays(name)}


def _merge_column(parts: Sequence[_Part], table: str, name: str, target: str | None) -> I64:
    """A column laid end to end. target: the table whose numbers it holds, which move."""
    pieces: list[I64] = []
    base = 0
    for part in parts:
        values = part.view.segment.column(table, name).numbers()[part.keep[f"{table}s"]]
        if target is not None:
            values = part.before[target][values] + base
            base += part.kept(target)
        pieces.append(values)
    return np.concatenate(pieces)


# Fields


@dataclass(frozen=True, slots=True)
class _Columns:
    """A field of one part, its postings filtered and its units renumbered.

    terms: number in the merged vocabulary of each old term; counts, totals: postings and positions left
    of each old term.
    """

    terms: I64
    counts: I64
    totals: I64
    units: U32
    frequencies: Array
    positions: Array


_Old = tuple[Inverted, "I64 | int", "Bool | None"]
"""A field of one part as it stands; where each unit goes, or by how much all move; which units are kept
(None: all)."""


def _merge_field(name: str, parts: Sequence[_Part]) -> Inverted:
    kind, _, language = name.partition(".")
    lengths: list[U32] = []
    columns: list[_Old] = []
    base = 0
    for part in parts:
        field = part.view.segment.field(kind, language)
        keep = part.keep[UNITS[kind]]
        if field is None:
            lengths.append(np.zeros(len(keep), np.uint32))
        else:
            old = field.columns()
            if len(old.units) and int(old.units.max()) >= len(part.before[UNITS[kind]]) - 1:
                raise part.view.segment.container.corrupt(f"field '{name}' names units that are not there")
            if int(old.frequencies.sum(dtype=np.int64)) != len(old.positions):
                raise part.view.segment.container.corrupt(
                    f"field '{name}' has more or fewer positions than words"
                )
            lengths.append(old.lengths[keep])
            live = None
            if not part.whole:
                live = np.diff(part.before[UNITS[kind]]).astype(np.bool_)
                stands = standing_surfaces(part.view.segment, kind, old, live)
                old = replace(
                    old,
                    surfaces=list(compress(old.surfaces, stands)),
                    surface_terms=old.surface_terms[stands],
                )
            columns.append((old, base if live is None else part.before[UNITS[kind]] + base, live))
        base += len(keep)
    return _lay_out(columns, np.concatenate(lengths))


def _lay_out(columns: Sequence[_Old], lengths: U32) -> Inverted:
    union = sorted(set().union(*(old.terms for old, _, _ in columns)))
    number = {term: index for index, term in enumerate(union)}
    parts = [_filtered(old, moved, live, number) for old, moved, live in columns]
    counts = np.zeros((len(parts), len(union)), np.int64)
    totals = np.zeros((len(parts), len(union)), np.int64)
    for row, part in enumerate(parts):
        counts[row, part.terms] = part.counts
        totals[row, part.terms] = part.totals
    starts = np.concatenate(([0], counts.sum(0).cumsum()))
    position_starts = np.concatenate(([0], totals.sum(0).cumsum()))
    units = np.empty(starts[-1], np.uint32)
    frequencies = np.empty(starts[-1], np.result_type(np.uint8, *(part.frequencies for part in parts)))
    positions = np.empty(position_starts[-1], np.result_type(np.uint8, *(part.positions for part in parts)))
    for row, part in enumerate(parts):
        at = (starts[:-1] + counts[:row].sum(0))[part.terms]
        where = spread(at, part.counts)
        units[where] = part.units
        frequencies[where] = part.frequencies
        at = (position_starts[:-1] + totals[:row].sum(0))[part.terms]
        positions[spread(at, part.totals)] = part.positions
    left = np.flatnonzero(np.diff(starts))
    surfaces, surface_terms = _merge_surfaces(columns, number, left)
    return Inverted(
        terms=[union[index] for index in left.tolist()],
        starts=np.append(starts[left], starts[-1]),
        units=units,
        frequencies=frequencies,
        position_starts=np.append(position_starts[left], position_starts[-1]),
        positions=positions,
        lengths=lengths,
        surfaces=surfaces,
        surface_terms=surface_terms,
    )


def _filtered(old: Inverted, moved: I64 | int, live: Bool | None, number: dict[bytes, int]) -> _Columns:
    terms = np.fromiter(map(number.__getitem__, old.terms), np.int64, len(old.terms))
    counts, totals = np.diff(old.starts), np.diff(old.position_starts)
    units, frequencies, positions = old.units, old.frequencies, old.positions
    if live is not None:
        keep = live[units]
        term = np.repeat(np.arange(len(terms)), counts)[keep]
        positions = positions[np.repeat(keep, frequencies)]
        units, frequencies = units[keep], frequencies[keep]
        counts = np.bincount(term, minlength=len(terms))
        totals = np.bincount(term, frequencies, len(terms)).astype(np.int64)
    units = units + np.uint32(moved) if isinstance(moved, int) else moved[units].astype(np.uint32)
    return _Columns(terms, counts, totals, units, frequencies, positions)


def _merge_surfaces(columns: Sequence[_Old], number: dict[bytes, int], left: I64) -> tuple[list[bytes], U32]:
    """The union of the surfaces whose term is left, with the terms' final numbers."""
    final = np.full(len(number), -1, np.int64)
    final[left] = np.arange(len(left))
    table: dict[bytes, int] = {}
    for old, _, _ in columns:
        terms = np.fromiter(map(number.__getitem__, old.terms), np.int64, len(old.terms))
        moved = final[terms][old.surface_terms.astype(np.int64)] if len(terms) else np.empty(0, np.int64)
        table.update(
            (surface, term) for surface, term in zip(old.surfaces, moved.tolist(), strict=True) if term >= 0
        )
    surfaces = sorted(table)
    return surfaces, np.fromiter(map(table.__getitem__, surfaces), np.uint32, len(surfaces))
