"""Numbers of distinct words: stable, dense and exact while the table grows."""

from __future__ import annotations

from itertools import product
from typing import Any

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


def attack(pairs: int) -> list[str]:
    """Words whose hashes would collide in crowds if they were mixed less: for each end of the multiplier, all
    choices between two stretches of 16 bytes that differ where multiplying by it makes up for that."""
    words = []
    for multiplier in range(1, 128, 2):
        change = (2 * multiplier + 128) % 256 - 128
        last = next((last for last in range(97, 123) if 97 <= last + change <= 122), None)
        if last is not None:
            stretches = (f"aaaaaaaaaaaaaaa{chr(last + change)}", f"aaaqaaacaaaaaaa{chr(last)}")
            words += ["".join(chosen) for chosen in product(stretches, repeat=pairs)]
    return sorted(set(words))


def steps(words: list[str]) -> int:
    """In how many rounds the table was asked for these words: one, if no two of them have one key."""
    vocabulary = Vocabulary()
    asked = []
    find = vocabulary._find

    def counted(words: Any) -> Any:
        asked.append(1)
        return find(words)

    vocabulary._find = counted  # type: ignore[method-assign, assignment]
    assert len(numbered(vocabulary, words)) == len(words)
    return len(asked)


def test_crafted_words_do_not_collide_in_crowds() -> None:
    """Each round learns one word of each key: so many words of one key would take as many rounds."""
    crafted = attack(9)
    assert len(crafted) > 5_000
    assert steps(crafted) < 100
