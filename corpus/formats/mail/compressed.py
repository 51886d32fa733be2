"""RTF as Outlook keeps it: packed with a dictionary of its own ([MS-OXRTFCP])."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ....errors import Unreadable

__all__ = ["unpack_rtf"]

_HEADER = struct.Struct("<IIII")
_PACKED, _PLAIN = 0x75465A4C, 0x414C454D  # "LZFu", "MELA"
_RING = 4_096
_LARGEST = 64 << 20  # bytes of RTF; what is longer than a reference may make it is refused below, too
_LONGEST = 17  # bytes that a reference of two bytes may stand for
_BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
"""What the dictionary holds before anything is unpacked (section 2.1.2.1 there)."""


def unpack_rtf(data: bytes) -> bytes:
    """The RTF that was packed.

    Unreadable for what is not packed so, or claims more than it can hold. Of what is cut short comes what
    there is.
    """
    if len(data) < _HEADER.size:
        raise Unreadable("its packed text is cut short")
    _, size, kind, _ = _HEADER.unpack_from(data)
    body = data[_HEADER.size :]
    if size > min(_LARGEST, _LONGEST * len(body)):
        raise Unreadable("its packed text claims to be longer than it can be")
    if kind == _PLAIN:
        return body[:size]
    if kind != _PACKED:
        raise Unreadable("its packed text is of an unknown kind")
    return _unpacked(body, size)


def _unpacked(body: bytes, size: int) -> bytes:
    """Runs of eight, each behind a byte whose bits, from the lowest on, say which are references."""
    ring = bytearray(_BEGINNING.ljust(_RING, b" "))
    write = len(_BEGINNING)
    out = bytearray()
    stream = iter(body)
    for control in stream:
        for bit in range(8):
            first = next(stream, None)
            second = next(stream, None) if control >> bit & 1 else 0
            if first is None or second is None or len(out) >= size:
                return bytes(out[:size])
            if control >> bit & 1:
                read, length = first << 4 | second >> 4, (second & 15) + 2
                if read == write:  # the mark of the end
                    return bytes(out[:size])
                values: Iterator[int] = (ring[(read + step) % _RING] for step in range(length))
            else:
                values = iter((first,))
            for value in values:  # one by one: a reference may reach into what it makes itself
                ring[write] = value
                out.append(value)
                write = (write + 1) % _RING
    return bytes(out[:size])
