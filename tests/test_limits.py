"""Files whose readers hang, crash or eat memory: each costs itself, whoever reads."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from docsearch.corpus import carrying, registry
from docsearch.corpus.model import Reading
from docsearch.corpus.registry import carried_readers, register
from docsearch.errors import IndexProblem
from docsearch.index import pool
from docsearch.index.limits import Limits
from docsearch.index.reports import UpdateReport
from docsearch.index.storage import FolderStorage
from docsearch.index.update import update

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="limits are kept by the operating system")

# What an embedding program might bring: a module of its own with readers that do not always end well.
READERS = """
import os, signal, time
from docsearch.corpus.patience import more_time
from docsearch.corpus.reading import read_plain_text

def read(content, *, key, name, media_type):
    words = content[8:].decode()
    if words == "hang":
        time.sleep(3600)
    elif words == "loop":
        while True:
            pass
    elif words == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif words == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif words == "quit":
        os._exit(3)
    elif words == "eat":
        held = [bytes(1 << 24) for _ in range(1 << 10)]
    elif words == "slow":
        for _ in range(4):
            more_time(1.0)
            time.sleep(0.4)
    return read_plain_text(words, key=key, name=name, media_type=media_type)
"""
KIND = "image/png"
MARK = b"\x89PNG\r\n\x1a\n"
LIMITS = Limits(seconds=1.0, memory=256 << 20)


@pytest.fixture(autouse=True)
def readers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A program that has registered such a reader."""
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "unruly.py").write_text(READERS)
    monkeypatch.syspath_prepend(str(tmp_path / "program"))
    monkeypatch.delitem(sys.modules, "unruly", raising=False)
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_handed", {})
    carrying.take_over({KIND: "unruly:read"})
    yield
    sys.modules.pop("unruly", None)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "index")


def folder(tmp_path: Path, *acts: str) -> Path:
    root = tmp_path / "laws"
    root.mkdir()
    for act in acts:
        (root / act.replace(" ", "_")).write_bytes(MARK + act.encode())
        os.utime(root / act.replace(" ", "_"), (1.6e9, 1.6e9))
    return root


def reasons(report: UpdateReport) -> dict[str, str]:
    return {key.partition("/")[2]: reason for key, reason in report.gaps}


def test_what_ends_a_reader_costs_one_file(tmp_path: Path, storage: FolderStorage) -> None:
    acts = ("air law", "crash", "eat", "hang", "loop", "quit", "soil law", "water law")
    root = folder(tmp_path, *acts)
    report = update(storage, [root], workers=1, limits=LIMITS)
    assert report.added == ("laws/air_law", "laws/soil_law", "laws/water_law")
    told = reasons(report)
    assert told["hang"] == told["loop"]
    assert told["hang"].startswith("reading it failed (it took more than 1 seconds; a higher --time-limit")
    assert told["eat"] == "reading it takes more memory than a file may take (256 MB)"
    assert told["crash"] == "reading it failed (its process was ended by SIGSEGV)"
    assert told["quit"] == "reading it failed (its process ended with status 3)"


def test_they_are_not_tried_again_while_nothing_has_changed(tmp_path: Path, storage: FolderStorage) -> None:
    root = folder(tmp_path, "crash", "water law")
    update(storage, [root], workers=1, limits=LIMITS)
    again = update(storage, limits=LIMITS, workers=1)
    assert (again.bytes, again.known_gaps) == (0, frozenset(again.gaps))
    (root / "crash").write_bytes(MARK + b"mended")
    assert update(storage, limits=LIMITS, workers=1).added == ("laws/crash",)


def test_what_is_killed_from_outside_is_tried_again(tmp_path: Path, storage: FolderStorage) -> None:
    root = folder(tmp_path, "killed", "water law")
    assert len(update(storage, [root], workers=1).gaps) == 1
    program = tmp_path / "program" / "unruly.py"
    program.write_text(program.read_text().replace("signal.SIGKILL", "0"))
    assert update(storage, workers=1).added == ("laws/killed",)


