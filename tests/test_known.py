"""What an index knows of words spares a rebuild the stemming, and is never carried over when damaged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from docsearch.index.analysis.stems import term
from docsearch.index.known import KnownTerms
from docsearch.index.snapshot import Snapshot
from docsearch.index.storage import FolderStorage
from docsearch.index.update import update


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    folder = tmp_path / "laws"
    folder.mkdir()
    (folder / "a.md").write_text("# Licences\n\nThe ministry licenses precursor chemicals in this country.\n")
    (folder / "b.md").write_text("# Genehmigung\n\nDie Behörde erteilt die Genehmigungen für den Stoff.\n")
    storage = FolderStorage(tmp_path / "index")
    update(storage, [folder], workers=1)
    return storage


def test_terms_are_those_that_stemming_gives(storage: FolderStorage) -> None:
    known = KnownTerms.of(storage)
    for language, words in (
        ("en", ["chemicals", "licences", "country"]),
        ("de", ["genehmigungen", "behörde"]),
    ):
        table = known.table(language)
        assert set(words) <= set(table)
        assert all(term(language)(surface) == found for surface, found in table.items())
    assert known.table("fr") == {}


def test_few_words_are_looked_up_as_they_are_asked_for(storage: FolderStorage) -> None:
    segments = [view.segment for view in Snapshot.open(storage).views]
    for language in ("en", "de", "fr"):
        whole, asked = KnownTerms(segments), KnownTerms(segments, few=True)
        assert dict(asked.table(language)) == whole.table(language)
        assert "quagmire" not in asked.table(language)
        assert bool(asked.table(language)) == bool(whole.table(language))


def test_without_an_index_nothing_is_known(tmp_path: Path) -> None:
    assert KnownTerms.of(FolderStorage(tmp_path)).table("en") == {}


def test_damaged_tables_are_not_carried_over(storage: FolderStorage) -> None:
    (segment,) = Path(storage.path).glob("segment-*")
    content = segment.read_bytes()
    assert content.count(b"chemic") > 1
    segment.write_bytes(content.replace(b"chemic", b"bhemic"))
    assert KnownTerms.of(storage).table("en") == {}
    segments = [view.segment for view in Snapshot.open(storage).views]
    assert not KnownTerms(segments, few=True).table("en")


def test_a_small_update_needs_no_nltk(storage: FolderStorage) -> None:
    folder = Path(storage.path).parent / "laws"
    (folder / "c.md").write_text("# Exports\n\nThe exporters of chemicals shall notify the ministry.\n")
    script = (
        "import sys\n"
        "from docsearch.index.storage import FolderStorage\n"
        "from docsearch.index.update import update\n"
        f"report = update(FolderStorage({str(storage.path)!r}))\n"
        "print(report.added, 'nltk' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "('laws/c.md',) False\n"
    table = KnownTerms.of(storage).table("en")
    assert table["exporters"] == term("en")("exporters")
