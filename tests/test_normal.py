"""Spelling: surfaces and folded terms."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from docsearch.index.analysis import LONGEST, clip, fold, normalise, tokenize
from docsearch.index.analysis.tokens import asked
from hypothesis import given, settings
from hypothesis import strategies as st

NASTY = st.text(
    "aAsSiIıİßẞſﬁﬃéèÅ\u212aøØœΣσςάёЁйЙеи7٣³₂½Ａ９中가ｶﾞا\u0623\u0622\u0671ـ.'’"
    "\u0300\u0301\u0307\u0308\u0323\u0338\u0345\u034f\u20d0\u064b\u0654\u0656\u0670\u00ad\u200c\u200d\ufe0f😀",
    max_size=12,
)
WORDS = (st.text(max_size=12) | NASTY).flatmap(
    lambda text: st.sampled_from([token.raw for token in tokenize(text)] or ["a"])
)


@pytest.mark.parametrize(
    ("raw", "surface"),
    [
        ("U.S.C", "usc"),
        ("Mexico", "mexico"),
        ("ÉTAT", "état"),
        ("e\u0301tat", "état"),
        ("Straße", "straße"),
        ("STRAẞE", "straße"),
        ("İstanbul", "istanbul"),
        ("I\u0307stanbul", "istanbul"),
        ("ISPARTA", "isparta"),
        ("ısparta", "ısparta"),
        ("co\u00adop\u200dera\u200cte", "cooperate"),
        ("الـكتاب", "الكتاب"),
        ("ﬁnance", "finance"),
        ("ＥＵ９", "eu9"),
        ("CO₂", "co2"),
        ("½", "½"),
        ("ΟΔΟΣ", "οδος"),
        ("heart\ufe0f", "heart"),
        ("\u0640", "\u0640"),
        (".", "."),
    ],
)
def test_surfaces(raw: str, surface: str) -> None:
    assert normalise(raw) == surface


@pytest.mark.parametrize(
    ("term", "folded"),
    [
        ("información", "informacion"),
        ("ångström", "angstrom"),
        ("søknad", "soknad"),
        ("łódź", "lodz"),
        ("đỗ", "do"),
        ("œuvre", "oeuvre"),
        ("æra", "aera"),
        ("straße", "strasse"),
        ("þórr", "thorr"),
        ("ısı", "isi"),
        ("άνθρωπος", "ανθρωποσ"),
        ("ёлка", "елка"),
        ("йод", "йод"),
        ("їжак", "їжак"),
        ("كِتَابٌ", "كتاب"),
        ("أحمد", "احمد"),
        ("إيمان", "ايمان"),
        ("آلة", "الة"),
        ("مسؤول", "مسؤول"),
        ("١٣٧٣", "1373"),
        ("９", "9"),
        ("ガ", "ガ"),
        ("가", "가"),
        ("", ""),
    ],
)
def test_folding(term: str, folded: str) -> None:
    assert fold(term) == folded


@given(WORDS)
@settings(max_examples=400)
def test_surfaces_are_settled(raw: str) -> None:
    surface = normalise(raw)
    assert surface
    assert normalise(surface) == surface
    assert unicodedata.is_normalized("NFC", surface)
    assert len(surface.encode()) <= LONGEST


@given(NASTY | st.text(max_size=12))
@settings(max_examples=400)
def test_folding_is_settled(text: str) -> None:
    folded = fold(text)
    assert bool(folded) == bool(text)
    assert fold(folded) == folded


@given(WORDS)
@settings(max_examples=400)
def test_a_surface_is_one_token(raw: str) -> None:
    """What the index holds can be asked for as it is spelt there."""
    assert [token.raw for token in asked(normalise(raw))] == [normalise(raw)]


def test_every_letter_number_and_mark_is_settled() -> None:
    for char in map(chr, range(sys.maxunicode + 1)):
        if unicodedata.category(char)[0] in "LNM":
            surface = normalise(char)
            assert normalise(surface) == surface != "", hex(ord(char))
            assert fold(fold(surface)) == fold(surface) != "", hex(ord(char))


@given(st.text(st.sampled_from("aé中😀"), min_size=50, max_size=300))
def test_clip_cuts_at_a_character(text: str) -> None:
    kept = clip(text)
    assert text.startswith(kept)
    assert len(kept.encode()) <= LONGEST
    assert kept == text or len((kept + text[len(kept)]).encode()) > LONGEST
