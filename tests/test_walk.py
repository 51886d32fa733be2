"""Walking roots: what is found, what is told, and that keys are fit to be keys."""

from __future__ import annotations

import os
import socket
import unicodedata
from pathlib import Path

import pytest
from docsearch.corpus.walk import Found, Unread, root_name, spell, walk
from docsearch.errors import SourceMissing, Unreadable
from hypothesis import example, given
from hypothesis import strategies as st

needs_permissions = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything"
)


def make(root: Path, *paths: str) -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)


def found(root: Path, exclude: Path | None = None) -> list[str]:
    items = list(walk(str(root), None if exclude is None else str(exclude)))
    assert all(isinstance(item, Found) for item in items), items
    return [item.path for item in items]


def unread(root: Path) -> dict[str, str]:
    return {item.path: item.reason for item in walk(str(root)) if isinstance(item, Unread)}


def test_files_come_with_their_place_size_and_time(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", "a/c.md", "a/b/d.txt")
    os.utime(tmp_path / "b.txt", ns=(7, 1_600_000_000_123_456_789))
    items = {item.path: item for item in walk(str(tmp_path))}
    assert sorted(items) == ["a/b/d.txt", "a/c.md", "b.txt"]
    assert items["b.txt"] == Found("b.txt", str(tmp_path / "b.txt"), 5, 1_600_000_000_123_456_789)


def test_the_order_does_not_depend_on_the_order_of_the_folder(tmp_path: Path) -> None:
    make(tmp_path / "one", "b", "a", "c/z", "c/y")
    make(tmp_path / "two", "c/y", "c/z", "a", "b")
    assert found(tmp_path / "one") == found(tmp_path / "two")


def test_a_file_is_a_root_of_its_own(tmp_path: Path) -> None:
    make(tmp_path, "note.txt")
    file = str(tmp_path / "note.txt")
    (item,) = walk(file)
    assert isinstance(item, Found)
    assert (item.path, item.file, item.size) == ("", file, 8)


def test_hidden_files_and_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".hidden", ".git/config", "a/.docsearch/MANIFEST", "a/b")
    assert found(tmp_path) == ["a/b"]


def test_a_hidden_folder_may_be_the_root(tmp_path: Path) -> None:
    make(tmp_path, ".notes/a")
    assert found(tmp_path / ".notes") == ["a"]


def test_the_excluded_folder_is_left_out_by_whatever_name_it_is_met(tmp_path: Path) -> None:
    make(tmp_path, "index/MANIFEST", "laws/a")
    (tmp_path / "laws/link").symlink_to(tmp_path / "index")
    (tmp_path / "other").symlink_to(tmp_path / "index")
    assert found(tmp_path, exclude=tmp_path / "other") == ["laws/a"]


@pytest.mark.parametrize("path", ["missing", "note.txt/below"])
def test_a_missing_root_is_an_error_of_the_call(tmp_path: Path, path: str) -> None:
    make(tmp_path, "note.txt")
    with pytest.raises(SourceMissing, match="no such file or folder") as caught:
        walk(str(tmp_path / path))
    assert caught.value.path == str(tmp_path / path)


def test_a_path_that_cannot_be_a_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="cannot be opened"):
        walk("a\0b")


@needs_permissions
def test_a_root_that_may_not_be_listed_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        with pytest.raises(Unreadable, match="permission denied"):
            walk(str(tmp_path))
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_may_not_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/b", "c")
    listed = os.scandir

    def scandir(path: str) -> object:
        if path.endswith(f"{os.sep}a"):
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(os, "scandir", scandir)
    items = list(walk(str(tmp_path)))
    reason = "the folder cannot be listed (permission denied)"
    assert Unread("a", str(tmp_path / "a"), reason, folder=True) in items
    assert [item.path for item in items if isinstance(item, Found)] == ["c"]


def test_special_files_are_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(tmp_path)  # the path of a socket is short
        try:
            server.bind("sock")
        finally:
            os.chdir(here)
        assert unread(tmp_path) == {"pipe": "not a file but a named pipe", "sock": "not a file but a socket"}


