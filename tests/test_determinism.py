"""The same documents give the same answers, to the last bit of a score, however they came into the index."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import docsearch
import pytest
from docsearch.index import batch, reader
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ("a.md", "b.txt", "c/d.md", "c/e.txt", "f.md", "g.txt")
KEYS = ("r/1", "r/2", "r/3")
WORDS = ("water", "waters", "permit", "fee", "the", "district", "río", "rio", "fees", "amended")
QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("water permit", {}),
    ("water permit", {"ranking": "plain", "scope": "section"}),
    ("the water OR fee -amended", {"scope": "paragraph"}),
    ('"water permit" rio', {"group": True, "facets": ("folder", "type", "meta.number")}),
    ("wat* w/5 fee", {}),
    ("permitt distrct", {"duplicates": "show"}),
    ("fee", {"sort": "-meta.number", "offset": 1, "limit": 3}),
)

line = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join)
texts = st.lists(line, min_size=1, max_size=4).map(
    lambda lines: f"# {lines[0].title()}\n\n" + "".join(f"{each.capitalize()}.\n\n" for each in lines)
)
files = st.dictionaries(st.sampled_from(NAMES), texts, max_size=6)
records = st.dictionaries(st.sampled_from(KEYS), st.tuples(texts, st.integers(0, 3)), max_size=3)
Files = dict[str, str]
Records = dict[str, tuple[str, int]]


def told(index: docsearch.Index) -> dict[str, object]:
    """Everything that an index answers, without its generation."""
    found: dict[str, object] = {"keys": index.keys(), "fingerprint": index.fingerprint()}
    for number, (query, options) in enumerate(QUERIES):
        results = index.search(query, **options)
        hits = [(hit, hit.score.hex()) for hit in results]
        offers = [(offer.query, offer.documents) for offer in results.offers]
        found[f"{number} {query}"] = (results.totals, hits, results.facets, offers, results.near_words)
    for beginning in ("w", "water ", "fe"):
        found[f"suggest {beginning}"] = index.suggest(beginning)
    for key in index.keys(""):
        found[f"document {key}"] = index.document(key)
    return found


def lay(root: Path, wanted: Files) -> None:
    for name in NAMES:
        file = root / name
        if name in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[name], encoding="utf-8")
        else:
            file.unlink(missing_ok=True)


def handed(wanted: Mapping[str, tuple[str, int]]) -> list[docsearch.Record]:
    return [docsearch.Record(key, text, extra={"number": n}) for key, (text, n) in wanted.items()]


@pytest.fixture(scope="module", autouse=True)
def _small_batches() -> Iterator[None]:
    """Many segments, and merges, of few files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "_FIRST", (1,))
        patch.setattr(batch, "_LATER", 1)
        patch.setattr(batch, "_LAST", 1)
        yield


@given(wanted=files, and_records=records, data=st.data())
@settings(max_examples=300 if os.environ.get("DOCSEARCH_SLOW") else 10)
def test_it_does_not_matter_how_they_came(wanted: Files, and_records: Records, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "acts")
        root.mkdir()
        (root / "stays.md").write_text("# Water act\n\nThe water stays.\n")
        lay(root, wanted)
        with docsearch.open(Path(folder, "one"), create=True) as index:
            index.update([root], workers=1)
            index.add(handed(and_records))
            expected = told(index)
        with docsearch.open(Path(folder, "two"), create=True) as index:
            index.add([])
            for _ in range(data.draw(st.integers(0, 3), "steps")):
                _change(index, root, data)
            lay(root, wanted)
            left = {record.key for record in handed(and_records)}
            index.delete([key for key in KEYS if key not in left])
            for key in data.draw(st.permutations(sorted(left)), "order"):
                index.add(handed({key: and_records[key]}))
            index.update([root], allow_removals=True, workers=1)
            assert told(index) == expected
            index.purge()
            assert told(index) == expected
            index.update(rebuild=True, workers=1)
            assert told(index) == expected


def _change(index: docsearch.Index, root: Path, data: st.DataObject) -> None:
    """Something that will not stay."""
    lay(root, data.draw(files, "files"))
    index.update([root], allow_removals=True, workers=1)
    index.add(handed(data.draw(records, "records")))
    index.delete(data.draw(st.sets(st.sampled_from(KEYS)), "gone"))


@pytest.mark.parametrize("workers", [2, 3])
def test_it_does_not_matter_how_many_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(reader, "WORKER_BYTES", 0)
    root = tmp_path / "acts"
    for number in range(40):
        file = root / f"{number % 7}" / f"{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        words = [WORDS[(number * step) % len(WORDS)] for step in range(3, 40)]
        text = f"# Act {number % 5}\n\n{' '.join(words)}.\n\n{' '.join(words[::-2])}.\n"
        file.write_text(text, encoding="utf-8")
    made = []
    for path, count in (("one", 1), ("many", workers)):
        with docsearch.open(tmp_path / path, create=True) as index:
            index.update([root], workers=count)
            digests = [entry.file.digest for entry in index.engine.manifest.segments]
            made.append((told(index), digests))
    assert made[0] == made[1]


SETTINGS: tuple[Mapping[str, str], ...] = (
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Apia", "LC_ALL": "C.UTF-8"},
    {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "C", "PYTHONUTF8": "0"},
)


def test_it_does_not_matter_where_they_lie_and_under_which_settings(tmp_path: Path) -> None:
    """The folder around them, the order in which they came there, their times; hash seed, zone, locale."""
    made, answers = [], []
    for place, environment in zip(("one", "an ötherplace/deep"), SETTINGS, strict=True):
        root, index = tmp_path / place / "acts", tmp_path / place / "index"
        for number in range(25)[:: 1 if place == "one" else -1]:
            file = root / f"{number % 4}" / f"río-{number}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            words = " ".join(WORDS[number * step % len(WORDS)] for step in range(3, 30))
            text = (
                f"# Act {number % 5} (ACT)\n\nOf 3 May 20{number:02}.\n\n{words}.\n\nThe same water permit.\n"
            )
            file.write_text(text, encoding="utf-8")
            os.utime(file, ns=(0, 10**18 + number * len(place) * 10**12))
        docsearch_of(environment, "index", str(root), "--index", str(index))
        with docsearch.open(index) as opened:
            made.append(told(opened))
        asked = ("search", "water permit", "--format", "json", "--facet", "folder", "--index")
        answer = json.loads(docsearch_of(environment, *asked, str(tmp_path / "one" / "index")))
        assert answer.pop("seconds") > 0
        answers.append(answer)
    assert made[0] == made[1]
    assert answers[0] == answers[1]


def docsearch_of(environment: Mapping[str, str], *arguments: str) -> bytes:
    command = [sys.executable, "-m", "docsearch", *arguments]
    return subprocess.run(
        command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE
    ).stdout
