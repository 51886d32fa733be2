"""Targets to fuzz: what each reads, a sound example, and the errors that it may raise.

A target takes the bytes of a case: JSON for those that read values (checksums are made anew around them), raw
bytes for the others. It returns, or raises one of its errors; anything else is a fault.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from docsearch.errors import DocsearchError, IndexProblem
from docsearch.index.analysis import normalise, tokenize
from docsearch.index.catalog import KIND, read_catalog, row_from_json
from docsearch.index.container import VERSION, Container, _digest, pack
from docsearch.index.damage import SIGNS
from docsearch.index.integers import Integers, pack_integers
from docsearch.index.inverter import Inverter
from docsearch.index.keys import Keys, key_arrays
from docsearch.index.manifest import Manifest, _check
from docsearch.index.stream import Stream, StreamWriter
from docsearch.index.tables import record_from_json
from docsearch.search.grammar import parse
from docsearch.search.synonyms import Synonyms
from docsearch.search.syntax import render

__all__ = ["TARGETS", "Target"]


@dataclass(frozen=True)
class Target:
    """read: of the bytes of a case. example: a sound one. told: the errors that are no faults.
    values: whether cases are JSON, so that single values are worth changing."""

    read: Callable[[bytes], object]
    example: bytes
    told: tuple[type[Exception], ...] = (IndexProblem,)
    values: bool = False


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _container(arrays: dict[str, Any], meta: dict[str, Any], kind: str) -> Container:
    return Container(memoryview(b"".join(map(bytes, pack(kind, arrays, meta)))), "fuzzed", kind)


def _manifest(case: bytes) -> object:
    with suppress(ValueError, RecursionError):
        body = json.loads(case)
        if isinstance(body, dict):
            body.pop("check", None)
            case = json.dumps({**body, "check": _check(body)}).encode()
    return Manifest.from_bytes(case, "fuzzed")


def _contents(case: bytes) -> object:
    """A file with these contents, whose tail holds; every array that they name is read."""
    arrays = bytes(range(256)) * 2
    with suppress(ValueError, TypeError, RecursionError):
        blocks = json.loads(case)
        blocks["blocks"] = [zlib.crc32(arrays)]
        case = json.dumps(blocks).encode()
    tail = struct.pack("<QQ16sII8s", len(arrays), len(case), _digest(case), VERSION, 0, b"docsrch1")
    container = Container(memoryview(arrays + case + tail), "fuzzed", "segment")
    return [container.array(name, container.dtype(name)) for name in ("one", "two") if name in container]


def _whole_file(case: bytes) -> object:
    container = Container(memoryview(case), "fuzzed", "segment")
    container.check()
    return container.array("one", "<u4")


def _record(case: bytes) -> object:
    return record_from_json(case, "laws/a")


def _row(case: bytes) -> object:
    return row_from_json(json.loads(case))


def _sources(case: bytes) -> object:
    return read_catalog(_container({"rows": zlib.compress(case, 1)}, {"size": len(case)}, KIND))


def _stream(case: bytes) -> object:
    value = json.loads(case)
    arrays = {
        "text/raw": np.array(value["raw"], np.uint64),
        "text/ends": np.array(value["ends"], np.uint64),
        "text/bytes": bytes(value["bytes"]),
    }
    stream = Stream(_container(arrays, {}, "segment"), "text")
    return [stream.read(start, end) for start in (0, 5, 20_000) for end in (1, 16_400, stream.length)]


def _column(case: bytes) -> object:
    value = json.loads(case)
    arrays = {name: np.array(numbers, kind) for name, (kind, numbers) in value.items()}
    column = Integers(_container(arrays, {}, "segment"), "c", 300)
    return column.numbers(), column[0], column[299]


def _keys(case: bytes) -> object:
    value = json.loads(case)
    arrays = {name: np.array(numbers, kind) for name, (kind, numbers) in value.items()}
    keys = Keys(_container(arrays, {}, "segment"), 20)
    return keys[3], keys.find(b"laws/3"), keys.take([1, 19]), list(keys.prefixed(b"laws")), keys.rank


def _synonyms(case: bytes) -> object:
    return Synonyms.parse(case.decode("utf-8", "replace").splitlines(), "fuzzed")


def _query(case: bytes) -> object:
    tree = parse(case.decode("utf-8", "replace")).tree
    assert render(parse(render(tree)).tree) == render(tree), "what a query was read as is read as the same"
    return tree


def _words(case: bytes) -> object:
    text = case.decode("utf-8", "ignore")
    inverter = Inverter("zu")
    inverter.add(text)
    found = inverter.finish()
    words = [normalise(token.raw) for token in tokenize(text)]
    assert int(found.lengths.sum()) == len(words)
    assert sorted({word.encode() for word in words}) == found.surfaces
    return found


def _listed(arrays: dict[str, Any]) -> bytes:
    told = {
        name: ("|u1", list(array)) if isinstance(array, bytes) else (array.dtype.str, array.tolist())
        for name, array in arrays.items()
    }
    return _json(told)


def _stream_example() -> bytes:
    writer = StreamWriter()
    writer.add(b"An act about water. " * 1000)
    arrays = writer.arrays("text")
    return _json({name.rpartition("/")[2]: list(map(int, array)) for name, array in arrays.items()})


def _file_example() -> bytes:
    return b"".join(map(bytes, pack("segment", {"one": np.arange(40, dtype="<u4")}, {})))


_FILE = {"name": "segment-0000000000000001", "size": 10, "digest": "00" * 16}
_MANIFEST = {
    "format": 0,
    "generation": 3,
    "created": "2026-01-01T00:00:00+00:00",
    "updated": "2026-01-01T00:00:00+00:00",
    "roots": [{"name": "laws", "path": "../laws", "include": ["*.md"], "exclude": [], "language": "en"}],
    "segments": [{"file": _FILE, "documents": 2, "paragraphs": 5, "deleted": 0}],
    "catalog": {**_FILE, "name": "catalog-00000001-00000001"},
    "deletions": None,
    "documents": 2,
    "sections": 2,
    "paragraphs": 5,
    "gaps": 0,
    "languages": {"en": 5},
    "analysers": {"en": "en/words-2/snowball-1"},
    "complete": True,
}


def _manifest_example() -> bytes:
    from docsearch.index.manifest import FORMAT

    return _json({**_MANIFEST, "format": FORMAT})


_ROW = ["laws/a", "laws", "a.md", 10, 5, "00" * 32, ["laws/a"], [["laws/a", "it is empty", "page 2"]]]
_RECORD = {
    "language": "en",
    "root": "laws",
    "path": "a.md",
    "size": 12,
    "type": "text/markdown",
    "title": "Water",
    "published": ["2020-05-01", False],
    "guessed": ["title"],
    "anchors": [["page", 0, 5, 0, "i"]],
    "extra": {"kind": ["act", "law"], "number": 5, "of": {"date": "2020-01-01"}},
}
_CONTENTS = {
    "kind": "segment",
    "meta": {"documents": 1},
    "arrays": {"one": ["<u4", 0, 64], "two": ["|u1", 256, 256]},
    "blocks": [0],
}

TARGETS: dict[str, Target] = {
    "manifest": Target(_manifest, _manifest_example(), values=True),
    "contents": Target(_contents, _json(_CONTENTS), values=True),
    "file": Target(
        _whole_file, b"".join(map(bytes, pack("segment", {"one": np.arange(40, dtype="<u4")}, {})))
    ),
    "record": Target(
        _record,
        _json(_RECORD),
        (ValueError, LookupError, AttributeError, TypeError, RecursionError),
        values=True,
    ),
    "row": Target(_row, _json(_ROW), (ValueError, TypeError), values=True),
    "sources": Target(_sources, _json([_ROW]), values=True),
    "stream": Target(_stream, _stream_example(), (IndexProblem, *SIGNS)),
    "column": Target(
        _column,
        _listed(dict(pack_integers("c", np.arange(300) ** 2))),
        (IndexProblem, *SIGNS),
        values=True,
    ),
    "keys": Target(
        _keys,
        _listed(dict(key_arrays([b"laws/%d" % at for at in range(20)], sorted(range(20), key=str)))),
        (IndexProblem, *SIGNS),
        values=True,
    ),
    "synonyms": Target(
        _synonyms, b"fund, funding => financing\n# of money\nEU, European Union\n", (DocsearchError,)
    ),
    "query": Target(
        _query, b'title:water AND (law w/5 "new act"~2) -date:2020 sect*^2 =Act', (DocsearchError,)
    ),
    "words": Target(_words, "The U.S. water’s act, § 48-904.01: straße 情報公開 e\u0301".encode(), ()),
}
