"""Words that no text has, but that stand in what is known of documents: an author, a source, a tag."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..index.analysis.normal import fold, normalise
from ..index.analysis.tokens import tokenize
from ..index.columns import BUILT_IN
from ..index.query import Every, FieldName, Request, Scope
from .engine import Engine
from .syntax import AnyOf, Chunk, Facts, Narrowed, Syntax, any_of

__all__ = ["facts_instead"]

_FIRST = ("author", "source", "place")
_MOST_FIELDS = 24  # that are looked through


def facts_instead(engine: Engine, tree: Syntax, missing: Sequence[str]) -> Iterator[tuple[Syntax, str]]:
    """The query with a fact about documents in the place of words that no text has, for each field in which
    they stand, and what that is. Of queries that are nothing but words; `missing` stand nowhere."""
    words = tree.children if isinstance(tree, AnyOf) else (tree,)
    chunks = [each for each in words if isinstance(each, Chunk) and each.field is FieldName.ANY]
    if not missing or len(chunks) != len(words):
        return
    for field in _fields(engine):
        name = field if field in ("source", "place") else f"meta.{field}"
        if told := _told(engine, field, missing):
            gone, value = told
            unsaid = {*map(_plain, gone), _plain(field)}  # `author:smith` was read as two words
            rest = [each for each in chunks if _plain(each.text) not in unsaid]
            yield (
                Narrowed(any_of(rest) if rest else None, (Facts(name, (value,)),)),
                f"“{' '.join(gone)}” stands in the field {field}",
            )


def _fields(engine: Engine) -> list[str]:
    own = {"source", "place"} & engine.fields()
    others = {field for field in engine.fields() if field not in BUILT_IN and not field.startswith("extra.")}
    ranked = sorted(own | others, key=lambda field: (field not in _FIRST, field))
    return ranked[:_MOST_FIELDS]


def _told(engine: Engine, field: str, missing: Sequence[str]) -> tuple[Sequence[str], str] | None:
    """The words that stand in values of a field, as many as stand in one together, and the value to ask for:
    the only one that has them, or a pattern."""
    wanted = [_plain(word) for word in missing]
    found: dict[tuple[str, ...], list[str]] = {}
    for value, _ in engine.counts(Request(Every(), Scope.DOCUMENT, (), limit=0), field).values:
        if isinstance(value, str) and '"' not in value:
            here = {_plain(token.raw) for token in tokenize(value, 0, 1_000)}
            held = tuple(word for word, plain in zip(missing, wanted, strict=True) if plain in here)
            if held:
                found.setdefault(held, []).append(value)
    if not found:
        return None
    held, values = max(found.items(), key=lambda each: len(each[0]))
    return held, values[0] if len(values) == 1 and "*" not in values[0] else f"*{held[0]}*"


def _plain(word: str) -> str:
    return fold(normalise(word))
