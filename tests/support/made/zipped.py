"""ZIP archives from their parts, always the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

__all__ = ["HEAD", "relations", "zipped"]

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    """The relations part of Office files: kinds and targets; their ids are rId1, rId2, …"""
    found = "".join(
        f'<Relationship Id="rId{number}" Type="{_TYPES}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    uri = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'{HEAD}<Relationships xmlns="{uri}">{found}</Relationships>'


def zipped(parts: Mapping[str, str | bytes], stored: tuple[str, ...] = ("mimetype",)) -> bytes:
    """An archive of parts in their order; `stored` ones are not packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, words in parts.items():
            entry = zipfile.ZipInfo(name, (2024, 2, 29, 12, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, words)
    return buffer.getvalue()
