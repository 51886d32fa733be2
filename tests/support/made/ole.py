"""OLE containers, written from scratch: storages and streams in sectors of 512 bytes ([MS-CFB])."""

from __future__ import annotations

import struct

__all__ = ["container"]

_SECTOR, _MINI, _CUTOFF = 512, 64, 4_096
_END, _FREE, _NONE = 0xFFFF_FFFE, 0xFFFF_FFFF, 0xFFFF_FFFF


def container(streams: dict[tuple[str, ...], bytes]) -> bytes:
    """A container of streams by their paths; the storages above them come by themselves."""
    paths = sorted({path[:end] for path in streams for end in range(1, len(path) + 1)})
    small = [path for path in paths if path in streams and len(streams[path]) < _CUTOFF]
    large = [path for path in paths if path in streams and len(streams[path]) >= _CUTOFF]
    mini, mini_fat, starts = _chained([streams[path] for path in small], _MINI, 0)
    place = dict(zip(small, starts, strict=True))
    directory_size = -(-(len(paths) + 1) * 128 // _SECTOR)
    fat_of_mini = b"".join(struct.pack("<I", one) for one in mini_fat)
    bodies = [bytes(directory_size * _SECTOR), fat_of_mini, mini, *(streams[path] for path in large)]
    data, fat, begins = _chained(bodies, _SECTOR, 1)
    assert len(fat) + 1 <= _SECTOR // 4, "one sector of the table must do"
    place.update(zip(large, begins[3:], strict=True))
    directory = _directory(paths, streams, place, (begins[2], len(mini)))
    table = struct.pack("<I", 0xFFFF_FFFD) + b"".join(struct.pack("<I", one) for one in fat)
    mini_sectors = -(-len(fat_of_mini) // _SECTOR)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIIIIII", 0, 1, begins[0], 0, _CUTOFF, begins[1], mini_sectors, _END, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    return (
        header
        + table.ljust(_SECTOR, b"\xff")
        + directory.ljust(directory_size * _SECTOR, b"\0")
        + data[len(bodies[0]) :]
    )


def _chained(bodies: list[bytes], size: int, first: int) -> tuple[bytes, list[int], list[int]]:
    """Bodies in sectors one after the other, the table that chains these, and where each body starts."""
    data = b""
    table: list[int] = []
    starts: list[int] = []
    for body in bodies:
        count = -(-len(body) // size)
        here = first + len(table)
        starts.append(here if count else _END)
        table += [here + 1 + index for index in range(count - 1)] + [_END] * bool(count)
        data += body.ljust(count * size, b"\0")
    return data, table, starts


def _directory(
    paths: list[tuple[str, ...]],
    streams: dict[tuple[str, ...], bytes],
    place: dict[tuple[str, ...], int],
    mini: tuple[int, int],
) -> bytes:
    numbers = {path: number for number, path in enumerate(paths, start=1)}
    entries = [_entry("Root Entry", 5, _first(paths, (), numbers), _NONE, *mini)]
    for path in paths:
        beside = [other for other in paths if other[:-1] == path[:-1] and other > path]
        right = numbers[beside[0]] if beside else _NONE
        if path in streams:
            entries.append(_entry(path[-1], 2, _NONE, right, place[path], len(streams[path])))
        else:
            entries.append(_entry(path[-1], 1, _first(paths, path, numbers), right, 0, 0))
    return b"".join(entries)


def _first(paths: list[tuple[str, ...]], above: tuple[str, ...], numbers: dict[tuple[str, ...], int]) -> int:
    return next((numbers[path] for path in paths if path[:-1] == above), _NONE)


def _entry(name: str, kind: int, child: int, right: int, start: int, size: int) -> bytes:
    """Siblings hang to the right of one another: a tree that is one long branch."""
    spelt = name.encode("utf-16-le")
    head = spelt.ljust(64, b"\0") + struct.pack("<HBB", len(spelt) + 2, kind, 1)
    return head + struct.pack("<III", _NONE, right, child) + bytes(36) + struct.pack("<IQ", start, size)