def test_twenty_hostile_files_in_a_row_do_not_end_the_update(tmp_path: Path, storage: FolderStorage) -> None:
    root = folder(tmp_path, *(f"crash{number:02}" for number in range(22)), "water law")
    for file in root.iterdir():
        if file.name.startswith("crash"):
            file.write_bytes(MARK + b"quit")
    report = update(storage, [root], workers=1, limits=LIMITS)
    assert (len(report.gaps), report.added) == (22, ("laws/water_law",))


def test_a_reader_that_needs_longer_can_ask_for_it(tmp_path: Path, storage: FolderStorage) -> None:
    assert update(storage, [folder(tmp_path, "slow")], limits=LIMITS).gaps == ()


def test_in_an_archive_it_costs_the_archive(tmp_path: Path, storage: FolderStorage) -> None:
    root = folder(tmp_path, "water law")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("act", MARK + b"hang")
    (root / "acts.zip").write_bytes(out.getvalue())
    report = update(storage, [root], limits=LIMITS)
    assert (report.added, list(reasons(report))) == (("laws/water_law",), ["acts.zip"])


def test_texts_need_no_other_process(
    tmp_path: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "worker_command", lambda: pytest.fail("a worker was started"))
    root = tmp_path / "laws"
    root.mkdir()
    (root / "a.txt").write_text("Water law.")
    (root / "b.png").write_bytes(MARK)
    (root / "c").write_bytes(b"7z\xbc\xaf\x27\x1c")
    assert update(storage, [root]).added == ("laws/a.txt",)


def test_without_another_process_everything_is_read_here(
    tmp_path: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "worker_command", lambda: ["/nowhere/python"])
    root = folder(tmp_path, "water law")
    (root / "a.txt.gz").write_bytes(gzip.compress(b"Air law."))
    assert update(storage, [root]).documents == 2


def test_a_reader_that_no_other_process_can_import_is_used_here(
    tmp_path: Path, storage: FolderStorage
) -> None:
    here: list[int] = []

    def local(content: bytes | str, *, key: str, name: str, media_type: str) -> Reading:
        here.append(os.getpid())
        return Reading(())

    register(KIND, local)
    assert carried_readers() is None
    update(storage, [folder(tmp_path, "water law")], workers=2)
    assert here == [os.getpid()]


def test_readers_are_carried_by_their_names() -> None:
    assert carried_readers() == {KIND: "unruly:read"}
    register("text/x-other", os.path.join)  # type: ignore[arg-type]
    assert carried_readers() == {KIND: "unruly:read", "text/x-other": "posixpath:join"}


def test_a_size_limit(tmp_path: Path, storage: FolderStorage) -> None:
    root = tmp_path / "laws"
    root.mkdir()
    (root / "large.txt").write_text("Water law. " * 10)
    (root / "small.txt").write_text("Air law.")
    report = update(storage, [root], limits=Limits(size=100))
    assert report.added == ("laws/small.txt",)
    assert "larger than the limit" in reasons(report)["large.txt"]
    assert update(storage).added == ("laws/large.txt",)


@pytest.mark.parametrize("values", [(0, 1, 1), (1, -1, 1), (1, 1, float("nan")), (float("inf"), 1, 1)])
def test_limits_that_cannot_be_kept(values: tuple[float, int, int]) -> None:
    with pytest.raises(IndexProblem, match="cannot be kept"):
        Limits(*values)


def test_a_gap_is_tried_again_when_the_library_is_there(
    tmp_path: Path, storage: FolderStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = folder(tmp_path, "water law", "air law")
    monkeypatch.setattr(registry, "_registered", {})
    monkeypatch.setattr(registry, "_handed", {})
    assert update(storage, [root]).documents == 0
    assert update(storage).bytes == 0
    carrying.take_over({KIND: "unruly:read"})
    report = update(storage)
    assert (report.added, report.gaps) == (("laws/air_law", "laws/water_law"), ())
    assert update(storage).bytes == 0


def test_a_gap_is_tried_again_under_other_limits(tmp_path: Path, storage: FolderStorage) -> None:
    root = folder(tmp_path, "slow")
    (root / "slow").write_bytes(MARK + b"hang")
    assert len(update(storage, [root], limits=LIMITS).gaps) == 1
    assert update(storage, limits=LIMITS).bytes == 0
    assert update(storage, limits=Limits(seconds=0.5)).bytes == 12
