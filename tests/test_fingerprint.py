"""Two indexes have one fingerprint exactly if they hold the same documents."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

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