class TestLinks:
    def test_links_to_files_are_followed_wherever_they_lead(self, tmp_path: Path) -> None:
        make(tmp_path, "root/a", "outside")
        (tmp_path / "root/in").symlink_to("a")
        (tmp_path / "root/out").symlink_to(tmp_path / "outside")
        assert found(tmp_path / "root") == ["a", "in", "out"]
        sizes = {item.path: item.size for item in walk(str(tmp_path / "root")) if isinstance(item, Found)}
        assert sizes["out"] == len("outside")

    def test_a_broken_link_and_a_link_to_itself_are_told(self, tmp_path: Path) -> None:
        (tmp_path / "broken").symlink_to("nowhere")
        (tmp_path / "self").symlink_to("self")
        reasons = unread(tmp_path)
        assert reasons["broken"] == "the link leads nowhere"
        assert reasons["self"].startswith("it cannot be examined (")

    def test_a_link_to_a_folder_outside_is_told(self, tmp_path: Path) -> None:
        make(tmp_path, "outside/a", "root/b")
        (tmp_path / "root/out").symlink_to(tmp_path / "outside")
        (tmp_path / "root/up").symlink_to("..")
        assert unread(tmp_path / "root") == {
            "out": f"a link to a folder outside the root ({tmp_path / 'outside'})",
            "up": f"a link to a folder outside the root ({tmp_path})",
        }

    def test_a_folder_is_read_once_under_its_own_name(self, tmp_path: Path) -> None:
        make(tmp_path, "z/a")
        (tmp_path / "link").symlink_to("z")
        (tmp_path / "z/loop").symlink_to("..")
        assert found(tmp_path) == ["z/a"]

    def test_a_link_to_a_hidden_folder_inside_is_followed_once(self, tmp_path: Path) -> None:
        make(tmp_path, ".store/v1/a", "z")
        (tmp_path / "x").symlink_to(".store/v1")
        (tmp_path / "w").symlink_to(".store")
        (tmp_path / ".store/v1/again").symlink_to("..")
        assert found(tmp_path) == ["z", "w/v1/a"]

    def test_a_thicket_of_links_is_walked_in_no_time(self, tmp_path: Path) -> None:
        # Followed by every path, these would be 2 ** 30 folders.
        for number in range(30):
            (tmp_path / f".{number}").mkdir()
            for name in "ab":
                (tmp_path / f".{number}/{name}").symlink_to(f"../.{number + 1}")
        make(tmp_path, ".30/file")
        (tmp_path / "in").symlink_to(".0")
        assert found(tmp_path) == ["in" + "/a" * 30 + "/file"]

    def test_the_root_itself_may_be_a_link(self, tmp_path: Path) -> None:
        make(tmp_path, "laws/a", "laws/.h/b")
        (tmp_path / "laws/h").symlink_to(".h")
        (tmp_path / "link").symlink_to("laws")
        assert found(tmp_path / "link") == ["a", "h/b"]


class TestNames:
    def test_names_are_composed(self, tmp_path: Path) -> None:
        make(tmp_path, "cafe\N{COMBINING ACUTE ACCENT}/u\N{COMBINING DIAERESIS}.txt")
        assert found(tmp_path) == ["caf\N{LATIN SMALL LETTER E WITH ACUTE}/ü.txt"]

    def test_of_two_forms_of_one_name_the_composed_one_keeps_it(self, tmp_path: Path) -> None:
        make(tmp_path, "cafe\N{COMBINING ACUTE ACCENT}", "caf\N{LATIN SMALL LETTER E WITH ACUTE}")
        items = {item.path: item for item in walk(str(tmp_path)) if isinstance(item, Found)}
        assert sorted(items) == ["cafe%CC%81", "café"]
        assert items["café"].size == len("café".encode())
        assert items["cafe%CC%81"].size == len("cafe\N{COMBINING ACUTE ACCENT}".encode())

    def test_bytes_that_are_no_text_are_escaped_and_still_found(self, tmp_path: Path) -> None:
        raw = os.fsencode(tmp_path) + b"/caf\xe9\n.txt"
        with open(raw, "wb") as file:
            file.write(b"latin")
        make(tmp_path, "caf%E9%0A.txt")
        items = {item.path: item for item in walk(str(tmp_path)) if isinstance(item, Found)}
        assert sorted(items) == ["caf%E9%0A.txt", "caf%E9%0A.txt%"]
        assert Path(items["caf%E9%0A.txt%"].file).read_bytes() == b"latin"

    @example(b"\xec\xcc\xa7")
    @given(st.binary(min_size=1, max_size=40))
    def test_spelling_is_valid_composed_printable_and_stable(self, raw: bytes) -> None:
        name = os.fsdecode(raw)
        spelled = spell(name)
        assert spelled.encode("utf-8").decode("utf-8") == spelled
        assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in spelled)
        assert spell(spelled) == spelled

    @given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=40))
    def test_text_is_only_composed(self, name: str) -> None:
        assert spell(name) == unicodedata.normalize("NFC", name)

    def test_root_names(self, tmp_path: Path) -> None:
        make(tmp_path, "v1.2/a", "v1.2.txt")
        assert root_name(str(tmp_path / "v1.2")) == "v1.2"
        assert root_name(str(tmp_path / "v1.2"), {"v1.2", "v1.2-2"}) == "v1.2-3"
        assert root_name(str(tmp_path / "v1.2.txt"), {"v1.2.txt"}) == "v1.2-2.txt"
        assert root_name(f"{tmp_path}/v1.2/") == "v1.2"
        assert root_name("/") == "root"


@given(st.sets(st.text("ab%é\N{COMBINING ACUTE ACCENT}e\n", min_size=1, max_size=3), max_size=12))
def test_whatever_the_names_no_file_is_lost_and_no_key_is_given_twice(
    tmp_path_factory: pytest.TempPathFactory, names: set[str]
) -> None:
    root = tmp_path_factory.mktemp("names")
    for name in names:
        (root / name).write_text("")
    paths = found(root)
    assert len(paths) == len(set(paths)) == len(names)
