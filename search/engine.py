"""The seam between asking and answering: all that `search` needs of an engine.

The local engine is `docsearch.index.engine.LocalEngine`. A later one may send the same trees to a
cluster; both must pass `tests/test_engine_contract.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from ..corpus.model import Document, Gap
from ..index.query import Request, Term, Word
from ..index.records import Answer, Counts, Passage, Ref, Share, Spoken, Statistics

if TYPE_CHECKING:
    from ..index.acronyms import Acronyms
    from ..index.grouping import Grouping
    from ..index.where import Filter

__all__ = ["Engine"]


class Engine(Protocol):
    """A snapshot: every call sees the same generation. Safe to share between threads."""

    def restricted(self, where: Filter) -> Engine:
        """An engine that answers as if there were only the documents that the filter lets through: nothing
        that it says depends on the others, but for the generation."""
        ...

    def statistics(self) -> Statistics: ...

    def analyser_versions(self) -> dict[str, str]:
        """Fingerprint of the analyser of each language that the index holds."""
        ...

    def analyse(self, surface: str, language: str) -> tuple[Term, ...]:
        """The terms that one token of a query stands for in a language: its stem, folded, and, when the
        token carries no accents, the terms of all indexed words that fold to it."""
        ...

    def prefix(self, prefix: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        """Terms of indexed *words* (surfaces, accents ignored) that begin with the prefix, the most
        frequent first, at most `limit`, and how many there are in all."""
        ...

    def words(self, prefix: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Indexed words that begin with the prefix (accents ignored), one for each of the terms that `prefix`
        gives, with the paragraphs at which the term stands, most first."""
        ...

    def wildcard(self, pattern: str, language: str, limit: int) -> tuple[tuple[Term, ...], int]:
        """As `prefix`, for a pattern that whole words must match: `*` stands for any letters or none, `?` for
        one. A word that is found is searched for as if it were typed: with all words of its term."""
        ...

    def fuzzy(
        self, surface: str, language: str, distance: int, limit: int, prefix: int = 0
    ) -> tuple[tuple[Term, ...], int]:
        """As `prefix`, for words at most `distance` edits away (a letter inserted, deleted or replaced, two
        neighbours swapped; at most 4), of which the first `prefix` letters are the same."""
        ...

    def frequency(self, word: Word) -> int:
        """Live paragraphs at which the word stands (text or headings, as its field says)."""
        ...

    def holds(self, word: Word, more_than: int = 0) -> bool:
        """Whether the word stands at more than so many paragraphs: `frequency(word) > more_than`, found at
        less cost."""
        ...

    def surfaces(self, terms: Sequence[Term]) -> frozenset[str]:
        """The indexed words (as `docsearch.index.analysis.normalise` leaves them) behind the terms."""
        ...

    def near_words(self, surface: str, language: str, limit: int) -> tuple[tuple[str, int], ...]:
        """Indexed words spelt nearly alike (edit distance at most 2), with paragraph counts, best first."""
        ...

    def answer(self, request: Request) -> Answer:
        """Exact totals and the hits from `offset` on, best first; ties by (key, paragraph)."""
        ...

    def counts(self, request: Request, field: str) -> Counts:
        """All matching units of the request by the values of a field, whatever its limit and order."""
        ...

    def grouped(self, request: Request, groupings: Sequence[Grouping]) -> tuple[Counts, ...]:
        """The documents in which units of the request match, by each of the groupings."""
        ...

    def explain(self, request: Request, refs: Sequence[Ref]) -> tuple[tuple[Share, ...], ...]:
        """How the scores of some hits came about: what each clause of the request adds, in the order in which
        it is added. The sums, from 0.0 on, are exactly the scores that `answer` gives."""
        ...

    def nearness(self, text: str, refs: Sequence[Ref]) -> tuple[float, ...]:
        """How near to what a text means each of some paragraphs is, from 0 (not at all) to 1; that does not
        depend on the others. IndexProblem where the index has no vectors of its paragraphs, or what makes one
        of the text is not installed."""
        ...

    def fields(self) -> frozenset[str]:
        """The names of all fields that filters can ask about; some may be of deleted documents only."""
        ...

    def acronyms(self) -> Acronyms:
        """Those that live paragraphs explain, and what they stand for."""
        ...

    def passages(self, refs: Sequence[Ref]) -> tuple[Passage, ...]:
        """The paragraphs of refs that `answer` or `document` gave, in their order."""
        ...

    def spoken(self, refs: Sequence[Ref]) -> tuple[Spoken, ...]:
        """Of the same paragraphs the text and language alone, at a fraction of the cost."""
        ...

    def document(self, key: str) -> Document | None:
        """A whole document, or None when no live one has the key."""
        ...

    def keys(self, prefix: str = "") -> tuple[str, ...]:
        """Sorted keys of the live documents that begin with the prefix."""
        ...

    def current_key(self, key: str) -> str | None:
        """The key that a renamed document has now; None when no known rename led away from `key`."""
        ...

    def gaps(self) -> tuple[Gap, ...]: ...

    def close(self) -> None: ...
