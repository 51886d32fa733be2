"""Two indexes have one fingerprint exactly if they hold the same documents."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import docsearch
from docsearch import Record
from docsearch.index.merkle import merkle_root
from docsearch.index.storage import MemoryStorage
from hypothesis import given
from hypothesis import strategies as st

TEXTS = ("Water law.", "Waste law.", "The soil act.")
KEYS = ("a", "b", "ä", "c/d", "e")

content = st.dictionaries(st.sampled_from(KEYS), st.tuples(st.sampled_from(TEXTS), st.booleans()))


def leaf(key: str, sha256: bytes) -> bytes:
    return hashlib.sha256(
        b"\0" + json.dumps([key, sha256.hex(), [key], []]).replace(" ", "").encode()
    ).digest()


def tree(leaves: list[bytes]) -> bytes:
    """The definition in RFC 6962, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + tree(leaves[:split]) + tree(leaves[split:])).digest()


def put(index: docsearch.Index, wanted: dict[str, tuple[str, bool]], keys: list[str]) -> None:
    """Each document by a call of its own, as a passage or as a record, in the order of the keys."""
    for key in keys:
        text, passage = wanted[key]
        if passage:
            index.add_passages([(key, text)])
        else:
            index.add([Record(key, text)])


def made(wanted: dict[str, tuple[str, bool]], keys: list[str]) -> str:
    with docsearch.Index(MemoryStorage(), create=True) as index:
        index.add([Record("x", "It will go.")])
        put(index, wanted, keys)
        index.delete(["x"])
        return index.fingerprint()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=40))
def test_the_tree_is_that_of_the_rfc(leaves: list[bytes]) -> None:
    assert merkle_root(leaves) == tree(leaves)


@given(one=content, data=st.data())
def test_neither_order_nor_history_counts(one: dict[str, tuple[str, bool]], data: st.DataObject) -> None:
    order = data.draw(st.permutations(sorted(one)))
    other = data.draw(content)
    expected = made(one, sorted(one))
    with docsearch.Index(MemoryStorage(), create=True) as index:
        index.add([])
        put(index, other, sorted(other))
        index.delete(other.keys() - one.keys())
        put(index, one, order)
        assert index.fingerprint() == expected
        index.purge()
        assert index.fingerprint() == expected


@given(one=content, other=content)
def test_other_documents_have_another(
    one: dict[str, tuple[str, bool]], other: dict[str, tuple[str, bool]]
) -> None:
    assert (made(one, sorted(one)) == made(other, sorted(other))) == (one == other)


def test_it_can_be_computed_by_hand_from_the_files(tmp_path: Path) -> None:
    laws = tmp_path / "laws"
    laws.mkdir()
    for name in ("b.txt", "a.txt"):
        (laws / name).write_text(f"The law {name}.")
    (laws / "no.bin").write_bytes(b"\0" * 100)
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([laws])
        found = index.fingerprint()
    leaves = [leaf(f"laws/{n}", hashlib.sha256((laws / n).read_bytes()).digest()) for n in ("a.txt", "b.txt")]
    assert found == f"1:{tree(leaves).hex()}"
    command = [
        sys.executable,
        "-m",
        "docsearch",
        "status",
        "--fingerprint",
        "--index",
        str(tmp_path / "index"),
    ]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"{found}\n"
    told = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, check=True).stdout
    assert json.loads(told)["fingerprint"] == found


def test_it_can_be_computed_by_hand_where_parts_are_missing(tmp_path: Path) -> None:
    laws = tmp_path / "laws"
    laws.mkdir()
    with zipfile.ZipFile(laws / "all.zip", "w") as archive:
        for name in ("two.txt", "one.txt", "broken.pdf", "no.bin"):
            archive.writestr(name, f"%PDF- {name}" if name == "broken.pdf" else f"The law {name}.")
    with docsearch.open(tmp_path / "index", create=True) as index:
        index.update([laws])
        index.add_passages([("p", "A passage.")], language="en")
        found, keys, gaps = index.fingerprint(), index.keys("laws"), index.gaps()
    assert len(gaps) == 2
    assert keys == ("laws/all.zip!/one.txt", "laws/all.zip!/two.txt")
    said = [
        [
            "laws/all.zip",
            hashlib.sha256((laws / "all.zip").read_bytes()).hexdigest(),
            list(keys),
            sorted([gap.key, gap.part, gap.reason] for gap in gaps),
        ],
        ["p", hashlib.sha256(b"en\0A passage.").hexdigest(), ["p"], []],
    ]
    leaves = [
        hashlib.sha256(b"\0" + json.dumps(each, separators=(",", ":")).encode()).digest() for each in said
    ]
    assert found == f"1:{tree(leaves).hex()}"


def test_every_field_of_a_record_counts() -> None:
    record = Record("a", "Law.", extra={"rank": 1})
    others: list[dict[str, Any]] = [
        {"key": "b"},
        *({field: "text/markdown"} for field in ("text", "type", "title", "source", "place")),
        {"language": "de"},
        *({name: "2020-01"} for name in ("published", "effective", "ended")),
        *({"extra": extra} for extra in ({}, {"rank": 2}, {"rank": 1.0}, {"rank": True}, {"rank": "1"})),
    ]
    found = set()
    for change in [{}, *others]:
        with docsearch.Index(MemoryStorage(), create=True) as index:
            index.add([replace(record, **change)])
            found.add(index.fingerprint())
    assert {field.name for field in fields(Record)} == set().union(*others)
    assert len(found) == len(others) + 1


def test_kept_versions_and_a_root_s_language_do_not_count(tmp_path: Path) -> None:
    laws = tmp_path / "laws"
    laws.mkdir()
    found = []
    for name, keep in (("plain", False), ("kept", True)):
        with docsearch.open(tmp_path / name, create=True) as index:
            for text in ("The first.", "The law."):
                (laws / "a.txt").write_text(text)
                index.update([laws], keep_versions=keep, language="es" if keep else None)
            found.append(index.fingerprint())
            assert len(index.versions("laws/a.txt")) == 1 + keep
    assert found[0] == found[1]
