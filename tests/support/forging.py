"""Forges indexes: arbitrary values under checksums that hold, and what a program then does with them.

Run as a program (`python forging.py INDEX SCRATCH FIRST COUNT [KIND]`) it tries so many forgeries, each in a
child with little memory and time, and writes a line of JSON for each that ended otherwise than in an answer
or an error of ours. So a crash of the interpreter costs one child.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import resource
import shutil
import signal
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import docsearch
import docsearch.whoosh_index
import numpy as np
from docsearch import Range, Record
from docsearch.errors import DocsearchError
from docsearch.index.checking import check
from docsearch.index.container import Container, pack
from docsearch.index.manifest import _check
from docsearch.index.repair import repair
from docsearch.index.storage import FolderStorage

MEMORY = 1 << 30
"""Bytes that a child may map beyond what it was born with."""
SECONDS = 20
"""CPU time of a child: some hundred times what a sound index takes."""

KINDS = ("segment", "catalog", "deletions", "validity", "rows")
Arrays = dict[str, np.ndarray[Any, Any]]


def forge(folder: Path, seed: int) -> str:
    """Change something in the index in a folder and make all its checksums right again; what was changed."""
    chance = random.Random(seed)
    manifest = json.loads((folder / "MANIFEST").read_bytes())
    files = [*_entries(manifest)]
    told = []
    ways = [chance.random() for _ in range(chance.choice((1, 1, 1, 2, 4)))]
    for way in sorted(
        ways, reverse=True
    ):  # the manifest last: then it need not say any more what the files are
        if way < 0.12:
            told.append("MANIFEST " + _forge_json(manifest, chance))
            continue
        # Half of them in the segments, which hold nearly everything.
        entry = chance.choice(
            [each for each in files if each["name"].startswith("segment-")]
            if chance.random() < 0.6
            else files
        )
        told.append(f"{entry['name'].split('-')[0]} {_forge_file(folder, entry, chance)}")
    body = {name: value for name, value in manifest.items() if name != "check"}
    with contextlib.suppress(ValueError):
        body["check"] = _check(body)
    (folder / "MANIFEST").write_text(json.dumps(body))
    return "; ".join(told)


def _entries(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for segment in (*manifest["segments"], *manifest.get("versions", ())):
        yield segment["file"]
    for name in ("catalog", "deletions", "validity"):
        if manifest.get(name):
            yield manifest[name]


def _forge_file(folder: Path, entry: dict[str, Any], chance: random.Random) -> str:
    path = folder / entry["name"]
    if not path.exists():
        return "gone"
    content = path.read_bytes()
    kind = next(kind for kind in KINDS if b'{"kind":"%s"' % kind.encode() in content)
    try:
        container = Container(memoryview(content), entry["name"], kind)
    except DocsearchError:
        return "forged before"
    arrays: Arrays = {
        name: container.array(name, dtype.str).copy() for name, (dtype, _, _) in container._directory.items()
    }
    meta = json.loads(json.dumps(dict(container.meta)))
    if not arrays:
        return "nothing"
    told = "meta " + _forge_json(meta, chance) if chance.random() < 0.15 else _forge_arrays(arrays, chance)
    try:
        content = b"".join(map(bytes, pack(kind, arrays, meta)))
    except ValueError:
        return "not to be packed"
    path.write_bytes(content)
    entry["size"] = len(content)
    entry["digest"] = Container(memoryview(content), entry["name"], kind).digest
    return told


# Values

WRONG: tuple[Any, ...] = (
    None, True, 0, 1, -1, 2**31, 2**63, 2**64, -(2**63), 10**400, 0.5, 1e308, "", "x", "../../x", "\x00",
    "\ud800", "en", "a" * 5000, [], [[]], [None], ["x"] * 9, [-1], [2**40], {}, {"x": {}}, {"name": "x"},
)  # fmt: skip


def _forge_json(value: Any, chance: random.Random) -> str:
    """Replace, remove or double something somewhere in a tree of JSON."""
    places: list[tuple[Any, Any]] = []

    def collect(tree: Any) -> None:
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            places.append((tree, key))
            if isinstance(tree[key], dict | list):
                collect(tree[key])

    collect(value)
    if not places:
        return "nothing"
    tree, key = chance.choice(places)
    if chance.random() < 0.15:
        del tree[key]
        return f"without {key!r}"
    if isinstance(tree[key], int) and chance.random() < 0.5:
        wrong = tree[key] + chance.choice((-1, 1, 2, -tree[key], 1000, 10**6, 2**31, 2**40))
    else:
        wrong = chance.choice(WRONG)
    tree[key] = wrong
    return f"{key!r} = {wrong!r}"[:80]


def _forge_arrays(arrays: Arrays, chance: random.Random) -> str:
    name = chance.choice(sorted(arrays))
    if chance.random() < 0.25:
        name = chance.choice(
            [each for each in sorted(arrays) if each.endswith(("/bytes", "rows", "record/ends"))] or [name]
        )
    array = arrays[name]
    if name.endswith("/bytes") and chance.random() < 0.7:
        return f"{name} {_forge_stream(arrays, name[:-6], chance)}"
    if name == "rows" and chance.random() < 0.8:
        return f"{name} {_forge_rows(arrays, chance)}"
    how = chance.choice(WAYS)
    try:
        with np.errstate(all="ignore"):
            arrays[name] = how(array, chance)
    except (ValueError, IndexError):
        return "nothing"
    if arrays[name] is _GONE:
        del arrays[name]
    return f"{name} {how.__name__}"


def _extremes(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    if array.dtype.kind == "f":
        return chance.choice((0.0, -1.0, 1e300, -1e300, np.nan, np.inf, -np.inf, 1e-300))
    info = np.iinfo(array.dtype)
    near = [0, 1, info.min, info.max, info.max // 2, info.max - 1, len(array), len(array) + 1]
    near += [10**6, 2**31 - 1, 2**32 - 1, 2**40, chance.getrandbits(60)]
    return min(max(chance.choice(near), info.min), info.max)


def some(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    for _ in range(chance.choice((1, 1, 3, 20))):
        array[chance.randrange(len(array))] = _extremes(array, chance)
    return array


def first(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    array[0] = _extremes(array, chance)
    return array


def last(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    array[-1] = _extremes(array, chance)
    return array


def every(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    array[:] = _extremes(array, chance)
    return array


def shifted(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    at = chance.randrange(len(array))
    array[at:] += np.array(chance.choice((1, 2, 100, 10**5)), np.int64).astype(array.dtype)
    return array


def noise(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    drawn = np.random.default_rng(chance.getrandbits(32))
    return np.frombuffer(drawn.bytes(array.nbytes), array.dtype).copy()


def turned(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    return array[::-1].copy()


def shorter(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    return array[: chance.randrange(len(array))]


def longer(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    return np.concatenate(
        (array, np.full(chance.choice((1, 16, 500)), _extremes(array, chance), array.dtype))
    )


def swapped(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    one, other = chance.randrange(len(array)), chance.randrange(len(array))
    array[[one, other]] = array[[other, one]]
    return array


def other_type(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    return array.astype(chance.choice(("<u1", "<u2", "<u4", "<u8", "<i8", "<f8")))


_GONE: Any = object()


def gone(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    return _GONE


WAYS: tuple[Callable[[np.ndarray[Any, Any], random.Random], Any], ...] = (
    some, some, some, some, first, last, every, shifted, noise, turned, shorter, longer, swapped, other_type,
    gone,
)  # fmt: skip


def _forge_stream(arrays: Arrays, name: str, chance: random.Random) -> str:
    """Other text in a block of a stream, packed as it should be."""
    ends = arrays[f"{name}/ends"].tolist()
    blocks = len(ends) - 1
    if blocks < 1:
        return "nothing"
    which = chance.randrange(blocks)
    packed = arrays[f"{name}/bytes"].tobytes()
    try:
        block = zlib.decompress(packed[ends[which] : ends[which + 1]])
    except zlib.error:
        return "forged before"
    how, content = chance.choice(TEXTS)
    if content is None:
        content = _json_like(block, chance)
    elif how == "same length":
        content = (content * len(block))[: len(block)]
    again = zlib.compress(content, 9)
    arrays[f"{name}/bytes"] = np.frombuffer(
        packed[: ends[which]] + again + packed[ends[which + 1] :], np.uint8
    )
    change = len(again) - (ends[which + 1] - ends[which])
    moved = [end + change * (number > which) for number, end in enumerate(ends)]
    arrays[f"{name}/ends"] = np.array(moved, arrays[f"{name}/ends"].dtype)
    if chance.random() < 0.3 and f"{name}/raw" in arrays:
        raw = arrays[f"{name}/raw"].astype(np.int64)
        raw[which + 1 :] += len(content) - len(block)
        arrays[f"{name}/raw"] = raw.astype(arrays[f"{name}/raw"].dtype)
    return how


TEXTS: tuple[tuple[str, bytes | None], ...] = (
    ("bomb", bytes(64 << 20)),
    ("zeros", bytes(16384)),
    ("same length", b"\xff"),
    ("same length", b"["),
    ("same length", b"\n"),
    ("same length", b"word "),
    ("same length", b'{"'),
    ("other JSON", None),
    ("other JSON", None),
    ("other JSON", None),
)


def _json_like(block: bytes, chance: random.Random) -> bytes:
    """Numbers and words of JSON replaced by others, of the same length."""
    content = bytearray(block)
    for _ in range(chance.choice((1, 5, 50))):
        at = chance.randrange(max(len(content), 1))
        if at < len(content):
            content[at] = chance.choice(b'0123456789{}[]",:\\-.eEntfx\x00\xc3\xff ')
    return bytes(content)


def _forge_rows(arrays: Arrays, chance: random.Random) -> str:
    """A list of sources with other values."""
    try:
        rows = zlib.decompress(arrays["rows"].tobytes())
    except zlib.error:
        return "forged before"
    way = chance.randrange(4)
    if way == 0:
        rows = _json_like(rows, chance)
    elif way == 1:
        rows = b"[" * 100_000
    elif way == 2:
        rows = bytes(64 << 20)
    else:
        lines = [line for line in rows.split(b"\n") if line]
        with contextlib.suppress(ValueError):
            trees = [json.loads(line) for line in lines]
            _forge_json(trees, chance)
            rows = b"\n".join(json.dumps(tree).encode() for tree in trees)
    arrays["rows"] = np.frombuffer(zlib.compress(rows, 9), np.uint8)
    return ("other bytes", "deep", "bomb", "other JSON")[way]


# A small index of everything

STEMS = ("mit", "vey", "ject")
WORDS = [f"{a}{b}{c}" for a in ("per", "con", "tra", "sub") for b in STEMS for c in ("s", "or", "ed")]


def make_index(path: Path, folder: Path) -> None:
    """Two segments, deletions, kept versions, gaps, two languages, several blocks and words of each kind."""
    chance = random.Random(3)

    def record(number: int) -> Record:
        parts = []
        for part in range(4):
            parts.append(f"# Part{part + number % 5} of {chance.choice(WORDS)}")
            parts += [" ".join(chance.choices(WORDS, k=chance.randint(5, 40))) + " éclair." for _ in range(2)]
        return Record(
            f"acts/act{number:04d}",
            "\n\n".join(parts),
            title=f"Act{number}",
            type="text/markdown",
            language="de" if number % 7 == 3 else "en",
            place=chance.choice(("Kingston", "Arusha")),
            published=f"{2000 + number % 9}-05-01",
        )

    folder.mkdir(exist_ok=True)
    for number in range(6):
        front = f"---\ntitle: Rule {number}\nrank: {number}\n---\n\n"
        text = f"# Permits\n\nThe permit {number} holds. Fees are due.\n"
        (folder / f"rule{number}.md").write_text(front + text)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4\n")
    with docsearch.open(path, create=True) as index:
        index.update([folder], keep_versions=True, workers=1)
        index.add(map(record, range(60)))
        index.add_passages([(f"p/{number}", f"Passage {number} permits nothing.") for number in range(5)])
        index.add(map(record, range(55, 75)))
        index.delete([f"acts/act{number:04d}" for number in range(10, 15)])


def make_whoosh_index(path: Path) -> None:
    """An index with a schema of its own, in two segments with deletions."""
    from whoosh import fields

    schema = fields.Schema(
        key=fields.ID(unique=True, stored=True),
        body=fields.TEXT(stored=True),
        size=fields.NUMERIC(sortable=True, stored=True),
        kind=fields.KEYWORD(stored=True),
    )
    chance = random.Random(5)
    index = docsearch.whoosh_index.create_in(path, schema)
    for start in (0, 40):
        writer = index.writer()
        for number in range(start, start + 60):
            writer.update_document(
                key=str(number), body=" ".join(chance.choices(WORDS, k=30)), size=number, kind="a b"
            )
        writer.commit(merge=False)
    writer = index.writer()
    writer.delete_by_term("key", "7")
    writer.commit(merge=False)


# What a program does with it

QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("permits conveyor", {"explain": True}),
    ("permits AND tranmits", {"scope": "paragraph"}),
    ('"permits conveyor" OR "subjects permitted"', {"scope": "paragraph", "ranking": "plain"}),
    ("perm*", {"group": True, "duplicates": "show"}),
    ("*mit*", {"limit": 3}),
    ("permitz~2", {}),
    ("permits NEAR/5 convey", {}),
    ("title:act42 OR heading:part7", {}),
    ("convey NOT permits", {"scope": "section", "limit": 30}),
    ("subject", {"where": Range("published", "2001", "2004"), "sort": "-published"}),
    ("trajects", {"collapse": "place", "facets": ["place", "year", "folder", "heading", "meta.rank"]}),
    ("permit place:Kingston since:2003", {}),
    ("=permits éclair", {"snippets": 0}),
    ("nosuchword", {}),
)


def _searched(index: docsearch.Index, query: str, arguments: dict[str, Any]) -> object:
    return [(hit.key, hit.snippets, hit.citation, hit.stale) for hit in index.search(query, **arguments)]


def _steps(path: Path) -> Iterator[Callable[[], object]]:
    index = docsearch.open(path)
    for query, arguments in QUERIES:
        yield partial(_searched, index, query, arguments)
    yield lambda: index.resolve(
        next(iter(index.search("permits"))).citation if len(index.search("permits")) else ""
    )
    yield lambda: index.suggest("per")
    yield lambda: index.suggest("permits co")
    yield lambda: index.similar("acts/act0004")
    yield lambda: index.timeline("permits")
    yield lambda: [index.document(key) for key in index.keys()[:80]]
    yield lambda: index.versions("acts/act0057")
    yield index.gaps
    yield index.status


WHOOSH_QUERIES = (
    "permits convey", "permits AND convey", '"permits convey"', "perm*", "per?it*", "permitz~",
    "-permits subject", "[a TO p]",
)  # fmt: skip


def _asked(searcher: Any, query: Any, field: str) -> object:
    found = searcher.search(query, limit=5)
    # Of a hit that does not store the field, Whoosh marks nothing and raises its own KeyError.
    return [(hit.score, hit.fields(), hit.highlights(field) if field in hit else "") for hit in found]


def _whoosh_steps(make: Callable[[], Any], field: str) -> Iterator[Callable[[], object]]:
    from whoosh import sorting
    from whoosh.qparser import QueryParser

    index = make()
    if field not in index.schema:
        return
    with index.searcher() as searcher:
        for query in WHOOSH_QUERIES:
            parsed = QueryParser(field, index.schema).parse(query)
            yield partial(_asked, searcher, parsed, field)
        parsed = QueryParser(field, index.schema).parse("permits")
        if "key" in index.schema:
            facet = sorting.FieldFacet("key")
            yield lambda: searcher.search(parsed, groupedby=facet, sortedby="key").groups()
        yield lambda: list(searcher.reader().lexicon(field))
        yield lambda: [
            list(searcher.postings(field, text).all_ids())
            for text in list(searcher.reader().lexicon(field))[:20]
        ]
        yield lambda: list(searcher.documents())
        yield lambda: [searcher.reader().doc_field_length(number, field) for number in range(20)]


def _writes(path: Path) -> Iterator[Callable[[], object]]:
    def again() -> docsearch.Index:
        return docsearch.open(path)

    yield lambda: again().delete(["acts/act0003", "p/2"])
    yield lambda: again().add([Record("acts/act0005", "A new text permits."), Record("new", "Another.")])
    yield lambda: again().update(workers=1)
    yield lambda: check(FolderStorage(path), deep=True, sources=True)
    yield lambda: again().purge(versions=True)
    yield lambda: again().update(workers=1, rebuild=True)


def _repairs(path: Path) -> Iterator[Callable[[], object]]:
    yield lambda: check(FolderStorage(path), deep=True)
    yield lambda: repair(FolderStorage(path))
    yield lambda: docsearch.open(path).search("permits conveyor")


def _row_writes(path: Path) -> Iterator[Callable[[], object]]:
    def write() -> None:
        with docsearch.whoosh_index.open_dir(path).writer() as writer:
            writer.update_document(key="9", body="permits anew", size=3, kind="a")

    yield write
    yield lambda: docsearch.whoosh_index.open_dir(path).optimize()


COUNTS = {"answered": 0, "refused": 0, "not opened": 0}


def exercise(path: Path, kind: str) -> list[str]:
    """Do everything with the index; what came out that is no error of ours."""
    from whoosh.fields import UnknownFieldError
    from whoosh.reading import TermNotFound

    found: list[str] = []
    # Whoosh's own answers about a word that the lexicon lists and cannot find, and a field that is not there.
    allowed = (TermNotFound, UnknownFieldError)
    if kind == "rows":
        rounds = [
            _whoosh_steps(lambda: docsearch.whoosh_index.open_dir(path), "body"),
            _row_writes(path),
        ]
    else:
        shutil.copytree(path, path.with_suffix(".copy"))
        rounds = [
            _steps(path),
            _whoosh_steps(lambda: docsearch.open(path).whoosh, "text_en"),
            _repairs(path.with_suffix(".copy")),
            _writes(path),
        ]
    for steps in rounds:
        try:
            for number, step in enumerate(steps):
                try:
                    step()
                    COUNTS["answered"] += 1
                except (DocsearchError, *allowed):
                    COUNTS["refused"] += 1
                except Exception as error:  # noqa: BLE001
                    found.append(f"step {number}: {_told(error)}")
        except DocsearchError:
            COUNTS["not opened"] += 1
        except Exception as error:  # noqa: BLE001
            found.append(f"opening: {_told(error)}")
    return found


def _told(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f"{Path(f.filename).parent.name}/{Path(f.filename).name}:{f.lineno}" for f in frames[1:]]
    return f"{type(error).__name__}: {str(error)[:90]} | {' < '.join(reversed(ours[-7:]))}"


# The children


def _bounded() -> None:
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


TOTALS = dict.fromkeys(COUNTS, 0)


def attempt(index: Path, scratch: Path, seed: int, kind: str) -> dict[str, Any] | None:
    """One forgery in a child of its own; None when nothing but answers and errors of ours came out."""
    copy = scratch / f"forged-{seed}"
    shutil.copytree(index, copy)
    what = forge(copy, seed)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            # A hang of the clock, too: a lock that nobody gives back takes no CPU.
            signal.alarm(SECONDS * 10)
            _bounded()
            found = exercise(copy, kind)
        except BaseException as error:  # noqa: BLE001
            found = [f"harness: {_told(error)}"]
        os.write(writing, json.dumps([found[:50], COUNTS]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    for each in (copy, copy.with_suffix(".copy")):
        shutil.rmtree(each, ignore_errors=True)
    if os.WIFSIGNALED(status):
        return {"seed": seed, "what": what, "found": [f"ended by signal {os.WTERMSIG(status)}"]}
    found, counts = json.loads(told)
    for name, count in counts.items():
        TOTALS[name] += count
    return {"seed": seed, "what": what, "found": found} if found else None


def main(index: Path, scratch: Path, first: int, count: int, kind: str) -> None:
    if (index.parent / "folder").is_dir():
        shutil.copytree(index.parent / "folder", scratch / "folder")
    sound = exercise(shutil.copytree(index, scratch / "sound"), kind)
    print(json.dumps({"sound": sound, **COUNTS}), flush=True)
    COUNTS.update(dict.fromkeys(COUNTS, 0))
    tried = failed = 0
    for seed in range(first, first + count):
        tried += 1
        found = attempt(index, scratch, seed, kind)
        if found is not None:
            failed += 1
            print(json.dumps(found), flush=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        json.dumps(
            {
                "tried": tried,
                "failed": failed,
                "seconds": used.ru_utime,
                "peak": used.ru_maxrss << 10,
                **TOTALS,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
