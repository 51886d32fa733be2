"""One number that says whether two indexes hold the same documents.

It is the root of a Merkle tree as in RFC 6962, section 2.1 (SHA-256; a leaf is hashed behind a zero byte, a
node behind a one), whose leaves are the sources that gave documents, in the order of their keys. A leaf is
the ASCII JSON, without white space, of

    [key, SHA-256 in hex, [keys of its documents], [[key, part, reason] of its gaps]]

both lists sorted. The SHA-256 is that of the file's bytes; for a record, of all its fields as the program
handed them over; for a passage, of its language, a zero byte and its text. So the root tells of documents and
of what is missing in them, and of nothing else: not of how the index is cut into segments, of generations,
times or the place of a folder, nor of the language that a root was given.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from .catalog import read_catalog, read_passages
from .rows import PASSAGE
from .snapshot import Snapshot, View

__all__ = ["VERSION", "fingerprint", "leaves", "merkle_root"]

VERSION = 1
"""Stands before the number; another definition has another."""


def fingerprint(snapshot: Snapshot) -> str:
    """`VERSION`, a colon and the root in hex. Reads the list of sources, and the texts of passages."""
    return f"{VERSION}:{merkle_root(leaves(snapshot)).hex()}"


def leaves(snapshot: Snapshot) -> list[bytes]:
    """The leaves' hashes, in the order of the sources' keys."""
    views = snapshot.views
    hashes = {}
    claimed: set[str] = set()
    for row in read_catalog(snapshot.catalog).values():
        if row.documents:
            claimed.update(row.documents)
            digest = row.source.sha256
            if digest == PASSAGE:
                digest = _listed_passage(row.documents[0], views)
            gaps = sorted([gap.key, gap.part, gap.reason] for gap in row.gaps)
            hashes[row.source.key] = _leaf(row.source.key, digest, sorted(row.documents), gaps)
    if read_passages(snapshot.catalog):
        for key, digest in _passages(views, claimed):
            hashes[key] = _leaf(key, digest, [key], [])
    return [hashes[key] for key in sorted(hashes)]


def merkle_root(hashes: Iterable[bytes]) -> bytes:
    """The root over the leaves' hashes, in their order; of none: the hash of nothing.

    >>> merkle_root([]) == sha256(b"").digest()
    True
    """
    trees: list[tuple[int, bytes]] = []  # complete ones, each with its height, the largest first
    for leaf in hashes:
        height, top = 0, leaf
        while trees and trees[-1][0] == height:
            height, top = height + 1, _node(trees.pop()[1], top)
        trees.append((height, top))
    if not trees:
        return sha256(b"").digest()
    top = trees.pop()[1]
    while trees:
        top = _node(trees.pop()[1], top)
    return top


def _leaf(key: str, digest: bytes, documents: Sequence[str], gaps: Sequence[Sequence[str]]) -> bytes:
    said = json.dumps([key, digest.hex(), documents, gaps], ensure_ascii=True, separators=(",", ":"))
    return sha256(b"\0" + said.encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def _passages(views: Sequence[View], claimed: set[str]) -> Iterator[tuple[str, bytes]]:
    """Key and hash of each live document that no listed source gave."""
    for view in views:
        for number, name in enumerate(view.segment.keys()):
            if view.is_live(number) and (key := name.decode()) not in claimed:
                yield key, _passage(view, number)


def _listed_passage(key: str, views: Sequence[View]) -> bytes:
    for view in views:
        number = view.find(key)
        if number is not None:
            return _passage(view, number)
    return PASSAGE


def _passage(view: View, number: int) -> bytes:
    segment = view.segment
    language = segment.languages[segment.language_of[number]]
    return sha256(f"{language}\0{segment.text(number)}".encode()).digest()
