"""The bulk inverter against the plain reference: the same terms, units, positions and lengths on any text."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import fields
from functools import cache
from importlib.resources import files

import numpy as np
import pytest
from docsearch.index.analysis import LONGEST, normalise, term, tokenize
from docsearch.index.inverter import Inverted, Inverter, vocabulary
from docsearch.index.inverter import inverter as inverter_module
from docsearch.index.inverter.inverter import _pieces
from docsearch.index.inverter.lexicon import Lexicon
from hypothesis import example, given, settings
from hypothesis import strategies as st

Rows = tuple[dict[tuple[str, int], list[int]], list[int], dict[str, str]]
"""Positions by (term, unit), lengths, and terms by surface."""

CHARS = (
    list("abcsSUxyz.'’-_ \n\0§7²٣½９")
    + list("éèßẞİıﬁſøœΣςёй\u0623\u064b\u0640ب中国가ﾞ😀𝒳")
    + list("法かｶไร่ㄱㅏ\u1100\u1161\u11a8〇々ー")
    + list("\u0300\u0301\u0307\u0345\u00ad\u200c\u200d\ufe0f")
)
FRAGMENTS = [
    "U.S.",
    "'s",
    "’s",
    "e.g.",
    "chemicals",
    "internationalisation",
    "e\u0301tat",
    "48-904.01",
    "'S.",
]
TEXTS = st.lists(
    st.lists(st.sampled_from(CHARS + FRAGMENTS), max_size=12).map("".join) | st.text(max_size=8), max_size=6
)
LANGUAGES = ["en", "es", "de", "ar", "zu"]

term_of = cache(term)
_HELPER = ThreadPoolExecutor(1)


def reference(texts: Sequence[str], language: str) -> Rows:
    postings: dict[tuple[str, int], list[int]] = {}
    lengths: list[int] = []
    surfaces: dict[str, str] = {}
    for unit, text in enumerate(texts):
        tokens = list(tokenize(text))
        lengths.append(len(tokens))
        for position, token in enumerate(tokens):
            surface = normalise(token.raw)
            found = surfaces[surface] = term_of(language)(surface)
            postings.setdefault((found, unit), []).append(position)
    return postings, lengths, surfaces


def rows(inverted: Inverted) -> Rows:
    """Reads the columns back, and checks that they are what their docstring says."""
    assert inverted.terms == sorted(set(inverted.terms))
    assert inverted.surfaces == sorted(set(inverted.surfaces))
    assert len(inverted.starts) == len(inverted.position_starts) == len(inverted.terms) + 1
    assert inverted.starts[0] == inverted.position_starts[0] == 0
    assert inverted.starts[-1] == len(inverted.units) == len(inverted.frequencies)
    assert inverted.position_starts[-1] == len(inverted.positions) == inverted.lengths.sum()
    assert inverted.starts.dtype == inverted.position_starts.dtype == np.int64
    for column in (inverted.units, inverted.frequencies, inverted.positions, inverted.lengths):
        assert column.dtype.kind == "u"
    assert inverted.surface_terms.dtype == np.uint32
    postings: dict[tuple[str, int], list[int]] = {}
    for number, name in enumerate(inverted.terms):
        first, last = inverted.starts[number : number + 2].tolist()
        at = int(inverted.position_starts[number])
        units = inverted.units[first:last].tolist()
        assert units == sorted(set(units))
        assert units
        for unit, frequency in zip(units, inverted.frequencies[first:last].tolist(), strict=True):
            positions = inverted.positions[at : at + frequency].tolist()
            assert positions == sorted(set(positions))
            postings[name.decode(), unit] = positions
            at += frequency
        assert at == inverted.position_starts[number + 1]
    surfaces = {
        surface.decode(): inverted.terms[number].decode()
        for surface, number in zip(inverted.surfaces, inverted.surface_terms.tolist(), strict=True)
    }
    return postings, inverted.lengths.tolist(), surfaces


def invert(texts: Sequence[str], language: str = "en", batch: int = 1 << 20) -> Inverted:
    inverter = Inverter(language, batch=batch)
    assert [inverter.add(text) for text in texts] == list(range(len(texts)))
    return inverter.finish()


def agrees(texts: Sequence[str], language: str = "en", batch: int = 1 << 20) -> bool:
    return rows(invert(texts, language, batch)) == reference(texts, language)


@pytest.mark.parametrize("language", LANGUAGES)
@given(TEXTS, st.sampled_from([1, 5, 40, 1 << 20]))
@example(["U", ".S", "a's", "s", "'s"], 1 << 20)
@example(["s's’s's", "\u0301's \u0301", "b's.A"], 1 << 20)
@settings(max_examples=150)
def test_it_is_the_reference(language: str, texts: list[str], batch: int) -> None:
    assert agrees(texts, language, batch=batch)


def test_real_sentences() -> None:
    text = (
        "The two leaders' aides met in Washington, D.C.; S/RES/1373 (2001) and Mexico's reply, § 48-904.01."
    )
    assert agrees([text, "", text.upper(), "Die Straßenverkehrs-Ordnung über Übermaß", text * 3])


def test_all_of_unicode() -> None:
    points = [point for point in range(sys.maxunicode + 1) if not 0xD800 <= point < 0xE000]
    texts = [
        "".join(f"{chr(point)}a{chr(point)} " for point in points[at : at + 5000] if chr(point) not in "\n")
        for at in range(0, 0x20000, 5000)
    ]
    assert agrees(texts, "zu")


def test_nothing() -> None:
    for texts in ([], [""], ["", "  \n", "\u0301", "."]):
        inverted = invert(texts)
        assert inverted.terms == inverted.surfaces == []
        assert inverted.starts.tolist() == inverted.position_starts.tolist() == [0]
        assert inverted.lengths.tolist() == [0] * len(texts)


def test_skipped_units_have_no_tokens() -> None:
    inverter = Inverter("en", batch=4)
    inverter.skip(2)
    assert inverter.add("one two three") == 2
    inverter.skip()
    inverter.skip(0)
    inverter.skip(100)
    assert inverter.add("two") == 104
    inverter.skip(3)
    texts = ["", "", "one two three", *[""] * 101, "two", "", "", ""]
    assert rows(inverter.finish()) == reference(texts, "en")


def test_a_word_again_and_again() -> None:
    assert agrees(["law " * 70_000, "law"])


def test_a_text_of_a_million_words() -> None:
    chance = random.Random(1)
    vocabulary = [f"w{number}" for number in range(3000)]
    inverted = invert(
        ["before", " ".join(chance.choices(vocabulary, k=1_000_000)), "after w7"], batch=1 << 16
    )
    assert inverted.lengths.tolist() == [1, 1_000_000, 2]
    chance.seed(1)
    expected = [at for at, word in enumerate(chance.choices(vocabulary, k=1_000_000)) if word == "w7"]
    number = inverted.terms.index(b"w7")
    first, last = inverted.position_starts[number : number + 2].tolist()
    assert inverted.positions[first:last].tolist() == [*expected, 1]
    start = inverted.starts[number]
    assert inverted.frequencies[start : start + 2].tolist() == [len(expected), 1]


def test_more_terms_than_sixteen_bits_tell_apart() -> None:
    words = [f"w{at % 70_000}" for at in range(140_500)]
    assert agrees([" ".join(words[:1000]), " ".join(words[1000:])], "zu")


def test_the_bundled_articles() -> None:
    samples = files("docsearch.corpus") / "samples"
    texts = [path.read_text("utf-8") for path in samples.iterdir() if path.name.endswith((".md", ".txt"))]
    assert agrees([line for text in texts for line in text.splitlines()])


def test_words_without_end() -> None:
    """Of two words that begin alike for longer than a term may be, the index cannot tell the difference."""
    for char in "aé中𝒳\u0301":
        texts = ["x" + char * 400, "x" + char * 401 + " y", "x" * 300 + char * 10, "\u00ad" * 300 + char]
        assert agrees(texts)
        assert all(len(name) <= LONGEST for name in invert(texts).terms)
    assert agrees(["a" * size for size in range(1, 60)])


@pytest.mark.parametrize("batch", [1, 3, 8, 50])
def test_long_texts_are_cut_at_spaces(batch: int) -> None:
    text = "a  bb U.S. ccc's" + "d" * 60 + " é" * 9
    assert b" ".join(_pieces(text.encode(), batch)) == text.encode()
    assert agrees([text, text], batch=batch)


@given(TEXTS)
def test_words_with_one_key_are_told_apart(texts: list[str]) -> None:
    """Every hash made to collide: with each other, and with the growth of the table."""
    longer = [
        text + " " + text.replace(" ", "x") + "counterproductive" * (2 + len(text) % 3) for text in texts
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(vocabulary, "_mix", lambda mixed, eights, seed: np.zeros_like(mixed))
        assert agrees(longer, "zu")


def test_many_words_with_one_key(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["".join(f" prefix{at:07d}" for at in range(start, start + 80)) for start in (0, 50)]
    monkeypatch.setattr(vocabulary, "_mix", lambda mixed, eights, seed: mixed & np.uint64(1))
    assert agrees([*texts, " prefix0000001x prefix"], "zu")


def test_the_result_does_not_depend_on_the_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"administrative{at % 97} of{at} the authorities" for at in range(9000)]
    results: list[Inverted] = []
    for seed in (0xD6E8FEB86659FD93, 0x9E3779B97F4A7C15):
        drawn = np.full(3, seed, np.uint64)
        monkeypatch.setattr(vocabulary, "_drawn", lambda drawn=drawn: drawn)
        results.append(invert(texts, "zu", batch=5000))
    for column in Inverted.__slots__:
        first, second = (getattr(result, column) for result in results)
        assert np.array_equal(first, second)
    assert rows(results[0]) == reference(texts, "zu")


@given(TEXTS, st.integers(1, 40))
def test_a_helper_changes_nothing(texts: list[str], batch: int) -> None:
    def inverted(helper: Executor | None) -> Inverted:
        inverter = Inverter("en", batch=batch, likeness=True, helper=helper)
        inverter.add_all([text.encode() for text in texts])
        return inverter.finish()

    alone, helped = inverted(None), inverted(_HELPER)
    for field in fields(Inverted):
        np.testing.assert_array_equal(getattr(alone, field.name), getattr(helped, field.name))


def test_what_a_helper_meets_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inverter_module, "sketches", lambda *_: 1 // 0)
    inverter = Inverter("en", likeness=True, helper=_HELPER)
    inverter.add("A text.")
    with pytest.raises(ZeroDivisionError):
        inverter.finish()


def test_known_surfaces_are_not_stemmed_again() -> None:
    known: Mapping[str, str] = {"chemicals": "from before"}
    inverter = Inverter("en", lexicon=Lexicon("en", known=known))
    inverter.add("Chemicals and chemical")
    assert rows(inverter.finish())[2] == {"chemicals": "from before", "and": "and", "chemical": "chemic"}


def test_a_warm_inverter_does_without_nltk() -> None:
    script = (
        "import sys\n"
        "from docsearch.index.inverter import Inverter\n"
        "from docsearch.index.inverter.lexicon import Lexicon\n"
        "inverter = Inverter('en', lexicon=Lexicon('en', known={'chemicals': 'chemic'}))\n"
        "inverter.add('CHEMICALS')\n"
        "print(inverter.finish().terms, 'nltk' in sys.modules, 'whoosh' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "[b'chemic'] False False\n"


def test_misuse_is_told_at_once() -> None:
    with pytest.raises(ValueError, match="batch"):
        Inverter("en", batch=0)
    inverter = Inverter("en")
    with pytest.raises(ValueError, match="skip"):
        inverter.skip(-1)
    with pytest.raises(UnicodeEncodeError):
        inverter.add("\ud800")
    assert inverter.add("still usable") == 0
    inverter.finish()
    with pytest.raises(RuntimeError, match="finished"):
        inverter.add("too late")
    with pytest.raises(RuntimeError, match="finished"):
        inverter.finish()
