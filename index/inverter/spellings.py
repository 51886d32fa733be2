"""Which surfaces stand in texts: the first half of what the inverter does, where postings are not wanted."""

from __future__ import annotations

from collections.abc import Sequence

from ..analysis import normalise
from .bounds import joined
from .vocabulary import Vocabulary, Words

__all__ = ["Spellings"]


class Spellings:
    """Finds the surfaces of texts that come in batches, exactly as `Inverter` would.

    >>> spellings = Spellings()
    >>> sorted(spellings.new([b"Permits, and a permit"])), sorted(spellings.new([b"the permit's"]))
    (['a', 'and', 'permit', 'permits'], ['the'])
    """

    def __init__(self) -> None:
        self._vocabulary = Vocabulary()

    def new(self, texts: Sequence[bytes]) -> set[str]:
        """The surfaces of the texts (valid UTF-8) that can be new: all that no earlier batch had are there,
        and of the others some may be."""
        _, words = self._vocabulary.number(Words.find(joined(texts)))
        return {normalise(raw.decode()) for raw in words}
