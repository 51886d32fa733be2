"""`docsearch check` and `docsearch repair` on real indexes, as programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "docsearch", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def index(tmp_path: Path) -> str:
    (tmp_path / "acts").mkdir()
    for number in range(5):
        (tmp_path / "acts" / f"{number}.txt").write_text(f"Act {number} is about water.")
    assert run("index", str(tmp_path / "acts"), "--index", str(tmp_path / "x")).returncode == 0
    return str(tmp_path / "x")


def damage(index: str) -> str:
    (segment,) = Path(index).glob("segment-*")
    content = bytearray(segment.read_bytes())
    content[70] ^= 2
    segment.write_bytes(content)
    return segment.name


def test_a_sound_index(index: str) -> None:
    ran = run("check", "--deep", "--sources", "--index", index)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(
        "5 of 5 files are as they were when they were read\nsound: 3 files of the index"
    )


def test_damage_is_named_repaired_and_read_again(index: str) -> None:
    name = damage(index)
    ran = run("check", "--index", index)
    assert ran.returncode == 1
    assert f"{name}: the 64 KB from byte 0 on are damaged" in ran.stdout
    assert f"next: docsearch repair --index {index}" in ran.stdout
    ran = run("repair", "--index", index)
    assert ran.returncode == 1
    assert "acts/3.txt: to be read again" in ran.stdout
    assert f"next: docsearch index --index {index}" in ran.stdout
    assert run("index", "--index", index).returncode == 0
    assert run("check", "--deep", "--index", index).returncode == 0
    assert "5 documents" in run("water", "--index", index).stdout


def test_a_check_as_json(index: str) -> None:
    name = damage(index)
    found = json.loads(run("check", "--format", "json", "--index", index).stdout)
    assert not found["sound"]
    assert found["findings"] == [{"where": name, "what": "the 64 KB from byte 0 on are damaged"}]


def test_where_there_is_no_index(tmp_path: Path) -> None:
    for command in ("check", "repair"):
        ran = run(command, "--index", str(tmp_path / "none"))
        assert ran.returncode == 2
        assert "none" in ran.stderr
