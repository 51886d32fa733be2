"""Questions asked of sentences: a quick look at the marks decides no more than the sentences do."""

from __future__ import annotations

from itertools import pairwise

from docsearch.corpus.sentences import sentences
from docsearch.index.matching.sentence import MARKS, sentence_starts
from hypothesis import given, settings
from hypothesis import strategies as st

texts = st.lists(
    st.sampled_from(
        [
            *("a", "B", "Dr.", "é", "字", ".", "!", "?", "…", "؟", ";", ":", "—", ", and", "\n", " ", "- "),
            *("(a) ", '"', ")", "”", "\n\n", "2."),
        ]
    ),
    min_size=1,
    max_size=14,
).map("".join)


@settings(max_examples=2000)
@given(texts, st.sampled_from(["en", "es", "de"]))
def test_a_mark_stands_between_any_two_sentences(text: str, language: str) -> None:
    encoded = text.encode()
    starts = sentence_starts(encoded, language)
    assert [len(encoded[:start].decode()) for start in starts] == [
        s for s, _ in sentences(text, language=language)
    ]
    for start, following in pairwise(starts):
        assert set(encoded[start:following]) & set(MARKS)
