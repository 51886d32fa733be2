"""The Whoosh analyser gives a stock schema the tokens of the bulk inverter."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from docsearch.index.analysis import normalise, tokenize
from docsearch.index.analysis.analyser import PolicyAnalyzer
from docsearch.index.inverter import Inverter
from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.fields import TEXT, Schema
from whoosh.filedb.filestore import RamStorage

TEXTS = st.lists(
    st.sampled_from(
        [*"abs.'’ 7é\u0301ßﬁ中ب\u0640-", "U.S.", "Mexico's", "chemicals", " información", "Straßen"]
    ),
    max_size=12,
).map("".join)


@pytest.mark.parametrize("language", ["en", "es", "de", "zu"])
@given(text=TEXTS)
@settings(max_examples=60)
def test_a_stock_field_has_the_terms_and_positions_of_the_inverter(language: str, text: str) -> None:
    field = TEXT(analyzer=PolicyAnalyzer(language), phrase=True)
    decode: Callable[[bytes], list[int]] = field.format.decode_positions  # type: ignore[union-attr]
    stock = {word.decode(): decode(value) for word, _, _, value in field.index(text) if word}
    inverter = Inverter(language)
    inverter.add(text)
    inverted = inverter.finish()
    bulk = {
        word.decode(): inverted.positions[first:last].tolist()
        for word, first, last in zip(
            inverted.terms, inverted.position_starts, inverted.position_starts[1:], strict=False
        )
    }
    assert stock == bulk


def test_a_stock_index_finds_stems() -> None:
    storage: Any = RamStorage()
    index = storage.create_index(Schema(body=TEXT(analyzer=PolicyAnalyzer("en"), stored=True)))
    with index.writer() as writer:
        writer.add_document(body="Mexico's precursor chemicals")
    with index.searcher() as searcher:
        reader = searcher.reader()
        assert list(reader.field_terms("body")) == ["chemic", "mexico", "precursor"]


def test_tokens_keep_their_places_and_surfaces() -> None:
    text = "Mexico's Chemicals"
    stream: Any = PolicyAnalyzer("en")(
        text, positions=True, chars=True, keeporiginal=True, start_pos=3, start_char=10
    )
    tokens = [
        (token.text, token.surface, token.original, token.pos, token.startchar, token.endchar)
        for token in stream
    ]
    assert tokens == [
        ("mexico", "mexico", "Mexico", 3, 10, 16),
        ("chemic", "chemicals", "Chemicals", 4, 19, 28),
    ]


def test_options_of_whoosh() -> None:
    analyser = PolicyAnalyzer("en")
    assert [token.text for token in analyser("Water Act", tokenize=False)] == ["water act"]
    assert [token.text for token in analyser("Chemicals", no_morph=True)] == ["chemicals"]
    assert [token.text for token in analyser("Chemicals", mode="query")] == ["chemic"]
    assert [token.text for token in analyser("")] == []
    assert analyser.has_morph()


def test_it_is_described_by_its_language() -> None:
    assert PolicyAnalyzer("en") == PolicyAnalyzer("en") != PolicyAnalyzer("de")
    assert repr(PolicyAnalyzer("en")) == "PolicyAnalyzer('en')"


def test_query_mode_does_without_nltk() -> None:
    script = (
        "import sys\n"
        "from docsearch.index.analysis.analyser import PolicyAnalyzer\n"
        "tokens = PolicyAnalyzer('en')('chemicals', mode='query')\n"
        "print([token.text for token in tokens], 'nltk' in sys.modules)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ran.stdout == "['chemic'] False\n"


def test_surfaces_are_those_of_the_reference() -> None:
    text = "The U.S. e\u0301tat's CO₂"
    surfaces = [normalise(token.raw) for token in tokenize(text)]
    stream: Any = PolicyAnalyzer("en")(text)
    assert [token.surface for token in stream] == surfaces
