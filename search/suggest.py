"""Completions: words that begin as typed, and phrases that really occur.

Phrases are not kept in the index: they are read, when they are asked for, from the paragraphs that score best
for the words typed so far. What is offered is counted exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..corpus.languages import stop_words
from ..errors import QueryError, QueryTooCostly
from ..index.analysis.normal import fold, normalise
from ..index.analysis.tokens import Token, tokenize
from ..index.query import And, Clause, FieldName, Node, Phrase, Request, Scope, Term, Word
from ..index.records import Spoken
from ..index.where import Filter
from .engine import Engine

__all__ = ["MAX_CHARACTERS", "Suggestion", "suggest"]

MAX_CHARACTERS = 200
"""Of a beginning: nobody types more into a box and wants it completed."""

_READ = 100  # paragraphs that are read for the words that follow others
_CONTEXT = 4  # words before the one that is being typed, which the phrase must hold
_LONGEST = 3  # words that a phrase adds
_TWICE = 2  # a phrase occurs in so many of the paragraphs that are read, at least
_BELONGS = 0.6  # of the occurrences of some words continue in the same way: then they are one phrase
_OFFERED = 8  # phrases after the same words
_GROWN = 3  # completed words of which the phrases that they begin are looked for
_BEGUN = 200  # words that begin as typed, of which phrases are looked for
_HEARD = 8  # paragraphs that tell how a word is mostly spelt
_JOINT = re.compile(r"[ \t]*(?:\n[ \t]*|[-\u2010\u2011]\n?)?[ \t]*")

_Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What could be typed. paragraphs: at which it stands; of a word, in any of its forms."""

    text: str
    paragraphs: int
    kind: Literal["word", "phrase"]


def suggest(
    engine: Engine, beginning: str, *, limit: int = 10, where: Filter | None = None
) -> tuple[Suggestion, ...]:
    """Completions of what was typed, the most frequent first. A word that a space ends is complete, and
    phrases that go on with it are offered.

    Each begins with what was typed, but for capitals and accents of the word that is completed.
    Raises QueryError for what is no text or a negative limit, QueryTooCostly for one of more than 200
    characters.
    """
    if not isinstance(beginning, str):
        raise QueryError(f"the beginning is a {type(beginning).__name__}, not text", hint="Give it as a str")
    if not isinstance(limit, int) or limit < 0:
        raise QueryError(f"limit is {limit!r}", hint="Give a limit of 0 or more")
    if len(beginning) > MAX_CHARACTERS:
        raise QueryTooCostly(
            f"the beginning has {len(beginning):,} characters; the limit is {MAX_CHARACTERS}",
            hint="Give the last words of it",
        )
    if where is not None:
        engine = engine.restricted(where)
    tokens = list(tokenize(beginning))
    if not tokens or not limit:
        return ()
    return _Completing(engine, beginning, tokens).suggestions(limit)


