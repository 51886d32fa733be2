"""Planning an update: pure comparisons, with hashing and reading played by dictionaries."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from docsearch.corpus.model import Gap, Source
from docsearch.corpus.walk import Found, Unread
from docsearch.errors import IndexProblem, RemovalsRefused
from docsearch.index.catalog import SourceRow
from docsearch.index.plan import UNHASHED, Plan, Stamp, Task, check_removals, make_plan
from docsearch.index.reports import Root
from hypothesis import given
from hypothesis import strategies as st

LAWS = Root("laws", "/srv/laws")
NEWS = Root("news", "/srv/news")


def digest(content: str) -> bytes:
    return content.encode().ljust(32, b"-")


def row(key: str, content: str = "", mtime_ns: int = 1, documents: int = 1) -> SourceRow:
    root, _, path = key.partition("/")
    keys = tuple(key if not number else f"{key}!/{number}" for number in range(documents))
    return SourceRow(Source(key, root, path, len(content), mtime_ns, digest(content)), keys)


def rows(*given: SourceRow) -> dict[str, SourceRow]:
    return {row.source.key: row for row in given}


def file(path: str, content: str = "", mtime_ns: int = 1, root: Root = LAWS) -> tuple[Root, Found]:
    return root, Found(path, f"{root.path}/{path}", len(content), mtime_ns)


def plan(
    found: list[tuple[Root, Found | Unread]],
    known: Mapping[str, SourceRow],
    contents: Mapping[str, str] | None = None,
    *,
    anew: bool = False,
) -> tuple[Plan, list[str]]:
    """The plan, and the files that were hashed for it."""
    hashed: list[str] = []

    def fingerprint(place: str) -> Stamp | None:
        hashed.append(place)
        content = (contents or {}).get(place)
        return None if content is None else Stamp(len(content), 9, digest(content))

    def refusal(name: str) -> str | None:
        return "no reader for image/png" if name.endswith(".png") else None

    return make_plan(
        found, known, {"laws", "news", "note.txt"}, fingerprint=fingerprint, refusal=refusal, anew=anew
    ), hashed


def test_a_new_file_is_read() -> None:
    made, hashed = plan([file("a", "text")], {})
    assert made == Plan((Task("laws/a", "laws", "a", "/srv/laws/a", 4),), (), (), (), (), frozenset())
    assert hashed == []


def test_the_same_size_and_time_is_unchanged_without_a_look() -> None:
    made, hashed = plan([file("a", "text")], rows(row("laws/a", "text")))
    assert made == Plan((), (), (), (), (), frozenset({"laws/a"}))
    assert hashed == []


def test_another_size_is_changed_without_a_look() -> None:
    made, hashed = plan([file("a", "longer")], rows(row("laws/a", "text")))
    assert [task.key for task in made.tasks] == ["laws/a"]
    assert hashed == []


def test_another_time_is_looked_into() -> None:
    touched = [file("a", "same", 5), file("b", "new!", 5)]
    known = rows(row("laws/a", "same"), row("laws/b", "old!"))
    made, hashed = plan(list(touched), known, {"/srv/laws/a": "same", "/srv/laws/b": "new!"})
    assert [task.key for task in made.tasks] == ["laws/b"]
    assert made.restamped == (Source("laws/a", "laws", "a", 4, 9, digest("same")),)
    assert hashed == ["/srv/laws/a", "/srv/laws/b"]


def test_a_time_of_zero_is_never_trusted() -> None:
    made, hashed = plan([file("a", "new!", 0)], rows(row("laws/a", "old!", 0)), {"/srv/laws/a": "new!"})
    assert [task.key for task in made.tasks] == ["laws/a"]
    assert hashed == ["/srv/laws/a"]


def test_nothing_is_stamped_when_nothing_would_be_said() -> None:
    known = rows(row("laws/a", "same", 9))
    made, hashed = plan([file("a", "same", 5)], known, {"/srv/laws/a": "same"})
    assert made == Plan((), (), (), (), (), frozenset({"laws/a"}))
    assert hashed


def test_a_file_that_can_no_longer_be_hashed_is_left_to_the_reading() -> None:
    made, _ = plan([file("a", "same", 5)], rows(row("laws/a", "same")))
    assert [task.key for task in made.tasks] == ["laws/a"]


def test_a_file_that_was_never_read_is_tried_again() -> None:
    source = Source("laws/a", "laws", "a", 4, 1, UNHASHED)
    made, hashed = plan([file("a", "text")], rows(SourceRow(source, (), (Gap("laws/a", "denied"),))))
    assert [task.key for task in made.tasks] == ["laws/a"]
    assert hashed == []


def test_files_without_a_reader_are_noted_once() -> None:
    made, _ = plan([file("a.png", "...")], {})
    (noted,) = made.unread
    assert noted == SourceRow(
        Source("laws/a.png", "laws", "a.png", 3, 1, UNHASHED),
        (),
        (Gap("laws/a.png", "no reader for image/png"),),
    )
    again, _ = plan([file("a.png", "...")], rows(noted))
    assert again == Plan((), (), (), (), (), frozenset({"laws/a.png"}))


def test_what_cannot_be_read_replaces_what_could() -> None:
    pipe = Unread("a", "/srv/laws/a", "not a file but a named pipe")
    made, _ = plan([(LAWS, pipe)], rows(row("laws/a", "text")))
    assert [noted.gaps for noted in made.unread] == [(Gap("laws/a", "not a file but a named pipe"),)]
    assert made.removed == ()


def test_what_has_gone_is_removed() -> None:
    made, _ = plan([file("a")], rows(row("laws/a"), row("laws/b", "b"), row("laws/sub/c", "c")))
    assert made.removed == ("laws/b", "laws/sub/c")


def test_nothing_is_concluded_about_a_folder_that_cannot_be_listed() -> None:
    known = rows(row("laws/sub/a", "a"), row("laws/sub/deep/b", "b"), row("laws/subtle", "c"))
    hidden = Unread("sub", "/srv/laws/sub", "the folder cannot be listed", folder=True)
    made, _ = plan([(LAWS, hidden)], known)
    assert made.removed == ("laws/subtle",)
    assert made.unchanged == {"laws/sub/a", "laws/sub/deep/b"}
    assert [noted.source.key for noted in made.unread] == ["laws/sub"]


def test_not_even_when_it_is_the_root() -> None:
    hidden = Unread("", "/srv/laws", "the folder cannot be listed", folder=True)
    made, _ = plan([(LAWS, hidden)], rows(row("laws/a", "a")))
    assert (made.removed, made.unchanged) == ((), frozenset({"laws/a"}))


def test_a_file_may_be_a_root() -> None:
    root = Root("note.txt", "/srv/note.txt")
    made, _ = plan([(root, Found("", "/srv/note.txt", 3, 1))], {})
    assert made.tasks == (Task("note.txt", "note.txt", "", "/srv/note.txt", 3),)


class TestRenames:
    def test_the_same_content_under_another_key(self) -> None:
        made, hashed = plan(
            [file("new", "text"), file("other", "longer")],
            rows(row("laws/old", "text")),
            {"/srv/laws/new": "text", "/srv/laws/other": "longer"},
        )
        assert made.renamed == (("laws/old", "laws/new"),)
        assert made.removed == ()
        assert [task.key for task in made.tasks] == ["laws/new", "laws/other"]
        assert hashed == ["/srv/laws/new"]  # only what has the size of something that has gone

    def test_nothing_is_hashed_when_nothing_has_gone(self) -> None:
        _, hashed = plan([file("a", "text"), file("b", "text")], rows(row("laws/a", "text")))
        assert hashed == []

    def test_a_copy_is_new(self) -> None:
        made, _ = plan([file("a", "text"), file("b", "text")], rows(row("laws/a", "text")))
        assert (made.renamed, [task.key for task in made.tasks]) == ((), ["laws/b"])

    def test_from_one_root_to_another(self) -> None:
        known = rows(row("laws/a", "text"))
        made, _ = plan([file("a", "text", root=NEWS)], known, {"/srv/news/a": "text"})
        assert made.renamed == (("laws/a", "news/a"),)

    def test_among_equal_contents_names_decide_and_each_goes_once(self) -> None:
        known = rows(row("laws/1/b", "same"), row("laws/1/c", "same"))
        found = [file("2/a", "same"), file("2/b", "same"), file("2/d", "same")]
        contents = {f"/srv/laws/2/{name}": "same" for name in "abd"}
        made, _ = plan(list(found), known, contents)
        assert made.renamed == (("laws/1/b", "laws/2/b"), ("laws/1/c", "laws/2/a"))
        assert made.removed == ()

    def test_what_gave_no_document_is_not_renamed(self) -> None:
        made, _ = plan([file("b", "")], rows(row("laws/a", "", documents=0)), {"/srv/laws/b": ""})
        assert (made.renamed, made.removed) == ((), ("laws/a",))


def test_other_roots_are_left_alone() -> None:
    made, _ = plan([file("a")], rows(row("laws/a"), row("attic/b", "b")))
    assert made == Plan((), (), (), (), (), frozenset({"laws/a"}))


class TestRecords:
    RECORD = SourceRow(Source("laws/a", "", "laws/a", 0, 0, digest("record")), ("laws/a",))

    def test_a_file_may_not_take_the_key_of_a_record(self) -> None:
        with pytest.raises(IndexProblem, match="has the key of this file") as caught:
            plan([file("a", "text")], rows(self.RECORD))
        assert caught.value.path == "/srv/laws/a"

    def test_a_record_is_never_missing(self) -> None:
        made, _ = plan([], rows(self.RECORD))
        assert made == Plan((), (), (), (), (), frozenset())


class TestAnew:
    def test_everything_is_read(self) -> None:
        known = rows(row("laws/a", "text"), row("laws/gone", "gone"))
        made, hashed = plan([file("a", "text"), file("b.png", "...")], known, anew=True)
        assert [task.key for task in made.tasks] == ["laws/a"]
        assert [noted.source.key for noted in made.unread] == ["laws/b.png"]
        assert (made.unchanged, made.removed, hashed) == (frozenset(), ("laws/gone",), [])

    def test_a_known_gap_is_noted_again(self) -> None:
        first, _ = plan([file("b.png", "...")], {})
        again, _ = plan([file("b.png", "...")], rows(*first.unread), anew=True)
        assert again.unread == first.unread

    def test_what_cannot_be_seen_counts_as_removed(self) -> None:
        hidden = Unread("sub", "/srv/laws/sub", "the folder cannot be listed", folder=True)
        made, _ = plan([(LAWS, hidden)], rows(row("laws/sub/a", "a")), anew=True)
        assert made.removed == ("laws/sub/a",)


class TestRemovals:
    @pytest.mark.parametrize(
        ("held", "going", "refused"),
        [
            (10, 10, False),
            (11, 11, True),
            (54, 11, True),
            (55, 11, False),
            (1000, 200, False),
            (1000, 201, True),
        ],
    )
    def test_more_than_ten_and_more_than_a_fifth(self, held: int, going: int, refused: bool) -> None:
        known = rows(*(row(f"laws/{number:04}") for number in range(held)))
        removed = list(known)[:going]
        if not refused:
            check_removals(removed, known, [LAWS])
            return
        with pytest.raises(RemovalsRefused) as caught:
            check_removals(removed, known, [LAWS])
        assert f"{going} of the {held} documents of laws (laws/0000, laws/0001, laws/0002, …)" in str(
            caught.value
        )
        assert "--allow-removals" in caught.value.hint

    def test_each_root_counts_for_itself(self) -> None:
        known = rows(
            *(row(f"laws/{number}") for number in range(12)),
            *(row(f"news/{number}") for number in range(900)),
        )
        with pytest.raises(RemovalsRefused, match="12 of the 12 documents of laws"):
            check_removals([key for key in known if key.startswith("laws")], known, [LAWS, NEWS])

    def test_documents_count_not_files(self) -> None:
        known = rows(row("laws/mail.mbox", documents=11), row("laws/empty", documents=0))
        with pytest.raises(RemovalsRefused, match="11 of the 11"):
            check_removals(["laws/mail.mbox"], known, [LAWS])
        check_removals(["laws/empty"], known, [LAWS])

    def test_a_root_may_not_be_dropped_in_passing(self) -> None:
        with pytest.raises(RemovalsRefused, match=r"1 of the 1 documents of news \(news/a\)"):
            check_removals(["news/a"], rows(row("news/a")), [LAWS])


names = st.sampled_from([f"{folder}{name}" for folder in ("", "x/", "y/") for name in "abcd"])
contents = st.dictionaries(names, st.sampled_from(["", "one", "two", "three"]), max_size=8)


@given(contents, contents, st.booleans())
def test_whatever_was_and_is_the_plan_leads_from_one_to_the_other(
    was: dict[str, str], now: dict[str, str], touched: bool
) -> None:
    known = rows(*(row(f"laws/{path}", content) for path, content in was.items()))
    disk = {f"/srv/laws/{path}": content for path, content in now.items()}
    # Times tell when a file was written: of a changed one, or one that was only touched.
    found: list[tuple[Root, Found | Unread]] = [
        file(path, content, 1 if was.get(path) == content and not touched else 2)
        for path, content in now.items()
    ]
    made, _ = plan(found, known, disk)

    result = {key: row.source.sha256 for key, row in known.items()}
    for key in [*made.removed, *(old for old, _ in made.renamed)]:
        del result[key]
    for task in made.tasks:
        result[task.key] = digest(disk[task.file])
    assert result == {f"laws/{path}": digest(content) for path, content in now.items()}

    read = {task.key for task in made.tasks}
    assert read == {f"laws/{path}" for path, content in now.items() if was.get(path) != content}
    assert read | {source.key for source in made.restamped} | set(made.unchanged) == set(result)
    for old, new in made.renamed:
        assert known[old].source.sha256 == result[new]
        assert new in read


class TestTryingAgain:
    """What could not be read is read again when something has changed by which it may be."""

    def rows(self, tried: str, *gaps: Gap) -> dict[str, SourceRow]:
        source = Source("laws/a", "laws", "a", 3, 7, b"\1" * 32)
        return {"laws/a": SourceRow(source, ("laws/a",), gaps, tried)}

    def tasks(self, rows: dict[str, SourceRow], mtime: int = 7) -> tuple[str, ...]:
        plan = make_plan(
            [(Root("laws", "/laws"), Found("a", "/laws/a", 3, mtime))],
            rows,
            {"laws"},
            fingerprint=lambda file: Stamp(3, mtime, b"\1" * 32),
            refusal=lambda name: None,
            tried=lambda: "now",
        )
        return tuple(task.key for task in plan.tasks)

    def test_only_files_with_gaps_that_were_tried_by_other_means(self) -> None:
        gap = Gap("laws/a", "no library", "page 3")
        assert self.tasks(self.rows("before", gap)) == ("laws/a",)
        assert self.tasks(self.rows("", gap)) == ("laws/a",)
        assert self.tasks(self.rows("before", gap), mtime=8) == ("laws/a",)
        assert self.tasks(self.rows("now", gap)) == ()
        assert self.tasks(self.rows("now", gap), mtime=8) == ()
        assert self.tasks(self.rows("")) == ()
