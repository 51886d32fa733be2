"""What an index of an earlier format still tells: from what it was made, so that it can be made anew.

Manifests of all formats are JSON that checks itself, and the list of sources has not changed its form.
Segments have, so that texts which are not on disk (records, kept versions) cannot be taken over.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import IndexIncompatible, IndexProblem
from .catalog import SourceRow, read_catalog, read_passages
from .container import Container
from .manifest import FORMAT, NAME, FileEntry, Manifest, checks, placed, root_from_json
from .root import Root
from .snapshot import Snapshot
from .storage import Storage

__all__ = ["Former", "read_former", "was_made_earlier"]


@dataclass(frozen=True, slots=True)
class Former:
    """What is known of the index. lost: what a rebuild cannot take over, in words; empty when all can be."""

    format: int
    roots: tuple[Root, ...]
    complete: bool
    rows: Mapping[str, SourceRow] = field(default_factory=dict)
    lost: str = ""


def was_made_earlier(storage: Storage) -> bool:
    """Whether the index here has an earlier format, or its words were analysed otherwise than they would be
    now: then it has to be made anew. False where there is none, and for a later format."""
    try:
        Snapshot.open(storage)
    except IndexIncompatible:
        try:
            Manifest.load(storage)
        except IndexIncompatible:
            return read_former(storage) is not None
        except IndexProblem:
            return False
        return True
    except IndexProblem:
        return False
    return False


def read_former(storage: Storage) -> Former | None:
    """What an index of an earlier format tells; None where it is no such, or too damaged."""
    try:
        body: dict[str, Any] = json.loads(bytes(storage.read(NAME)))
        if type(body["format"]) is not int or not 0 < body["format"] < FORMAT or not checks(body):
            return None
        roots = tuple(placed(root_from_json(root), storage.path) for root in body["roots"])
        entry = FileEntry(**body["catalog"])
        catalog = Container(storage.read(entry.name), entry.name, "catalog")
        if catalog.digest != entry.digest:
            return None
        rows = read_catalog(catalog)
        return Former(body["format"], roots, bool(body["complete"]), rows, _lost(body, rows, catalog))
    except (FileNotFoundError, IndexProblem, ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None


def _lost(body: Mapping[str, Any], rows: Mapping[str, SourceRow], catalog: Container) -> str:
    records = sum(not row.source.root for row in rows.values()) + read_passages(catalog)
    parts = [f"records that a program handed over ({records:,})"] if records else []
    if body.get("keep_versions") or body.get("versions"):
        parts.append("the versions of documents that it keeps")
    return " and ".join(parts)
