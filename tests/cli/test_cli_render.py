"""The laws of showing text: nothing acts, nothing is lost, nothing is wider than it may be."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from docsearch.cli.render.markup import displayed, hidden, readable
from docsearch.cli.render.rich import Rich, clipped, lines, row, size, span
from docsearch.cli.render.safe import UNSAFE, escape, one_line
from docsearch.cli.render.style import ColourChoice, Style, wants_colour
from docsearch.cli.render.width import clip, columns, wrap
from docsearch.cli.render.words import marked_trail, trail
from hypothesis import given
from hypothesis import strategies as st

ANSI = re.compile("\x1b\\[[0-9;]*m")

texts = st.text(
    alphabet=st.one_of(st.sampled_from("ab *_`#[](/.)>\\|-\n\t水e\u0301\x1b\u202e"), st.characters())
)
marks = st.lists(st.integers(0, 200), max_size=8).map(lambda cuts: sorted(set(cuts)))


@given(texts)
def test_nothing_unsafe_is_left(text: str) -> None:
    assert not UNSAFE.search(escape(text))
    assert one_line(one_line(text)) == one_line(text)


def test_each_kind_of_control_is_shown() -> None:
    assert escape("\x00\t\n\x1b\x7f\x9b\u202e\u2066\udc80é") == (
        r"\x00\x09\x0a\x1b\x7f\x9b\u202e\u2066\udc80é"
    )


@given(texts, st.integers(2, 40))
def test_lines_are_within_the_width_and_lose_no_word(text: str, width: int) -> None:
    safe = one_line(text)
    broken = wrap(safe, width)
    assert all(columns(safe[start:end]) <= width for start, end in broken)
    assert "".join(safe[start:end] for start, end in broken).replace(" ", "") == safe.replace(" ", "")
    assert all(left[1] <= right[0] for left, right in pairwise(broken))


@given(texts, st.integers(1, 40))
def test_what_is_clipped_fits(text: str, width: int) -> None:
    safe = one_line(text)
    assert columns(clip(safe, width)) <= width
    assert clip(safe, columns(safe) or 1) == safe


def test_a_combining_character_stays_with_its_base() -> None:
    text = "e\u0301" * 6
    assert [text[start:end] for start, end in wrap(text, 4)] == ["e\u0301" * 4, "e\u0301" * 2]


def _ranges(cuts: list[int], end: int) -> list[tuple[int, int]]:
    inside = [cut for cut in cuts if cut <= end]
    return list(zip(inside[::2], inside[1::2], strict=False))


@given(texts, marks, st.booleans())
def test_all_words_are_shown_but_for_markup(text: str, cuts: list[int], markdown: bool) -> None:
    shown = readable(text, (0, len(text)), _ranges(cuts, len(text)), markdown=markdown)
    hide = hidden(text, (0, len(text)), markdown=markdown)
    kept = "".join(char for at, char in enumerate(text) if not any(start <= at < end for start, end in hide))
    assert shown.text.replace(" ", "") == "".join(escape(word) for word in kept.split())
    assert shown.text == " ".join(shown.text.split())


@given(texts, marks)
def test_what_is_marked_is_what_was_to_be_marked(text: str, cuts: list[int]) -> None:
    wanted = _ranges(cuts, len(text))
    shown = readable(text, (0, len(text)), wanted, markdown=False)
    hide = hidden(text, (0, len(text)), markdown=False)
    seen = "".join(shown.text[start:end] for start, end, role in shown.runs if role == "match")
    meant = "".join(
        escape(text[at])
        for start, end in wanted
        for at in range(start, end)
        if not text[at].isspace() and not any(low <= at < high for low, high in hide)
    )
    assert seen.replace(" ", "") == meant


@given(texts, marks, st.integers(8, 60))
def test_colours_change_nothing_but_colours(text: str, cuts: list[int], width: int) -> None:
    rich = readable(text, (0, len(text)), _ranges(cuts, len(text)), markdown=True)
    painted = lines(rich, width, Style(True), "  ")
    plain = lines(Rich(rich.text), width, Style(True), "  ")
    assert [ANSI.sub("", line) for line in painted] == plain
    assert all(columns(line) <= width for line in plain)


@given(texts)
def test_every_hidden_range_lies_in_the_text(text: str) -> None:
    ranges = hidden(text, (0, len(text)), markdown=True)
    assert ranges == sorted(ranges)
    assert all(0 <= start <= end <= len(text) for start, end in ranges)
    assert all(left[1] <= right[0] for left, right in pairwise(ranges))


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**Bold**, *slanted*, __both__ and `code`", "Bold, slanted, both and code"),
        ("the [act](https://a.b/c_(d)) and ![map](img/x.png)", "the act and map"),
        ("see [(a)](1) and [§ 7-1671.01 et seq.]", "see [(a)](1) and [§ 7-1671.01 et seq.]"),
        ("20\\. Juni 1991", "20. Juni 1991"),
        ("2*3*4, snake_case_word, 5 * 3 * 2, a_b_c", "2*3*4, snake_case_word, 5 * 3 * 2, a_b_c"),
        ("### Heading ###\n> quoted\n> twice", "Heading quoted twice"),
        ("| a | b |\n|---|:-:|\n| c | d |", "| a | b | | c | d |"),
        ("<https://a.b> and <angepasst auf 180 Euro>", "https://a.b and <angepasst auf 180 Euro>"),
        ("Berlin/Bonn-\nGesetz, Ein-\nund Ausfuhr", "Berlin/Bonn-Gesetz, Ein- und Ausfuhr"),
        ("hard\nwrapped\n   lines\u00a0here", "hard wrapped lines here"),
    ],
)
def test_markup_is_hidden_and_words_are_not(source: str, shown: str) -> None:
    assert readable(source, (0, len(source)), markdown=True).text == shown


def test_only_markdown_has_markup() -> None:
    source = "**note** [a](b/c) # x"
    assert readable(source, (0, len(source)), markdown=False).text == source


def test_markup_around_a_stretch_is_seen() -> None:
    source = "the **precursor chemicals** act"
    stretch = (source.index("chemicals"), len(source))
    assert readable(source, stretch, markdown=True).text == "chemicals act"


def test_neighbouring_marks_become_one() -> None:
    source = "**precursor**\n**chemicals** and salts"
    found = [
        (start, start + len(word)) for word in ("precursor", "chemicals") for start in [source.index(word)]
    ]
    shown = readable(source, (0, len(source)), found, markdown=True)
    assert lines(shown, 80, Style(False)) == ["**precursor chemicals** and salts"]


@pytest.mark.parametrize("evil", ["**a ", "[a](", "|---", "_a ", "> ", "`a", "<http://", "[", "*", "a\\"])
def test_a_hostile_paragraph_is_looked_at_near_the_stretch_only(evil: str) -> None:
    text = evil * 100_000
    ranges = hidden(text, (50_000, 50_300), markdown=True)
    assert all(start >= 48_000 and end <= 53_000 for start, end in ranges)


def test_trails_give_up_outer_headings_first() -> None:
    names = ("Title IV", "Chapter 9, which has a long name", "§ 48-904.01. Prohibited acts")
    assert trail("Code", names, "¶ 4", 100) == " › ".join([*names, "¶ 4"])
    assert trail("Title IV", names, "¶ 4", 100) == " › ".join([*names[1:], "¶ 4"])
    assert trail("Code", names, "¶ 4", 50) == "… › § 48-904.01. Prohibited acts › ¶ 4"
    assert trail("Code", names, "¶ 4", 30) == "… › § 48-904.01. Prohib… › ¶ 4"
    assert trail("Code", names, "¶ 4", 12) == "… › ¶ 4"
    assert trail("Code", (), "¶ 4", 5) == "¶ 4"


def marked(text: str) -> Rich:
    """The text, with what stands in braces marked."""
    parts = re.split(r"[{}]", text)
    whole = Rich("")
    for at, part in enumerate(parts):
        whole = whole + span(part, "match" if at % 2 else "plain")
    return whole


def test_headings_without_a_match_give_way_first() -> None:
    names = [marked("Part {two}"), marked("Chapter three"), marked("Section {four}")]

    def shown(width: int, *, colour: bool = True) -> str:
        return marked_trail(marked("Code"), names, "¶ 4", width, Style(colour)).text

    assert shown(80) == "Part two › Chapter three › Section four › ¶ 4"
    assert shown(44) == "Part two › … › Section four › ¶ 4"
    assert shown(32) == "… › Section four › ¶ 4"
    assert shown(40, colour=False) == "… › Section four › ¶ 4"
    assert shown(21) == "… › … four › ¶ 4"


@pytest.mark.parametrize(
    ("title", "first", "shown"),
    [
        ("Code", "Code", "¶ 4"),
        ("{Code}", "{Code}", "¶ 4"),
        ("{Code}", "Code", "¶ 4"),
        ("Code", "{Code}", "Code › ¶ 4"),
        ("Code", "Act", "Act › ¶ 4"),
    ],
)
def test_a_first_heading_that_repeats_the_title(title: str, first: str, shown: str) -> None:
    assert marked_trail(marked(title), [marked(first)], "¶ 4", 80, Style(True)).text == shown


@given(texts, marks, st.integers(1, 60), st.booleans())
def test_a_clipped_line_fits_and_is_a_beginning(text: str, cuts: list[int], width: int, colour: bool) -> None:
    style = Style(colour)
    rich = readable(text, (0, len(text)), _ranges(cuts, len(text)), markdown=False)
    short = clipped(rich, width, style)
    assert size(short, style) <= width
    assert short == rich or (short.text[-1] == "…" and rich.text.startswith(short.text[:-1]))
    assert all(0 <= start < end <= len(short.text) for start, end, _ in short.runs)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(16, 60), st.booleans())
def test_a_row_fits_and_shows_its_match(before: int, after: int, width: int, colour: bool) -> None:
    style = Style(colour)
    short = row(marked("| " * before + "{tea}" + " |" * after), width, style)
    assert size(short, style) <= width
    assert [short.text[start:end] for start, end, _ in short.runs] == ["tea"]


def test_a_row_is_shown_from_shortly_before_its_first_match() -> None:
    rich = marked("| " + "goods | " * 12 + "{tea} | " + "more | " * 12)
    assert row(rich, 40, Style(True)).text == "… | goods | tea | more | more | more |…"
    assert lines(row(rich, 40, Style(False)), 40, Style(False)) == [
        "… | goods | **tea** | more | more | mor…"
    ]
    assert row(marked("{tea} | " + "more | " * 12), 20, Style(True)).text == "tea | more | more |…"
    assert row(marked("tea | " + "more | " * 12), 20, Style(True)).text == "tea | more | more |…"


TABLE = "| goods | rate |\n|-------|------|\n| *tea* | 3 %  |\n"


def test_tables_and_code_keep_their_lines() -> None:
    tea = TABLE.index("tea")
    found = displayed(
        TABLE, (2, len(TABLE)), [(tea, tea + 3), (tea + 7, tea + 8)], kind="table", markdown=True
    )
    assert [rich.text for rich in found] == ["goods | rate |", "| tea | 3 % |"]
    assert [found[1].text[start:end] for start, end, _ in found[1].runs] == ["tea", "3"]
    code = displayed("# note\nx_1_ = *y*\n", (0, 18), kind="code", markdown=True)
    assert [rich.text for rich in code] == ["# note", "x_1_ = *y*"]
    assert len(displayed(TABLE, (0, len(TABLE)), kind="text", markdown=True)) == 1


class _Stream:
    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("choice", "terminal", "environ", "wanted"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", True, {"FORCE_COLOR": "0"}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1", "TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides_about_colours(
    choice: ColourChoice, terminal: bool, environ: dict[str, str], wanted: bool
) -> None:
    assert wants_colour(choice, _Stream(terminal), environ) is wanted  # type: ignore[arg-type]


def test_a_role_without_colour_is_left_alone() -> None:
    assert Style(True).paint("x", "plain") == "x"
    assert Style(True).paint("", "match") == ""
    assert Style(False).paint("x", "title") == "x"


def test_the_lines_of_a_block_are_indented_alike() -> None:
    assert lines(span("one two three"), 8, Style(False), "   ", "1  ") == ["1  one", "   two", "   three"]
