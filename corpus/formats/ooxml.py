"""What Word documents, workbooks and presentations have in common: relations of parts, core properties."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import CorpusError
from ..model import Gap, MetaValue
from .package import Package, beside
from .xmltree import Element, parse

__all__ = ["Relation", "core_properties", "embedded", "main_part", "part", "relations"]

# What programs put there unasked.
_NO_TITLE = re.compile(
    r"(?:microsoft word\b.*|(?:document|dokument|presentation|book|mappe|folie|slide) ?\d*"
    r"|powerpoint[- ]pr.*|untitled.*|unbenannt.*|word document|titl?el?|.*\.(?:docx?|pptx?|xlsx?|rtf|dotx?))",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"(?:word|xl|ppt)/embeddings/[^/]+")
_FIELDS = {
    "dc:title": "title",
    "dc:creator": "author",
    "dc:subject": "subject",
    "cp:keywords": "keywords",
    "cp:category": "category",
    "dc:description": "description",
    "dcterms:created": "file_created",
    "dcterms:modified": "file_modified",
}


class Relation(NamedTuple):
    """kind: the last part of its type (`styles`). target: the name of a part."""

    kind: str
    target: str


def relations(package: Package, name: str) -> dict[str, Relation]:
    """The relations of a part by their ids; none when it has none. Links to places outside are left out."""
    folder, _, last = name.rpartition("/")
    home = f"{folder}/_rels/{last}.rels" if folder else f"_rels/{last}.rels"
    if home not in package:
        return {}
    return {
        one.get("Id", ""): Relation(
            one.get("Type", "").rpartition("/")[2], beside(name, one.get("Target", ""))
        )
        for one in parse(package.pieces(home), home)
        if one.tag == "rel:Relationship" and one.get("TargetMode") != "External"
    }


def embedded(package: Package, key: str) -> list[Gap]:
    """Gaps for the files that somebody put into a document: none of them is read."""
    return [
        Gap(key, "a file that is embedded was not read: open it there and save it beside", name)
        for name in package.names()
        if _EMBEDDED.fullmatch(name)
    ]


def main_part(package: Package, usual: str) -> str:
    """The part that the package is about; `usual`, where it does not say."""
    try:
        found = [one.target for one in relations(package, "").values() if one.kind == "officeDocument"]
    except CorpusError:
        found = []
    return next((target for target in found if target in package), usual)


def part(package: Package, related: dict[str, Relation], kind: str) -> Element | None:
    """The tree of the related part of a kind (`styles`); None when there is none that can be read."""
    for relation in related.values():
        if relation.kind == kind and relation.target in package:
            try:
                return parse(package.pieces(relation.target), relation.target)
            except CorpusError:
                return None
    return None


def core_properties(package: Package) -> dict[str, MetaValue]:
    """What the file states of itself, by the names of front matter.

    When it was written is no date of publication: it is kept as `file_created` and `file_modified`.
    """
    try:
        tree = part(package, relations(package, ""), "core-properties")
    except CorpusError:
        return {}
    fields: dict[str, MetaValue] = {}
    for element in tree if tree is not None else ():
        name, value = _FIELDS.get(element.tag), " ".join("".join(element.itertext()).split())
        if name and value and not (name == "title" and _NO_TITLE.fullmatch(value)):
            fields[name] = value[:10] if name.startswith("file_") else value[:2_000]
    return fields
