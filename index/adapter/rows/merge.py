"""Merging segments of rows: what is live is laid end to end; nothing is analysed again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
from whoosh.fields import Schema

from ...arrays import Array, Bool
from ...damage import tells_damage
from ...manifest import FileEntry
from ...storage import Storage
from ...stream import StreamWriter
from .build import RowBuilder
from .columns import default_of
from .flat import Flat, united
from .segment import RowSegment, write_rows
from .values import stored_to_json

__all__ = ["merge_rows", "write_built"]


def write_built(storage: Storage, schema: Schema, builder: RowBuilder) -> FileEntry:
    """Write what a builder has collected, without the fields that the schema has lost meanwhile."""
    fields = {name: flat for name, flat in builder.flats().items() if name in schema}
    columns = {
        name: (schema[name].column_type, rows.all(builder.count))
        for name, rows in builder.columns().items()
        if name in schema and schema[name].column_type
    }
    return write_rows(
        storage, builder.count, builder.stored_arrays(), sorted(builder.stored_names), fields, columns
    )


@tells_damage
def merge_rows(storage: Storage, schema: Schema, segments: Sequence[RowSegment]) -> FileEntry:
    """Write one segment with the live documents of the segments, in their order."""
    for segment in segments:
        segment.container.check()  # damage must not pass into a file with fresh checksums
    masks = [
        np.ones(segment.units, np.bool_) if segment.live is None else segment.live for segment in segments
    ]
    units = sum(int(mask.sum()) for mask in masks)
    names = {name for segment in segments for name in segment.field_names if name in schema}
    fields = {name: _merged_field(name, segments, masks) for name in sorted(names)}
    fields = {name: flat for name, flat in fields.items() if len(flat.units)}
    columns = {
        name: (schema[name].column_type, _merged_column(name, schema, segments, masks))
        for name in sorted({name for segment in segments for name in segment.column_names})
        if name in schema and schema[name].column_type
    }
    stored = {name for segment in segments for name in segment.stored_names}
    return write_rows(storage, units, _merged_stored(segments, masks), sorted(stored), fields, columns)


def _merged_field(name: str, segments: Sequence[RowSegment], masks: Sequence[Bool]) -> Flat:
    parts: list[tuple[int, Flat | None]] = []
    for segment, mask in zip(segments, masks, strict=True):
        flat = segment.flat(name)
        parts.append((int(mask.sum()), None if flat is None else flat.only(mask)))
    return united(parts)


def _merged_column(
    name: str, schema: Schema, segments: Sequence[RowSegment], masks: Sequence[Bool]
) -> list[Any]:
    default = default_of(schema[name].column_type)
    return list(
        chain.from_iterable(
            [column[unit] for unit in np.flatnonzero(mask).tolist()]
            if (column := segment.values(name) if name in segment.column_names else None) is not None
            else [default] * int(mask.sum())
            for segment, mask in zip(segments, masks, strict=True)
        )
    )


def _merged_stored(segments: Sequence[RowSegment], masks: Sequence[Bool]) -> dict[str, Array | bytes]:
    """Stored values, without those of fields that were removed."""
    writer = StreamWriter()
    ends = [0]
    for segment, mask in zip(segments, masks, strict=True):
        for unit in np.flatnonzero(mask).tolist():
            if segment.hidden:
                writer.add(stored_to_json(segment.stored(unit)))
            else:
                writer.add(segment.stored_bytes(unit))
            ends.append(writer.length)
    return {"doc/stored": np.array(ends, np.uint64), **writer.arrays("stored")}
