"""Choosing roots: named once, never overlapping."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from docsearch.errors import IndexProblem, SourceMissing
from docsearch.index.reports import Root
from docsearch.index.roots import add_roots, check_paths


def make(root: Path, *paths: str) -> list[str]:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(path)
    return [str(root / path) for path in paths]


class TestCheckPaths:
    def test_they_become_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        make(tmp_path, "laws/a")
        monkeypatch.chdir(tmp_path)
        assert check_paths(["laws", Path("laws/a")], None) == [
            str(tmp_path / "laws"),
            str(tmp_path / "laws/a"),
        ]

    def test_one_path_is_not_a_sequence_of_letters(self, tmp_path: Path) -> None:
        make(tmp_path, "a")
        assert check_paths(str(tmp_path), None) == check_paths([tmp_path], None) == [str(tmp_path)]

    def test_an_empty_path_is_not_the_current_folder(self) -> None:
        with pytest.raises(SourceMissing, match="a path is empty"):
            check_paths([""], None)

    def test_a_missing_one(self, tmp_path: Path) -> None:
        with pytest.raises(SourceMissing, match="no such file or folder"):
            check_paths([tmp_path, tmp_path / "missing"][1:], None)

    @pytest.mark.parametrize("hidden", [[], [".hidden"], [".git/config", "empty/.keep"]])
    def test_a_folder_that_holds_nothing(self, tmp_path: Path, hidden: list[str]) -> None:
        make(tmp_path, *hidden)
        with pytest.raises(SourceMissing, match="holds no files") as caught:
            check_paths([tmp_path], None)
        assert caught.value.path == str(tmp_path)

    def test_nothing_but_the_index_is_nothing(self, tmp_path: Path) -> None:
        make(tmp_path, "index/MANIFEST")
        with pytest.raises(SourceMissing, match="holds no files"):
            check_paths([tmp_path], tmp_path / "index")

    @pytest.mark.parametrize("inside", ["", "/MANIFEST"])
    def test_the_index_itself(self, tmp_path: Path, inside: str) -> None:
        make(tmp_path, "index/MANIFEST")
        (tmp_path / "link").symlink_to("index")
        for name in ("index", "link"):
            with pytest.raises(IndexProblem, match="the index itself"):
                check_paths([f"{tmp_path}/{name}{inside}"], tmp_path / "index")


class TestAddRoots:
    def test_a_new_folder(self, tmp_path: Path) -> None:
        (laws,) = make(tmp_path, "laws/a")[:1]
        folder = os.path.dirname(laws)
        root = Root("laws", folder)
        assert add_roots([], [folder]) == ((root,), (root,))
        assert add_roots([root], [folder]) == ((root,), (root,))

    def test_names_stay_unique(self, tmp_path: Path) -> None:
        make(tmp_path, "1/laws/a", "2/laws/a")
        first, second = str(tmp_path / "1/laws"), str(tmp_path / "2/laws")
        roots, meant = add_roots([Root("laws", first)], [second])
        assert meant == (Root("laws-2", second),)
        assert roots == (Root("laws", first), *meant)

    def test_a_path_inside_a_root_stands_for_it(self, tmp_path: Path) -> None:
        _, file = make(tmp_path, "laws/a", "laws/sub/b")
        root = Root("laws", str(tmp_path / "laws"))
        other = Root("other", str(tmp_path / "other"))
        assert add_roots([root, other], [file]) == ((root, other), (root,))

    def test_also_when_both_are_named_at_once(self, tmp_path: Path) -> None:
        make(tmp_path, "laws/sub/b")
        paths = [str(tmp_path / "laws/sub"), str(tmp_path / "laws"), str(tmp_path / "laws")]
        root = Root("laws", paths[1])
        assert add_roots([], paths) == ((root,), (root,))

    def test_a_folder_around_a_root_is_refused(self, tmp_path: Path) -> None:
        make(tmp_path, "laws/a")
        with pytest.raises(IndexProblem, match="found twice") as caught:
            add_roots([Root("laws", str(tmp_path / "laws"))], [str(tmp_path)])
        assert caught.value.path == str(tmp_path)
        assert "--rebuild" in caught.value.hint

    def test_what_a_root_does_not_see_may_be_a_root(self, tmp_path: Path) -> None:
        make(tmp_path, "laws/a", "laws/.drafts/b")
        outer, inner = str(tmp_path / "laws"), str(tmp_path / "laws/.drafts")
        assert [root.name for root in add_roots([], [outer, inner])[0]] == ["laws", ".drafts"]
        assert [root.name for root in add_roots([], [inner, outer])[0]] == [".drafts", "laws"]

    def test_links_do_not_hide_that_two_are_one(self, tmp_path: Path) -> None:
        make(tmp_path, "laws/a")
        (tmp_path / "link").symlink_to("laws")
        root = Root("laws", str(tmp_path / "laws"))
        assert add_roots([root], [str(tmp_path / "link")]) == ((root,), (root,))

    def test_neighbours_with_a_common_beginning_are_two(self, tmp_path: Path) -> None:
        make(tmp_path, "law/a", "laws/b")
        assert len(add_roots([], [str(tmp_path / "law"), str(tmp_path / "laws")])[0]) == 2