class _Completing:
    def __init__(self, engine: Engine, typed: str, tokens: Sequence[Token]) -> None:
        self._engine = engine
        languages = engine.statistics().languages
        self._languages = sorted(languages, key=lambda code: (-languages[code], code))
        open_end = tokens[-1].end == len(typed)
        self._prefix = normalise(tokens[-1].raw) if open_end else ""
        self._head = typed[: tokens[-1].start] if open_end else f"{typed.rstrip()} "
        before = tokens[:-1] if open_end else tokens
        self._context = tuple(normalise(token.raw) for token in before[-_CONTEXT:])

    def suggestions(self, limit: int) -> tuple[Suggestion, ...]:
        words = list(self._words(limit))
        found = list(self._phrases(self._context, self._prefix, self._head)) if self._context else []
        if not self._context:
            for word in words[:_GROWN]:
                found += self._phrases((normalise(word.text),), "", f"{word.text} ")
        found.sort(key=lambda each: (-each.paragraphs, each.text))
        if self._context:  # what stands side by side before what merely stands in the same paragraph
            phrases = {each.text.casefold() for each in found}
            return (*found, *(word for word in words if word.text.casefold() not in phrases))[:limit]
        # A phrase says more than a word: half of the room is the phrases'.
        return _mixed(found[: max(limit // 2, limit - len(words))], words, limit)

    def _words(self, limit: int) -> Iterator[Suggestion]:
        """Completed words; common ones only where they are typed in full."""
        if not self._prefix:
            return
        counted: Counter[str] = Counter()
        for language in self._languages:
            common = stop_words(language)
            for word, count in self._engine.words(self._prefix, language, 2 * limit):
                if word not in common:
                    counted[word] += count
        for word in self._context:  # it was typed already, and stands in every paragraph that counts
            counted.pop(word, None)
        ranked = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
        for word, count in ranked[:limit]:
            together = self._together(word) if self._context else count
            if together:
                yield Suggestion(self._head + self._spoken(word), together, "word")

    def _spoken(self, word: str) -> str:
        """The word as it is mostly spelt in the paragraphs that tell most of it: `department`, where `depart`
        has the same stem and is seldom said."""
        terms = self._terms(word)
        asked = Word(word, terms, FieldName.TEXT)
        words = [Word(each, self._terms(each), FieldName.TEXT) for each in self._context]
        request = Request(
            And((*words, asked)) if words else asked, Scope.PARAGRAPH, (Clause(asked),), limit=_HEARD
        )
        begun, known = fold(self._prefix), frozenset(terms)
        heard: Counter[str] = Counter()
        for spoken in self._engine.spoken([hit.ref for hit in self._engine.answer(request).hits]):
            met = Counter(normalise(token.raw) for token in tokenize(spoken.text))
            heard.update({each: many for each, many in met.items() if fold(each).startswith(begun)})
        alike = [each for each in heard if each == word or not known.isdisjoint(self._terms(each))]
        best = min(alike, key=lambda each: (-heard[each], len(each), each), default=word)
        return best if heard[best] > 2 * heard[word] else word

    def _together(self, word: str) -> int:
        """Paragraphs that hold the words before it and the word."""
        words = [Word(each, self._terms(each), FieldName.TEXT) for each in (*self._context, word)]
        return self._units(And(tuple(words)))

    def _phrases(self, context: _Words, prefix: str, head: str) -> Iterator[Suggestion]:
        spoken: dict[_Words, Counter[str]] = {}
        counts: Counter[_Words] = Counter()
        for heard in self._read(context, prefix):
            met = dict(self._continuations(heard, context, prefix))
            counts.update(met.keys())
            for words, text in met.items():
                spoken.setdefault(words, Counter())[text] += 1
        for words in _phrases_of(counts, once=context == self._context):
            written = min(spoken[words].items(), key=lambda each: (-each[1], not each[0].islower(), each[0]))
            count = self._units(self._node((*context, *words)))
            if count:
                yield Suggestion(head + written[0], count, "phrase")

    def _read(self, context: _Words, prefix: str) -> Sequence[Spoken]:
        """The paragraphs that score best for the context, and for a word that begins so behind it, as a
        phrase."""
        node = self._node(context)
        if prefix:
            found = (self._engine.prefix(prefix, code, _BEGUN)[0] for code in self._languages)
            begun = Word(f"{prefix}*", tuple(term for terms in found for term in terms), FieldName.TEXT)
            words = node.words if isinstance(node, Phrase) else (node,)
            node = Phrase(f"{' '.join(context)} {prefix}*", (*words, begun), field=FieldName.TEXT)
        answer = self._engine.answer(Request(node, Scope.PARAGRAPH, (Clause(node),), limit=_READ))
        return self._engine.spoken([hit.ref for hit in answer.hits])

    def _continuations(self, heard: Spoken, context: _Words, prefix: str) -> Iterator[tuple[_Words, str]]:
        """What follows the context in a paragraph, in one to three words that no sign parts, each with how it
        is written there."""
        tokens = list(tokenize(heard.text))
        words = [normalise(token.raw) for token in tokens]
        common = stop_words(heard.language)
        for at in range(len(words) - len(context)):
            begin = at + len(context)
            if tuple(words[at:begin]) != context or not fold(words[begin]).startswith(fold(prefix)):
                continue
            for end in range(begin + 1, min(begin + _LONGEST, len(words)) + 1):
                between = heard.text[tokens[end - 2].end : tokens[end - 1].start]
                if not _JOINT.fullmatch(between):
                    break
                if words[end - 1] not in common:
                    text = heard.text[tokens[begin].start : tokens[end - 1].end]
                    yield tuple(words[begin:end]), " ".join(text.split())

    def _units(self, node: Node) -> int:
        return self._engine.answer(Request(node, Scope.PARAGRAPH, (), limit=0)).totals.units

    def _node(self, words: _Words) -> Word | Phrase:
        parts = tuple(Word(word, self._terms(word), FieldName.TEXT) for word in words)
        return parts[0] if len(parts) == 1 else Phrase(" ".join(words), parts, field=FieldName.TEXT)

    def _terms(self, word: str) -> tuple[Term, ...]:
        return tuple(term for code in self._languages for term in self._engine.analyse(word, code))


def _mixed(phrases: Sequence[Suggestion], words: Sequence[Suggestion], limit: int) -> tuple[Suggestion, ...]:
    chosen = [*words[: max(limit - len(phrases), 0)], *phrases]
    return tuple(sorted(chosen, key=lambda each: (-each.paragraphs, each.text))[:limit])


def _phrases_of(counts: Counter[_Words], *, once: bool) -> list[_Words]:
    """What is worth offering: said twice or more, and not merely the beginning of a longer phrase. once: what
    was said once will do where nothing is said twice."""
    found = []
    least = min(_TWICE, max(counts.values(), default=0)) if once else _TWICE
    for words, count in counts.items():
        longer = (
            more for other, more in counts.items() if len(other) > len(words) and other[: len(words)] == words
        )
        if count >= least and max(longer, default=0) < _BELONGS * count:
            found.append(words)
    return sorted(found, key=lambda words: (-counts[words], words))[: _OFFERED if least > 1 else _GROWN]
