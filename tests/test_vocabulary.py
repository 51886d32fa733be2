"""Numbers of distinct words: stable, dense and exact while the table grows."""

from __future__ import annotations

from docsearch.index.inverter.bounds import joined
from docsearch.index.inverter.vocabulary import Vocabulary, Words


def numbered(vocabulary: Vocabulary, texts: list[str]) -> dict[str, int]:
    """The number of each word in the texts, after a check that one word has one number."""
    words = Words.find(joined([text.encode() for text in texts]))
    numbers, new = vocabulary.number(words)
    found: dict[str, int] = {}
    for at, number in enumerate(numbers.tolist()):
        assert found.setdefault(words.raw(at).decode(), number) == number
    first = len(vocabulary) - len(new)
    assert [found[raw.decode()] for raw in new] == list(range(first, len(vocabulary)))
    return found


def test_numbers_stay_while_the_table_grows() -> None:
    vocabulary = Vocabulary()
    known: dict[str, int] = {}
    for start in range(0, 40_000, 4000):
        batch = [f"w{at}" for at in range(max(0, start - 1000), start + 4000)]
        batch += [f"administrative{at}" for at in range(start // 100)]
        found = numbered(vocabulary, batch)
        assert all(found[word] == number for word, number in known.items() if word in found)
        known |= found
        assert sorted(known.values()) == list(range(len(vocabulary)))


def test_short_and_long_words_have_their_own_keys() -> None:
    texts = ["a" * size for size in range(1, 30)] * 2 + ["é" * size for size in range(1, 20)]
    assert len(set(numbered(Vocabulary(), texts).values())) == 29 + 19


def test_no_words() -> None:
    assert numbered(Vocabulary(), ["", " .", "\u0301"]) == {}
