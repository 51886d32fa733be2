"""The token law: examples, and the plain reference against the law read letter by letter."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from docsearch.index.analysis import Token, normalise, tokenize
from hypothesis import example, given, settings
from hypothesis import strategies as st

ALPHABET = "abSs.'’_ 7\u0301\u00ad\u0640٣ßé中ดいい\uff9e\u0e31\n-"

UNSPACED = re.compile(
    "CJK|HIRAGANA|HENTAIGANA|KATAKANA|HANGUL|THAI|LAO|KHMER|MYANMAR|HALFWIDTH (KATAKANA|HANGUL)"
)


def words(text: str) -> list[str]:
    return [token.raw for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("precursor chemicals", ["precursor", "chemicals"]),
        (
            "The U.S. and the D.C. Code, 21 U.S.C. 802",
            ["The", "U.S", "and", "the", "D.C", "Code", "21", "U.S.C", "802"],
        ),
        ("e.g. this, i.e. that", ["e.g", "this", "i.e", "that"]),
        ("end of it.A new one", ["end", "of", "it", "A", "new", "one"]),
        ("U.S.Code", ["U.S", "Code"]),
        ("a.b.", ["a.b"]),
        ("1.a.b", ["1", "a.b"]),
        ("v.2", ["v", "2"]),
        ("Mexico's and Mexico’s and MEXICO'S", ["Mexico", "and", "Mexico", "and", "MEXICO"]),
        ("the states' rights", ["the", "states", "rights"]),
        ("'s Gravenhage", ["s", "Gravenhage"]),
        ("it's.", ["it"]),
        ("it'sx", ["it", "sx"]),
        ("s's’s", ["s"]),
        ("don't", ["don", "t"]),
        ("b's.A", ["b", "s.A"]),
        ("S/RES/1373 and W-2 and 2016/679", ["S", "RES", "1373", "and", "W", "2", "and", "2016", "679"]),
        ("§ 48-904.01(b)", ["48", "904", "01", "b"]),
        ("l'État", ["l", "État"]),
        ("under_score", ["under", "score"]),
        ("re\u0301sume\u0301", ["re\u0301sume\u0301"]),
        ("co\u00adop\u200dera\u200cte", ["co\u00adop\u200dera\u200cte"]),
        ("\u0301 \u00ad \u0640 \u0301\u200d", []),
        ("الـكـتاب", ["الـكـتاب"]),
        ("👨\u200d👩 𝒳 😀a", ["𝒳", "a"]),
        ("½ ² Ⅷ", ["½", "²", "Ⅷ"]),
        ("气候变化 法", ["气候", "候变", "变化", "化", "法"]),
        ("COVID19の影響。", ["COVID19", "の影", "影響", "響"]),
        ("第12条a法's", ["第", "12", "条", "a", "法"]),
        ("개인정보를", ["개인", "인정", "정보", "보를", "를"]),
        ("ที่ดิน ๑๒", ["ที่ดิ", "ดิน", "น", "๑๒"]),
        ("\u0e31กา", ["กา", "า"]),
    ],
)
def test_examples(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def by_the_letter(text: str) -> list[tuple[int, int]]:
    """The law as its docstring words it, one character at a time."""

    def at(index: int) -> str:
        return text[index] if 0 <= index < len(text) else " "

    def is_word(index: int) -> bool:
        return unicodedata.category(at(index))[0] in "LNM" or at(index) in "\u00ad\u200c\u200d"

    def is_sign(index: int) -> bool:
        name = unicodedata.name(at(index), "")
        return (
            unicodedata.category(at(index))[0] == "L"
            and not is_mark(index)
            and UNSPACED.match(name) is not None
        )

    def is_mark(index: int) -> bool:
        char = at(index)
        completes = re.match("HANGUL J[UO]NGSEONG", unicodedata.name(char, "")) is not None
        return (
            completes
            or unicodedata.category(char)[0] == "M"
            or char in "\u00ad\u200c\u200d\u0640\uff9e\uff9f"
        )

    def is_letter(index: int) -> bool:
        return at(index).isascii() and at(index).isalpha()

    def is_joined(index: int) -> bool:
        sides = is_letter(index - 1) and is_letter(index + 1)
        return at(index) == "." and sides and not is_word(index - 2) and not is_word(index + 2)

    def is_possessive(index: int) -> bool:
        begins = at(index - 1) in "'’" and is_word(index - 2)
        return at(index) in "sS" and begins and not is_word(index + 1) and not is_joined(index + 1)

    inside = [(is_word(index) or is_joined(index)) and not is_possessive(index) for index in range(len(text))]
    runs: list[tuple[int, int]] = []
    for index, member in enumerate(inside):
        if member and runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        elif member:
            runs.append((index, index + 1))
    pieces: list[tuple[int, int]] = []
    for start, end in runs:
        sign = False
        cuts = [start]
        for index in range(start, end):
            if is_sign(index) or (sign and not is_mark(index)):
                cuts.append(index)
            sign = is_sign(index) or (sign and is_mark(index))
        pieces += [(a, b) for a, b in pairwise([*cuts, end]) if any(not is_mark(i) for i in range(a, b))]
    ends = dict(pieces)
    return [
        (start, ends[end] if is_sign(start) and end in ends and is_sign(end) else end)
        for start, end in pieces
    ]


@given(st.text(ALPHABET, max_size=30) | st.text(max_size=30))
@example("s's.A's")
@example("\u0301's a")
@example("0\U0001b002")
@example("\u1100\u1161\u11a8 \u1161a")
@settings(max_examples=500)
def test_reference_is_the_law(text: str) -> None:
    found = list(tokenize(text))
    assert [(token.start, token.end) for token in found] == by_the_letter(text)
    assert all(token.raw == text[token.start : token.end] for token in found)


@given(st.text(ALPHABET, max_size=30), st.integers(0, 35), st.integers(0, 35))
def test_a_range_is_read_as_if_it_stood_alone(text: str, start: int, end: int) -> None:
    alone = [Token(token.raw, token.start + start, token.end + start) for token in tokenize(text[start:end])]
    assert list(tokenize(text, start, end)) == alone
    assert list(tokenize(text, start)) == list(tokenize(text, start, len(text)))


@given(st.lists(st.sampled_from(["é", "ñ", "Å", "ü", "a", "S", "'", "’", ".", " ", "й", "U.S.", "ệ"])))
def test_composed_and_decomposed_text_have_the_same_words(parts: list[str]) -> None:
    text = "".join(parts)
    composed, decomposed = (
        [normalise(word) for word in words(unicodedata.normalize(form, text))] for form in ("NFC", "NFD")
    )
    assert composed == decomposed


def test_long_runs_take_linear_time() -> None:
    assert words("\u0301" * 300_000 + "." * 300_000 + "a" * 300_000) == ["a" * 300_000]
